"""Which inputs matter: the share of an outcome's variance that each explains, alone and with all others.

Sobol's first-order and total indices need thousands of runs; a sample of a few hundred is enough to fit a smooth
surrogate of the outcome (thin-plate splines over the inputs, smoothed by cross-validation), whose indices SciPy then
computes. How well the surrogate predicts points that it has not seen is said along: indices of a poor one mean little.

References: Saltelli et al. (2010), Computer Physics Communications 181:259 (indices); Oakley and O'Hagan (2004),
Journal of the Royal Statistical Society B 66:751 (sensitivity by way of a surrogate).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.numbers import finite

Points = NDArray[np.float64]

SMOOTHINGS = (1e-6, 1e-3, 1e-2, 1e-1, 1.0, 10.0)
FOLDS = 5
POINTS = 8192
"""Points of the surrogate for the indices, of a Sobol sequence (a power of 2): their error is then below 0.01."""


@dataclass(frozen=True)
class Sensitivity:
    """What one outcome owes to each input."""

    first_order: Mapping[str, float]
    """Share of the variance that the input explains by itself."""
    total: Mapping[str, float]
    """Share that would be left if all other inputs were known: the input with all its interactions."""
    predicted: float
    """Share of the variance of unseen points that the surrogate predicts (cross-validated R²)."""

    def as_json(self) -> dict[str, Any]:
        """Plain maps and numbers."""
        return {
            "first_order": {name: finite(value) for name, value in self.first_order.items()},
            "total": {name: finite(value) for name, value in self.total.items()},
            "predicted_share": finite(self.predicted),
        }


def sensitivity(names: Sequence[str], points: Points, outcome: Points) -> Sensitivity:
    """Indices of `outcome` at `points`, (sample, inputs) in the unit cube; nan where the outcome does not vary.

    Needs more points than inputs: at least 4 an input (ValueError otherwise).
    """
    from scipy.stats import qmc, sobol_indices

    count, inputs = points.shape
    if count < 4 * inputs + 4:
        raise ValueError(f"{count} points are too few for {inputs} inputs")
    if not np.ptp(outcome) > 0:
        nothing = dict.fromkeys(names, math.nan)
        return Sensitivity(nothing, nothing, math.nan)
    scaled = (outcome - outcome.mean()) / outcome.std()
    kept = _that_matter(points, scaled)
    error, smoothing = _least_error(points[:, kept], scaled)
    surrogate = _fitted(points[:, kept], scaled, smoothing)
    first, total = dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    if len(kept) == 1:
        first[names[kept[0]]] = total[names[kept[0]]] = 1.0
        return Sensitivity(first, total, 1 - error)
    a, b = np.split(qmc.Sobol(2 * len(kept), scramble=False).random(POINTS), 2, axis=1)
    mixed = np.stack([np.where(np.arange(len(kept)) == number, b, a) for number in range(len(kept))])
    values = {"f_A": surrogate(a)[None], "f_B": surrogate(b)[None]}
    values["f_AB"] = np.stack([surrogate(each)[None] for each in mixed])
    found = sobol_indices(func=values, n=POINTS)
    shares = zip(kept, found.first_order.ravel().tolist(), found.total_order.ravel().tolist(), strict=True)
    for number, alone, whole in shares:
        first[names[number]], total[names[number]] = alone, whole
    return Sensitivity(first, total, 1 - error)


def _that_matter(points: Points, outcome: Points) -> list[int]:
    """The inputs without which unseen points are predicted worse; one at least.

    A surrogate that may use an input that does nothing finds some use for it, and so would its indices.
    """
    kept = list(range(points.shape[1]))
    error = _least_error(points, outcome)[0]
    while len(kept) > 1:
        without = {each: _least_error(points[:, [one for one in kept if one != each]], outcome)[0] for each in kept}
        least = min(without, key=lambda each: without[each])
        if without[least] > error:
            break
        kept.remove(least)
        error = without[least]
    return kept


def _least_error(points: Points, outcome: Points) -> tuple[float, float]:
    """Error at unseen points under the best smoothing, and that smoothing."""
    return min((_unseen_error(points, outcome, smoothing), smoothing) for smoothing in SMOOTHINGS)


def _fitted(points: Points, outcome: Points, smoothing: float) -> Callable[[Points], Points]:
    from scipy.interpolate import RBFInterpolator

    fitted: Callable[[Points], Points] = RBFInterpolator(points, outcome, smoothing=smoothing, degree=1)
    return fitted


def _unseen_error(points: Points, outcome: Points, smoothing: float) -> float:
    """Mean squared error on the folds left out."""
    fold = np.random.default_rng(2).permutation(len(points)) % FOLDS
    errors = [
        outcome[fold == each] - _fitted(points[fold != each], outcome[fold != each], smoothing)(points[fold == each])
        for each in range(FOLDS)
    ]
    return float(np.mean(np.concatenate(errors) ** 2))
