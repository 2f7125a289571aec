"""What a comparison says, in figures and in words: never more than its intervals allow."""

from __future__ import annotations

import math
from collections.abc import Mapping

from sim.comparison.comparison import Comparison
from sim.measures.catalogue import SPOKEN
from sim.measures.causes import CAUSES_SAID
from sim.measures.figures import figure, in_figures
from sim.statistics.estimates import Estimate
from sim.words.language import phrase
from sim.words.names import listed
from sim.words.numbers import percent

LEAST_SAID = 0.05
"""Unit-days of a cause, below which they would be said to be 0.0."""


def differences_in_words(comparison: Comparison) -> list[str]:
    """A line per option: what is significantly different from the reference, and what is not."""
    return [_in_words(name, found, comparison) for name, found in comparison.differences.items()]


def not_significant(comparison: Comparison) -> list[str]:
    """What cannot be told apart from the reference: a line for each option of which that is so, or that all can."""
    lines = []
    for name, found in comparison.differences.items():
        _, unclear = _told_apart(found)
        if unclear:
            lines.append(_no_difference(comparison, name, unclear))
    if lines or not comparison.differences:
        return lines
    told = phrase(
        "No difference in {measures} is left in doubt: each is significant, or nothing differs in any replication",
        measures=listed([called() for called, *_ in SPOKEN.values()]),
    )
    return [told]


def where_the_days_went(comparison: Comparison) -> list[str]:
    """A line per option: the unit-days of unmet need by cause, the greatest first."""
    lines = []
    for option in comparison.options.values():
        total = sum(found.mean for found in option.unmet_by_cause.values())
        parts = sorted(option.unmet_by_cause.items(), key=lambda each: -each[1].mean)
        least = min(LEAST_SAID, parts[0][1].mean)
        told = [
            f"{CAUSES_SAID[cause].short()} {figure('unmet_unit_days', found.mean)} ({percent(found.mean / total)})"
            for cause, found in parts
            if total > 0 and found.mean >= least
        ]
        what = ", ".join(told) if told else phrase("nothing was missing")
        lines.append(phrase("{label}: {value}", label=option.label, value=what))
    return lines


def what_is_missing(comparison: Comparison) -> list[str]:
    """A line per option: unit-days of unmet need by resource, and the share of its crises' need that is met.

    Nothing where only one resource is ever needed; no share where routine tasks lack more than crises need. A unit-day
    of an observer and one of a helicopter are not the same thing, though the whole adds them up.
    """
    lines = []
    for option in comparison.options.values():
        unmet: dict[str, float] = {}
        needed: dict[str, float] = {}
        for (_, resource), found in option.cells.items():
            unmet[resource] = unmet.get(resource, 0.0) + found["unmet_unit_days"].mean
            needed[resource] = needed.get(resource, 0.0) + found["requirement_unit_days"].mean
        asked = [resource for resource in unmet if needed[resource] or unmet[resource]]
        if len(asked) < 2:
            return []
        told = [
            f"{comparison.scenario.units_name(each)} {figure('unmet_unit_days', unmet[each])}"
            + _met_of(unmet[each], needed[each])
            for each in sorted(asked, key=lambda each: -unmet[each])
        ]
        lines.append(phrase("{label}: {value}", label=option.label, value=", ".join(told)))
    return lines


def _met_of(unmet: float, needed: float) -> str:
    """The share that is met, also where it is 0; nothing where nothing is needed, or routine tasks lack more."""
    if math.isclose(unmet, needed):
        return phrase(" ({share} met)", share=percent(0)) if needed > 0 else ""
    return phrase(" ({share} met)", share=figure("coverage", 1 - unmet / needed)) if unmet < needed else ""


def most_exposed(comparison: Comparison) -> str | None:
    """Name of the option with the greatest mean exposure of lenders; None where lending left no lender short."""
    most = max(comparison.options, key=lambda name: _exposure(comparison, name).mean)
    return most if _exposure(comparison, most).mean > 0 else None


def what_it_costs_the_lender(comparison: Comparison) -> list[str]:
    """A line per option: the lenders' exposure, and its share of the unmet need, of which it is a part."""
    lines = []
    for name, option in comparison.options.items():
        centre, interval = in_figures("exposure_unit_days", _exposure(comparison, name))
        days = phrase("{figure} unit-days", figure=centre) + (f" ({interval})" if interval else "")
        whole = option.measures["unmet_unit_days"].mean
        if whole > 0:
            share = percent(_exposure(comparison, name).mean / whole)
            told = phrase("{option}: {days}, {share} of its unmet need", option=option.label, days=days, share=share)
        else:
            told = phrase("{label}: {value}", label=option.label, value=days)
        lines.append(told)
    return lines


def what_a_unit_day_costs(comparison: Comparison) -> list[str]:
    """What each unit-day of need that an option meets beyond the reference costs in loans.

    A line for each option that meets significantly more; the ratio of the summed differences, with its interval.
    """
    if comparison.results is None:
        return []
    lines = []
    for name, apart in comparison.differences.items():
        if not (apart["unmet_unit_days"].high < 0 and apart["cost_usd"].significant):
            continue
        cost, unmet = (
            comparison.results.sample(name, column) - comparison.results.sample(comparison.reference, column)
            for column in ("cost_usd", "unmet_unit_days")
        )
        centre, interval = in_figures("cost_usd", comparison.by.ratio(cost, -unmet))
        priced = centre + (f" ({interval})" if interval else "")
        label = comparison.options[name].label
        lines.append(phrase("{option}: US$ {cost} for each unit-day of need met", option=label, cost=priced))
    return lines


def _exposure(comparison: Comparison, name: str) -> Estimate:
    return comparison.options[name].measures["exposure_unit_days"]


def _in_words(name: str, found: Mapping[str, Estimate], comparison: Comparison) -> str:
    clear, unclear = _told_apart(found)
    label = comparison.options[name].label
    if not clear and not unclear:
        return phrase("{option}: the same, whatever comes", option=label)
    if not clear:
        return _no_difference(comparison, name, unclear)
    if not unclear:
        return phrase("{label}: {value}", label=label, value=listed(clear))
    return phrase(
        "{option}: {what}; no significant difference in {measures}",
        option=label,
        what=listed(clear),
        measures=listed(unclear),
    )


def _no_difference(comparison: Comparison, name: str, measures: list[str]) -> str:
    label = comparison.options[name].label
    return phrase("{option}: no significant difference in {measures}", option=label, measures=listed(measures))


def _told_apart(found: Mapping[str, Estimate]) -> tuple[list[str], list[str]]:
    """What is significantly different, said with its direction, and the names of what may or may not be."""
    clear, unclear = [], []
    for measure, (name, fall, rise) in SPOKEN.items():
        estimate = found[measure]
        if estimate.significant:
            clear.append((fall if estimate.mean < 0 else rise)())
        elif not estimate.nothing:
            unclear.append(name())
    return clear, unclear
