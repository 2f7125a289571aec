"""What is wrong with the doubts of a scenario: what they are about, and what their ends make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from sim.errors import UsageError
from sim.scenario.files.blocks import entries
from sim.scenario.files.doubted import Targets, all_whole, doubted, laid_in, targets
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


class _Ends(NamedTuple):
    """A doubt's least and greatest value, and the plain scenario at each."""

    targets: Targets
    low: float
    high: float
    at_low: dict[str, Any]
    at_high: dict[str, Any]


_FOR_WHO_WROTE_IT = re.compile(r" \((write|every_days: ).*\)$")
"""How a number could have been meant, or what it must be: nobody wrote the one that was drawn."""
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
        self.ends = {name: self._ends(name) for name in self.model.doubts}
        self.changes = {name: self.plain["options"][name]["change"] for name in self.variants}
        self.merged = {name: merge(self.plain, change) for name, change in self.changes.items()}

    def _ends(self, name: str) -> _Ends:
        doubt = self.model.doubts[name]
        found = targets_of(self.plain, self.model, name)
        low, high = doubt.ends(whole=all_whole(found))
        worlds = (laid_in(self.plain, doubted(self.plain, doubt, found, value)) for value in (low, high))
        return _Ends(found, low, high, *worlds)

    def wrong(self) -> Iterator[Finding]:
        """Ends that make an invalid scenario; doubts that every option overrides."""
        sound = True
        for name, ends in self.ends.items():
            at = self._said_at(name)
            for said in self._wrong_ends(ends, times=at[-1] == "times"):
                sound = False
                yield Finding(at, said)
            if ends.at_low != ends.at_high and len(self._overriding(name)) == len(self.model.options):
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
        """Doubts that change nothing, and those that some options override: said as warnings."""
        for name, ends in self.ends.items():
            if ends.at_low == ends.at_high:
                what = f"has no effect: whatever is drawn, {dotted(ends.targets[0])} stays what it is"
                yield Finding(self._said_at(name), what)
                continue
            deaf = self._overriding(name)
            if deaf and len(deaf) < len(self.model.options):
                what = f"has no effect under {listed([quoted(each) for each in deaf])}, whose change says it anew"
                yield Finding(("doubts", name, "path"), what)

    def _said_at(self, name: str) -> Path:
        return "doubts", name, "is" if self.model.doubts[name].times is None else "times"

    def _overriding(self, name: str) -> list[str]:
        """The options under which the doubt makes no difference."""
        ends = self.ends[name]
        return [
            each for each, change in self.changes.items() if merge(ends.at_low, change) == merge(ends.at_high, change)
        ]

    def _all_at(self, which: Which) -> dict[str, Any]:
        world = self.plain
        for name, ends in self.ends.items():
            value = ends.low if which == "lower" else ends.high
            world = laid_in(world, doubted(self.plain, self.model.doubts[name], ends.targets, value))
        return world

    def _what_is_wrong(self, world: dict[str, Any]) -> str | None:
        """What is wrong with a world, with where that is."""
        found = _first_wrong(self.plain, self.model, world)
        under = ""
        for option, change in self.changes.items():
            if found is not None:
                break
            found = _first_wrong(self.merged[option], self.variants[option], merge(world, change))
            under = f" under {quoted(option)}"
        if found is None:
            return None
        what = _FOR_WHO_WROTE_IT.sub("", found.what)
        return f"{dotted(found.path)} wrong{under}: {what}"


def _first_wrong(plain: Plain, model: Scenario, world: dict[str, Any]) -> Finding | None:
    """What is wrong with `world`, that differs from the sound `plain` and its `model` by some numbers only."""
    try:
        found = too_large(Scenario.model_validate(unchanged_parts(model, plain, world)))
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
