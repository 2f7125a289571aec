"""Marks for estimates, a row an option: dots, bars, whiskers, a reference line, and a column of values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.transforms import blended_transform_factory

from sim.charts.house.sheet import SMALL
from sim.charts.house.style import GREY, INK, Look, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.comparison.comparison import Comparison, Estimate
    from sim.scenario.nouns.scenario import Scenario


MARK, CAPS = 9.0, 18.0
"""Points: the size of a mark, and of the ends of its interval, which show even where the mark is wider than it."""
BEYOND = 12.0
"""Points between the axes and a column of values: a mark on the edge leaves a gap."""


def looks_of(scenario: Scenario, options: Sequence[str]) -> list[Look]:
    """The look of each option, by its place in the scenario."""
    order = {name: place for place, name in enumerate(scenario.options)}
    return [look(order.get(name, place)) for place, name in enumerate(options)]


def looks(comparison: Comparison) -> list[Look]:
    """The look of each option of a comparison."""
    return looks_of(comparison.scenario, list(comparison.options))


def span(estimates: Sequence[Estimate], low: float, high: float) -> tuple[float, float]:
    """From `low` to `high`, or as far as the intervals reach beyond."""
    ends = [end for each in estimates for end in (each.mean, each.low, each.high) if math.isfinite(end)]
    return min([low, *ends]), max([high, *ends])


def whisker(axes: Axes, row: float, estimate: Estimate, colour: str = INK, dashes: Any = "-") -> None:
    """An interval as a line with ends that stand out above and below any mark; nothing where it is undefined."""
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        ends = [estimate.low, estimate.high]
        axes.plot(ends, [row, row], color=colour, lw=2.0, ls=dashes, zorder=4)
        axes.plot(ends, [row, row], "|", color=colour, ms=CAPS, mew=1.6, zorder=4, clip_on=False)


def dots(axes: Axes, estimates: Sequence[Estimate], comparison: Comparison) -> None:
    """A mark with its interval in each row."""
    for row, (estimate, as_) in enumerate(zip(estimates, looks(comparison), strict=True)):
        if math.isfinite(estimate.mean):
            whisker(axes, row, estimate, as_.colour)
            axes.plot(estimate.mean, row, as_.marker, color=as_.colour, ms=MARK, zorder=5, clip_on=False)


def bars(axes: Axes, estimates: Sequence[Estimate], comparison: Comparison) -> None:
    """A bar with its interval in each row."""
    for row, (estimate, as_) in enumerate(zip(estimates, looks(comparison), strict=True)):
        if math.isfinite(estimate.mean):
            axes.barh(row, estimate.mean, height=0.55, facecolor=as_.colour, hatch=as_.hatch, edgecolor="white", lw=0)
            whisker(axes, row, estimate, INK if as_.colour != INK else GREY)


def reference_line(axes: Axes, at: float) -> None:
    """A dotted line down through the reference's mean."""
    if math.isfinite(at):
        axes.axvline(at, color=GREY, lw=1.2, ls=(0, (1.5, 2)), zorder=1)


def value_column(
    axes: Axes, said: Sequence[str], size: float, *, weight: str = "bold", at: float | None = None
) -> None:
    """Values in a column at the right of the axes, beyond any mark at their edge, or `at` times their width."""
    place = blended_transform_factory(axes.transAxes, axes.transData)
    away = (BEYOND, 0) if at is None else (0, 0)
    for row, text in enumerate(said):
        axes.annotate(
            text, (1 if at is None else at, row), away, xycoords=place, textcoords="offset points",
            fontsize=max(SMALL, size), fontweight=weight, va="center", ha="left", annotation_clip=False,
        )  # fmt: skip
