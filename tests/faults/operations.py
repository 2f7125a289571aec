"""Makes the n-th write, rename, fsync, insert or commit of a run fail, as a disk would."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

KINDS = ("write", "torn write", "rename", "fsync", "begin", "insert", "commit", "checkpoint")
NO_ROOM, BROKEN = OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EIO, "Input/output error")


class Operations:
    """Counts the operations of one kind, and fails the n-th of them."""

    def __init__(self, kind: str, n: int, *, full: bool) -> None:
        self.kind, self.n, self.full = kind, n, full
        self.seen = 0

    @property
    def failed(self) -> bool:
        """Whether there were so many."""
        return self.seen >= self.n

    def due(self, kind: str) -> bool:
        """Whether this operation is the one to fail."""
        if kind != self.kind:
            return False
        self.seen += 1
        return self.seen == self.n

    def disk(self) -> OSError:
        """What the disk says."""
        return NO_ROOM if self.full else BROKEN

    def database(self) -> sqlite3.OperationalError:
        """What SQLite says of the same."""
        return sqlite3.OperationalError("database or disk is full" if self.full else "disk I/O error")


@contextmanager
def failing(operations: Operations) -> Iterator[None]:
    """Within it, the operation fails."""
    replace, fsync, connect, open_ = Path.replace, os.fsync, sqlite3.connect, Path.open

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *more: Any) -> sqlite3.Cursor:
            word = sql.split(None, 1)[0]
            kind = {"BEGIN": "begin", "COMMIT": "commit"}.get(word, "checkpoint" if "checkpoint" in sql else "")
            if operations.due(kind):
                raise operations.database()
            return super().execute(sql, *more)

        def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
            if operations.due("insert"):
                some = list(rows)
                super().executemany(sql, some[: len(some) // 2])
                raise operations.database()
            return super().executemany(sql, rows)

    def connecting(*words: Any, **more: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*words, **{"factory": Connection} | more)
        return made

    def replacing(path: Path, target: Any) -> Path:
        if operations.due("rename"):
            raise operations.disk()
        return replace(path, target)

    def syncing(number: int) -> None:
        if operations.due("fsync"):
            raise operations.disk()
        fsync(number)

    def opening(path: Path, mode: str = "r", *words: Any, **more: Any) -> Any:
        file = open_(path, mode, *words, **more)
        return _Torn(file, operations) if mode == "wb" and path.name.endswith(".half") else file

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replacing)
        patch.setattr(os, "fsync", syncing)
        patch.setattr(sqlite3, "connect", connecting)
        patch.setattr(Path, "open", opening)
        yield


class _Torn:
    """A file whose write may fail, with nothing or with half of it on the disk."""

    def __init__(self, file: Any, operations: Operations) -> None:
        self.file, self.operations = file, operations

    def __enter__(self) -> _Torn:
        return self

    def __exit__(self, *_: Any) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def write(self, contents: bytes) -> int:
        """All of it, or what is left of it."""
        if self.operations.due("write"):
            raise self.operations.disk()
        if self.operations.due("torn write"):
            self.file.write(contents[: len(contents) // 2])
            self.file.flush()
            raise self.operations.disk()
        return int(self.file.write(contents))


def every_n(play: Callable[[Operations], None], kind: str, *, full: bool) -> int:
    """Play with the 1st, 2nd, … operation of a kind failing, until a run passes untouched; how many failed."""
    n = 1
    while True:
        operations = Operations(kind, n, full=full)
        play(operations)
        if not operations.failed:
            return n - 1
        n += 1
