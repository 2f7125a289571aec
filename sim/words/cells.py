"""Text in the cells of a file that a spreadsheet opens."""

from __future__ import annotations

from typing import Any


def as_text(value: Any) -> Any:
    """A cell for a spreadsheet: text that it would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value
