"""What is wrong with the doubts of a scenario: what they are about, and what their ends make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from sim.errors import UsageError
from sim.scenario.files.blocks import entries
from sim.scenario.files.doubted import Targets, all_whole, doubted, laid_in, targets, value_at
from sim.scenario.files.patch import merge, unchanged_parts
from sim.scenario.nouns.scenario import Scenario
from sim.scenario.positions import Finding, Path, dotted
from sim.scenario.problems.pydantic_messages import findings_of
from sim.scenario.problems.references import withdrawals
from sim.scenario.problems.sizes import too_large
from sim.words.names import listed, quoted

Plain = Mapping[str, Any]


def doubt_paths(plain: dict[str, Any], removed: Mapping[Path, str]) -> Iterator[Finding]:
    """Doubts about what is not there, or cannot be doubted, and two about one number. Works on what nobody checked."""
    taken: dict[Path, str] = {}
    around: dict[Path, str] = {}
    for name, doubt in entries(plain, "doubts").items():
        own: set[Path] = set()
        for at, path in _paths(name, doubt.get("path")):
            try:
                found = targets(plain, path, times="times" in doubt)
            except UsageError as error:
                gone = [where for each, where in removed.items() if f"{path}.".startswith(f"{dotted(each)}.")]
                yield Finding(at, f"{path} was removed in {gone[0]}" if gone else str(error))
                continue
            for steps in found:
                within = next((steps[:length] for length in range(1, len(steps) + 1) if steps[:length] in taken), None)
                other = taken[within] if within else around.get(steps)
                if other is not None:
                    what = "this doubt" if other == name else repr(other)
                    if not (other == name and within == steps):
                        yield Finding(at, f"{dotted(steps)} is drawn by {what} already; say one doubt about it")
                    break
                own.add(steps)
                taken[steps] = name
                around |= {steps[:length]: name for length in range(1, len(steps))}


def _paths(name: str, said: Any) -> Iterator[tuple[Path, str]]:
    """Each path of a doubt, with where it stands."""
    at: Path = ("doubts", name, "path")
    if isinstance(said, str):
        yield at, said
    for place, path in enumerate(said if isinstance(said, list) else ()):
        if isinstance(path, str):
            yield (*at, place), path


Worlds = dict[str | None, dict[str, Any]]
"""A plain scenario as it is without an option's change (None), and with that of each option that has one."""


class _Ends(NamedTuple):
    """A doubt's least and greatest value, and the plain scenario at each."""

    targets: Targets
    low: float
    high: float
    at_low: Worlds
    at_high: Worlds


_FOR_WHO_WROTE_IT = re.compile(r" \((write|every_days: ).*\)$")
"""How a number could have been meant, or what it must be: nobody wrote the one that was drawn."""
_APART = ("question", "doubts", "history", "page")
"""Words that no world changes, and that nothing in a world depends on."""
Which = Literal["lower", "upper"]


