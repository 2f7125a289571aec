"""Many numbers in little room: equal ones kept once, long rows of them as whole numbers of two bytes or one."""

from __future__ import annotations

import base64
from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike

Item = TypeVar("Item", bound=Hashable)
LEAST = 1e-9
"""Numbers below this are nothing."""
MOST = 65_535
"""The largest whole number of two bytes."""


class UniqueList(Generic[Item]):
    """A list in which everything stands once; `index` says where."""

    def __init__(self) -> None:
        self._indices: dict[Item, int] = {}

    def index(self, item: Item) -> int:
        """Where the item stands, added at the end where it did not."""
        return self._indices.setdefault(item, len(self._indices))

    def indices(self, items: Iterable[Item]) -> list[int]:
        """Where each of the items stands."""
        return [self.index(item) for item in items]

    def items(self) -> list[Any]:
        """All of them, in order."""
        return list(self._indices)


def scale_of(rows: Iterable[ArrayLike]) -> float:
    """What one step stands for, so that the largest of the (never negative) numbers fits: 1 where all are whole."""
    most, whole = 0.0, True
    for row in rows:
        values = np.asarray(row, dtype=np.float64)
        most = max(most, float(values.max(initial=0.0)))
        whole = whole and bool((values == np.round(values)).all())
    return 1.0 if whole and most <= MOST else max(most, LEAST) / MOST


def pack(values: ArrayLike, scale: float) -> str:
    """Numbers as base64 of little-endian 16-bit multiples of `scale`."""
    steps = np.rint(np.asarray(values, dtype=np.float64) / scale)
    return base64.b64encode(np.clip(steps, 0, MOST).astype("<u2").tobytes()).decode("ascii")


def deltas(points: ArrayLike) -> tuple[int, ...]:
    """Points of a line in whole hundredths, each after the first as the step from the one before: x, y, dx, dy, …"""
    whole = np.rint(np.asarray(points, dtype=np.float64) * 100).astype(np.int64)
    return tuple(np.diff(whole, axis=0, prepend=0).ravel().tolist())
