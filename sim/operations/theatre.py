"""What stays fixed while one option runs: missions, contingents, who may lend to whom, by what road and on what paper.

Everything is numbered, so that the world of a replication is a handful of integer lists. A *cell* is one resource in
one mission; cells of one resource are numbered side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.agreements.journeys import Journey, distance_km, journey, route_between
from sim.agreements.terms import Paper, expected_consent, paper_for
from sim.chance.loan_draws import Luck
from sim.policies import Lender, Offers, Rank, fitting, rank_named, rule_named
from sim.scenario.files.patch import with_option
from sim.scenario.nouns.distributions import Days
from sim.scenario.nouns.scenario import Policy, Scenario


# Contingents and links are read all the time: an attribute of theirs is a slot, which a NamedTuple's is not.
@dataclass(frozen=True, slots=True)
class Contingent:
    """The units of one resource that one contributor supplies to one mission."""

    number: int
    cell: int
    mission: str
    resource: str
    contributor: str
    opening: int
    """Units held when the period, or the mission, begins."""
    prepare_days: Days
    recover_days: Days


@dataclass(frozen=True, slots=True)
class Link:
    """One contingent that may be asked for one cell's need."""

    contingent: int
    lender: int
    """The lender's cell."""
    paper: Paper
    journey: Journey
    number: int
    """Place in the theatre's list of links."""


class Change(NamedTuple):
    """A contingent or a routine requirement that changes on a day."""

    day: float
    contingent: int | None
    """None: the routine requirement of `cell` changes."""
    cell: int
    units: int


