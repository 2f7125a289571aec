"""The rows of a table of contributions: which of them are meant, and how many people each says.

Rows of other missions and dates are never read closely, so that what is wrong with them does not matter.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from sim.errors import UsageError
from sim.importing.cells import BadCell, TableError, date, day_order, plain, rows_in_words, unusable, whole
from sim.importing.reference import places, resource_of_type, type_key
from sim.importing.tables import MOST_NAMED, Row, Sheet, column_key, header_row, no_columns, rows_below

SINCE_2010 = ("contributing country", "mission acronym", "personnel type", "last reporting date")
UNTIL_2010 = ("contributor", "mission", "date")
COUNTS = ("female personnel", "male personnel")
NOT_COUNTED = {"id", "total", "contributor iso 3", *UNTIL_2010}
"""Columns of the older table that are no personnel type."""
TOTALS = re.compile(r"(grand|sub)?[\s-]*totals?\b.*", re.IGNORECASE)
NEAR_DATES = 6
"""Dates of the file that are named where the one asked for is not there."""


class Month(NamedTuple):
    """What `--date` says: a day, or a month (`day` 0) with one day in the file."""

    year: int
    month: int
    day: int

    def meets(self, date: dt.date) -> bool:
        """Whether a date is the day, or in the month."""
        return (date.year, date.month) == self[:2] and self.day in (0, date.day)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}" + (f"-{self.day:02}" if self.day else "")


class Count(NamedTuple):
    """People of a type that a contributor had in a mission: one cell, or two, of the table."""

    row: int
    contributor: str
    iso: str
    mission: str
    type: str
    people: int


def find_table(file: str, sheets: list[Sheet]) -> ContributionTable:
    """The table of contributions among the sheets of a file; UsageError where there is none."""
    for sheet in sheets:
        for columns, wide in ((SINCE_2010, False), (UNTIL_2010, True)):
            header = header_row(sheet, columns)
            if header is not None:
                return ContributionTable(file, sheet, header, wide=wide)
    names = ", ".join(name.replace(" ", "_") for name in (*SINCE_2010[:3], *COUNTS, SINCE_2010[3]))
    written = f"isocode3, {names}, or Contributor, Contributor_ISO-3, Mission, Date, Troops"
    raise TableError(file, [no_columns(sheets[0], (*SINCE_2010, *UNTIL_2010), written)])


class ContributionTable:
    """The rows of a table of contributions, less and less of them, and what is to be told of that.

    `wide`: the older kind, with a column for every personnel type.
    """

    def __init__(self, file: str, sheet: Sheet, header: int, *, wide: bool) -> None:
        self.file, self.sheet, self.wide = file, sheet, wide
        self._bad: list[BadCell] = []
        self.rows = list(rows_below(file, sheet, header, self._bad))
        self.said: list[str] = []
        self.wanted: dict[str, str] = {}
        """Missions in the table by the names that they get."""
        self.contributor, self.mission, self.date = UNTIL_2010 if wide else (*SINCE_2010[:2], SINCE_2010[3])
        self.iso = "contributor iso 3" if wide else "isocode3"
        self._titles = {column_key(cell): plain(cell) for cell in sheet.rows[header]}

    def title(self, column: str) -> str:
        """A column's name as the table writes it."""
        return self._titles.get(column, column)

    def _fail(self, row: Row, column: str, what: str) -> None:
        self._bad.append(BadCell(self.sheet.name, row.number, self.title(column), what))

    def leave_out_totals(self) -> None:
        """Rows that add up others, or that are about no contributor and no mission at all, are left out."""
        who = (self.contributor, self.mission, "personnel type")
        totals = {row.number for row in self.rows if any(TOTALS.fullmatch(row.text(column)) for column in who)}
        nobody = {
            row.number
            for row in self.rows
            if not any(row.text(each) for each in (self.contributor, self.iso, self.mission))
        } - totals
        self.rows = [row for row in self.rows if row.number not in totals | nobody]
        if totals:
            self.said.append(f"{rows_in_words(totals)}: totals, left out")
        if nobody:
            self.said.append(f"{rows_in_words(nobody)}: no contributor and no mission, left out")

    def select(self, when: Month, wanted: dict[str, str]) -> dt.date:
        """Keep the rows of the missions and the date asked for; the date. UsageError where there are none."""
        self.wanted = wanted
        column = self.mission
        there = Counter(row.text(column) for row in self.rows if row.text(column))
        missing = [old for old in wanted.values() if old not in there]
        if missing and self._bad:
            raise TableError(self.file, self._bad)
        if missing:
            raise UsageError("\n".join(f"{self.file}: {_unknown_mission(name, there)}" for name in missing))
        mine = [row for row in self.rows if row.text(column) in wanted.values() or not row.text(column)]
        dates = self._dates(mine)
        undated = {row.number for row in mine} - dates.keys()
        if undated:  # what else is wrong with these rows, and with those that are meant, is told at once
            self.rows = [row for row in mine if row.number in undated or when.meets(dates[row.number])]
            self.counts()
        chosen = self._chosen(when, {dates[row.number] for row in mine if row.number in dates and row.text(column)})
        self.rows = [row for row in mine if dates.get(row.number) == chosen]
        absent = [old for old in wanted.values() if old not in {row.text(column) for row in self.rows}]
        if absent:
            told = {
                old: sorted({dates[row.number] for row in mine if row.text(column) == old and row.number in dates})
                for old in absent
            }
            raise UsageError("\n".join(f"{self.file}: {_absent(old, chosen, days)}" for old, days in told.items()))
        return chosen

    def _dates(self, rows: list[Row]) -> dict[int, dt.date]:
        """Dates by row number; those that cannot be read are bad cells."""
        column = self.date
        try:
            order = day_order(row.cells.get(column) for row in self.rows)
        except ValueError as error:
            raise UsageError(f"{self.file}: column {self.title(column)!r}: {error}") from None
        found = {}
        for row in rows:
            try:
                day = date(row.cells.get(column), order)
                if day is None:
                    raise ValueError("is blank; must be a date like 2010-10-31")
                found[row.number] = day
            except ValueError as error:
                self._fail(row, column, str(error))
        return found

    def _chosen(self, when: Month, days: set[dt.date]) -> dt.date:
        """The one date in the file that is meant."""
        meant = sorted(day for day in days if when.meets(day))
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise UsageError(f"--date {when}: the file has {', '.join(map(str, meant))}; say which")
        middle = dt.date(when.year, when.month, when.day or 15)
        near = sorted(sorted(days, key=lambda day: abs((day - middle).days))[:NEAR_DATES])
        told = f"for these missions it has {min(days)} to {max(days)}; nearest are {', '.join(map(str, near))}"
        if len(days) == 1:
            told = f"for these missions it has only {min(days)}"
        raise UsageError(f"{self.file}: nothing on {when}; {told}")

    def counts(self) -> list[Count]:
        """What the rows say, rows that say the same once; TableError for all cells that cannot be read."""
        codes = {row.text(self.contributor): row.text(self.iso) for row in self.rows if row.text(self.iso)}
        counts = list(self._wide_counts() if self.wide else self._long_counts())
        counts = self._once([count._replace(iso=codes.get(count.iso, count.iso)) for count in counts])
        if self._bad:
            raise TableError(self.file, sorted(self._bad, key=lambda cell: cell.row))
        return counts

    def _who(self, row: Row) -> tuple[str, str, str] | None:
        """Contributor, its ISO code, and mission; None (and a bad cell) where one is missing."""
        contributor, iso, mission = (row.text(column) for column in (self.contributor, self.iso, self.mission))
        if not mission:
            self._fail(row, self.mission, "is blank; must be a mission's acronym (or the row must go)")
        if not contributor and not iso:
            self._fail(row, self.contributor, "is blank; must be a country (or the row must go)")
        if why := unusable(contributor or iso):
            self._fail(row, self.contributor, why)
        return (contributor or iso, iso or contributor, mission) if mission and (contributor or iso) else None

    def _number(self, row: Row, column: str) -> int | None:
        try:
            return whole(row.cells.get(column), dots_group=self.sheet.dots_group)
        except ValueError as error:
            self._fail(row, column, str(error))
            return None

    def _long_counts(self) -> Iterator[Count]:
        there = [column for column in COUNTS if any(column in row.cells for row in self.rows)]
        if not there:
            raise UsageError(f"{self.file}: no column female_personnel or male_personnel")
        half, none = [], []
        for row in self.rows:
            who, kind = self._who(row), row.text("personnel type")
            numbers = [self._number(row, column) for column in there]
            if not kind:
                self._fail(row, "personnel type", "is blank; must be a type like Troops")
            if all(number is None for number in numbers):
                none.append(row.number)
            elif None in numbers:
                half.append(row.number)
            if who and kind:
                yield Count(row.number, *who, kind, sum(number or 0 for number in numbers))
        self._tell_blanks(half, none)

    def _wide_counts(self) -> Iterator[Count]:
        names = dict.fromkeys(column for row in self.rows for column in row.cells)
        kinds = [name for name in names if name in resource_of_type()]
        other = [name for name in names if name not in kinds and not self._is_note(name)]
        if not kinds:
            raise UsageError(f"{self.file}: no column of a personnel type, like Troops")
        if other:
            named = ", ".join(repr(self.title(name)) for name in other)
            self.said.append(f"columns {named}: no personnel types known here, left out")
        none = []
        for row in self.rows:
            who, numbers = self._who(row), {kind: self._number(row, kind) for kind in kinds}
            if all(number is None for number in numbers.values()):
                none.append(row.number)
            for kind, number in numbers.items():
                if who and number is not None:
                    yield Count(row.number, *who, kind, number)
        self._tell_blanks([], none)

    def _is_note(self, column: str) -> bool:
        """Whether a column of the older table says something of contributor or mission, not how many people."""
        return column in NOT_COUNTED or column.startswith(("contributor ", "mission ")) or not self._counts_in(column)

    def _counts_in(self, column: str) -> bool:
        return any(re.fullmatch(r"[0-9][0-9.,]*", row.text(column)) for row in self.rows)

    def _tell_blanks(self, half: list[int], none: list[int]) -> None:
        if half:
            self.said.append(f"{rows_in_words(half)}: only women or only men are given; the blank cell was read as 0")
        if none:
            self.said.append(f"{rows_in_words(none)}: without any number, read as 0")

    def _once(self, counts: list[Count]) -> list[Count]:
        """Without rows that repeat others; those that contradict others are bad."""
        first: dict[tuple[str, str, str], Count] = {}
        repeated = []
        for count in counts:
            before = first.setdefault((count.iso, count.mission, type_key(count.type)), count)
            if before is count:
                continue
            repeated.append(count.row)
            if before.people != count.people:
                who = f"{count.type} of {count.contributor} in {count.mission}"
                what = f"{count.people:,} {who}, but row {before.row} says {before.people:,}: one must go"
                self._bad.append(BadCell(self.sheet.name, count.row, "", what))
        if repeated and not self._bad:
            self.said.append(f"{rows_in_words(repeated)}: the same as rows before them, counted once")
        return list(first.values())


