"""What chance decides about the crises of a replication, before anything runs and whatever the option.

A trace depends on the seed, the replication's number and the crises' names only. Draws are made for a block of
replications at a time, one stream for each thing that varies, so that a change to one thing leaves all others as they
were.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sim.scenario.distribution import draws, whole_draws
from sim.scenario.nouns import MONTHS, Crisis, Needs, Scenario
from sim.streams import stream

BLOCK = 100
"""Replications drawn together; a block is always drawn whole, so a replication never depends on how many are run."""


class PhaseDraw(NamedTuple):
    """One phase of an occurrence."""

    name: str | None
    days: float
    needs: tuple[tuple[str, int], ...]
    """(resource, units), only where units > 0."""


class EscalationDraw(NamedTuple):
    """What an occurrence would do if it were left short."""

    if_short_days: float
    escalates: bool
    extends_days: float
    grows: float


class Occurrence(NamedTuple):
    """One occurrence of a crisis, as drawn."""

    crisis: str
    """Name; a child of spill-over is "parent → mission"."""
    luck: int
    """Place among the block's occurrences of this crisis: which draw of a gate's delay belongs to it."""
    lucks: int
    """How many occurrences of this crisis the block has."""
    mission: str
    severity: int
    known_day: float
    onset_day: float
    happens: bool
    phases: tuple[PhaseDraw, ...]
    escalation: EscalationDraw | None
    patience_days: float | None
    parent: str | None


class Trace(NamedTuple):
    """All that chance decides about the crises of one replication."""

    seed: int
    block: int
    place: int
    """Place of the replication within its block."""
    occurrences: tuple[Occurrence, ...]
    """By onset, then by name."""

    @property
    def replication(self) -> int:
        """Number of the replication, from 0."""
        return self.block * BLOCK + self.place


def draw_traces(scenario: Scenario, seed: int, block: int) -> list[Trace]:
    """The traces of replications `block * BLOCK` to `(block + 1) * BLOCK - 1`."""
    drawn: list[list[Occurrence]] = [[] for _ in range(BLOCK)]
    for name, crisis in scenario.crises.items():
        for within, occurrence in _occurrences(scenario, name, crisis, _Streams(seed, block, name)):
            drawn[within].append(occurrence)
    return [
        Trace(seed, block, place, tuple(sorted(each, key=lambda one: (one.onset_day, one.crisis))))
        for place, each in enumerate(drawn)
    ]


def trace_of(scenario: Scenario, seed: int, replication: int) -> Trace:
    """The trace of one replication, from 0."""
    return draw_traces(scenario, seed, replication // BLOCK)[replication % BLOCK]


class _Streams:
    """The streams of one crisis, one for each thing that varies."""

    def __init__(self, seed: int, block: int, crisis: str) -> None:
        self._where = (seed, block, "crisis", crisis)

    def of(self, *what: str) -> Callable[[], Generator]:
        seed, block, *names = self._where
        return lambda: stream(int(seed), int(block), *map(str, names), *what)


def _occurrences(scenario: Scenario, name: str, crisis: Crisis, streams: _Streams) -> Iterator[tuple[int, Occurrence]]:
    """Every occurrence of one crisis in the block, spill-over included, each with its replication within the block."""
    within, onsets = _onsets(scenario, crisis, streams)
    count = len(onsets)
    if not count:
        return
    happens = _chances(crisis.likelihood, streams.of("likelihood"), count)
    warnings = draws(crisis.warning_days, streams.of("warning"), count)
    phases = _phases(crisis, streams, count)
    escalations = _escalations(crisis, streams, count)
    for place, onset in enumerate(onsets):
        yield (
            within[place],
            Occurrence(
                crisis=name,
                luck=place,
                lucks=count,
                mission=crisis.mission,
                severity=crisis.severity,
                known_day=max(0.0, onset - warnings[place]),
                onset_day=onset,
                happens=happens[place],
                phases=phases[place],
                escalation=escalations[place],
                patience_days=crisis.patience_days,
                parent=None,
            ),
        )
    yield from _children(scenario, name, crisis, streams, (within, onsets, happens))


def _children(
    scenario: Scenario,
    name: str,
    crisis: Crisis,
    streams: _Streams,
    parents: tuple[list[int], list[float], list[bool]],
) -> Iterator[tuple[int, Occurrence]]:
    within, onsets, happens = parents
    count = len(onsets)
    for number, spill in enumerate(crisis.spills_over):
        key = ("spill", str(number), spill.to)
        alike = [each.to for each in crisis.spills_over]
        before = alike[:number].count(spill.to)  # children of one name, which share their draws, each have their own
        spilled = _chances(spill.chance, streams.of(*key, "chance"), count)
        after = draws(spill.after_days, streams.of(*key, "after"), count)
        lasts = draws(spill.lasts_days, streams.of(*key, "lasts"), count)
        needs = _needs(spill.needs, streams, key, count)
        for place in range(count):
            onset = onsets[place] + after[place]
            if not (happens[place] and spilled[place] and onset < scenario.days):
                continue
            yield (
                within[place],
                Occurrence(
                    crisis=f"{name} → {spill.to}",
                    luck=before * count + place,
                    lucks=alike.count(spill.to) * count,
                    mission=spill.to,
                    severity=crisis.severity,
                    known_day=onset,
                    onset_day=onset,
                    happens=True,
                    phases=(PhaseDraw(None, lasts[place], needs[place]),),
                    escalation=None,
                    patience_days=None,
                    parent=name,
                ),
            )


def _onsets(scenario: Scenario, crisis: Crisis, streams: _Streams) -> tuple[list[int], list[float]]:
    """Replication within the block, and onset day, of every occurrence; by replication, then by day."""
    if crisis.on is not None:
        day = scenario.day(crisis.on)
        return (list(range(BLOCK)), [day] * BLOCK) if 0 <= day < scenario.days else ([], [])
    days, intensity = cumulative_intensity(scenario, crisis)
    counts = streams.of("count")().poisson(intensity[-1], BLOCK)
    luck = streams.of("onset")().random(int(counts.sum()))
    within = np.repeat(np.arange(BLOCK), counts)
    onsets = np.interp(luck * intensity[-1], intensity, days)
    order = np.lexsort((onsets, within))
    return within.tolist(), onsets[order].tolist()


def cumulative_intensity(scenario: Scenario, crisis: Crisis) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days and the expected number of onsets until then: zero while the mission is not active, seasonal by month.

    Season weights are scaled so that a year (of 365 days) has as many onsets as without a season.
    """
    assert crisis.every_days is not None
    active = scenario.missions[crisis.mission].active
    start = max(0.0, scenario.day(active.from_)) if active.from_ else 0.0
    end = min(scenario.days, scenario.day(active.to) + 1) if active.to else scenario.days
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


