"""Marks for estimates, a row an option: dots, bars, whiskers, a reference line, and a column of values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from sim.charts.house import words
from sim.charts.house.cache import cached
from sim.charts.house.sheet import SMALL
from sim.charts.house.style import GREY, HIGHLIGHT, INK, Look, nth_look
from sim.comparison.answer import answer
from sim.comparison.comparison import Comparison, Estimate
from sim.measures.catalogue import ALL_MEASURES as MEASURES
from sim.scenario.loaded import LoadedScenario

MARK, CAPS = 9.0, 18.0
"""Points: the size of a mark, and of the ends of its interval, which show even where the mark is wider than it."""
BEYOND = 12.0
"""Points between the axes and a column of values: a mark on the edge leaves a gap."""


def looks_of(scenario: LoadedScenario, options: Sequence[str], shown: str | None = None) -> list[Look]:
    """The look of each option, by its order in the scenario: ink, but for the one that is `shown` before others."""
    order = {name: k for k, name in enumerate(scenario.options)}
    drawn = [nth_look(order.get(name, k)) for k, name in enumerate(options)]
    return [
        look._replace(colour=HIGHLIGHT) if name == shown else look for name, look in zip(options, drawn, strict=True)
    ]


@cached
def highlighted(comparison: Comparison) -> str | None:
    """The option that the answer is about, where it is better beyond doubt; without results the one that leads in unmet
    need. None where there is none."""
    if comparison.results is None:
        return words.leader(comparison, "unmet_unit_days")
    first = answer(comparison).first
    return first.option if first is not None and first.better else None


def looks(comparison: Comparison) -> list[Look]:
    """The look of each option of a comparison: the answer's is highlighted."""
    return looks_of(comparison.scenario, list(comparison.options), highlighted(comparison))


def possible(measure: str, estimate: Estimate) -> Estimate:
    """An estimate whose interval reaches no further than the measure can: no less than nothing, no more than all."""
    most = 1.0 if MEASURES[measure].unit == "%" else math.inf
    low, high = (
        min(max(end, min(0.0, estimate.mean)), max(most, estimate.mean)) for end in (estimate.low, estimate.high)
    )
    return estimate if math.isnan(estimate.low) else replace(estimate, low=low, high=high)


def span(estimates: Sequence[Estimate], most: float = 0.0) -> tuple[float, float]:
    """From 0 to `most`, or as far as the intervals reach beyond."""
    ends = words.ends(estimates)
    return min([0.0, *ends]), max([most, *ends])


def whisker(axes: Axes, row: float, estimate: Estimate, colour: str = INK, dashes: Any = "-") -> None:
    """An interval as a line with ends that stand out above and below any mark; nothing where it is undefined."""
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        ends = [estimate.low, estimate.high]
        axes.plot(ends, [row, row], color=colour, lw=2.0, ls=dashes, zorder=4)
        axes.plot(ends, [row, row], "|", color=colour, ms=CAPS, mew=1.6, zorder=4, clip_on=False)


def dot(axes: Axes, row: float, estimate: Estimate, look: Look, *, dashes: Any = "-", **how: Any) -> None:
    """A mark with its interval; nothing where it is undefined."""
    if math.isfinite(estimate.mean):
        whisker(axes, row, estimate, look.colour, dashes)
        axes.plot(estimate.mean, row, "o", color=look.colour, zorder=5, **{"ms": MARK} | how)


def bar(axes: Axes, row: float, estimate: Estimate, look: Look, start: float = 0.0) -> None:
    """A bar from `start` on, with its interval; nothing where it is undefined."""
    if math.isfinite(estimate.mean):
        axes.barh(row, estimate.mean, 0.55, start, facecolor=look.colour, lw=0)
        ends = replace(estimate, low=start + estimate.low, high=start + estimate.high)
        whisker(axes, row, ends, INK if look.colour != INK else GREY)


def falling_bars(axes: Axes, falls: Sequence[tuple[float, float, str]]) -> None:
    """A bar a row from (start, by so much, in its colour), each led over to where the next begins."""
    for row, (start, change, colour) in enumerate(falls):
        axes.barh(row, change, 0.6, start, facecolor=colour, lw=0)
        if row < len(falls) - 1:
            end = start + change
            axes.plot([end, end], [row - 0.3, row + 1.3], color=GREY, lw=0.8, ls=(0, (2, 2)), zorder=0)


def weight_of(look: Look) -> float:
    """Points of an option's line: the highlighted one is seen first."""
    return 3.0 if look.colour == HIGHLIGHT else 1.3


def band_line(axes: Axes, x: Sequence[float], estimates: Sequence[Estimate], look: Look, **how: Any) -> None:
    """A line through the means with the intervals as a band, as narrow as the line where there is none."""
    low = [each.low if math.isfinite(each.low) else each.mean for each in estimates]
    high = [each.high if math.isfinite(each.high) else each.mean for each in estimates]
    axes.fill_between(x, low, high, color=look.colour, alpha=0.12, lw=0)
    means = [each.mean for each in estimates]
    axes.plot(x, means, color=look.colour, ls=look.dashes, lw=weight_of(look), marker=look.marker, mec="white", **how)


def reference_line(axes: Axes, at: float) -> None:
    """A dotted line down through the reference's mean."""
    if math.isfinite(at):
        axes.axvline(at, color=GREY, lw=1.2, ls=(0, (1.5, 2)), zorder=1)


def value_column(  # noqa: PLR0913  # where it stands and how, by name
    axes: Axes, said: Sequence[str], size: float, *, weight: str = "bold", at: float | None = None, head: str = ""
) -> None:
    """Values in a column at the right of the axes, beyond any mark at their edge, or `at` times their width, there with
    a `head` over them."""
    if at is not None and head:
        axes.text(at, 1.01, head, transform=axes.transAxes, fontsize=11, va="bottom")
    beside = blended_transform_factory(axes.transAxes, axes.transData)
    away = (BEYOND, 0) if at is None else (0, 0)
    for row, text in enumerate(said):
        axes.annotate(
            text, (1 if at is None else at, row), away, xycoords=beside, textcoords="offset points",
            fontsize=max(SMALL, size), fontweight=weight, va="center", ha="left", annotation_clip=False,
        )  # fmt: skip
