"""Paired differences from the reference, by option: filled marks where the interval leaves out 0, hollow where not."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.charts.house import words
from sim.charts.house.marks import BEYOND, MARK, looks, value_column, whisker
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import (
    Area,
    Names,
    Sign,
    axes_in,
    key,
    row_names,
    rows_axis,
    sheet,
    statement,
    text_width,
)
from sim.charts.house.style import GREY, INK, Chart, Look, housed
from sim.measures.catalogue import ALL_MEASURES as MEASURES
from sim.words.names import plural, small

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.comparison.comparison import Comparison, Estimate

SHOWN = ("unmet_unit_days", "response_days", "exposure_unit_days", "cost_usd")
"""The measures drawn, a panel each: what an option gains, and the price in the lenders' need and in dollars."""

LEAST = 10_000
"""Dollars that are said in millions beside others: of fewer nothing would be left."""


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
        less = words.figure("unmet_unit_days", -change)
        return f"Under {name} unmet need is {less} unit-days{share} lower than under {reference}"
    worse = [name for name, by in by_option.items() if words.significant(by.get("unmet_unit_days"))]
    if worse:
        count = plural(len(worse), "option is", "options are")
        return f"No option meets significantly more need than {reference}; {count} significantly worse"
    return words.no_difference(comparison, "unmet need")


def alt(comparison: Comparison) -> str:
    """The chart in words."""
    said = []
    for name, by in comparison.differences.items():
        estimate = by["unmet_unit_days"]
        verdict = "" if words.significant(estimate) else ", not significant"
        mean, *ends = (_signed("unmet_unit_days", end) for end in (estimate.mean, estimate.low, estimate.high))
        said.append(f"{comparison.options[name].label}: {mean} unit-days ({' to '.join(ends)}{verdict})")
    reference = comparison.options[comparison.reference].label
    each = "; ".join(said)
    return f"Differences from {reference}, by option, with intervals. {finding(comparison)}. Unmet need: {each}."


@housed
def draw(comparison: Comparison) -> Chart:
    """A panel per measure, a row per option."""
    how = f"differences from {words.quoted(comparison.options[comparison.reference].label)}, paired by replication"
    how += "; left of the line is less, which is better"
    n = comparison.replications
    fact = f"n = {n:,} replications, whiskers: {words.interval(comparison.confidence)} of the mean difference"
    facts = fact if n > 1 else "n = 1 replication: no interval", _left_out(comparison)
    caption = words.caption(comparison, *facts)
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


def _measures(comparison: Comparison) -> list[str]:
    """The measures that have a panel: unmet need, and all others that differ from the reference at all."""
    drawn = []
    for measure in SHOWN:
        found = [by.get(measure) for by in comparison.differences.values()]
        same = all(each is None or (each.mean == 0 and not (each.low < 0 or each.high > 0)) for each in found)
        if measure == SHOWN[0] or not (same or None in found):
            drawn.append(measure)
    return drawn


def _left_out(comparison: Comparison) -> str:
    """Which measures have no panel, and why; nothing where all have one."""
    drawn = _measures(comparison)
    lost = [measure for measure in SHOWN if measure not in drawn]
    same = [small(MEASURES[measure].name) for measure in lost if measure != "cost_usd" or _priced(comparison)]
    said = [f"Not shown, since the same under all options: {' and '.join(same)}"] if same else []
    if "cost_usd" in lost and not _priced(comparison):
        said.append("No costs are given")
    return ". ".join(said)


def _priced(comparison: Comparison) -> bool:
    """Whether the scenario says what any loan costs."""
    scenario = comparison.scenario
    costs = (resource.cost for resource in scenario.resources.values())
    return any(any(cost.model_dump().values()) for cost in costs) or any(
        lift.cost_per_sortie for lift in scenario.lifts.values()
    )


def _panels(chart: Chart, area: Area, names: Names, comparison: Comparison) -> None:
    """Panels side by side, each as wide as its column of values leaves it."""
    measures, gap = _measures(comparison), 0.3
    size = min(names.size, 11.0)
    told = {
        measure: _told(measure, [by[measure].mean for by in comparison.differences.values()]) for measure in measures
    }
    columns = [BEYOND / 72 + max(text_width(each, size, "bold") for each in said) for said in told.values()]
    left = area.left + names.inches
    wide = (area.right - left - gap * (len(measures) - 1) - sum(columns)) / (len(measures) + 0.35)
    for (measure, said), column in zip(told.items(), columns, strict=True):
        right = left + wide * (1.35 if measure == SHOWN[0] else 1.0)
        axes = axes_in(chart, Area(left, area.bottom, right, area.top))
        rows_axis(axes, names if measure == SHOWN[0] else None, len(said))
        _panel(axes, comparison, measure, said, size)
        left = right + column + gap


def _panel(axes: Axes, comparison: Comparison, measure: str, said: list[str], size: float) -> None:
    as_ = MEASURES[measure]
    estimates = [by[measure] for by in comparison.differences.values()]
    ends = [end for each in estimates for end in (each.mean, each.low, each.high) if math.isfinite(end)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    pad = 0.06 * (high - low) or 1.0
    axes.set_xlim(low - pad, high + pad)
    axes.axvline(0, color=INK, lw=1.2)
    order = dict(zip(comparison.options, looks(comparison), strict=True))
    for row, (name, estimate) in enumerate(zip(comparison.differences, estimates, strict=True)):
        _mark(axes, row, estimate, order[name])
    scaled_axis(axes, as_.unit, "", ticks=3)
    if low == high:  # nothing differs: an axis from −1 to 1 would be made up
        axes.set_xticks([0], ["0"])
    axes.set_title(as_.name, x=0)
    for value, estimate in zip(said, estimates, strict=True):
        weight = "bold" if words.significant(estimate) else "normal"
        blank = [value if other is estimate else "" for other in estimates]
        value_column(axes, blank, size, weight=weight)


def _signed(measure: str, value: float) -> str:
    return words.figure(measure, value, sign=bool(value))


def _told(measure: str, values: list[float]) -> list[str]:
    """The values of a panel; dollars in millions where one of them reaches a million, as on the axis."""
    known = [abs(value) for value in words.finite(values)]
    if measure != "cost_usd" or max(known, default=0.0) < 1e6:
        return [_signed(measure, value) for value in values]
    return [_millions(value) if LEAST <= abs(value) < 1e6 else _signed(measure, value) for value in values]


def _millions(value: float) -> str:
    """Dollars in millions, with two digits that count."""
    places = max(2, 1 - math.floor(math.log10(abs(value) / 1e6)))
    return f"{'−' if value < 0 else '+'}${abs(value) / 1e6:.{places}f}\u00a0M"


def _mark(axes: Axes, row: int, estimate: Estimate, as_: Look) -> None:
    if not math.isfinite(estimate.mean):
        axes.plot(0, row, "x", color=GREY, ms=7, clip_on=False)
        return
    sure = words.significant(estimate)
    if math.isfinite(estimate.low) and math.isfinite(estimate.high):
        whisker(axes, row, estimate, as_.colour, "-" if sure else (0, (1.5, 1.5)))
    face = as_.colour if sure else "white"
    axes.plot(estimate.mean, row, as_.marker, color=as_.colour, mfc=face, mew=1.8, ms=MARK - 1, zorder=5)