def _phases(crisis: Crisis, streams: _Streams, count: int) -> list[tuple[PhaseDraw, ...]]:
    drawn = []
    for number, phase in enumerate(crisis.stages):
        key = ("phase", str(number))
        lasts = draws(phase.lasts_days, streams.of(*key, "lasts"), count)
        needs = _needs(phase.needs, streams, key, count)
        drawn.append([PhaseDraw(phase.name, *both) for both in zip(lasts, needs, strict=True)])
    return list(zip(*drawn, strict=True))


def _needs(needs: Needs, streams: _Streams, key: tuple[str, ...], count: int) -> list[tuple[tuple[str, int], ...]]:
    drawn = {
        resource: whole_draws(units, streams.of(*key, "needs", resource), count) for resource, units in needs.items()
    }
    return [tuple((name, units[place]) for name, units in drawn.items() if units[place]) for place in range(count)]


def _escalations(crisis: Crisis, streams: _Streams, count: int) -> list[EscalationDraw | None]:
    rule = crisis.escalates
    if rule is None:
        return [None] * count
    lucks = _chances(rule.chance, streams.of("escalates", "chance"), count)
    extends = draws(rule.extends_days, streams.of("escalates", "extends"), count)
    return [EscalationDraw(rule.if_short_days, *both, rule.grows) for both in zip(lucks, extends, strict=True)]


def _chances(chance: float, stream_of: Callable[[], Generator], count: int) -> list[bool]:
    """Whether each of `count` things of this chance comes true."""
    if chance in (0, 1):
        return [bool(chance)] * count
    return [luck < chance for luck in stream_of().random(count).tolist()]
