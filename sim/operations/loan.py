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
from sim.operations.log import PEOPLE, LoanRecord, PartRecord
from sim.operations.stages import ON_LOAN, PREPARING, TRANSIT, Stage
from sim.operations.stocks import Cell, Holding
from sim.operations.theatre import Link
from sim.scenario.nouns.milliseconds import DAY, in_days


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
    requested: int
    opens: dict[str, int] = field(default_factory=dict)
    """When each gate opens, as drawn on the request; of gates in turn, those up to the first refusal."""
    decides: dict[str, int] = field(default_factory=dict)
    """When each of them clears, or refuses."""
    refused_by: str | None = None
    first_window: int | None = None
    window: int | None = None
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
    ready: int | None = None
    departed: int | None = None
    landed: int | None = None
    arrived: int | None = None
    late: bool = False
    expired: str | None = None
    """Why it must turn round on arrival, if it must."""
    on_notice: bool = False
    """Called back, but its notice still runs."""
    ended: int | None = None
    why: str | None = None
    left: int | None = None
    home: int | None = None
    recovered: int | None = None
    load: int = 0
    """Number of its load within the loan: lots that departed together share it."""
    sorties: int = 0
    """Loads of a lift that are charged to it: a lot that splits off after departure carries none."""
    unfit: int = 0
    """Units of it that are in repair at the borrower."""
    parts: tuple[Part, ...] = ()
    """People and equipment, where they move apart and its gates have cleared."""

    def __post_init__(self) -> None:
        self.loan.lots.append(self)

    @property
    def still_home(self) -> bool:
        """Whether it is promised and has not departed."""
        return TRANSIT < self.stage < ON_LOAN and self.departed is None

    def split(self, units: int) -> Lot:
        """A new lot of `units` taken from this one, with the same past; what is pending stays with this one."""
        assert 0 < units < self.units
        self.units -= units
        unfit, self.unfit = max(0, self.unfit - self.units), min(self.unfit, self.units)
        part = replace(self, units=units, sorties=0, on_notice=False, unfit=unfit)
        if self.parts:
            part.parts = tuple(replace(each, lot=part, sorties=0) for each in self.parts)
        return part

    def record(self, end: int) -> LoanRecord:
        """What the log says of it, at the latest at the period's `end`, in days."""
        loan, opened, cleared = self.loan, self._passed(self.loan.opens, end), self._cleared(end)
        # The authority that a council's gate would have opened never was, where the gate did not clear.
        authorised = self.departed is not None or "council" not in loan.decides or "council" in cleared
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
            requested_day=in_days(loan.requested),
            council_day=_told(cleared.get("council")),
            contributor_day=_told(cleared.get("contributor")),
            host_day=_told(cleared.get("host")),
            ready_day=_told(self.ready),
            departed_day=_told(self.departed),
            landed_day=_told(self.landed),
            arrived_day=_told(self.arrived),
            late=self.late,
            first_window_day=_told(loan.first_window) if authorised else None,
            window_day=_told(loan.window) if authorised else None,
            ended_day=_told(self.ended),
            why_ended=self.why,
            left_day=_told(self.left),
            home_day=_told(self.home),
            recovered_day=_told(self.recovered),
            refused_by=loan.refused_by if self.why == "refused" else None,
            lift=loan.journey.lifts[0] if loan.journey.lifts else None,
            sorties=self.sorties,
            km=loan.journey.km,
            hours=loan.journey.hours,
            gates=loan.terms.gate_names,
            council_opened_day=_told(opened.get("council")),
            contributor_opened_day=_told(opened.get("contributor")),
            host_opened_day=_told(opened.get("host")),
        )

    def _cleared(self, end: int) -> dict[str, int]:
        """The gates that agreed in time; one that refused has decided, and not cleared."""
        cleared = self._passed(self.loan.decides, end)
        refused_by = self.loan.refused_by
        return cleared if refused_by is None else {gate: due for gate, due in cleared.items() if gate != refused_by}

    def _passed(self, gates: dict[str, int], end: int) -> dict[str, int]:
        """Those of a loan's gates whose time came before the lot was given up or the period ended."""
        if self.departed is not None:
            return gates
        ended = self.ended
        return {gate: due for gate, due in gates.items() if (due < end if ended is None else due <= ended)}


@dataclass(slots=True, eq=False)
class Part:
    """The people or the equipment of a lot, where the two move apart."""

    lot: Lot
    name: str
    """people, equipment"""
    journey: Journey
    prepared: int = 0
    """When it will be, or was, ready."""
    due: int = 0
    """When it would be in, as far as it is known; of a part that waits for a lift, what it was before the wait."""
    ready: int | None = None
    departed: int | None = None
    landed: int | None = None
    home: int | None = None
    boarded: int = 0
    """Units of which it has set out."""
    under_way: int = 0
    """Loads of it that have set out and are not in."""
    sorties: int = 0

    @property
    def waits(self) -> bool:
        """Whether some of it still waits for a lift."""
        return self.ready is not None and self.boarded < self.lot.units

    @property
    def is_in(self) -> bool:
        """Whether all that set out is in, and nothing else is to set out."""
        return not self.under_way and self.boarded == self.lot.units

    def draw(self, what: str) -> str:
        """The name of a draw of its own; the people's are those of units that move as one."""
        return what if self.name == PEOPLE else f"{self.name} {what}"

    def record(self) -> PartRecord:
        """What the log says of it."""
        lot, loan = self.lot, self.lot.loan
        return PartRecord(
            loan=loan.number,
            load=lot.load,
            part=self.name,
            lender=loan.lender.mission,
            borrower=loan.borrower.mission,
            resource=loan.lender.resource,
            units=lot.units,
            by=self.journey.by,
            lift=self.journey.lift,
            ready_day=_told(self.ready),
            departed_day=_told(self.departed),
            landed_day=_told(self.landed),
            home_day=_told(self.home),
            sorties=self.sorties,
        )


def _told(instant: int | None) -> float | None:
    """An instant as the log tells it, in days."""
    return None if instant is None else instant / DAY
