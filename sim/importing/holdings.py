"""A planner's own table of who holds what, to a library: columns mission, resource, contributor, units, maybe routine.

Every row says one holding. Nothing is filled in: a blank cell where a value must be is an error, with all others, by
sheet, row and column.
"""

from __future__ import annotations

import datetime as dt
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import UsageError
from sim.importing.cells import (
    BadCell,
    DayOrder,
    TableError,
    date,
    day_order,
    plain,
    rows_in_words,
    shown,
    unusable,
    whole,
)
from sim.importing.contribution_table import TOTALS
from sim.importing.library import Library, aligned, digest, located, weakest, without_place
from sim.importing.tables import Row, Sheet, column_key, header_row, no_columns, read_sheets, rows_below
from sim.scenario.files.sources import CONFIDENCES
from sim.scenario.nouns.values import UNNAMED
from sim.words.suggestions import unknown

NEEDED = ("mission", "resource", "contributor", "units")
OPTIONAL = ("routine", "date", "source", "confidence")


class Holding(NamedTuple):
    """One row: units that a contributor has in a mission, and where that stands."""

    sheet: str
    row: int
    mission: str
    resource: str
    contributor: str
    units: int
    source: str
    confidence: str


@dataclass
class HoldingsTable:
    """What was read, and the library made of it."""

    file: str
    holdings: list[Holding]
    routine: dict[tuple[str, str], tuple[int, str]]
    """Units that daily tasks take, by mission and resource, with their source."""
    said: list[str] = field(default_factory=list)
    """What was left out, or is odd, sentence by sentence."""

    def library(self) -> Library:
        """The library, in the scenario language."""
        missions: dict[str, Any] = {}
        for name in dict.fromkeys(each.mission for each in self.holdings):
            mine = [each for each in self.holdings if each.mission == name]
            resources = dict.fromkeys(each.resource for each in mine)
            holds = {resource: _block(each for each in mine if each.resource == resource) for resource in resources}
            missions[name] = {**located(name), "holds": holds, **self._routine(name)}
        return Library({"missions": missions}, tuple(self._remarks()))

    def _routine(self, mission: str) -> dict[str, Any]:
        mine = {resource: said for (name, resource), said in self.routine.items() if name == mission}
        if not mine:
            return {}
        units = {resource: units for resource, (units, _) in mine.items()}
        sources = dict.fromkeys(source for _, source in mine.values())
        return {"routine": {**units, "source": "; ".join(sources), "confidence": "recalled"}}

    def _remarks(self) -> Iterator[str]:
        name = Path(self.file).name
        yield (
            f"Missions and what they hold, from {name} (SHA-256 {digest(self.file)}…). A scenario that "
            "extends this file has its missions, and may override them."
        )
        yield "Confidence is `recalled` where the table has no column `confidence`: nobody's source was read."
        for told in self.said:
            yield f"- {told}"

    def lines(self) -> list[str]:
        """What a terminal shows."""
        rows: list[tuple[str, ...]] = [("mission", "resource", "units", "routine")]
        for mission, resource in dict.fromkeys((each.mission, each.resource) for each in self.holdings):
            units = sum(each.units for each in self.holdings if (each.mission, each.resource) == (mission, resource))
            said = self.routine.get((mission, resource))
            rows.append((mission, resource, f"{units:,}", f"{said[0]:,}" if said else "–"))
        return aligned(rows)

    def as_json(self) -> dict[str, Any]:
        """The same as plain maps and lists."""
        words = ("mission", "resource", "contributor", "units", "source", "confidence")
        return {
            "holdings": [{word: getattr(each, word) for word in words} for each in self.holdings],
            "routine": [
                {"mission": mission, "resource": resource, "units": units, "source": source}
                for (mission, resource), (units, source) in self.routine.items()
            ],
            "said": self.said,
        }


def read_holdings(
    path: str | os.PathLike[str], *, on: dt.date | None = None, sheets: Iterable[str] = ()
) -> HoldingsTable:
    """The holdings in the table at `path`, CSV or a workbook.

    `on` is the date that rows without one are of. `sheets` are those of a workbook to be read; where none is named, all
    that have the columns. UsageError (TableError with every bad cell at once) where that cannot be.
    """
    read = read_sheets(path)
    reader = _Reader(os.fspath(path), on, (sheet.name for sheet in read.sheets))
    reader.said += read.said
    for sheet in _chosen(reader, read.sheets, list(sheets)):
        header = header_row(sheet, NEEDED)
        assert header is not None
        reader.read(sheet, header)
    return reader.table()


