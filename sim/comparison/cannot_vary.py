"""What cannot vary by the scenario itself: only that has an interval of width 0, however often nothing differed.

Twenty equal replications prove nothing: a disaster once in fifty years is in none of them. What is used here:

- a world in which nothing is left to chance (dated crises that surely come, fixed days and units, no refusals);
- an option under which nobody may lend: it has no loans, and what is made of loans is 0;
- two options with the same world and the same policy: they do the same, whatever comes;
- what crises require where none escalates, under options that meet the same crises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.distributions import FAMILIES

OF_LOANS = frozenset(
    {
        "exposure_unit_days",
        "loans",
        "lent_unit_days",
        "idle_unit_days",
        "late_loans",
        "cost_usd",
        "council_gate_days",
        "contributor_gate_days",
        "host_gate_days",
    }
)
"""Measures that are 0 where nobody lends."""
REQUIREMENT = "requirement_unit_days"
_CHANCES = ("likelihood", "chance", "refuses")
_NO_PART = {"options", "experiment", "history", "name", "about"}
"""Of a scenario, what no replication of one option depends on."""


class CannotVary:
    """What is certain of the options of a scenario."""

    def __init__(self, scenario: LoadedScenario, options: Sequence[str]) -> None:
        self.scenario = scenario
        self._policies = {name: scenario.options[name].policy for name in options}
        self._worlds = {name: _world(with_option(scenario, name)) for name in options}

    def nothing_varies(self, option: str) -> bool:
        """Whether nothing is left to chance under an option."""
        return option in self._fixed

    def mean(self, option: str, measure: str) -> bool:
        """Whether a measure of an option is the same in every replication."""
        return self.nothing_varies(option) or (measure in OF_LOANS and self._policies[option].share == "none")

    def difference(self, one: str, other: str, measure: str) -> bool:
        """Whether the difference of two options in a measure is the same in every replication."""
        if self.alike[one] == self.alike[other]:
            return True
        if measure == REQUIREMENT and self._same_requirement(one, other):
            return True
        return self.mean(one, measure) and self.mean(other, measure)

    @cached_property
    def alike(self) -> dict[str, str]:
        """Option -> the first that does the same, whatever comes: itself, for most."""
        first: dict[str, str] = {}
        for name in self._worlds:
            first[name] = next((other for other in dict.fromkeys(first.values()) if self._same(name, other)), name)
        return first

    def alike_among(self, names: Sequence[str]) -> dict[str, str]:
        """The same of some options only: each one's first is among them."""
        first: dict[str, str] = {}
        for name in names:
            first[name] = next((other for other in first if self.alike[other] == self.alike[name]), name)
        return first

    def _same(self, one: str, other: str) -> bool:
        return self._policies[one] == self._policies[other] and self._worlds[one] == self._worlds[other]

    @cached_property
    def _fixed(self) -> frozenset[str]:
        """Options under which nothing is left to chance; what a rule written in Python does is not known."""
        return frozenset(
            name
            for name, world in self._worlds.items()
            if not self._policies[name].rule and not any(_left_to_chance(world))
        )

    def _same_requirement(self, one: str, other: str) -> bool:
        mine, its = self._worlds[one], self._worlds[other]
        if any(crisis["escalates"] for world in (mine, its) for crisis in world["crises"].values()):
            return False
        return all(_asked(mine, what) == _asked(its, what) for what in ("period", "crises", "teams", "missions"))


def _asked(world: dict[str, Any], what: str) -> Any:
    return {name: mission["active"] for name, mission in world[what].items()} if what == "missions" else world[what]


def _world(scenario: LoadedScenario) -> dict[str, Any]:
    """The scenario as plain maps, without what is not of the world."""
    return {word: value for word, value in scenario.model_dump(mode="python").items() if word not in _NO_PART}


def _left_to_chance(found: Any) -> Iterator[str]:
    """The words of a world that leave something to chance."""
    if isinstance(found, dict):
        for word, value in found.items():
            chance = word in _CHANCES and isinstance(value, int | float) and 0 < value < 1
            if chance or word in FAMILIES or (word in ("every_days", "doubts", "serviceable") and value):
                yield str(word)
            yield from _left_to_chance(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from _left_to_chance(value)
