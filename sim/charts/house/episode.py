"""One replication whose log was kept, from a comparison's results or from a story: what the charts of a log draw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.charts.house import words
from sim.comparison.comparison import Comparison
from sim.operations.log import CrisisRecord, Level, LoanRecord
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario, with_option
from sim.words.language import Phrase, PhraseN, phrase

Cell = tuple[str, str]
NO_LOGS = Phrase("No replication's log was kept, so there is nothing to show (run with --keep-loans 1 or more)")


class Episode(NamedTuple):
    """One replication of one option; `scenario` has the option's change applied."""

    scenario: LoadedScenario
    option: str
    replication: int
    crises: Sequence[CrisisRecord]
    loans: Sequence[LoanRecord]
    levels: Mapping[Cell, Sequence[Level]]


class Steps(NamedTuple):
    """A cell's levels as arrays: each value holds from its day until the next."""

    day: NDArray[np.float64]
    requirement: NDArray[np.float64]
    present: NDArray[np.float64]
    borrowed: NDArray[np.float64]
    shortfall: NDArray[np.float64]

    @classmethod
    def of(cls, levels: Sequence[Level]) -> Steps:
        """The levels of one cell, in order of day; before the first of them nothing is needed or there."""
        table = [(level.day, level.requirement, level.present, level.borrowed, level.shortfall) for level in levels]
        if not table or table[0][0] > 0:
            table.insert(0, (0.0, 0, 0, 0, 0))
        return cls(*np.asarray(table, dtype=float).T)

    def integral(self, what: NDArray[np.float64], days: float) -> float:
        """The time integral of one of the arrays over the period, in unit-days."""
        return float(np.sum(what * np.diff(self.day, append=days)))

    def at(self, grid: NDArray[np.float64], what: NDArray[np.float64]) -> NDArray[np.float64]:
        """One of the arrays, or several side by side, at the days of `grid`."""
        return what[..., np.searchsorted(self.day, grid, side="right") - 1]


def kept_replications(source: Comparison | Story) -> tuple[int, ...]:
    """The numbers of the replications whose logs can be read back: of a story its own."""
    if not isinstance(source, Comparison):
        return (source.replication,)
    return source.results.kept_replications if source.results is not None else ()


def option_shown(source: Comparison | Story, option: str | None = None) -> str:
    """The option shown where there is room for one: a story's, the one asked for, or else what really happened, the
    best, or any but the reference."""
    if not isinstance(source, Comparison):
        return source.option
    recorded = [name for name in source.options if source.scenario.options[name].record]
    others = [*source.differences, source.reference]
    return option or (recorded or [words.leader(source, "unmet_unit_days") or others[0]])[0]


def option_name(source: Comparison | Story, option: str | None = None) -> str:
    """The name of that option, in quotes."""
    return words.quoted(words.label(source.scenario, option_shown(source, option)))


def typical(comparison: Comparison, option: str) -> int:
    """The kept replication whose unmet need is the nearest to the median of those kept."""
    assert comparison.results is not None
    kept = kept_replications(comparison)
    unmet = comparison.results.sample(option, "unmet_unit_days")[: len(kept)]  # both are in order of replication
    return kept[int(np.argmin(np.abs(unmet - np.median(unmet))))]


def loans_by_replication(source: Comparison | Story, option: str | None) -> Iterator[Sequence[LoanRecord]]:
    """The loans of every replication that was kept, or of the story's."""
    if not isinstance(source, Comparison):
        yield source.loans
        return
    for replication in kept_replications(source):
        assert source.results is not None
        yield source.results.loans(option_shown(source, option), replication)


def episode(source: Comparison | Story, option: str | None = None, replication: int | None = None) -> Episode | None:
    """One replication of one option to draw; None where the results kept no logs."""
    if not isinstance(source, Comparison):
        place = source.theatre.place
        levels: dict[Cell, list[Level]] = {place(cell): [] for cell in source.theatre.cells_in_use}
        for level in source.levels:
            levels.setdefault(place(level.cell), []).append(level)
        return Episode(source.scenario, source.option, source.replication, source.crises, source.loans, levels)
    results = source.results
    if results is None or not results.kept_replications:
        return None
    option = option_shown(source, option)
    number = typical(source, option) if replication is None else replication
    log = results.crises(option, number), results.loans(option, number), results.levels(option, number)
    return Episode(with_option(source.scenario, option), option, number, *log)


def replication_fact(source: Comparison | Story, shown: Episode) -> str:
    """The caption's fact on which replication is shown."""
    name = words.quoted(words.label(shown.scenario, shown.option))
    where = phrase("Replication {number} of {name}", number=shown.replication, name=name)
    if not isinstance(source, Comparison):
        return where
    count = len(kept_replications(source))
    chosen = count > 1 and shown.replication == typical(source, shown.option)
    said = NEAREST_TO_MEDIAN if chosen else ONE_OF_KEPT
    return said(count, which=where)


NEAREST_TO_MEDIAN = PhraseN(
    "{which}: the nearest to the median unmet need of {n:,} replication kept, not a mean",
    "{which}: the nearest to the median unmet need of {n:,} replications kept, not a mean",
)
ONE_OF_KEPT = PhraseN(
    "{which}: one of {n:,} replication kept, not a mean", "{which}: one of {n:,} replications kept, not a mean"
)


def cells_worth_showing(weights: Mapping[Cell, float], most: int) -> list[Cell]:
    """At most `most` cells, those of the greatest weight, in their own order; without any weight, the first."""
    able = [cell for cell, weight in weights.items() if math.isfinite(weight) and weight > 0] or list(weights)
    best = set(sorted(able, key=lambda cell: -weights[cell])[:most])
    return [cell for cell in weights if cell in best]
