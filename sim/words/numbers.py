"""Numbers as people read them: three digits that count, thousands apart, dollars, per cent."""

from __future__ import annotations

import math
from collections.abc import Callable

from sim.words.language import Phrase, figure_marks, phrase, phrase_n

UNKNOWN = "–"
"""What stands where a number is not defined."""


def number(value: float, digits: int = 3) -> str:
    """A number with about three digits that count: 0.42, 12.3, 1,234, 1.2 million; – where undefined."""
    if not math.isfinite(value):
        return UNKNOWN
    size = _size(value)
    if size == 1:
        return _rounded(value, digits)
    figure = _rounded(value / size, digits)
    if size == 1e6:
        return phrase_n("{figure} million", "{figure} million", value / size, figure=figure)
    if size == 1e9:
        return phrase_n("{figure} billion", "{figure} billion", value / size, figure=figure)
    return phrase_n("{figure} trillion", "{figure} trillion", value / size, figure=figure)


def in_full(value: float, digits: int = 3) -> str:
    """As `number`, without a word for the size: 1,234,000."""
    return _rounded(value, digits) if math.isfinite(value) else UNKNOWN


def money(value: float, digits: int = 3) -> str:
    """US dollars: $420, −$1.2 million."""
    if not math.isfinite(value):
        return UNKNOWN
    amount, size = abs(value), _size(value)
    figure, n = _rounded(amount / size, digits), amount / size
    if size == 1:
        told = phrase_n("${figure}", "${figure}", n, figure=figure)
    elif size == 1e6:
        told = phrase_n("${figure} million", "${figure} million", n, figure=figure)
    elif size == 1e9:
        told = phrase_n("${figure} billion", "${figure} billion", n, figure=figure)
    else:
        told = phrase_n("${figure} trillion", "${figure} trillion", n, figure=figure)
    return f"−{told}" if value < 0 else told


def percent(share: float, places: int = 0) -> str:
    """A share as a percentage, 95 %; never 0 % or 100 % for what only nearly is: "under 1 %", "over 99.9 %"."""
    if not math.isfinite(share):
        return UNKNOWN
    text, least = f"{100 * share:,.{places}f}", 10.0**-places
    if 0 < abs(share) < 1 and float(text.replace(",", "")) == 0:
        told = phrase("under {figure} %", figure=figure_marks(f"{least:.{places}f}"))
        return f"−{told}" if share < 0 else told
    if 0 < share < 1 and float(text.replace(",", "")) == 100:
        return phrase("over {figure} %", figure=figure_marks(f"{100 - least:.{places}f}"))
    return phrase("{figure} %", figure=figure_marks(minus(text)))


def fixed(value: float, places: int, *, sign: bool = False) -> str:
    """So many places, thousands apart, with a + where a sign is asked for; what rounds to nothing has no sign."""
    text = f"{value:{'+' if sign else ''},.{places}f}"
    return figure_marks(minus(text if any(digit in text for digit in "123456789") else text.lstrip("+-")))


def places(value: float, digits: int = 2) -> int:
    """Decimal places that leave so many digits that count; of 0, none."""
    return digits - 1 - math.floor(math.log10(abs(value))) if value else 0


def apart(first: float, second: float, say: Callable[[float, int], str], least: int) -> tuple[str, str]:
    """Both numbers, with as few digits (from `least`) as tell them apart."""
    for digits in range(least, least + 5):
        texts = say(first, digits), say(second, digits)
        if texts[0] != texts[1]:
            break
    return texts


def days(length: float) -> str:
    """A length of time: 24 days, 1 day, 0.4 days."""
    figure = number(length, 2) if abs(length) >= 1 else number(round(length, 1), 2)
    return phrase_n("{figure} day", "{figure} days", 1 if figure == "1" else length, figure=figure)


_COUNTS = (Phrase("three"), Phrase("four"), Phrase("five"), Phrase("six"), Phrase("seven"), Phrase("eight"))


def count_in_words(things: int) -> str:
    """A count of three or more as it is read aloud: three, eight; 9, 1,200."""
    return _COUNTS[things - 3]() if 3 <= things < 3 + len(_COUNTS) else figure_marks(f"{things:,}")


def finite(value: float) -> float | None:
    """The number for JSON, which has no word for what is undefined: None there."""
    return value if math.isfinite(value) else None


def finite_values(thing: object, *names: str) -> dict[str, float | None]:
    """Some of its numbers for JSON, by name."""
    return {name: finite(getattr(thing, name)) for name in names}


def minus(text: str) -> str:
    """A number's text with a true minus sign."""
    return text.replace("-", "−")


def _rounded(value: float, digits: int) -> str:
    text = f"{value:,.{max(0, min(6, places(value, digits)))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return figure_marks(minus(text)) if text not in ("-0", "0") else "0"


def _size(value: float) -> float:
    """A trillion, a billion or a million, if the number is that large; otherwise 1."""
    return next((size for size in (1e12, 1e9, 1e6) if abs(value) >= 0.9995 * size), 1)
