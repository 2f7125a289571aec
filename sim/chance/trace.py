"""What chance decides about the crises of a replication, before anything runs and whatever the option.

A trace depends on the seed, the replication's number and the crises' names only. Draws are made for a block of
replications at a time, one stream for each thing that varies, so that a change to one thing leaves all others as they
were; and all by inversion, so that a small change moves the thing itself a little and does not draw it anew. Instants
and durations are whole milliseconds, counted from the period's start.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.chance.durations import durations
from sim.chance.rows import rows
from sim.chance.sets import SIZE
from sim.scenario.nouns.distributions import Block, Days, Units, whole
from sim.scenario.nouns.milliseconds import DAY, in_days, milliseconds
from sim.scenario.nouns.scenario import MONTHS, Crisis, Needs, Scenario

BLOCK = SIZE
"""Replications drawn together: a set. It is always drawn whole, so a replication never depends on how many are run."""


Counts = tuple[tuple[str, int], ...]
"""(name, how many)."""


class PhaseDraw(NamedTuple):
    """One phase of an occurrence."""

    name: str | None
    lasts: int
    needs: Counts
    """(resource, units), only where units > 0; parts of teams are among them."""
    teams: Counts = ()
    """(team, how many), only where more than 0."""

    @property
    def days(self) -> float:
        """How long it lasts, in days."""
        return in_days(self.lasts)


class EscalationDraw(NamedTuple):
    """What an occurrence would do if it were left short."""

    if_short: int
    escalates: bool
    extends: int
    grows: float


class Occurrence(NamedTuple):
    """One occurrence of a crisis, as drawn."""

    crisis: str
    """Name; a child of spill-over is "parent → mission"."""
    draw: int
    """Its number among the draws of this crisis in the block: which draw of a gate's delay belongs to it."""
    draws: int
    """How many draws there are."""
    mission: str
    severity: int
    known: int
    onset: int
    happens: bool
    phases: tuple[PhaseDraw, ...]
    escalation: EscalationDraw | None = None
    patience: int | None = None
    parent: str | None = None

    @property
    def known_day(self) -> float:
        """When it is known, in days."""
        return in_days(self.known)

    @property
    def onset_day(self) -> float:
        """When it begins, in days."""
        return in_days(self.onset)


class Trace(NamedTuple):
    """All that chance decides about the crises of one replication."""

    seed: int
    block: int
    index_in_block: int
    """Number of the replication within its block."""
    occurrences: tuple[Occurrence, ...]
    """By onset, then by name."""

    @property
    def replication(self) -> int:
        """Number of the replication, from 0."""
        return self.block * BLOCK + self.index_in_block


def draw_traces(scenario: Scenario, seed: int, block: int) -> list[Trace]:
    """The traces of replications `block * BLOCK` to `(block + 1) * BLOCK - 1`."""
    drawn: list[list[Occurrence]] = [[] for _ in range(BLOCK)]
    for name in scenario.crises:
        for within, occurrence in _occurrences(scenario, name, Draws(int(seed), int(block), scenario, name)):
            drawn[within].append(occurrence)
    return [
        Trace(seed, block, index, tuple(sorted(each, key=lambda one: (one.onset, one.crisis))))
        for index, each in enumerate(drawn)
    ]


