"""What lies in a results folder, and how it is read and written: a folder may come from anybody, so nothing is read
through a link, and nothing written through one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import DamageError, RunError, UsageError

DATABASE = "results.sqlite"
DATABASE_FILES = tuple(f"{DATABASE}{end}" for end in ("", "-wal", "-shm", "-journal"))
SCENARIO = "scenario.yaml"
SUMMARY = "summary.csv"
CHARTS = "charts"
RULES = "rules"
"""A copy of the user's own rules, so that the folder can be made again from within it."""
RACE = "race.json"
"""What a race of the options has seen so far."""
STUDIES = ("sizing", "sweep", "hindcast", "story", "doubts")
"""Folders of studies of the same scenario, in its results folder unless they are told another."""

WRONG = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOENT, errno.ENOTDIR, errno.EISDIR),
    *(errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL, errno.ENXIO),
}
"""What the disk says of a place that is the wrong one; anything else is the disk's own trouble."""
MOST_BYTES = 100_000_000
"""Of a file that is read as a whole."""


@contextmanager
def disk_trouble(place: Path) -> Iterator[None]:
    """UsageError for what cannot be written (or read) there, RunError where the disk is full or fails."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise RunError(f"{place}: the disk is full") from error
        kind = UsageError if error.errno in WRONG else RunError
        raise kind(f"{error.filename or place}: {error.strerror or error}") from error


def see_room(folder: Path) -> None:
    """See, before anybody waits for what goes there, that a folder can be made and written to; UsageError otherwise."""
    with disk_trouble(folder):
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder}: is a file; --out takes a folder")
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise UsageError(f"{folder}: {os.strerror(errno.ENOTDIR)}")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: {os.strerror(errno.EACCES)}")


def no_links(*places: Path) -> None:
    """UsageError where any of the places, or of what lies in it, is a link: it would lead a write elsewhere."""
    for place in places:
        with disk_trouble(place):
            if place.is_symlink():
                raise UsageError(f"{place}: is a link, and nothing is written through one; remove it")
            if place.is_dir():
                no_links(*(each for each in place.iterdir() if each.is_symlink()))


def see_plain(path: Path) -> bool:
    """Whether there is a file; DamageError where there is something else: a link, a folder, a pipe."""
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DamageError(f"{path}: cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(kind):
        what = "a link" if stat.S_ISLNK(kind) else "a folder" if stat.S_ISDIR(kind) else "no file"
        raise DamageError(f"{path}: cannot be read: is {what}")
    return True


def read_whole(path: Path, most: int = MOST_BYTES) -> bytes | None:
    """A file's bytes; None where there is none. DamageError where it is no plain file, too large or not readable."""
    if not see_plain(path):
        return None
    try:
        with path.open("rb") as file:
            contents = file.read(most + 1)
    except OSError as error:
        raise DamageError(f"{path}: cannot be read: {error.strerror}") from None
    if len(contents) > most:
        raise DamageError(f"{path}: cannot be read: has more than {most:,} bytes")
    return contents


def sha256(contents: bytes) -> str:
    """The digest of a file, as a manifest writes it."""
    return f"sha256:{hashlib.sha256(contents).hexdigest()}"
