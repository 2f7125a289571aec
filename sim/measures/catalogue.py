"""Every measure: its columns, its name, unit and direction, and how a sum or a ratio of it is estimated.

To add a measure, add it here: comparison, sweep, charts, tables and JSON take it from this list. Where it needs a
column that is not there yet, name that in COLUMNS and fill it in `measures.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.operations.log import CAUSES
from sim.statistics.by_sets import Inference
from sim.statistics.estimates import Estimate
from sim.words.language import Phrase
from sim.words.numbers import money, number, percent

CAUSE_COLUMNS = tuple(f"cause:{cause}" for cause in CAUSES)
"""Unmet need by cause, in unit-days; they add up to `unmet_unit_days`."""

COLUMNS = (
    "unmet_unit_days",
    "requirement_unit_days",
    "responses",
    "response_days",
    "censored",
    "days_short",
    "worst_shortfall",
    "longest_short_days",
    "exposure_unit_days",
    "loans",
    "lent_unit_days",
    "idle_unit_days",
    "late_loans",
    "given_up_units",
    "cost_usd",
    "council_gate_days",
    "contributor_gate_days",
    "host_gate_days",
    "gone_share",
    "windowed_loans",
    *CAUSE_COLUMNS,
)
"""What is kept per replication, mission and resource.

