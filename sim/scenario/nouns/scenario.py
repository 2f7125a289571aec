"""The nouns of a scenario, as the file says them: frozen, checked, and without any behaviour of their own.

Maps are keyed by name, so a noun does not repeat its name. Days, units, shares: see `distribution`. What each word
means is in the language reference (`scenarios/README.md`), which is generated from the docstrings under these fields.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.nouns.agreements import Agreement, GateTerms, Renewals
from sim.scenario.nouns.crises import Crisis, Escalation, Phase, Spill
from sim.scenario.nouns.dates_and_numbers import MONTHS, Month
from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.doubts import Doubt
from sim.scenario.nouns.frozen import FROZEN, FrozenMap, Map
from sim.scenario.nouns.history import HistoryEntry, RecordedDate, Sourced
from sim.scenario.nouns.milliseconds import DAY, milliseconds
from sim.scenario.nouns.missions import Active, Mission, MissionChange, Route
from sim.scenario.nouns.options import Experiment, Keep, Option, Policy, Recall
from sim.scenario.nouns.page import Page, PageInput
from sim.scenario.nouns.question import Question, Target, Where
from sim.scenario.nouns.resources import ConsentGiven, Contributor, Cost, Equipment, Lift, Resource, Serviceable, Travel
from sim.scenario.nouns.values import (
    GATES,
    UNNAMED,
    Component,
    Date,
    Gate,
    Kind,
    Money,
    Name,
    Names,
    Needs,
    PlainDays,
    Span,
    Team,
    Whole,
    as_tuple,
)
from sim.scenario.positions import shown
from sim.words.language import ENGLISH
from sim.words.names import unit_name, unit_noun

__all__ = [
    "GATES", "MONTHS", "UNNAMED", "Active", "Agreement", "Component", "ConsentGiven", "Contributor", "Cost", "Crisis",
    "Date", "Doubt", "Equipment", "Escalation", "Experiment", "Gate", "GateTerms", "HistoryEntry", "Keep", "Kind",
    "Lift", "Mission", "MissionChange", "Money", "Month", "Name", "Names", "Needs", "Option", "Page", "PageInput",
    "Phase", "PlainDays", "Policy", "Question", "Recall", "RecordedDate", "Renewals", "Resource", "Route", "Scenario",
    "Serviceable", "Sourced", "Span", "Spill", "Target", "Team", "Travel", "Where", "Whole",
]  # fmt: skip


def _spoken(value: Any) -> Any:
    """A language, or the version of this one: true and 1.0 are equal to 1 and are not 1, nor is text."""
    if value == "1" or (value == 1 and type(value) is not int):
        raise ValueError(f"must be 1, en or fr, not {shown(value)} (write 1)")
    return value


class Scenario(Block):
    name: str = "scenario"
    """Name in tables and charts."""
    about: str | None = None
    """What it is about."""
    language: Annotated[Literal[1, "en", "fr"], BeforeValidator(_spoken)] = 1
    """Version of this language; or the language in which the file's own texts are written, `en` or `fr`: then a story,
    and the answer with its table, are told in it, too, unless `--language` says otherwise. The version is 1 then."""
    period: Span
    """First and last day."""
    resources: Map[Name, Resource] = FrozenMap()
    """What can be lent; those only named elsewhere exist with defaults."""
    teams: Map[Name, Team] = FrozenMap()
    """What works only together: units of each resource that one team is made of. A crisis may need teams by their name,
    beside resources; their parts are asked for, and a team without one of them does not count."""
    lifts: Map[Name, Lift] = FrozenMap()
    """Shared means of transport that must be waited for."""
    contributors: Map[Name, Contributor] = FrozenMap()
    """Countries that supply units and must consent to their moves."""
    missions: Annotated[dict[Name, Mission], Field(min_length=1, max_length=200), FROZEN]
    """Missions and hubs."""
    routes: Annotated[tuple[Route, ...], BeforeValidator(as_tuple)] = ()
    """Distances or journeys that are not the great circle."""
    crises: Annotated[dict[Name, Crisis], Field(max_length=1000), FROZEN]
    """What raises requirements. The period starts with none under way."""
    agreements: Map[Name, Agreement] = FrozenMap()
    """Legal bases for loans; without any, any two missions may lend without paper."""
    options: Annotated[dict[Name, Option], Field(min_length=1, max_length=100), FROZEN] = FrozenMap(
        {"no sharing": Option(), "full pooling": Option(policy=Policy(share="all"))}
    )
    """What is compared; `no sharing` and `full pooling` (`share: all`) where omitted."""
    question: Question = Question()
    """What the scenario is asked, and answered first; which option is best, against the reference, where omitted."""
    doubts: Annotated[dict[Name, Doubt], Field(max_length=100), FROZEN] = FrozenMap()
    """What nobody knows: numbers that are drawn once a world, the same for all options."""
    experiment: Experiment = Experiment()
    """Replications, seed, confidence."""
    history: Map[Name, HistoryEntry] = FrozenMap()
    """What really happened, for the hindcast; never read by the model."""
    page: Page | None = None
    """What the what-if page asks; gates, a window, a reserve and a holding where omitted."""

    @property
    def tongue(self) -> str:
        """The language of the file's own texts: en, fr."""
        return ENGLISH if self.language == 1 else self.language

    @property
    def days(self) -> float:
        """Length of the period."""
        return float((self.period.to - self.period.from_).days + 1)

    def day(self, date: dt.date) -> float:
        """Days from the period's start to 00:00 of `date`."""
        return float((date - self.period.from_).days)

    def date(self, day: float) -> dt.date:
        """The date on which `day` (from the period's start) falls; the period's end is 24:00 on its last day."""
        instant = milliseconds(day)
        return (
            self.period.to if instant == milliseconds(self.days) else self.period.from_ + dt.timedelta(instant // DAY)
        )

    def route_between(self, one: str, other: str) -> Route | None:
        """The route given for two missions, in either direction; the last where several are given."""
        return next((each for each in reversed(self.routes) if set(each.between) == {one, other}), None)

    def active_days(self, mission: str) -> tuple[float, float]:
        """(first day, end) of a mission's activity, from the period's start; may lie outside the period."""
        active = self.missions[mission].active
        first = self.day(active.from_) if active.from_ else -math.inf
        return first, self.day(active.to) + 1 if active.to else math.inf

    @cached_property
    def reference(self) -> str:
        """Name of the option that the others are compared with."""
        return next((name for name, option in self.options.items() if option.reference), next(iter(self.options)))

    @cached_property
    def all_resources(self) -> dict[str, Resource]:
        """Every resource that the file names anywhere, with defaults for those not described; in a fixed order."""
        named = dict(self.resources)
        for mission in self.missions.values():
            for change in mission.changes:
                named |= {name: Resource() for name in (*change.holds, *change.routine) if name not in named}
            named |= {name: Resource() for name in (*mission.holds, *mission.routine) if name not in named}
        for crisis in self.crises.values():
            for _, needs in crisis.needs_by_mission:
                named |= {name: Resource() for name, _, _ in self.parts(needs) if name not in named}
        return FrozenMap(named)

    def parts(self, needs: Needs) -> list[tuple[str, str, int]]:
        """(resource, what is asked for, units of it in one of that): of what a crisis needs, teams in their parts."""
        if not self.teams:
            return [(name, name, 1) for name in needs]
        return [(part, name, each) for name in needs for part, each in self.teams.get(name, {name: 1}).items()]

    def needed(self, crisis: Crisis) -> dict[str, dict[str, None]]:
        """By mission, the resources that a crisis may need there, parts of teams included."""
        found: dict[str, dict[str, None]] = {}
        for mission, needs in crisis.needs_by_mission:
            found.setdefault(mission, {}).update({resource: None for resource, _, _ in self.parts(needs)})
        return found

    def label(self, name: str) -> str:
        """How people call the mission, resource, lift, contributor or option `name`."""
        for drawer in (self.resources, self.options, self.contributors):
            if name in drawer and drawer[name].label:
                return str(drawer[name].label)
        known = name in self.all_resources or name in self.lifts or name in self.teams
        return name.replace("_", " ") if known else name

    def units_name(self, resource: str, count: int = 2) -> str:
        """The resource's name for so many units within a sentence, from its label where it has one."""
        noun = self.resources.get(resource)
        return unit_name(noun.label, count, self.tongue) if noun and noun.label else unit_noun(count, resource)
