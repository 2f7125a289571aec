"""The agenda: what has changed, and which cells the desk must look at before the instant is over.

Loans and crises say here what they changed and know nothing of the desk; the desk works through the agenda.
"""

from __future__ import annotations

from sim.operations.clock import ONSETS, Clock
from sim.operations.shortfalls import Shortfalls
from sim.operations.stocks import Cell
from sim.operations.theatre import Theatre


class Agenda:
    """What is before the desk."""

    def __init__(self, theatre: Theatre, clock: Clock, shortfalls: Shortfalls) -> None:
        self.clock = clock
        self.shortfalls = shortfalls
        self.recalls = theatre.policy.recall is not None
        self.touched: list[set[Cell]] = [set() for _ in theatre.resources]
        """By resource, the cells of which something has changed since the desk last looked."""
        self.open_needs: list[dict[Cell, int]] = [{} for _ in theatre.resources]
        """By resource, the cells whose need is open, each with the instant at which it opened."""
        self.due = False
        """Whether the desk looks before this instant is over."""
        self.unsettled = False
        """Whether something in this round of the desk changed what the next round would see."""

    def mark(self, cell: Cell) -> None:
        """Something relevant to this cell has changed: look before this instant is over."""
        self.touched[cell.resource_number].add(cell)
        self.due = True

    def mark_at(self, instant: int, cell: Cell) -> None:
        """Look at this cell at a later instant."""
        self.clock.at(instant, ONSETS, self.mark, cell)

    def changed(self, cell: Cell) -> None:
        """What this cell has, needs or expects has changed: look, unless it is plain that the desk has nothing to do.

        Nothing is to be done where no need of the resource is open, this cell has neither too little nor too much, and
        nothing else happens at this instant: then its level is written at once. (Most changes are of this kind.)
        """
        self.unsettled = True
        resource = cell.resource_number
        if self.due:
            self.touched[resource].add(cell)
        elif self.recalls or self.open_needs[resource] or not cell.balanced() or self.clock.peek() <= self.clock.now:
            self.mark(cell)
        else:
            self.shortfalls.settle(resource, (cell,))

    def advanced(self, cell: Cell) -> None:
        """Only how far units on their way have come has changed: it matters where something is missing."""
        if cell.short:
            if self.due:
                self.mark(cell)
            else:
                self.shortfalls.write(cell)
