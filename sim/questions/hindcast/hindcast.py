"""The scenario's `history` against what the model gives under the option that is named as what really happened."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import UsageError
from sim.running.experiment import run
from sim.running.replicate import Progress
from sim.scenario.fingerprint import fingerprint

if TYPE_CHECKING:
    from sim.operations.log import LoanRecord
    from sim.scenario.loaded import LoadedScenario
    from sim.scenario.nouns.scenario import HistoryEntry

BAND = (10.0, 50.0, 90.0)
"""Percentiles of the model's band, and its median."""
REPLICATIONS = 500
"""Replications where the call does not say how many: enough for a percentile to settle within a day or two."""
QUANTITIES = {
    "requested to authorised": ("requested", "authorised"),
    "authorised to arrived": ("authorised", "arrived"),
    "arrival": ("arrived",),
    "units": ("units",),
    "return": ("returned",),
}
"""What is compared, and the words of a history entry that each needs; it is fitted where the last of them is."""
DATES = ("arrival", "return")


@dataclass(frozen=True)
class Recorded:
    """One quantity of one entry: the record beside the model."""

    name: str
    quantity: str
    unit: str
    """days, units, or date (days from the period's start)."""
    recorded: tuple[float, float]
    """Earliest and latest value that the record allows."""
    low: float
    median: float
    high: float
    """The model's 10, 50 and 90 % points over the replications in which it has a value; NaN where it never has."""
    made: int
    """Replications in which the model has a value."""
    of: int
    """All replications."""
    fitted: bool
    """Whether the number was used to fit the model, so that agreement proves nothing."""

    @property
    def inside(self) -> bool:
        """Whether the record and the model's band overlap, to the whole day or unit."""
        if math.isnan(self.low):
            return False
        return self.recorded[0] <= math.ceil(self.high) and self.recorded[1] >= math.floor(self.low)


@dataclass(frozen=True)
class Hindcast:
    """Every quantity of every entry of a scenario's history."""

    scenario: LoadedScenario
    option: str
    replications: int
    seed: int
    entries: tuple[Recorded, ...]

    def counted(self, *, fitted: bool) -> tuple[int, int]:
        """(inside, of) over the quantities that were, or were not, used in fitting."""
        found = [entry.inside for entry in self.entries if entry.fitted == fitted]
        return sum(found), len(found)

    def rows(self) -> list[dict[str, Any]]:
        """The table, and what the chart draws: dates as ISO text, None where the model has no value."""
        return [
            {
                "name": entry.name,
                "quantity": entry.quantity,
                "recorded": self._range(entry),
                "low": self._value(entry, entry.low),
                "median": self._value(entry, entry.median),
                "high": self._value(entry, entry.high),
                "inside": entry.inside,
                "fitted": entry.fitted,
                "made": entry.made,
                "of": entry.of,
            }
            for entry in self.entries
        ]

    def as_json(self) -> dict[str, Any]:
        """`inside` and `of` count every quantity, those with `_not_fitted` only what no parameter was fitted to."""
        apart = self.counted(fitted=False)
        return {
            "scenario": self.scenario.name,
            "fingerprint": fingerprint(self.scenario),
            "option": self.option,
            "replications": self.replications,
            "seed": self.seed,
            "entries": self.rows(),
            "inside": sum(entry.inside for entry in self.entries),
            "of": len(self.entries),
            "inside_not_fitted": apart[0],
            "of_not_fitted": apart[1],
        }

    def headline(self) -> str:
        """The finding in a sentence."""
        (inside, of), (fitted_inside, fitted_of) = self.counted(fitted=False), self.counted(fitted=True)
        if not of + fitted_of:
            return "The scenario's history says nothing that the model could be held against."
        if not of:
            band = f"{fitted_inside} of {fitted_of} agree with the model's 10–90 % band"
            return f"All that was recorded was used in fitting, so agreement proves nothing: {band}."
        agree = "agrees" if inside == 1 else "agree"
        if not fitted_of:
            return f"{inside} of {of} recorded quantities {agree} with the model's 10–90 % band."
        apart = f"; fitted: {fitted_inside} of {fitted_of}"
        return f"Not fitted: {inside} of {of} recorded quantities {agree} with the model's 10–90 % band{apart}."

    def _value(self, entry: Recorded, value: float) -> float | str | None:
        if math.isnan(value):
            return None
        return self.scenario.date(value).isoformat() if entry.unit == "date" else round(value, 2)

    def _range(self, entry: Recorded) -> Any:
        first, last = (self._value(entry, value) for value in entry.recorded)
        return first if first == last else [first, last]


