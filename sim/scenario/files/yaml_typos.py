"""Slips in writing YAML: colons, commas and spaces that are missing or odd, and files that are no text at all."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.scenario.nouns import scenario as nouns
from sim.scenario.nouns.dates_and_numbers import number_hint
from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.vocabulary import words_of
from sim.scenario.positions import Path

if TYPE_CHECKING:
    from yaml import Mark

NO_SPACE = re.compile(r"([^\W\d][^:{}\[\],\"'#]*):([^\s/].*)")
_NO_COLON = re.compile(r"([^:{}\[\],\"'#]+?) *([{\[].*|(?<= )-?[0-9]\S*)")
MOST_SHOWN = 60
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


def colon_missing(text: str) -> str | None:
    """What is wrong with a line, or a key, that should be a word and its value; None where that cannot be told."""
    text = text.strip().removeprefix("- ").strip()
    if len(text) > MOST_SHOWN:
        return None
    if found := NO_SPACE.fullmatch(text) or re.fullmatch("([^:]+)：(.*)", text):
        word, value = found.groups()
        what = "not a plain colon" if "：" in text else "a space missing after the colon"
        return f"{what}; write '{word}: {value.strip()}'"
    if text.startswith(_UNMERGED):
        return "two versions that git could not merge; keep one of them"
    first, _, rest = text.partition(" ")
    rest = rest.lstrip("= ")
    found = _NO_COLON.fullmatch(text)
    if rest and first in vocabulary():
        return f"colon and space missing after {first!r}; write '{first}: {rest.strip()}'"
    if found:
        return f"colon and space missing after {found[1]!r}; write '{found[1]}: {found[2]}'"
    return f"colon missing after {text!r}" if re.fullmatch(r"[^:{}\[\],\"'#]+", text) else None


@cache
def vocabulary() -> frozenset[str]:
    """Every word of the language."""
    kinds = [each for each in vars(nouns).values() if isinstance(each, type) and issubclass(each, Block)]
    return frozenset(word for kind in kinds for word in words_of(kind)) | {"extends", "source"}


def syntax_hint(problem: str, mark: Mark, context: Mark | None, lines: list[str]) -> tuple[int, int, str] | None:
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


def not_text(data: bytes) -> str | None:
    """What a file is that no text editor made, or not as UTF-8; None for anything else."""
    if data[:2].count(0) == 1 and data[:2].strip(b"\x00").isalnum():
        return "is UTF-16"
    return next((what for start, what in _NO_TEXT.items() if data.startswith(start)), None)


def empty_key(key: str, block: dict[str, Any], path: Path) -> str | None:
    """What is wrong where `key` of `block` is empty: half of a number with a comma, or a word stuck to its value."""
    if len(key) > MOST_SHOWN:
        return None
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", key) and "discrete" not in path:
        before = next((one for one, other in zip(block, list(block)[1:], strict=False) if other == key), None)
        number = block.get(before) if before is not None else None
        if re.fullmatch(r"(US *\$|USD|\$)? *[0-9.]+", str(number)):
            return f"a comma splits the number in two; {number_hint(f'{number},{key}')}"
    if found := NO_SPACE.fullmatch(key):
        return f"a space missing after the colon; write '{found[1]}: {found[2]}'"
    if found := _NO_COLON.fullmatch(key):
        return f"colon and space missing after {found[1]!r}; write '{found[1]}: {found[2]}'"
    return None
