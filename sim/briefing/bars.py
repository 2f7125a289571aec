"""Bars that a briefing draws itself, natively on slides and in the report on a phone (`phone`): what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.charts.house.marks import looks, possible
from sim.charts.house.style import CAUSES
from sim.measures.catalogue import ALL_MEASURES
from sim.measures.causes import CAUSE_NAMES
from sim.measures.figures import difference_in_figures, in_figures
from sim.operations.log import CAUSES as LOGGED
from sim.words import numbers
from sim.words.direction import readable
from sim.words.language import phrase
from sim.words.names import labelled

if TYPE_CHECKING:
    from sim.charts.house.style import Look
    from sim.comparison.comparison import Comparison
    from sim.statistics.estimates import Estimate

UNMET = "unmet_unit_days"
EXPOSURE = "exposure_unit_days"


class Bars(NamedTuple):
    """A bar a row with its interval, the first on top."""

    title: str
    names: Sequence[str]
    estimates: Sequence[Estimate]
    looks: Sequence[Look]
    figures: Sequence[tuple[str, str]]
    """Mean and interval of each row, as people read them."""
    are_shares: bool = False
    most: float | None = None
    """Where the axis ends; None: with the longest interval."""
    hollow: Sequence[int] = ()
    """Bars left unfilled: differences that are not significant."""


class Stacks(NamedTuple):
    """A stacked bar a row, the first on top; parts wide enough carry their number."""

    title: str
    labels: Sequence[str]
    wholes: Sequence[str]
    """How much each row is in all, as people read it."""
    parts: Mapping[str, Sequence[float]]
    colours: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """Each row's label with how much it is in all."""
        both = zip(self.labels, self.wholes, strict=True)
        return [labelled(label, whole) for label, whole in both]


def labels(comparison: Comparison) -> list[str]:
    """What the options are called, each on one line."""
    return [readable(" ".join(option.label.split())) for option in comparison.options.values()]


def means(comparison: Comparison, measure: str, title: str) -> Bars:
    """A measure by option."""
    estimates = [option.measures[measure] for option in comparison.options.values()]
    figures = [in_figures(measure, each) for each in estimates]
    are_shares = ALL_MEASURES[measure].unit == "%"
    most = 1.0 if are_shares and all(each.high <= 1 for each in estimates) else None
    estimates = [possible(measure, each) for each in estimates]
    return Bars(title, labels(comparison), estimates, looks(comparison), figures, are_shares, most)


def differences(comparison: Comparison) -> Bars:
    """What unmet need changes by against the reference."""
    names = dict(zip(comparison.options, labels(comparison), strict=True))
    drawn = dict(zip(comparison.options, looks(comparison), strict=True))
    estimates = [by[UNMET] for by in comparison.differences.values()]
    return Bars(
        phrase("Unmet need (unit-days)"),
        [names[option] for option in comparison.differences],
        estimates,
        [drawn[option] for option in comparison.differences],
        [difference_in_figures(UNMET, each) for each in estimates],
        hollow=[row for row, each in enumerate(estimates) if not each.significant],
    )


def causes(comparison: Comparison) -> Stacks:
    """Unmet need by what held units up, as far as there is any."""
    options = comparison.options.values()
    parts = {cause: [float(option.unmet_by_cause[cause].mean) for option in options] for cause in LOGGED}
    parts = {cause: values for cause, values in parts.items() if any(value > 0 for value in values)}
    unmet = [numbers.number(option.measures[UNMET].mean) for option in options]
    return Stacks(
        phrase("Unmet need (unit-days)"),
        labels(comparison),
        unmet,
        {CAUSE_NAMES[cause](): values for cause, values in parts.items()},
        {CAUSE_NAMES[cause](): CAUSES[cause] for cause in parts},
    )
