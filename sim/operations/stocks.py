"""Who has what, where. Every move of units goes through here, and what is impossible is refused."""

from __future__ import annotations

from sim.operations.theatre import Theatre

TRANSIT, LIFT, PREPARING, COUNCIL, CONTRIBUTOR, HOST = range(6)
"""How far units on their way to a cell have come: the index of the cause in `log.CAUSES`."""


class Stocks:
    """Units by cell and by contingent, as integer lists (index: cell, or number of the contingent)."""

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        cells = len(theatre.routine)
        self.present = [0] * cells
        """Serviceable units there, own or borrowed, promised ones included."""
        self.borrowed = [0] * cells
        self.leaving = [0] * cells
        """Borrowed units that are still there but have been called back or released."""
        self.promised = [0] * cells
        """Own units at home that are promised to others."""
        self.away = [0] * cells
        """Own units that departed on loans and have not recovered."""
        self.inbound = [0] * cells
        """Units promised to the cell and not yet arrived, and own units on their way back to stay."""
        self.way = [[0] * 6 for _ in range(cells)]
        """The same units by how far they have come, and those that will not stay."""
        self.owed = [0] * cells
        """Own units on their way back that are withdrawn once they are home: nobody counts on them any more."""
        self.routine = [0] * cells
        self.crisis = [0] * cells
        """Units that active crises need."""
        self.given = [0] * cells
        """The part of it that was given up."""
        self.required = [0] * cells
        """What is still sought: routine + crisis − given; 0 where the mission is not active."""
        self.expected = [0] * cells
        """First-phase needs of known crises within the policy's prevent_days."""
        self.prevented = [0] * cells
        """The part of them that is sought beforehand: all; nothing where the mission is not active."""
        self.foreseen = [0] * cells
        """The same within foresee_days."""
        self.active = [False] * len(theatre.missions)
        count = len(theatre.contingents)
        self.home = [0] * count
        """Units at home and serviceable, promised ones included."""
        self.promised_of = [0] * count
        self.transit = [0] * count
        self.lent = [0] * count
        self.recovering = [0] * count
        self.withdrawn = [0] * count
        self.held = [0] * count
        """All units that the contingent ever had, withdrawn ones included."""
        self.kept = [0] * count
        """Units that the policy never lets leave."""
        self.debt = [0] * count
        """Units that are to be withdrawn once they are home."""
        self.homing = [0] * count
        """Units that have been released or called back and are not serviceable at home yet."""
        self.owed_of = [0] * count
        """Those of them that are to be withdrawn."""

    def require(self, cell: int) -> None:
        """Bring `required` and `prevented` up to date."""
        if self.active[cell % len(self.active)]:
            self.required[cell] = self.routine[cell] + self.crisis[cell] - self.given[cell]
            self.prevented[cell] = self.expected[cell]
        else:
            self.required[cell] = self.prevented[cell] = 0

    def supply(self, contingent: int, units: int) -> None:
        """New units stand at home."""
        self.held[contingent] += units
        self.home[contingent] += units
        self.present[self.theatre.contingents[contingent].cell] += units
        self.reserve(contingent)

    def owe(self, contingent: int, units: int) -> None:
        """So many units more, wherever they are, are to be withdrawn."""
        self.debt[contingent] += units
        self._reckon(contingent)

    def _reckon(self, contingent: int) -> None:
        """Bring what is on its way back but will not stay up to date."""
        owed = min(self.debt[contingent], self.homing[contingent])
        more, cell = owed - self.owed_of[contingent], self.theatre.contingents[contingent].cell
        self.owed_of[contingent] = owed
        self.owed[cell] += more
        self.inbound[cell] -= more

    def withdraw(self, contingent: int, units: int) -> None:
        """Unpromised units at home, of those that are to be withdrawn, leave for good."""
        assert 0 <= units <= self.home[contingent] - self.promised_of[contingent]
        self.owe(contingent, -units)
        self.home[contingent] -= units
        self.withdrawn[contingent] += units
        self.present[self.theatre.contingents[contingent].cell] -= units
        self.reserve(contingent)

    def reserve(self, contingent: int) -> None:
        """Bring what the policy keeps of a contingent up to date."""
        resource = self.theatre.contingents[contingent].resource
        strength = self.held[contingent] - self.withdrawn[contingent]
        self.kept[contingent] = self.theatre.policy.kept_of(resource, strength)

    def promise(self, contingent: int, lender: int, borrower: int, units: int) -> None:
        """Units at home are promised to another cell."""
        assert 0 < units <= self.home[contingent] - self.promised_of[contingent], "more promised than there is"
        self.promised_of[contingent] += units
        self.promised[lender] += units
        self.inbound[borrower] += units

    def unpromise(self, contingent: int, lender: int, borrower: int, units: int) -> None:
        """A promise lapses."""
        self.promised_of[contingent] -= units
        self.promised[lender] -= units
        self.inbound[borrower] -= units

    def depart(self, contingent: int, lender: int, units: int) -> None:
        """Promised units leave home."""
        self.home[contingent] -= units
        self.promised_of[contingent] -= units
        self.promised[lender] -= units
        self.present[lender] -= units
        self.away[lender] += units
        self.transit[contingent] += units

    def arrive(self, contingent: int, borrower: int, units: int) -> None:
        """Units on their way are on loan."""
        self.transit[contingent] -= units
        self.lent[contingent] += units
        self.inbound[borrower] -= units
        self.present[borrower] += units
        self.borrowed[borrower] += units

    def notify(self, contingent: int, lender: int, borrower: int, units: int) -> None:
        """Units on loan are to leave: the lender expects them, the borrower still has them."""
        self.leaving[borrower] += units
        self.inbound[lender] += units
        self.homing[contingent] += units
        if self.debt[contingent]:
            self._reckon(contingent)

    def leave(self, contingent: int, borrower: int, units: int) -> None:
        """Units that were to leave the borrower have left."""
        self.leaving[borrower] -= units
        self.present[borrower] -= units
        self.borrowed[borrower] -= units
        self.lent[contingent] -= units
        self.transit[contingent] += units

    def return_home(self, contingent: int, units: int) -> None:
        """Units are home, not yet serviceable."""
        self.transit[contingent] -= units
        self.recovering[contingent] += units

    def recover(self, contingent: int, lender: int, units: int) -> None:
        """Units are serviceable at home again."""
        self.recovering[contingent] -= units
        self.home[contingent] += units
        self.inbound[lender] -= units
        self.homing[contingent] -= units
        self.away[lender] -= units
        self.present[lender] += units
        if self.debt[contingent]:
            self._reckon(contingent)

    def covering(self, cell: int) -> list[int]:
        """Units on their way to the cell to stay, by how far they have come.

        Of own units on their way back, those furthest along are taken for the ones that are withdrawn: they pay first.
        """
        way, owed = list(self.way[cell]), self.owed[cell]
        for stage in (TRANSIT, LIFT, PREPARING):
            part = min(way[stage], owed)
            way[stage] -= part
            owed -= part
        return way

    def check(self) -> None:
        """Assert that no unit was made, lost or in two places, and that every count adds up."""
        own = [0] * len(self.present)
        for contingent in self.theatre.contingents:
            k = contingent.number
            parts = (self.home[k], self.transit[k], self.lent[k], self.recovering[k], self.withdrawn[k])
            assert min(*parts, self.promised_of[k], self.debt[k]) >= 0, f"negative units of {contingent}"
            assert sum(parts) == self.held[k], f"units of {contingent} are not conserved"
            assert self.promised_of[k] <= self.home[k], f"{contingent} promises more than it has"
            own[contingent.cell] += self.home[k]
        for cell, present in enumerate(self.present):
            where = self.theatre.place(cell)
            assert present == own[cell] + self.borrowed[cell], f"presence at {where} does not add up"
            assert self.inbound[cell] + self.owed[cell] == sum(self.way[cell]), (
                f"units on their way to {where} do not add up"
            )
            assert min(self.way[cell]) >= 0 and self.leaving[cell] <= self.borrowed[cell], f"impossible at {where}"
        assert sum(self.lent) == sum(self.borrowed), "units lent are not the units borrowed"
