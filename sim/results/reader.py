"""What an experiment left behind, to be read as often as one likes: samples by replication, and the kept logs."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.chance.worlds import worlds
from sim.errors import DamageError, ResultsError, UsageError
from sim.extras import require
from sim.measures.catalogue import COLUMNS, OVERALL
from sim.operations.log import CAUSES, CrisisRecord, Level, LoanRecord
from sim.results.disk import CHARTS, RULES, SCENARIO, disk_trouble, read_whole, sha256
from sim.results.manifest import NAME as MANIFEST
from sim.results.manifest import Manifest
from sim.results.schema import CRISES, FAILURES, LEVELS, LOANS, REPLICATIONS, Table
from sim.results.tables import Cell, Tables, opened
from sim.scenario.fingerprint import fingerprint
from sim.scenario.load import read as read_scenario
from sim.scenario.loaded import LoadedScenario, with_option
from sim.statistics.by_sets import Sets
from sim.words.suggestions import unknown

if TYPE_CHECKING:
    import pandas as pd


BYTES_HELD = 32_000_000
"""Samples stay in memory up to so much: all of a run of some hundred replications, which are asked for many times."""


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
    for each, manifest in zip(folders, manifests, strict=True):
        scenario_of(each, manifest)
        rules_of(each, manifest)
    return Results(folders, manifests)


class Results:
    """The results of one experiment: a folder (or several, with different seeds), read on demand."""

    def __init__(
        self,
        folders: Sequence[Path],
        manifests: Sequence[Manifest],
        scenario: LoadedScenario | None = None,
    ) -> None:
        self.folders = tuple(folder.absolute() for folder in folders)  # wherever a notebook goes from here
        self.manifests = tuple(manifests)
        self._scenario = scenario
        self._sound: set[Path] = set()
        """Folders of which every row was checked."""
        self._tables: OrderedDict[tuple[str, Cell], NDArray[np.float64]] = OrderedDict()

    def __getstate__(self) -> dict[str, Any]:
        """Without the samples, which are read again where they are needed."""
        return {**self.__dict__, "_tables": OrderedDict()}

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
    def scenario(self) -> LoadedScenario:
        """As resolved when it ran."""
        return self._scenario or scenario_of(self.folder, self.manifests[0])

    @property
    def replications(self) -> int:
        """Replications that every option finished: those that are compared."""
        return sum(len(finished) for finished, _ in self._done)

    @property
    def failed(self) -> int:
        """Replications that raised under at least one option, and are left out."""
        return sum(len(failed) for _, failed in self._done)

    @property
    def kept(self) -> int:
        """Replications 0 … kept − 1 of the first folder have their logs, if they finished: see `kept_replications`."""
        return min(self.manifests[0].keep_loans, self.manifests[0].replications)

    @cached_property
    def kept_replications(self) -> tuple[int, ...]:
        """Those of them that every option finished, so that there is something to read."""
        return tuple(number for number in self._done[0][0].tolist() if number < self.kept)

    @property
    def bounded(self) -> bool:
        """Whether every replication that is compared has its clairvoyant bound under every option."""
        return all(manifest.bounded for manifest in self.manifests)

    @cached_property
    def sets(self) -> Sets:
        """Which set of which folder every value of a sample belongs to: sets are the unit of inference."""
        return Sets.of((place, number // SIZE) for place, number in self.runs())

    def runs(self) -> list[tuple[int, int]]:
        """(place of the folder, replication) of every value of a sample, in its order."""
        return [(place, number) for place, (finished, _) in enumerate(self._done) for number in finished.tolist()]

    def worlds(self) -> list[dict[str, float]]:
        """What was drawn for each doubt in the world of every set, in the order of `sets`; empty without doubts.

        The same again from scenario, seed and number of the set: the table `worlds` is for other readers.
        """
        drawn = [worlds(self.scenario, seed) for seed in self.seeds]
        places = dict.fromkeys((place, number // SIZE) for place, number in self.runs())
        return [drawn[place].values(number) for place, number in places] if self.scenario.doubts else []

    def bounds(self, option: str) -> dict[tuple[int, int], float]:
        """(place of the folder, replication) -> clairvoyant bound in unit-days, as far as they were asked for."""
        self._see(option)
        bounds: dict[tuple[int, int], float] = {}
        for place, each in enumerate(self._each()):
            with each as tables:
                known = dict(tables.bounds(option))
                missing = set(self._done[place][0].tolist()) - known.keys()
                if missing and self.manifests[place].bounded:
                    raise tables.damaged_replications(missing)
                bounds |= {(place, number): bound for number, bound in known.items()}
        return bounds

    @property
    def with_bound(self) -> int:
        """How many of the replications that are compared have their clairvoyant bound under every option."""
        return len(set(self.runs()).intersection(*(self.bounds(option) for option in self.options)))

    def cells(self, option: str) -> tuple[Cell, ...]:
        """Every (mission, resource) that the option ever needs or holds, in the scenario's order."""
        return self._reported(option, teams=False)

    def teams(self, option: str) -> tuple[Cell, ...]:
        """Every (mission, team) that a crisis may need under the option: reported beside the cells."""
        return self._reported(option, teams=True)

    def _reported(self, option: str, *, teams: bool) -> tuple[Cell, ...]:
        self._see(option)
        named = with_option(self.scenario, option).teams
        with opened(self.folder, self.manifests[0]) as tables:
            return tuple(cell for cell in tables.cells(option) if (cell[1] in named) == teams)

    def sample(self, option: str, column: str, mission: str = "*", resource: str = "*") -> NDArray[np.float64]:
        """One value per replication that every option finished, in order of replication, so samples are paired.

        `column` is one of `sim.measures.measures.COLUMNS` (`unmet_unit_days`, `cause:council`, …).
        """
        if column not in COLUMNS:
            raise UsageError(unknown("measure", column, COLUMNS, most=len(COLUMNS)))
        return self.samples(option, (mission, resource))[:, COLUMNS.index(column)]

    def samples(self, option: str, cell: Cell = OVERALL) -> NDArray[np.float64]:
        """All columns at once: an array of shape (replications, len(COLUMNS))."""
        key = (option, cell)
        if key not in self._tables:
            self._see(option)
            self._tables[key] = self._read_samples(option, cell)
            while len(self._tables) > 1 and sum(table.nbytes for table in self._tables.values()) > BYTES_HELD:
                self._tables.popitem(last=False)
        self._tables.move_to_end(key)
        return self._tables[key]

    def loans(self, option: str, replication: int) -> list[LoanRecord]:
        """The loans of a kept replication, in the order of the log."""
        loans = (LoanRecord._make(row[3:]) for row in self._log(LOANS, option, replication))
        return [loan._replace(late=bool(loan.late)) for loan in loans]

    def levels(self, option: str, replication: int) -> dict[Cell, list[Level]]:
        """The levels of a kept replication by (mission, resource), each list in order of day.

        Before a cell's first level nothing is needed or there, as before its mission opens. A level's `cell` is its
        place in `cells(option)`.
        """
        cells = {cell: number for number, cell in enumerate(self.cells(option))}
        levels: dict[Cell, list[Level]] = {cell: [] for cell in cells}
        for _, _, mission, resource, _, day, *units in self._log(LEVELS, option, replication):
            plain, causes = units[: -len(CAUSES)], tuple(units[-len(CAUSES) :])
            level = Level._make((day, cells[mission, resource], *plain, None if causes[0] is None else causes))
            levels[mission, resource].append(level)
        return levels

    def crises(self, option: str, replication: int) -> list[CrisisRecord]:
        """The crises of a kept replication, in the order of the log (`phases` and `given_up` included)."""
        crises = []
        for row in self._log(CRISES, option, replication):
            one = CrisisRecord(*row[3:8])
            one.end_day, one.happened, one.escalated_day, one.parent = row[8], bool(row[9]), row[10], row[11]
            one.phases = [tuple(phase) for phase in json.loads(row[12])]
            one.given_up = json.loads(row[13])
            crises.append(one)
        return crises

    def failures(self) -> list[dict[str, Any]]:
        """What failed: option, replication, seed, error, traceback and how to play it again."""
        failures = []
        for each, manifest in zip(self._each(), self.manifests, strict=True):
            with each as tables:
                for row in tables.failures():
                    words = dict(zip(FAILURES.columns, row, strict=True))
                    failures.append(words | {"replay": manifest.replay(row[0], row[1])})
        return failures

    def table(self) -> pd.DataFrame:
        """The measures as a DataFrame: one row per option, replication, mission and resource. Needs pandas.

        `response_days` and `gone_share` are sums: divide the sum of the one over any rows by that of `responses`, the
        other's by that of `windowed_loans`; the comparison gives these ratios. Of the whole scenario, whose measures
        are not all sums of these, see `samples`.
        """
        pandas = require("pandas", "notebooks")
        order = {name: number for number, name in enumerate(self.options)}
        columns = list(self.columns_of(REPLICATIONS))
        place = columns.index("option")
        rows = sorted(self.rows_of(REPLICATIONS), key=lambda row: order.get(row[place], len(order)))
        frame: pd.DataFrame = pandas.DataFrame(rows, columns=columns)
        return frame

    def columns_of(self, table: Table) -> dict[str, str]:
        """A table's columns and their kinds; with several folders the seed tells their rows apart."""
        return table.columns if len(self.folders) == 1 else {"seed": "INTEGER NOT NULL", **table.columns}

    def rows_of(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """Its rows, as far as they are of replications that were asked for."""
        for each, manifest in zip(self._each(), self.manifests, strict=True):
            with each as tables:
                if tables.folder not in self._sound:
                    tables.see_sound()
                    self._sound.add(tables.folder)
                before = () if len(self.folders) == 1 else (manifest.seed,)
                for row in tables.rows(table):
                    yield (*before, *row)

    def _see(self, option: str) -> None:
        if option not in self.options:
            raise UsageError(unknown("option", option, self.options))

    def _each(self) -> Iterator[AbstractContextManager[Tables]]:
        """The tables of each folder, to be opened."""
        return map(opened, self.folders, self.manifests)

    @cached_property
    def _done(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """By folder the replications that every option finished, and those that failed."""
        done = []
        for each, manifest in zip(self._each(), self.manifests, strict=True):
            with each as tables:
                run, failed = tables.done()
                everywhere = set().union(*run.values(), manifest.part() if manifest.complete else ())
                partly = {number for numbers in run.values() for number in everywhere - numbers}
                if partly:
                    raise tables.damaged_replications(partly)
                done.append((np.array(sorted(everywhere - failed), np.int64), np.array(sorted(failed), np.int64)))
        return done

    def _read_samples(self, option: str, cell: Cell) -> NDArray[np.float64]:
        """From all folders, one after another; without the replications that any option failed."""
        samples = np.full((self.replications, len(COLUMNS)), np.nan)
        there = np.zeros(self.replications, dtype=bool)
        start = 0
        for each, (finished, _) in zip(self._each(), self._done, strict=True):
            with each as tables:
                for numbers, values, damaged in tables.measures(option, cell):
                    belongs = np.isin(numbers, finished)
                    if (damaged & belongs).any():
                        raise tables.damaged_replications(numbers[damaged & belongs].tolist())
                    places = start + np.searchsorted(finished, numbers[belongs])
                    samples[places], there[places] = values[belongs], True
                missing = finished[~there[start : start + len(finished)]]
                if len(missing):
                    raise tables.damaged_replications(missing.tolist())
            start += len(finished)
        samples.flags.writeable = False
        return samples

    def _log(self, table: Table, option: str, replication: int) -> list[tuple[Any, ...]]:
        if replication not in self.kept_replications:
            raise UsageError(f"replication {replication} left no log; the first {self.kept} have one, if they finished")
        self._see(option)
        with opened(self.folder, self.manifests[0]) as tables:
            return tables.log(table, option, replication)


def scenario_of(folder: Path, manifest: Manifest) -> LoadedScenario:
    """The scenario in a results folder; DamageError where it is not the one that the results are of."""
    path = folder / SCENARIO
    contents = read_whole(path)
    if contents is None or sha256(contents) != manifest.scenario_file:
        raise DamageError(f"{path}: {'is not there' if contents is None else 'was damaged or edited'}; run it again")
    scenario = read_scenario(path, rules=manifest.rule_names)
    if fingerprint(scenario) != manifest.fingerprint or not set(manifest.options) <= set(scenario.options):
        raise DamageError(f"{path}: is not the scenario that these results are of")
    return scenario


def rules_of(folder: Path, manifest: Manifest) -> bytes | None:
    """The user's own rules that a results folder was made with; DamageError where they are not those."""
    if manifest.rules_file is None:
        return None
    path = folder / RULES / manifest.rules_file
    if (folder / RULES).is_symlink():
        raise DamageError(f"{folder / RULES}: cannot be read: is a link")
    contents = read_whole(path)
    if contents is None or sha256(contents) != manifest.rules:
        raise DamageError(f"{path}: {'is not there' if contents is None else 'was damaged or edited'}; run it again")
    return contents


def manifest_of(folder: Path) -> Manifest:
    """The folder's manifest; ResultsError where it is not a results folder."""
    with disk_trouble(folder):
        if not folder.exists():
            raise ResultsError(f"{folder}: no such folder")
        if not folder.is_dir():
            raise ResultsError(f"{folder}: is a file, not a results folder")
    manifest = Manifest.read(folder)
    if manifest is None:
        raise ResultsError(f"{folder}: not a results folder (it has no {MANIFEST})")
    return manifest
