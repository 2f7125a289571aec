"""What a comparison says, in figures and in words: never more than its intervals allow."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.study.comparison import Comparison
from sim.study.statistics import Estimate

PRINTED = {
    "unmet_unit_days": "Unmet need (unit-days)",
    "coverage": "Coverage",
    "response_days": "Response (days)",
    "exposure_unit_days": "Lender's exposure (unit-days)",
    "cost_usd": "Cost (US$)",
}
"""The measures of the printed table, with their heads."""

_WORDS = {
    "unmet_unit_days": ("unit-days unmet", "fewer", "more"),
    "coverage": ("points of coverage", "fewer", "more"),
    "response_days": ("days of response", "fewer", "more"),
    "exposure_unit_days": ("unit-days of lenders' exposure", "fewer", "more"),
    "cost_usd": ("US dollars", "fewer", "more"),
}
_SHORT = {
    "unmet_unit_days": "unmet need",
    "coverage": "coverage",
    "response_days": "response time",
    "exposure_unit_days": "exposure",
    "cost_usd": "cost",
}


def figure(measure: str, value: float, *, sign: bool = False) -> str:
    """A value as people read it: coverage in per cent, days with one decimal, the rest with as many digits as it has."""
    if not math.isfinite(value):
        return "–"
    plus = "+" if sign else ""
    if measure == "coverage":
        return f"{100 * value:{plus}.1f} %" if not sign else f"{100 * value:{plus}.1f} pts"
    places = 1 if abs(value) < 100 and measure != "cost_usd" else 0
    text = f"{value:{plus},.{places}f}"
    return text.replace("-", "−")


def in_figures(measure: str, estimate: Estimate) -> str:
    """`1,234 (1,200 to 1,268)`."""
    return _with_interval(figure(measure, estimate.mean), [figure(measure, end) for end in _ends(estimate)])


def difference_in_figures(measure: str, estimate: Estimate) -> str:
    """`−123 (−140 to −106)`, with a mark where it is not significant."""
    if estimate.low == estimate.high == 0:
        return "the same"
    ends = [figure(measure, end, sign=True) for end in _ends(estimate)]
    return _with_interval(figure(measure, estimate.mean, sign=True), ends) + ("" if estimate.significant else " n.s.")


def differences_in_words(comparison: Comparison) -> list[str]:
    """A line per option: what is significantly different from the reference, and what is not."""
    return [_in_words(name, found, comparison) for name, found in comparison.differences.items()]


def where_the_days_went(comparison: Comparison) -> list[str]:
    """A line per option: the unit-days of unmet need by cause, the greatest first."""
    lines = []
    for option in comparison.options.values():
        total = sum(found.mean for found in option.unmet_by_cause.values())
        parts = sorted(option.unmet_by_cause.items(), key=lambda each: -each[1].mean)
        told = [
            f"{cause} {figure('unmet_unit_days', found.mean)} ({found.mean / total:.0%})"
            for cause, found in parts
            if total > 0 and found.mean > 0
        ]
        lines.append(f"{option.label}: {', '.join(told) if told else 'nothing was missing'}")
    return lines


def _in_words(name: str, found: Mapping[str, Estimate], comparison: Comparison) -> str:
    clear, unclear = [], []
    for measure, (words, fewer, more) in _WORDS.items():
        estimate = found[measure]
        if estimate.significant:
            low, high = sorted((abs(estimate.low), abs(estimate.high)))
            apart = figure(measure, abs(estimate.mean)).removesuffix(" %")
            ends = " to ".join(figure(measure, end).removesuffix(" %") for end in (low, high))
            clear.append(f"{apart} {fewer if estimate.mean < 0 else more} {words} ({ends})")
        elif not estimate.low == estimate.high == 0:
            unclear.append(_SHORT[measure])
    reference = comparison.options[comparison.reference].label
    label = comparison.options[name].label
    if not clear and not unclear:
        return f"{label}: the same as {reference} in every replication"
    told = f"{label}: " + ("; ".join(clear) + f" than {reference}" if clear else "")
    if unclear:
        told += ("; " if clear else "") + f"no significant difference from {reference} in {_listed(unclear)}"
    return told


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _ends(estimate: Estimate) -> tuple[float, float]:
    return estimate.low, estimate.high


def _with_interval(centre: str, ends: list[str]) -> str:
    if ends[0] == ends[1] in (centre, "–"):
        return centre
    return f"{centre} ({ends[0]} to {ends[1]})"