@dataclass
class DoubtEnds:
    """A sound scenario at both ends of each of its doubts, without and with the changes of its options."""

    plain: dict[str, Any]
    model: Scenario
    variants: Mapping[str, Scenario]
    """The scenario as each option with a change has it."""
    ends: dict[str, _Ends] = field(init=False)

    def __post_init__(self) -> None:
        self.changes = {name: self.plain["options"][name]["change"] for name in self.variants}
        self.as_said = self._under_options(self.plain)
        self.ends = {name: self._ends(name) for name in self.model.doubts}

    def _ends(self, name: str) -> _Ends:
        doubt = self.model.doubts[name]
        found = targets_of(self.plain, self.model, name)
        low, high = doubt.ends(whole=all_whole(found))
        worlds = (laid_in(self.plain, doubted(self.plain, doubt, found, value)) for value in (low, high))
        return _Ends(found, low, high, *map(self._under_options, worlds))

    def _under_options(self, world: dict[str, Any]) -> Worlds:
        return {None: world} | {name: merge(world, change) for name, change in self.changes.items()}

    def wrong(self) -> Iterator[Finding]:
        """Ends that make an invalid scenario; doubts that every option overrides."""
        sound = True
        for name, ends in self.ends.items():
            at = self._said_at(name)
            for said in self._wrong_ends(ends, times=at[-1] == "times"):
                sound = False
                yield Finding(at, said)
            if _differ(ends, None) and len(self._overriding(name)) == len(self.model.options):
                why = "has no effect: the change of every option says it anew, and is laid over every world"
                yield Finding(("doubts", name, "path"), f"{why}; leave out the doubt, or what the options say")
        for which in ("lower", "upper") if sound and len(self.ends) > 1 else ():
            what = self._what_is_wrong(self._all_at(which))
            if what:
                yield Finding(("doubts",), f"all at their {which} ends at once make {what}", at_key=True)

    def _wrong_ends(self, ends: _Ends, *, times: bool) -> Iterator[str]:
        """What is wrong at the lower end, and at the upper; once, where it is the same."""
        low, high = self._what_is_wrong(ends.at_low), self._what_is_wrong(ends.at_high)
        if low and low == high:
            hint = "" if times else "; with times, what stands there keeps its shape"
            yield f"whatever is drawn makes {low}{hint}"
            return
        factor = " times" if times else ""
        if low:
            yield f"its lower end, {ends.low:g}{factor}, makes {low}; let it begin higher"
        if high:
            yield f"its upper end, {ends.high:g}{factor}, makes {high}; let it end lower"

    def idle(self) -> Iterator[Finding]:
        """Doubts that change nothing, and those that options override without saying anything else: for warnings.

        An option that says another number is about that number; one that says the same again, perhaps because it
        writes a whole list anew, has probably not been thought of.
        """
        for name, ends in self.ends.items():
            if not _differ(ends, None):
                what = f"has no effect: whatever is drawn, {dotted(ends.targets[0])} stays what it is"
                yield Finding(self._said_at(name), what)
                continue
            deaf = [each for each in self._overriding(name) if self._says_the_same(ends, each)]
            if deaf:
                what = (
                    f"has no effect under {listed([quoted(each) for each in deaf])}, whose change says the same again"
                )
                yield Finding(("doubts", name, "path"), what)

    def _said_at(self, name: str) -> Path:
        return "doubts", name, "is" if self.model.doubts[name].times is None else "times"

    def _overriding(self, name: str) -> list[str]:
        """The options under which the doubt makes no difference."""
        return [each for each in self.changes if not _differ(self.ends[name], each)]

    def _says_the_same(self, ends: _Ends, option: str) -> bool:
        """Whether everything that the doubt is about is under the option as the file says it."""
        return all(value_at(self.as_said[option], each) == value_at(self.plain, each) for each in ends.targets)

    def _all_at(self, which: Which) -> Worlds:
        world = self.plain
        for name, ends in self.ends.items():
            value = ends.low if which == "lower" else ends.high
            world = laid_in(world, doubted(self.plain, self.model.doubts[name], ends.targets, value))
        return self._under_options(world)

    def _what_is_wrong(self, worlds: Worlds) -> str | None:
        """What is wrong with a world, with where that is."""
        for option, world in worlds.items():
            model = self.model if option is None else self.variants[option]
            found = _first_wrong(self.as_said[option], model, world)
            if found is not None:
                under = "" if option is None else f" under {quoted(option)}"
                return f"{dotted(found.path)} wrong{under}: {_FOR_WHO_WROTE_IT.sub('', found.what)}"
        return None


def _differ(ends: _Ends, option: str | None) -> bool:
    """Whether the doubt makes a difference under an option."""
    low, high = ends.at_low[option], ends.at_high[option]
    return any(value_at(low, each) != value_at(high, each) for each in ends.targets)


def _first_wrong(plain: Plain, model: Scenario, world: dict[str, Any]) -> Finding | None:
    """What is wrong with `world`, that differs from the sound `plain` and its `model` by some numbers only."""
    shaped = unchanged_parts(model, plain, world)
    for word in _APART:
        shaped.pop(word, None)
    try:
        found = too_large(Scenario.model_validate(shaped))
    except ValidationError as error:
        return next(findings_of(error, world))
    for name, mission in entries(world, "missions").items():
        if mission is not plain["missions"].get(name):
            found += withdrawals(("missions", name), mission)
    return found[0] if found else None


def targets_of(plain: Plain, model: Scenario, name: str) -> Targets:
    """Where the numbers stand that a sound scenario's doubt is about."""
    doubt = model.doubts[name]
    found = (targets(plain, path, times=doubt.times is not None) for path in doubt.path)
    return tuple(dict.fromkeys(steps for each in found for steps in each))
