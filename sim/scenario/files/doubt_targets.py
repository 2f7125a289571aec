"""The numbers that a doubt is about: where they stand in a plain scenario, and what a drawn value makes of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from sim.errors import UsageError
from sim.scenario.files.patch import by_contributor, get_path, is_holding, put, set_path, steps_of, whose
from sim.scenario.files.sources import without_sources
from sim.scenario.nouns.distributions import FAMILIES
from sim.scenario.nouns.doubts import Doubt
from sim.scenario.nouns.vocabulary import takes_whole
from sim.scenario.positions import Path, dotted, shown
from sim.words.suggestions import did_you_mean

NEVER_IN_DOUBT = {
    "period": "all worlds have the same period",
    "experiment": "all worlds have the same replications",
    "options": "an option is a decision; doubt the number that it changes, where the file says it",
    "history": "what really happened is no input of the model",
    "page": "it is no input of the model",
    "question": "it is no input of the model",
    "doubts": "a doubt is not doubted itself",
    "language": "a file is written in one language",
}
"""Words at the top under which nothing can be doubted, and why."""
_SHAPES = ("shape",)
"""Numbers of a distribution that stay when it is stretched."""

Targets = tuple[Path, ...]


def targets(plain: Mapping[str, Any], path: str, *, times: bool) -> Targets:
    """Where the numbers stand that a doubt's `path` means; `*` takes every name, or item, under which the rest is said.

    UsageError, with what would be right, where there are none, or where they are nothing that could be doubted
    (`times`: multiplied). Without `*`, and without `times`, the path may also be that of a word that is left out.
    """
    parts = [part.removeprefix(".") for part in re.split(r"(?:^|\.)\*(?=\.|$)", path)]
    first = steps_of(plain, parts[0] or path)[0]
    if first in NEVER_IN_DOUBT:
        raise UsageError(f"{first} cannot be doubted: {NEVER_IN_DOUBT[str(first)]}")
    if len(parts) == 1:
        steps = _only_contributor(plain, steps_of(plain, path))
        if value_at(plain, steps) is None:
            set_path(plain, path, 0)
            if times:
                raise UsageError(f"{dotted(steps)} is not said, so that nothing can be multiplied; write is: instead")
        found = [steps]
    else:
        if parts[0]:
            get_path(plain, parts[0])
        found = list(_expanded(plain, (), parts))
        if not found:
            raise UsageError(f"nothing stands at {path}: {_rest_missing(plain, parts)}")
    for steps in found:
        _check_number(steps, value_at(plain, steps), times=times)
    return tuple(dict.fromkeys(found))


def _expanded(here: Any, done: Path, parts: list[str]) -> Iterator[Path]:
    """Every path that begins with `done`, at which `here` stands, and goes on as `parts` say, with any step between."""
    steps = steps_of(here, parts[0]) if parts[0] and isinstance(here, (Mapping, list, tuple)) else ()
    here, done = value_at(here, steps), (*done, *steps)
    if here is None or (parts[0] and not steps):
        return
    if len(parts) == 1:
        yield done
        return
    for step, inside in _inside(here):
        with suppress(UsageError):  # a place in a list that is longer elsewhere
            yield from _expanded(inside, (*done, step), parts[1:])


def _rest_missing(plain: Mapping[str, Any], parts: list[str]) -> str:
    """What is there instead of what the first `*` that leads nowhere stands for."""
    count = next(count for count in range(1, len(parts)) if not list(_expanded(plain, (), parts[: count + 1])))
    there = [value_at(plain, steps) for steps in _expanded(plain, (), parts[:count])]
    inside = [each for here in there for _, each in _inside(here)]
    before = ".*.".join(parts[:count])
    if not inside:
        return f"{before} is {shown(there[0])}, and has no names for *" if there else f"{before} has no names for *"
    for step in parts[count].split("."):
        known = {str(word): None for each in inside if isinstance(each, Mapping) for word in each}
        if step not in known:
            return f"no {step!r} under any name in {before}{did_you_mean(step, known)}"
        inside = [each[step] for each in inside if isinstance(each, Mapping) and step in each]
    return f"nothing is said under any name in {before}"


def _inside(here: Any) -> Iterable[tuple[str | int, Any]]:
    """What a block or a list holds, by its name or its place."""
    return here.items() if isinstance(here, Mapping) else enumerate(here) if isinstance(here, (list, tuple)) else ()


def value_at(here: Any, steps: Path) -> Any:
    """What stands at `steps`; None where nothing does."""
    step: Any
    for step in steps:
        if isinstance(here, dict):
            here = here[step] if step in here else None  # noqa: SIM401  (asked very often: half the calls)
        else:
            inside = isinstance(here, (list, tuple)) and isinstance(step, int) and step < len(here)
            here = here[step] if inside else None
    return here


def _only_contributor(plain: Mapping[str, Any], steps: Path) -> Path:
    """The path of the only contributor's units, where that of a mission's units by contributor is given."""
    held = value_at(plain, steps)
    if not is_holding(steps) or not isinstance(held, Mapping) or not held:
        return steps
    units = by_contributor(held, 1)
    if units is None:
        raise UsageError(f"{dotted(steps)}: {whose(held, 1).replace('1 of whom', 'units of whom')}; or .* for all")
    return (*steps, *units)


def _check_number(steps: Path, value: Any, *, times: bool) -> None:
    """UsageError where the value is nothing that could be doubted."""
    place = dotted(steps)
    if isinstance(value, Mapping) and not is_distribution(value):
        raise UsageError(f"{place} is a block; write the path of a number in it, or {place}.* for all of them")
    numbers = value if times and isinstance(value, (list, tuple)) else [value]
    for each in numbers:
        number = isinstance(each, (int, float)) and not isinstance(each, bool)
        if not (number or is_distribution(each) or (each is None and not times)):
            raise UsageError(f"{place} is {shown(each)}: only numbers and distributions can be doubted")


def is_distribution(value: Any) -> bool:
    """Whether a plain value is a distribution."""
    return isinstance(value, Mapping) and any(word in FAMILIES for word in value)


def all_whole(found: Targets) -> bool:
    """Whether only whole numbers can stand at all of these places."""
    return all(takes_whole(steps) for steps in found)


def values_in_world(plain: Mapping[str, Any], doubt: Doubt, found: Targets, value: float) -> dict[Path, Any]:
    """What stands at each of the doubt's places in the world in which `value` was drawn for it."""
    if doubt.times is None:
        return {steps: _rounded(value) if takes_whole(steps) else value for steps in found}
    return {steps: multiplied(value_at(plain, steps), value, whole=takes_whole(steps)) for steps in found}


