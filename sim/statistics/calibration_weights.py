"""Weights of the sets by which what is known in advance comes out exactly (calibration: Deville and Särndal 1992).

The mean requirement by mission and resource can be computed from traces alone, without simulating. The sets that were
simulated met a little more or less of it by chance. Weighting them so that they have met exactly the known mean takes
out of every measure what it owes to that chance, linearly: with the chi-square distance from equal weights this is the
regression estimator (Deville and Särndal 1992, Journal of the American Statistical Association 87:376), a control
variate in simulation's terms. One vector of weights serves all measures and options, so causes still add up and
differences stay differences.

The known means come from a finite number of traces: their own error is added to every variance. Regression on many
variables eats sets: each costs one degree of freedom, and none are used beyond a third of the sets. The weights are
declined where they would be negative, and where they would not pay.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEAST_FACTOR = 1.2
"""Times fewer sets that the weights must be worth."""
LEAST_SETS = 25
"""Sets below which no weights are made: with 20 the weighted means' intervals held in 92 % where losses are skewed."""
SETS_A_VARIABLE = 3
"""Sets that each independent variable takes at least."""
DEPENDENT = 1e-6
"""Share of a variable's spread left by the others below which it says nothing new."""


class Declined(StrEnum):
    """Why the sets are not weighted."""

    FEW_SETS = "too few sets for what is known"
    NOTHING_VARIES = "what is known does not vary"
    NEGATIVE = "some weights would be negative"
    EVERY_LOOK = "intervals for every look have none"
    DOES_NOT_PAY = "it would spare less than a sixth of the sets"


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """One weight a set, for all measures and options alike."""

    values: Array
    """(sets,): not negative, adding up to 1."""
    basis: Array
    """(sets, variables): the auxiliary variables about their means, orthonormal."""
    known_covariance: Array
    """(variables, variables): covariance of the known means' errors, in the basis' terms."""
    factor: float
    """Times fewer sets that the weights are worth: the median over the samples by which that was judged."""
    _fits: dict[bytes, tuple[Array, Array]] = field(default_factory=dict, init=False, repr=False)
    """By which sets are defined, what all fits to them share."""

    def mean(self, sample: ArrayLike) -> float:
        """Weighted mean of (sets,); sets that are undefined (nan) are left out. nan where nothing has a weight."""
        values = np.asarray(sample, dtype=np.float64)
        defined = ~np.isnan(values)
        total = float(self.values[defined].sum())
        return float((self.values[defined] * values[defined]).sum()) / total if total > 0 else math.nan

    def influence(self, sample: ArrayLike) -> tuple[float, Array, int, float]:
        """What a weighted mean and its error are made of.

        Returns the weighted mean; the defined sets' influence on it, as values that scatter about it (g-weighted
        residuals: Särndal, Swensson and Wretman 1989, Biometrika 76:527), each left out of its own fit, since few sets
        hug a fit (MacKinnon and White 1985, Journal of Econometrics 29:305); the degrees of freedom that are lost; and
        the standard error that comes from the known means' own error.
        """
        values = np.asarray(sample, dtype=np.float64)
        defined = ~np.isnan(values)
        centre, count = self.mean(values), int(defined.sum())
        apart = values[defined] - centre
        if not apart.any():  # nothing but zeros, as most causes are in most places
            return centre, values[defined], 1 + self.basis.shape[1], 0.0
        design, leverage = self._fit(defined)
        slopes, *_ = np.linalg.lstsq(design, apart, rcond=None)
        residuals = (apart - design @ slopes) / np.maximum(1 - leverage, 1e-9)
        weight = self.values[defined] / self.values[defined].sum() * count
        added = max(0.0, float(slopes[1:] @ self.known_covariance @ slopes[1:]))
        # What the variables give exactly must not seem to vary by rounding.
        residuals[np.abs(residuals) <= 1e-9 * float(np.abs(apart).max(initial=0))] = 0
        return centre, centre + weight * residuals, design.shape[1], math.sqrt(added)

    def _fit(self, defined: NDArray[np.bool_]) -> tuple[Array, Array]:
        """The design of a fit to the sets that are defined, and each one's leverage on it."""
        key = defined.tobytes()
        if key not in self._fits:
            design = np.column_stack([np.ones(int(defined.sum())), self.basis[defined]])
            # Without undefined sets the columns are orthogonal and this is 1 / sets + the sum of squares of the basis.
            self._fits[key] = design, np.einsum("ij,ji->i", design, np.linalg.pinv(design))
        return self._fits[key]