def trace_of(scenario: Scenario, seed: int, replication: int) -> Trace:
    """The trace of one replication, from 0."""
    return draw_traces(scenario, seed, replication // BLOCK)[replication % BLOCK]


def _occurrences(scenario: Scenario, name: str, draws: Draws) -> Iterator[tuple[int, Occurrence]]:
    """Every occurrence of one crisis in the block, spill-over included, each with its replication within the block."""
    crisis = scenario.crises[name]
    if not draws.numbers:
        return
    happens = draws.chances(crisis.likelihood, "likelihood")
    warnings = draws.durations(crisis.warning_days, "warning")
    phases = _phases(crisis, draws)
    escalations = _escalations(crisis, draws)
    for number, onset in enumerate(draws.onsets):
        yield (
            draws.within[number],
            Occurrence(
                crisis=name,
                draw=draws.numbers[number],
                draws=draws.count,
                mission=crisis.mission,
                severity=crisis.severity,
                known=max(0, onset - warnings[number]),
                onset=onset,
                happens=happens[number],
                phases=phases[number],
                escalation=escalations[number],
                patience=None if crisis.patience_days is None else milliseconds(crisis.patience_days),
            ),
        )
    yield from _children(scenario, name, draws, happens)


def _children(scenario: Scenario, name: str, draws: Draws, happens: list[bool]) -> Iterator[tuple[int, Occurrence]]:
    crisis = scenario.crises[name]
    alike = [spill.to for spill in crisis.spills_over]
    for which, spill in enumerate(crisis.spills_over):
        key = ("spill", str(which), spill.to)
        before = alike[:which].count(spill.to)  # children of one name, which share their draws, each have their own
        spilled = draws.chances(spill.chance, *key, "chance")
        after = draws.durations(spill.after_days, *key, "after")
        lasts = draws.durations(spill.lasts_days, *key, "lasts")
        needs = draws.needs(spill.needs, *key)
        for number, draw in enumerate(draws.numbers):
            onset = draws.onsets[number] + after[number]
            if not (happens[number] and spilled[number] and onset < milliseconds(scenario.days)):
                continue
            yield (
                draws.within[number],
                Occurrence(
                    crisis=f"{name} → {spill.to}",
                    draw=(draw // BLOCK * alike.count(spill.to) + before) * BLOCK + draw % BLOCK,
                    draws=draws.count * alike.count(spill.to),
                    mission=spill.to,
                    severity=crisis.severity,
                    known=onset,
                    onset=onset,
                    happens=True,
                    phases=(PhaseDraw(None, lasts[number], *needs[number]),),
                    parent=name,
                ),
            )


class Draws:
    """The draws of one crisis in a block, a stream for each thing that varies.

    A draw belongs to the n-th occurrence in a replication, whenever that is: its number is n × BLOCK + the
    replication's number in the block. The n-th occurrences of all of them are a row, which is spread evenly (unless the
    experiment says `sampling: independent`). So a crisis that comes a little more often, or a period that lasts longer,
    moves onsets a little, and leaves each occurrence what else it had.
    """

    def __init__(self, seed: int, block: int, scenario: Scenario, crisis: str) -> None:
        self._seed, self._block, self._crisis = seed, block, crisis
        self._even = scenario.experiment.sampling == "even"
        self._teams = scenario.teams
        self.onsets, numbers, self.count = self._onsets(scenario, scenario.crises[crisis])
        self._numbers = numbers
        self.numbers: list[int] = numbers.tolist()
        self.within: list[int] = (numbers % BLOCK).tolist()
        """By occurrence, its replication's number within the block."""

    def _rows(self, count: int, *what: str) -> NDArray[np.float64]:
        return rows(self._seed, self._block, ("crisis", self._crisis, *what), count, even=self._even)

    def _uniforms(self, *what: str) -> NDArray[np.float64]:
        """A number from 0 to 1 for each occurrence."""
        drawn: NDArray[np.float64] = self._rows(self.count // BLOCK, *what).flat[self._numbers]
        return drawn

    def durations(self, amount: Days, *what: str) -> list[int]:
        """So many days for each occurrence, in whole milliseconds."""
        if not isinstance(amount, Block):
            return [milliseconds(amount)] * len(self.numbers)
        return durations(amount.quantile(self._uniforms(*what)))

    def amounts(self, amount: Units, *what: str) -> list[float]:
        """A number for each occurrence."""
        if not isinstance(amount, Block):
            return [float(amount)] * len(self.numbers)
        drawn: list[float] = amount.quantile(self._uniforms(*what)).tolist()
        return drawn

    def chances(self, chance: float, *what: str) -> list[bool]:
        """For each occurrence, whether what has this chance comes true."""
        if chance in (0, 1):
            return [bool(chance)] * len(self.numbers)
        drawn: list[bool] = (self._uniforms(*what) < chance).tolist()
        return drawn

    def needs(self, needs: Needs, *what: str) -> list[tuple[Counts, Counts]]:
        """For each occurrence, (resource, units) where units > 0, parts of teams included; and the teams likewise."""
        drawn = {name: whole(self.amounts(units, *what, "needs", name)) for name, units in needs.items()}
        asked = [
            tuple((name, units[number]) for name, units in drawn.items() if units[number])
            for number in range(len(self.numbers))
        ]
        if self._teams.keys().isdisjoint(needs):
            return [(each, ()) for each in asked]
        return [self._in_parts(each) for each in asked]

    def _in_parts(self, asked: Counts) -> tuple[Counts, Counts]:
        units: Counter[str] = Counter()
        for name, count in asked:
            for resource, each in self._teams.get(name, {name: 1}).items():
                units[resource] += each * count
        return tuple(units.items()), tuple((name, count) for name, count in asked if name in self._teams)

    def _onsets(self, scenario: Scenario, crisis: Crisis) -> tuple[list[int], NDArray[np.int64], int]:
        """Onset and draw of every occurrence, and how many draws there are."""
        if crisis.on is not None:
            day = scenario.day(crisis.on)
            known = BLOCK if 0 <= day < scenario.days else 0
            return [milliseconds(day)] * known, np.arange(known), known
        days, intensity = cumulative_intensity(scenario, crisis)
        arrivals = _arrivals(lambda count: self._rows(count, "onset"), intensity[-1])
        numbers = np.flatnonzero(arrivals < intensity[-1])
        onsets = np.interp(arrivals.flat[numbers], intensity, days) * DAY
        return onsets.astype(np.int64).tolist(), numbers, arrivals.size  # down to the millisecond in which each begins


def _arrivals(uniforms_of: Callable[[int], NDArray[np.float64]], total: float) -> NDArray[np.float64]:
    """Arrivals of a Poisson process of rate 1, up to `total` or beyond: (occurrence, replication).

    `uniforms_of` gives so many rows of uniforms, of which the times between arrivals are made.

    They become onsets where the expected number of onsets reaches them (Çinlar 1975).
    """
    count = math.ceil(total + 4 * math.sqrt(total)) + 1
    while True:
        gaps = -np.log1p(-uniforms_of(count))
        arrivals: NDArray[np.float64] = np.cumsum(gaps, axis=0)
        if arrivals[-1].min() >= total:
            return arrivals[(arrivals < total).any(axis=1)]
        count *= 2


def cumulative_intensity(scenario: Scenario, crisis: Crisis) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days and the expected number of onsets until then: zero while the mission is not active, seasonal by month.

    Season weights are scaled so that a year (of 365 days) has as many onsets as without a season.
    """
    assert crisis.every_days is not None
    first, last = scenario.active_days(crisis.mission)
    start, end = max(0.0, first), min(scenario.days, last)
    if end <= start:
        return np.zeros(2), np.zeros(2)
    edges = [start, *(day for day in _month_starts(scenario) if start < day < end), end]
    rates = [_season(scenario, crisis, edge) / crisis.every_days for edge in edges[:-1]]
    steps = [rate * (after - before) for rate, before, after in zip(rates, edges, edges[1:], strict=False)]
    return np.array(edges), np.array([0.0, *accumulate(steps)])


def _season(scenario: Scenario, crisis: Crisis, day: float) -> float:
    if not crisis.season:
        return 1.0
    lengths = [
        (dt.date(2011 + month // 12, month % 12 + 1, 1) - dt.date(2011, month, 1)).days for month in range(1, 13)
    ]
    weights = [crisis.season.get(month, 1.0) for month in MONTHS]
    scale = 365 / sum(length * weight for length, weight in zip(lengths, weights, strict=True))
    return weights[scenario.date(day).month - 1] * scale


def _month_starts(scenario: Scenario) -> Iterator[float]:
    date = scenario.period.from_.replace(day=1)
    while date <= scenario.period.to:
        date = (date + dt.timedelta(days=32)).replace(day=1)
        yield scenario.day(date)


def _phases(crisis: Crisis, draws: Draws) -> list[tuple[PhaseDraw, ...]]:
    drawn = []
    for number, phase in enumerate(crisis.stages):
        key = ("phase", str(number))
        lasts, needs = draws.durations(phase.lasts_days, *key, "lasts"), draws.needs(phase.needs, *key)
        drawn.append([PhaseDraw(phase.name, each, *asked) for each, asked in zip(lasts, needs, strict=True)])
    return list(zip(*drawn, strict=True))


def _escalations(crisis: Crisis, draws: Draws) -> list[EscalationDraw | None]:
    rule = crisis.escalates
    if rule is None:
        return [None] * len(draws.numbers)
    escalates = draws.chances(rule.chance, "escalates", "chance")
    extends = draws.durations(rule.extends_days, "escalates", "extends")
    if_short = milliseconds(rule.if_short_days)
    return [EscalationDraw(if_short, *both, rule.grows) for both in zip(escalates, extends, strict=True)]
