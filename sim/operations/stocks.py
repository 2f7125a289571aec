"""Who has what, where. Every move of units goes through here, and what is impossible is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.operations.stages import COMING, LIFT, PREPARING, TRANSIT
from sim.operations.theatre import Contingent, Theatre
from sim.scenario.nouns.scenario import Policy


@dataclass(slots=True, eq=False)
class Cell:
    """One resource in one mission: the units that are there, come and go, and those that are needed."""

    number: int
    mission: str
    resource: str
    mission_number: int
    resource_number: int
    holdings: list[Holding] = field(default_factory=list)
    """Its contingents."""
    active: bool = False
    """Whether its mission is."""
    present: int = 0
    """Serviceable units there, own or borrowed, promised ones included."""
    borrowed: int = 0
    """Units there on loan, fit or in repair."""
    leaving: int = 0
    """Borrowed units that are still there but have been called back or released."""
    unfit: int = 0
    """Units there that are in repair, and so not present: own ones and borrowed ones."""
    unfit_borrowed: int = 0
    """The borrowed ones of them."""
    unfit_leaving: int = 0
    """Those of these that are leaving."""
    promised: int = 0
    """Own units at home that are promised to others."""
    away: int = 0
    """Own units that departed on loans and have not recovered."""
    inbound: int = 0
    """Units promised to the cell and not yet arrived, and own units on their way back to stay."""
    way: list[int] = field(default_factory=lambda: [0] * COMING)
    """The same units by stage, and those that will not stay."""
    owed: int = 0
    """Own units on their way back that are withdrawn once they are home: nobody counts on them any more."""
    routine: int = 0
    crisis: int = 0
    """Units that active crises need."""
    given: int = 0
    """The part of it that was given up."""
    required: int = 0
    """What is still sought: routine + crisis − given; 0 where the mission is not active."""
    expected: int = 0
    """First-phase needs of known crises within the policy's prevent_days."""
    prevented: int = 0
    """The part of them that is sought beforehand: all; nothing where the mission is not active."""
    foreseen: int = 0
    """The same within foresee_days."""
    short: bool = False
    """Whether units were missing by what was last written down."""

    def __repr__(self) -> str:
        return f"{self.resource} in {self.mission}"

    def require(self) -> None:
        """Bring `required` and `prevented` up to date."""
        if self.active:
            self.required = self.routine + self.crisis - self.given
            self.prevented = self.expected
        else:
            self.required = self.prevented = 0

    def missing(self) -> int:
        """Units of open need: requirement with prevention − present − inbound. Below 0 there are more than needed."""
        return self.required + self.prevented - self.present - self.inbound

    def surplus(self) -> int:
        """Units that could be let go: beyond what is sought, of those that come or are borrowed; else 0 or less."""
        if self.inbound or self.borrowed:
            return self.staying() + self.inbound - self.required - self.prevented
        return 0

    def staying(self) -> int:
        """Units present, without those that are leaving."""
        return self.present - self.leaving + self.unfit_leaving

    def balanced(self) -> bool:
        """Whether it has neither an open need nor units that could be let go."""
        sought, there = self.required + self.prevented, self.present + self.inbound
        return sought <= there and not (
            (self.inbound or self.borrowed) and there - self.leaving + self.unfit_leaving > sought
        )

    def covering(self) -> list[int]:
        """Units on their way to the cell to stay, by stage.

        Of own units on their way back, those furthest along are taken for the ones that are withdrawn: they pay first.
        """
        way, owed = list(self.way), self.owed
        for stage in (TRANSIT, LIFT, PREPARING):
            part = min(way[stage], owed)
            way[stage] -= part
            owed -= part
        return way


