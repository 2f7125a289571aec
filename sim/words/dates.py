"""Dates, whatever the language of the machine."""

from __future__ import annotations

import datetime as dt

from sim.words.language import month_names, phrase


def date_in_words(date: dt.date) -> str:
    """7 Jan 2011."""
    slots = {"month": month_names()[date.month - 1], "year": date.year}
    if date.day == 1:  # of which some languages make an ordinal
        return phrase("1 {month} {year}", **slots)
    return phrase("{day} {month} {year}", day=date.day, **slots)
