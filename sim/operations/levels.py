"""What is written down once an instant is over: each cell's state and, unit by unit, why something is missing."""

from __future__ import annotations

from operator import add
from typing import TYPE_CHECKING

from sim.operations.log import CAUSES, Level

if TYPE_CHECKING:
    from sim.operations.replication import World

REFUSED, KEPT, CEILING, NOT_PERMITTED, NOBODY = range(6, 11)
_level = tuple.__new__  # a NamedTuple without its constructor: half the time, in the hottest place there is
NOTHING = (0, 0, 0, 0, 0, 0, None)


class Levels:
    """Writes a level whenever a cell's state has changed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock = world.clock
        self.append = world.log.levels.append
        self.stocks = world.stocks
        self.width = len(world.theatre.missions)
        cells = len(world.theatre.routine)
        self.last: list[tuple[object, ...]] = [NOTHING] * cells
        """What was last written of each cell."""
        self.short = [False] * cells
        self.exposed: list[set[int]] = [set() for _ in world.theatre.resources]
        """By resource, the short cells of which some part is covered by no promise: why depends on what others have."""

    def settle(self, resource: int, touched: set[int]) -> None:
        """Write the levels of a resource's cells that were touched, and of others whose causes may change by it."""
        exposed = self.exposed[resource]
        for cell in sorted(touched | exposed) if exposed or len(touched) > 1 else touched:
            self.write(cell)

    def write(self, cell: int) -> None:
        """Write one cell's level, where no other can have changed by what changed it."""
        stocks = self.stocks
        present, required = stocks.present[cell], stocks.required[cell]
        missing = required - present if required > present else 0
        given = crisis = 0
        if stocks.active[cell % self.width]:
            given, crisis = stocks.given[cell], stocks.crisis[cell]
        causes = self.causes(cell, missing) if missing else None
        if given:
            lost = self.world.crises.given_causes(cell)
            causes = tuple(map(add, causes, lost)) if causes else lost
        state = (crisis, required + given, present, stocks.borrowed[cell], stocks.away[cell], missing + given, causes)
        if state != self.last[cell]:
            self.last[cell] = state
            self.append(_level(Level, (self.clock.now, cell, *state)))
            if self.short[cell] != (missing + given > 0):
                self.short[cell] = not self.short[cell]
                self.world.crises.felt(cell)
        exposed = self.exposed[cell // self.width]
        if missing > stocks.inbound[cell]:
            exposed.add(cell)
        elif exposed:
            exposed.discard(cell)

    def causes(self, cell: int, missing: int) -> tuple[int, ...]:
        """`missing` units of a cell by cause, in the order of CAUSES."""
        found = [0] * len(CAUSES)
        stocks = self.stocks
        way = stocks.covering(cell) if stocks.owed[cell] else stocks.way[cell]
        for stage, coming in enumerate(way) if stocks.inbound[cell] else ():
            if coming >= missing:
                found[stage] = missing
                return tuple(found)
            found[stage] = coming
            missing -= coming
        for cause, units in self._held_back(cell):
            found[cause] = units if units < missing else missing
            missing -= found[cause]
        found[NOBODY] = missing
        return tuple(found)

    def _held_back(self, cell: int) -> list[tuple[int, int]]:
        """(cause, units) that exist elsewhere beyond today's requirements but do not come, in the causes' order."""
        present, promised, required = self.stocks.present, self.stocks.promised, self.stocks.required
        first = cell - cell % self.width
        spare: dict[int, int] = {}
        for lender in range(first, first + self.width):
            if present[lender] > required[lender] and lender != cell:
                units = present[lender] - promised[lender] - required[lender]
                if units > 0:
                    spare[lender] = units
        if not spare:
            return []
        theatre, desk, found = self.world.theatre, self.world.desk, [0, 0, 0, 0]
        offered = dict.fromkeys(spare, 0)
        for link in theatre.links[cell]:
            lender = link.lender
            if lender in spare:
                # Kept is also what could have come and was not asked for: a rule written in Python held it back.
                found[KEPT - REFUSED] += self._take(link.contingent, lender, spare)
                offer = desk.offer(link, offered[lender])
                if offer > 0:
                    offered[lender] += offer
                    if desk.refused(link, cell):
                        cause, units = REFUSED, offer
                    else:
                        cause, units = CEILING, max(0, offer - self.world.loans.room(link))
                    found[cause - REFUSED] += units
                    found[KEPT - REFUSED] -= units
        for contingent in theatre.strangers[cell]:
            lender = theatre.contingents[contingent].cell
            if lender in spare:
                found[NOT_PERMITTED - REFUSED] += self._take(contingent, lender, spare)
        return list(enumerate(found, REFUSED))

    def _take(self, contingent: int, lender: int, spare: dict[int, int]) -> int:
        """Units of a contingent beyond its mission's requirement now; each unit of the mission is counted once."""
        units = min(spare[lender], self.stocks.home[contingent] - self.stocks.promised_of[contingent])
        spare[lender] -= units
        return units
