"""The results folder, as it is written: one transaction a batch, so that a kill loses at most the batch under way."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.errors import ResultsError, RunError, UsageError
from sim.scenario.nouns import Scenario
from sim.scenario.writing import as_yaml
from sim.study.batches import Outcome
from sim.study.manifest import NAME as MANIFEST
from sim.study.manifest import Manifest, write_whole
from sim.study.tables import BOUNDS, REPLICATIONS, TABLES

DATABASE = "results.sqlite"
SCENARIO = "scenario.yaml"
SUMMARY = "summary.csv"
CHARTS = "charts"

UNBOUNDED = """
    SELECT NOT EXISTS (SELECT 1 FROM bounds) OR EXISTS (
        SELECT 1 FROM replications LEFT JOIN bounds USING (option, replication)
        WHERE mission = '*' AND resource = '*' AND replication < ? AND clairvoyant_unmet_unit_days IS NULL
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
        with _disk_trouble(folder):
            self._database = _connect(folder / DATABASE)

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, scenario: Scenario, *, resume: bool, force: bool) -> Store:
        """The store of `folder`, made or gone on with.

        What the same scenario, seed and code left there is kept, so that only the missing replications are run.
        UsageError where the folder holds something else and `force` does not allow to overwrite it.
        """
        if not _can_go_on(folder, manifest, resume=resume, force=force):
            _clear(folder)
        with _disk_trouble(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # The manifest comes first: from then on the folder is known for what it is, whatever happens.
            manifest.write(folder)
            write_whole(folder / SCENARIO, as_yaml(scenario))
        return cls(folder, manifest)

    def missing(self) -> list[range]:
        """The replications still to be run, as few ranges as possible."""
        have = self._done()
        found: list[range] = []
        for number in self.manifest.part():
            if number in have:
                continue
            if found and found[-1].stop == number:
                found[-1] = range(found[-1].start, number + 1)
            else:
                found.append(range(number, number + 1))
        return found

    def save(self, outcome: Outcome) -> None:
        """Add a batch, whole or not at all."""
        with _disk_trouble(self.folder), self._transaction():
            self._database.executemany(REPLICATIONS.insert, outcome.replication_rows())
            for table in TABLES:
                self._database.executemany(table.insert, outcome.rows.get(table.name, ()))

    def take_over(self, other: Path) -> None:
        """Add everything that another folder's tables hold."""
        with _disk_trouble(self.folder):
            self._database.execute("ATTACH ? AS other", (str(other / DATABASE),))
            try:
                with self._transaction():
                    for table in TABLES:
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
        self.manifest = self.manifest.finished(complete=not self.missing(), failed=failed, bounded=bounded)
        with _disk_trouble(self.folder):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with suppress(sqlite3.OperationalError):  # somebody is reading: it stays as it is
                self._database.execute("PRAGMA journal_mode=DELETE")
            self.manifest.write(self.folder)
        return self.manifest

    def save_bounds(self, rows: Iterable[tuple[str, int, float]]) -> None:
        """Add (option, replication, bound)s, all or none."""
        with _disk_trouble(self.folder), self._transaction():
            self._database.executemany(BOUNDS.insert, rows)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _done(self) -> set[int]:
        first = self.manifest.options[0]
        rows = self._database.execute(
            "SELECT replication FROM replications WHERE option = ? AND mission = '*' AND resource = '*'"
            " UNION SELECT replication FROM failures",
            (first,),
        )
        return {number for (number,) in rows}

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has rolled it back already
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _can_go_on(folder: Path, manifest: Manifest, *, resume: bool, force: bool) -> bool:
    """Whether what is in the folder is part of what is asked for; False where there is nothing, or it must go."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; --out takes a folder")
    with _disk_trouble(folder):
        present = Manifest.read(folder) if folder.exists() else None
        # Half-written files are our own: a kill before the manifest was there leaves nothing else.
        strangers = folder.exists() and any(not file.name.endswith(".half") for file in folder.iterdir())
    if present is None:
        if strangers:
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
        log.warning("%s was made by other code: starting again", folder)
        return False
    return not force


def _clear(folder: Path) -> None:
    """Remove what we once wrote there, and nothing else; the manifest last, so that the folder stays recognisable."""
    ours = [folder / f"{DATABASE}{end}" for end in ("", "-wal", "-shm", "-journal")]
    for kind in ("png", "svg", "csv"):
        ours += sorted((folder / CHARTS).glob(f"*.{kind}"))
    with _disk_trouble(folder):
        for file in [*ours, folder / SUMMARY, folder / SCENARIO, *folder.glob(".*.half"), folder / MANIFEST]:
            file.unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, timeout=60)
    try:
        # On a network file system there may be no shared memory for WAL; the rollback journal is as safe, only slower.
        with suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        for table in TABLES:
            database.execute(table.create)
    except sqlite3.OperationalError:
        database.execute("PRAGMA journal_mode=DELETE")
        for table in TABLES:
            database.execute(table.create)
    return database


@contextmanager
def _disk_trouble(folder: Path) -> Iterator[None]:
    """Say in one line what the disk said."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise ResultsError(f"{folder / DATABASE}: {error}; --force starts again") from error
        raise RunError(f"{folder / DATABASE}: {error}") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise RunError(f"{folder}: the disk is full") from error
        raise UsageError(f"{error.filename or folder}: {error.strerror or error}") from error
