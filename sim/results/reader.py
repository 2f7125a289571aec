"""What an experiment left behind, to be read as often as one likes: samples by replication, and the kept logs."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import ResultsError, UsageError
from sim.operations.log import CrisisRecord, Level, LoanRecord
from sim.results.manifest import NAME as MANIFEST
from sim.results.manifest import Manifest
from sim.measures.catalogue import CAUSE_COLUMNS, COLUMNS, OVERALL
from sim.results.writer import CHARTS, DATABASE, SCENARIO
from sim.results.schema import quoted

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.nouns.scenario import Scenario

Cell = tuple[str, str]
"""(mission, resource)."""
ROWS_AT_A_TIME = 10_000
TABLES_HELD = 4
"""Samples of so many (option, cell)s stay in memory."""


def read(folder: str | Path, *more: str | Path) -> Results:
    """The results in a folder; of several folders of one scenario run with different seeds, all together.

    ResultsError where a folder holds no (or broken) results; UsageError where they do not belong together.
    """
    folders = [Path(each) for each in (folder, *more)]
    manifests = [manifest_of(each) for each in folders]
    for each, manifest in zip(folders[1:], manifests[1:], strict=True):
        if (manifest.fingerprint, manifest.options, manifest.rules) != (
            manifests[0].fingerprint,
            manifests[0].options,
            manifests[0].rules,
        ):
            raise UsageError(f"{each}: is of another scenario, or of other options, than {folders[0]}")
    seeds = [manifest.seed for manifest in manifests]
    if len(set(seeds)) < len(seeds):
        raise UsageError(f"{folders[-1]}: the same seed twice says nothing new; merge is for shards of one run")
    return Results(folders, manifests)


class Results:
    """The results of one experiment: a folder (or several, with different seeds), read on demand."""

    def __init__(
        self,
        folders: Sequence[Path],
        manifests: Sequence[Manifest],
        scenario: Scenario | None = None,
    ) -> None:
        self.folders = tuple(folder.absolute() for folder in folders)  # wherever a notebook goes from here
        self.manifests = tuple(manifests)
        self._scenario = scenario
        self._tables: OrderedDict[tuple[str, Cell], NDArray[np.float64]] = OrderedDict()

    @property
    def folder(self) -> Path:
        """The (first) folder, as an absolute path."""
        return self.folders[0]

    @property
    def charts(self) -> Path:
        """Where its charts lie."""
        return self.folder / CHARTS

    @property
    def fingerprint(self) -> str:
        """Of the resolved scenario."""
        return self.manifests[0].fingerprint

    @property
    def seed(self) -> int:
        """Seed (of the first folder)."""
        return self.manifests[0].seed

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of all folders."""
        return tuple(manifest.seed for manifest in self.manifests)

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options that were run, in the scenario's order."""
        return self.manifests[0].options

    @cached_property
    def scenario(self) -> Scenario:
        """As resolved when it ran."""
        from sim.scenario.files.fingerprint import fingerprint
        from sim.scenario.load import read as read_scenario

        if self._scenario is not None:
            return self._scenario
        found = read_scenario(self.folder / SCENARIO, rules=self.manifests[0].rule_names)
        if fingerprint(found) != self.fingerprint:
            raise ResultsError(f"{self.folder / SCENARIO}: is not the scenario that these results are of")
        return found

    @property
    def replications(self) -> int:
        """Replications that every option finished: those that are compared."""
        return sum(len(numbers) for numbers in self._finished)

    @property
    def failed(self) -> int:
        """Replications that raised under at least one option, and are left out."""
        return sum(len(numbers) for numbers in self._failed)

    @property
    def kept(self) -> int:
        """Replications 0 … kept − 1 of the first folder have their logs, if they finished: see `kept_replications`."""
        return min(self.manifests[0].keep_loans, self.manifests[0].replications)

    @cached_property
    def kept_replications(self) -> tuple[int, ...]:
        """Those of them that every option finished, so that there is something to read."""
        return tuple(number for number in self._finished[0].tolist() if number < self.kept)

    @property
    def bounded(self) -> bool:
        """Whether every replication that is compared has its clairvoyant bound under every option."""
        return all(manifest.bounded for manifest in self.manifests)

    def runs(self) -> list[tuple[int, int]]:
        """(place of the folder, replication) of every value of a sample, in its order."""
        return [(place, number) for place, numbers in enumerate(self._finished) for number in numbers.tolist()]

    def bounds(self, option: str) -> dict[tuple[int, int], float]:
        """(place of the folder, replication) -> clairvoyant bound in unit-days, as far as they were asked for."""
        query = "SELECT replication, clairvoyant_unmet_unit_days FROM bounds WHERE option = ?"
        return {
            (place, number): bound
            for place, folder in enumerate(self.folders)
            for number, bound in rows_in(folder, query, self._known(option))
        }

    @property
    def with_bound(self) -> int:
        """How many of the replications that are compared have their clairvoyant bound under every option."""
        return len(set(self.runs()).intersection(*(self.bounds(option) for option in self.options)))

    def cells(self, option: str) -> tuple[Cell, ...]:
        """Every (mission, resource) that the option ever needs or holds, in the scenario's order."""
        query = "SELECT mission, resource FROM cells WHERE option = ? ORDER BY number"
        return tuple(rows_in(self.folder, query, self._known(option)))

    def sample(self, option: str, column: str, mission: str = "*", resource: str = "*") -> NDArray[np.float64]:
        """One value per replication that every option finished, in order of replication, so samples are paired.

        `column` is one of `sim.measures.measures.COLUMNS` (`unmet_unit_days`, `cause:council`, …).
        """
        if column not in COLUMNS:
            raise UsageError(f"no measure {column!r}; there are {', '.join(COLUMNS)}")
        return self.samples(option, (mission, resource))[:, COLUMNS.index(column)]

    def samples(self, option: str, cell: Cell = OVERALL) -> NDArray[np.float64]:
        """All columns at once: an array of shape (replications, len(COLUMNS))."""
        key = (option, cell)
        if key not in self._tables:
            self._tables[key] = self._read_samples(*self._known(option), cell)
        self._tables.move_to_end(key)
        while len(self._tables) > TABLES_HELD:
            self._tables.popitem(last=False)
        return self._tables[key]

    def loans(self, option: str, replication: int) -> list[LoanRecord]:
        """The loans of a kept replication, in the order of the log."""
        rows = self._kept_rows(f"SELECT {', '.join(LoanRecord._fields)} FROM loans", option, replication)
        return [loan._replace(late=bool(loan.late)) for loan in map(LoanRecord._make, rows)]

    def levels(self, option: str, replication: int) -> dict[Cell, list[Level]]:
        """The levels of a kept replication by (mission, resource), each list in order of day.

        Before a cell's first level nothing is needed or there, as before its mission opens. A level's `cell` is its
        place in `cells(option)`.
        """
        cells = {cell: number for number, cell in enumerate(self.cells(option))}
        found: dict[Cell, list[Level]] = {cell: [] for cell in cells}
        wanted = [*Level._fields[0:1], *Level._fields[2:-1], *map(quoted, CAUSE_COLUMNS)]
        plain = len(wanted) - len(CAUSE_COLUMNS)
        query = f"SELECT mission, resource, {', '.join(wanted)} FROM levels"
        for mission, resource, *numbers in self._kept_rows(query, option, replication):
            day, *units = numbers[:plain]
            causes = None if numbers[plain] is None else tuple(numbers[plain:])
            cell = (mission, resource)
            found[cell].append(Level._make((day, cells[cell], *units, causes)))
        return found

    def crises(self, option: str, replication: int) -> list[CrisisRecord]:
        """The crises of a kept replication, in the order of the log (`phases` and `given_up` included)."""
        fields = "name, mission, severity, known_day, onset_day, end_day, happened, escalated_day, parent"
        found = []
        query = f"SELECT {fields}, phases, given_up FROM crises"
        for row in self._kept_rows(query, option, replication):
            one = CrisisRecord(*row[:5])
            one.end_day, one.happened, one.escalated_day, one.parent = row[5], bool(row[6]), row[7], row[8]
            one.phases = [tuple(phase) for phase in json.loads(row[9])]
            one.given_up = json.loads(row[10])
            found.append(one)
        return found

    def failures(self) -> list[dict[str, Any]]:
        """What failed: option, replication, seed, error, traceback and how to play it again."""
        fields = ("option", "replication", "seed", "error", "traceback", "replay")
        query = f"SELECT {', '.join(fields)} FROM failures WHERE replication < ? ORDER BY replication, option"
        return [
            dict(zip(fields, row, strict=True))
            for folder, manifest in zip(self.folders, self.manifests, strict=True)
            for row in rows_in(folder, query, (manifest.replications,))
        ]

    def table(self) -> pd.DataFrame:
        """The measures as a DataFrame: one row per option, replication, mission and resource. Needs pandas.

        `response_days` and `gone_share` are sums: divide the sum of the one over any rows by that of `responses`, the
        other's by that of `windowed_loans`; the comparison gives these ratios. Of the whole scenario, whose measures
        are not all sums of these, see `samples`.
        """
        from sim.results.export import frame

        return frame(self)

    def _known(self, option: str) -> tuple[str]:
        if option not in self.options:
            raise UsageError(f"no option {option!r} in these results; there are {', '.join(self.options)}")
        return (option,)

    @cached_property
    def _failed(self) -> list[NDArray[np.int64]]:
        query = "SELECT DISTINCT replication FROM failures WHERE replication < ? ORDER BY 1"
        return [self._numbers(*each, query, ()) for each in zip(self.folders, self.manifests, strict=True)]

    @cached_property
    def _finished(self) -> list[NDArray[np.int64]]:
        query = "SELECT replication FROM overall WHERE replication < ? AND option = ? ORDER BY replication"
        run = [self._numbers(*each, query, self.options[:1]) for each in zip(self.folders, self.manifests, strict=True)]
        return [np.setdiff1d(numbers, failed) for numbers, failed in zip(run, self._failed, strict=True)]

    def _numbers(self, folder: Path, manifest: Manifest, query: str, more: tuple[str, ...]) -> NDArray[np.int64]:
        rows = rows_in(folder, query, (manifest.replications, *more))
        return np.fromiter((number for (number,) in rows), dtype=np.int64)

    def _read_samples(self, option: str, cell: Cell) -> NDArray[np.float64]:
        """From all folders, one after another; without the replications that any option failed."""
        table, place = ("overall", ()) if cell == OVERALL else ("replications", cell)
        query = f"SELECT replication, {', '.join(map(quoted, COLUMNS))} FROM {table} WHERE option = ?"
        query += f"{' AND mission = ? AND resource = ?' if place else ''} AND replication < ? ORDER BY replication"
        found = np.full((self.replications, len(COLUMNS)), np.nan)
        start = 0
        for folder, manifest, finished in zip(self.folders, self.manifests, self._finished, strict=True):
            for rows in _in_chunks(rows_in(folder, query, (option, *place, manifest.replications))):
                chunk = np.array(rows, dtype=np.float64)
                places = np.searchsorted(finished, chunk[:, 0])
                places[places == len(finished)] = 0
                belongs = finished[places] == chunk[:, 0] if len(finished) else np.zeros(len(chunk), dtype=bool)
                found[start + places[belongs]] = chunk[belongs, 1:]
            start += len(finished)
        found.flags.writeable = False
        return found

    def _kept_rows(self, query: str, option: str, replication: int) -> list[tuple[Any, ...]]:
        if replication not in self.kept_replications:
            raise UsageError(f"replication {replication} left no log; the first {self.kept} have one, if they finished")
        query += " WHERE option = ? AND replication = ? ORDER BY number"
        return list(rows_in(self.folder, query, (*self._known(option), replication)))


def rows_in(folder: Path, query: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """What a query finds in a folder's tables; ResultsError where they cannot be read."""
    path = folder / DATABASE
    if not path.is_file():
        raise ResultsError(f"{path}: is not there")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=60)) as database:
            yield from database.execute(query, values)
    except sqlite3.DatabaseError as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error


def manifest_of(folder: Path) -> Manifest:
    """The folder's manifest; ResultsError where it is not a results folder."""
    if not folder.exists():
        raise ResultsError(f"{folder}: no such folder")
    if not folder.is_dir():
        raise ResultsError(f"{folder}: is a file, not a results folder")
    manifest = Manifest.read(folder)
    if manifest is None:
        raise ResultsError(f"{folder}: not a results folder (it has no {MANIFEST})")
    return manifest


def _in_chunks(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == ROWS_AT_A_TIME:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
