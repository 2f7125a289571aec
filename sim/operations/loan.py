"""A loan's life: requested → gates → prepared → (lift) → departed → arrived → … → departed → home → recovered.

A loan is one request to one contingent; its *lots* are units that share every date. A lot splits where its units part:
into the loads of a lift, at a reception that cannot take all at once, or when only some are let go or called back.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.chance.loan_draws import LoanDraws
from sim.operations.episodes import Episode
from sim.operations.log import LoanRecord
from sim.operations.stages import ON_LOAN, PREPARING, TRANSIT, Stage
from sim.operations.stocks import Cell, Holding
from sim.operations.theatre import Link


class GateDays(NamedTuple):
    """When one gate of a loan opens and decides, as it was drawn on the request."""

    opens: float
    decides: float


class Loan:
    """One request: its terms, its window and its lots."""

    __slots__ = (
        "borrower",
        "draws",
        "episode",
        "first_window",
        "gates",
        "holding",
        "journey",
        "lender",
        "link",
        "loads",
        "lots",
        "number",
        "refused_by",
        "renewals",
        "requested",
        "terms",
        "window",
    )

    def __init__(  # noqa: PLR0913  # a request has this many sides
        self,
        number: int,
        link: Link,
        holding: Holding,
        borrower: Cell,
        *,
        episode: Episode | None,
        draws: LoanDraws,
        requested: float,
    ) -> None:
        self.number = number
        self.link = link
        self.terms = link.terms
        self.journey = link.journey
        self.holding = holding
        self.lender = holding.cell
        self.borrower = borrower
        self.episode = episode
        """The occurrence on whose behalf it was requested; None for routine tasks."""
        self.draws = draws
        self.requested = requested
        self.gates: dict[str, GateDays] = {}
        """In the order of the terms; of gates that open in turn, those up to the first refusal."""
        self.refused_by: str | None = None
        self.first_window: float | None = None
        self.window: float | None = None
        self.renewals = 0
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
        self.stage: Stage = PREPARING
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

    @property
    def still_home(self) -> bool:
        """Whether it is promised and has not departed."""
        return TRANSIT < self.stage < ON_LOAN

    def split(self, units: int) -> Lot:
        """A new lot of `units` taken from this one, with the same past; what is pending stays with this one."""
        assert 0 < units < self.units
        part = Lot(self.loan, units)
        part.stage, part.load = self.stage, self.load
        part.ready, part.departed, part.landed, part.arrived = self.ready, self.departed, self.landed, self.arrived
        part.late, part.expired = self.late, self.expired
        part.ended, part.why, part.left = self.ended, self.why, self.left
        self.units -= units
        return part

    def record(self, end: float) -> LoanRecord:
        """What the log says of it, at the latest at the period's `end`."""
        loan = self.loan
        opened, cleared = self._gates_passed(end)
        window, first_window = loan.window, loan.first_window
        if self.departed is None and "council" in loan.gates and "council" not in cleared:
            window = first_window = None  # the authority that it would have opened never was
        contingent = loan.holding.contingent
        return LoanRecord(
            loan=loan.number,
            load=self.load,
            crisis=loan.episode.occurrence.crisis if loan.episode else None,
            lender=contingent.mission,
            borrower=loan.borrower.mission,
            resource=contingent.resource,
            contributor=contingent.contributor,
            units=self.units,
            requested_day=loan.requested,
            council_day=cleared.get("council"),
            contributor_day=cleared.get("contributor"),
            host_day=cleared.get("host"),
            ready_day=self.ready,
            departed_day=self.departed,
            landed_day=self.landed,
            arrived_day=self.arrived,
            late=self.late,
            first_window_day=first_window,
            window_day=window,
            ended_day=self.ended,
            why_ended=self.why,
            left_day=self.left,
            home_day=self.home,
            recovered_day=self.recovered,
            refused_by=loan.refused_by if self.why == "refused" else None,
            lift=loan.journey.lift,
            sorties=self.sorties,
            km=loan.journey.km,
            hours=loan.journey.hours,
            gates=loan.terms.gate_names,
            council_opened_day=opened.get("council"),
            contributor_opened_day=opened.get("contributor"),
            host_opened_day=opened.get("host"),
        )

    def _gates_passed(self, end: float) -> tuple[dict[str, float], dict[str, float]]:
        """Days on which gates opened, and on which they cleared, before the lot was given up or the period ended."""
        loan, ended = self.loan, self.ended
        opened, cleared = {}, {}
        for gate, (opens, decides) in loan.gates.items():
            if opens < end if ended is None else opens <= ended:
                opened[gate] = opens
            if gate != loan.refused_by and (decides < end if ended is None else decides <= ended):
                cleared[gate] = decides
        return opened, cleared
