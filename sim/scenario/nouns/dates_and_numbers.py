"""Dates and numbers as people write them, or as a spreadsheet does: what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal, get_args

Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTHS: tuple[Month, ...] = get_args(Month)
_SPREADSHEET = dt.date(1899, 12, 30)
"""The day that spreadsheets count days from."""
_LIKELY_DAYS = range(20_000, 80_000)
"""A spreadsheet's numbers of the days from 1954 to 2119."""
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?:[t ]\d\d?:.*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)")
_DAY_AND_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[- ]+([a-z]{3,9})\.?,?[- ]+(\d{4}|\d\d)")
_NAME_AND_DAY = re.compile(r"([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
_SPACES = re.compile("[\u00a0\u2007\u2009\u202f ]+")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[,_' ][0-9]{3})+(?:\.[0-9]+)?")
_GROUPED_BY_POINTS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_TIMES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "week": 7,
    "weeks": 7,
}
_OTHER = ("minute", "hour", "h", "month", "year", "to", "or", "and")
"""First words after a number of which it is not known what it comes to."""


def date_hint(value: Any) -> str | None:
    """`write 2012-02-01` for a date in another form; None where it cannot be told."""
    if isinstance(value, int) and value in _LIKELY_DAYS:
        return f"write {_SPREADSHEET + dt.timedelta(value)}, if this is a spreadsheet's number of a day"
    text = str(value).strip().lower()
    if re.fullmatch(r"\d{4}(-\d{1,2})?", text):
        return "write month and day, too"
    found = list(dict.fromkeys(str(each) for each in _readings(text) if each))
    if not found:
        return None
    return f"write {found[0]}" + (f", or {found[1]} if the month comes first" if len(found) > 1 else "")


def _readings(text: str) -> list[dt.date | None]:
    if found := _YEAR_FIRST.fullmatch(text):
        return [_date(*found.groups())]
    if found := _YEAR_LAST.fullmatch(text):
        day, _, month, year = found.groups()
        return [_date(year, month, day), _date(year, day, month)]
    if found := _DAY_AND_NAME.fullmatch(text):
        day, name, year = found.groups()
    elif found := _NAME_AND_DAY.fullmatch(text):
        name, day, year = found.groups()
    else:
        return []
    return [_date(year, str(place), day) for place, month in enumerate(MONTHS, start=1) if name.startswith(month)]


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year) + 2000 * (len(year) == 2), int(month), int(day))
    except ValueError:
        return None


def number_hint(text: str) -> str | None:
    """`write 180000` for a number as people write it; None for anything else."""
    plain = _SPACES.sub(" ", text).strip().replace("−", "-").replace("–", "-").lower()
    if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", plain):
        return f"write {plain} without quotes" if plain == text else f"write {plain}"
    if re.fullmatch(r"(?:us *\$|usd|\$) *[0-9]{1,3}", plain):
        return "write the number alone"  # it may be the half of one before its comma
    plain = re.sub(r"^(?:us *\$|usd|\$) *| *(?:us *\$|usd|\$)$", "", plain)
    if found := re.fullmatch(r"(.*[0-9]) *%", plain):
        share = _digits(found[1])
        return None if share is None else f"write {share / 100:.12g}"
    if found := re.fullmatch(r"(-?[0-9][0-9.,_' ]*?) *(?:x? +)?([a-z][a-z _-]*)?", plain):
        number, unit = _digits(found[1]), found[2] or ""
        if number is not None and unit.partition(" ")[0].rstrip("s") not in _OTHER:
            return f"write {number * _TIMES.get(unit, 1):.12g}"
    return None


def range_hint(text: str) -> str | None:
    """`write {uniform: …}` for days or units from one number to another."""
    found = re.fullmatch(r"([0-9.]+) *(?:-|–|to) *([0-9.]+)(?: *days?| *units?)?", text.strip().lower())
    return f"write {{uniform: {{low: {found[1]}, high: {found[2]}}}}}" if found else None


def _digits(text: str) -> float | None:
    if _GROUPED.fullmatch(text):
        text = re.sub("[,_' ]", "", text)
    elif _GROUPED_BY_POINTS.fullmatch(text) or re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[0-9]+(_[0-9]+)+", text):
        text = text.replace("_", "")
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None
