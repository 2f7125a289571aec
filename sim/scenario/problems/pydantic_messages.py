"""pydantic's errors in the words of a planner, at paths that are in the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.files.blocks import resource_names
from sim.scenario.files.yaml_typos import empty_key
from sim.scenario.nouns.dates_and_numbers import range_hint
from sim.scenario.nouns.vocabulary import blocks_at, words_at, words_of
from sim.scenario.positions import Finding, Path, shown
from sim.scenario.problems.typos import value_hint
from sim.words.suggestions import did_you_mean


def findings_of(error: ValidationError, raw: dict[str, Any]) -> Iterator[Finding]:
    """Every error of a validation of `raw`, as findings."""
    resource = next(iter(resource_names(raw)), "infantry_company")
    for details in error.errors(include_url=False):
        yield _finding(details, raw, resource)


def _finding(details: ErrorDetails, raw: dict[str, Any], resource: str) -> Finding:
    path, rest = _path(details["loc"], raw)
    kind = details["type"]
    if kind == "missing":
        if rest and isinstance(rest[-1], int):
            return Finding(path, f"must be a list of {rest[-1] + 1} or more")
        return Finding(path, f"must say {rest[-1]!r}" if rest else "must be said", at_key=True)
    if kind == "extra_forbidden":
        known = words_at(path[:-1]) or ()
        if path[-1] in known:
            return Finding(path, "cannot be said together with what else is said here", at_key=True)
        slip = empty_key(str(path[-1]), _block_at(raw, path[:-1]), path) if details["input"] is None else None
        return Finding(path, slip or "unknown word" + _near_word(path, known), at_key=True)
    if kind == "union_tag_invalid":
        return _no_family(path, details["input"], re.findall(r"'([^']*)'", details["ctx"]["expected_tags"]))
    return _of_value(details, path, raw, resource)


def _of_value(details: ErrorDetails, path: Path, raw: dict[str, Any], resource: str) -> Finding:
    """What is wrong with a value, and what was probably meant."""
    kind = details["type"]
    wording = _WORDINGS.get(kind)
    value, context = details["input"], details.get("ctx", {})
    what = wording(value, context) if wording else f"{details['msg'].lower()}, not {shown(value)}"
    slip = None
    if kind == "float_type" and "number" in details["loc"]:
        what = what.replace("a number", "a number or a distribution", 1)
        slip = range_hint(value) if isinstance(value, str) else None
    if path[-1:] == ("at",) and kind in ("tuple_type", "list_type", "too_long"):
        held = f", with points for decimals, not {len(value)} numbers" if kind == "too_long" else _not(value)
        return Finding(path, f"must be [latitude, longitude] in degrees, as [5.31, -4.01]{held}")
    if value is None and path and isinstance(path[-1], str):
        slip = empty_key(path[-1], _block_at(raw, path[:-1]), path)
    elif wording and slip is None and not what.endswith(")") and kind not in _SAY_ENOUGH:
        slip = value_hint(path, value, resource)
    what += f" ({slip})" if slip else ""
    return Finding(path, what, at_key="[key]" in details["loc"] or isinstance(value, dict))


def _near_word(path: Path, known: Collection[str]) -> str:
    """Where an unknown word belongs, if it is known in a block beside it or around it; else what is near."""
    word = str(path[-1])
    inside = next((each for each in known if word in _words_below((*path[:-1], each))), None)
    if inside is not None:
        return f" here; it belongs under {inside!r}"
    if len(path) > 2 and word in (words_at(path[:-2]) or ()):
        return f" here; it belongs beside {str(path[-2])!r}, not under it"
    return did_you_mean(word, known)


def _words_below(path: Path) -> set[str]:
    return {word for block in blocks_at(path) for word in words_of(block)}


def _block_at(raw: dict[str, Any], path: Path) -> dict[str, Any]:
    here: Any = raw
    for step in path:
        here = here[step]
    return here if isinstance(here, dict) else {}


def _path(loc: tuple[int | str, ...], raw: dict[str, Any]) -> tuple[Path, tuple[int | str, ...]]:
    """The part of `loc` that is in the file (without the tags of unions), and the steps after the last one that is."""
    here: Any = raw
    path: list[int | str] = []
    used = 0
    for place, step in enumerate(loc):
        key = _key(here, step)
        if key is not None and not _is_tag(here, key, loc[place + 1 :]):
            path.append(key)
            here = here[key]
            used = place + 1
    return tuple(path), loc[used:]


def _is_tag(here: Any, key: int | str, following: tuple[int | str, ...]) -> bool:
    """Whether a step that could be a key is the tag of a union, before a step that lies beside it and not within it."""
    return bool(following) and _key(here, following[0]) not in (None, key) and _key(here[key], following[0]) is None


def _key(here: Any, step: int | str) -> int | str | None:
    if isinstance(here, list):
        return step if isinstance(step, int) and step < len(here) else None
    if not isinstance(here, dict):
        return None
    if isinstance(step, str) and step in here:
        return step
    if not _is_number(str(step)):
        return None
    # The values of `discrete` are words in the file and numbers in the model.
    number = float(step)
    some = (f"{number:g}", *islice(here, 100))
    return next((key for key in some if key in here and _is_number(key) and float(key) == number), None)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+(e[-+]?[0-9]+)?", text.lower()) is not None


def _no_family(path: Path, value: dict[str, Any], tags: list[str]) -> Finding:
    known = [tag for tag in tags if tag != "number" and not tag.startswith("‹")]
    if len(value) == 1:
        word = next(iter(value))
        return Finding((*path, word), "unknown distribution" + did_you_mean(word, known), at_key=True)
    return Finding(path, f"must be {'a number or ' * (known != tags)}one distribution: {', '.join(known)}", at_key=True)


def _not(value: Any) -> str:
    return f", not {shown(value)}"


def _number(kind: str) -> Callable[[Any, dict[str, Any]], str]:
    def wording(value: Any, _: dict[str, Any]) -> str:
        if isinstance(value, float) and value.is_integer():
            return f"must be {kind}{_not(value)} (write {value:.0f})"
        quoted = isinstance(value, str) and _is_number(value)
        return f"must be {kind}{_not(value)}" + (" (without quotes)" if quoted else "")

    return wording


def _one_of(value: Any, context: dict[str, Any]) -> str:
    words = [word or number for word, number in re.findall(r"'([^']*)'|(\d+)", context["expected"])]
    if "'" not in context["expected"]:
        return f"must be {context['expected']}{_not(value)}"
    suggestion = ""
    if isinstance(value, str):
        within = next((word for word in words if word in re.split(r"\W+", value.casefold())), None)
        suggestion = f"; did you mean {within!r}?" if within else did_you_mean(value, words)
        suggestion = suggestion if "did you mean" in suggestion else ""
    return f"must be one of {', '.join(words)}{_not(value)}{suggestion}"


def _text(value: Any, _: dict[str, Any]) -> str:
    return f"must be text{_not(value)}" + (" (write it in quotes)" if isinstance(value, (int, float)) else "")


def _list(value: Any, _: dict[str, Any]) -> str:
    hint = f" (write [{value}])" if isinstance(value, str) else " (write [{…}])" if isinstance(value, dict) else ""
    return f"must be a list{_not(value)}{hint}"


def _count(_: Any, context: dict[str, Any]) -> str:
    held = context.get("actual_length")
    if "max_length" in context:
        return f"must have at most {context['max_length']:,} entries" + (f", not {held:,}" if held else "")
    least = context["min_length"]
    return f"must have at least {least:,} entr{'y' if least == 1 else 'ies'}, not {held}"


def _at_most(value: Any, context: dict[str, Any]) -> str:
    most = context["le"]
    percent = most <= 1 and 2 <= value <= 100
    told = f"{most:,}" if isinstance(most, int) else f"{most:,.15g}"
    return f"must be {told} or less{_not(value)}" + (f" (write {value / 100:g}?)" if percent else "")


def _block(value: Any, _: dict[str, Any]) -> str:
    return f"must be a block of words{_not(value)}"


_SAY_ENOUGH = ("string_type", "less_than_equal", "greater_than_equal", "too_long", "too_short", "literal_error")
"""Kinds of error that have nothing to do with how a value is written."""

_WORDINGS: dict[str, Callable[[Any, dict[str, Any]], str]] = {
    "int_type": _number("a whole number"),
    "int_from_float": _number("a whole number"),
    "float_type": _number("a number"),
    "finite_number": _number("a finite number"),
    "bool_type": _number("true or false"),
    "string_type": _text,
    "dict_type": _block,
    "model_type": _block,
    "model_attributes_type": _block,
    "tuple_type": _list,
    "list_type": _list,
    "literal_error": _one_of,
    "too_long": _count,
    "too_short": _count,
    "string_too_short": lambda _value, _context: "must not be empty",
    "string_too_long": lambda value, context: f"must have at most {context['max_length']} characters, not {len(value)}",
    "greater_than_equal": lambda value, context: f"must be {context['ge']:,g} or more{_not(value)}",
    "less_than_equal": _at_most,
    "greater_than": lambda value, context: f"must be more than {context['gt']:,g}{_not(value)}",
    "less_than": lambda value, context: f"must be less than {context['lt']:,g}{_not(value)}",
    "value_error": lambda _value, context: str(context["error"]),
}
