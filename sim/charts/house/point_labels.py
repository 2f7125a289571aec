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


def placed(
    texts: Sequence[str],
    points: Sequence[tuple[float, float, float]],
    within: Area,
    size: float,
    taken: Sequence[Area] = (),
) -> list[Label | None]:
    """A place for each text near its point (x, y, radius), in inches, off what is `taken`; None where there is no room.

    The first of twelve directions, near and then farther and farther, that is free wins, in the order of the texts.
    """
    taken = [*taken, *(Area(x - r, y - r, x + r, y + r) for x, y, r in points)]
    done: list[Label | None] = []
    for text, point in zip(texts, points, strict=True):
        wide, tall = box_of(text, size)
        tried = (each for step in range(24) for each in _around(text, point, step, (wide, tall)))
        label = next((each for each in tried if _free(each, wide, tall, taken, within)), None)
        if label is not None:
            taken.append(_box(label, wide, tall))
        done.append(label)
    return done


def _around(text: str, point: tuple[float, float, float], step: int, box: tuple[float, float]) -> Iterator[Label]:
    x, y, radius = point
    away = radius + 0.03 + 0.09 * step
    for turn in (0, 4, 2, 6, 1, 3, 5, 7, 0.5, 3.5, 4.5, 7.5):
        across, up = math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)
        yield Label(text, x + across * (away + box[0] / 2), y + up * (away + box[1] / 2), step > 1)


def _box(label: Label, wide: float, tall: float) -> Area:
    return Area(label.x - wide / 2, label.y - tall / 2, label.x + wide / 2, label.y + tall / 2)


def _free(label: Label, wide: float, tall: float, taken: Sequence[Area], within: Area) -> bool:
    spot = _box(label, wide, tall)
    inside = within.left <= spot.left and spot.right <= within.right
    inside = inside and within.bottom <= spot.bottom and spot.top <= within.top
    return inside and not any(overlap(spot, other) for other in taken)


def overlap(one: Area, other: Area) -> bool:
    """Whether two rectangles share any area."""
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top
