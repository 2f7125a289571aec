"""Missions and what they hold, to a library file that scenarios extend, with its sources and remarks in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from sim.errors import UsageError
from sim.importing.reference import places
from sim.results.manifest import write_whole
from sim.scenario.files.sources import CONFIDENCES
from sim.scenario.files.yaml_writer import to_yaml
from sim.scenario.load import from_mapping

WIDTH = 120


@dataclass(frozen=True)
class Library:
    """What was imported: `raw` is what the file says in the scenario language, `remarks` what stands above it."""

    raw: Mapping[str, Any]
    remarks: tuple[str, ...]

    def text(self) -> str:
        """The file: remarks, one paragraph each, then the missions."""
        lines = [line for remark in self.remarks for line in _remark(remark)]
        return "\n".join([*lines, to_yaml(self.raw, line_a_word=True)])

    def check(self) -> None:
        """See that a scenario that extends this is read without a problem; ScenarioError with all of them otherwise."""
        from_mapping({"period": {"from": "2000-01-01", "to": "2000-12-31"}, "crises": {}, **self.raw}, "the import")

    def write(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Write the file. UsageError where there is something already and no `force`, or it cannot be written."""
        see_free(path, force=force)
        try:
            write_whole(Path(path), self.text())
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror or error})") from None


def see_free(path: str | os.PathLike[str], *, force: bool = False) -> None:
    """UsageError where `path` is taken (a file may be with `force`, a folder never), or its folder is not there."""
    file = Path(path)
    if file.is_dir():
        raise UsageError(f"{path}: is a folder; --out takes the name of a file")
    if not file.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {str(file.parent)!r}")
    if file.exists() and not force:
        raise UsageError(f"{path}: exists already; give --out another name, or --force")


def located(*names: str) -> dict[str, Any]:
    """What a mission's block says of where it is, by the first of its names that the table of places knows."""
    place = next((places()[name] for name in names if name in places()), None)
    if place is None:
        return {}
    host = {"host": place.host} if place.host else {}
    return {
        "label": place.label,
        "at": [place.latitude, place.longitude],
        "region": place.region,
        **host,
        "source": f"place: {place.place}, {place.source}; region: this package's grouping",
        "confidence": place.confidence,
    }


def without_place(missions: Iterable[str]) -> list[str]:
    """What has to be told of missions whose place the table does not know."""
    unknown = ", ".join(mission for mission in missions if mission not in places())
    told = "not in the table of places that comes with the package; add `at: [latitude, longitude]` and `region`"
    return [f"{unknown}: {told}, or journeys to and from there take no time"] if unknown else []


def weakest(*words: str) -> str:
    """The weakest of several words of confidence."""
    return max(words, key=CONFIDENCES.index)


def digest(path: str | os.PathLike[str]) -> str:
    """The first letters of a file's SHA-256, by which it is known again."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


def _remark(text: str) -> list[str]:
    """A paragraph as remarks; nothing in it can end the remark."""
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return [f"# {line}" for line in wrap(clean, WIDTH - 2, break_long_words=True)] or ["#"]


def aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines, the first two columns to the left, numbers to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines
