"""The values that words of a scenario take: dates, names, whole units, and what has more than one spelling."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from sim.scenario.nouns.dates_and_numbers import date_hint
from sim.scenario.nouns.distributions import MOST_DAYS, Block, MoreThanZeroDays, Units
from sim.scenario.nouns.frozen import FROZEN, Map
from sim.scenario.positions import shown

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def date(value: Any) -> Any:
    """A date as text, or one already; ValueError for anything else."""
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no {value}; must be a date like 2010-10-01") from None
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    meant = date_hint(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
    hint = f" ({meant})" if meant else ""
    raise ValueError(f"must be a date like 2010-10-01, not {shown(value)}{hint}")


def as_tuple(value: Any) -> Any:
    """A list from YAML is a frozen tuple here."""
    return tuple(value) if isinstance(value, list) else value


def severities(value: Any) -> Any:
    """Severities that are keys are words, as all keys in a file are; in Python they may be whole numbers."""
    if not isinstance(value, dict):
        return value
    return {str(key) if type(key) is int else key: times for key, times in value.items()}


def _units_or_map(value: Any) -> Any:
    if isinstance(value, (list, str, bool)) or value is None:
        raise ValueError(f"must be units, or a block of units by contributor, not {shown(value)}")
    return value


def _text_or_list(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"must be any, a region, or a list of missions, not {shown(value)}")
    return value


Date = Annotated[dt.date, BeforeValidator(date)]
Whole = Annotated[int, Field(ge=0, le=1_000_000)]
PlainDays = Annotated[float, Field(ge=0, le=MOST_DAYS)]
MoreOrLess = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Money = Annotated[float, Field(ge=0, le=1e12)]
Km = Annotated[float, Field(ge=0, le=100_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[tuple[Name, ...], BeforeValidator(as_tuple)]
Severity = Literal["1", "2", "3", "4", "5"]
Component = Literal["military", "police", "civilian", "support"]
Gate = Literal["council", "contributor", "host"]
Kind = Literal["election", "violence", "incursion", "start-up", "disaster", "other"]
Needs = Map[Name, Units]
Team = Annotated[dict[Name, Annotated[int, Field(ge=1, le=1000)]], Field(min_length=1), FROZEN]
"""Units of each resource of which one team is made."""

UNNAMED = "unnamed"
GATES: tuple[Gate, ...] = get_args(Gate)


def _order_or_list(value: Any) -> Any:
    if not isinstance(value, (str, list, tuple)):
        raise ValueError(f"must be an order of lenders (nearest), or a list of missions, not {shown(value)}")
    return value


def plain_or_map(plain: Any, by_name: Any) -> Any:
    """The union of a plain value and a map, told apart by shape, so that errors name one of them."""
    told_apart = Discriminator(lambda value: "‹map›" if isinstance(value, dict) else "‹plain›")
    return Annotated[Annotated[plain, Tag("‹plain›")] | Annotated[by_name, Tag("‹map›")], told_apart]


def plain_or_list(plain: Any, item: Any, least: int = 1) -> Any:
    """The union of a plain value and a list of so many items or more, told apart likewise."""
    several = Annotated[tuple[item, ...], BeforeValidator(as_tuple), Field(min_length=least), Tag("‹list›")]
    told_apart = Discriminator(lambda value: "‹list›" if isinstance(value, (list, tuple)) else "‹plain›")
    return Annotated[Annotated[plain, Tag("‹plain›")] | several, told_apart]


if TYPE_CHECKING:
    Held = int | dict[str, int]
    HeldMoreOrLess = int | dict[str, int]
    RenewalDays = MoreThanZeroDays | tuple[MoreThanZeroDays, ...]
    Between = str | tuple[str, ...]
    Lenders = str | tuple[str, ...]
else:
    Held = Annotated[plain_or_map(Whole, Map[Name, Whole]), BeforeValidator(_units_or_map)]
    HeldMoreOrLess = Annotated[plain_or_map(MoreOrLess, Map[Name, MoreOrLess]), BeforeValidator(_units_or_map)]
    RenewalDays = plain_or_list(MoreThanZeroDays, MoreThanZeroDays)
    Between = plain_or_list(Annotated[Name, BeforeValidator(_text_or_list)], Name, least=2)
    Lenders = Annotated[plain_or_list(Name, Name), BeforeValidator(_order_or_list)]


class Span(Block):
    from_: Annotated[Date, Field(alias="from")]
    """First day."""
    to: Date
    """Last day, to its end."""

    @model_validator(mode="after")
    def _forward(self) -> Span:
        if self.to < self.from_:
            raise ValueError(f"must not end before it begins: {self.to} is before {self.from_}")
        if (self.to - self.from_).days >= MOST_DAYS:
            raise ValueError(f"must not be longer than {MOST_DAYS:,.0f} days")
        return self
