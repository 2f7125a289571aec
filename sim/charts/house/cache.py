"""A function that keeps its last answer: a chart's title, rows and marks come from one reading of the results."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from sim.words.language import language

Answer = TypeVar("Answer")


def cached(ask: Callable[..., Answer]) -> Callable[..., Answer]:
    """`ask`, not run again for the same object (by identity), other arguments and language as the last time."""
    last: list[tuple[Any, tuple[Any, ...], Answer]] = []

    @functools.wraps(ask)
    def answer(source: Any, *more: Any) -> Answer:
        asked = (language(), *more)
        if last and last[0][0] is source and last[0][1] == asked:
            return last[0][2]
        given = ask(source, *more)
        last[:] = [(source, asked, given)]
        return given

    return answer
