"""The results folder, as it is written: one transaction a batch, so that a kill loses at most the batch under way."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.errors import ResultsError, RunError, UsageError
from sim.scenario.loaded import LoadedScenario
from sim.scenario.files.yaml_writer import to_yaml
from sim.running.batches import Outcome
from sim.results.disk import disk_trouble, see_room
from sim.results.manifest import NAME as MANIFEST
from sim.results.manifest import Manifest, write_whole
from sim.results.schema import BOUNDS, REPLICATIONS, TABLES, WHOLE

DATABASE = "results.sqlite"
SCENARIO = "scenario.yaml"
SUMMARY = "summary.csv"
CHARTS = "charts"
RULES = "rules"
"""A copy of the user's own rules, so that the folder can be made again from within it."""
RACE = "race.json"
"""What a race of the options has seen so far."""
STUDIES = ("sizing", "sweep", "hindcast", "story")
"""Folders of studies of the same scenario, in its results folder unless they are told another."""

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
        with _database_trouble(folder):
            self._database = _connect(folder / DATABASE)

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
        with _database_trouble(folder):
            folder.mkdir(parents=True, exist_ok=True)
            # The manifest comes first: from then on the folder is known for what it is, whatever happens.
            manifest.write(folder)
            write_whole(folder / SCENARIO, to_yaml(scenario.raw))
            if rules is not None and manifest.rules_file is not None:
                (folder / RULES).mkdir(exist_ok=True)
                write_whole(folder / RULES / manifest.rules_file, rules)
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
        with _database_trouble(self.folder), self._transaction():
            self._database.executemany(REPLICATIONS.insert, outcome.replication_rows())
            self._database.executemany(WHOLE.insert, outcome.overall_rows())
            for table in TABLES:
                self._database.executemany(table.insert, outcome.rows.get(table.name, ()))

    def take_over(self, other: Path) -> None:
        """Add everything that another folder's tables hold."""
        with _database_trouble(self.folder):
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
        with _database_trouble(self.folder):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with suppress(sqlite3.OperationalError):  # somebody is reading: it stays as it is
                self._database.execute("PRAGMA journal_mode=DELETE")
            self.manifest.write(self.folder)
        return self.manifest

    def save_bounds(self, rows: Iterable[tuple[str, int, float]]) -> None:
        """Add (option, replication, bound)s, all or none."""
        with _database_trouble(self.folder), self._transaction():
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
            "SELECT replication FROM overall WHERE option = ? UNION SELECT replication FROM failures", (first,)
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


def can_go_on(folder: Path, manifest: Manifest, *, resume: bool, force: bool) -> bool:
    """Whether what is in the folder is part of what is asked for; False where there is nothing, or it must go.

    UsageError or ResultsError where it must not be touched.
    """
    see_room(folder)
    with _database_trouble(folder):
        try:
            present = Manifest.read(folder)
        except ResultsError as error:
            if force:
                return False
            raise ResultsError(f"{error}; run with --force starts again") from None
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
    ours += [folder / f"{DATABASE}{end}" for end in ("", "-wal", "-shm", "-journal")]
    for kind in ("png", "svg", "csv"):
        ours += sorted((folder / CHARTS).glob(f"*.{kind}"))
    with _database_trouble(folder):
        ours += [folder / name for name in (RACE, SUMMARY, SCENARIO)]
        for file in [*ours, *folder.glob(".*.half"), folder / MANIFEST]:
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
def _database_trouble(folder: Path) -> Iterator[None]:
    """Say in one line what the database or the disk said."""
    try:
        with disk_trouble(folder):
            yield
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise ResultsError(f"{folder / DATABASE}: {error}; --force starts again") from error
        raise RunError(f"{folder / DATABASE}: {error}") from error