def multiplied(value: Any, factor: float, *, whole: bool = False) -> Any:
    """A number, a distribution or a list of them, `factor` times as large; plain units are rounded, halves up.

    The draws of a distribution of units are rounded anyway, so that its numbers are not.
    """
    if isinstance(value, (list, tuple)):
        return [multiplied(each, factor, whole=whole) for each in value]
    if not isinstance(value, Mapping):
        return _rounded(value * factor) if whole else _product(value, factor)
    word = next(word for word in value if word in FAMILIES)
    said = value[word]
    if word == "discrete":
        return {word: _together((_product(float(each), factor), weight) for each, weight in said.items())}
    if word == "one_of":
        return {word: [{**part, "is": multiplied(part["is"], factor)} for part in said]}
    if isinstance(said, Mapping):
        return {word: {each: number if each in _SHAPES else _product(number, factor) for each, number in said.items()}}
    return {word: [_product(number, factor) for number in said]}


def _together(weighed: Iterator[tuple[float, Any]]) -> dict[str, Any]:
    """Weights by value, as a file writes them; those of equal values (0, where the factor is) added up."""
    weights: dict[str, Any] = {}
    for value, weight in weighed:
        key = repr(value + 0.0)
        weights[key] = weights[key] + weight if key in weights else weight
    return weights


def _product(value: float, factor: float) -> float:
    """Without the last digits, in which 0.1 times 3 is not 0.3."""
    return float(f"{value * factor:.12g}")


def _rounded(value: float) -> int:
    return math.floor(value + 0.5)


def without_doubts_about(raw: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A copy of `raw` in which no doubt draws what stands at `path`, or within it, or around it: it is known.

    For whoever sets a word by hand, as a sweep does: what is set would else be drawn again. A doubt that is about other
    numbers, too, keeps these. UsageError for a path that leads nowhere.
    """
    known = steps_of(raw, path)
    plain, *_ = without_sources(raw)
    doubts: dict[str, Any] = {}
    for name, said in dict(raw.get("doubts", {})).items():
        paths = (said["path"],) if isinstance(said["path"], str) else said["path"]
        found = dict.fromkeys(steps for each in paths for steps in targets(plain, each, times="times" in said))
        left = [each for each in found if each[: len(known)] != known and known[: len(each)] != each]
        if len(left) == len(found):
            doubts[name] = said
        elif left:
            doubts[name] = {**said, "path": [_written(each) for each in left]}
    return {**raw, **({"doubts": doubts} if "doubts" in raw else {})}


def _written(steps: Path) -> str:
    """The path as a file writes it."""
    return ".".join(f'"{each}"' if set(each) & set(".*") else each for each in map(dotted, ((step,) for step in steps)))


def with_values(raw: Mapping[str, Any], values: Mapping[Path, Any]) -> dict[str, Any]:
    """A copy of `raw` with these values at their places; it shares with `raw` what none of them touches."""
    result = dict(raw)
    for steps, value in values.items():
        result = put(result, steps, value)
    return result
