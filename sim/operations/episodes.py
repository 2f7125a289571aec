"""Crises as the desk sees them: each occurrence while it is known or goes on, and which of them are behind a need."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.chance.trace import Occurrence
from sim.operations.clock import Clock
from sim.operations.log import CrisisRecord
from sim.operations.stocks import Cell
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY, in_days

RISK_HORIZON = 30 * DAY


@dataclass(slots=True, eq=False)
class Episode:
    """One occurrence of a crisis while it is known, or goes on."""

    occurrence: Occurrence
    """As the trace has it."""
    mission: int
    """Number of its mission."""
    record: CrisisRecord
    first: dict[Cell, int]
    """First phase's needs by cell: all that is known of it beforehand."""
    phase: int = -1
    began: bool = False
    needs: dict[Cell, int] = field(default_factory=dict)
    """Units needed now, by cell, with what was given up."""
    cap: dict[Cell, int] = field(default_factory=dict)
    """Units still sought at most, by cell, where some were given up."""
    given: dict[Cell, int] = field(default_factory=dict)
    """Units given up now, by cell."""
    grows: float = 1.0
    last: int = 0
    """Length of the last phase, escalation included."""
    ends: int = 0
    """When the last phase ends, once it has begun."""
    since: int = 0
    """When it last raised a need: it came into sight of the desk, began, changed phase or escalated."""
    short_since: int | None = None
    asked: dict[int, int] = field(default_factory=dict)
    """How often each link was asked on its behalf."""

    def __post_init__(self) -> None:
        self.last = self.occurrence.phases[-1].lasts


class Episodes:
    """The occurrences of a replication, by what they concern."""

    def __init__(self, theatre: Theatre, clock: Clock) -> None:
        self.clock = clock
        self.behind: list[list[Episode]] = [[] for _ in theatre.cells]
        """By cell: those behind its need now, or its prevention."""
        self.of_mission: list[list[Episode]] = [[] for _ in theatre.missions]
        """All of them, by mission."""
        self.may_escalate: list[list[Episode]] = [[] for _ in theatre.missions]
        """Those that go on and may yet escalate, by mission."""

    def severity(self, cell: Cell) -> int:
        """Of the gravest crisis behind the cell's need; 0 for routine tasks."""
        return max((episode.occurrence.severity for episode in self.behind[cell.number]), default=0)

    def asking(self, cell: Cell) -> Episode | None:
        """On whose behalf the cell asks: what raised its need last; None for routine tasks."""
        behind = self.behind[cell.number]
        if len(behind) > 1:
            return max(behind, key=lambda episode: (episode.since, episode.occurrence.severity))
        return behind[0] if behind else None

    def risk_days(self, mission: int) -> float:
        """Days of known crises in the next 30 at a mission; one that goes on is taken to go on."""
        now, total = self.clock.now, 0
        for episode in self.of_mission[mission]:
            known, onset = episode.occurrence.known, episode.occurrence.onset
            if known <= now and episode.record.end_day is None and (episode.began or onset > now):
                total += max(0, RISK_HORIZON - max(0, onset - now))
        return in_days(total)
