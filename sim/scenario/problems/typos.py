"""Slips of the pen that are understood, though not accepted: what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from sim.scenario.nouns import scenario as nouns
from sim.scenario.nouns.dates_and_numbers import number_meant
from sim.scenario.nouns.distributions import FAMILIES, Block
from sim.scenario.nouns.scenario import MONTHS
from sim.scenario.positions import Mark, Path
from sim.scenario.problems.vocabulary import words_of

_NO_SPACE = re.compile(r"([^\W\d][^:{}\[\],\"'#]*):([^\s/].*)")
_NO_COLON = re.compile(r"([^:{}\[\],\"'#]+?) *([{\[].*|(?<= )-?[0-9]\S*)")
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:to|until|till|/|-|–|\.\.|,)\s*(\d{4}-\d{2}-\d{2})")
_BY_RESOURCE = ("holds", "routine", "needs", "at_most", "reception_per_day")
_FIRST = {"renewals": "most", "recall": "notice_days", "escalates": "if_short_days"}
"""What a number probably is that stands for a whole block, by the block's word."""
_MOST_SHOWN = 60
_UNMERGED = ("<<<<<<<", ">>>>>>>", "=======")
_ODD_SPACE = re.compile("^ *[\u00a0\u2007\u202f\u3000]|:[\u00a0\u2007\u202f\u3000]")
_NO_TEXT = {
    b"PK\x03\x04": "is a spreadsheet, a document or an archive",
    b"\xd0\xcf\x11\xe0": "is a spreadsheet or a document",
    b"%PDF": "is a PDF",
    b"\xff\xfe": "is UTF-16",
    b"\xfe\xff": "is UTF-16",
}
"""How files begin that no text editor would make, or not as UTF-8."""
_BY_NAME = ("missions", "crises", "agreements", "contributors", "resources", "lifts", "options")
_TRUE_OR_FALSE = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def colon_missing(text: str) -> str | None:
    """What is wrong with a line, or a key, that should be a word and its value; None where that cannot be told."""
    text = text.strip().removeprefix("- ").strip()
    if len(text) > _MOST_SHOWN:
        return None
    if found := _NO_SPACE.fullmatch(text) or re.fullmatch("([^:]+)：(.*)", text):
        word, value = found.groups()
        what = "not a plain colon" if "：" in text else "a space missing after the colon"
        return f"{what}; write '{word}: {value.strip()}'"
    if text.startswith(_UNMERGED):
        return "two versions that git could not merge; keep one of them"
    first, _, rest = text.partition(" ")
    rest = rest.lstrip("= ")
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
    elif problem == "did not find expected key" and lines[mark.line][: mark.column].rstrip().endswith(("'", '"')):
        what = "text goes on after a closing quote; in single quotes an apostrophe is written twice"
        return mark.line + 1, mark.column + 1, f"is not YAML: {what}"
    elif problem == "mapping values are not allowed in this context" and ": " not in lines[mark.line][: mark.column]:
        at = next((each for each in range(mark.line - 1, -1, -1) if lines[each].split("#")[0].strip()), mark.line)
        if ": " in lines[at] or lines[at].rstrip().endswith(":"):
            return mark.line + 1, mark.column + 1, "is not YAML: an indentation that is off?"
    else:
        return None
    line = lines[at].split(" #")[0]
    what = colon_missing(line) or "a word without its colon, or an indentation that is off?"
    return at + 1, len(line) - len(line.lstrip()) + 1, f"is not YAML: {what}"


def odd_space(lines: list[str], *marks: Mark | None) -> tuple[int, int, str] | None:
    """A space that is none for YAML, where it could not go on (or on the line before)."""
    near = {at for mark in marks if mark for at in (mark.line - 1, mark.line) if 0 <= at < len(lines)}
    for at in sorted(near):
        if found := _ODD_SPACE.search(lines[at]):
            return at + 1, found.end(), "a no-break space, as documents and web pages have them; write a plain one"
    return None


