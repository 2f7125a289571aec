"""A function that keeps its last answer: a chart's title, rows and marks come from one reading of the results."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def cached(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """`ask`, which for the same object (by identity) and the same other arguments as the last time is not run again."""
    last: list[tuple[Any, tuple[Any, ...], Answer]] = []

    @functools.wraps(ask)
    def answer(source: Any, *more: Any) -> Answer:
        if last and last[0][0] is source and last[0][1] == more:
            return last[0][2]
        given = ask(source, *more)
        last[:] = [(source, more, given)]
        return given

    return answer
