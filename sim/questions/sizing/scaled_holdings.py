"""The same scenario with more, or fewer, units of one resource."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sim.errors import UsageError
from sim.operations.theatre import Theatre
from sim.policies import own_rules
from sim.scenario.files.patch import merge
from sim.scenario.load import from_mapping
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.values import UNNAMED
from sim.words.suggestions import unknown

Contingents = dict[tuple[str, str], int]
"""(mission, contributor) -> units."""


@dataclass(frozen=True)
class Holding:
    """What one option's world holds of a resource, and where that may grow or shrink."""

    scenario: LoadedScenario
    """With the option's change applied."""
    option: str
    resource: str
    fixed: Contingents
    """Units that stay as they are."""
    scaled: Contingents
    """Units that grow and shrink in proportion, as held at the period's start or when their mission opens; none where
    the option has no mission that is to be the hub."""

    file: LoadedScenario
    """As it was read, without the change."""

    @classmethod
    def of(
        cls, scenario: LoadedScenario, option: str, resource: str, hub: str | None, *, supplier: str | None = None
    ) -> Holding:
        """In every mission, or only at `hub`; UsageError where there is nothing to scale.

        `supplier`: whose units come to a hub that has none.
        """
        changed = with_option(scenario, option)
        held = {
            (name, contributor): units
            for name, mission in changed.missions.items()
            for contributor, units in mission.holdings(resource).items()
        }
        if hub is None:
            if not sum(held.values()):
                raise UsageError(f"{option}: no mission holds any {resource}; add them at a hub (scale hub)")
            return cls(changed, option, resource, {}, held, scenario)
        if hub not in changed.missions:
            return cls(changed, option, resource, held, {}, scenario)
        at_hub = {place: units for place, units in held.items() if place[0] == hub}
        if not sum(at_hub.values()):
            at_hub = {(hub, supplier or next((name for _, name in at_hub), UNNAMED)): 0}
        fixed = {place: held[place] for place in held.keys() - at_hub.keys()}
        return cls(changed, option, resource, fixed, at_hub, scenario)

    @property
    def total(self) -> int:
        """Units over all missions."""
        return self.least + sum(self.scaled.values())

    @property
    def least(self) -> int:
        """Units below which there is nothing left to take away."""
        return sum(self.fixed.values())

    def with_total(self, units: int) -> LoadedScenario:
        """The scenario in which this option's change gives it so many units over all missions.

        World first and the change on top, as in a run: how many units there are is no doubt here, and what else the
        change says is none under it. Beside the option stands what the file says without a change, which nobody runs,
        so that no doubt is one that every option says anew. What names other options is left out.
        """
        shares = apportioned(self.scaled, units - self.least)
        factor = sum(shares.values()) / max(1, sum(self.scaled.values()))
        missions = {}
        for name in sorted({mission for mission, _ in self.scaled}):
            here = {contributor: count for (mission, contributor), count in shares.items() if mission == name}
            missions[name] = self._rescaled(name, here, factor)
        raw = {word: said for word, said in self.file.raw.items() if word not in ("question", "page")}
        default = {"policy": self.scenario.options[self.option].policy.model_dump(include={"share"})}
        option = dict((raw.get("options") or {}).get(self.option, default))
        option["change"] = merge(option.get("change") or {}, {"missions": missions})
        beside = "unchanged" if self.option != "unchanged" else "as read"
        raw["options"] = {self.option: option, beside: {"policy": {"share": "none"}}}
        named = [each.policy.rule for each in self.scenario.options.values() if each.policy.rule]
        return from_mapping(raw, self.scenario.name, rules=named)

    def _rescaled(self, name: str, here: Mapping[str, int], factor: float) -> dict[str, Any]:
        """The mission's holdings, in a patch; its later changes keep their proportion to what was held."""
        mission = self.scenario.missions[name]
        deltas = [change.by_contributor(mission, self.resource) for change in mission.changes]
        held = mission.holdings(self.resource)
        paths = {
            who: _path(held.get(who, 0), [delta.get(who, 0) for delta in deltas], here.get(who, 0), factor)
            for who in sorted({*held, *(who for delta in deltas for who in delta)})
        }
        patch: dict[str, Any] = {"holds": {self.resource: dict(here)}}
        if any(deltas):
            patch["changes"] = [dict(change) for change in self.scenario.raw["missions"][name]["changes"]]
        for number, delta in enumerate(deltas):
            if delta:
                moved = {who: path[number + 1] - path[number] for who, path in paths.items()}
                change = patch["changes"][number]
                change["holds"] = {**change["holds"], self.resource: moved}
        return patch


def hub_of(scenario: LoadedScenario, options: Sequence[str], named: str | None, rules: Any = None) -> str:
    """The hub meant: the mission that is named, else the only one without requirement of its own under any option."""
    if named is not None:
        missions = dict.fromkeys(name for option in options for name in with_option(scenario, option).missions)
        if named not in missions:
            raise UsageError(unknown("mission", named, missions))
        return named
    hubs = sorted({hub for option in options for hub in Theatre.of(scenario, option, own_rules(rules)).hubs})
    if len(hubs) != 1:
        found = f"there are {', '.join(hubs)}" if hubs else "every mission has a requirement of its own"
        raise UsageError(f"say which mission is the hub: {found}")
    return hubs[0]


def apportioned(weights: Contingents, units: int) -> Contingents:
    """Whole units in proportion to the weights, by the method of Webster: with more units, nobody gets fewer.

    Balinski and Young, *Fair Representation* (1982). Ties go to the first; without any weight the first has all.
    """
    places = [place for place, weight in weights.items() if weight]
    if not places:
        return {place: units if number == 0 else 0 for number, place in enumerate(weights)}
    # A divisor that gives out too little, halves rounded down, is on Webster's way; the rest go one by one to the
    # largest weight / (2 seats + 1).
    quota = max(0.0, units - len(places) / 2) / sum(weights.values())
    seats = {place: max(0, math.ceil(weights[place] * quota - 0.5)) for place in places}
    queue = [(-weights[place] / (2 * seats[place] + 1), number) for number, place in enumerate(places)]
    heapq.heapify(queue)
    for _ in range(units - sum(seats.values())):
        _, number = queue[0]
        place = places[number]
        seats[place] += 1
        heapq.heapreplace(queue, (-weights[place] / (2 * seats[place] + 1), number))
    return {place: seats.get(place, 0) for place in weights}


def _path(held: int, deltas: list[int], opening: int, factor: float) -> list[int]:
    """Strength at the opening and after each change, in proportion to what it was."""
    share = opening / held if held else factor
    _, *later = accumulate(deltas, initial=held)
    return [opening, *(math.floor(strength * share + 0.5) for strength in later)]