`responses` counts crises × resources that asked for something; `response_days` is the sum of their days until the need
was met (to the crisis's end for those that were `censored`). `loans`, `lent_unit_days`, gates, windows and cost belong
to the borrower's row; exposure to the lender's. `gone_share` sums, over the `windowed_loans`, the share of the
authorised window gone before arrival. `longest_short_days` is the longest stretch of shortfall.
"""
INDEX = {name: number for number, name in enumerate(COLUMNS)}
"""Column → its place in a row."""

UNMET = "unmet_unit_days"
"""The measure that a comparison is about."""
OVERALL = ("*", "*")
"""Stands for the whole scenario where a mission and a resource are named."""

UNITS = {
    "unit-days": Phrase("unit-days"),
    "days": Phrase("days"),
    "units": Phrase("units"),
    "loans": Phrase("loans"),
    "responses": Phrase("responses"),
}
"""What measures are counted in, but for % and $."""

Column = Callable[[str], NDArray[np.float64]]
"""Name of a column → its values, one a replication."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what it is called, in which unit, and what it is made of."""

    key: str
    """Its name in JSON and tables; of a plain sum also its column."""
    title: Phrase
    """Its name on charts."""
    unit: str
    """unit-days, days, units, loans, % or $."""
    more_is_better: bool = False
    over: str | None = None
    """Column that it is divided by: a ratio of sums over replications, never a mean of ratios."""
    of: str | None = None
    """Column that is divided, where that is not `key`."""
    complement: bool = False
    """Whether it is one minus that ratio."""
    head: Phrase | None = None
    """Its head in the printed table; None where it is not printed."""
    spoken: tuple[Phrase, Phrase, Phrase] | None = None
    """Its name in a sentence, and what a fall and a rise of it are; None where no sentence speaks of it."""

    @property
    def name(self) -> str:
        """Its name on charts, in the language spoken."""
        return self.title()

    @property
    def unit_said(self) -> str:
        """Its unit in the language spoken."""
        return UNITS[self.unit]() if self.unit in UNITS else self.unit

    def estimate(self, column: Column, by: Inference, *, fixed: bool = False) -> Estimate:
        """Its mean (or ratio of sums), with its interval over sets; `fixed`: it cannot vary."""
        if self.over is None:
            return by.mean(column(self.key), fixed=fixed, exposed=self.key == UNMET)
        found = by.ratio(column(self.of or self.key), column(self.over), fixed=fixed)
        return found.one_minus() if self.complement else found

    def difference(self, column: Column, against: Column, by: Inference, *, fixed: bool = False) -> Estimate:
        """The paired difference of two options, with its interval over sets; `fixed`: it cannot vary."""
        if self.over is None:
            return by.difference(column(self.key), against(self.key), fixed=fixed, exposed=self.key == UNMET)
        one, other = ((each(self.of or self.key), each(self.over)) for each in (column, against))
        if self.complement:  # (1 − a) − (1 − b) = b − a
            one, other = other, one
        return by.ratio_difference(one, other, fixed=fixed)

    def value(self, row: NDArray[np.float64]) -> float | None:
        """Its value in one replication's row; None where there is nothing to divide by."""
        if self.over is None:
            return float(row[INDEX[self.key]])
        if not row[INDEX[self.over]]:
            return None
        ratio = float(row[INDEX[self.of or self.key]] / row[INDEX[self.over]])
        return 1 - ratio if self.complement else ratio

    def amount(self, value: float) -> str:
        """`value` with its unit, in a sentence."""
        if self.unit == "%":
            return percent(value, 1)
        return money(value) if self.unit == "$" else f"{number(value)} {self.unit_said}"

    def plain(self, value: float) -> str:
        """`value` without its unit, but for % and $."""
        return self.amount(value) if self.unit in "%$" else number(value)


_COMPARED = (
    Measure(
        "unmet_unit_days",
        Phrase("Unmet need"),
        "unit-days",
        head=Phrase("Unmet need\n(unit-days)"),
        spoken=(Phrase("unmet need"), Phrase("less unmet need"), Phrase("more unmet need")),
    ),
    Measure("requirement_unit_days", Phrase("Crisis requirement"), "unit-days"),
    Measure(
        "coverage",
        Phrase("Coverage"),
        "%",
        more_is_better=True,
        of="unmet_unit_days",
        over="requirement_unit_days",
        complement=True,
        head=Phrase("Coverage"),
        spoken=(Phrase("coverage"), Phrase("less coverage"), Phrase("more coverage")),
    ),
    Measure(
        "response_days",
        Phrase("Response time"),
        "days",
        over="responses",
        head=Phrase("Response\n(days)"),
        spoken=(Phrase("response time"), Phrase("a quicker response"), Phrase("a slower response")),
    ),
    Measure("days_short", Phrase("Days short"), "days"),
    Measure("worst_shortfall", Phrase("Worst shortfall"), "units"),
    Measure(
        "exposure_unit_days",
        Phrase("Lenders' exposure"),
        "unit-days",
        head=Phrase("Lenders' exposure\n(unit-days)"),
        spoken=(Phrase("lenders' exposure"), Phrase("less exposure of lenders"), Phrase("more exposure of lenders")),
    ),
    Measure("loans", Phrase("Loans"), "loans"),
    Measure("lent_unit_days", Phrase("Unit-days lent"), "unit-days"),
    Measure("idle_unit_days", Phrase("Idle on loan"), "unit-days"),
    Measure("late_loans", Phrase("Late loans"), "loans"),
    Measure("given_up_units", Phrase("Units given up"), "units"),
    Measure(
        "cost_usd",
        Phrase("Cost of loans"),
        "$",
        head=Phrase("Cost\n(US$)"),
        spoken=(Phrase("cost"), Phrase("lower cost"), Phrase("higher cost")),
    ),
    Measure("censored", Phrase("Responses cut off"), "responses"),
    Measure("council_gate_days", Phrase("Days in the Council's gate"), "days"),
    Measure("contributor_gate_days", Phrase("Days in the contributor's gate"), "days"),
    Measure("host_gate_days", Phrase("Days in the host's gate"), "days"),
    Measure("gone_share", Phrase("Share of the window gone before arrival"), "%", over="windowed_loans"),
)
_BOUND = (
    Measure("clairvoyant_unmet_unit_days", Phrase("Least possible unmet need"), "unit-days"),
    Measure("regret_unit_days", Phrase("Regret"), "unit-days"),
)

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _COMPARED}
"""What every option is measured by, in the order of JSON."""
ALL_MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in (*_COMPARED, *_BOUND)}
"""With those of the clairvoyant bound, which are known only where it was computed."""
PRINTED: Mapping[str, Phrase] = {measure.key: measure.head for measure in _COMPARED if measure.head}
"""The measures of the printed table, with their heads."""
SPOKEN = {measure.key: measure.spoken for measure in _COMPARED if measure.spoken}
"""Measures that sentences speak of: name, what a fall and a rise of it are."""
