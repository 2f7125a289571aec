"""One replication whose log was kept, from a comparison's results or from a story: what the charts of a log draw."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeGuard, cast

import numpy as np

from sim.charts.house import words
from sim.scenario.files.patch import with_option
from sim.words.names import plural

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.comparison.comparison import Comparison
    from sim.operations.log import CrisisRecord, Level, LoanRecord
    from sim.questions.story.story import Story
    from sim.scenario.nouns.scenario import Scenario

Cell = tuple[str, str]


class Episode(NamedTuple):
    """One replication of one option; `scenario` has the option's change applied."""

    scenario: Scenario
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
        table = [(each.day, each.requirement, each.present, each.borrowed, each.shortfall) for each in levels]
        if not table or table[0][0] > 0:
            table.insert(0, (0.0, 0, 0, 0, 0))
        return cls(*np.asarray(table, dtype=float).T)

    def integral(self, what: NDArray[np.float64], days: float) -> float:
        """The time integral of one of the arrays over the period, in unit-days."""
        return float(np.sum(what * np.diff(self.day, append=days)))

    def at(self, grid: NDArray[np.float64], what: NDArray[np.float64]) -> NDArray[np.float64]:
        """One of the arrays, or several side by side, at the days of `grid`."""
        return what[..., np.searchsorted(self.day, grid, side="right") - 1]


def kept_replications(comparison: Comparison) -> tuple[int, ...]:
    """The numbers of the replications of a comparison that can be read back."""
    return comparison.results.kept_replications if comparison.results is not None else ()


def featured(comparison: Comparison) -> str:
    """The option shown where there is room for one: what really happened, else the best, else any other."""
    recorded = [name for name in comparison.options if comparison.scenario.options[name].record]
    others = [*comparison.differences, comparison.reference]
    return (recorded or [words.leader(comparison, "unmet_unit_days") or others[0]])[0]


def typical(comparison: Comparison, option: str) -> int:
    """The kept replication whose unmet need is the nearest to the median of those kept."""
    assert comparison.results is not None
    kept = kept_replications(comparison)
    unmet = comparison.results.sample(option, "unmet_unit_days")[: len(kept)]  # both are in order of replication
    return kept[int(np.argmin(np.abs(unmet - np.median(unmet))))]


def is_story(source: Comparison | Story) -> TypeGuard[Story]:
    """Whether it is one replication rather than a comparison."""
    return hasattr(source, "levels")


def episode(source: Comparison | Story, option: str | None = None, replication: int | None = None) -> Episode | None:
    """One replication of one option to draw; None where the results kept no logs."""
    if is_story(source):
        levels: dict[Cell, list[Level]] = {source.theatre.place(cell): [] for cell in source.theatre.cells_in_use}
        for level in source.levels:
            levels.setdefault(source.theatre.place(level.cell), []).append(level)
        return Episode(source.scenario, source.option, source.replication, source.crises, source.loans, levels)
    comparison = cast("Comparison", source)
    if comparison.results is None or not kept_replications(comparison):
        return None
    option = option or featured(comparison)
    number = typical(comparison, option) if replication is None else replication
    read = comparison.results
    return Episode(
        with_option(comparison.scenario, option),
        option,
        number,
        read.crises(option, number),
        read.loans(option, number),
        read.levels(option, number),
    )


def told(source: Comparison | Story, story: Episode) -> str:
    """The caption's fact on which replication is shown."""
    where = f"Replication {story.replication} of {words.quoted(words.label(story.scenario, story.option))}"
    if is_story(source):
        return where
    comparison = cast("Comparison", source)
    kept = plural(len(kept_replications(comparison)), "replication")
    chosen = story.replication == typical(comparison, story.option)
    why = "the nearest to the median unmet need of" if chosen and kept_replications(comparison)[1:] else "one of"
    return f"{where}: {why} {kept} kept, not a mean"


def cells_worth_showing(weights: Mapping[Cell, float], most: int) -> list[Cell]:
    """At most `most` cells, those of the greatest weight, in their own order; without any weight, the first."""
    able = [cell for cell, weight in weights.items() if math.isfinite(weight) and weight > 0] or list(weights)
    best = set(sorted(able, key=lambda cell: -weights[cell])[:most])
    return [cell for cell in weights if cell in best]


NOT_KEPT = "No replication's log was kept, so there is nothing to show (run with --keep-loans 1 or more)"
