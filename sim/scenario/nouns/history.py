"""What really happened, and where numbers come from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.frozen import Map
from sim.scenario.nouns.values import Date, Name, as_tuple, date, plain_or_map


def _date_or_range(value: Any) -> Any:
    if not isinstance(value, dict):
        return date(value)
    dates = value.get("between")
    if set(value) != {"between"} or not isinstance(dates, list) or len(dates) != 2:
        raise ValueError("must be a date, or {between: [first, last]}")
    first, last = (date(each) for each in dates)
    if last < first:
        raise ValueError(f"must not end before it begins: {last} is before {first}")
    return (first, last)


class DateRange(Block):
    """How a date is written that is only known within bounds."""

    between: tuple[dt.date, dt.date]
    """First and last day that it can have been."""


RecordedDate = Annotated[
    dt.date | tuple[dt.date, dt.date], BeforeValidator(_date_or_range, json_schema_input_type=dt.date | DateRange)
]


class Arrival(Block):
    units: Annotated[int, Field(ge=1, le=1_000_000)]
    """Units that arrived then, besides those before."""
    on: RecordedDate
    """Day of their arrival, or {between: [first, last]}."""


def _shape(value: Any) -> str:
    """Which spelling of an arrival this is: a list of arrivals, or one date or range of dates."""
    several = isinstance(value, list) or (isinstance(value, tuple) and isinstance(next(iter(value), None), Arrival))
    return "‹list›" if several else "‹plain›"


if TYPE_CHECKING:
    RecordedArrival = dt.date | tuple[dt.date, dt.date] | tuple[Arrival, ...]
else:
    RecordedArrival = Annotated[
        Annotated[RecordedDate, Tag("‹plain›")]
        | Annotated[tuple[Arrival, ...], BeforeValidator(as_tuple), Field(min_length=1), Tag("‹list›")],
        Discriminator(_shape),
    ]

FactKind = Literal["fitted", "input", "independent"]
Recordable = Literal["units", "authorised", "arrived", "returned"]
"""What of an entry can be held against the model: the size, the vote, the arrival (or that it never came), the return.
"""


if TYPE_CHECKING:
    Kinds = FactKind | dict[Recordable, FactKind]
else:
    Kinds = plain_or_map(FactKind, Map[Recordable, FactKind])


class HistoryEntry(Block):
    from_: Annotated[Name, Field(alias="from")]
    """Lender."""
    to: Name
    """Borrower."""
    resource: Name
    """What was lent."""
    contributor: Name | None = None
    """Whose units they were; any contributor's loan answers the entry where omitted."""
    units: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """How many."""
    requested: RecordedDate | None = None
    """Day of the request, or {between: [first, last]}."""
    authorised: RecordedDate | None = None
    """Day of the council's agreement."""
    arrived: RecordedArrival | None = None
    """Day of arrival; or a list where the units came one after another: [{units: 10, on: 2012-04-15}, …]."""
    not_before: Date | None = None
    """First day on which they can have arrived, where no more than that is known of the arrival."""
    never: bool = False
    """Whether it is known that nothing came, though it was authorised."""
    returned: RecordedDate | None = None
    """Day of leaving for home."""
    kind: Kinds | None = None
    """What the entry is to the model: `fitted` (a number was fitted to it), `input` (the scenario says it) or
    `independent`, which alone can judge the model. For the whole entry, or by quantity: {units: input, arrived:
    fitted}; what is left out is independent."""
    fitted: Annotated[tuple[Name, ...], BeforeValidator(as_tuple)] = ()
    """The same for short: the quantities of this entry that a number was fitted to."""
    about: str | None = None
    """Note for people."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> HistoryEntry:
        if self.never:
            came = [word for word in ("arrived", "not_before", "returned") if getattr(self, word) is not None]
            if came:
                raise ValueError(f"must say either never: true or {came[0]}, and not both")
        if self.arrived is not None and self.not_before is not None:
            raise ValueError("must say either arrived or not_before, and not both")
        if self.kind is not None and self.fitted:
            raise ValueError("must say either kind or fitted, and not both")
        for word in self.kind if isinstance(self.kind, dict) else ():
            if not self.says(word):
                raise ValueError(f"kind speaks of {word}, of which the entry says nothing")
        self._see_arrivals()
        return self

    def _see_arrivals(self) -> None:
        ends = [each.on[1] if isinstance(each.on, tuple) else each.on for each in self.arrivals]
        if ends != sorted(ends):
            raise ValueError("arrived must be in the order of the dates")
        came = sum(arrival.units for arrival in self.arrivals)
        if self.units is not None and came > self.units:
            raise ValueError(f"arrived adds up to {came} units, more than units: {self.units}")

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """The arrivals one by one, where they are written so."""
        several = self.arrived if isinstance(self.arrived, tuple) else ()
        return tuple(each for each in several if isinstance(each, Arrival))

    def says(self, word: Recordable) -> bool:
        """Whether the entry says anything of a quantity."""
        if word == "arrived":
            return self.arrived is not None or self.not_before is not None or self.never
        return getattr(self, word) is not None

    def kind_of(self, word: Recordable) -> FactKind:
        """What a quantity of the entry is to the model, as far as the entry says."""
        if isinstance(self.kind, dict):
            return self.kind.get(word, "independent")
        return self.kind or ("fitted" if word in self.fitted else "independent")


Confidence = Literal["verified", "secondary", "recalled", "assumed"]


class Sourced(Block):
    """Where a block of the file has its numbers from."""

    path: str
    source: str | None = None
    confidence: Confidence | None = None
