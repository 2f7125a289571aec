"""Where in which file each part of a scenario was written, through `extends` and the changes of options."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, Protocol

from sim.errors import Problem

MOST_CANDIDATES = 300

Path = tuple[str | int, ...]
"""From the root of a scenario: words and names, and places in lists from 0."""
Marks = dict[Path, tuple[int, int, int, int]]
"""By path: line and column of the key, then of the value (of the item, twice, in a list); all from 1."""


class Mark(Protocol):
    """What libyaml says of a place: line and column from 0."""

    line: int
    column: int


class Finding(NamedTuple):
    """Something wrong with the part of a scenario at `path`, before it is known in which file that stands."""

    path: Path
    what: str
    at_key: bool = False
    """Whether to point at the key rather than at its value."""
    place: tuple[int, int] | None = None
    """Line and column where these are known already (within the file that was just read)."""


def dotted(path: Iterable[str | int]) -> str:
    """The path as people read it: `missions.UNOCI.changes.1.holds`; the first of a list is 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that `word` was probably meant to be; looks at the first 300 only, since looking takes time."""
    by_folded = {each.casefold(): each for each in islice(known, MOST_CANDIDATES)}
    begun = [each for each in by_folded if word and each.startswith(f"{word.casefold()}_")]
    if len(begun) == 1:  # half of a word: every for every_days
        return by_folded[begun[0]]
    found = difflib.get_close_matches(word.casefold()[:200], by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'holds'?`, or the known words where none is near and they are few, or nothing."""
    words = list(islice(known, MOST_CANDIDATES))
    close = nearest(word, words)
    if close is not None:
        return f"; did you mean {close!r}?"
    return f"; known: {', '.join(words)}" if 0 < len(words) <= 12 else ""


def shown(value: Any) -> str:
    """A value as a message quotes it: short, on one line."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a block"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…" + text[:1] * isinstance(value, str)


@dataclass(frozen=True)
class Layer:
    """One file's marks."""

    file: str
    marks: Marks


@dataclass(frozen=True)
class Places:
    """The files of a scenario, the one that is run first, then what it extends; empty for one made from mappings."""

    name: str
    layers: tuple[Layer, ...] = ()

    def written(self, path: Path) -> bool:
        """Whether some file writes exactly this path."""
        return any(path in layer.marks for layer in self.layers)

    def in_hand(self, path: Path) -> bool:
        """Whether the file at hand says this, rather than one that it extends."""
        return not self.layers or path in self.layers[0].marks

    def in_library(self, path: Path) -> bool:
        """Whether a file that the one at hand extends says this."""
        return any(path in layer.marks for layer in self.layers[1:])

    def problem(self, finding: Finding) -> Problem:
        """The finding with its file, line and column: those of the closest enclosing part that was written."""
        said = dotted(finding.path)
        for length in range(len(finding.path), -1, -1):
            for layer in self.layers:
                mark = layer.marks.get(finding.path[:length])
                if mark is None:
                    continue
                if length == 0 and finding.path:
                    return Problem(self.layers[0].file, 1, 1, said, finding.what)
                at_key = finding.at_key or length < len(finding.path)
                line, column = mark[:2] if at_key else mark[2:]
                return Problem(layer.file, line, column, said, finding.what)
        return Problem(self.name, 0, 0, said, finding.what)

    def problems(self, findings: Iterable[Finding]) -> list[Problem]:
        """The findings as problems, without repetition, in the order of the files and their lines."""
        return self.ordered(dict.fromkeys(self.problem(finding) for finding in findings))

    def ordered(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems in the order of the files and their lines."""
        order = {layer.file: place for place, layer in enumerate(self.layers)}
        return sorted(problems, key=lambda problem: (order.get(problem.file, 0), problem.line, problem.column))
