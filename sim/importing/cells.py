"""What a cell of somebody's table says: a whole number or a date, or what is wrong with it and where."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from sim.errors import UsageError
from sim.scenario.nouns.dates_and_numbers import MONTHS
from sim.scenario.nouns.vocabulary import NOTES

MOST_TOLD = 100
"""Bad cells that are told one by one; more nobody reads."""
MOST_LETTERS = 200
"""Of a name, as in a scenario."""
MOST_ROWS = 12
"""Rows that are named one by one in a sentence."""
MOST = 1_000_000
"""Units and people in one cell, as in a scenario."""

DayOrder = Literal["day first", "month first"]

_SPACES = "\u00a0\u202f\u2009 '’"
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_WORDS = re.compile(r"(\d{1,2})[ \-]([A-Za-z]{3})[a-z]*\.?[ \-](\d{4}|\d{2})")
_FIRST_SHORT_YEAR = 90


class BadCell(NamedTuple):
    """Something that cannot be read, and where: prints as `FILE: sheet 'S', row 7, column 'units': what`."""

    sheet: str
    row: int
    column: str
    what: str

    def __str__(self) -> str:
        sheet = f"sheet {self.sheet!r}, " if self.sheet else ""
        column = f", column {self.column!r}" if self.column else ""
        return f"{sheet}row {self.row}{column}: {self.what}"


class TableError(UsageError):
    """A table cannot be imported; `cells` are all that is wrong with it, in the table's order."""

    def __init__(self, file: str, cells: Sequence[BadCell]) -> None:
        self.cells = tuple(cells)
        lines = [f"{file}: {cell}" for cell in self.cells[:MOST_TOLD]]
        if len(self.cells) > MOST_TOLD:
            lines.append(f"{file}: … and {len(self.cells) - MOST_TOLD:,} more")
        super().__init__("\n".join(lines))


def shown(cell: Any) -> str:
    """A cell as it is quoted in a message."""
    text = str(cell)
    return repr(text if len(text) <= 60 else text[:59] + "…")


def plain(cell: Any) -> str:
    """Text without what surrounds it, runs of blanks as one; "" for an empty cell."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)  # a spreadsheet has no other numbers
    return " ".join(str(cell).split()) if cell is not None else ""


def unusable(name: str) -> str:
    """Why something cannot be called so in a scenario; "" where it can."""
    if len(name) > MOST_LETTERS:
        return f"{shown(name)}: must be at most {MOST_LETTERS} letters, not {len(name):,}"
    return f"{shown(name)} is a word of the scenario language: call it something else" if name in NOTES else ""


def whole(cell: Any, *, dots_group: bool = False) -> int | None:
    """The whole number that a cell says, None where it is blank; ValueError says what would be right.

    `1,234` is 1234, or, where `dots_group`, `1.234` is: the mark that separates the columns tells which (a comma cannot
    do both). `12.0` is 12, as spreadsheets write it.
    """
    if isinstance(cell, bool):
        raise ValueError(f"must be a whole number, not {shown(cell)}")
    if isinstance(cell, (int, float)):
        text = f"{cell:f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
    else:
        text = plain(cell)
    if not text:
        return None
    number = _digits(text, dots_group)
    if number > MOST:
        raise ValueError(f"must be at most {MOST:,}, not {shown(cell)}")
    return number


def _digits(text: str, dots_group: bool) -> int:
    group, point = (".", ",") if dots_group else (",", ".")
    if re.fullmatch(r"[0-9]+", text):
        return int(text)
    if _GROUPED.fullmatch(text) or re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", text):
        return int(re.sub(r"[^0-9]", "", text))
    if re.fullmatch(rf"[0-9]+{re.escape(point)}0{{1,2}}", text):
        return int(text.partition(point)[0])
    if re.fullmatch(rf"[0-9]{{1,3}}{re.escape(point)}[0-9]{{3}}", text):
        raise ValueError(f"{shown(text)} can be read in two ways: write {text.replace(point, '')} without a mark")
    if re.fullmatch(r"[-−–][0-9].*", text):
        raise ValueError(f"must be 0 or more, not {shown(text)}")
    raise ValueError(f"must be a whole number, not {shown(text)}")


def day_order(cells: Iterable[Any]) -> DayOrder | None:
    """Whether a column's dates say the day first (31/10/2010) or the month (10/31/2010); None where nothing shows it.

    ValueError where some can only be the one and some only the other.
    """
    seen: dict[DayOrder, str] = {}
    for cell in cells:
        parts = _NUMBERS.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if parts and int(parts[1]) > 12:
            seen.setdefault("day first", cell)
        elif parts and int(parts[2]) > 12:
            seen.setdefault("month first", cell)
    if len(seen) > 1:
        both = " and ".join(f"{shown(cell)} ({order})" for order, cell in seen.items())
        raise ValueError(f"the column mixes two ways to write dates: {both}")
    return next(iter(seen), None)


def date(cell: Any, order: DayOrder | None = None) -> dt.date | None:
    """The date that a cell says, None where it is blank; ValueError says what would be right."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = plain(cell)
    if not text:
        return None
    year, month, day = _parts(text, order)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no {text}; must be a date like 2010-10-31") from None


def _parts(text: str, order: DayOrder | None) -> tuple[int, int, int]:
    if found := _ISO.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := _WORDS.fullmatch(text)) and (month := found[2].lower()) in MONTHS:
        return _year(found[3], text), MONTHS.index(month) + 1, int(found[1])
    if found := _NUMBERS.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        if order is None and max(first, second) <= 12 and first != second:
            raise ValueError(f"{shown(text)} can be read in two ways: write it like 2010-10-31")
        order = order or ("month first" if second > 12 else "day first")
        day, month = (second, first) if order == "month first" else (first, second)
        return _year(found[3], text), month, day
    raise ValueError(f"must be a date like 2010-10-31, not {shown(text)}")


def _year(text: str, whole_text: str) -> int:
    """Two digits are 1990 to 2069; before 1990 there are no monthly tables."""
    if len(text) == 4:
        return int(text)
    short = int(text)
    if 70 <= short < _FIRST_SHORT_YEAR:
        raise ValueError(f"{shown(whole_text)}: write the year with four digits")
    return short + (1900 if short >= _FIRST_SHORT_YEAR else 2000)


def rows_in_words(numbers: Iterable[int]) -> str:
    """Rows in words: `row 7`, `rows 7, 9, 12`, or the first of many."""
    rows = sorted(set(numbers))
    if len(rows) == 1:
        return f"row {rows[0]}"
    more = f" and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
    return f"rows {', '.join(map(str, rows[:MOST_ROWS]))}{more}"
