"""What really happened, and where numbers come from."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.values import Name, Whole, as_tuple, date


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
    dt.date | tuple[dt.date, dt.date],
    BeforeValidator(_date_or_range, json_schema_input_type=dt.date | DateRange),
]


class HistoryEntry(Block):
    from_: Annotated[Name, Field(alias="from")]
    """Lender."""
    to: Name
    """Borrower."""
    resource: Name
    """What was lent."""
    units: Whole | None = None
    """How many."""
    requested: RecordedDate | None = None
    """Day of the request, or {between: [first, last]}."""
    authorised: RecordedDate | None = None
    """Day of the council's agreement."""
    arrived: RecordedDate | None = None
    """Day of arrival."""
    returned: RecordedDate | None = None
    """Day of leaving for home."""
    fitted: Annotated[tuple[Name, ...], BeforeValidator(as_tuple)] = ()
    """Quantities of this entry that were used to fit the model: reported apart."""
    about: str | None = None
    """Note for people."""


class Sourced(Block):
    """Where a block of the file has its numbers from."""

    path: str
    source: str | None = None
    confidence: Literal["verified", "secondary", "recalled", "assumed"] | None = None
