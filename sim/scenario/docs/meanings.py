"""What each word means, and what it may hold: read off the docstrings and annotations of the nouns."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import sys
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sim.scenario.nouns.distributions import FAMILIES, Block
from sim.scenario.nouns.vocabulary import plain


def meanings(block: type[Block]) -> dict[str, str]:
    """What the docstring under each field of a block says, by the field's name."""
    found: dict[str, str] = {}
    for kind in reversed(block.__mro__):
        if issubclass(kind, Block) and kind is not Block:
            found |= _docstrings(kind.__module__).get(kind.__name__, {})
    return found


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """By class and field: the strings under the fields of a module's classes."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    found: dict[str, dict[str, str]] = {}
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for field, below in zip(kind.body, kind.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
                text = ast.literal_eval(below.value) if isinstance(below.value, ast.Constant) else ""
                found.setdefault(kind.name, {})[field.target.id] = " ".join(str(text).split())
    return found


def annotation_of(field: FieldInfo) -> Any:
    """The whole annotation of a field, which pydantic takes apart."""
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def in_words(annotation: Any) -> str:
    """What a value of this annotation is, as a planner would say it."""
    members = list(_members(annotation, ()))
    families = [member for member, _ in members if member in FAMILIES.values()]
    words = [
        _one_in_words(member, metadata)
        for member, metadata in members
        if member is not type(None) and member not in families
    ]
    return " or ".join(dict.fromkeys((*words, *(["a distribution"] if families else []))))


def _members(annotation: Any, metadata: tuple[Any, ...]) -> Any:
    """(plain type, metadata) of each member of an annotation."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        told = [getattr(each, "json_schema_input_type", PydanticUndefined) for each in more]
        inner = next((each for each in told if each is not PydanticUndefined), inner)
        flat = [each for extra in more for each in (extra.metadata if isinstance(extra, FieldInfo) else [extra])]
        yield from _members(inner, (*metadata, *flat))
    elif len(members := get_args(annotation)) > 1 and len(list(plain(annotation))) > 1:
        for member in members:
            yield from _members(member, metadata)
    else:
        yield annotation, metadata


def _one_in_words(kind: Any, metadata: tuple[Any, ...]) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _either(arguments)
    if origin is dict:
        return _map_in_words(*arguments)
    if origin is tuple:
        each = [in_words(argument) for argument in arguments if argument is not Ellipsis]
        return f"a list (each {each[0]})" if arguments[-1] is Ellipsis else f"[{', '.join(each)}]"
    if isinstance(kind, type) and issubclass(kind, Block):
        return f"a [block](#{anchor(kind)})"
    if kind in (int, float):
        return _number_in_words(kind, metadata)
    return {str: "text", bool: "true or false", dt.date: "a date"}.get(kind, "anything")


def _either(words: tuple[Any, ...]) -> str:
    quoted = [f"`{word}`" for word in words]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


def anchor(kind: type[Block]) -> str:
    """Where the reference describes a kind of block."""
    return kind.__name__.lower()


def _map_in_words(key: Any, value: Any) -> str:
    if value is Any:
        return "a block"
    by = _either(get_args(key)) if get_origin(key) is Literal else "name"
    return f"by {by} ({in_words(value)})"


def _number_in_words(kind: type, metadata: tuple[Any, ...]) -> str:
    """A number with its bounds, but for those that the reference states once for all days and all units."""
    said = _bounds(metadata)
    if said.endswith("36,500"):
        return "days (more than 0)" if "more than" in said else "days"
    return f"{'a whole number' if kind is int else 'a number'}{said.removesuffix(', 0 to 1,000,000')}"


def _bounds(metadata: tuple[Any, ...]) -> str:
    low: Any = next((each.ge for each in metadata if isinstance(each, Ge)), None)
    above: Any = next((each.gt for each in metadata if isinstance(each, Gt)), None)
    high: Any = next((each.le for each in metadata if isinstance(each, Le)), None)
    said = f", {low:,}" if low is not None else f", more than {above:,}" if above is not None else ""
    if high is None or (high >= 100_000 and low not in (None, 0)) or high > 10_000_000:
        return f"{said} or more" if low is not None and low >= 0 else " (negative ones too)" if low else said
    most = f"{high:,.0f}" if float(high).is_integer() else f"{high}"
    return f"{said} to {most}" if low is not None else f"{said}, at most {most}"


def lengths(field: FieldInfo) -> str:
    """How many entries a map or list may have; nothing where that is not limited."""
    least = [f"at least {each.min_length}" for each in field.metadata if isinstance(each, MinLen)]
    most = [f"at most {each.max_length:,}" for each in field.metadata if isinstance(each, MaxLen)]
    return ", ".join(least + most) if get_origin(field.annotation) in (dict, tuple) else ""


def default_in_words(field: FieldInfo) -> str:
    """What holds where the word is left out."""
    if field.is_required():
        return "must be said"
    default = field.get_default(call_default_factory=True)
    if default is None or default in ({}, ()):
        return "–"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, (int, float)):
        return f"{default:,}" if default >= 10_000 else f"{default:g}"
    if isinstance(default, Block):
        return "its defaults"
    return f"`{default}`" if isinstance(default, str) else "see there"