class Theatre:
    """The fixed side of one option of a scenario.

    `scenario` has the option's change applied. `rules` are a user's own rules by name (see `policies.rules_in`).
    """

    def __init__(self, scenario: Scenario, option: str, rules: dict[str, Offers] | None = None) -> None:
        self.scenario = with_option(scenario, option)
        self.option = option
        self.policy: Policy = self.scenario.options[option].policy
        self.days = self.scenario.days
        self.missions = list(self.scenario.missions)
        self.resources = list(self.scenario.all_resources)
        self.mission_number = {name: number for number, name in enumerate(self.missions)}
        self.resource_number = {name: number for number, name in enumerate(self.resources)}
        self._cells = {
            (mission, resource): row * len(self.missions) + column
            for row, resource in enumerate(self.resources)
            for column, mission in enumerate(self.missions)
        }
        self.rule = rule_named(self.policy.rule, rules) if self.policy.rule else None
        self.rule_words = dict(self.policy.with_)
        if self.rule is not None:
            fitting(self.rule, str(self.policy.rule), self.rule_words)
        self.rank, self.rank_is_static = _ranking(self.policy)
        self._roads: dict[tuple[str, str, str], Journey | None] = {}
        self._turns: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._set_contingents()
        self._set_links()
        self._luck: tuple[int, int, Luck] | None = None

    @classmethod
    def of(cls, scenario: Scenario, option: str, rules: dict[str, Offers] | None = None) -> Theatre:
        """The theatre of one option."""
        return cls(scenario, option, rules)

    def cell(self, mission: str, resource: str) -> int:
        """Number of the cell of `resource` in `mission`."""
        return self._cells[mission, resource]

    def place(self, cell: int) -> tuple[str, str]:
        """(mission, resource) of a cell."""
        resource, mission = divmod(cell, len(self.missions))
        return self.missions[mission], self.resources[resource]

    def luck(self, seed: int, block: int) -> Luck:
        """The draws of one block; those of the last block asked for are kept."""
        if self._luck is None or self._luck[:2] != (seed, block):
            self._luck = (seed, block, Luck(seed, block))
        return self._luck[2]

    @cached_property
    def cells_in_use(self) -> list[int]:
        """Cells that ever hold or need anything: those that are reported."""
        used = {contingent.cell for contingent in self.contingents}
        used |= {cell for cell, units in enumerate(self.routine) if units}
        used |= {change.cell for change in self.changes}
        for crisis in self.scenario.crises.values():
            needy = [(crisis.mission, phase.needs) for phase in crisis.stages]
            needy += [(spill.to, spill.needs) for spill in crisis.spills_over]
            used |= {self.cell(mission, resource) for mission, needs in needy for resource in needs}
        return sorted(used)

    @cached_property
    def spans(self) -> list[tuple[float, float]]:
        """(first day, end) of each mission's activity, in days from the period's start; may lie outside the period."""
        found = []
        for mission in self.scenario.missions.values():
            first = self.scenario.day(mission.active.from_) if mission.active.from_ else float("-inf")
            end = self.scenario.day(mission.active.to) + 1 if mission.active.to else float("inf")
            found.append((first, end))
        return found

    @cached_property
    def hubs(self) -> set[str]:
        """Missions with no requirement of their own."""
        needy = {crisis.mission for crisis in self.scenario.crises.values()}
        needy |= {spill.to for crisis in self.scenario.crises.values() for spill in crisis.spills_over}
        for name, mission in self.scenario.missions.items():
            if any(mission.routine.values()) or any(sum(change.routine.values()) > 0 for change in mission.changes):
                needy.add(name)
        return set(self.missions) - needy

    def _set_contingents(self) -> None:
        """Contingents, routine requirements, receptions and the changes of both."""
        contingents: dict[tuple[str, str, str], int] = {}
        self.routine = [0] * (len(self.missions) * len(self.resources))
        self.reception: dict[int, int] = {}
        for name, mission in self.scenario.missions.items():
            for resource in self.resources:
                self.routine[self.cell(name, resource)] = mission.routine.get(resource, 0)
                for contributor, units in mission.holdings(resource).items():
                    contingents[name, resource, contributor] = units
            for resource, units in mission.reception_per_day.items():
                if resource in self.resource_number:
                    self.reception[self.cell(name, resource)] = units
            for change in mission.changes:
                for resource in change.holds:
                    for contributor in change.by_contributor(mission, resource):
                        contingents.setdefault((name, resource, contributor), 0)
        self.contingents = [
            Contingent(
                number,
                self.cell(mission, resource),
                mission,
                resource,
                contributor,
                units,
                self.scenario.all_resources[resource].prepare_days,
                self.scenario.all_resources[resource].recover_days,
            )
            for number, ((mission, resource, contributor), units) in enumerate(sorted(contingents.items()))
        ]
        self.changes = [change for name in self.missions for change in self._changes(name)]

    def _changes(self, name: str) -> Iterator[Change]:
        """What changes in one mission, and when."""
        numbers = {(one.mission, one.resource, one.contributor): one.number for one in self.contingents}
        mission = self.scenario.missions[name]
        for change in mission.changes:
            day = self.scenario.day(change.on)
            for resource in change.holds:
                for contributor, units in change.by_contributor(mission, resource).items():
                    yield Change(day, numbers[name, resource, contributor], self.cell(name, resource), units)
            for resource, units in change.routine.items():
                yield Change(day, None, self.cell(name, resource), units)

    def _set_links(self) -> None:
        """For each cell the contingents that may be asked, in the order in which a static policy asks them."""
        self.links: list[list[Link]] = [[] for _ in self.routine]
        self.strangers: list[list[int]] = [[] for _ in self.routine]
        self.consent_varies: list[bool] = [False] * len(self.routine)
        self.lenders: list[Lender] = []
        """By link, what never changes of a lender, as a policy sees it."""
        for contingent in self.contingents:
            for borrower in self.missions:
                if borrower == contingent.mission:
                    continue
                cell = self.cell(borrower, contingent.resource)
                paper = self._permission(contingent, borrower)
                road = self.road(contingent.mission, borrower, contingent.resource)
                if paper is None or road is None:
                    self.strangers[cell].append(contingent.number)
                    continue
                self.links[cell].append(Link(contingent.number, contingent.cell, paper, road, len(self.lenders)))
                self.lenders.append(self._lender(contingent, paper, road))
                self.consent_varies[cell] |= bool(paper.consent_given)
        for links in self.links:
            links.sort(key=self._static_order)

    def _static_order(self, link: Link) -> tuple[object, ...]:
        lender = self.lenders[link.number]
        ranked = self.rank(lender) if self.rank_is_static else (lender.km,)
        return (*ranked, lender.mission, lender.consent_days, lender.contributor)

    def _lender(self, contingent: Contingent, paper: Paper, road: Journey) -> Lender:
        return Lender(
            mission=contingent.mission,
            contributor=contingent.contributor,
            can_offer=0,
            spare=0,
            present=0,
            requirement=0,
            km=road.km,
            journey_days=road.days,
            consent_days=expected_consent(paper, 0.0),
            is_hub=contingent.mission in self.hubs,
            risk_days=0.0,
        )

    def _permission(self, contingent: Contingent, borrower: str) -> Paper | None:
        """The paper for a loan, or None where policy or agreements do not permit it."""
        share = self.policy.share
        regions = [self.scenario.missions[name].region for name in (contingent.mission, borrower)]
        if share == "none" or (share == "region" and (regions[0] is None or regions[0] != regions[1])):
            return None
        paper = paper_for(self.scenario, contingent.mission, borrower, contingent.resource, contingent.contributor)
        return None if paper is not None and share == "agreements" and not paper.named else paper

    def road(self, lender: str, borrower: str, resource: str) -> Journey | None:
        """The journey between two missions, whoever may lend to whom; None where units of the resource cannot go."""
        key = (lender, borrower, resource)
        if key not in self._roads:
            self._roads[key] = self._road(*key)
        return self._roads[key]

    def in_turn(self, lender: str, borrower: str, resource: str) -> tuple[str, ...]:
        """The gates of a loan between two missions, in their order, where they are opened one after another."""
        key = (lender, borrower, resource)
        if key not in self._turns:
            paper = paper_for(self.scenario, *key, "")
            self._turns[key] = tuple(step.gate for step in paper.gates) if paper and paper.in_turn else ()
        return self._turns[key]

    def _road(self, lender: str, borrower: str, resource: str) -> Journey | None:
        missions = self.scenario.missions
        ends = {lender, borrower, missions[lender].region, missions[borrower].region}
        closed = [
            name for name, lift in self.scenario.lifts.items() if lift.for_ is not None and not ends & set(lift.for_)
        ]
        route = route_between(self.scenario.routes, lender, borrower)
        return journey(
            self.scenario.all_resources[resource],
            distance_km(missions[lender], missions[borrower], route),
            lifts=self.scenario.lifts,
            closed=closed,
            days=route.days.get(resource) if route else None,
        )


def _ranking(policy: Policy) -> tuple[Rank, bool]:
    return rank_named(policy.lenders)
