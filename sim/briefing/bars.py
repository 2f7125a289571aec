"""Bars that a briefing draws itself, natively on slides and in the report on a phone: what they show."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.charts.causes import CAUSE_NAMES
from sim.charts.house.marks import looks, possible
from sim.charts.house.style import CAUSES
from sim.measures.catalogue import ALL_MEASURES
from sim.measures.figures import difference_in_figures, in_figures
from sim.operations.log import CAUSES as LOGGED
from sim.words import numbers
from sim.words.direction import readable
from sim.words.language import phrase

if TYPE_CHECKING:
    from sim.charts.house.style import Hue, Look
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
    hues: Mapping[str, Hue]

    @property
    def names(self) -> list[str]:
        """Each row's label with how much it is in all."""
        both = zip(self.labels, self.wholes, strict=True)
        return [phrase("{label}: {value}", label=label, value=whole) for label, whole in both]


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


class Part(NamedTuple):
    """A piece of a bar; lengths are shares of the whole width, in per cent."""

    left: float
    width: float
    colour: str
    pen: str = ""
    """Colour of its number; none: it carries none."""
    number: str = ""
    hollow: bool = False


class Row(NamedTuple):
    """A bar under its name."""

    name: str
    figure: str
    parts: Sequence[Part]
    whisker: Part | None = None


class Stacked(NamedTuple):
    """Bars under their names, one below the other: they fit a phone."""

    title: str
    rows: Sequence[Row]
    key: Sequence[tuple[str, str]] = ()
    """Colours and what they stand for."""


def stacked(comparison: Comparison, chart: str) -> list[Stacked]:
    """What a phone shows in place of a chart; empty for a chart that is more than bars."""
    if chart == "coverage":
        drawn = [
            means(comparison, "coverage", phrase("Coverage")),
            means(comparison, UNMET, phrase("Unmet need (unit-days)")),
        ]
        return [_stacked_bars(each) for each in drawn]
    if chart == "differences" and comparison.differences:
        return [_stacked_bars(differences(comparison))]
    return [_stacked_causes(causes(comparison))] if chart == "causes" else []


def _stacked_bars(bars: Bars) -> Stacked:
    ends = [end for each in bars.estimates for end in (each.mean, each.low, each.high) if math.isfinite(end)]
    low, high = min([0.0, *ends]), bars.most or max([0.0, *ends])

    def part(first: float, last: float, colour: str = "", *, hollow: bool = False) -> Part:
        start, end = sorted(
            100 * (each - low) / (high - low or 1) if math.isfinite(each) else 0 for each in (first, last)
        )
        return Part(start, end - start, colour, hollow=hollow)

    rows = [
        Row(
            name,
            f"{mean} ({interval})" if interval else mean,
            [part(0, each.mean, look.colour, hollow=row in bars.hollow)],
            part(each.low, each.high) if math.isfinite(each.low) and math.isfinite(each.high) else None,
        )
        for row, (name, each, look, (mean, interval)) in enumerate(
            zip(bars.names, bars.estimates, bars.looks, bars.figures, strict=True)
        )
    ]
    return Stacked(bars.title, rows)


def _stacked_causes(stacks: Stacks) -> Stacked:
    longest = max((sum(values) for values in zip(*stacks.parts.values(), strict=True)), default=0.0) or 1.0
    rows = []
    for index, (label, whole) in enumerate(zip(stacks.labels, stacks.wholes, strict=True)):
        left, parts = 0.0, []
        for cause, values in stacks.parts.items():
            width, hue = 100 * values[index] / longest, stacks.hues[cause]
            if values[index] > 0:
                number = numbers.number(values[index]) if width > 12 else ""
                parts.append(Part(left, width, hue.colour, hue.pen, number))
            left += width
        rows.append(Row(label, whole, parts))
    return Stacked(stacks.title, rows, [(stacks.hues[cause].colour, cause) for cause in stacks.parts])
