"""Dates, whatever the language of the machine."""

from __future__ import annotations

import datetime as dt

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_in_words(date: dt.date) -> str:
    """7 Jan 2011."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"
