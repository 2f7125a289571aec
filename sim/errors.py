"""Every error that `intermission` raises on purpose.

    IntermissionError
    ├── ScenarioError      a scenario file (or a patch of one) is wrong: every problem at once, each with its place
    ├── UsageError         a command or a Python call was given something that it cannot take
    ├── ResultsError       a results folder is missing, or belongs to something else
    │   └── DamageError    what is in it was damaged, edited or cut short
    └── RunError           a run could not go on, though what was asked for was right: the disk is full

Anything else that escapes (an `AssertionError` above all) is a bug of ours, never a user's mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class IntermissionError(Exception):
    """Root of the family; `str(error)` is what a user reads, one line per problem."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, and where: prints as `file:line:col: path: what`."""

    file: str
    line: int
    column: int
    path: str
    what: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: "
        return f"{place}{self.path}: {self.what}" if self.path else place + self.what


class ScenarioError(IntermissionError):
    """The scenario cannot be used; `problems` lists all that is wrong with it, in the file's order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_a_line(error: BaseException) -> str:
    """What somebody else's error says, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".rstrip(": ").split())


class UsageError(IntermissionError):
    """A command or a call was given something that it cannot take."""


class ResultsError(IntermissionError):
    """A results folder is missing, or belongs to something else."""


class DamageError(ResultsError):
    """What is in a results folder was damaged, edited or cut short: it cannot be read."""


class RunError(IntermissionError):
    """A run could not go on, though what was asked for was right: the disk is full, say."""