def _chosen(reader: _Reader, sheets: list[Sheet], names: list[str]) -> list[Sheet]:
    """The sheets that hold holdings; those left out are told."""
    known = [sheet.name for sheet in sheets if sheet.name]
    if names and not known:
        raise UsageError(f"{reader.file}: is no workbook; --sheet is for one")
    for name in names:
        if name not in known:
            raise UsageError(f"{reader.file}: {unknown('sheet', name, known)}")
    wanted = [sheet for sheet in sheets if sheet.name in names] or sheets
    chosen = [sheet for sheet in wanted if header_row(sheet, NEEDED) is not None]
    without = [sheet for sheet in wanted if sheet not in chosen]
    half = [sheet for sheet in without if header_row(sheet, NEEDED[:2]) is not None]
    if names or half or not chosen:
        wrong = without if names or not half else half
        written = f"{', '.join(NEEDED)} (and, if known, {', '.join(OPTIONAL)})"
        reader.refuse(no_columns(sheet, NEEDED, written) for sheet in wrong)
    if without:
        word = "sheets" if len(without) > 1 else "sheet"
        names = [repr(sheet.name) for sheet in without]
        reader.said.append(f"{word} {', '.join(names)}: no columns of holdings, left out")
    return chosen


class _Reader:
    """Reads sheet after sheet, and keeps what is wrong until all are read."""

    def __init__(self, file: str, on: dt.date | None, sheets: Iterable[str]) -> None:
        self.file, self.on, self._sheets = file, on, list(sheets)
        self.said: list[str] = []
        self.holdings: list[Holding] = []
        self.routine: dict[tuple[str, str], tuple[int, str]] = {}
        self._bad: list[BadCell] = []
        self._order: DayOrder | None = None
        """How the sheet that is read writes its dates."""
        self._first: dict[tuple[str, ...], tuple[str, str]] = {}
        """What was said first, and where: names without their capitals, holdings, routines."""

    def refuse(self, bad: Iterable[BadCell]) -> None:
        """Keep what is wrong with whole sheets."""
        self._bad += bad

    def read(self, sheet: Sheet, header: int) -> None:
        """All rows of a sheet under the row that names its columns."""
        columns = {column_key(cell): plain(cell) for cell in sheet.rows[header] if plain(cell)}
        other = [name for key, name in columns.items() if key not in (*NEEDED, *OPTIONAL)]
        place = f"sheet {sheet.name!r}: " if sheet.name else ""
        if other:
            word = "columns" if len(other) > 1 else "column"
            self.said.append(f"{place}{word} {', '.join(map(repr, other))}: not read")
        totals, unnamed, undated = [], [], []
        self._order = self._day_order(sheet, header)
        for row in rows_below(self.file, sheet, header, self._bad):
            if any(TOTALS.fullmatch(row.text(column)) for column in NEEDED[:3]):
                totals.append(row.number)
                continue
            if not row.text("contributor"):
                unnamed.append(row.number)
            if not self._row(sheet, row):
                undated.append(row.number)
        for rows, told in (
            (totals, "totals, left out"),
            (unnamed, f"no contributor; called {UNNAMED!r}, whose consent takes no time"),
            (undated, "no date in the table, and no --date: the sources say `undated`"),
        ):
            if rows:
                self.said.append(f"{place}{rows_in_words(rows)}: {told}")

    def table(self) -> HoldingsTable:
        """What was read; TableError with every bad cell."""
        if self._bad:
            raise TableError(self.file, sorted(self._bad, key=lambda cell: (self._sheets.index(cell.sheet), cell.row)))
        if not self.holdings:
            raise UsageError(f"{self.file}: no row under the names of the columns")
        held: dict[tuple[str, str], int] = {}
        for each in self.holdings:
            held[each.mission, each.resource] = held.get((each.mission, each.resource), 0) + each.units
        for (mission, resource), (units, _) in self.routine.items():
            if units > held[mission, resource]:
                more = f"routine takes {units:,}, more than the {held[mission, resource]:,} held"
                self.said.append(f"{mission}, {resource}: {more}; the rest counts as unmet from the first day")
        self.said += without_place(dict.fromkeys(each.mission for each in self.holdings))
        return HoldingsTable(self.file, self.holdings, self.routine, self.said)

    def _row(self, sheet: Sheet, row: Row) -> bool:
        """Read one row; whether it has a date."""
        names = {column: self._name(sheet, row, column) for column in NEEDED[:3]}
        mission, resource, contributor = names["mission"], names["resource"], names["contributor"] or UNNAMED
        units, routine = self._number(sheet, row, "units"), self._number(sheet, row, "routine")
        if units is None and not self._failed(sheet, row, "units"):
            blank = "is blank, or its formula gives an error" if sheet.name else "is blank"
            self._fail(sheet, row, "units", f"{blank}; must be a whole number (0 for none)")
        day, source = self._day(sheet, row), row.text("source")
        confidence = self._confidence(sheet, row)
        here = f"sheet {sheet.name!r}, row {row.number}" if sheet.name else f"row {row.number}"
        told = f"{source or Path(self.file).name + ', ' + here}, {day or 'undated'}"
        if mission and resource and units is not None:
            if self._once(sheet, row, "units", ("holding", mission, resource, contributor)):
                holding = Holding(sheet.name, row.number, mission, resource, contributor, units, told, confidence)
                self.holdings.append(holding)
            if routine is not None and self._once(sheet, row, "routine", ("routine", mission, resource)):
                self.routine[mission, resource] = (routine, told)
        return day is not None or self._failed(sheet, row, "date")

    def _name(self, sheet: Sheet, row: Row, column: str) -> str:
        """A name, as the first row that has it writes it; "" where it is blank, which only a contributor may be."""
        name = row.text(column)
        if not name:
            if column != "contributor":
                self._fail(sheet, row, column, "is blank; say it in every row (of merged cells only the first has it)")
            return ""
        if why := unusable(name):
            self._fail(sheet, row, column, why)
        before, where = self._first.setdefault((column, _folded(name)), (name, f"row {row.number}"))
        if before != name:
            what = f"{shown(name)} differs from {shown(before)} ({where}) only in capitals, accents or marks: write one"
            self._fail(sheet, row, column, what)
        return name

    def _once(self, sheet: Sheet, row: Row, column: str, key: tuple[str, ...]) -> bool:
        here = f"row {row.number}" + (f" of {sheet.name!r}" if sheet.name else "")
        _, where = self._first.setdefault(key, ("", here))
        if where != here:
            once = "it is for the whole mission; say it in one row"
            then = once if column == "routine" else "add the rows up into one"
            self._fail(sheet, row, column, f"is said in {where} already for {', '.join(key[1:])}: {then}")
        return where == here

    def _number(self, sheet: Sheet, row: Row, column: str) -> int | None:
        try:
            return whole(row.cells.get(column), dots_group=sheet.dots_group)
        except ValueError as error:
            self._fail(sheet, row, column, str(error))
            return None

    def _day(self, sheet: Sheet, row: Row) -> dt.date | None:
        try:
            return date(row.cells.get("date"), self._order) or self.on
        except ValueError as error:
            self._fail(sheet, row, "date", str(error))
            return None

    def _day_order(self, sheet: Sheet, header: int) -> DayOrder | None:
        """How the dates of a sheet are written, as far as one of them shows it; a mixture is a bad column."""
        place = next((at for at, cell in enumerate(sheet.rows[header]) if column_key(cell) == "date"), None)
        if place is None:
            return None
        try:
            return day_order(row[place] for row in sheet.rows[header + 1 :] if len(row) > place)
        except ValueError as error:
            self._bad.append(BadCell(sheet.name, header + 1, "date", str(error)))
            return None

    def _confidence(self, sheet: Sheet, row: Row) -> str:
        word = row.text("confidence").casefold() or "recalled"
        if word not in CONFIDENCES:
            known = ", ".join(reversed(CONFIDENCES))
            self._fail(sheet, row, "confidence", f"must be one of {known}, not {shown(word)}")
            return "recalled"
        return word

    def _fail(self, sheet: Sheet, row: Row, column: str, what: str) -> None:
        self._bad.append(BadCell(sheet.name, row.number, column, what))

    def _failed(self, sheet: Sheet, row: Row, column: str) -> bool:
        return any(each[:3] == (sheet.name, row.number, column) for each in self._bad)


def _block(holdings: Iterable[Holding]) -> dict[str, Any]:
    """Units by contributor, with their source."""
    rows = list(holdings)
    sources = dict.fromkeys(each.source for each in rows)
    units = {each.contributor: each.units for each in rows}
    return {**units, "source": "; ".join(sources), "confidence": weakest(*(each.confidence for each in rows))}


def _folded(name: str) -> str:
    """A name without capitals, accents, blanks and marks."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if letter.isalnum()).casefold() or name
