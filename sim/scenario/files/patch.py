"""A patch is a scenario in little: maps merge by key, anything else replaces, null removes.

`extends`, the `change` of an option and the differences between two scenarios are all patches. Three things are one
value though they are written as maps, so that one replaces the other as a whole: an option's `change`, a distribution
of another family (and the weights of `discrete`), and a `keep` in another spelling (units, share, or by resource). A
list is replaced, unless `{add: [...]}` adds to it; a plain number of units over those of one contributor is its own.
Where the order of names means something, a patch sets the order of those that it writes.

What is read is plain: its maps are dicts. Asking for a dict rather than any Mapping takes a third of the calls, and a
large scenario is asked tens of thousands of times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.errors import UsageError
from sim.scenario.files.blocks import resource_names
from sim.scenario.nouns.distributions import FAMILIES
from sim.scenario.nouns.scenario import GATES, MONTHS, UNNAMED, Scenario
from sim.scenario.nouns.vocabulary import NOTES, takes_list, words_at
from sim.scenario.positions import Path, dotted
from sim.words.suggestions import did_you_mean

_BY_RESOURCE = ("holds", "routine", "needs", "at_most", "reception_per_day", "keep", "days")
"""Words whose blocks have resources for keys."""


def merge(base: Mapping[str, Any], over: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
    """`base`, which stands at `path`, with the patch `over` applied; neither is changed, and the result shares no map
    with `over`."""
    result = dict(base)
    for key, value in over.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _laid_over(result.get(key), value, (*path, key))
    return _in_written_order(result, base, over) if is_ordered(path) else result


def _laid_over(held: Any, value: Any, path: Path) -> Any:
    """What becomes of `held` (None where nothing is) when a patch says `value` at `path`."""
    if not isinstance(value, dict):
        said = by_contributor(held, value) if is_holding(path) else None
        return value if said is None else said
    if is_change(path):
        return value
    if is_addition(value, path) and (held is None or isinstance(held, (list, tuple))):
        return [*(held or ()), *value["add"]]
    return merge(held if isinstance(held, dict) and not _replaces(held, value, path) else {}, value, path)


def is_ordered(path: Path) -> bool:
    """Whether the order of the names in the map at `path` means something: options, doubts, an agreement's gates."""
    return path in (("options",), ("doubts",)) or (path[-1:] == ("gates",) and path[-3:-2] == ("agreements",))


