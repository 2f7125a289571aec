"""Coverage of crisis needs, and the unmet need, by option with intervals."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.marks import bar, dot, looks, possible, reference_line, span, value_column
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import Names, axes_in, row_names, rows_axis, sheet
from sim.charts.house.style import Chart, house_style
from sim.comparison.comparison import Comparison
from sim.measures.catalogue import MEASURES
from sim.words.language import phrase
from sim.words.names import in_a_row

SHOWN = ("coverage", "unmet_unit_days")


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option: coverage (a share) and unmet need (unit-days) with their intervals."""
    return [
        words.option_row(comparison.scenario, name, **{measure: option.measures[measure] for measure in SHOWN})
        for name, option in comparison.options.items()
    ]


def finding(comparison: Comparison) -> str:
    reference = comparison.options[comparison.reference]
    if not reference.measures["requirement_unit_days"].mean:
        return phrase("No crisis needed anything, so there was nothing to cover")
    if not comparison.differences:
        covered = words.figure("coverage", reference.measures["coverage"].mean)
        name = words.quoted(reference.label)
        return phrase(
            "Under {name}, the only option run, {share} of crisis needs are covered", name=name, share=covered
        )
    best = words.leader(comparison, "coverage")
    if best is None:
        if any(words.significant(by.get("coverage")) for by in comparison.differences.values()):
            return phrase("No option covers significantly more than {name}", name=words.quoted(reference.label))
        return words.no_difference(comparison, phrase("coverage"))
    option = comparison.options[best]
    high, low = words.both("coverage", option.measures["coverage"].mean, reference.measures["coverage"].mean)
    return phrase(
        "Under {best} {high} of crisis needs are covered, under {reference} {low}",
        best=words.quoted(option.label),
        high=high,
        reference=words.quoted(reference.label),
        low=low,
    )


def alt(comparison: Comparison) -> str:
    options = in_a_row(
        phrase(
            "{name}: {share} covered, {days} unit-days unmet",
            name=option.label,
            share=words.figure("coverage", option.measures["coverage"].mean),
            days=words.figure("unmet_unit_days", option.measures["unmet_unit_days"].mean),
        )
        for option in comparison.options.values()
    )
    return phrase("Dots and bars by option. {finding}. {options}.", finding=finding(comparison), options=options)


@house_style
def coverage(comparison: Comparison) -> Chart:
    """Coverage as dots with whiskers and unmet need as bars, a row an option."""
    shown = phrase("Share of the units that crises needed that was there, and unit-days that were missing, by option")
    caption = words.caption(comparison, words.means(comparison))
    chart, area = sheet(finding(comparison), shown, caption, alt=alt(comparison))
    area = area.inset(bottom=0.55, top=0.3)
    names = row_names([words.label(comparison.scenario, name) for name in comparison.options], area.height)
    left, wide = area.left + names.inches, (area.width - names.inches - 0.5) / 2
    panels = area._replace(left=left, right=left + wide - 0.8), area._replace(left=left + wide + 0.5).inset(right=1.1)
    _panel(axes_in(chart, panels[0]), "coverage", comparison, names.size, names)
    _panel(axes_in(chart, panels[1]), "unmet_unit_days", comparison, names.size)
    return chart


def _panel(axes: Axes, measure: str, comparison: Comparison, size: float, names: Names | None = None) -> None:
    """A share as a dot between nothing and all, an amount as a bar."""
    is_share = measure == "coverage"
    rows_axis(axes, names, len(comparison.options))
    estimates = [possible(measure, option.measures[measure]) for option in comparison.options.values()]
    low, high = span(estimates, 1.0 if is_share else 0.0)
    if is_share:
        axes.set_xlim(low - (0.03 if low < 0 else 0.0), high)
        reference_line(axes, comparison.options[comparison.reference].measures[measure].mean)
    else:
        axes.set_xlim(low, high * 1.02 if high > 0 else 1.0)
    for row, (estimate, look) in enumerate(zip(estimates, looks(comparison), strict=True)):
        if is_share:
            dot(axes, row, estimate, look, clip_on=False)
        else:
            bar(axes, row, estimate, look)
    measure_axis(axes, measure)
    axes.set_title(MEASURES[measure].name, x=0)
    value_column(axes, [words.figure(measure, estimate.mean) for estimate in estimates], size)
