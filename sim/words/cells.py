"""Text in the cells of a file that a spreadsheet opens."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any, TextIO


def as_text(value: Any) -> Any:
    """A cell for a spreadsheet: text that it would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def write_csv(file: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows, the head first, as CSV."""
    csv.writer(file, lineterminator="\n").writerows([as_text(value) for value in row] for row in rows)


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """The same rows as the text of a file."""
    text = StringIO()
    write_csv(text, rows)
    return text.getvalue()
