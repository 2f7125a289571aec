"""Paired differences from the reference, by option: filled marks where the interval leaves out 0, hollow where not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.charts.house import words
from sim.charts.house.marks import looks, value_column
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import Area, Names, Sign, axes_in, key, row_names, rows_axis, sheet, statement
from sim.charts.house.style import GREY, INK, Chart, Look, housed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.comparison import Comparison, Estimate

SHOWN = ("unmet_unit_days", "response_days", "cost_usd")
"""The measures drawn, a panel each."""


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option and measure: the paired difference (option − reference), its interval, whether significant."""
    return [
        {"option": name, "label": words.label(comparison.scenario, name), "measure": measure}
        | words.figures(difference=by[measure])
        | {"significant": words.significant(by[measure])}
        for name, by in comparison.differences.items()
        for measure in SHOWN
        if measure in by
    ]


def finding(comparison: Comparison) -> str:
    """What the chart says, in a sentence."""
    by_option = comparison.differences
    reference = words.quoted(comparison.options[comparison.reference].label)
    best = words.leader(comparison, "unmet_unit_days")
    if best is not None:
        change = by_option[best]["unmet_unit_days"].mean
        base = comparison.options[comparison.reference].measures["unmet_unit_days"].mean
        share = f" ({words.percent(-change / base)})" if base > 0 else ""
        name = words.quoted(comparison.options[best].label)
        return f"Under {name} unmet need is {words.number(-change)} unit-days{share} lower than under {reference}"
    worse = [name for name, by in by_option.items() if words.significant(by.get("unmet_unit_days"))]
    if worse:
        count = words.plural(len(worse), "option is", "options are")
        return f"No option meets significantly more need than {reference}; {count} significantly worse"
    return words.no_difference(comparison, "unmet need")


def alt(comparison: Comparison) -> str:
    """The chart in words."""
    said = []
    for name, by in comparison.differences.items():
        estimate = by["unmet_unit_days"]
        verdict = "" if words.significant(estimate) else ", not significant"
        reach = f"{words.number(estimate.low)} to {words.number(estimate.high)}{verdict}"
        said.append(f"{comparison.options[name].label}: {words.number(estimate.mean)} unit-days ({reach})")
    reference = comparison.options[comparison.reference].label
    each = "; ".join(said)
    return f"Differences from {reference}, by option, with intervals. {finding(comparison)}. Unmet need: {each}."


@housed
def draw(comparison: Comparison) -> Chart:
    """A panel per measure, a row per option."""
    how = f"differences from {words.quoted(comparison.options[comparison.reference].label)}, paired by replication"
    n = comparison.replications
    fact = f"n = {n:,} replications, whiskers: {words.interval(comparison.confidence)} of the mean difference"
    caption = words.caption(comparison, fact if n > 1 else "n = 1 replication: no interval")
    if not comparison.differences:
        return statement(finding(comparison), caption, shown=how.capitalize())
    chart, area = sheet(finding(comparison), how[0].upper() + how[1:], caption, alt=alt(comparison))
    signs = [
        Sign("significant: the interval leaves out 0", INK, marker="o", dashes="-"),
        Sign("not significant", INK, marker="o", dashes=(0, (1.5, 1.5)), filled=False),
    ]
    area = key(chart, signs, area).inset(bottom=0.55, top=0.3)
    names = row_names([comparison.options[name].label for name in comparison.differences], area.height, 3.0)
    _panels(chart, area, names, comparison)
    return chart


def _panels(chart: Chart, area: Area, names: Names, comparison: Comparison) -> None:
    measures = [name for name in SHOWN if all(name in by for by in comparison.differences.values())]
    left = area.left + names.inches
    room, gap = area.right - left, 0.3
    shares = {"unmet_unit_days": 1.35}
    whole = sum(shares.get(name, 1.0) for name in measures)
    for measure in measures:
        wide = (room - gap * (len(measures) - 1)) * shares.get(measure, 1.0) / whole
        panel = Area(left, area.bottom, left + wide, area.top)
        axes = axes_in(chart, panel.inset(right=1.05))
        rows_axis(axes, names if measure == measures[0] else None, len(comparison.differences))
        _panel(axes, comparison, measure, min(names.size, 11.0))
        left += wide + gap


def _panel(axes: Axes, comparison: Comparison, measure: str, size: float) -> None:
    as_ = words.MEASURES[measure]
    estimates = [by[measure] for by in comparison.differences.values()]
    ends = [end for each in estimates for end in (each.mean, each.low, each.high) if math.isfinite(end)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    if low == high:
        low, high = -1.0, 1.0
    pad = 0.06 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    axes.axvline(0, color=INK, lw=1.2)
    order = dict(zip(comparison.options, looks(comparison), strict=True))
    for row, (name, estimate) in enumerate(zip(comparison.differences, estimates, strict=True)):
        _mark(axes, row, estimate, order[name])
    scaled_axis(axes, as_.unit, "", ticks=3)
    axes.set_xlabel(f"← less is better     {axes.get_xlabel()}" if not as_.more_is_better else axes.get_xlabel())
    axes.set_title(as_.name, x=0)
    said = [_signed(measure, each) for each in estimates]
    for value, estimate in zip(said, estimates, strict=True):
        weight = "bold" if words.significant(estimate) else "normal"
        blank = [value if other is estimate else "" for other in estimates]
        value_column(axes, blank, size, weight=weight)


def _signed(measure: str, estimate: Estimate) -> str:
    text = words.MEASURES[measure].plain(estimate.mean)
    return "+" + text if estimate.mean > 0 and math.isfinite(estimate.mean) else text


def _mark(axes: Axes, row: int, estimate: Estimate, as_: Look) -> None:
    if not math.isfinite(estimate.mean):
        axes.plot(0, row, "x", color=GREY, ms=7, clip_on=False)
        return
    sure = words.significant(estimate)
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        dashes = "-" if sure else (0, (1.5, 1.5))
        axes.plot([estimate.low, estimate.high], [row, row], color=as_.colour, lw=2.2, ls=dashes, zorder=3)
    face = as_.colour if sure else "white"
    axes.plot(estimate.mean, row, as_.marker, color=as_.colour, mfc=face, mew=1.8, ms=9, zorder=4)
