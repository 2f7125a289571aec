"""Python mappings as a file would hold them: maps with text as keys, lists, text, numbers, true and false."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.files.yaml import MOST_DEPTH, MOST_NODES
from sim.scenario.positions import Finding, Path, shown


class _TooLargeError(Exception):
    """There is more than any scenario holds (or a loop)."""


@dataclass
class _Copier:
    findings: list[Finding] = field(default_factory=list)
    count: int = 0

    def copy(self, value: Any, path: Path) -> Any:
        self.count += 1
        if len(path) > MOST_DEPTH or self.count > MOST_NODES:
            raise _TooLargeError
        if isinstance(value, Mapping):
            return self._map(value, path)
        if isinstance(value, (list, tuple)):
            return [self.copy(each, (*path, place)) for place, each in enumerate(value)]
        return self._scalar(value, path)

    def _map(self, value: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        copied: dict[str, Any] = {}
        for key, each in value.items():
            word = key if isinstance(key, str) else f"{key:g}" if isinstance(key, float) else str(key)
            if word in copied:
                self.findings.append(Finding((*path, word), "is said twice"))
            copied[word] = self.copy(each, (*path, word))
        return copied

    def _scalar(self, value: Any, path: Path) -> Any:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            self.findings.append(Finding(path, f"must be a finite number, not {value}"))
        elif value is not None and not isinstance(value, (str, int, float, bool)):
            what = f"must be text, a number, a list or a mapping, not a {type(value).__name__}"
            self.findings.append(Finding(path, what))
        return value


def plain_copy(mapping: Any) -> tuple[dict[str, Any], list[Finding]]:
    """A copy of `mapping` in plain values (dates as text, tuples as lists), and what cannot be part of a scenario."""
    if not isinstance(mapping, Mapping):
        return {}, [Finding((), f"a scenario is a mapping (period, missions, crises, …), not {shown(mapping)}")]
    copier = _Copier()
    try:
        copied = copier.copy(mapping, ())
    except _TooLargeError:
        return {}, [Finding((), f"more than {MOST_DEPTH} levels deep, or more than {MOST_NODES:,} values")]
    assert isinstance(copied, dict)
    return copied, copier.findings
