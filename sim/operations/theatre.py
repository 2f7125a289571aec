"""What stays fixed while one option runs: missions, contingents, who may lend to whom, by what way and on what terms.

Everything is numbered. A *cell* is one resource in one mission; cells of one resource are numbered side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from sim.agreements.journeys import Journey, closures, distance_km, journey_of
from sim.agreements.terms import Law, Terms, expected_consent
from sim.chance.loan_draws import BlockDraws
from sim.chance.repairs import Turn, turns
from sim.policies import Lender, Rule, fitting, ranking, rule_named, whole_rank
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.distributions import Days
from sim.scenario.nouns.milliseconds import milliseconds
from sim.scenario.nouns.scenario import Mission, Policy, Route


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
    equipment_days: Days
    """From the last gate to readiness of equipment that moves apart."""


@dataclass(frozen=True, slots=True)
class Link:
    """One contingent that may be asked for one cell's need."""

    contingent: int
    lender: int
    """The lender's cell."""
    terms: Terms
    journey: Journey
    number: int
    """Its number among the theatre's links."""


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

    def __init__(self, scenario: LoadedScenario, option: str, rules: dict[str, Rule] | None = None) -> None:
        self.scenario = with_option(scenario, option)
        self.option = option
        self.policy: Policy = self.scenario.options[option].policy
        self.days = self.scenario.days
        self.end = milliseconds(self.days)
        """24:00 on the last day of the period."""
        self.missions = list(self.scenario.missions)
        self.resources = list(self.scenario.all_resources)
        self.mission_number = {name: number for number, name in enumerate(self.missions)}
        self.resource_number = {name: number for number, name in enumerate(self.resources)}
        self.cells = [(mission, resource) for resource in self.resources for mission in self.missions]
        """(mission, resource) of each cell, by its number."""
        self.team_cells = [(mission, team) for team in self.scenario.teams for mission in self.missions]
        """(mission, team) of what is reported beside the cells; their numbers come after those of all cells."""
        self._number = {cell: number for number, cell in enumerate([*self.cells, *self.team_cells])}
        self.rule = rule_named(self.policy.rule, rules) if self.policy.rule else None
        self.rule_words = dict(self.policy.with_)
        if self.rule is not None:
            fitting(self.rule, str(self.policy.rule), self.rule_words)
        self.rank, self.rank_is_static = ranking(self.policy.lenders)
        self._law = Law(self.scenario)
        self._ways: dict[tuple[str, str], tuple[float, list[str], Route | None]] = {}
        self._journeys: dict[tuple[str, str, str], Journey | None] = {}
        self._set_contingents()
        self._set_links()
        self._draws: tuple[int, int, BlockDraws] | None = None
        self._turns: tuple[int, int, dict[int, list[list[Turn]]]] | None = None

    @classmethod
    def of(cls, scenario: LoadedScenario, option: str, rules: dict[str, Rule] | None = None) -> Theatre:
        """The theatre of one option."""
        return cls(scenario, option, rules)

    def cell(self, mission: str, resource: str) -> int:
        """Number of the cell of `resource`, or of a team, in `mission`."""
        return self._number[mission, resource]

    def place(self, cell: int) -> tuple[str, str]:
        """(mission, resource) of a cell, or (mission, team)."""
        return self.cells[cell] if cell < len(self.cells) else self.team_cells[cell - len(self.cells)]

    def draws(self, seed: int, block: int) -> BlockDraws:
        """The draws of the loans of one block; those of the last block asked for are cached."""
        if self._draws is None or self._draws[:2] != (seed, block):
            even = self.scenario.experiment.sampling == "even"
            self._draws = (seed, block, BlockDraws(seed, block, even=even))
        return self._draws[2]

    def turns(self, seed: int, block: int) -> dict[int, list[list[Turn]]]:
        """By contingent whose units fall unfit: when each does, by replication of the block; those asked for last."""
        if self._turns is None or self._turns[:2] != (seed, block):
            even = self.scenario.experiment.sampling == "even"
            found = {}
            for one in self.contingents:
                serviceable = self.scenario.all_resources[one.resource].serviceable
                if serviceable is not None:
                    names = (one.resource, one.mission, one.contributor)
                    units = self._most_units(one)
                    found[one.number] = turns(seed, block, names, serviceable, units=units, end=self.end, even=even)
            self._turns = (seed, block, found)
        return self._turns[2]

    def _most_units(self, contingent: Contingent) -> int:
        """Units that a contingent has at most at any time."""
        changes = [change.units for change in self.changes if change.contingent == contingent.number]
        return contingent.opening + sum(units for units in changes if units > 0)

    @cached_property
    def cells_in_use(self) -> list[int]:
        """Cells that ever hold or need anything: those that are reported."""
        used = {contingent.cell for contingent in self.contingents}
        used |= {cell for cell, units in enumerate(self.routine) if units}
        used |= {change.cell for change in self.changes}
        for crisis in self.scenario.crises.values():
            for mission, needed in self.scenario.needed(crisis).items():
                used |= {self.cell(mission, resource) for resource in needed}
        return sorted(used)

    @cached_property
    def teams_in_use(self) -> list[int]:
        """Numbers of (mission, team) that a crisis may ever need."""
        needs = [each for crisis in self.scenario.crises.values() for each in crisis.needs_by_mission]
        teams = self.scenario.teams
        return sorted({self.cell(mission, name) for mission, asked in needs for name in asked if name in teams})

    @cached_property
    def spans(self) -> list[tuple[float, float]]:
        """(first day, end) of each mission's activity, in days from the period's start; may lie outside the period."""
        return [self.scenario.active_days(name) for name in self.missions]

    @cached_property
    def hubs(self) -> set[str]:
        """Missions with no requirement of their own."""
        needy = {mission for crisis in self.scenario.crises.values() for mission, _ in crisis.needs_by_mission}
        for name, mission in self.scenario.missions.items():
            if any(mission.routine.values()) or any(sum(change.routine.values()) > 0 for change in mission.changes):
                needy.add(name)
        return set(self.missions) - needy

    def _set_contingents(self) -> None:
        """Contingents, routine requirements, receptions and the changes of both."""
        contingents: dict[tuple[str, str, str], int] = {}
        self.routine = [0] * len(self.cells)
        self.reception: dict[int, list[tuple[int, int | None]]] = {}
        """By cell, where that is limited at any time: (instant, units taken in a day from then on), by instant."""
        for name, mission in self.scenario.missions.items():
            for resource in self.resources:
                self.routine[self.cell(name, resource)] = mission.routine.get(resource, 0)
                for contributor, units in mission.holdings(resource).items():
                    contingents[name, resource, contributor] = units
            self._set_receptions(name, mission)
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
                self._prepare_days(contributor, resource),
                self.scenario.all_resources[resource].recover_days,
                equipment.prepare_days if (equipment := self.scenario.all_resources[resource].equipment) else 0,
            )
            for number, ((mission, resource, contributor), units) in enumerate(sorted(contingents.items()))
        ]
        self.changes = [change for name in self.missions for change in self._changes(name)]

    def _set_receptions(self, name: str, mission: Mission) -> None:
        """What a mission takes in from the first day on, and from each day that changes it."""
        changes = sorted(mission.changes, key=lambda each: each.on)
        said = [(0, mission.reception_per_day)]
        said += [(max(0, milliseconds(self.scenario.day(each.on))), each.reception_per_day) for each in changes]
        for resource in {resource for _, rates in said for resource in rates} & self.resource_number.keys():
            by_instant: dict[int, int | None] = {0: None}
            by_instant |= {instant: rates[resource] for instant, rates in said if resource in rates}
            self.reception[self.cell(name, resource)] = list(by_instant.items())

    def _prepare_days(self, contributor: str, resource: str) -> Days:
        """The contributor's own for that resource where it has one, else the resource's."""
        supplier = self.scenario.contributors.get(contributor)
        own = supplier.prepare_days.get(resource) if supplier else None
        return self.scenario.all_resources[resource].prepare_days if own is None else own

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
        """For each cell the contingents that may be asked, by the policy's rank; where it is static, that stays."""
        self.links: list[list[Link]] = [[] for _ in self.routine]
        self.not_permitted: list[list[int]] = [[] for _ in self.routine]
        """By cell, the contingents of the resource that policy or agreements let nobody lend to it."""
        self.no_way: list[list[int]] = [[] for _ in self.routine]
        """By cell, those that might be lent, but that no mode of travel could bring."""
        self.consent_varies: list[bool] = [False] * len(self.routine)
        self.lenders: list[Lender] = []
        """By link, what never changes of a lender, as a policy sees it."""
        for contingent in self.contingents:
            for borrower in self.missions:
                if borrower == contingent.mission:
                    continue
                cell = self.cell(borrower, contingent.resource)
                terms = self._terms(contingent, borrower)
                way = self.journey(contingent.mission, borrower, contingent.resource)
                if terms is None or way is None:
                    (self.not_permitted if terms is None else self.no_way)[cell].append(contingent.number)
                    continue
                self.links[cell].append(Link(contingent.number, contingent.cell, terms, way, len(self.lenders)))
                self.lenders.append(self._lender(contingent, terms, way))
                self.consent_varies[cell] |= bool(terms.consent_given)
        for links in self.links:
            links.sort(key=lambda link: whole_rank(self.rank, self.lenders[link.number]))

    def _lender(self, contingent: Contingent, terms: Terms, way: Journey) -> Lender:
        return Lender(
            mission=contingent.mission,
            contributor=contingent.contributor,
            can_offer=0,
            spare=0,
            present=0,
            requirement=0,
            km=way.km,
            journey_days=way.days,
            consent_days=expected_consent(terms, 0),
            is_hub=contingent.mission in self.hubs,
            risk_days=0.0,
        )

    def _terms(self, contingent: Contingent, borrower: str) -> Terms | None:
        """The terms of a loan, or None where policy or agreements do not permit it."""
        share = self.policy.share
        regions = [self.scenario.missions[name].region for name in (contingent.mission, borrower)]
        if share == "none" or (share == "region" and (regions[0] is None or regions[0] != regions[1])):
            return None
        terms = self._law.terms(contingent.mission, borrower, contingent.resource, contingent.contributor)
        return None if terms is not None and share == "agreements" and not terms.named else terms

    def journey(self, lender: str, borrower: str, resource: str) -> Journey | None:
        """The journey between two missions, whoever may lend to whom; None where units of the resource cannot go."""
        key = (lender, borrower, resource)
        if key not in self._journeys:
            if (lender, borrower) not in self._ways:
                self._ways[lender, borrower] = self._way(lender, borrower)
            km, closed, route = self._ways[lender, borrower]
            days = route.days.get(resource) if route else None
            moved, lifts = self.scenario.all_resources[resource], self.scenario.lifts
            way = journey_of(moved, km, lifts=lifts, closed=closed, days=days)
            if way is not None and route is not None and route.closed:
                way = replace(way, closed=closures(self.scenario, route))
            self._journeys[key] = way
        return self._journeys[key]

    def _way(self, lender: str, borrower: str) -> tuple[float, list[str], Route | None]:
        """Between two missions: the distance, the lifts that are closed to them, and the route, if one is said."""
        missions = self.scenario.missions
        ends = {lender, borrower, missions[lender].region, missions[borrower].region}
        closed = [
            name for name, lift in self.scenario.lifts.items() if lift.for_ is not None and not ends & set(lift.for_)
        ]
        route = self.scenario.route_between(lender, borrower)
        return distance_km(missions[lender], missions[borrower], route), closed, route