def no_text(data: bytes) -> str | None:
    """What a file is that no text editor made, or not as UTF-8; None for anything else."""
    if data[:2].count(0) == 1 and data[:2].strip(b"\x00").isalnum():
        return "is UTF-16"
    return next((what for start, what in _NO_TEXT.items() if data.startswith(start)), None)


def empty_key(key: str, block: dict[str, Any], path: Path) -> str | None:
    """What is wrong where `key` of `block` is empty: half of a number with a comma, or a word stuck to its value."""
    if len(key) > _MOST_SHOWN:
        return None
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", key) and "discrete" not in path:
        before = next((one for one, other in zip(block, list(block)[1:], strict=False) if other == key), None)
        number = block.get(before) if before is not None else None
        if re.fullmatch(r"(US *\$|USD|\$)? *[0-9.]+", str(number)):
            return f"a comma splits the number in two; {number_meant(f'{number},{key}')}"
    if found := _NO_SPACE.fullmatch(key):
        return f"a space missing after the colon; write '{found[1]}: {found[2]}'"
    if found := _NO_COLON.fullmatch(key):
        return f"colon and space missing after {found[1]!r}; write '{found[1]}: {found[2]}'"
    return None


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
        said = (shape(value) if shape else None) or number_meant(value) or _stuck(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        key = resource if word in _BY_RESOURCE else "days" if path[-2:-1] == ("gates",) else _FIRST.get(word)
        more = ", days: …" if word == "renewals" else ""
        said = f"write {{{key}: {value:g}{more}}}" if key else None
    elif word in _BY_NAME and len(path) == 1 and isinstance(value, list):
        known = [name for each in value if (name := _named(each))]
        more = ", …" if len(value) > 3 else ""
        said = f"write {{{', '.join(f'{each}: {{…}}' for each in known[:3])}{more}}}" if known else None
    return said


def _stuck(text: str) -> str | None:
    """Text that is a word and its value, where a block was meant."""
    first, space, _ = text.partition(" ")
    return colon_missing(text) if _NO_SPACE.fullmatch(text) or (space and first in _vocabulary()) else None


def _of_resource(text: str) -> str | None:
    """Units with the name of their resource, in a line."""
    found = re.fullmatch(r"(?P<n>[0-9]+) *x? +(?P<what>[^\W\d][\w ]*)|(?P<of>[^\W\d][\w ]*?) +(?P<units>[0-9]+)", text)
    return f"write {{{found['what'] or found['of']}: {found['n'] or found['units']}}}" if found else None


def _named(item: Any) -> str | None:
    """The name of what stands in a list where a block by names was meant: itself, its `name`, or its empty key."""
    if isinstance(item, dict):
        item = item.get("name") or next((key for key, value in item.items() if value is None), None)
    return item if isinstance(item, str) else None


def _kept(value: Any) -> str | None:
    if isinstance(value, float) and 0 <= value <= 1:
        return f"write {{share: {value:g}}}"
    said = number_meant(value) if isinstance(value, str) and value.endswith("%") else None
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


def _true_or_false(text: str) -> str | None:
    return f"write {_TRUE_OR_FALSE[text.lower()]}" if text.lower() in _TRUE_OR_FALSE else None


def _season(text: str) -> str:
    """Months from one to another: weights of 0 for all others."""
    ends = [each.strip().casefold()[:3] for each in re.split(r"-|–| to ", text)]
    if len(ends) != 2 or not set(ends) <= set(MONTHS):
        return "write weights by month, as {jan: 1.5, aug: 0.5}"
    first, last = (MONTHS.index(each) for each in ends)
    within = {MONTHS[place % 12] for place in range(first, last + 1 + 12 * (last < first))}
    others = ", ".join(f"{month}: 0" for month in MONTHS if month not in within)
    return f"write weights by month, those of the others 0: {{{others}}}"


_SHAPES: dict[str, Callable[[str], str | None]] = {
    "period": _period,
    "active": _period,
    "season": _season,
    **dict.fromkeys(_BY_RESOURCE, _of_resource),
    **dict.fromkeys(("reference", "record", "recall"), _true_or_false),
}
"""What to write for the text that stands for a block, by its word."""
