"""What is written down once an instant is over: each cell's state and, unit by unit, why something is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.operations.log import CAUSES, Level
from sim.operations.theatre import Link

if TYPE_CHECKING:
    from sim.operations.replication import World

REFUSED, KEPT, CEILING, NOT_PERMITTED, NOBODY = range(6, 11)
NOTHING = (0, 0, 0, 0, 0, 0, None)


class Levels:
    """Writes a level whenever a cell's state has changed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stocks = world.stocks
        self.width = len(world.theatre.missions)
        cells = len(world.theatre.routine)
        self.last: list[tuple[object, ...]] = [NOTHING] * cells
        self.short: list[bool] = [False] * cells

    def settle(self, touched: set[int]) -> None:
        """Write the levels of the cells that were touched, and of short ones whose causes may have changed."""
        width, short, last = self.width, self.short, self.last
        cells = touched
        for resource in {cell // width for cell in touched}:
            cells = cells.union(cell for cell in range(resource * width, resource * width + width) if short[cell])
        write, now = self.world.log.levels.append, self.world.clock.now
        for cell in sorted(cells):
            state = self._state(cell)
            if state != last[cell]:
                last[cell] = state
                write(Level(now, cell, *state))
                if short[cell] != (state[5] > 0):
                    short[cell] = state[5] > 0
                    self.world.crises.felt(cell)
        if self.world.checks:
            self.world.check()

    def _state(self, cell: int) -> tuple[int, int, int, int, int, int, tuple[int, ...] | None]:
        stocks = self.stocks
        active = stocks.active[cell % self.width]
        required, given = stocks.required[cell], stocks.given[cell] if active else 0
        present, missing = stocks.present[cell], stocks.required[cell] - stocks.present[cell]
        causes = None
        shortfall = (missing if missing > 0 else 0) + given
        if shortfall:
            causes = self.causes(cell, missing if missing > 0 else 0)
            if given:
                causes = tuple(map(sum, zip(causes, self.world.crises.given_causes(cell), strict=True)))
        crisis = stocks.crisis[cell] if active else 0
        return (crisis, required + given, present, stocks.borrowed[cell], stocks.away[cell], shortfall, causes)

    def causes(self, cell: int, missing: int) -> tuple[int, ...]:
        """`missing` units of a cell by cause, in the order of CAUSES."""
        found = [0] * len(CAUSES)
        for stage, coming in enumerate(self.stocks.way[cell]):
            if coming and missing:
                found[stage] = min(missing, coming)
                missing -= found[stage]
        if missing:
            for cause, units in self._held_back(cell):
                found[cause] = min(missing, units)
                missing -= found[cause]
            found[NOBODY] = missing
        return tuple(found)

    def _held_back(self, cell: int) -> list[tuple[int, int]]:
        """(cause, units) that exist elsewhere beyond today's requirements but do not come, in the causes' order."""
        theatre, stocks = self.world.theatre, self.stocks
        counted: dict[int, int] = {}
        found = {REFUSED: 0, KEPT: 0, CEILING: 0, NOT_PERMITTED: 0}
        for link in theatre.links[cell]:
            spare = self._spare(link.contingent, link.lender, counted)
            if spare:
                for cause, units in self._why_not(link, cell, spare):
                    found[cause] += units
        for contingent in theatre.strangers[cell]:
            if stocks.home[contingent]:
                found[NOT_PERMITTED] += self._spare(contingent, theatre.contingents[contingent].cell, counted)
        return list(found.items())

    def _spare(self, contingent: int, lender: int, counted: dict[int, int]) -> int:
        """Units of a contingent beyond its mission's requirement now, counting each unit of the mission once."""
        stocks, before = self.stocks, counted.get(lender, 0)
        spare = stocks.present[lender] - stocks.promised[lender] - stocks.required[lender] - before
        spare = max(0, min(spare, stocks.home[contingent] - stocks.promised_of[contingent]))
        counted[lender] = before + spare
        return spare

    def _why_not(self, link: Link, cell: int, spare: int) -> list[tuple[int, int]]:
        """Why `spare` units of a permitted lender do not come."""
        desk = self.world.desk
        offered = max(0, min(spare, desk.offer(link)))
        if desk.refused(link, cell):
            return [(REFUSED, offered), (KEPT, spare - offered)]
        beyond = max(0, offered - self.world.loans.room(link))
        # What the policy could have had and did not ask for, a rule written in Python held back.
        return [(KEPT, spare - beyond), (CEILING, beyond)]
