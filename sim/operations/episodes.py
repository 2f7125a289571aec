"""Crises as the desk sees them: each occurrence while it is known or goes on, and which of them are behind a need."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.chance.trace import Occurrence
from sim.operations.clock import Clock
from sim.operations.log import CAUSES, CrisisRecord
from sim.operations.stocks import Cell
from sim.operations.theatre import Theatre

RISK_HORIZON_DAYS = 30.0


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
    given: dict[Cell, tuple[int, ...]] = field(default_factory=dict)
    """Units given up now, by cell and cause."""
    grows: float = 1.0
    last_days: float = 0.0
    """Length of the last phase, escalation included."""
    ends: float = 0.0
    """Day on which the last phase ends, once it has begun."""
    since: float = 0.0
    """Day on which it last raised a need: it came into sight of the desk, began, changed phase or escalated."""
    short_since: float | None = None
    asked: dict[int, int] = field(default_factory=dict)
    """How often each link was asked on its behalf."""

    def __post_init__(self) -> None:
        self.last_days = self.occurrence.phases[-1].days


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

    def given_causes(self, cell: Cell) -> tuple[int, ...]:
        """Units of a cell that were given up, by the cause for which they were missing then."""
        vectors = [episode.given[cell] for episode in self.behind[cell.number] if cell in episode.given]
        return tuple(map(sum, zip(*vectors, strict=True))) if vectors else (0,) * len(CAUSES)

    def risk_days(self, mission: int) -> float:
        """Days of known crises in the next 30 at a mission; one that goes on is taken to go on."""
        now, total = self.clock.now, 0.0
        for episode in self.of_mission[mission]:
            known, onset = episode.record.known_day, episode.record.onset_day
            if known <= now and episode.record.end_day is None and (episode.began or onset > now):
                total += max(0.0, RISK_HORIZON_DAYS - max(0.0, onset - now))
        return total
