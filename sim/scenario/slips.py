"""Slips of the pen that are understood, though not accepted: what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from sim.scenario import nouns
from sim.scenario.distribution import FAMILIES, Block
from sim.scenario.nouns import MONTHS
from sim.scenario.places import Mark, Path
from sim.scenario.words import words_of

_NO_SPACE = re.compile(r"([^\W\d][^:{}\[\],\"'#]*):([^\s/].*)")
_NO_COLON = re.compile(r"([^:{}\[\],\"'#]+?) *([{\[].*|(?<= )-?[0-9]\S*)")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:to|until|till|/|-|–|\.\.|,)\s*(\d{4}-\d{2}-\d{2})")
_BY_RESOURCE = ("holds", "routine", "needs", "at_most", "reception_per_day")
_MOST_SHOWN = 60


def colon_missing(text: str) -> str | None:
    """What is wrong with a line, or a key, that should be a word and its value; None where that cannot be told."""
    text = text.strip().removeprefix("- ").strip()
    if len(text) > _MOST_SHOWN:
        return None
    if found := _NO_SPACE.fullmatch(text):
        word, value = found.groups()
        return f"a space missing after the colon; write '{word}: {value}'"
    first, _, rest = text.partition(" ")
    found = _NO_COLON.fullmatch(text)
    if rest and first in _vocabulary():
        return f"colon and space missing after {first!r}; write '{first}: {rest.strip()}'"
    if found:
        return f"colon and space missing after {found[1]!r}; write '{found[1]}: {found[2]}'"
    return f"colon missing after {text!r}" if re.fullmatch(r"[^:{}\[\],\"'#]+", text) else None


@cache
def _vocabulary() -> frozenset[str]:
    """Every word of the language."""
    kinds = [each for each in vars(nouns).values() if isinstance(each, type) and issubclass(each, Block)]
    return frozenset(word for kind in kinds for word in words_of(kind)) | {"extends", "source"}


def in_yaml(problem: str, mark: Mark, context: Mark | None, lines: list[str]) -> tuple[int, int, str] | None:
    """(line, column, what is wrong) from 1, where libyaml notices a missing colon a line too late."""
    if problem == "could not find expected ':'" and context is not None:
        at = context.line
    elif problem == "mapping values are not allowed in this context" and ": " not in lines[mark.line][: mark.column]:
        at = next((each for each in range(mark.line - 1, -1, -1) if lines[each].split("#")[0].strip()), mark.line)
        if ": " in lines[at] or lines[at].rstrip().endswith(":"):
            return mark.line + 1, mark.column + 1, "is not YAML: an indentation that is off?"
    else:
        return None
    line = lines[at].split(" #")[0]
    what = colon_missing(line) or "a word without its colon, or an indentation that is off?"
    return at + 1, len(line) - len(line.lstrip()) + 1, f"is not YAML: {what}"


def empty_key(key: str, block: dict[str, Any], path: Path) -> str | None:
    """What is wrong where `key` of `block` is empty: half of a number with a comma, or a word stuck to its value."""
    if len(key) > _MOST_SHOWN:
        return None
    if re.fullmatch(r"[0-9]+", key) and "discrete" not in path:
        before = next((one for one, other in zip(block, list(block)[1:], strict=False) if other == key), None)
        number = block.get(before) if before is not None else None
        if type(number) is int:
            return f"a comma splits the number in two; {_number(f'{number},{key}')}"
    if found := _NO_SPACE.fullmatch(key):
        return f"a space missing after the colon; write '{found[1]}: {found[2]}'"
    if found := _NO_COLON.fullmatch(key):
        return f"colon and space missing after {found[1]!r}; write '{found[1]}: {found[2]}'"
    return None


def _number(text: str) -> str | None:
    """`write 180000` for a number as people write it; None for anything else."""
    plain = None
    if found := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *%", text):
        plain = f"{float(found[1]) / 100:.12g}"
    elif re.fullmatch(r"[0-9]{1,3}([,_' ][0-9]{3})+", text):
        plain = re.sub(r"[^0-9]", "", text)
    elif re.fullmatch(r"[0-9]+,[0-9]+", text):
        plain = text.replace(",", ".")
    elif re.fullmatch(r"[0-9]+(_[0-9]+)+", text):
        plain = text.replace("_", "")
    elif found := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) *(days?|units?|km|usd|\$)", text.lower()):
        plain = found[1]
    return None if plain is None else f"write {plain}"


def instead(path: Path, value: Any, resource: str) -> str | None:
    """`write …`: what a value of the wrong kind was probably meant to be; `resource` is one that the scenario has."""
    word = str(path[-1]) if path else ""
    said = None
    if "keep" in (word, *path[-2:-1]) and word not in ("units", "share"):
        said = _kept(value)
    elif word in FAMILIES:
        said = _family(word, value)
    elif isinstance(value, str) and len(value) <= _MOST_SHOWN:
        shape = _SHAPES.get(word)
        said = (shape(value) if shape else None) or _number(value) or _stuck(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        key = resource if word in _BY_RESOURCE else "days" if path[-2:-1] == ("gates",) else None
        said = f"write {{{key}: {value:g}}}" if key else None
    elif word == "missions" and isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        said = f"write {{{', '.join(f'{each}: {{…}}' for each in value[:3])}{', …' if len(value) > 3 else ''}}}"
    return said


def _stuck(text: str) -> str | None:
    """Text that is a word and its value, where a block was meant."""
    return colon_missing(text) if _NO_SPACE.fullmatch(text) or text.partition(" ")[0] in _vocabulary() else None


def _kept(value: Any) -> str | None:
    if isinstance(value, float) and 0 <= value <= 1:
        return f"write {{share: {value:g}}}"
    said = _number(value) if isinstance(value, str) and value.endswith("%") else None
    return f"write {{share: {said.removeprefix('write ')}}}" if said else None


def _family(family: str, value: Any) -> str | None:
    words = next(([*words_of(part)] for part in _parts(FAMILIES[family])), [])
    if not words or isinstance(value, dict):
        return None
    words = sorted(words, key=("low", "mode", "high", "mean", "sd", "shape").index)
    said = value if isinstance(value, list) else [value]
    if len(said) != len(words) or not all(isinstance(each, (int, float)) for each in said):
        return f"write {{{', '.join(f'{each}: …' for each in words)}}}"
    return f"write {{{', '.join(f'{each}: {number:g}' for each, number in zip(words, said, strict=True))}}}"


def _parts(family: type[Block]) -> Any:
    """The blocks in which a family's parameters stand."""
    kinds = (field.annotation for field in family.model_fields.values())
    yield from (each for each in kinds if isinstance(each, type) and issubclass(each, Block))


def _period(text: str) -> str:
    found = _DATES.fullmatch(text.strip())
    return f"write {{from: {found[1]}, to: {found[2]}}}" if found else "write {from: 2012-01-01, to: 2012-12-31}"


def _season(text: str) -> str:
    """Months from one to another: weights of 0 for all others."""
    ends = [each.strip().casefold()[:3] for each in re.split(r"-|–| to ", text)]
    if len(ends) != 2 or not set(ends) <= set(MONTHS):
        return "write weights by month, as {jan: 1.5, aug: 0.5}"
    first, last = (MONTHS.index(each) for each in ends)
    within = {MONTHS[place % 12] for place in range(first, last + 1 + 12 * (last < first))}
    others = ", ".join(f"{month}: 0" for month in MONTHS if month not in within)
    return f"write weights by month, those of the others 0: {{{others}}}"


_SHAPES: dict[str, Callable[[str], str]] = {"period": _period, "active": _period, "season": _season}
"""What to write for the text that stands for a block, by its word."""
