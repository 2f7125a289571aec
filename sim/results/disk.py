"""What the disk says, in one line: a user's mistake where nobody may write, a failed run where there is no room."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import RunError, UsageError


@contextmanager
def disk_trouble(place: Path) -> Iterator[None]:
    """UsageError for what cannot be written (or read) there, RunError where the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise RunError(f"{place}: the disk is full") from error
        raise UsageError(f"{error.filename or place}: {error.strerror or error}") from error


def see_room(folder: Path) -> None:
    """See, before anybody waits for what goes there, that a folder can be made and written to; UsageError otherwise."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; --out takes a folder")
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise UsageError(f"{folder}: {os.strerror(errno.ENOTDIR)}")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: {os.strerror(errno.EACCES)}")
