"""What a results folder says about itself: which scenario, which chance, which code, and whether it is complete."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import sim
from sim.errors import DamageError
from sim.results.disk import read_whole, sha256

NAME = "manifest.json"
FORMAT = 5
MOST_BYTES = 1_000_000
"""Of a manifest."""
MOST_REPLICATIONS = 10_000_000
MOST_SEED = 2**63 - 1


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
    weights: str = ""
    """How its sets were weighted when it was last compared (`statistics.calibration_weights`); empty before."""
    scenario_file: str = ""
    """Digest of `scenario.yaml`, once that is written."""

    @property
    def run(self) -> str:
        """What every replication depends on besides its option and number: what digests of rows are made for."""
        return json.dumps([self.fingerprint, self.seed, self.rules, self.code])

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

    @staticmethod
    def commands(manifests: Sequence[Manifest]) -> list[str]:
        """What makes folders again that are looked at together, from within one of them, and puts them together."""
        if len(manifests) < 2:
            return [manifest.command for manifest in manifests]
        folders = [f"remade_{number}" for number in range(1, len(manifests) + 1)]
        runs = zip(manifests, folders, strict=True)
        each = [manifest.command.removesuffix("remade") + folder for manifest, folder in runs]
        return [*each, shlex.join(["intermission", "compare", *folders])]

    def replay(self, option: str, replication: int) -> str:
        """What plays a replication again, from within the folder."""
        words = ["intermission", "tell", "scenario.yaml", "--option", option, "--replication", replication]
        words += ["--seed", self.seed, *(("--rules", f"rules/{self.rules_file}") if self.rules_file else ())]
        return shlex.join(map(str, [*words, "--debug"]))

    def part(self) -> range:
        """The replications that belong into this folder: all, or the shard's."""
        if self.shard is None:
            return range(self.replications)
        i, n = parsed_shard(self.shard) or (1, 1)
        return range(self.replications * (i - 1) // n, self.replications * i // n)

    def write(self, folder: Path) -> None:
        """Put it into the folder, whole or not at all."""
        words = {"format": FORMAT, **asdict(self), "command": self.command, "versions": versions()}
        text = json.dumps(words | {"digest": _own_digest(words)}, ensure_ascii=False, indent=2)
        write_whole(folder / NAME, text + "\n")

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The folder's manifest; None where it has none. DamageError where it cannot be understood or was edited."""
        path = folder / NAME
        contents = read_whole(path, MOST_BYTES)
        if contents is None:
            return None
        try:
            words = json.loads(contents.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise DamageError(f"{path}: cannot be read: {error}") from None
        if not isinstance(words, dict) or words.get("format") != FORMAT:
            raise DamageError(f"{path}: {_other_format(words)}")
        if words.pop("digest", None) != _own_digest(words):
            raise DamageError(f"{path}: was damaged or edited: it is not what its digest is of")
        plain: dict[str, Any] = {}
        for name, kind in get_type_hints(cls).items():
            is_list = get_origin(kind) is tuple
            value: Any = words.get(name)
            right = isinstance(value, list if is_list else kind) and isinstance(value, bool) == (kind is bool)
            if name not in words or not right:
                raise DamageError(f"{path}: says nothing that can be understood about {name}")
            plain[name] = tuple(map(str, value)) if is_list else value
        manifest = cls(**plain)
        manifest.check(path)
        return manifest

    def check(self, path: Path) -> None:
        """DamageError where it says what no run can have written, its digest or not."""
        possible = {
            "replications": 1 <= self.replications <= MOST_REPLICATIONS,
            "seed": 0 <= self.seed <= MOST_SEED,
            "options": 0 < len(set(self.options)) == len(self.options),
            "keep_loans": self.keep_loans >= 0,
            "shard": self.shard is None or parsed_shard(self.shard) is not None,
            "rules_file": self.rules_file is None or _is_bare(self.rules_file),
            "rules": (self.rules is None) == (self.rules_file is None),
        }
        for name, right in possible.items():
            if not right:
                raise DamageError(f"{path}: says what cannot be about {name}")


def parsed_shard(shard: str) -> tuple[int, int] | None:
    """(part, parts) of `i/n`; None for anything else."""
    words = shard.split("/")
    if len(words) != 2 or not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in words):
        return None
    part, parts = map(int, words)
    return (part, parts) if 1 <= part <= parts else None


def _is_bare(name: str) -> bool:
    """Whether the name of a file leads nowhere else."""
    return name.endswith(".py") and name == Path(name).name and not set(name) & set("/\\:\0\n\r\t")


def _own_digest(words: dict[str, Any]) -> str:
    return sha256(json.dumps(words, sort_keys=True).encode())


def _other_format(words: Any) -> str:
    known = words.get("format") if isinstance(words, dict) else None
    if isinstance(known, int) and 0 < known < FORMAT:
        return f"was made by an earlier version (format {known}, this one reads {FORMAT}): run it again with --force"
    return "not a manifest that this version understands"


def write_whole(path: Path, contents: str | bytes) -> None:
    """Write a file (text as UTF-8) so that a kill, or a power cut, leaves either the old or the new one."""
    with written_whole(path) as half, half.open("wb") as file:
        file.write(contents.encode() if isinstance(contents, str) else contents)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, that takes its place once all is written."""
    half = path.with_name(f".{path.name}.{os.getpid()}.half")
    half.unlink(missing_ok=True)  # a link there would lead elsewhere
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
    rooms = ("scenario", "agreements", "chance", "policies", "operations", "measures", "questions/regret")
    files = [file for room in rooms for file in (house / room).rglob("*.py")]
    digest = hashlib.sha256(metadata.version("numpy").encode())
    for file in sorted(files):
        digest.update(file.relative_to(house).as_posix().encode() + file.read_bytes())
    return f"sha256:{digest.hexdigest()}"
