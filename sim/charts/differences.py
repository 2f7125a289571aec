"""Paired differences from the reference, by option: filled marks where the interval leaves out 0, hollow where not."""

from __future__ import annotations

import math

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.marks import BEYOND, MARK, dot, looks, span, value_column
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import Area, Names, Sign, axes_in, key, row_names, rows_axis, sheet, statement, text_width
from sim.charts.house.style import GREY, INK, PAPER, Chart, Look, house_style
from sim.comparison.comparison import Comparison, Estimate
from sim.measures.catalogue import ALL_MEASURES as MEASURES
from sim.words.language import phrase, phrase_n
from sim.words.names import in_a_row, listed, small
from sim.words.numbers import fixed

SHOWN = ("unmet_unit_days", "response_days", "exposure_unit_days", "cost_usd")
"""The measures drawn, a panel each: what an option gains, and the price in the lenders' need and in dollars."""

LEAST = 10_000
"""Dollars that are said in millions beside others: of fewer nothing would be left."""


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option and measure: the paired difference (option − reference), its interval, whether significant."""
    return [
        words.option_row(comparison.scenario, name)
        | {"measure": measure}
        | words.figures(difference=by[measure])
        | {"significant": words.significant(by[measure])}
        for name, by in comparison.differences.items()
        for measure in SHOWN
        if measure in by
    ]


def finding(comparison: Comparison) -> str:
    by_option = comparison.differences
    reference = words.quoted(comparison.options[comparison.reference].label)
    best = words.leader(comparison, "unmet_unit_days")
    if best is not None:
        change = by_option[best]["unmet_unit_days"].mean
        base = comparison.options[comparison.reference].measures["unmet_unit_days"].mean
        return phrase(
            "Under {name} unmet need is {less} unit-days{share} lower than under {reference}",
            name=words.quoted(comparison.options[best].label),
            less=words.figure("unmet_unit_days", -change),
            share=f" ({words.percent(-change / base)})" if base > 0 else "",
            reference=reference,
        )
    worse = [name for name, by in by_option.items() if words.significant(by.get("unmet_unit_days"))]
    if worse:
        return phrase_n(
            "No option meets significantly more need than {reference}; {n:,} option is significantly worse",
            "No option meets significantly more need than {reference}; {n:,} options are significantly worse",
            len(worse),
            reference=reference,
        )
    return words.no_difference(comparison, phrase("unmet need"))


def alt(comparison: Comparison) -> str:
    options = []
    for name, by in comparison.differences.items():
        estimate = by["unmet_unit_days"]
        mean, low, high = (_signed("unmet_unit_days", end) for end in (estimate.mean, estimate.low, estimate.high))
        slots = {"name": comparison.options[name].label, "mean": mean, "low": low, "high": high}
        if words.significant(estimate):
            options.append(phrase("{name}: {mean} unit-days ({low} to {high})", **slots))
        else:
            options.append(phrase("{name}: {mean} unit-days ({low} to {high}, not significant)", **slots))
    reference, unmet = comparison.options[comparison.reference].label, in_a_row(options)
    return phrase(
        "Differences from {reference}, by option, with intervals. {finding}. Unmet need: {unmet}.",
        reference=reference,
        finding=finding(comparison),
        unmet=unmet,
    )


@house_style
def differences(comparison: Comparison) -> Chart:
    """A panel per measure, a row per option."""
    how = phrase(
        "Differences from {name}, paired by replication; left of the line is less, which is better",
        name=words.quoted(comparison.options[comparison.reference].label),
    )
    n, level = comparison.replications, words.interval(comparison.confidence)
    fact = phrase("n = {n:,} replications, whiskers: {interval} of the mean difference", n=n, interval=level)
    facts = fact if n > 1 else phrase("n = 1 replication: no interval"), _left_out(comparison)
    caption = words.caption(comparison, *facts)
    if not comparison.differences:
        return statement(finding(comparison), caption, shown=how)
    chart, area = sheet(finding(comparison), how, caption, alt=alt(comparison))
    signs = [
        Sign(phrase("significant: the interval leaves out 0"), INK, marker="o", dashes="-"),
        Sign(phrase("not significant"), INK, marker="o", dashes=(0, (1.5, 1.5)), filled=False),
    ]
    area = key(chart, signs, area).inset(bottom=0.55, top=0.3)
    names = row_names([comparison.options[name].label for name in comparison.differences], area.height, 3.0)
    _panels(chart, area, names, comparison)
    return chart


def _measures(comparison: Comparison) -> list[str]:
    """The measures that have a panel: unmet need, and all others that differ from the reference at all."""
    drawn = []
    for measure in SHOWN:
        estimates = [by.get(measure) for by in comparison.differences.values()]
        same = all(it is None or (it.mean == 0 and not (it.low < 0 or it.high > 0)) for it in estimates)
        if measure == SHOWN[0] or not (same or None in estimates):
            drawn.append(measure)
    return drawn


def _left_out(comparison: Comparison) -> str:
    """Which measures have no panel, and why; nothing where all have one."""
    drawn, priced = _measures(comparison), _priced(comparison)
    lost = [measure for measure in SHOWN if measure not in drawn]
    same = [small(MEASURES[measure].name) for measure in lost if measure != "cost_usd" or priced]
    facts = [phrase("Not shown, since the same under all options: {measures}", measures=listed(same))] if same else []
    return ". ".join([*facts, phrase("No costs are given")] if "cost_usd" in lost and not priced else facts)


def _priced(comparison: Comparison) -> bool:
    """Whether the scenario says what any loan costs."""
    costs = (resource.cost for resource in comparison.scenario.resources.values())
    lifts = comparison.scenario.lifts.values()
    return any(any(cost.model_dump().values()) for cost in costs) or any(lift.cost_per_sortie for lift in lifts)


def _panels(chart: Chart, area: Area, names: Names, comparison: Comparison) -> None:
    """Panels side by side, each as wide as its column of values leaves it."""
    by_option, gap = comparison.differences.values(), 0.3
    size = min(names.size, 11.0)
    values = {measure: _values(measure, [by[measure].mean for by in by_option]) for measure in _measures(comparison)}
    columns = [BEYOND / 72 + max(text_width(text, size, "bold") for text in texts) for texts in values.values()]
    left = area.left + names.inches
    wide = (area.right - left - gap * (len(values) - 1) - sum(columns)) / (len(values) + 0.35)
    for (measure, texts), column in zip(values.items(), columns, strict=True):
        right = left + wide * (1.35 if measure == SHOWN[0] else 1.0)
        axes = axes_in(chart, Area(left, area.bottom, right, area.top))
        rows_axis(axes, names if measure == SHOWN[0] else None, len(texts))
        _panel(axes, comparison, measure, texts, size)
        left = right + column + gap


def _panel(axes: Axes, comparison: Comparison, measure: str, texts: list[str], size: float) -> None:
    estimates = [by[measure] for by in comparison.differences.values()]
    low, high = span(estimates)
    pad = 0.06 * (high - low) or 1.0
    axes.set_xlim(low - pad, high + pad)
    axes.axvline(0, color=INK, lw=1.2)
    look_of = dict(zip(comparison.options, looks(comparison), strict=True))
    for row, (name, estimate) in enumerate(zip(comparison.differences, estimates, strict=True)):
        _mark(axes, row, estimate, look_of[name])
    scaled_axis(axes, MEASURES[measure].unit_said, "", ticks=3)
    if low == high:  # nothing differs: an axis from −1 to 1 would be made up
        axes.set_xticks([0], ["0"])
    axes.set_title(MEASURES[measure].name, x=0)
    for row, estimate in enumerate(estimates):
        texts_of_row = [text if at == row else "" for at, text in enumerate(texts)]
        value_column(axes, texts_of_row, size, weight="bold" if words.significant(estimate) else "normal")


def _signed(measure: str, value: float) -> str:
    return words.figure(measure, value, sign=bool(value))


def _values(measure: str, means: list[float]) -> list[str]:
    """The values of a panel; dollars in millions where one of them reaches a million, as on the axis."""
    if measure != "cost_usd" or max(map(abs, words.finite(means)), default=0.0) < 1e6:
        return [_signed(measure, mean) for mean in means]
    return [_millions(mean) if LEAST <= abs(mean) < 1e6 else _signed(measure, mean) for mean in means]


def _millions(value: float) -> str:
    """Dollars in millions, with two digits that count."""
    places = max(2, 1 - math.floor(math.log10(abs(value) / 1e6)))
    amount = phrase("{figure} M", figure=fixed(abs(value) / 1e6, places)).replace(" ", "\u00a0")
    return ("−" if value < 0 else "+") + phrase("${amount}", amount=amount)


def _mark(axes: Axes, row: int, estimate: Estimate, look: Look) -> None:
    if not math.isfinite(estimate.mean):
        axes.plot(0, row, "x", color=GREY, ms=7, clip_on=False)
        return
    sure = words.significant(estimate)
    face, dashes = (look.colour, "-") if sure else (PAPER, (0, (1.5, 1.5)))
    dot(axes, row, estimate, look, dashes=dashes, mfc=face, mew=1.8, ms=MARK - 1)
