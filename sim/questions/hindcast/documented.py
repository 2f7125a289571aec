"""Documented delays of loans between missions: what a planner would guess a new one from, without any model.

They come from a short list that is part of the program, and from the `history` of whatever scenarios are held against
the record. A delay that both know is counted once.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from sim.questions.hindcast.facts import DELAYS, Case, Fact
from sim.words.numbers import finite

FEWEST = 3
"""Other delays without which there is nothing to guess from."""
LIST = "documented_delays.csv"


class Documented(NamedTuple):
    """A delay on record."""

    case: Case
    quantity: str
    recorded: tuple[float, float]
    """Least and most days that it can have been."""

    @property
    def days(self) -> float:
        """One number for it: the middle of its bounds by log(1 + days), or the bound where it has only one."""
        low, high = map(finite, self.recorded)
        if low is None or high is None:
            return high if low is None and high is not None else low or 0.0
        return math.expm1((math.log1p(low) + math.log1p(high)) / 2)


@cache
def listed() -> tuple[Documented, ...]:
    """The delays of the list."""
    date = dt.date.fromisoformat
    text = files("sim.questions.hindcast").joinpath(LIST).read_text(encoding="utf-8")
    return tuple(
        Documented(
            Case(row["lender"], row["borrower"], (date(row["decided_first"]), date(row["decided_last"]))),
            row["quantity"],
            (float(row["days_low"]), float(row["days_high"])),
        )
        for row in csv.DictReader(text.splitlines())
    )


def documented(facts: Iterable[Fact]) -> tuple[Documented, ...]:
    """The delays of the list, and those of `facts` that it does not have."""
    known = list(listed())
    for fact in facts:
        if fact.unit == "days" and fact.quantity in DELAYS:
            delay = Documented(fact.case, fact.quantity, fact.recorded)
            if not any(_same(delay, other) for other in known):
                known.append(delay)
    return tuple(known)


def others(fact: Fact, known: Iterable[Documented]) -> list[float]:
    """Days of the known delays of the fact's kind, those of its own case left out."""
    return [each.days for each in known if each.quantity == fact.quantity and not each.case.same(fact.case)]


def _same(one: Documented, other: Documented) -> bool:
    overlap = one.recorded[0] <= other.recorded[1] and other.recorded[0] <= one.recorded[1]
    return one.quantity == other.quantity and one.case.same(other.case) and overlap
