"""Values of measures in figures, for tables and sentences alike: the same value is the same figure everywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from sim.measures.catalogue import ALL_MEASURES, UNMET
from sim.statistics.estimates import Estimate
from sim.words.language import phrase
from sim.words.numbers import UNKNOWN, apart, fixed, percent, places


def in_millions(rows: Iterable[Mapping[str, Estimate]]) -> bool:
    """Whether the dollars of a table are said in millions: all of them where one reaches a million."""
    costs = (row["cost_usd"] for row in rows)
    return any(abs(end) >= 1e6 for cost in costs for end in (cost.mean, cost.low, cost.high))


def figure(measure: str, value: float, *, sign: bool = False, millions: bool | None = None) -> str:
    """A value as people read it: shares in per cent (their differences in points), dollars in millions or not.

    `millions` says which; where it does not, the value does.
    """
    if not math.isfinite(value):
        return UNKNOWN
    unit = ALL_MEASURES[measure].unit
    if unit == "%":
        shown = fixed(100 * value, 1, sign=sign)
        return phrase("{figure} pts", figure=shown) if sign else phrase("{figure} %", figure=shown)
    if unit == "$":
        if value and (abs(value) >= 1e6 if millions is None else millions):
            return phrase("{figure} M", figure=fixed(value / 1e6, max(2, places(value / 1e6)), sign=sign))
        return fixed(value, 0, sign=sign)
    return fixed(value, 1 if abs(value) < 100 else 0, sign=sign)


def unit_days(value: float) -> str:
    """So many unit-days as people read them, without the unit."""
    return figure(UNMET, value)


def in_figures(
    measure: str, estimate: Estimate, *, sign: bool = False, millions: bool | None = None
) -> tuple[str, str]:
    """A mean and its interval, `1,234` and `1,200 to 1,268`; `–` where it is not known, empty where it has no width.

    Dollars that are not known are those that nobody gave: they are not counted.
    """
    if ALL_MEASURES[measure].unit == "$" and math.isnan(estimate.mean):
        return phrase("not counted"), ""
    centre, low, high = (
        figure(measure, each, sign=sign, millions=millions) for each in (estimate.mean, estimate.low, estimate.high)
    )
    if estimate.low == estimate.high:
        return centre, ""
    if math.isnan(estimate.low) and math.isnan(estimate.high):
        return centre, UNKNOWN
    units = phrase("{figure} pts", figure=""), phrase("{figure} %", figure=""), phrase("{figure} M", figure="")
    for unit in units:
        if all(each.endswith(unit) for each in (centre, low, high)):  # said once, with the mean
            low, high = low.removesuffix(unit), high.removesuffix(unit)
    return centre, phrase("{low} to {high}", low=low, high=high)


def difference_in_figures(measure: str, estimate: Estimate, *, millions: bool | None = None) -> tuple[str, str]:
    """A difference and its interval, with a mark where it is not significant."""
    if estimate.nothing:
        return phrase("the same"), ""
    centre, interval = in_figures(measure, estimate, sign=True, millions=millions)
    return (phrase("{figure} n.s.", figure=centre) if unsure(estimate) else centre), interval


def unsure(estimate: Estimate) -> bool:
    """Whether a difference is marked as not significant: it is known, and neither sure nor nothing at all."""
    return math.isfinite(estimate.mean) and not (estimate.nothing or estimate.significant)


def chance_in_figures(found: Estimate) -> tuple[str, str]:
    """A chance and its interval, "12 %" and "8 % to 17 %"; of what was never seen, "at most 1.5 %"."""
    if math.isnan(found.mean):
        return UNKNOWN, ""
    if found.mean in (0, 1):
        if found.mean == 0:
            return phrase("at most {share}", share=percent(found.high, 1)), ""
        return phrase("at least {share}", share=percent(found.low, 1)), ""
    low, high = apart(found.low, found.high, percent, 0)
    return percent(found.mean), phrase("{low} to {high}", low=low, high=high)
