"""Risk: mean, median and the range from P5 to P95 of the unmet need of a replication, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.cache import cached
from sim.charts.house.marks import looks, possible, value_column
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import SMALL, Sign, key, row_axes, row_names, sheet, statement, text_width
from sim.charts.house.style import ASIDE, INK, Chart, Look, house_style
from sim.comparison.comparison import Comparison, Estimate
from sim.statistics.estimates import quantile
from sim.words import numbers
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import in_a_row, labelled

SHOWN = (Phrase("mean {figure}"), Phrase("median {figure}"), Phrase("P5 {figure}"), Phrase("P95 {figure}"))


class Risk(NamedTuple):
    """What one option's unmet need may be, in unit-days a replication."""

    mean: Estimate
    median: Estimate
    p5: Estimate
    p95: Estimate


@cached
def _risks(comparison: Comparison) -> dict[str, Risk]:
    if comparison.results is None:
        return {}
    risks = {}
    for name, option in comparison.options.items():
        sample = comparison.results.sample(name, "unmet_unit_days")
        p5, median, p95 = (quantile(sample, share, comparison.confidence) for share in (0.05, 0.5, 0.95))
        risks[name] = Risk(option.measures["unmet_unit_days"], median, p5, p95)
    return risks


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option: mean, median, P5 and P95 of unmet need (unit-days), each with its interval."""
    return [words.option_row(comparison.scenario, name, **risk._asdict()) for name, risk in _risks(comparison).items()]


def finding(comparison: Comparison) -> str:
    risks = _risks(comparison)
    if not risks:
        return phrase("The samples of these results are not at hand, so there is no spread to show")
    reference = comparison.options[comparison.reference]
    safe = [name for name in comparison.differences if risks[name].p95.high < risks[comparison.reference].p95.low]
    if not safe:
        name = words.quoted(reference.label)
        if len(comparison.options) == 1:
            worst = numbers.number(risks[comparison.reference].p95.mean)
            return phrase(
                "In one case in twenty unmet need under {name} exceeds {worst} unit-days", name=name, worst=worst
            )
        if not math.isfinite(risks[comparison.reference].p95.low + risks[comparison.reference].p95.high):
            return phrase_n(
                "{n:,} replication is too few to tell bad cases (one in twenty is worse) apart",
                "{n:,} replications are too few to tell bad cases (one in twenty is worse) apart",
                comparison.replications,
            )
        return phrase("No option's bad case (one in twenty is worse) is clearly better than that of {name}", name=name)
    best = min(safe, key=lambda name: risks[name].p95.mean)
    high, low = words.both("unmet_unit_days", risks[best].p95.mean, risks[comparison.reference].p95.mean)
    name = words.quoted(comparison.options[best].label)
    return phrase(
        "In a bad case (one in twenty is worse) {high} unit-days stay unmet under {name}, {low} under {reference}",
        high=high,
        name=name,
        low=low,
        reference=words.quoted(reference.label),
    )


def alt(comparison: Comparison) -> str:
    options = []
    for name, its in _risks(comparison).items():
        parts = (what(figure=numbers.number(estimate.mean)) for what, estimate in zip(SHOWN, its, strict=True))
        options.append(labelled(comparison.options[name].label, ", ".join(parts)))
    return phrase(
        "Ranges of unmet need by option, in unit-days. {finding}. {options}.",
        finding=finding(comparison),
        options=in_a_row(options),
    )


@house_style
def risk(comparison: Comparison) -> Chart:
    """A row per option: a bar from P5 to P95, a line at the median and a mark at the mean, with intervals below."""
    risks = _risks(comparison)
    n = comparison.replications
    level = words.interval(comparison.confidence)
    fact = phrase("n = {n:,} replications; thin lines: {interval} of each figure", n=n, interval=level)
    caption = words.caption(comparison, fact if n > 1 else phrase("n = 1 replication: no spread"))
    if not risks:
        return statement(finding(comparison), caption)
    shown = phrase(
        "Unit-days of unmet need in one course of events: how bad it is on average, and in bad and good cases"
    )
    chart, area = sheet(finding(comparison), shown, caption, alt=alt(comparison))
    signs = [
        Sign(phrase("nine cases of ten"), ASIDE),
        Sign(phrase("median"), INK, marker="|"),
        Sign(phrase("mean"), INK, marker="o"),
    ]
    area = key(chart, signs, area).inset(bottom=0.55, top=0.3)
    names = row_names([option.label for option in comparison.options.values()], area.height)
    columns = _columns(risks.values(), names.size)
    right = sum(column.inches for column in columns) + 0.2
    axes = row_axes(chart, area, names, right=right)
    area = area.inset(left=names.inches, right=right)
    ends = words.ends(estimate for risk in risks.values() for estimate in risk)
    axes.set_xlim(min([0.0, *ends]), max([1e-9, *ends]) * 1.03)
    for row, (its, look) in enumerate(zip(risks.values(), looks(comparison), strict=True)):
        _row(axes, row, its, look)
    measure_axis(axes, "unmet_unit_days")
    at = 1 + 0.2 / area.width
    for head, values, size, weight, inches in columns:
        axes.text(at, 1.01, head, transform=axes.transAxes, fontsize=11, va="bottom")
        value_column(axes, values, size, weight=weight, at=at)
        at += inches / area.width
    return chart


class _Column(NamedTuple):
    """Figures in words, on the right of the rows."""

    head: str
    values: list[str]
    size: float
    weight: str
    inches: float


def _columns(risks: Iterable[Risk], size: float) -> list[_Column]:
    """The mean, and the range of nine cases of ten."""
    its = list(risks)
    means = [numbers.number(risk.mean.mean) for risk in its]
    ranges = [f"{numbers.number(risk.p5.mean)} – {numbers.number(risk.p95.mean)}" for risk in its]
    mean, nine, small = phrase("mean"), phrase("nine of ten"), max(SMALL, size - 1)
    first = max(text_width(text, size, "bold") for text in [*means, mean]) + 0.3
    second = max(text_width(text, small) for text in [*ranges, nine + " "])
    return [_Column(mean, means, size, "bold", first), _Column(nine, ranges, small, "normal", second)]


def _row(axes: Axes, row: int, risk: Risk, look: Look) -> None:
    if math.isfinite(risk.p5.mean) and math.isfinite(risk.p95.mean):
        axes.barh(row, risk.p95.mean - risk.p5.mean, 0.34, risk.p5.mean, facecolor=ASIDE, lw=0)
    if math.isfinite(risk.median.mean):
        axes.plot([risk.median.mean] * 2, [row - 0.22, row + 0.22], color=INK, lw=2.4, solid_capstyle="butt")
    if math.isfinite(risk.mean.mean):
        axes.plot(risk.mean.mean, row, look.marker, color=look.colour, ms=11, mec="white", mew=1.2, zorder=5)
    for estimate, below in ((risk.p5, 0.28), (risk.median, 0.28), (risk.p95, 0.28), (risk.mean, 0.36)):
        within = possible("unmet_unit_days", estimate)
        if math.isfinite(within.low) and math.isfinite(within.high):
            colour = look.colour if estimate is risk.mean else INK
            axes.plot([within.low, within.high], [row + below] * 2, color=colour, lw=1.4, marker="|", ms=5)