@dataclass(slots=True, eq=False)
class Holding:
    """The units of one contingent, by where they are."""

    contingent: Contingent
    cell: Cell
    policy: Policy
    home: int = 0
    """Units at home that have recovered, promised ones and those in repair included."""
    unfit_home: int = 0
    """Those of them that are in repair."""
    promised: int = 0
    transit: int = 0
    lent: int = 0
    recovering: int = 0
    withdrawn: int = 0
    held: int = 0
    """All units that the contingent ever had, withdrawn ones included."""
    reserve: int = 0
    """Units that the policy never lets leave."""
    debt: int = 0
    """Units that are to be withdrawn once they are home."""
    homing: int = 0
    """Units that have been released or called back and are not serviceable at home yet."""
    owed: int = 0
    """Those of them that are to be withdrawn."""
    moved: Callable[[Holding], None] | None = None
    """Told whenever units of it have come or gone, where they fall unfit: who is in repair then stands elsewhere."""

    @property
    def free(self) -> int:
        """Fit units at home that are not promised; below 0 where promised ones are in repair."""
        return self.home - self.promised - self.unfit_home

    def supply(self, units: int) -> None:
        """New units stand at home."""
        self.held += units
        self.home += units
        self.cell.present += units
        self._set_reserve()
        self._tell()

    def owe(self, units: int) -> None:
        """So many units more, wherever they are, are to be withdrawn."""
        self.debt += units
        self._set_owed()

    def withdraw(self, units: int) -> None:
        """Unpromised units at home, of those that are to be withdrawn, leave for good."""
        assert 0 <= units <= self.home - self.promised
        self.owe(-units)
        self.home -= units
        self.withdrawn += units
        self.cell.present -= units
        self._set_reserve()
        self._tell()

    def promise(self, borrower: Cell, units: int) -> None:
        """Units at home are promised to another cell."""
        assert 0 < units <= self.free, "more promised than there is"
        self.promised += units
        self.cell.promised += units
        borrower.inbound += units

    def unpromise(self, borrower: Cell, units: int) -> None:
        """A promise lapses."""
        self.promised -= units
        self.cell.promised -= units
        borrower.inbound -= units

    def depart(self, units: int) -> None:
        """Promised units leave home."""
        lender = self.cell
        self.home -= units
        self.promised -= units
        self.transit += units
        lender.promised -= units
        lender.present -= units
        lender.away += units
        self._tell()

    def arrive(self, borrower: Cell, units: int) -> None:
        """Units on their way are on loan."""
        self.transit -= units
        self.lent += units
        borrower.inbound -= units
        borrower.present += units
        borrower.borrowed += units
        self._tell()

    def notify(self, borrower: Cell, units: int) -> None:
        """Units on loan are to leave: the lender expects them, the borrower still has them."""
        borrower.leaving += units
        self.cell.inbound += units
        self.homing += units
        if self.debt:
            self._set_owed()
        self._tell()

    def leave(self, borrower: Cell, units: int) -> None:
        """Units that were to leave the borrower have left."""
        borrower.leaving -= units
        borrower.present -= units
        borrower.borrowed -= units
        self.lent -= units
        self.transit += units
        self._tell()

    def return_home(self, units: int) -> None:
        """Units are home, not yet serviceable."""
        self.transit -= units
        self.recovering += units

    def recover(self, units: int) -> None:
        """Units are serviceable at home again."""
        lender = self.cell
        self.recovering -= units
        self.home += units
        self.homing -= units
        lender.inbound -= units
        lender.away -= units
        lender.present += units
        if self.debt:
            self._set_owed()
        self._tell()

    def _tell(self) -> None:
        if self.moved is not None:
            self.moved(self)

    def _set_owed(self) -> None:
        """Bring what is on its way back but will not stay up to date."""
        owed = min(self.debt, self.homing)
        self.cell.owed += owed - self.owed
        self.cell.inbound -= owed - self.owed
        self.owed = owed

    def _set_reserve(self) -> None:
        self.reserve = self.policy.kept_of(self.contingent.resource, self.held - self.withdrawn)


class Stocks:
    """Every cell and every contingent of a replication, each list in the order of the theatre's numbers."""

    def __init__(self, theatre: Theatre) -> None:
        self.cells = [
            Cell(number, mission, resource, theatre.mission_number[mission], theatre.resource_number[resource])
            for number, (mission, resource) in enumerate(theatre.cells)
        ]
        self.by_mission = [[cell for cell in self.cells if cell.mission == name] for name in theatre.missions]
        self.by_resource = [[cell for cell in self.cells if cell.resource == name] for name in theatre.resources]
        self.holdings = [Holding(one, self.cells[one.cell], theatre.policy) for one in theatre.contingents]
        for holding in self.holdings:
            holding.cell.holdings.append(holding)

    def check(self) -> None:
        """Assert that no unit was made, lost or in two places, and that every count adds up."""
        for holding in self.holdings:
            name = holding.contingent
            parts = (holding.home, holding.transit, holding.lent, holding.recovering, holding.withdrawn)
            assert min(*parts, holding.promised, holding.debt) >= 0, f"negative units of {name}"
            assert sum(parts) == holding.held, f"units of {name} are not conserved"
            assert holding.promised <= holding.home, f"{name} promises more than it has"
        for cell in self.cells:
            own = sum(holding.home for holding in cell.holdings)
            assert cell.present == own + cell.borrowed - cell.unfit, f"presence of {cell} does not add up"
            unfit = sum(holding.unfit_home for holding in cell.holdings)
            assert cell.unfit == unfit + cell.unfit_borrowed, f"units in repair in {cell} do not add up"
            assert 0 <= cell.unfit_leaving <= min(cell.unfit_borrowed, cell.leaving), f"impossible repairs: {cell}"
            assert cell.inbound + cell.owed == sum(cell.way), f"units on their way to {cell} do not add up"
            assert min(cell.way) >= 0 and cell.leaving <= cell.borrowed, f"impossible: {cell}"
        lent, borrowed = (sum(one.lent for one in self.holdings), sum(cell.borrowed for cell in self.cells))
        assert lent == borrowed, "units lent are not the units borrowed"
