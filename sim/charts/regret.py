"""Regret: what nobody could have met, what each option leaves unmet above that, and the gap that it closes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.charts.house import words
from sim.charts.house.marks import looks, reference_line, value_column, whisker
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import Sign, axes_in, key, row_names, rows_axis, sheet, statement, text_width
from sim.charts.house.style import GREY, INK, Chart, housed
from sim.questions.regret.regret import own_bounds, regrets, why_no_gap
from sim.words import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.charts.house.style import Look
    from sim.comparison.comparison import Comparison, Estimate
    from sim.questions.regret.regret import Regret

PALE = "#C9D1DB"


def _found(comparison: Comparison) -> dict[str, Regret]:
    """By option; empty where the bound was not computed."""
    known = comparison.results is not None and getattr(comparison.results, "bounded", False)
    return regrets(comparison) if known else {}


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option: the bound and the regret in unit-days, and the share of the gap closed, with intervals."""
    return [
        {"option": name, "label": words.label(comparison.scenario, name)}
        | words.figures(
            clairvoyant_unmet_unit_days=found.clairvoyant_unmet_unit_days,
            regret_unit_days=found.regret_unit_days,
            gap_closed=found.gap_closed,
        )
        for name, found in _found(comparison).items()
    ]


def finding(comparison: Comparison) -> str:
    """What the chart says, in a sentence."""
    found = _found(comparison)
    if not found:
        return "The clairvoyant bound has not been computed for these results: run again with --bound"
    closed = {
        name: each.gap_closed
        for name, each in found.items()
        if name != comparison.reference and math.isfinite(each.gap_closed.low)
    }
    sure = {name: share for name, share in closed.items() if share.low > 0}
    reference = words.quoted(comparison.options[comparison.reference].label)
    if not closed and own_bounds(found):
        return f"No option has the bound of {reference}, so that each is held against its own"
    if not sure:
        least = numbers.number(found[comparison.reference].clairvoyant_unmet_unit_days.mean)
        return f"No option clearly closes the gap between {reference} and the {least} unit-days nobody could have met"
    best = max(sure, key=lambda name: sure[name].mean)
    share = words.percent(sure[best].mean)
    return (
        f"{words.quoted(comparison.options[best].label)} avoids {share} of the avoidable unmet need under {reference}"
    )


def alt(comparison: Comparison) -> str:
    """The chart in words."""
    said = [
        f"{comparison.options[name].label}: {numbers.number(each.regret_unit_days.mean)} above "
        f"{numbers.number(each.clairvoyant_unmet_unit_days.mean)}"
        for name, each in _found(comparison).items()
    ]
    return f"Unmet need of each option above the bound, in unit-days. {finding(comparison)}. {'; '.join(said)}."


@housed
def draw(comparison: Comparison) -> Chart:
    """A row per option: pale what nobody could have met, in colour the regret, at the right the gap closed."""
    found = _found(comparison)
    if not found:
        return statement(finding(comparison), words.caption(comparison))
    fact = words.means(comparison) if comparison.replications > 1 else "n = 1 replication: no interval"
    whose = "each option's own units, journeys and crises" if own_bounds(found) else "same units and journeys"
    dash = why_no_gap(found, comparison.options[comparison.reference].label)
    facts = fact, f"Bound: {whose}, everything known beforehand", dash
    caption = words.caption(comparison, *facts)
    shown = "Unit-days of unmet need: what nobody could have met, and what each option leaves unmet besides"
    chart, area = sheet(finding(comparison), shown, caption, alt=alt(comparison))
    signs = [Sign("nobody could have met", PALE), Sign("regret, with its interval", GREY)]
    area = key(chart, signs, area).inset(bottom=0.55, top=0.3)
    names = row_names([option.label for option in comparison.options.values()], area.height)
    closed = [_closed(each.gap_closed) for each in found.values()]
    room = max(text_width(text, names.size, "bold") for text in [*closed, "gap closed"]) + 0.5
    area = area.inset(left=names.inches, right=room)
    axes = axes_in(chart, area)
    rows_axis(axes, names, len(found))
    for row, (each, look) in enumerate(zip(found.values(), looks(comparison), strict=True)):
        _row(axes, row, each, look)
    ends = [comparison.options[name].measures["unmet_unit_days"] for name in found]
    axes.set_xlim(0, max([1e-9, *words.finite(end for each in ends for end in (each.mean, each.high))]) * 1.03)
    reference_line(axes, ends[list(found).index(comparison.reference)].mean)
    scaled_axis(axes, "unit-days", "Unmet need")
    at = 1 + 0.3 / area.width
    axes.text(at, 1.01, "gap closed", transform=axes.transAxes, fontsize=11, va="bottom")
    value_column(axes, closed, names.size, at=at)
    return chart


def _closed(share: Estimate) -> str:
    return words.percent(share.mean) if math.isfinite(share.mean) else "–"


def _row(axes: Axes, row: int, found: Regret, look: Look) -> None:
    bound, regret = found.clairvoyant_unmet_unit_days.mean, found.regret_unit_days
    axes.barh(row, bound, 0.55, facecolor=PALE, lw=0)
    axes.barh(row, regret.mean, 0.55, bound, facecolor=look.colour, hatch=look.hatch, edgecolor="white", lw=0)
    ends = type(regret)(bound + regret.mean, regret.sd, bound + regret.low, bound + regret.high, regret.n)
    whisker(axes, row, ends, INK if look.colour != INK else GREY)