def calibrated(
    auxiliaries: ArrayLike, known: ArrayLike, known_covariance: ArrayLike, judged_by: ArrayLike
) -> Weights | Declined:
    """Weights by which the auxiliary variables' means come out as known, or why there are none.

    `auxiliaries`: (sets, k), one value a set (the set's mean requirement by mission and resource). `known`: (k,), their
    means, from traces alone. `known_covariance`: (k, k), the covariance of the errors of `known`: the covariance of one
    trace's values divided by the number of traces. `judged_by`: (sets,) or (sets, m), the samples that should gain
    (each option's unmet need and its difference from the reference); the weights are taken where the median over those
    that vary of their factor, variance of the plain mean over that of the weighted, is at least LEAST_FACTOR.

    The factor is judged by leave-one-out residuals, so that variables that explain only chance do not seem to pay, and
    counts the known means' error. Variables that do not vary, or that the others give, are left out. ValueError where
    the shapes do not fit.
    """
    variables, means = np.asarray(auxiliaries, dtype=np.float64), np.asarray(known, dtype=np.float64)
    covariance, samples = np.asarray(known_covariance, dtype=np.float64), np.asarray(judged_by, dtype=np.float64)
    samples = samples[:, None] if samples.ndim == 1 else samples
    sets, k = variables.shape
    if means.shape != (k,) or covariance.shape != (k, k) or len(samples) != sets:
        raise ValueError(f"{k} variables of {sets} sets, but known {means.shape}, {covariance.shape}, {samples.shape}")
    centred, turn = _independent(variables)
    if not turn.shape[1]:
        return Declined.NOTHING_VARIES
    if sets < max(LEAST_SETS, SETS_A_VARIABLE * turn.shape[1]):
        return Declined.FEW_SETS
    basis = centred @ turn
    values = 1 / sets + basis @ (turn.T @ (means - variables.mean(axis=0)))
    if values.min() < 0:
        return Declined.NEGATIVE
    turned = turn.T @ covariance @ turn
    factor = _factor(samples, basis, values, turned)
    if not factor >= LEAST_FACTOR:
        return Declined.DOES_NOT_PAY
    return Weights(values / values.sum(), basis, turned, factor)


def _independent(variables: Array) -> tuple[Array, Array]:
    """The variables about their means, and the (k, r) matrix that turns them into r orthonormal ones."""
    centred = variables - variables.mean(axis=0)
    spread = np.sqrt((centred**2).sum(axis=0))
    varies = spread > 1e-9 * np.abs(variables).max(axis=0, initial=0) * math.sqrt(max(1, len(variables)))
    scale = np.where(varies, 1 / np.where(varies, spread, 1.0), 0.0)
    _, sizes, right = np.linalg.svd(centred * scale, full_matrices=False)
    kept = sizes > DEPENDENT * max(1.0, float(sizes.max(initial=0)))
    return centred, scale[:, None] * right[kept].T / sizes[kept]


def _factor(samples: Array, basis: Array, values: Array, covariance: Array) -> float:
    """The median factor over the samples that vary; nan where none does."""
    defined = samples[:, ~np.isnan(samples).any(axis=0)]
    apart = defined - defined.mean(axis=0)
    plain = (apart**2).sum(axis=0)
    varies = plain > (1e-12 * np.abs(defined).max(axis=0, initial=0)) ** 2 * len(samples)
    if not varies.any():
        return math.nan
    sets, slopes = len(samples), basis.T @ apart[:, varies]
    leverage = 1 / sets + (basis**2).sum(axis=1)
    left_out = (apart[:, varies] - basis @ slopes) / np.maximum(1 - leverage, 1e-9)[:, None]
    own = ((sets * values[:, None] * left_out) ** 2).sum(axis=0) / (sets * (sets - 1))
    own += np.einsum("ij,ik,kj->j", slopes, covariance, slopes)
    usual = plain[varies] / (sets * (sets - 1))
    with np.errstate(divide="ignore"):
        return float(np.median(usual / own))
