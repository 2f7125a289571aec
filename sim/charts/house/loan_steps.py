"""The steps of a lot's life, as spans of days: what a Gantt chart and a waterfall are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.agreements.terms import paper_for
from sim.charts.house.style import STEPS

if TYPE_CHECKING:
    from sim.operations.log import LoanRecord
    from sim.scenario.nouns.scenario import Scenario

GATES = ("council", "contributor", "host")


class Span(NamedTuple):
    """A step of a lot's life, in days from the period's start."""

    step: str
    first: float
    last: float


def gates(scenario: Scenario, loan: LoanRecord) -> list[Span]:
    """The loan's gates while they were open, in the order of its agreement, until it ended or the period did.

    `scenario` is the one that ran: with the option's change applied. Gates that take turns follow one another.
    """
    stop = loan.ended_day if loan.departed_day is None and loan.ended_day is not None else scenario.days
    paper = paper_for(scenario, loan.lender, loan.borrower, loan.resource, loan.contributor)
    spans, first = [], loan.requested_day
    for step in paper.gates if paper else ():
        day: float | None = getattr(loan, f"{step.gate}_day")
        spans.append(Span(step.gate, first, stop if day is None else min(day, stop)))
        if paper and paper.in_turn:
            first = spans[-1].last
            if day is None:
                break
    return spans


def agreed_day(loan: LoanRecord) -> float:
    """Day on which the last gate cleared; of the request where there was none."""
    days = (loan.council_day, loan.contributor_day, loan.host_day)
    return max([loan.requested_day, *(day for day in days if day is not None)])


def life(scenario: Scenario, loan: LoanRecord) -> list[Span]:
    """The steps that a lot went through until the period's end, in order; those that took no time left out."""
    spans = gates(scenario, loan)
    stop = loan.ended_day if loan.departed_day is None and loan.ended_day is not None else scenario.days
    ends = (loan.ready_day, loan.departed_day, loan.arrived_day, loan.left_day, loan.home_day, loan.recovered_day)
    before = agreed_day(loan)
    still_open = any(getattr(loan, f"{span.step}_day") is None for span in spans)
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
    found = dict.fromkeys(tuple(STEPS)[: len(GATES) + 3], 0.0)
    before = loan.requested_day
    for day, gate in cleared:
        found[gate], before = day - before, day
    ready = loan.departed_day if loan.ready_day is None else loan.ready_day
    found["preparing"], found["lift"] = ready - before, loan.departed_day - ready
    found["in transit"] = loan.arrived_day - loan.departed_day
    return found
