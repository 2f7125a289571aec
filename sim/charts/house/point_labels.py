"""Labels of points on a sheet that touch neither each other nor the points, with a leader where they stand apart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.charts.house.sheet import Area, line_height, text_width

TURNS = (0, 4, 2, 6, 1, 3, 5, 7, 0.5, 3.5, 4.5, 7.5)
NAME_SIZE, BOLD = 10.5, "bold"
NEAR = 5
"""Steps away from a point at which a text may have to fit; farther away it has a leader in any case."""
CLOSE = 0.8
"""Inches from a point within which others decide on which side its text stands."""
Point = tuple[float, float, float]


class Label(NamedTuple):
    """A text at (x, y), its centre, in inches; `far` where a leader to its point is needed."""

    text: str
    x: float
    y: float
    far: bool


def box_of(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Width and height of a text of one or more lines, in inches."""
    lines = text.split("\n")
    return max(text_width(line, size, weight) for line in lines) + 0.06, line_height(size) * len(lines) + 0.03


def box_at(text: str, size: float, x: float, y: float, weight: str = "normal") -> Area:
    """The rectangle that a text centred at (x, y) takes."""
    wide, tall = box_of(text, size, weight)
    return Area(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def without_overlap(points: Sequence[Point], gap: float = 0.05) -> list[Point]:
    """The discs (x, y, radius) moved until none touches another, each to the side on which it lies of the others."""
    centres = [np.array(point[:2]) for point in points]
    for _ in range(200):
        touching = False
        for one, other in itertools.combinations(range(len(points)), 2):
            way = centres[other] - centres[one]
            apart = float(np.hypot(*way))
            short = points[one][2] + points[other][2] + gap - apart
            if short <= 1e-3:
                continue
            touching = True
            step = way / apart if apart > 1e-6 else np.array((math.cos(other), math.sin(other)))
            centres[one] = centres[one] - step * short / 2
            centres[other] = centres[other] + step * short / 2
        if not touching:
            break
    return [(float(x), float(y), point[2]) for (x, y), point in zip(centres, points, strict=True)]


def place_labels(
    texts: Sequence[str],
    points: Sequence[Point],
    within: Area,
    taken: Sequence[Area] = (),
    fits: Callable[[int, Area], bool] = lambda _, __: True,
) -> list[Label | None]:
    """Where each bold text stands near its point (x, y, radius), in inches, off what is `taken`; None without room.

    The first of twelve directions, near and then farther and farther, that is free wins, in the order of the texts;
    of a point among others those on its own side come first. Where `fits` refuses the box of the k-th text at every
    place, the text stands where there is room, with a leader.
    """
    taken = [*taken, *(Area(x - r, y - r, x + r, y + r) for x, y, r in points)]
    labels: list[Label | None] = []
    for k, (text, point) in enumerate(zip(texts, points, strict=True)):
        turns, box = _turns(point, points), box_of(text, NAME_SIZE, BOLD)
        tried = [label for step in range(24) for label in _around(text, point, step, box, turns)]
        boxes = [box_at(text, NAME_SIZE, label.x, label.y, BOLD) for label in tried]
        near = [place for place in range(len(tried)) if place < NEAR * len(turns) and fits(k, boxes[place])]
        at = next((place for place in (*near, *range(len(tried))) if take(boxes[place], within, taken)), None)
        labels.append(None if at is None else tried[at]._replace(far=tried[at].far or at not in near))
    return labels


def _turns(point: Point, points: Sequence[Point]) -> Sequence[float]:
    """Directions, in eighths of a turn from the right: away from the middle of the points close by, if any."""
    x, y, _ = point
    close = [other for other in points if other != point and math.hypot(other[0] - x, other[1] - y) < CLOSE]
    if not close:
        return TURNS
    middle = [sum(other[axis] for other in close) / len(close) for axis in (0, 1)]
    away = math.atan2(y - middle[1], x - middle[0]) * 4 / math.pi
    return sorted(TURNS, key=lambda turn: abs((turn - away + 4) % 8 - 4))


def _around(text: str, point: Point, step: int, box: tuple[float, float], turns: Sequence[float]) -> Iterator[Label]:
    x, y, radius = point
    away = radius + 0.03 + 0.09 * step
    for turn in turns:
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