def _unknown_mission(name: str, there: Mapping[str, int]) -> str:
    known = [each for each in there if each]
    if not known:
        return "no row under the names of the columns names a mission"
    earlier = [place.mission for place in places().values() if place.became == name and place.mission in there]
    if earlier:
        return f"no mission {name!r}{_under_new_name(name, earlier[0])}"
    near = next((each for each in known if each.casefold() == name.casefold()), None)
    near = near or next(iter(get_close_matches(name, known, 1)), None)
    if near:
        return f"no mission {name!r}; did you mean {near!r}?"
    listed = ", ".join(sorted(known)[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
    return f"no mission {name!r}; there are {listed}"


def _absent(old: str, chosen: dt.date, days: list[dt.date]) -> str:
    """What to say of a mission without a row on the date."""
    place = places().get(old)
    renamed = ""
    if place and place.became_on and chosen >= place.became_on:
        renamed = f"; from {place.became_on} on it was {place.became}"
    for each in places().values():
        if each.became == old and each.became_on and chosen < each.became_on:
            renamed = _under_new_name(old, each.mission)
    return (
        f"{old}: nothing on {chosen}; it has {days[0]} to {days[-1]}{renamed}" if days else f"{old}: no dates{renamed}"
    )


def _under_new_name(name: str, old: str) -> str:
    told = f"--missions {name}={old} imports that under the new name"
    return f"; before {places()[old].became_on} it was {old}: {told}"
