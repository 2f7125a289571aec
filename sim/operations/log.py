"""The one log of a replication: what happened, as three tidy tables from which every reported number comes.

Only a replication writes it. Days are counted from the period's start, each a whole number of milliseconds, which
`milliseconds` gives back exactly; None means that it did not happen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.scenario.nouns.milliseconds import milliseconds

CAUSES = (
    "in repair",
    "in transit",
    "lift",
    "preparing",
    "council",
    "contributor",
    "host",
    "refused",
    "kept",
    "ceiling",
    "not permitted",
    "no way there",
    "given up",
    "nobody had any",
)
"""Why a unit is missing, in the order in which causes are assigned: first what is there
but in repair, then what is on its way, furthest along first."""


class Level(NamedTuple):
    """The state of one cell (mission × resource) from `day` until that cell's next level."""

    day: float
    cell: int
    crisis_requirement: int
    """Units that active crises need."""
    requirement: int
    """Units needed in all: routine and crises, with what was given up."""
    present: int
    """Serviceable units there, own or borrowed."""
    borrowed: int
    """Units there on loan from elsewhere."""
    away: int
    """Own units that departed on loans and have not recovered."""
    shortfall: int
    """Units missing; the sum of `causes`."""
    causes: tuple[int, ...] | None
    """Units missing by cause, in the order of CAUSES; None where nothing is missing."""


@dataclass(slots=True, eq=False)
class CrisisRecord:
    """One occurrence of a crisis, as it went."""

    name: str
    """Name of the crisis in the scenario; a child of spill-over is "parent → mission"."""
    mission: str
    severity: int
    known_day: float
    onset_day: float
    end_day: float | None = None
    """None while it still goes on at the period's end, or where it never happened."""
    happened: bool = False
    """False for a scheduled crisis that stayed calm."""
    phases: list[tuple[str | None, float, dict[str, int]]] = field(default_factory=list)
    """(name, first day, units needed by resource) of every phase that began."""
    teams: list[dict[str, int]] = field(default_factory=list)
    """By phase, the teams that it needs, whose parts are among its units; not part of a results folder."""
    escalated_day: float | None = None
    given_up: dict[str, int] = field(default_factory=dict)
    """Units given up for good, by resource."""
    parent: str | None = None

    def needs(self) -> dict[str, int]:
        """The most units of each resource that any phase needed."""
        most: dict[str, int] = {}
        for _, _, needs in self.phases:
            for resource, units in needs.items():
                most[resource] = max(units, most.get(resource, 0))
        return most


class GatePassage(NamedTuple):
    """One gate of a loan."""

    gate: str
    opened_day: float
    cleared_day: float | None
    """None where it refused, or had not decided when the lot was given up or the period ended."""


class LoanRecord(NamedTuple):
    """One lot of a loan: units that shared every date of it. A loan whose units part appears once per lot."""

    loan: int
    """Number of the request that the lot belongs to, from 0 in the order of requests."""
    load: int
    """Number of the load that it departed in, within the loan: lots of one load departed together."""
    crisis: str | None
    """Crisis that the request was made for; None for routine tasks."""
    lender: str
    borrower: str
    resource: str
    contributor: str
    units: int
    requested_day: float
    council_day: float | None
    contributor_day: float | None
    host_day: float | None
    ready_day: float | None
    """Prepared; from here it waits for a lift where one is needed."""
    departed_day: float | None
    landed_day: float | None
    """At the borrower's door; from here it waits for reception."""
    arrived_day: float | None
    late: bool
    """It arrived when it was no longer needed."""
    first_window_day: float | None
    """End of the authority as first given."""
    window_day: float | None
    """End of the authority, renewals included."""
    ended_day: float | None
    why_ended: str | None
    """released, lapsed, recalled, closed, withdrawn; before departure also refused, cancelled."""
    left_day: float | None
    home_day: float | None
    recovered_day: float | None
    refused_by: str | None
    """The gate that refused."""
    lift: str | None
    """Lift that carried it out, and home; where people and equipment had each their own, the people's."""
    sorties: int
    """Loads of that lift charged to it; of lots that departed as one load, one carries them all."""
    km: float
    """Length of its journey, one way."""
    hours: float
    """Hours of movement on it, one way."""
    gates: str
    """The gates of its agreement in their order: "council, contributor"."""
    council_opened_day: float | None
    """The day on which the gate began its work; `council_day` is the day on which it cleared."""
    contributor_opened_day: float | None
    host_opened_day: float | None

    def passages(self) -> list[GatePassage]:
        """Its gates that opened, in the order of its agreement."""
        days = {
            "council": (self.council_opened_day, self.council_day),
            "contributor": (self.contributor_opened_day, self.contributor_day),
            "host": (self.host_opened_day, self.host_day),
        }
        gates = [(gate, *days[gate]) for gate in self.gates.split(", ") if gate]
        return [GatePassage(gate, opened, cleared) for gate, opened, cleared in gates if opened is not None]

    def as_json(self) -> dict[str, Any]:
        """The lot in the words of `tell --json`."""
        words = self._asdict()
        for hidden in HIDDEN:
            del words[hidden]
        return {"from": words.pop("lender"), "to": words.pop("borrower"), **words}


HIDDEN = (
    "loan",
    "load",
    "crisis",
    "ready_day",
    "landed_day",
    "late",
    "first_window_day",
    "window_day",
    "refused_by",
    "lift",
    "sorties",
    "km",
    "hours",
    "gates",
    "council_opened_day",
    "contributor_opened_day",
    "host_opened_day",
)
"""What `tell --json` leaves out of a lot."""


PEOPLE, EQUIPMENT = "people", "equipment"


class PartRecord(NamedTuple):
    """The people or the equipment of one lot that departed, of a resource whose equipment moves apart."""

    loan: int
    load: int
    part: str
    """people, equipment"""
    lender: str
    borrower: str
    resource: str
    units: int
    by: str
    """What moves it."""
    lift: str | None
    ready_day: float | None
    departed_day: float | None
    """When it left; where it goes in several loads, the first."""
    landed_day: float | None
    """When it was at the borrower's door; where it goes in several loads, the last."""
    home_day: float | None
    sorties: int
    """Loads of its lift."""

    def as_json(self) -> dict[str, Any]:
        """The part in the words of `tell --json`."""
        words = self._asdict()
        del words["loan"], words["load"]
        return {"from": words.pop("lender"), "to": words.pop("borrower"), **words}


class Renewal(NamedTuple):
    """What was decided when the authority for a loan ended and its units were still needed."""

    day: float
    loan: int
    until: float | None
    """New end of the authority; None where the renewal was refused."""


class Log:
    """Everything that happened in one replication of one option, until `days`, the period's end."""

    __slots__ = ("crises", "days", "end", "levels", "loans", "parts", "renewals", "teams")

    def __init__(self, days: float) -> None:
        self.days = days
        self.end = milliseconds(days)
        """The same in milliseconds."""
        self.crises: list[CrisisRecord] = []
        self.loans: list[LoanRecord] = []
        self.parts: list[PartRecord] = []
        self.levels: list[Level] = []
        self.renewals: list[Renewal] = []
        self.teams: list[Level] = []
        """Levels of teams, beside those of their parts: `present` are those that can work. Written when all is over."""
