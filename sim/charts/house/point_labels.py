"""Labels of points on a sheet that touch neither each other nor the points, with a leader where they stand apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sim.charts.house.sheet import Area, line_height, text_width


class Label(NamedTuple):
    """A text at (x, y), its centre, in inches; `far` where a leader to its point is needed."""

    text: str
    x: float
    y: float
    far: bool


def box_of(text: str, size: float) -> tuple[float, float]:
    """Width and height of a text of one or more lines, in inches."""
    lines = text.split("\n")
    return max(text_width(line, size) for line in lines) + 0.06, line_height(size) * len(lines) + 0.03


def box_at(text: str, size: float, x: float, y: float) -> Area:
    """The rectangle that a text centred at (x, y) takes."""
    wide, tall = box_of(text, size)
    return Area(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def place_labels(
    texts: Sequence[str],
    points: Sequence[tuple[float, float, float]],
    within: Area,
    size: float,
    taken: Sequence[Area] = (),
) -> list[Label | None]:
    """Where each text stands near its point (x, y, radius), in inches, off what is `taken`; None without room.

    The first of twelve directions, near and then farther and farther, that is free wins, in the order of the texts.
    """
    taken = [*taken, *(Area(x - r, y - r, x + r, y + r) for x, y, r in points)]
    labels: list[Label | None] = []
    for text, point in zip(texts, points, strict=True):
        tried = (label for step in range(24) for label in _around(text, point, step, box_of(text, size)))
        labels.append(next((it for it in tried if take(box_at(text, size, it.x, it.y), within, taken)), None))
    return labels


def _around(text: str, point: tuple[float, float, float], step: int, box: tuple[float, float]) -> Iterator[Label]:
    x, y, radius = point
    away = radius + 0.03 + 0.09 * step
    for turn in (0, 4, 2, 6, 1, 3, 5, 7, 0.5, 3.5, 4.5, 7.5):
        across, up = math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)
        yield Label(text, x + across * (away + box[0] / 2), y + up * (away + box[1] / 2), step > 1)


def take(box: Area, within: Area, taken: list[Area]) -> bool:
    """Whether a rectangle lies within another and off all that are taken; if so, it is taken."""
    inside = within.left <= box.left and box.right <= within.right
    inside = inside and within.bottom <= box.bottom and box.top <= within.top
    if not inside or any(_overlap(box, other) for other in taken):
        return False
    taken.append(box)
    return True


def _overlap(one: Area, other: Area) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top
