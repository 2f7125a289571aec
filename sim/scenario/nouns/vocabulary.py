"""Which words a block of the language knows, read off the annotations of the nouns."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Union, get_args, get_origin

from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.scenario import Option, Scenario
from sim.scenario.positions import Path

NOTES = ("source", "confidence")


def words_at(path: Path) -> list[str] | None:
    """The words known in the block at `path`, as files write them; None where names are free, or nothing can be."""
    blocks = blocks_at(path)
    words = [word for block in blocks for word in words_of(block)]
    return list(dict.fromkeys((*words, *(() if path else ("extends",)), *NOTES))) if blocks else None


def words_of(block: type[Block]) -> dict[str, str]:
    """The words of a kind of block, each with the name of its field."""
    return {field.alias or name: name for name, field in block.model_fields.items()}


def blocks_at(path: Path) -> list[type[Block]]:
    """The kinds of block that may stand at `path`: several where a value has several spellings."""
    return [kind for kind in _annotations_at(path) if isinstance(kind, type) and issubclass(kind, Block)]


def takes_list(path: Path) -> bool:
    """Whether a list of any length may stand at `path`."""
    return any(get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis for kind in _annotations_at(path))


@lru_cache(maxsize=10_000)  # a world asks of the same few places, again and again
def takes_whole(path: Path) -> bool:
    """Whether the plain numbers that may stand at `path`, or in a list there, are whole."""
    kinds = _annotations_at(path)
    kinds += [inside for kind in kinds if get_origin(kind) is tuple for inside in plain(get_args(kind)[0])]
    return int in kinds and float not in kinds


def _annotations_at(path: Path) -> list[Any]:
    annotations: list[Any] = [Scenario]
    for step in path:
        annotations = [inside for annotation in annotations for inside in _inside(annotation, step)]
    return annotations


def _inside(annotation: Any, step: str | int) -> Iterator[Any]:
    """What may stand under `step` within a value of this (plain) annotation."""
    arguments = get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Block):
        name = words_of(annotation).get(str(step))
        if annotation is Option and step == "change":
            yield Scenario
        elif name is not None:
            yield from plain(annotation.model_fields[name].annotation)
    elif get_origin(annotation) is dict and isinstance(step, str):
        yield from plain(arguments[1])
    elif get_origin(annotation) is tuple and isinstance(step, int):
        yield from plain(arguments[0 if step >= len(arguments) or arguments[-1] is Ellipsis else step])


def plain(annotation: Any) -> Iterator[Any]:
    """The members of an annotation, without `Annotated` and with unions taken apart."""
    if get_origin(annotation) is Annotated:
        yield from plain(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from plain(member)
    else:
        yield annotation
