"""What a comparison says, in figures and in words: never more than its intervals allow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from sim.comparison.comparison import Comparison
from sim.questions.story.sentences import called, per_cent
from sim.statistics.estimates import Estimate, ratio

PRINTED = {
    "unmet_unit_days": "Unmet need\n(unit-days)",
    "coverage": "Coverage",
    "response_days": "Response\n(days)",
    "exposure_unit_days": "Lenders' exposure\n(unit-days)",
    "cost_usd": "Cost\n(US$)",
}
"""The measures of the printed table, with their heads."""

LEAST_SAID = 0.05
"""Unit-days of a cause, below which they would be said to be 0.0."""

_SPOKEN = {
    "unmet_unit_days": ("unmet need", "less unmet need", "more unmet need"),
    "coverage": ("coverage", "less coverage", "more coverage"),
    "response_days": ("response time", "a quicker response", "a slower response"),
    "exposure_unit_days": ("lenders' exposure", "less exposure of lenders", "more exposure of lenders"),
    "cost_usd": ("cost", "lower cost", "higher cost"),
}
"""Measure -> its name in a sentence, and what a fall and a rise of it are."""


def in_millions(rows: Iterable[Mapping[str, Estimate]]) -> bool:
    """Whether the dollars of a table are said in millions: all of them where one reaches a million."""
    costs = (row["cost_usd"] for row in rows)
    return any(abs(end) >= 1e6 for cost in costs for end in (cost.mean, cost.low, cost.high))


def figure(measure: str, value: float, *, sign: bool = False, millions: bool | None = None) -> str:
    """A value as people read it: coverage in per cent (its differences in points), dollars in millions or not.

    `millions` says which; where it does not, the value does.
    """
    if not math.isfinite(value):
        return "–"
    plus = "+" if sign else ""
    if measure == "coverage":
        text = f"{100 * value:{plus}.1f}{' pts' if sign else ' %'}"
    elif measure == "cost_usd":
        in_them = abs(value) >= 1e6 if millions is None else millions and value != 0
        text = f"{value / 1e6:{plus}.{_places(value / 1e6)}f} M" if in_them else f"{value:{plus},.0f}"
    else:
        text = f"{value:{plus},.{1 if abs(value) < 100 else 0}f}"
    if not any(digit in text for digit in "123456789"):
        text = text.lstrip("+-")  # what rounds to nothing has no sign
    return text.replace("-", "−")


def _places(value: float) -> int:
    """Two, or as many as leave two digits that count."""
    return max(2, 1 - math.floor(math.log10(abs(value))))


def in_figures(
    measure: str, estimate: Estimate, *, sign: bool = False, millions: bool | None = None
) -> tuple[str, str]:
    """A mean and its interval, `1,234` and `1,200 to 1,268`; `–` where it is not known, empty where it has no width."""
    centre, low, high = (
        figure(measure, each, sign=sign, millions=millions) for each in (estimate.mean, estimate.low, estimate.high)
    )
    if estimate.low == estimate.high:
        return centre, ""
    if math.isnan(estimate.low) and math.isnan(estimate.high):
        return centre, "–"
    for unit in (" pts", " %", " M"):
        if all(each.endswith(unit) for each in (centre, low, high)):  # said once, with the mean
            low, high = low.removesuffix(unit), high.removesuffix(unit)
    return centre, f"{low} to {high}"


def difference_in_figures(measure: str, estimate: Estimate, *, millions: bool | None = None) -> tuple[str, str]:
    """A difference and its interval, with a mark where it is not significant."""
    if estimate.mean == estimate.low == estimate.high == 0:
        return "the same", ""
    centre, interval = in_figures(measure, estimate, sign=True, millions=millions)
    return (centre if estimate.significant else f"{centre} n.s."), interval


def means_as_text(comparison: Comparison) -> str:
    """The table of means, in columns of plain text: a line that says of what, the head, a line per option."""
    options = comparison.options.values()
    millions = in_millions(option.measures for option in options)
    rows = [["Option", *(head.replace("\n", " ") for head in PRINTED.values())]]
    for option in options:
        figures = (in_figures(each, option.measures[each], millions=millions)[0] for each in PRINTED)
        rows.append([option.label, *figures])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.rjust(wide) if place else cell.ljust(wide) for place, (cell, wide) in enumerate(cells))
        for cells in (list(zip(row, widths, strict=True)) for row in rows)
    ]
    told = f"{comparison.scenario.name}: {comparison.replications:,} replications; means"
    return "\n".join([told, *lines])


def differences_in_words(comparison: Comparison) -> list[str]:
    """A line per option: what is significantly different from the reference, and what is not."""
    return [_in_words(name, found, comparison) for name, found in comparison.differences.items()]


def not_significant(comparison: Comparison) -> list[str]:
    """What cannot be told apart from the reference: a line for each option of which that is so, or that all can."""
    lines = []
    for name, found in comparison.differences.items():
        _, unclear = _told_apart(found)
        if unclear:
            lines.append(f"{comparison.options[name].label}: no significant difference in {_listed(unclear)}")
    if lines or not comparison.differences:
        return lines
    measures = _listed([called for called, *_ in _SPOKEN.values()])
    return [f"No difference in {measures} is left in doubt: each is significant, or nothing differs in any replication"]


def where_the_days_went(comparison: Comparison) -> list[str]:
    """A line per option: the unit-days of unmet need by cause, the greatest first."""
    lines = []
    for option in comparison.options.values():
        total = sum(found.mean for found in option.unmet_by_cause.values())
        parts = sorted(option.unmet_by_cause.items(), key=lambda each: -each[1].mean)
        least = min(LEAST_SAID, parts[0][1].mean)
        told = [
            f"{cause} {figure('unmet_unit_days', found.mean)} ({_share(found.mean / total)})"
            for cause, found in parts
            if total > 0 and found.mean >= least
        ]
        lines.append(f"{option.label}: {', '.join(told) if told else 'nothing was missing'}")
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
            f"{called(comparison.scenario, each)} {figure('unmet_unit_days', unmet[each])}"
            + (f" ({figure('coverage', 1 - unmet[each] / needed[each])} met)" if unmet[each] < needed[each] else "")
            for each in sorted(asked, key=lambda each: -unmet[each])
        ]
        lines.append(f"{option.label}: {', '.join(told)}")
    return lines


def _share(part: float) -> str:
    """A share in per cent; never 0 % of what is there."""
    return "under 1 %" if 0 < part < 0.005 else per_cent(part)


def most_exposed(comparison: Comparison) -> str | None:
    """Name of the option with the greatest mean exposure of lenders; None where lending left no lender short."""
    most = max(comparison.options, key=lambda name: _exposure(comparison, name).mean)
    return most if _exposure(comparison, most).mean > 0 else None


def what_it_costs_the_lender(comparison: Comparison) -> list[str]:
    """A line per option: the lenders' exposure, and its share of the unmet need, of which it is a part."""
    lines = []
    for name, option in comparison.options.items():
        centre, interval = in_figures("exposure_unit_days", _exposure(comparison, name))
        told = f"{option.label}: {centre} unit-days" + (f" ({interval})" if interval else "")
        whole = option.measures["unmet_unit_days"].mean
        share = f", {_share(_exposure(comparison, name).mean / whole)} of its unmet need" if whole > 0 else ""
        lines.append(told + share)
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
        centre, interval = in_figures("cost_usd", ratio(cost, -unmet, comparison.confidence))
        told = f" ({interval})" if interval else ""
        lines.append(f"{comparison.options[name].label}: US$ {centre}{told} for each unit-day of need met")
    return lines


def _exposure(comparison: Comparison, name: str) -> Estimate:
    return comparison.options[name].measures["exposure_unit_days"]


def _in_words(name: str, found: Mapping[str, Estimate], comparison: Comparison) -> str:
    clear, unclear = _told_apart(found)
    label = comparison.options[name].label
    if not clear and not unclear:
        return f"{label}: the same in every replication"
    told = [_listed(clear)] if clear else []
    if unclear:
        told.append(f"no significant difference in {_listed(unclear)}")
    return f"{label}: {'; '.join(told)}"


def _told_apart(found: Mapping[str, Estimate]) -> tuple[list[str], list[str]]:
    """What is significantly different, said with its direction, and the names of what may or may not be."""
    clear, unclear = [], []
    for measure, (name, fall, rise) in _SPOKEN.items():
        estimate = found[measure]
        if estimate.significant:
            clear.append(fall if estimate.mean < 0 else rise)
        elif not estimate.mean == estimate.low == estimate.high == 0:
            unclear.append(name)
    return clear, unclear


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
