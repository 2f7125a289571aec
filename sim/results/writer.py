"""The results folder, as it is written: one transaction a batch, so that a kill loses at most the batch under way."""

from __future__ import annotations

import logging
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.chance.sets import SIZE
from sim.chance.worlds import worlds
from sim.errors import DamageError, RunError, UsageError
from sim.results.digests import digest
from sim.results.disk import (
    CHARTS,
    DATABASE,
    DATABASE_FILES,
    RACE,
    RULES,
    SCENARIO,
    STUDIES,
    SUMMARY,
    disk_trouble,
    no_links,
    see_plain,
    see_room,
    sha256,
)
from sim.results.manifest import NAME as MANIFEST
from sim.results.manifest import Manifest, write_whole
from sim.results.outcome import Outcome, Row
from sim.results.schema import BOUNDS, CELLS, DIGESTS, FAILURES, LOGS, REPLICATIONS, STORED, WHOLE, WORLDS, Table
from sim.results.tables import Tables, opened
from sim.scenario.files.yaml_writer import to_yaml
from sim.scenario.loaded import LoadedScenario

UNBOUNDED = """
    SELECT NOT EXISTS (SELECT 1 FROM bounds) OR EXISTS (
        SELECT 1 FROM overall LEFT JOIN bounds USING (option, replication)
        WHERE replication < ? AND clairvoyant_unmet_unit_days IS NULL
        AND replication NOT IN (SELECT replication FROM failures)
    )
"""
"""Whether any replication that is compared has no bound."""

log = logging.getLogger("sim")


