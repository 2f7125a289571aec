"""Where in which file each part of a scenario was written, through `extends` and the changes of options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import Problem

Path = tuple[str | int, ...]
"""From the root of a scenario: words and names, and places in lists from 0."""
Marks = dict[Path, tuple[int, int, int, int]]
"""By path: line and column of the key, then of the value (of the item, twice, in a list); all from 1."""


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

    def shifted(self, lists: Mapping[Path, int]) -> Layer:
        """With what it adds to lists, as `{add: [...]}`, where it stands there: after so many items."""

        def place(path: Path) -> Path:
            for at, before in lists.items():
                first = path[len(at) + 1 : len(at) + 2]
                if path[: len(at) + 1] == (*at, "add") and first:
                    return (*at, int(first[0]) + before, *path[len(at) + 2 :])
            return path

        return Layer(self.file, {place(path): mark for path, mark in self.marks.items()}) if lists else self


@dataclass(frozen=True)
class Positions:
    """The files of a scenario, the one that is run first, then what it extends; empty for one made from mappings."""

    name: str
    layers: tuple[Layer, ...] = ()

    def in_hand(self, path: Path) -> bool:
        """Whether the file at hand says this, rather than one that it extends."""
        return not self.layers or path in self.layers[0].marks

    def in_library(self, path: Path) -> bool:
        """Whether a file that the one at hand extends says this."""
        return any(path in layer.marks for layer in self.layers[1:])

    def line(self, path: Path) -> str:
        """`line 14`, where the first of the files that does says `path`; the path itself where none does."""
        layer = next((layer for layer in self.layers if path in layer.marks), None)
        if layer is None:
            return dotted(path)
        return f"line {layer.marks[path][0]}" + f" of {layer.file}" * (layer is not self.layers[0])

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
