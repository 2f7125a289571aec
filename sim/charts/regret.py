"""Regret: what nobody could have met, what each option leaves unmet above that, and the gap that it closes."""

from __future__ import annotations

import math

from sim.charts.house import words
from sim.charts.house.marks import bar, looks, possible, reference_line, value_column
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import Sign, key, row_axes, row_names, sheet, statement, text_width
from sim.charts.house.style import ASIDE, GREY, Chart, house_style
from sim.comparison.comparison import Comparison
from sim.questions.regret.regret import Regret, own_bounds, regrets, why_no_gap
from sim.words import numbers
from sim.words.language import Phrase, phrase
from sim.words.names import in_a_row

OWN_BOUND = Phrase("Bound: each option's own units, journeys and crises, everything known beforehand")
SAME_BOUND = Phrase("Bound: same units and journeys, everything known beforehand")
COLUMNS = ("clairvoyant_unmet_unit_days", "regret_unit_days", "gap_closed")


def _regrets(comparison: Comparison) -> dict[str, Regret]:
    """By option; empty where the bound was not computed."""
    known = comparison.results is not None and getattr(comparison.results, "bounded", False)
    return regrets(comparison) if known else {}


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option: the bound and the regret in unit-days, and the share of the gap closed, with intervals."""
    return [
        words.option_row(comparison.scenario, name, **{column: getattr(its, column) for column in COLUMNS})
        for name, its in _regrets(comparison).items()
    ]


def finding(comparison: Comparison) -> str:
    regrets = _regrets(comparison)
    if not regrets:
        return phrase("The clairvoyant bound has not been computed for these results: run again with --bound")
    others = {name: its.gap_closed for name, its in regrets.items() if name != comparison.reference}
    closed = {name: share for name, share in others.items() if math.isfinite(share.low)}
    sure = {name: share for name, share in closed.items() if share.low > 0}
    reference = words.quoted(comparison.options[comparison.reference].label)
    if not closed and own_bounds(regrets):
        return phrase("No option has the bound of {name}, so that each is held against its own", name=reference)
    if not sure:
        least = numbers.number(regrets[comparison.reference].clairvoyant_unmet_unit_days.mean)
        return phrase(
            "No option clearly closes the gap between {name} and the {least} unit-days nobody could have met",
            name=reference,
            least=least,
        )
    best = max(sure, key=lambda name: sure[name].mean)
    name, share = words.quoted(comparison.options[best].label), words.percent(sure[best].mean)
    return phrase(
        "{name} avoids {share} of the avoidable unmet need under {reference}",
        name=name,
        share=share,
        reference=reference,
    )


def alt(comparison: Comparison) -> str:
    options = in_a_row(
        phrase(
            "{name}: {regret} above {least}",
            name=comparison.options[name].label,
            regret=numbers.number(its.regret_unit_days.mean),
            least=numbers.number(its.clairvoyant_unmet_unit_days.mean),
        )
        for name, its in _regrets(comparison).items()
    )
    return phrase(
        "Unmet need of each option above the bound, in unit-days. {finding}. {options}.",
        finding=finding(comparison),
        options=options,
    )


@house_style
def regret(comparison: Comparison) -> Chart:
    """A row per option: pale what nobody could have met, in colour the regret, at the right the gap closed."""
    regrets = _regrets(comparison)
    if not regrets:
        return statement(finding(comparison), words.caption(comparison))
    whose = OWN_BOUND if own_bounds(regrets) else SAME_BOUND
    dash = why_no_gap(regrets, comparison.options[comparison.reference].label)
    facts = words.means_or_one(comparison), whose(), dash
    shown = phrase("Unit-days of unmet need: what nobody could have met, and what each option leaves unmet besides")
    chart, area = sheet(finding(comparison), shown, words.caption(comparison, *facts), alt=alt(comparison))
    signs = [Sign(phrase("nobody could have met"), ASIDE), Sign(phrase("regret, with its interval"), GREY)]
    area = key(chart, signs, area).inset(bottom=0.55, top=0.3)
    names = row_names([option.label for option in comparison.options.values()], area.height)
    closed = [words.percent(its.gap_closed.mean) for its in regrets.values()]
    right = max(text_width(text, names.size, "bold") for text in [*closed, phrase("gap closed")]) + 0.5
    axes = row_axes(chart, area, names, right=right)
    for row, (its, look) in enumerate(zip(regrets.values(), looks(comparison), strict=True)):
        bound = its.clairvoyant_unmet_unit_days.mean
        axes.barh(row, bound, 0.55, facecolor=ASIDE, lw=0)
        bar(axes, row, possible("unmet_unit_days", its.regret_unit_days), look, bound)
    unmet = {name: comparison.options[name].measures["unmet_unit_days"] for name in regrets}
    ends = words.finite(end for each in unmet.values() for end in (each.mean, each.high))
    axes.set_xlim(0, max([1e-9, *ends]) * 1.03)
    reference_line(axes, unmet[comparison.reference].mean)
    measure_axis(axes, "unmet_unit_days")
    at = 1 + 0.3 / area.inset(left=names.inches, right=right).width
    value_column(axes, closed, names.size, at=at, head=phrase("gap closed"))
    return chart