class Store:
    """A results folder being written; there is one writer. Close it (or use `with`)."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        path = folder / DATABASE
        with _trouble(folder):
            see_plain(path)
            self._database = _connect(path)
            self._tables = Tables(self._database, folder, manifest)
            self._file = _identity(path)
            try:
                _prepare(self._tables)
            except BaseException:
                self._database.close()
                raise

    @classmethod
    def open(  # noqa: PLR0913  # all that decides whether a folder may be gone on with
        cls,
        folder: Path,
        manifest: Manifest,
        scenario: LoadedScenario,
        *,
        rules: bytes | None = None,
        resume: bool = False,
        force: bool = False,
    ) -> Store:
        """The store of `folder`, made or gone on with; `rules` is what the user's own file of them says.

        What the same scenario, seed and code left there is kept, so that only the missing replications are run.
        UsageError where the folder holds something else and `force` does not allow to overwrite it.
        """
        if not can_go_on(folder, manifest, resume=resume, force=force):
            if not force and (folder / MANIFEST).exists():
                log.warning("%s was made by other code: starting again", folder)
            _clear(folder)
        text = to_yaml(scenario.raw).encode()
        manifest = replace(manifest, scenario_file=sha256(text))
        with _trouble(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # The manifest comes first: from then on the folder is known for what it is, whatever happens.
            manifest.write(folder)
            write_whole(folder / SCENARIO, text)
            if rules is not None and manifest.rules_file is not None:
                (folder / RULES).mkdir(exist_ok=True)
                write_whole(folder / RULES / manifest.rules_file, rules)
        store = cls(folder, manifest)
        try:
            store._save_worlds(scenario)
            if resume:
                store.repair()
        except BaseException:
            store.close()
            raise
        return store

    def repair(self) -> None:
        """Take out what was damaged, so that it is run again."""
        with _trouble(self.folder, writing=True):
            damaged = sorted(self._tables.damaged())
            with self._transaction():
                if not all(map(self._tables.has_cells, self.manifest.options)):
                    self._database.execute(f"DELETE FROM {CELLS.name}")
                for table in STORED:
                    if "replication" in table.columns:
                        query = f"DELETE FROM {table.name} WHERE replication = ?"
                        self._database.executemany(query, [(number,) for number in damaged])
        if damaged:
            log.warning("%s; they are run again", self._tables.damaged_replications(damaged))

    def _save_worlds(self, scenario: LoadedScenario) -> None:
        """Keep what the worlds of all replications that are asked for have for each doubt."""
        drawn, part = worlds(scenario, self.manifest.seed), self.manifest.part()
        sets = range(part.start // SIZE, -(-part.stop // SIZE)) if scenario.doubts else ()
        with _trouble(self.folder, writing=True), self._transaction():
            self._database.execute(f"DELETE FROM {WORLDS.name}")
            self._add_digested(WORLDS, (row for number in sets for row in drawn.rows(number)))

    def missing(self) -> list[range]:
        """The replications still to be run, as few ranges as possible."""
        part, start = self.manifest.part(), self.manifest.part().start
        gaps = []
        for number in (*(each for each in self._done() if each in part), part.stop):
            if number > start:
                gaps.append(range(start, number))
            start = number + 1
        return gaps

    def save(self, outcome: Outcome) -> None:
        """Add a batch, whole or not at all."""
        run, kept = self.manifest.run, self.manifest.keep_loans
        measures: dict[bool, list[Row]] = {True: [], False: []}
        for is_whole, row in outcome.measure_rows(run):
            measures[is_whole].append(row)
        counts = Counter(row[0] for row in outcome.rows.get(CELLS.name, ()))
        with _trouble(self.folder, writing=True), self._transaction():
            self._add(WHOLE, measures[True])
            self._add(REPLICATIONS, measures[False])
            self._add(
                CELLS,
                ((*row, digest(run, CELLS.name, counts[row[0]], *row)) for row in outcome.rows.get(CELLS.name, ())),
            )
            self._add_digested(FAILURES, outcome.rows.get(FAILURES.name, ()))
            for table in LOGS:
                self._add(table, outcome.rows.get(table.name, ()))
            logged = [
                (option, number) for option, rows in outcome.values.items() for number, _ in rows if number < kept
            ]
            self._add(DIGESTS, [self._tables.log_digests(*each) for each in logged])

    def _add(self, table: Table, rows: Iterable[Row]) -> None:
        self._database.executemany(table.insert, rows)

    def _add_digested(self, table: Table, rows: Iterable[Row]) -> None:
        self._add(table, ((*row, digest(self.manifest.run, table.name, *row)) for row in rows))

    def take_over(self, other: Path) -> None:
        """Add everything that another folder's tables hold; DamageError where any of it is damaged."""
        with opened(other, self.manifest) as tables:
            tables.see_sound()
        with _trouble(self.folder, writing=True):
            self._database.execute("ATTACH ? AS other", (f"{(other / DATABASE).resolve().as_uri()}?mode=ro",))
            try:
                with self._transaction():
                    for table in STORED:
                        rows = f"SELECT * FROM other.{table.name} WHERE true"
                        self._database.execute(f"INSERT INTO main.{table.name} {rows} ON CONFLICT DO NOTHING")
            finally:
                self._database.execute("DETACH other")

    def finish(self) -> Manifest:
        """Say in the manifest what is there, and leave the database as one plain file."""
        failed = self._database.execute(
            "SELECT COUNT(DISTINCT replication) FROM failures WHERE replication < ?", (self.manifest.replications,)
        ).fetchone()[0]
        bounded = not self._database.execute(UNBOUNDED, (self.manifest.replications,)).fetchone()[0]
        self.manifest = replace(self.manifest, complete=not self.missing(), failed=failed, bounded=bounded)
        with _trouble(self.folder, writing=True):
            self._see_place()
            with suppress(sqlite3.OperationalError):  # somebody is reading, or no room for a copy: it stays as it is
                self._database.execute(
                    "VACUUM"
                )  # pages in the order of their rows, not of the batches that brought them
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with suppress(sqlite3.OperationalError):  # somebody is reading: it stays as it is
                self._database.execute("PRAGMA journal_mode=DELETE")
            self.manifest.write(self.folder)
        return self.manifest

    def save_bounds(self, rows: Iterable[tuple[str, int, float]]) -> None:
        """Add (option, replication, bound)s, all or none."""
        with _trouble(self.folder, writing=True), self._transaction():
            self._add_digested(BOUNDS, rows)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _done(self) -> list[int]:
        """Replications that were run, in order."""
        first = self.manifest.options[0]
        rows = self._database.execute(
            "SELECT replication FROM overall WHERE option = ? UNION SELECT replication FROM failures ORDER BY 1",
            (first,),
        )
        return [number for (number,) in rows]

    def _see_place(self) -> None:
        """RunError where the folder is not where it was: what is written now would be found nowhere."""
        if _identity(self.folder / DATABASE) != self._file:
            raise RunError(f"{self.folder}: was renamed or removed while it was written to")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._see_place()
        with _transaction(self._database):
            yield


