"""The tables of a results folder, opened to be read and checked row by row: what was damaged is named, not believed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import DamageError
from sim.measures.catalogue import COLUMNS, OVERALL
from sim.results.digests import digest, log_digest, measure_digests, salts
from sim.results.disk import DATABASE, DATABASE_FILES, see_plain
from sim.results.manifest import Manifest
from sim.results.schema import BOUNDS, CELLS, DIGESTS, FAILURES, LOGS, REPLICATIONS, STORED, WHOLE, Table

Cell = tuple[str, str]
"""(mission, resource)."""
Row = tuple[Any, ...]
ROWS_AT_A_TIME = 500
"""So few that arrays of their measures stay in the processor's cache."""
MOST_BYTES = 50_000_000
"""Of one value."""
OPERATIONS, OPERATIONS_A_BYTE = 10_000_000, 10
"""Steps of SQLite's machine that a query may take: dozens of times what any takes of a file of that size."""
MOST_NAMED = 5
"""Damaged replications that are named."""
STATEMENTS = {table.name: table.create for table in STORED}
"""What made each table. They are compared whenever a file is opened, which is for every log that is read."""


class Measured(NamedTuple):
    """Some rows of measures, as they were read."""

    replications: NDArray[np.int64]
    values: NDArray[np.float64]
    """(rows, len(COLUMNS))."""
    damaged: NDArray[np.bool_]
    """Whether a row is not what its digest is of."""


@contextmanager
def opened(folder: Path, manifest: Manifest) -> Iterator[Tables]:
    """The tables of a folder as they are now, to be read only. DamageError for what cannot be read as such."""
    path = folder / DATABASE
    for name in DATABASE_FILES:
        there = see_plain(folder / name)
        if name == DATABASE and not there:
            raise DamageError(f"{path}: is not there")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
            database.execute("PRAGMA trusted_schema=OFF")
            _limit_steps(database, path.stat().st_size)
            database.execute("BEGIN")  # everything that is read is of one moment, also while somebody writes
            tables = Tables(database, folder, manifest)
            tables.see_schema()
            yield tables
    except (sqlite3.Error, OverflowError, TypeError, ValueError, OSError) as error:
        said = str(error).partition("\n")[0]  # it may quote a damaged text whole, a traceback of many lines
        raise DamageError(f"{path}: cannot be read: {said}") from error


