"""Mutants of scenario files: of those that come with the package, with their libraries, and of bad ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from sim.errors import ScenarioError
from sim.scenario.load import read
from tests.attack.guard import little_time

HERE = Path(__file__).parent.parent
MOST_PROBLEMS = 102
"""A hundred, and a line on the rest and one on where."""
NUMBERS = (
    "0",
    "-1",
    "1e9",
    "1e-9",
    ".inf",
    "nan",
    "007",
    "1_000",
    "1,5",
    "12:30",
    "9" * 400,
    "2012-13-45",
    "true",
    "~",
)
WORDS = (
    "null",
    "{}",
    "[]",
    "''",
    "any",
    "none",
    "*x",
    "&x",
    "!!str",
    "<<",
    "{a: b",
    "[a",
    "- ",
    "? ",
    "%",
    "@",
    "`",
    '"',
)
LETTERS = (
    "\x00",
    "\x1b",
    "\t",
    "\r",
    "\u00a0",
    "\u202e",
    "\ufeff",
    "\U0001f681",
    ":",
    ": ",
    "#",
    " #",
    "\n",
    "'",
    "\\",
)
Change = Callable[[str, Random], str]


class Nest:
    """A folder of all files that mutants are made of; each is put back after its mutant was read."""

    def __init__(self, place: Path) -> None:
        self.scenarios = shutil.copytree(HERE.parent / "scenarios", place / "scenarios")
        self.bad = shutil.copytree(HERE / "bad", place / "bad")
        self.files = [sorted(folder.rglob("*.yaml")) for folder in (self.scenarios, self.bad)]


def play(seed: int, nest: Nest) -> str:
    """Whether the mutant of a seed was "read" or "refused". AssertionError with the seed for anything else."""
    random = Random(seed)
    file = random.choice(random.choices(nest.files, weights=(4, 1))[0])
    whole = file.read_bytes()
    changes = random.choices(CHANGES, k=random.choice((1, 1, 1, 2, 3)))
    text = whole.decode("utf-8", "surrogateescape")
    for change in changes:
        text = change(text, random)
    file.write_bytes(text.encode("utf-8", "surrogateescape" if random.random() < 0.9 else "replace"))
    entry = random.choice(sorted(nest.scenarios.glob("*.yaml"))) if file.parent.name == "library" else file
    try:
        with little_time():
            return _read(entry)
    except Exception as error:
        names = ", ".join(change.__name__ for change in changes)
        raise AssertionError(f"mutant {seed} of {file.name} ({names}), read by {entry.name}: {error!r}") from error
    finally:
        file.write_bytes(whole)


def _read(entry: Path) -> str:
    try:
        scenario = read(entry)
    except ScenarioError as error:
        assert 0 < len(error.problems) <= MOST_PROBLEMS
        for problem in error.problems:
            assert problem.line >= 1 and problem.column >= 1 and problem.file, problem
            assert len(str(problem).splitlines()) == 1, "a problem is one line"
        return "refused"
    assert all(len(str(warning).splitlines()) == 1 for warning in scenario.warnings)
    return "read"


def cut(text: str, random: Random) -> str:
    """Some letters are gone."""
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.randint(1, 40) :]


def cut_off(text: str, random: Random) -> str:
    """The file ends early."""
    return text[: random.randrange(len(text) + 1)]


def put_letters(text: str, random: Random) -> str:
    """Something odd is typed."""
    at = random.randrange(len(text) + 1)
    return text[:at] + "".join(random.choices(LETTERS, k=random.randint(1, 3))) + text[at:]


def put_bytes(text: str, random: Random) -> str:
    """Bytes that may be no text."""
    at = random.randrange(len(text) + 1)
    return text[:at] + random.randbytes(random.randint(1, 4)).decode("utf-8", "surrogateescape") + text[at:]


def other_value(text: str, random: Random) -> str:
    """What stands after a colon is something else."""
    lines = text.split("\n")
    at = random.randrange(len(lines))
    word, colon, _ = lines[at].partition(": ")
    lines[at] = word + (colon or ": ") + random.choice(NUMBERS + WORDS)
    return "\n".join(lines)


def swap_values(text: str, random: Random) -> str:
    """Two lines change their values."""
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    (mine, colon, value), (yours, other_colon, its_value) = (lines[each].partition(": ") for each in (one, other))
    lines[one], lines[other] = mine + colon + its_value, yours + other_colon + value
    return "\n".join(lines)


def other_key(text: str, random: Random) -> str:
    """A word is spelt otherwise."""
    lines = text.split("\n")
    at = random.randrange(len(lines))
    key, colon, value = lines[at].partition(":")
    if key.strip():
        place = random.randrange(len(key))
        key = key[:place] + random.choice(("", "x", key[place] * 2, key[place].swapcase())) + key[place + 1 :]
    lines[at] = key + colon + value
    return "\n".join(lines)


def move_lines(text: str, random: Random) -> str:
    """Some lines stand elsewhere, or twice."""
    lines = text.split("\n")
    first = random.randrange(len(lines))
    some = lines[first : first + random.randint(1, 6)]
    if random.random() < 0.5:
        del lines[first : first + len(some)]
    at = random.randrange(len(lines) + 1)
    return "\n".join([*lines[:at], *some, *lines[at:]])


def indent(text: str, random: Random) -> str:
    """Some lines are indented otherwise."""
    lines = text.split("\n")
    first = random.randrange(len(lines))
    for at in range(first, min(first + random.randint(1, 6), len(lines))):
        lines[at] = random.choice(
            (" " + lines[at], "  " + lines[at], lines[at][1:], lines[at].lstrip(), "\t" + lines[at])
        )
    return "\n".join(lines)


def grow(text: str, random: Random) -> str:
    """A part of it comes very often."""
    at = random.randrange(len(text) + 1)
    part = text[at : at + random.randint(1, 200)]
    return text[:at] + part * random.choice((2, 50, 3000)) + text[at:]


CHANGES: tuple[Change, ...] = (
    *(cut, cut_off, put_letters, put_bytes, other_value, other_value, swap_values, other_key, other_key),
    *(move_lines, indent, grow),
)
