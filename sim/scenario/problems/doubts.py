"""What is wrong with the doubts of a scenario: what they are about, and what their ends make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from sim.errors import UsageError
from sim.scenario.files.blocks import entries
from sim.scenario.files.doubt_targets import Targets, all_whole, targets, value_at, values_in_world, with_values
from sim.scenario.files.patch import merge, unchanged_parts
from sim.scenario.files.patch_problems import why_nowhere
from sim.scenario.nouns.distributions import FAMILIES
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
                yield Finding(at, why_nowhere(path, error, removed))
                continue
            for steps in found:
                within = next((steps[:length] for length in range(1, len(steps) + 1) if steps[:length] in taken), None)
                other = taken[within] if within else around.get(steps)
                if other is not None:
                    what = "this doubt" if other == name else repr(other)
                    if not (other == name and within == steps):  # a list may name a number twice: it moves once
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
WHICH: tuple[Which, ...] = ("lower", "upper")
MOST_MEETING = 5
"""Of so many doubts that meet in one block all ends are tried with all; of more, each two of them."""
MOST_CORNERS = 200
"""So many combinations of ends are tried."""


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
        worlds = (with_values(self.plain, values_in_world(self.plain, doubt, found, value)) for value in (low, high))
        return _Ends(found, low, high, *map(self._under_options, worlds))

    def _under_options(self, world: dict[str, Any], within: Path = ()) -> Worlds:
        """The world without an option's change, and with that of each option that says anything `within` a block."""
        changes = {name: change for name, change in self.changes.items() if value_at(change, within) is not None}
        return {None: world} | {name: merge(world, change) for name, change in changes.items()}

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
        if sound and len(self.ends) > 1:
            yield from self._wrong_together()

    def _wrong_together(self) -> Iterator[Finding]:
        """Doubts whose ends are sound one by one, and not together: all at the same ends, and those that meet in one
        block at opposite ones."""
        wrong = False
        for which in WHICH:
            what = self._what_is_wrong(self._at(dict.fromkeys(self.ends, which)))
            if what:
                wrong = True
                yield Finding(("doubts",), f"all at their {which} ends at once make {what}", at_key=True)
        corners = _corners({name: ends.targets for name, ends in self.ends.items() if ends.low != ends.high})
        for corner in () if wrong else islice(corners, MOST_CORNERS):
            what = self._what_is_wrong(self._at(corner.ends, corner.within), sizes=not corner.within)
            if what:
                (first, which), *others = corner.ends.items()
                named = listed([f"{quoted(name)} at its {self._end_of(name, each)}" for name, each in others])
                yield Finding(self._said_at(first), f"its {self._end_of(first, which)}, with {named}, makes {what}")
                return

    def _end_of(self, name: str, which: Which) -> str:
        ends = self.ends[name]
        factor = "" if self.model.doubts[name].times is None else " times"
        return f"{which} end, {ends.low if which == 'lower' else ends.high:g}{factor}"

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

    def _at(self, which: Mapping[str, Which], within: Path = ()) -> Worlds:
        """The worlds in which the doubts that are named are at one of their ends (as far as they are about what stands
        `within` a block), the others as the file says."""
        world = self.plain
        for name, end in which.items():
            ends = self.ends[name]
            found = tuple(each for each in ends.targets if each[: len(within)] == within)
            value = ends.low if end == "lower" else ends.high
            world = with_values(world, values_in_world(self.plain, self.model.doubts[name], found, value))
        return self._under_options(world, within)

    def _what_is_wrong(self, worlds: Worlds, *, sizes: bool = True) -> str | None:
        """What is wrong with a world, with where that is; `sizes`: what is too large, too."""
        for option, world in worlds.items():
            model = self.model if option is None else self.variants[option]
            found = _first_wrong(self.as_said[option], model, world, sizes=sizes)
            if found is not None:
                under = "" if option is None else f" under {quoted(option)}"
                return f"{dotted(found.path)} wrong{under}: {_FOR_WHO_WROTE_IT.sub('', found.what)}"
        return None