def _limit_steps(database: sqlite3.Connection, size: int) -> None:
    """Stop a query that a damaged file would keep from ending."""
    every = 1_000_000
    left = iter(range((OPERATIONS + OPERATIONS_A_BYTE * size) // every))
    database.set_progress_handler(lambda: next(left, None) is None, every)


class Tables:
    """The open tables of one folder."""

    def __init__(self, database: sqlite3.Connection, folder: Path, manifest: Manifest) -> None:
        self.database, self.folder, self.manifest = database, folder, manifest
        self.run = manifest.run

    def see_schema(self) -> None:
        """DamageError where a table is missing, is none (a view, say) or has triggers."""
        schema = self.database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        entries = {(kind, name): sql for kind, name, _, sql in schema}
        for name, statement in STATEMENTS.items():
            if entries.get(("table", name)) != statement:
                raise DamageError(f"{self.folder / DATABASE}: cannot be read: has no table {name} as it should be")
        for kind, name, of, _ in schema:
            if kind == "trigger" or (kind == "index" and of in STATEMENTS):
                raise DamageError(
                    f"{self.folder / DATABASE}: cannot be read: has a {kind} {name!r} that is none of ours"
                )

    def cells(self, option: str) -> tuple[Cell, ...]:
        """Every (mission, resource) that the option ever needs or holds, in the scenario's order."""
        rows = list(self.database.execute(CELLS.select("WHERE option = ? ORDER BY number"), (option,)))
        if any(self._cell_damaged(row, len(rows), place) for place, row in enumerate(rows)) or not rows:
            raise self._damage(f"the missions and resources of {option!r} are")
        return tuple((mission, resource) for _, _, mission, resource, _ in rows)

    def _cell_damaged(self, row: Row, count: int, place: int) -> bool:
        return bool(row[1] != place or row[-1] != digest(self.run, CELLS.name, count, *row[:-1]))

    def done(self) -> tuple[dict[str, set[int]], set[int]]:
        """By option the replications that were run, failed or not, and those that failed under any option."""
        run: dict[str, set[int]] = {option: set() for option in self.manifest.options}
        for name in (WHOLE.name, FAILURES.name):
            query = f"SELECT option, replication FROM {name} WHERE replication < ?"
            for option, replication in self.database.execute(query, (self.manifest.replications,)):
                if option in run:
                    run[option].add(int(replication))
        return run, {row[1] for row in self.failures()}

    def failures(self) -> list[Row]:
        """The rows of what failed, by replication."""
        return [self._sound(row, damaged) for row, damaged in self._failed()]

    def _failed(self) -> Iterator[tuple[Row, bool]]:
        """Each of those rows, and whether it is damaged, or is what no run writes: such a row would make lines of its
        own, or another command, where what failed is printed with how to play it again.
        """
        for row, damaged in self._digested(FAILURES, "WHERE replication < ? ORDER BY replication, option"):
            option, number, _, error, _ = row
            known = option in self.manifest.options and isinstance(number, int) and number >= 0
            yield row, damaged or not known or not isinstance(error, str) or len(error.splitlines()) > 1

    def bounds(self, option: str) -> list[tuple[int, float]]:
        """(replication, clairvoyant bound), as far as they were asked for."""
        rows = self._digested(BOUNDS, "WHERE replication < ? AND option = ?", option)
        return [self._sound(row, damaged)[1:] for row, damaged in rows]

    def _sound(self, row: Row, damaged: bool) -> Row:
        if damaged:
            raise self.damaged_replications([row[1]])
        return row

    def _digested(self, table: Table, where: str, *more: str) -> Iterator[tuple[Row, bool]]:
        """Rows without their digest, and whether they are damaged."""
        for *row, known in self.database.execute(table.select(where), (self.manifest.replications, *more)):
            yield tuple(row), known != digest(self.run, table.name, *row)

    def measures(self, option: str, cell: Cell = OVERALL) -> Iterator[Measured]:
        """The rows of a cell (or of the whole) by replication, some at a time."""
        table, place = (WHOLE, ()) if cell == OVERALL else (REPLICATIONS, cell)
        where = f"WHERE option = ? {'AND mission = ? AND resource = ?' if place else ''} AND replication < ?"
        key = len(table.columns) - len(COLUMNS)
        salt = salts(self.run, [(option, *cell)])
        query = table.select(f"{where} ORDER BY replication")
        for rows in in_chunks(self.database.execute(query, (option, *place, self.manifest.replications))):
            try:
                numbers, values, known = _as_arrays(rows, key)
            except (TypeError, ValueError, OverflowError):  # something in it is no number
                numbers, values, known = _as_arrays([_numbers_only(row, key) for row in rows], key)
            yield Measured(numbers, values, measure_digests(salt, numbers, values) != known)

    def log(self, table: Table, option: str, replication: int) -> list[Row]:
        """A kept replication's rows of one of the tables of logs, in the order of the log."""
        place = LOGS.index(table)
        rows, known = self._log(table, option, replication), self._log_digests(option, replication)
        if known is None or known[place] != log_digest(self.run, table.name, rows):
            raise self.damaged_replications([replication])
        return rows

    def _log(self, table: Table, option: str, replication: int) -> list[Row]:
        query = table.select("WHERE option = ? AND replication = ? ORDER BY number")
        return self.database.execute(query, (option, replication)).fetchall()

    def _log_digests(self, option: str, replication: int) -> Row | None:
        query = DIGESTS.select("WHERE option = ? AND replication = ?")
        row = self.database.execute(query, (option, replication)).fetchone()
        return None if row is None else tuple(row[2:])

    def log_digests(self, option: str, replication: int) -> Row:
        """The row of `digests` that is right for a replication's logs as they are."""
        logs = (log_digest(self.run, table.name, self._log(table, option, replication)) for table in LOGS)
        return (option, replication, *logs)

    def rows(self, table: Table) -> Iterator[Row]:
        """All rows of replications that were asked for, without digests, as they stand: see `damaged`."""
        asked = f"WHERE replication < {self.manifest.replications}" if "replication" in table.columns else ""
        for row in self.database.execute(table.select(asked)):
            yield row[: len(table.columns)]

    def see_sound(self) -> None:
        """DamageError where any row is damaged or missing in part."""
        damaged = self.damaged()
        if damaged:
            raise self.damaged_replications(damaged)
        for option in self.manifest.options:
            self.cells(option)

    def damaged(self) -> set[int]:
        """Every replication of which anything is damaged or missing in part; their cells' own table aside."""
        options = self.manifest.options
        bad = {row[1] for row, damaged in self._failed() if damaged}
        bad |= {row[1] for row, damaged in self._digested(BOUNDS, "WHERE replication < ?") if damaged}
        run = {option: {row[1] for row in self._of(FAILURES, option)} for option in options}
        measured = {option: {row[1] for row in self._of(WHOLE, option)} for option in options}
        everywhere = set().union(*run.values(), *measured.values())
        for option in options:
            bad |= everywhere - run[option] - measured[option]
            for cell in (OVERALL, *self._cells_known(option)):
                there: set[int] = set()
                for chunk in self.measures(option, cell):
                    bad |= set(chunk.replications[chunk.damaged].tolist())
                    there |= set(chunk.replications.tolist())
                bad |= measured[option] ^ there
            for number in measured[option] - run[option]:
                if number < self.manifest.keep_loans:
                    known = self._log_digests(option, number)
                    if known is None or (option, number, *known) != self.log_digests(option, number):
                        bad.add(number)
        return {number for number in bad if isinstance(number, int) and number < self.manifest.replications}

    def _of(self, table: Table, option: str) -> Iterator[tuple[str, int]]:
        query = f"SELECT option, replication FROM {table.name} WHERE option = ? AND replication < ?"
        return self.database.execute(query, (option, self.manifest.replications))

    def _cells_known(self, option: str) -> set[Cell]:
        """The cells that the option has, or that measures name."""
        query = f"SELECT DISTINCT mission, resource FROM {REPLICATIONS.name} WHERE option = ?"
        there = set(self.database.execute(query, (option,)))
        return there | set(self.cells(option) if self.has_cells(option) else ())

    def has_cells(self, option: str) -> bool:
        """Whether the list of its cells is whole."""
        try:
            return bool(self.cells(option))
        except DamageError:
            return False

    def damaged_replications(self, numbers: Iterable[int]) -> DamageError:
        """What to raise for them."""
        known = sorted(set(numbers))
        named = ", ".join(f"{number}" for number in known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
        return self._damage(f"replication {named} is" if len(known) == 1 else f"replications {named} are")

    def _damage(self, what: str) -> DamageError:
        again = "run --resume makes just that again"
        return DamageError(f"{self.folder / DATABASE}: {what} damaged or missing in part; {again}")


def _as_arrays(rows: Sequence[Row], key: int) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Replications, measures and digests of rows with so many columns before the measures."""
    values = np.array([row[key:-1] for row in rows], dtype=np.float64)
    numbers, known = (np.array([row[place] for row in rows], dtype=np.int64) for place in (key - 1, -1))
    return numbers, values, known


def _numbers_only(row: Row, key: int) -> Row:
    """The row with nothing for what is no number, which its digest is not of."""
    place, *values = (each if isinstance(each, int | float) else None for each in row[key - 1 : -1])
    known = row[-1] if isinstance(row[-1], int) else 0
    return (*row[: key - 1], -1 if place is None else place, *values, known)


def in_chunks(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    """Some rows at a time."""
    left = iter(rows)
    while chunk := list(islice(left, ROWS_AT_A_TIME)):
        yield chunk
