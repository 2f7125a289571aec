"""What a results folder says about itself: which scenario, which chance, which code, and whether it is complete."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import sim
from sim.errors import ResultsError

NAME = "manifest.json"
FORMAT = 3


@dataclass(frozen=True)
class Manifest:
    """`manifest.json`; it holds no times and no absolute paths."""

    scenario: str
    """Name of the scenario."""
    fingerprint: str
    seed: int
    replications: int
    """Replications asked for: 0 … replications − 1 are compared."""
    options: tuple[str, ...]
    keep_loans: int
    rules: str | None
    """Digest of the file of rules, where one was used."""
    rule_names: tuple[str, ...]
    """What that file defines."""
    rules_file: str | None
    """Its name, under which the folder keeps a copy of it in `rules/`."""
    shard: str | None
    """`i/n` where this is only the i-th of n parts."""
    code: str
    """Digest of the code that decides the numbers."""
    complete: bool = False
    failed: int = 0
    """Replications that raised under at least one option."""
    bounded: bool = False
    """Whether every replication that is compared has its clairvoyant bound under every option."""

    @property
    def folder_is_for(self) -> dict[str, Any]:
        """What must be the same for the folder to go on with, in the words of an error message."""
        return {
            "another scenario": self.fingerprint,
            "another seed": self.seed,
            "other options": self.options,
            "other rules": self.rules,
            "another --keep-loans": self.keep_loans,
            "another shard": self.shard,
        }

    @property
    def command(self) -> str:
        """What remakes the folder, from within it."""
        words = ["intermission", "run", "scenario.yaml", "--seed", self.seed, "--replications", self.replications]
        for option in self.options:
            words += ["--option", option]
        words += ["--keep-loans", self.keep_loans]
        if self.shard:
            words += ["--shard", self.shard]
        if self.bounded:
            words += ["--bound"]
        if self.rules_file:
            words += ["--rules", f"rules/{self.rules_file}"]
        return shlex.join(map(str, [*words, "--out", "remade"]))

    def part(self) -> range:
        """The replications that belong into this folder: all, or the shard's."""
        if self.shard is None:
            return range(self.replications)
        i, n = map(int, self.shard.split("/"))
        return range(self.replications * (i - 1) // n, self.replications * i // n)

    def finished(self, *, complete: bool, failed: int, bounded: bool) -> Manifest:
        """The same with how it ended."""
        return replace(self, complete=complete, failed=failed, bounded=bounded)

    def write(self, folder: Path) -> None:
        """Put it into the folder, whole or not at all."""
        told = {"format": FORMAT, **asdict(self), "command": self.command, "versions": versions()}
        write_whole(folder / NAME, json.dumps(told, ensure_ascii=False, indent=2) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The folder's manifest; None where it has none. ResultsError where it cannot be understood."""
        try:
            told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise ResultsError(f"{folder / NAME}: cannot be read: {error}") from None
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ResultsError(f"{folder / NAME}: not a manifest that this version understands")
        plain: dict[str, Any] = {}
        for name, kind in get_type_hints(cls).items():
            if name not in told:
                raise ResultsError(f"{folder / NAME}: says nothing about {name}")
            listed = get_origin(kind) is tuple
            if not isinstance(told[name], list if listed else kind):
                raise ResultsError(f"{folder / NAME}: says nothing that can be understood about {name}")
            plain[name] = tuple(map(str, told[name])) if listed else told[name]
        return cls(**plain)


def write_whole(path: Path, contents: str | bytes) -> None:
    """Write a file (text as UTF-8) so that a kill leaves either the old or the new one."""
    with written_whole(path) as half:
        half.write_bytes(contents.encode() if isinstance(contents, str) else contents)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, that takes its place once all is written."""
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    try:
        yield half
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def versions() -> dict[str, str]:
    """What ran: intermission, Python, and the libraries that numbers depend on."""
    return {
        "intermission": sim.__version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in ("numpy", "simpy")},
    }


@cache
def code() -> str:
    """Digest of the code that decides the numbers, from the scenario's nouns to the measures, and NumPy's version.

    Results of different code never end up in one table.
    """
    house = Path(sim.__file__).parent
    rooms = ("scenario", "agreements", "chance", "policies", "operations")
    files = [file for room in rooms for file in (house / room).rglob("*.py")]
    digest = hashlib.sha256(metadata.version("numpy").encode())
    files += [house / "study" / file for file in ("measures.py", "bound.py", "flow.py")]
    for file in sorted(files):
        digest.update(file.relative_to(house).as_posix().encode() + file.read_bytes())
    return f"sha256:{digest.hexdigest()}"