def can_go_on(folder: Path, manifest: Manifest, *, resume: bool, force: bool) -> bool:
    """Whether what is in the folder is part of what is asked for; False where there is nothing, or it must go.

    UsageError or ResultsError where it must not be touched.
    """
    see_room(folder)
    no_links(*(folder / name for name in (MANIFEST, SCENARIO, SUMMARY, RACE, *DATABASE_FILES, RULES, CHARTS)))
    try:
        present = Manifest.read(folder)
    except DamageError as error:
        if force:
            return False
        raise DamageError(f"{error}; run with --force starts again") from None
    if present is None:
        if folder.exists() and any(map(_is_strange, folder.iterdir())):
            raise UsageError(f"{folder}: is not empty and not a results folder; give --out another one")
        return False
    wanted = manifest.folder_is_for
    others = [what for what, value in present.folder_is_for.items() if wanted[what] != value]
    if others and not force:
        what = " and ".join(others)
        raise UsageError(f"{folder}: holds results of {what}; give --out another folder, or --force to overwrite it")
    if not others and present.code != manifest.code and not force:
        if resume:
            raise UsageError(f"{folder}: was made by other code; run it without --resume to start again")
        return False
    return not force


def _is_strange(path: Path) -> bool:
    """Whether a file in a folder without a manifest is none of ours.

    Studies may have come before the run, and a kill before the manifest was there leaves half-written files.
    """
    return path.name not in STUDIES and not path.name.endswith(".half")


def _clear(folder: Path) -> None:
    """Remove what a run wrote there, and nothing else; the manifest last, so that the folder stays recognisable."""
    ours = sorted((folder / RULES).glob("*.py"))
    ours += [folder / name for name in DATABASE_FILES]
    for kind in ("png", "svg", "csv"):
        ours += sorted((folder / CHARTS).glob(f"*.{kind}"))
    ours += (folder / CHARTS).glob(".*.half")
    with _trouble(folder):
        ours += [folder / name for name in (RACE, SUMMARY, SCENARIO)]
        for file in [*ours, *folder.glob(".*.half"), folder / MANIFEST]:
            file.unlink(missing_ok=True)


def _identity(path: Path) -> tuple[int, int] | None:
    """Of the file that is there now; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path.absolute().as_uri(), uri=True, isolation_level=None, timeout=60)
    try:
        # On a network file system there may be no shared memory for WAL; the rollback journal is as safe, only slower.
        with suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("PRAGMA trusted_schema=OFF")
        try:
            database.execute("SELECT COUNT(*) FROM sqlite_master")
        except sqlite3.OperationalError:
            database.execute("PRAGMA journal_mode=DELETE")
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """What is done to the database inside the `with`, whole or not at all."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield database
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has rolled it back already
            database.execute("ROLLBACK")
        raise


def _prepare(tables: Tables) -> None:
    """Make the tables where there are none, or see that they are ours."""
    with _transaction(tables.database) as database:
        if not database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
            for table in STORED:
                database.execute(table.create)
    try:
        tables.see_schema()
    except DamageError as error:
        raise DamageError(f"{error}; --force starts again") from None


@contextmanager
def _trouble(folder: Path, *, writing: bool = False) -> Iterator[None]:
    """Say in one line what the database or the disk said. What goes wrong after `writing` has begun is a failed run."""
    try:
        with disk_trouble(folder):
            yield
    except UsageError as error:
        if writing and isinstance(error.__cause__, OSError):
            raise RunError(str(error)) from error
        raise
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise DamageError(f"{folder / DATABASE}: {error}; --force starts again") from error
        raise RunError(f"{folder / DATABASE}: {error}") from error
