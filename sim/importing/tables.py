"""A file of somebody's table, CSV or a workbook, as rows of cells that know their row."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

from sim.errors import UsageError, in_a_line
from sim.extras import require
from sim.importing.cells import BadCell, TableError, plain, shown
from sim.importing.reference import type_key

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SEPARATORS = ",;\t|"
ROWS_ABOVE = 20
"""Rows of titles and remarks that may stand above the names of the columns."""
MOST_NAMED = 12
"""Names that are listed in a message."""
MOST_BYTES = 200_000_000
MOST_CELLS = 5_000_000
ZIPPED = b"PK\x03\x04"


class Sheet(NamedTuple):
    """One sheet, every row from the first on, blank ones too; a CSV file is one sheet without a name."""

    name: str
    rows: list[list[Any]]
    dots_group: bool = False
    """Whether 1.234 is 1234 in it: not a comma but a semicolon separates its columns."""


class Row(NamedTuple):
    """One row under the names of the columns: `number` as a spreadsheet counts, cells by column."""

    number: int
    cells: dict[str, Any]

    def text(self, column: str) -> str:
        """What stands in a column, as text; "" where it is blank or there is no such column."""
        return plain(self.cells.get(column))


class Read(NamedTuple):
    """The sheets of a file, and what has to be told of how they were read."""

    sheets: list[Sheet]
    said: list[str]


def read_sheets(path: str | os.PathLike[str]) -> Read:
    """All sheets of a CSV file or a workbook. UsageError where it cannot be read, or a library is missing."""
    file = Path(path)
    try:
        status = file.stat()
        if not S_ISREG(status.st_mode):
            raise UsageError(f"{path}: is not a file" + (" but a folder" if file.is_dir() else ""))
        if status.st_size > MOST_BYTES:
            raise UsageError(f"{path}: more than {MOST_BYTES // 1_000_000} MB are not read")
        data = file.read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if file.suffix.lower() in WORKBOOKS:
        return Read(_workbook(path, data), [])
    if data.startswith((ZIPPED, b"\xd0\xcf\x11\xe0")):
        raise UsageError(f"{path}: is a workbook, not CSV: give it a name that ends in .xlsx, .xls or .ods")
    sheet, said = _csv(path, data)
    return Read([sheet], said)


def _workbook(path: str | os.PathLike[str], data: bytes) -> list[Sheet]:
    try:
        calamine = require("python_calamine", "spreadsheets")
    except UsageError as error:
        raise UsageError(f"{path}: {error}; or save the table as CSV") from None
    try:
        _see_size(path, data)
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except UsageError:
        raise
    except Exception as error:  # its errors have no common class
        raise UsageError(f"{path}: cannot be read as a workbook ({in_a_line(error)})") from None


def _see_size(path: str | os.PathLike[str], data: bytes) -> None:
    """UsageError for a workbook that would not fit into memory: every cell up to the last one is made."""
    if not data.startswith(ZIPPED):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
            raise UsageError(f"{path}: more than {MOST_BYTES // 1_000_000} MB are not read")
        for part in parts.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+[.]xml", part):
                last = [0, 0]
                for letters, row in re.findall(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"', parts.read(part)):
                    column = sum((letter - 64) * 26**power for power, letter in enumerate(reversed(letters)))
                    last = [max(last[0], column), max(last[1], int(row))]
                if last[0] * last[1] > MOST_CELLS:
                    told = f"a cell in row {last[1]:,}, and one in column {last[0]:,}: what stands far from the table?"
                    raise UsageError(f"{path}: {part} has {told}")


def _csv(path: str | os.PathLike[str], data: bytes) -> tuple[Sheet, list[str]]:
    text, said = _text(path, data)
    separator = _separator(text)
    try:
        rows: list[list[Any]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UsageError(f"{path}: cannot be read as CSV ({error})") from None
    return Sheet("", rows, dots_group=separator == ";"), said


def _text(path: str | os.PathLike[str], data: bytes) -> tuple[str, list[str]]:
    """UTF-8 (or UTF-16 where its mark says so); what is not, is Windows' Western European, which is told."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is neither UTF-8 nor Windows' Western European text: save it as UTF-8") from error
    return text, ["not UTF-8: read as Windows' Western European text (cp1252); look whether accents are right"]


def _separator(text: str) -> str:
    """The mark that is most often in the first row that has one, outside quotes."""
    for line in text.splitlines()[:ROWS_ABOVE]:
        outside = "".join(line.split('"')[::2])
        counts = {mark: outside.count(mark) for mark in SEPARATORS}
        best = max(counts, key=lambda mark: counts[mark])
        if counts[best] >= 2:
            return best
    return ","


def column_key(name: Any) -> str:
    """A column's name without capitals and marks: `Contributor_ISO-3` is `contributor iso 3`."""
    return type_key(plain(name))


def header_row(sheet: Sheet, wanted: Iterable[str]) -> int | None:
    """Index of the first of the upper rows that names all columns `wanted` (as `column_key`); None without one."""
    keys = set(wanted)
    for index, row in enumerate(sheet.rows[:ROWS_ABOVE]):
        if keys <= {column_key(cell) for cell in row}:
            return index
    return None


def rows_below(file: str, sheet: Sheet, header: int, bad: list[BadCell]) -> Iterator[Row]:
    """The rows under the names of the columns that hold anything, cells by `column_key`.

    A row that has more cells than there are columns goes to `bad` instead. TableError where two columns have one name.
    """
    names = [column_key(cell) for cell in sheet.rows[header]]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise TableError(file, [BadCell(sheet.name, header + 1, name, "two columns have this name") for name in twice])
    for number, cells in enumerate(sheet.rows[header + 1 :], start=header + 2):
        beyond = [plain(cell) for cell in cells[len(names) :] if plain(cell)]
        if beyond:
            what = (
                f"{shown(beyond[0])} stands beyond the last column: is a text with the separator in it not in quotes?"
            )
            bad.append(BadCell(sheet.name, number, "", what))
            continue
        row = Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
        if any(map(plain, row.cells.values())):
            yield row


def no_columns(sheet: Sheet, keys: Iterable[str], written: str) -> BadCell:
    """What is wrong with a sheet without the columns that are needed, in the upper row that names most of them.

    `written` are they, as they are to be written.
    """
    wanted, upper = set(keys), sheet.rows[:ROWS_ABOVE] or [[]]
    best = max(range(len(upper)), key=lambda index: len(wanted & {column_key(cell) for cell in upper[index]}))
    there = ", ".join([name for cell in upper[best] if (name := plain(cell))][:MOST_NAMED]) or "nothing"
    must = f"among the first {ROWS_ABOVE} rows one must name the columns {written}"
    return BadCell(sheet.name, best + 1, "", f"has {there}; {must}")