def hindcast(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: LoadedScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    rules: str | Path | None = None,
    progress: Progress | None = None,
) -> Hindcast:
    """Hold the record against the option with `record: true`.

    In each replication the loan that answers an entry is the one of its lender, borrower and resource that departed
    and whose dates lie nearest to the entry's. `workers`, `cluster` and `rules` are as for `run`. UsageError where the
    scenario has no history or no such option.
    """
    if not scenario.history:
        raise UsageError(f"{scenario.name}: has no history to be held against; say what happened under 'history'")
    option = next((name for name, each in scenario.options.items() if each.record), None)
    if option is None:
        raise UsageError(f"{scenario.name}: no option says record: true, so none stands for what really happened")
    count = REPLICATIONS if replications is None else replications
    results = run(
        scenario,
        options=[option],
        replications=count,
        seed=seed,
        workers=workers,
        cluster=cluster,
        rules=rules,
        keep_loans=count,
        progress=progress,
    )
    logs = [results.loans(option, number) for number in results.kept_replications]
    entries = [
        recorded
        for name, entry in scenario.history.items()
        for recorded in _compared(scenario, name, entry, [_answer(scenario, entry, loans) for loans in logs])
    ]
    return Hindcast(scenario, option, len(logs), results.seed, tuple(entries))


Answer = tuple["LoanRecord", int]
"""The loan that answers an entry, and the most units of its kind that were on loan together while it was there."""


def _answer(scenario: LoadedScenario, entry: HistoryEntry, loans: list[LoanRecord]) -> Answer | None:
    alike = [
        lot
        for lot in loans
        if (lot.lender, lot.borrower, lot.resource) == (entry.from_, entry.to, entry.resource)
        and lot.departed_day is not None
    ]
    if not alike:
        return None
    nearest = min(alike, key=lambda lot: (_distance(scenario, entry, lot), lot.loan))
    return nearest, _together(alike, nearest)


def _distance(scenario: LoadedScenario, entry: HistoryEntry, lot: LoanRecord) -> float:
    """Days between the loan and the entry, by the first of its dates that both have."""
    pairs = (
        (entry.requested, lot.requested_day),
        (entry.authorised, lot.council_day),
        (entry.arrived, lot.arrived_day),
        (entry.returned, lot.left_day),
    )
    for recorded, day in pairs:
        if recorded is not None and day is not None:
            first, last = _days(scenario, recorded)
            return max(first - day, day - last, 0.0)
    return lot.requested_day


def _together(alike: list[LoanRecord], lot: LoanRecord) -> int:
    """The most units on loan at one time while `lot` was at the borrower's."""
    if lot.arrived_day is None:
        return 0
    end = math.inf if lot.left_day is None else lot.left_day
    arrivals = [each.arrived_day for each in alike if each.arrived_day is not None]
    return max(
        sum(
            each.units
            for each in alike
            if each.arrived_day is not None
            and each.arrived_day <= day
            and (each.left_day is None or each.left_day > day)
        )
        for day in arrivals
        if lot.arrived_day <= day < end or day == lot.arrived_day
    )


def _compared(
    scenario: LoadedScenario, name: str, entry: HistoryEntry, answers: list[Answer | None]
) -> Iterator[Recorded]:
    made = [answer for answer in answers if answer is not None]
    for quantity, words in QUANTITIES.items():
        if any(getattr(entry, word) is None for word in words):
            continue
        values = [value for lot, units in made if (value := _modelled(quantity, lot, units)) is not None]
        low, median, high = np.percentile(values, BAND).tolist() if values else (math.nan,) * 3
        unit = "date" if quantity in DATES else "units" if quantity == "units" else "days"
        recorded = _recorded(scenario, quantity, entry)
        fitted = words[-1] in entry.fitted
        yield Recorded(name, quantity, unit, recorded, low, median, high, len(values), len(answers), fitted)


def _modelled(quantity: str, lot: LoanRecord, units: int) -> float | None:
    if quantity == "units":
        return float(units)
    if quantity in DATES:
        return lot.arrived_day if quantity == "arrival" else lot.left_day
    start, end = (
        (lot.requested_day, lot.council_day)
        if quantity == "requested to authorised"
        else (lot.council_day, lot.arrived_day)
    )
    return None if start is None or end is None else end - start


def _recorded(scenario: LoadedScenario, quantity: str, entry: HistoryEntry) -> tuple[float, float]:
    """Earliest and latest value that the record allows."""
    if quantity == "units":
        return (float(entry.units or 0),) * 2
    if quantity in DATES:
        return _days(scenario, entry.arrived if quantity == "arrival" else entry.returned)
    words = QUANTITIES[quantity]
    (first, last), (from_, to) = (_days(scenario, getattr(entry, word)) for word in words)
    return max(0.0, from_ - last), to - first


def _days(scenario: LoadedScenario, date: dt.date | tuple[dt.date, dt.date] | None) -> tuple[float, float]:
    assert date is not None
    first, last = date if isinstance(date, tuple) else (date, date)
    return scenario.day(first), scenario.day(last)
