"""The steps of a lot's life, as spans of days: what a Gantt chart and a waterfall are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.charts.house.style import STEPS
from sim.operations.log import LoanRecord
from sim.words.language import Phrase

GATES = ("council", "contributor", "host")
TO_ARRIVAL = tuple(STEPS)[: len(GATES) + 3]
STEP_NAMES = {
    "council": Phrase("Council's vote"),
    "contributor": Phrase("contributor's consent"),
    "host": Phrase("host's agreement"),
    "preparing": Phrase("preparing"),
    "lift": Phrase("waiting for a lift"),
    "in transit": Phrase("in transit"),
    "on loan": Phrase("on loan"),
    "home journey": Phrase("home journey"),
    "recovering": Phrase("recovering"),
}
"""The steps, as keys call them."""


class Span(NamedTuple):
    """A step of a lot's life, in days from the period's start."""

    step: str
    first: float
    last: float


def agreed_day(loan: LoanRecord) -> float:
    """Day on which the last gate cleared; of the request where there was none."""
    days = (loan.council_day, loan.contributor_day, loan.host_day)
    return max([loan.requested_day, *(day for day in days if day is not None)])


def waits(loans: Iterable[LoanRecord]) -> tuple[int, float, float]:
    """Units that arrived, and their unit-days from request to arrival, and of these for consent."""
    there = [loan for loan in loans if loan.arrived_day is not None]
    units = sum(loan.units for loan in there)
    whole = sum(loan.units * ((loan.arrived_day or 0) - loan.requested_day) for loan in there)
    return units, whole, sum(loan.units * (agreed_day(loan) - loan.requested_day) for loan in there)


def life(loan: LoanRecord, days: float) -> list[Span]:
    """The steps that a lot went through until the end of the period of `days`, in order; those that took no time left
    out. Gates that take turns follow one another."""
    stop = loan.ended_day if loan.departed_day is None and loan.ended_day is not None else days
    passages = loan.passages()
    spans = [Span(gate, opened, stop if cleared is None else min(cleared, stop)) for gate, opened, cleared in passages]
    ends = (loan.ready_day, loan.departed_day, loan.arrived_day, loan.left_day, loan.home_day, loan.recovered_day)
    before = agreed_day(loan)
    still_open = any(cleared is None for _, _, cleared in passages)
    for step, end in zip(tuple(STEPS)[len(GATES) :], ends, strict=True):
        if still_open or before >= stop:
            break
        spans.append(Span(step, before, stop if end is None else end))
        before = spans[-1].last
    return [span for span in spans if span.last > span.first]


def days_by_step(loan: LoanRecord) -> dict[str, float]:
    """Days from request to arrival of a lot that arrived, by step; they add up. A gate counts from the day on which the
    one before it cleared."""
    assert loan.departed_day is not None and loan.arrived_day is not None
    # A standing gate clears with the one before it: of gates that clear together the first took the time.
    days = [(day, gate) for gate in GATES if (day := getattr(loan, f"{gate}_day")) is not None]
    cleared = sorted(days, key=lambda each: each[0])
    steps = dict.fromkeys(TO_ARRIVAL, 0.0)
    before = loan.requested_day
    for day, gate in cleared:
        steps[gate], before = day - before, day
    ready = loan.departed_day if loan.ready_day is None else loan.ready_day
    steps["preparing"], steps["lift"] = ready - before, loan.departed_day - ready
    steps["in transit"] = loan.arrived_day - loan.departed_day
    return steps