def _in_written_order(result: dict[str, Any], base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`result` with the names that `over` writes in its order, and all others where they stood in `base`."""
    before: dict[str, list[str]] = {}
    new: list[str] = []
    for name in (name for name in over if name in result):
        if name in base:
            before[name], new = new, []
        else:
            new.append(name)
    written = iter(before)
    order: list[str] = []
    for name in (name for name in base if name in result):
        if name in before:
            following = next(written)
            order += [*before[following], following]
        else:
            order.append(name)
    return {name: result[name] for name in (*order, *new)}


def is_addition(value: Any, path: Path) -> bool:
    """Whether `value` adds to the list at `path`, as `{add: [...]}`, instead of replacing it."""
    added = value.get("add") if isinstance(value, dict) and len(value) == 1 else None
    return isinstance(added, (list, tuple)) and takes_list(path)


def is_holding(path: Path) -> bool:
    """Whether `path` is that of the units of one resource that a mission holds."""
    return len(path) == 4 and path[0] == "missions" and path[2] == "holds"


def by_contributor(held: Any, units: Any) -> dict[str, int] | None:
    """What a plain number means where units by contributor stand; None where it has no single meaning there."""
    if not isinstance(held, Mapping) or type(units) is not int:
        return None
    contributors = [name for name in held if name in _plain_keys(held)]
    return dict.fromkeys(contributors, units) if len(contributors) == 1 or (contributors and units == 0) else None


def whose(held: Mapping[str, Any], units: int) -> str:
    """What is wrong with a plain number of units where several contributors have some."""
    names = [name for name in held if name in _plain_keys(held)]
    return f"{units} of whom? Say units by contributor: {{{', '.join(f'{name}: …' for name in names)}}}"


def removals(base: Mapping[str, Any], over: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    """The path of everything in `base` that the patch `over` removes."""
    for key, value in over.items():
        if value is None and key in base:
            yield (*path, key)
        elif isinstance(value, Mapping) and isinstance(base.get(key), Mapping) and not is_change((*path, key)):
            yield from removals(base[key], value, (*path, key))


def additions(base: Mapping[str, Any], over: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, int]]:
    """(path, items that were there before) of every list of `base` to which the patch `over` adds."""
    for key, value in over.items():
        here, held = (*path, key), base.get(key)
        if is_addition(value, here) and not isinstance(held, Mapping):
            yield here, len(held or ())
        elif isinstance(value, Mapping) and not is_change(here):
            yield from additions(held if isinstance(held, Mapping) else {}, value, here)


def is_change(path: Path) -> bool:
    """Whether `path` is that of an option's change, in which null is part of what it says."""
    return len(path) == 3 and path[0] == "options" and path[2] == "change"


def _replaces(base: Mapping[str, Any], over: Mapping[str, Any], path: Path) -> bool:
    """Whether `over` is one value that stands for itself, rather than a patch of the value `base`."""
    if path[-1] == "discrete" and _plain_keys(over):
        return True
    if "keep" in path[-2:] and path[0] == "options":
        spellings = [_plain_keys(each) & {"units", "share"} or {"by resource"} for each in (base, over)]
        return bool(_plain_keys(over)) and bool(_plain_keys(base)) and spellings[0] != spellings[1]
    known = {*FAMILIES, "between", "one_of"} if path[0] == "doubts" else set(FAMILIES)
    families = [_plain_keys(each) for each in (base, over)]
    return all(len(each) == 1 and each <= known for each in families) and families[0] != families[1]


def _plain_keys(value: Mapping[str, Any]) -> set[str]:
    return {key for key, each in value.items() if each is not None and key not in NOTES}


def difference(a: Mapping[str, Any], b: Mapping[str, Any], path: Path = ()) -> dict[str, Any]:
    """The smallest patch p with `merge(a, p, path) == b`; `b` holds no null outside the changes of options."""
    patch: dict[str, Any] = {key: None for key in a if key not in b}
    for key, value in b.items():
        here = (*path, key)
        if key not in a:
            patch[key] = value
        elif not same(a[key], value, here):
            both = isinstance(a[key], Mapping) and isinstance(value, Mapping) and not is_change(here)
            patch[key] = _entry(a[key], value, here) if both else _plainly(a[key], value, here)
    if is_ordered(path) and list(merge(a, patch, path)) != list(b):
        unchanged = {key: {} if len(path) == 1 and isinstance(b[key], Mapping) else b[key] for key in b}
        removed = {key: None for key in patch if key not in b}
        return removed | {key: patch.get(key, unchanged[key]) for key in b}
    return patch


def _plainly(a: Any, b: Any, path: Path) -> Any:
    """The value `b`, said so that it replaces `a`: a plain number of units keeps no contributor."""
    if is_holding(path) and isinstance(a, Mapping) and not isinstance(b, Mapping):
        return dict.fromkeys(a) | {UNNAMED: b}
    return b


def _entry(a: Mapping[str, Any], b: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """The smallest of the patches from `a` to `b` at `path` that merging takes for what they mean."""
    least = difference(a, b, path)
    whole = dict(b)
    for patch in (whole, least) if len(whole) < len(least) else (least, whole):
        if same(merge({} if _replaces(a, patch, path) else a, patch, path), b, path):
            return patch
    # What stays is said again, so that merging cannot take the patch for a value that replaces the whole.
    return {**least, **{key: value for key, value in b.items() if key not in least}}


def same(a: Any, b: Any, path: Path = ()) -> bool:
    """Equality of plain values in which true is not 1, and the order of names counts where it means something."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        alike = list(a) == list(b) if is_ordered(path) else a.keys() == b.keys()
        return alike and all(same(a[key], b[key], (*path, key)) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def unchanged_parts(model: Scenario, plain: Mapping[str, Any], merged: Mapping[str, Any]) -> dict[str, Any]:
    """`merged`, with the nouns of `model` in place of what it shares with `plain`, so that only the rest is checked."""
    shaped = dict(merged)
    for section in ("resources", "contributors", "missions", "crises", "agreements", "options", "doubts"):
        before, after = plain.get(section), merged.get(section)
        if isinstance(before, dict) and isinstance(after, dict):
            nouns = getattr(model, section)
            shaped[section] = {k: nouns[k] if k in before and before[k] is v else v for k, v in after.items()}
    return shaped


def steps_of(raw: Mapping[str, Any] | Sequence[Any], path: str) -> Path:
    """The steps of a dotted path in `raw`: names may hold spaces, and dots where they are in `raw` or in quotes.

    Positions in lists count from 1. Steps that are not in `raw` are taken as they are written.
    """
    parts = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"(?:\.|$)|([^."][^.]*)(?:\.|$)', path)]
    if not path or ".".join(parts) != path.replace('"', ""):
        raise UsageError(f"{path!r} is not a path like missions.UNOCI.holds.infantry_company")
    steps: list[str | int] = []
    here: Any = raw
    while parts:
        taken = 1
        if isinstance(here, Mapping):
            joins = [count for count in range(len(parts), 0, -1) if ".".join(parts[:count]) in here]
            taken = joins[0] if joins else 1
        step: str | int = ".".join(parts[:taken])
        parts = parts[taken:]
        if isinstance(here, (list, tuple)):
            step = _place(here, str(step), path)
            here = here[step]
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
        steps.append(step)
    return tuple(steps)


def _place(items: list[Any] | tuple[Any, ...], step: str, path: str) -> int:
    if not step.isascii() or not step.isdigit() or not 1 <= int(step) <= len(items):
        raise UsageError(f"{path}: {step!r} must be a place in a list, from 1 to {len(items)}")
    return int(step) - 1


def get_path(raw: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path such as `agreements.ad hoc.window_days`; UsageError where there is none."""
    here: Any = raw
    steps = steps_of(raw, path)
    step: Any
    for place, step in enumerate(steps):
        inside = isinstance(here, (list, tuple)) or (isinstance(here, Mapping) and step in here)
        if not inside:
            known = here if isinstance(here, Mapping) else ()
            said = f"{dotted(steps[:place])}: " if place else ""
            raise UsageError(f"{said}nothing called {step!r} here{did_you_mean(str(step), map(str, known))}")
        here = here[step]
    return here


def set_path(raw: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of `raw` with `value` at a dotted path; UsageError, with the nearest known word, where nothing can be.

    Words of the language that `raw` leaves out may be set; names that it does not have may not be made up.
    """
    steps = steps_of(raw, path)
    here: Any = raw
    step: Any
    for place, step in enumerate(steps):
        said = f"{dotted(steps[:place])}: " if place else ""
        if not isinstance(here, (Mapping, list, tuple)):
            raise UsageError(f"{said}is {here!r}, so nothing called {step!r} can be set in it")
        if isinstance(here, Mapping) and step not in here:
            known = _settable(raw, steps[:place])
            if known is not None and step not in known:
                raise UsageError(
                    f"{said}nothing called {step!r} here{did_you_mean(step, dict.fromkeys((*here, *known)))}"
                )
        here = here.get(step, {}) if isinstance(here, Mapping) else here[step]
    if is_holding(steps) and isinstance(here, Mapping) and here and type(value) is int:
        units = by_contributor(here, value)
        if units is None:
            raise UsageError(f"{dotted(steps)}: {whose(here, value)}")
        value = units
    changed: dict[str, Any] = put(raw, steps, value)
    return changed


def patch_at(raw: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The patch that says `value` at a dotted path through maps; UsageError where the path goes through a list."""
    steps = steps_of(raw, path)
    patch = value
    for step in reversed(steps):
        if isinstance(step, int):
            raise UsageError(f"{path}: an item of a list cannot be removed by itself; say the list as it should be")
        patch = {step: patch}
    assert isinstance(patch, dict)
    return patch


def _settable(raw: Mapping[str, Any], path: Path) -> list[str] | None:
    """What may be set at `path` though `raw` does not say it: words, or names that are known there; None: anything."""
    words = words_at(path)
    if words is not None:
        return words
    last = path[-1] if path else None
    if last in _BY_RESOURCE:
        return list(resource_names(dict(raw)))
    if last == "gates":
        return list(GATES)
    if last == "season":
        return list(MONTHS)
    return None if path[-2:-1] == ("holds",) or last in ("with", "discrete") else []


def put(here: Any, steps: Path, value: Any) -> Any:
    """A copy of a block or a list with `value` at `steps`, through what is there or words that it leaves out."""
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(here, (list, tuple)):
        assert isinstance(first, int)
        return [put(each, rest, value) if place == first else each for place, each in enumerate(here)]
    inside = dict(here or {})
    inside[str(first)] = put(inside.get(str(first)), rest, value)
    return inside
