"""What the model gives for a fact: in each replication, the first loan that fits the entry, whatever its dates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.operations.log import LoanRecord
from sim.questions.hindcast.facts import Fact
from sim.scenario.nouns.history import HistoryEntry


@dataclass(frozen=True)
class Answer:
    """The first loan of a replication that fits an entry; days from the period's start, None where there is none."""

    made: bool
    """Whether any of it departed."""
    requested: float
    authorised: float | None
    arrived: float | None
    """When the first of its units arrived."""
    returned: float | None
    """When the last of its units left for home."""
    units: int
    """The most units of its kind that were there together while it was."""
    arrivals: tuple[tuple[float, int], ...]
    """(day, units that had come by then) of all that fits the entry."""

    def day(self, word: str, came: int | None = None) -> float | None:
        """The day of an event; of an arrival, on which so many units had come."""
        if word == "arrived" and came is not None:
            return next((day for day, units in self.arrivals if units >= came), None)
        day: float | None = getattr(self, word)
        return day


def answer(entry: HistoryEntry, loans: Sequence[LoanRecord]) -> Answer | None:
    """The answer to an entry among the lots of a replication; None where no loan that fits was made.

    Of an entry that never came, a loan that the council authorised answers, too, though nothing of it departed.
    """
    fitting = [lot for lot in loans if _fits(entry, lot)]
    departed = [lot for lot in fitting if lot.departed_day is not None]
    alike = departed or [lot for lot in fitting if entry.never and lot.council_day is not None]
    if not alike:
        return None
    number = min(lot.loan for lot in alike)
    own = [lot for lot in alike if lot.loan == number]
    there = [lot for lot in own if lot.arrived_day is not None]
    return Answer(
        made=bool(departed),
        requested=min(lot.requested_day for lot in own),
        authorised=min((lot.council_day for lot in own if lot.council_day is not None), default=None),
        arrived=min((lot.arrived_day for lot in there if lot.arrived_day is not None), default=None),
        returned=_last_left(there),
        units=max((_together(departed, lot) for lot in there), default=0),
        arrivals=_arrivals(departed),
    )


def values(fact: Fact, entries: Mapping[str, HistoryEntry], logs: Sequence[Sequence[LoanRecord]]) -> Values:
    """What the replications give for a fact: in how many its loan was made, and the values of those that have one."""
    made, found = 0, []
    for loans in logs:
        answers = [each for name in fact.entries if (each := answer(entries[name], loans)) is not None]
        made += any(each.made for each in answers)
        if fact.unit == "chance" or not answers:
            continue
        value = _value(fact, min(answers, key=lambda each: each.requested))
        if value is not None:
            found.append(value)
    return Values(made, tuple(found))


@dataclass(frozen=True)
class Values:
    """What the replications give for a fact."""

    made: int
    """Replications in which the loan was made."""
    values: tuple[float, ...]
    """The value of each replication that has one."""


def _fits(entry: HistoryEntry, lot: LoanRecord) -> bool:
    if entry.contributor is not None and lot.contributor != entry.contributor:
        return False
    return (lot.lender, lot.borrower, lot.resource) == (entry.from_, entry.to, entry.resource)


def _value(fact: Fact, found: Answer) -> float | None:
    if fact.unit == "units":
        return float(found.units) if found.made else None
    end = found.day(fact.span[-1], fact.came)
    start = found.day(fact.span[0]) if fact.unit == "days" else 0.0
    if start is None or end is None:
        return None
    if fact.unit == "days":  # whole ones, as a record of dates counts them
        return float(max(0, math.floor(end - start + 0.5)))
    return max(0.0, end - start)


def _last_left(lots: Sequence[LoanRecord]) -> float | None:
    days = [lot.left_day for lot in lots]
    return None if not days or None in days else max(day for day in days if day is not None)


def _arrivals(lots: Sequence[LoanRecord]) -> tuple[tuple[float, int], ...]:
    came, found = 0, []
    for day, units in sorted((lot.arrived_day, lot.units) for lot in lots if lot.arrived_day is not None):
        came += units
        found.append((day, came))
    return tuple(found)


def _together(alike: Sequence[LoanRecord], lot: LoanRecord) -> int:
    """The most units on loan at one time while `lot` was at the borrower's."""
    start, end = lot.arrived_day, math.inf if lot.left_day is None else lot.left_day
    if start is None:
        return 0
    stays = [
        (each.arrived_day, math.inf if each.left_day is None else each.left_day, each.units)
        for each in alike
        if each.arrived_day is not None
    ]
    days = [day for day, _, _ in stays if start <= day < end or day == start]
    return max(sum(units for came, left, units in stays if came <= day < left) for day in days)
