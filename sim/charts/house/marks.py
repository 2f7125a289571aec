"""Marks for estimates, a row an option: dots, bars, whiskers, a reference line, and a column of values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.transforms import blended_transform_factory

from sim.charts.house.sheet import SMALLEST
from sim.charts.house.style import GREY, INK, Look, look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.scenario.nouns import Scenario
    from sim.study.comparison import Comparison, Estimate


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


def whisker(axes: Axes, row: float, estimate: Estimate, colour: str = INK, *, width: float = 2.0) -> None:
    """An interval as a line with ends; nothing where it is undefined."""
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        axes.plot(
            [estimate.low, estimate.high], [row, row], color=colour, lw=width, marker="|", ms=9, mew=width, zorder=4
        )


def dots(axes: Axes, estimates: Sequence[Estimate], comparison: Comparison) -> None:
    """A mark with its interval in each row."""
    for row, (estimate, as_) in enumerate(zip(estimates, looks(comparison), strict=True)):
        if math.isfinite(estimate.mean):
            whisker(axes, row, estimate, as_.colour)
            axes.plot(
                estimate.mean, row, as_.marker, color=as_.colour, ms=10, mec="white", mew=1, zorder=5, clip_on=False
            )


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


def value_column(axes: Axes, said: Sequence[str], size: float, *, weight: str = "bold", at: float = 1.03) -> None:
    """Values in a column at the right of the axes, `at` times their width."""
    place = blended_transform_factory(axes.transAxes, axes.transData)
    for row, text in enumerate(said):
        axes.text(
            at, row, text, transform=place, fontsize=max(SMALLEST, size), fontweight=weight, va="center", ha="left"
        )
