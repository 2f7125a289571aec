"""A loan's life: requested → gates → prepared → (lift) → departed → arrived → … → departed → home → recovered.

A loan is one request to one contingent; its *lots* are units that share every date. A lot splits where its units part:
into the loads of a lift, at a reception that cannot take all at once, or when only some are let go or called back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sim.agreements.journeys import Journey
from sim.agreements.terms import Terms
from sim.chance.loan_draws import LoanDraws
from sim.operations.episodes import Episode
from sim.operations.log import LoanRecord
from sim.operations.stages import ON_LOAN, PREPARING, TRANSIT, Stage
from sim.operations.stocks import Cell, Holding
from sim.operations.theatre import Link


@dataclass(slots=True, eq=False)
class Loan:
    """One request: its terms, its window and its lots."""

    number: int
    link: Link
    terms: Terms
    journey: Journey
    holding: Holding
    lender: Cell
    borrower: Cell
    episode: Episode | None
    """The occurrence on whose behalf it was requested; None for routine tasks."""
    draws: LoanDraws
    requested: float
    opens: dict[str, float] = field(default_factory=dict)
    """Day on which each gate opens, as drawn on the request; of gates in turn, those up to the first refusal."""
    decides: dict[str, float] = field(default_factory=dict)
    """Day on which each of them clears, or refuses."""
    refused_by: str | None = None
    first_window: float | None = None
    window: float | None = None
    renewals: int = 0
    loads: int = 0
    """Loads that have departed."""
    lots: list[Lot] = field(default_factory=list)
    """Those that are not over."""


@dataclass(slots=True, eq=False)
class Lot:
    """Units of one loan that have shared everything so far."""

    loan: Loan
    units: int
    stage: Stage = PREPARING
    ready: float | None = None
    departed: float | None = None
    landed: float | None = None
    arrived: float | None = None
    late: bool = False
    expired: str | None = None
    """Why it must turn round on arrival, if it must."""
    on_notice: bool = False
    """Called back, but its notice still runs."""
    ended: float | None = None
    why: str | None = None
    left: float | None = None
    home: float | None = None
    recovered: float | None = None
    load: int = 0
    """Number of its load within the loan: lots that departed together share it."""
    sorties: int = 0
    """Loads of a lift that are charged to it: a lot that splits off after departure carries none."""

    def __post_init__(self) -> None:
        self.loan.lots.append(self)

    @property
    def still_home(self) -> bool:
        """Whether it is promised and has not departed."""
        return TRANSIT < self.stage < ON_LOAN

    def split(self, units: int) -> Lot:
        """A new lot of `units` taken from this one, with the same past; what is pending stays with this one."""
        assert 0 < units < self.units
        self.units -= units
        return replace(self, units=units, sorties=0, on_notice=False)

    def record(self, end: float) -> LoanRecord:
        """What the log says of it, at the latest at the period's `end`."""
        loan = self.loan
        opened, cleared = self._passed(loan.opens, end), self._passed(loan.decides, end)
        if loan.refused_by is not None:  # that gate has decided, and not cleared
            cleared = {gate: day for gate, day in cleared.items() if gate != loan.refused_by}
        window, first_window = loan.window, loan.first_window
        if self.departed is None and "council" in loan.decides and "council" not in cleared:
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

    def _passed(self, days: dict[str, float], end: float) -> dict[str, float]:
        """Those of a loan's gates whose day came before the lot was given up or the period ended."""
        if self.departed is not None:
            return days
        ended = self.ended
        return {gate: day for gate, day in days.items() if (day < end if ended is None else day <= ended)}
