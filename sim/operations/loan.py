"""A loan's life: requested → gates → prepared → (lift) → departed → arrived → … → departed → home → recovered.

A loan is one request to one contingent; its *lots* are units that share every date. A lot splits where its units part:
into the loads of a lift, at a reception that cannot take all at once, or when only some are let go or called back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.operations.log import LoanRecord
from sim.operations.stocks import PREPARING
from sim.operations.theatre import Link, Theatre

if TYPE_CHECKING:
    from sim.operations.crises import Unrest

ON_LOAN, GOING, HOMEWARD, OVER = 6, 7, 8, 9
"""Stages after those of `stocks` (in transit, lift, preparing, gates): on loan; called back or released but still
there; on the way home or recovering; finished."""


class Loan:
    """One request: its paper, its window and its lots."""

    __slots__ = (
        "attempt",
        "borrower",
        "first_window",
        "gates",
        "link",
        "loads",
        "lots",
        "luck",
        "number",
        "refused_by",
        "renewals",
        "requested",
        "unrest",
        "window",
    )

    def __init__(self, number: int, borrower: int, link: Link, unrest: Unrest | None, requested: float) -> None:
        self.number = number
        self.borrower = borrower
        """The borrower's cell."""
        self.link = link
        self.unrest = unrest
        """The occurrence on whose behalf it was requested; None for routine tasks."""
        self.requested = requested
        self.gates: dict[str, float] = {}
        """Day on which each gate clears, or refuses."""
        self.refused_by: str | None = None
        self.first_window: float | None = None
        self.window: float | None = None
        self.renewals = 0
        self.attempt = 0
        self.luck: tuple[str, ...] = ()
        """What its draws are keyed by."""
        self.loads = 0
        """Loads that have departed."""
        self.lots: list[Lot] = []
        """Those that are not over."""


class Lot:
    """Units of one loan that have shared everything so far."""

    __slots__ = (
        "arrived",
        "departed",
        "ended",
        "expired",
        "home",
        "landed",
        "late",
        "left",
        "load",
        "loan",
        "on_notice",
        "ready",
        "recovered",
        "sorties",
        "stage",
        "units",
        "why",
    )

    def __init__(self, loan: Loan, units: int) -> None:
        self.loan = loan
        self.units = units
        self.stage = PREPARING
        self.ready: float | None = None
        self.departed: float | None = None
        self.landed: float | None = None
        self.arrived: float | None = None
        self.late = False
        self.expired: str | None = None
        """Why it must turn round on arrival, if it must."""
        self.on_notice = False
        """Called back, but its notice still runs."""
        self.ended: float | None = None
        self.why: str | None = None
        self.left: float | None = None
        self.home: float | None = None
        self.recovered: float | None = None
        self.load = 0
        """Number of its load within the loan: lots that departed together share it."""
        self.sorties = 0
        """Loads of a lift that are charged to it: a lot that splits off after departure carries none."""
        loan.lots.append(self)

    def split(self, units: int) -> Lot:
        """A new lot of `units` taken from this one, with the same past; what is pending stays with this one."""
        assert 0 < units < self.units
        part = Lot(self.loan, units)
        for word in (
            "stage",
            "ready",
            "departed",
            "landed",
            "arrived",
            "late",
            "expired",
            "ended",
            "why",
            "left",
            "load",
        ):
            setattr(part, word, getattr(self, word))
        self.units -= units
        return part

    def record(self, theatre: Theatre) -> LoanRecord:
        """What the log says of it."""
        loan = self.loan
        contingent = theatre.contingents[loan.link.contingent]
        gates, first_window, window = loan.gates, loan.first_window, loan.window
        if self.departed is None and gates:
            gates = self._cleared(theatre.days)
            if "council" in loan.gates and "council" not in gates:
                first_window = window = None
        return LoanRecord(
            loan.number,
            self.load,
            loan.unrest.draw.crisis if loan.unrest else None,
            contingent.mission,
            theatre.missions[loan.borrower % len(theatre.missions)],
            contingent.resource,
            contingent.contributor,
            self.units,
            loan.requested,
            gates.get("council"),
            gates.get("contributor"),
            gates.get("host"),
            self.ready,
            self.departed,
            self.landed,
            self.arrived,
            self.late,
            first_window,
            window,
            self.ended,
            self.why,
            self.left,
            self.home,
            self.recovered,
            loan.refused_by if self.why == "refused" else None,
            loan.link.journey.lift,
            self.sorties,
        )

    def _cleared(self, end: float) -> dict[str, float]:
        """The gates that had cleared when a lot that never departed was given up, or when the period ended."""
        loan, ended = self.loan, self.ended
        return {
            gate: day
            for gate, day in loan.gates.items()
            if gate != loan.refused_by and (day < end if ended is None else day <= ended)
        }
