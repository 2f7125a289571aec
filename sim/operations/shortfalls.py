"""What is written down once an instant is over: each cell's state and, unit by unit, why something is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from operator import attrgetter

from sim.operations.clock import Clock
from sim.operations.log import CAUSES, Level
from sim.operations.offers import Offers
from sim.operations.stages import CAUSE_OF_STAGE
from sim.operations.stocks import Cell, Holding, Stocks
from sim.operations.theatre import Theatre
from sim.scenario.nouns.milliseconds import DAY

IN_REPAIR, GIVEN_UP, NOBODY = map(CAUSES.index, ("in repair", "given up", "nobody had any"))
ON_THE_WAY = tuple(map(CAUSES.index, CAUSE_OF_STAGE))
"""By stage, the place of its cause among `log.CAUSES`."""
HELD_BACK = REFUSED, KEPT, CEILING, NOT_PERMITTED, NO_WAY = tuple(
    map(CAUSES.index, ("refused", "kept", "ceiling", "not permitted", "no way there"))
)
"""Why units that exist elsewhere do not come."""
State = tuple[int, int, int, int, int, int, tuple[int, ...] | None]
NOTHING: State = (0, 0, 0, 0, 0, 0, None)
NUMBER = attrgetter("number")


@dataclass(eq=False)
class Shortfalls:
    """Writes a level whenever a cell's state has changed, and tells who watches where a shortfall begins or ends."""

    theatre: Theatre
    clock: Clock
    stocks: Stocks
    offers: Offers
    levels: list[Level]

    def __post_init__(self) -> None:
        self.last: list[State] = [NOTHING] * len(self.stocks.cells)
        """What was last written of each cell."""
        self.exposed: list[set[Cell]] = [set() for _ in self.theatre.resources]
        """By resource, the short cells of which some part is covered by no promise: why depends on what others have."""
        self.watchers: list[Callable[[Cell], None]] = []
        """Told of each cell that has become short, or is no longer."""

    def settle(self, resource: int, touched: Collection[Cell]) -> None:
        """Write the levels of a resource's cells that were touched, and of others whose causes may change by it."""
        exposed = self.exposed[resource]
        if exposed or len(touched) > 1:
            touched = sorted(exposed.union(touched), key=NUMBER)
        for cell in touched:
            self.write(cell)

    def write(self, cell: Cell) -> None:
        """Write one cell's level, where no other can have changed by what changed it."""
        present, required = cell.present, cell.required
        missing = required - present if required > present else 0
        given = crisis = 0
        if cell.active:
            given, crisis = cell.given, cell.crisis
        causes = self.causes(cell, missing, given) if missing or given else None
        state = (crisis, required + given, present, cell.borrowed, cell.away, missing + given, causes)
        if state != self.last[cell.number]:
            self.last[cell.number] = state
            self.levels.append(Level(self.clock.now / DAY, cell.number, *state))
            if cell.short != (missing + given > 0):
                cell.short = not cell.short
                for watcher in self.watchers:
                    watcher(cell)
        exposed = self.exposed[cell.resource_number]
        if missing > cell.inbound + cell.unfit:
            exposed.add(cell)
        elif exposed:
            exposed.discard(cell)

    def causes(self, cell: Cell, missing: int, given: int) -> tuple[int, ...]:
        """`missing` units of a cell by cause, in the order of CAUSES, and those that were given up."""
        units_by_cause = [0] * len(CAUSES)
        units_by_cause[GIVEN_UP] = given
        if not missing:
            return tuple(units_by_cause)
        if cell.unfit:
            units_by_cause[IN_REPAIR] = min(cell.unfit, missing)
            missing -= units_by_cause[IN_REPAIR]
        way = cell.covering() if cell.owed else cell.way
        for cause, coming in zip(ON_THE_WAY, way, strict=True) if cell.inbound else ():
            if coming >= missing:
                units_by_cause[cause] = missing
                return tuple(units_by_cause)
            units_by_cause[cause] = coming
            missing -= coming
        for cause, units in self._held_back(cell):
            units_by_cause[cause] = units if units < missing else missing
            missing -= units_by_cause[cause]
        units_by_cause[NOBODY] = missing
        return tuple(units_by_cause)

    def _held_back(self, cell: Cell) -> Iterable[tuple[int, int]]:
        """(cause, units) that exist elsewhere beyond today's requirements but do not come, in the causes' order."""
        spare = self._spare(cell)
        if not spare:
            return ()
        offers, holdings, held_back = self.offers, self.stocks.holdings, dict.fromkeys(HELD_BACK, 0)
        offered = dict.fromkeys(spare, 0)
        for link in self.theatre.links[cell.number]:
            holding = holdings[link.contingent]
            lender = holding.cell
            if lender in spare:
                # Kept is also what could have come and was not asked for: a rule written in Python held it back.
                held_back[KEPT] += _take(holding, spare)
                offer = offers.most(holding, cell, offered[lender])
                if offer > 0:
                    offered[lender] += offer
                    if offers.refused(link, cell):
                        cause, units = REFUSED, offer
                    else:
                        cause, units = CEILING, max(0, offer - offers.below_ceiling(link))
                    held_back[cause] += units
                    held_back[KEPT] -= units
        for cause, elsewhere in ((NOT_PERMITTED, self.theatre.not_permitted), (NO_WAY, self.theatre.no_way)):
            for contingent in elsewhere[cell.number]:
                if holdings[contingent].cell in spare:
                    held_back[cause] += _take(holdings[contingent], spare)
        return held_back.items()

    def _spare(self, cell: Cell) -> dict[Cell, int]:
        """What others have beyond their requirement now; of who may go short for the cell, what they have for it."""
        spare = {}
        for lender in self.stocks.by_resource[cell.resource_number]:
            if lender.present > lender.required and lender is not cell:
                units = lender.present - lender.promised - lender.required
                if units > 0:
                    spare[lender] = units
        if self.offers.may_go_short:
            lenders = {self.stocks.holdings[link.contingent].cell for link in self.theatre.links[cell.number]}
            for lender in sorted(lenders, key=NUMBER):
                below = self.offers.short_for(lender, cell)
                if below and lender.present - lender.promised - lender.required + below > 0:
                    spare[lender] = lender.present - lender.promised - lender.required + below
        return spare

    def check(self) -> None:
        """Assert that causes add up, and that what is written down is how things are."""
        written = len(self.levels)
        for cell in self.stocks.cells:
            *_, shortfall, causes = self.last[cell.number]
            assert shortfall == sum(causes or ()), "causes do not add up"
            self.write(cell)
        assert written == len(self.levels), f"not written down: {self.levels[written:]}"


def _take(holding: Holding, spare: dict[Cell, int]) -> int:
    """Units of a contingent beyond its mission's requirement now; each unit of the mission is counted once."""
    left, free = spare[holding.cell], holding.free
    if free <= 0 or left <= 0:
        return 0
    units = free if free < left else left
    spare[holding.cell] = left - units
    return units
