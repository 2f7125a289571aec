"""Slips of the pen that are understood, though not accepted: what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sim.scenario.files.yaml_typos import MOST_SHOWN, NO_SPACE, colon_missing, vocabulary
from sim.scenario.nouns.dates_and_numbers import number_hint
from sim.scenario.nouns.distributions import FAMILIES, Block
from sim.scenario.nouns.scenario import MONTHS
from sim.scenario.nouns.vocabulary import words_of
from sim.scenario.positions import Path

_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})\s*(?:to|until|till|/|-|–|\.\.|,)\s*(\d{4}-\d{2}-\d{2})")
_BY_RESOURCE = ("holds", "routine", "needs", "at_most", "reception_per_day")
_FIRST = {"renewals": "most", "recall": "notice_days", "escalates": "if_short_days"}
"""What a number probably is that stands for a whole block, by the block's word."""
_BY_NAME = ("missions", "crises", "agreements", "contributors", "resources", "lifts", "options")
_TRUE_OR_FALSE = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def value_hint(path: Path, value: Any, resource: str) -> str | None:
    """`write …`: what a value of the wrong kind was probably meant to be; `resource` is one that the scenario has."""
    word = str(path[-1]) if path else ""
    said = None
    if "keep" in (word, *path[-2:-1]) and word not in ("units", "share"):
        said = _keep(value)
    elif word in FAMILIES:
        said = _family(word, value)
    elif isinstance(value, str) and len(value) <= MOST_SHOWN:
        shape = _SHAPES.get(word)
        said = (shape(value) if shape else None) or number_hint(value) or _word_and_value(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        key = resource if word in _BY_RESOURCE else "days" if path[-2:-1] == ("gates",) else _FIRST.get(word)
        more = ", days: …" if word == "renewals" else ""
        said = f"write {{{key}: {value:g}{more}}}" if key else None
    elif word in _BY_NAME and len(path) == 1 and isinstance(value, list):
        known = [name for each in value if (name := _name_of(each))]
        more = ", …" if len(value) > 3 else ""
        said = f"write {{{', '.join(f'{each}: {{…}}' for each in known[:3])}{more}}}" if known else None
    return said


def _word_and_value(text: str) -> str | None:
    """Text that is a word and its value, where a block was meant."""
    first, space, _ = text.partition(" ")
    return colon_missing(text) if NO_SPACE.fullmatch(text) or (space and first in vocabulary()) else None


def _units_of_resource(text: str) -> str | None:
    """Units with the name of their resource, in a line."""
    found = re.fullmatch(r"(?P<n>[0-9]+) *x? +(?P<what>[^\W\d][\w ]*)|(?P<of>[^\W\d][\w ]*?) +(?P<units>[0-9]+)", text)
    return f"write {{{found['what'] or found['of']}: {found['n'] or found['units']}}}" if found else None


def _name_of(item: Any) -> str | None:
    """The name of what stands in a list where a block by names was meant: itself, its `name`, or its empty key."""
    if isinstance(item, dict):
        item = item.get("name") or next((key for key, value in item.items() if value is None), None)
    return item if isinstance(item, str) else None


def _keep(value: Any) -> str | None:
    if isinstance(value, float) and 0 <= value <= 1:
        return f"write {{share: {value:g}}}"
    said = number_hint(value) if isinstance(value, str) and value.endswith("%") else None
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
    **dict.fromkeys(_BY_RESOURCE, _units_of_resource),
    **dict.fromkeys(("reference", "record", "recall"), _true_or_false),
}
"""What to write for the text that stands for a block, by its word."""
