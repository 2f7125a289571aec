"""Numbers as people read them: three digits that count, thousands apart, dollars, per cent."""

from __future__ import annotations

import math
from collections.abc import Callable

SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
UNKNOWN = "–"
"""What stands where a number is not defined."""


def number(value: float, digits: int = 3) -> str:
    """A number with about three digits that count: 0.42, 12.3, 1,234, 1.2 million; – where undefined."""
    if not math.isfinite(value):
        return UNKNOWN
    for scale, name in SCALES:
        if abs(value) >= 0.9995 * scale:
            return f"{_rounded(value / scale, digits)} {name}"
    return _rounded(value, digits)


def in_full(value: float, digits: int = 3) -> str:
    """As `number`, without a word for the size: 1,234,000."""
    return _rounded(value, digits) if math.isfinite(value) else UNKNOWN


def money(value: float, digits: int = 3) -> str:
    """US dollars: $420, −$1.2 million."""
    if not math.isfinite(value):
        return UNKNOWN
    return ("−$" if value < 0 else "$") + number(abs(value), digits)


def percent(share: float, places: int = 0) -> str:
    """A share as a percentage, 95 %; never 0 % or 100 % for what only nearly is: "under 1 %", "over 99.9 %"."""
    if not math.isfinite(share):
        return UNKNOWN
    text, least = f"{100 * share:,.{places}f}", 10.0**-places
    if 0 < abs(share) < 1 and float(text.replace(",", "")) == 0:
        return f"{'−' if share < 0 else ''}under {least:.{places}f} %"
    if 0 < share < 1 and float(text.replace(",", "")) == 100:
        return f"over {100 - least:.{places}f} %"
    return minus(text) + " %"


def fixed(value: float, places: int, *, sign: bool = False) -> str:
    """So many places, thousands apart, with a + where a sign is asked for; what rounds to nothing has no sign."""
    text = f"{value:{'+' if sign else ''},.{places}f}"
    return minus(text if any(digit in text for digit in "123456789") else text.lstrip("+-"))


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
    text = number(length, 2) if abs(length) >= 1 else number(round(length, 1), 2)
    return f"{text} {'day' if text == '1' else 'days'}"


def finite(value: float) -> float | None:
    """The number for JSON, which has no word for what is undefined: None there."""
    return value if math.isfinite(value) else None


def minus(text: str) -> str:
    """A number's text with a true minus sign."""
    return text.replace("-", "−")


def _rounded(value: float, digits: int) -> str:
    text = f"{value:,.{max(0, min(6, places(value, digits)))}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return minus(text) if text not in ("-0", "0") else "0"