class _Corner(NamedTuple):
    """Doubts that meet, each at one of its ends, and the named block to which it matters (all, where that is empty)."""

    ends: dict[str, Which]
    within: Path = ()


def _corners(found: Mapping[str, Targets]) -> Iterator[_Corner]:
    """Ends of doubts that meet in one block: each two at opposite ones first, then, of a few, all with all; and the
    ends at which most repairs and most crises are expected."""
    meeting = _meeting(found, _block)
    for block, names in meeting.items():
        for one, other in combinations(names, 2):
            yield _Corner({one: "lower", other: "upper"}, block[:2])
            yield _Corner({one: "upper", other: "lower"}, block[:2])
    for block, names in meeting.items():
        for ends in product(WHICH, repeat=len(names)) if 2 < len(names) <= MOST_MEETING else ():
            yield _Corner(dict(zip(names, ends, strict=True)), block[:2])
    for names in _meeting(found, _limit).values():
        most: dict[str, Which] = {name: "lower" if _more_at_its_lower_end(found[name]) else "upper" for name in names}
        if len(set(most.values())) > 1:  # else it was tried when all were at these ends
            yield _Corner(most)


def _meeting(found: Mapping[str, Targets], where: Callable[[Path], Path | None]) -> dict[Path, list[str]]:
    """The doubts about numbers that meet somewhere, two or more each."""
    meeting: dict[Path, dict[str, None]] = {}
    for name, places in found.items():
        for steps in places:
            block = where(steps)
            if block is not None:
                meeting.setdefault(block, {})[name] = None
    return {block: list(names) for block, names in meeting.items() if len(names) > 1}


def _block(steps: Path) -> Path | None:
    """The distribution, the season, or the units of a resource in a mission, that a number is part of."""
    if steps[0] == "crises" and steps[2] == "season":
        return steps[:3]
    for place, step in enumerate(steps):
        if step in FAMILIES:
            return steps[: place + 1]
        if place > 1 and step in ("holds", "routine") and steps[0] == "missions":
            return *steps[:2], *steps[place : place + 2]
    return None


def _limit(steps: Path) -> Path | None:
    """The limit on how much is simulated that a number counts towards: repairs of a resource, or all crises."""
    if steps[0] == "resources" and steps[2] == "serviceable":
        return "repairs", steps[1]
    if steps[0] == "missions" and "holds" in steps[2:-1]:
        return "repairs", steps[steps.index("holds", 2) + 1]
    if steps[0] == "crises" and (steps[2] in ("every_days", "likelihood") or steps[-1] == "chance"):
        return ("crises",)
    return None


def _more_at_its_lower_end(places: Targets) -> bool:
    """Whether more is to be simulated the less is drawn: intervals, shares that are fit, days of repair."""
    return any(steps[2] == "every_days" or "serviceable" in steps for steps in places)


def _differ(ends: _Ends, option: str | None) -> bool:
    """Whether the doubt makes a difference under an option."""
    low, high = ends.at_low[option], ends.at_high[option]
    return any(value_at(low, each) != value_at(high, each) for each in ends.targets)


def _first_wrong(plain: Plain, model: Scenario, world: dict[str, Any], *, sizes: bool) -> Finding | None:
    """What is wrong with `world`, that differs from the sound `plain` and its `model` by some numbers only."""
    shaped = unchanged_parts(model, plain, world)
    for word in _APART:
        shaped.pop(word, None)
    try:
        model = Scenario.model_validate(shaped)
    except ValidationError as error:
        return next(findings_of(error, world))
    found = too_large(model) if sizes else []
    for name, mission in entries(world, "missions").items():
        if mission is not plain["missions"].get(name):
            found += withdrawals(("missions", name), mission)
    return found[0] if found else None


def targets_of(plain: Plain, model: Scenario, name: str) -> Targets:
    """Where the numbers stand that a sound scenario's doubt is about."""
    doubt = model.doubts[name]
    found = (targets(plain, path, times=doubt.times is not None) for path in doubt.path)
    return tuple(dict.fromkeys(steps for each in found for steps in each))
