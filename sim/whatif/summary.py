"""What one option gave at one setting, boiled down to what the what-if page shows, so that a whole grid stays small."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import RunError
from sim.measures.catalogue import COLUMNS
from sim.measures.measures import FIRST_CAUSE
from sim.operations.log import CAUSES, LoanRecord
from sim.results.outcome import Outcome
from sim.results.schema import CRISES, LEVELS
from sim.running.batches import Job, batches_of, run_batch

SAMPLED = ("unmet_unit_days", "requirement_unit_days", "exposure_unit_days", "cost_usd", "response_days", "responses")
"""Columns of the measures that are kept by replication, so that any two settings can be compared in pairs."""
LEVELLED = ("requirement", "present", "borrowed", "shortfall")
AT_A_TIME = 100
"""Replications whose whole logs are in memory."""
MOST_DAYS_SHOWN = 74
"""Points of a timeline."""


class Task(NamedTuple):
    """What a worker is asked: one option of one world, on all replications."""

    key: str
    job: Job
    replications: int
    stories: tuple[int, ...]
    """Replications whose loans and crises are kept whole."""
    days: float
    """Length of the period."""


@dataclass(frozen=True)
class Summary:
    """Plain numbers and names, as they go into a file and out again."""

    samples: dict[str, list[float | None]]
    """Column of SAMPLED -> by replication; None where it failed."""
    causes: list[float]
    """Mean unit-days of unmet need by cause, in the order of CAUSES."""
    lent: list[tuple[str, str, str, float]]
    """(lender, borrower, resource, mean unit-days on loan), as far as there were any."""
    timelines: list[tuple[str, str, dict[str, list[list[float]]]]]
    """(mission, resource, what -> [means, tenths, nine tenths] of replications on the days of `days_shown`), of every
    cell that ever has units or needs some: which of them the page shows is known only beside the other options, and a
    mission that is short under one of them lends under another. `what` is one of LEVELLED."""
    stories: list[tuple[list[list[Any]], list[list[Any]]]]
    """(crises, loans) of each replication asked for, None where it failed: rows (name, mission, onset day, end day,
    whether it happened) and the fields of `LoanRecord`."""

    def as_json(self) -> dict[str, Any]:
        """Plain maps and lists."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Summary:
        """The summary that `as_json` wrote; KeyError or TypeError for anything else."""
        found = {name: told[name] for name in cls.__dataclass_fields__}
        lent = [(str(a), str(b), str(c), float(days)) for a, b, c, days in found.pop("lent")]
        return cls(lent=lent, **found)


def days_shown(days: float) -> NDArray[np.float64]:
    """The days on which timelines are read off: the middles of equal parts of the period."""
    count = max(2, min(MOST_DAYS_SHOWN, round(days)))
    return (np.arange(count) + 0.5) * days / count


def summarise(task: Task) -> Summary:
    """Run the task's option on its replications. RunError, with how to play it again, where all of them failed."""
    found = _Accumulator(task)
    for batch in batches_of([range(task.replications)], AT_A_TIME):
        found.add(run_batch(task.job, batch))
    return found.summary()


class _Accumulator:
    """What the batches of one task gave so far."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.grid = days_shown(task.days)
        self.overall = np.full((task.replications, len(COLUMNS)), np.nan)
        self.lent: dict[tuple[str, str, str], float] = defaultdict(float)
        self.levels: dict[tuple[str, str], NDArray[np.float32]] = {}
        self.crises: dict[int, list[list[Any]]] = {number: [] for number in task.stories}
        self.loans: dict[int, list[list[Any]]] = {number: [] for number in task.stories}
        self.failure = ""

    def add(self, outcome: Outcome) -> None:
        """Take in a batch."""
        for rows in outcome.values.values():
            for replication, table in rows:
                self.overall[replication] = table[0]
        for row in outcome.rows.get("loans", ()):
            self._loan(row[1], LoanRecord._make(row[3:]))
        for row in outcome.rows.get("crises", ()):
            if row[1] in self.crises:
                self.crises[row[1]].append(list(_crisis(row)))
        self._levels(outcome)
        for failed in outcome.rows.get("failures", ()):
            self.failure = self.failure or f"replication {failed[1]} of {failed[0]!r}: {failed[3]}"

    def summary(self) -> Summary:
        """All of it."""
        done = ~np.isnan(self.overall[:, 0])
        if not done.any():
            raise RunError(f"every replication failed, the first with: {self.failure}")
        count = int(done.sum())
        samples = {
            name: [None if math.isnan(value) else value for value in self.overall[:, COLUMNS.index(name)].tolist()]
            for name in SAMPLED
        }
        causes = self.overall[done, FIRST_CAUSE : FIRST_CAUSE + len(CAUSES)].mean(axis=0)
        return Summary(
            samples=samples,
            causes=causes.tolist(),
            lent=[(*key, total / count) for key, total in sorted(self.lent.items())],
            timelines=[(*cell, self._fan(cell, done)) for cell in self.levels],
            stories=[(self.crises[number], self.loans[number]) for number in self.task.stories],
        )

    def _loan(self, replication: int, loan: LoanRecord) -> None:
        if loan.departed_day is not None:
            home = self.task.days if loan.home_day is None else loan.home_day
            self.lent[loan.lender, loan.borrower, loan.resource] += loan.units * (home - loan.departed_day)
        if replication in self.loans:
            self.loans[replication].append(list(loan))

    def _levels(self, outcome: Outcome) -> None:
        """Read the steps of every cell off on the days of the grid."""
        places = [_LEVEL[name] for name in ("day", *LEVELLED)]
        steps: dict[tuple[int, str, str], list[tuple[Any, ...]]] = defaultdict(list)
        for row in outcome.rows.get("levels", ()):
            steps[row[1], row[2], row[3]].append(tuple(row[place] for place in places))
        for (replication, *cell), rows in steps.items():
            table = np.array(sorted(rows, key=lambda row: row[0]), dtype=np.float64)
            where = (cell[0], cell[1])
            if where not in self.levels:
                shape = (len(LEVELLED), self.task.replications, len(self.grid))
                self.levels[where] = np.zeros(shape, dtype=np.float32)
            # Before the first level nothing is needed or there: the mission is not.
            at, there = np.searchsorted(table[:, 0], self.grid, side="right") - 1, self.grid >= table[0, 0]
            self.levels[where][:, replication, there] = table[at[there], 1:].T

    def _fan(self, cell: tuple[str, str], done: NDArray[np.bool_]) -> dict[str, list[list[float]]]:
        fans = {}
        for name, values in zip(LEVELLED, self.levels[cell][:, done], strict=True):
            ends = np.percentile(values, (10, 90), axis=0, method="inverted_cdf")
            means = values.mean(axis=0, dtype=np.float64)
            fans[name] = [[round(float(each), 3) for each in row] for row in (means, *ends)]
        return fans


_LEVEL = {name: place for place, name in enumerate(LEVELS.columns)}
_CRISIS = [list(CRISES.columns).index(name) for name in ("name", "mission", "onset_day", "end_day", "happened")]


def _crisis(row: tuple[Any, ...]) -> Iterator[Any]:
    return (row[place] for place in _CRISIS)
