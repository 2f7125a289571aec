"""When does it fail: the box of inputs in which a case of interest is common.

The patient rule induction method (PRIM; Friedman and Fisher 1999, Statistics and Computing 9:123) as used for scenario
discovery (Bryant and Lempert 2010, Technological Forecasting and Social Change 77:34): from the whole sample, thin
slices at the ends of one input at a time are peeled off, always the slice whose loss leaves the highest density.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.numbers import finite

PEEL = 0.05
"""Share of the cases in the box that one peel takes away (at least one case)."""
FEWEST = 0.05
"""Share of all cases below which a box is too small to mean anything."""
CHANCE = 0.05
"""A limit stays only if cases as dense as in the box would be rarer than this without it."""


@dataclass(frozen=True)
class Box:
    """Limits on some inputs, within which cases are as dense as `density`."""

    limits: Mapping[str, tuple[float | None, float | None]]
    """Input -> (from, to); None where that side is open. Inputs that do not matter are left out."""
    density: float
    """Share of the sampled points within the box that are cases."""
    coverage: float
    """Share of all cases that lie within the box."""
    points: int
    """Sampled points within the box."""
    cases: int
    """Cases within it."""

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers."""
        limits = {path: {"from": low, "to": high} for path, (low, high) in self.limits.items()}
        counts = {"points": self.points, "cases": self.cases}
        return {"limits": limits, "density": self.density, "coverage": self.coverage, **counts}


def discover(names: Sequence[str], points: NDArray[np.float64], cases: NDArray[np.bool_]) -> Box | None:
    """The box that best trades density against coverage (highest harmonic mean); None where there are no cases.

    `points`: (sample, inputs), `cases`: for each point whether it is one.
    """
    if not cases.any():
        return None
    boxes = _peeled(points, cases)
    best = max(boxes, key=lambda inside: _worth(inside, cases))
    return _described(names, points, cases, _without_idle_limits(points, cases, _limits(points, best)))


Limits = NDArray[np.float64]
"""(inputs, 2): lowest and highest value allowed, infinite where open."""


def _peeled(points: NDArray[np.float64], cases: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The nested boxes, from the whole sample on, as who is inside."""
    boxes = [np.ones(len(points), dtype=bool)]
    while not cases[boxes[-1]].all():
        inside = boxes[-1]
        smaller = [
            kept
            for column in points.T
            for kept in (inside & (column > _slice(column[inside])), inside & (column < -_slice(-column[inside])))
            if kept.sum() >= max(2, FEWEST * len(points))
        ]
        if not smaller:
            break
        boxes.append(max(smaller, key=lambda kept: (cases[kept].mean(), kept.sum())))
    return boxes


def _slice(values: NDArray[np.float64]) -> float:
    """The value up to which the lowest share PEEL lies, ties included."""
    return float(np.sort(values)[max(0, int(np.ceil(PEEL * len(values))) - 1)])


def _worth(inside: NDArray[np.bool_], cases: NDArray[np.bool_]) -> float:
    """The harmonic mean of density and coverage."""
    return 2 * float((inside & cases).sum()) / float(inside.sum() + cases.sum())


def _limits(points: NDArray[np.float64], inside: NDArray[np.bool_]) -> Limits:
    """The tightest limits around what is inside, open where nothing outside is cut off; halfway to the next point."""
    limits = np.tile([-np.inf, np.inf], (points.shape[1], 1))
    for limit, column in zip(limits, points.T, strict=True):
        low, high = column[inside].min(), column[inside].max()
        if (column < low).any():
            limit[0] = (low + column[column < low].max()) / 2
        if (column > high).any():
            limit[1] = (high + column[column > high].min()) / 2
    return limits


def _within(points: NDArray[np.float64], limits: Limits) -> NDArray[np.bool_]:
    return np.asarray(((points > limits[:, 0]) & (points < limits[:, 1])).all(axis=1))


def _without_idle_limits(points: NDArray[np.float64], cases: NDArray[np.bool_], limits: Limits) -> Limits:
    """Open the sides whose limits do no more than chance would (Bryant and Lempert's quasi-p-value), idlest first."""
    from scipy.special import bdtrc

    limits = limits.copy()
    while True:
        inside = _within(points, limits)
        found, total = int(cases[inside].sum()), int(inside.sum())
        idle = []
        for number, side in np.argwhere(np.isfinite(limits)):
            opened = limits.copy()
            opened[number, side] = (-np.inf, np.inf)[side]
            density = float(cases[_within(points, opened)].mean())
            # P(at least as many cases among so many points that are as dense as without the limit)
            idle.append((1.0 if found == 0 else float(bdtrc(found - 1, total, density)), number, side))
        if not idle or max(idle)[0] <= CHANCE:
            return limits
        _, number, side = max(idle)
        limits[number, side] = (-np.inf, np.inf)[side]


def _described(names: Sequence[str], points: NDArray[np.float64], cases: NDArray[np.bool_], limits: Limits) -> Box:
    inside = _within(points, limits)
    found = int((inside & cases).sum())
    ends = {
        name: (finite(float(low)), finite(float(high)))
        for name, (low, high) in zip(names, limits, strict=True)
        if np.isfinite(low) or np.isfinite(high)
    }
    return Box(ends, found / int(inside.sum()), found / int(cases.sum()), int(inside.sum()), found)
