"""Smooth regressions of a few outcomes on one variable, or on several at once, with smoothness by cross-validation.

A smooth is a table of features, (sets, terms), the first of which is 1, and candidate penalties of these terms: the
fit is a weighted ridge regression, and the candidate is the one whose fit predicts each set best from the others
(leave-one-out, which a ridge has in closed form: Wahba 1990, *Spline Models for Observational Data*, sec. 4.2). One
candidate is always "it does not matter": a constant.

References: Wood, *Generalized Additive Models*, 2nd ed., sec. 5.3 (cubic regression splines), 5.4.2 (their natural
parameters); Durrande, Ginsbourger & Roustant (2012), Annales de la faculté des sciences de Toulouse 21:481 (sums of
smooths of one and of two variables).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

KNOTS = 7
CURVED = np.logspace(-4, 1.5, 8)
"""Penalties of a curve's bends: from nearly as its knots allow to nearly straight."""
SHRUNK = np.array([1e-3, 1e-2, 0.03, 0.1, 0.3, 1.0])
"""Penalties of the means of categories: from as they are to nearly all alike."""
JOINT = np.logspace(-4, 1, 6)
RELEVANCE = (0.5, 1.0, 2.0)
"""How much more a smooth of several variables may owe to those that matter by themselves."""
HARDLY = 1e-6
"""A penalty of every term, so that one has a coefficient of which the sets say nothing: 0."""
NEVER = 1e8
"""A penalty that leaves nothing of its term."""
MOST_IN_PAIRS = 5
"""Variables whose products are looked at: those that matter most by themselves."""
BENDS_TOGETHER = 4
"""Terms of each variable in a smooth of several."""


@dataclass(frozen=True)
class Smooth:
    """What a regression may be made of."""

    features: Array
    """(sets, terms); the first term is 1."""
    penalties: Array
    """(candidates, terms), by unit of weight; the last candidate is the constant."""
    at: Callable[[Array], Array]
    """The features at other values of the variable: (values,) → (values, terms)."""


def curve(values: Array) -> Smooth:
    """A smooth of one number: a constant, a straight line, or a natural cubic spline with up to seven knots."""
    from scipy.interpolate import CubicSpline

    knots = np.unique(np.quantile(values, np.linspace(0, 1, KNOTS), method="closest_observation"))
    if len(knots) < 2:
        return _constant(len(values))
    centre, scale = float(values.mean()), float(values.std())
    spline = CubicSpline((knots - centre) / scale, np.eye(len(knots)), bc_type="natural")
    basis = spline((values - centre) / scale)
    turned, roughness = _natural_parameters(basis, _roughness(spline), (values - centre) / scale)

    def at(points: Array) -> Array:
        found: Array = spline((points - centre) / scale) @ turned
        return found

    flat = np.r_[0.0, np.full(len(knots) - 1, NEVER)]
    straight = np.r_[0.0, 0.0, np.full(len(knots) - 2, NEVER)]
    bends = [np.r_[0.0, 0.0, each * roughness[2:]] for each in CURVED] if len(knots) > 2 else []
    return Smooth(basis @ turned, np.array([*bends, straight, flat]), at)


def levels(places: Array, count: int) -> Smooth:
    """The means of `count` categories, drawn towards one another; `places` says which category each set has."""
    share = np.bincount(places.astype(int), minlength=count) / len(places)

    def at(points: Array) -> Array:
        return np.column_stack([np.ones(len(points)), np.eye(count)[points.astype(int)] - share])

    penalties = np.array([[0.0, *[each] * count] for each in (*SHRUNK, NEVER)])
    return Smooth(at(places), penalties, at)


def together(smooths: Sequence[Smooth], relevance: Sequence[float]) -> Smooth:
    """A smooth of all variables that matter: the sum of their own smooths and of products of every two.

    `relevance`: the share of the outcomes' spread that each explains by itself. What explains more is held back less;
    what explains nothing by itself is left out, and so are its products.
    """
    sets = len(smooths[0].features)
    order = [each for each in np.argsort(-np.array(relevance), kind="stable").tolist() if relevance[each] > 0]
    if not order:
        return _constant(sets)
    most = relevance[order[0]]
    columns, rough, weight = [], [], []
    for each in order:
        terms = smooths[each].features[:, 1 : 1 + BENDS_TOGETHER]
        columns += list(terms.T)
        rough += (0.1 * 4.0 ** np.arange(terms.shape[1])).tolist()
        weight += [relevance[each] / most] * terms.shape[1]
    for one, other in combinations(order[:MOST_IN_PAIRS], 2):
        columns.append(smooths[one].features[:, 1] * smooths[other].features[:, 1])
        rough.append(1.0)
        weight.append(float(np.sqrt(relevance[one] * relevance[other])) / most)
    features = np.column_stack([np.ones(sets), *(each - each.mean() for each in columns)])
    scaled = [np.array(rough) / np.array(weight) ** power for power in RELEVANCE]
    bends = [np.r_[0.0, strength * each] for each in scaled for strength in JOINT]
    return Smooth(features, np.array([*bends, np.r_[0.0, np.full(len(rough), NEVER)]]), _nowhere_else)


def leave_one_out(smooth: Smooth, outcomes: Array, weights: Array) -> Array:
    """Mean squared error at each set, fitted without it: (candidates, outcomes). `weights`: (sets,), 0 leaves out."""
    features = smooth.features
    inverse = np.linalg.inv(_normal_matrix(features, weights) + _diagonal(smooth.penalties, weights.sum()))
    reached = features @ inverse  # (candidates, sets, terms)
    fitted = reached @ (features.T * weights @ outcomes)
    own = np.einsum("cst,st->cs", reached, features) * weights
    apart = (outcomes - fitted) / np.maximum(1 - own, 1e-9)[..., None]
    errors: Array = np.einsum("s,cso->co", weights, apart**2) / weights.sum()
    return errors


def chosen(errors: Array) -> NDArray[np.int64]:
    """By outcome, the candidate that predicts best; of equals the simplest."""
    last = len(errors) - 1
    found: NDArray[np.int64] = last - np.argmin(errors[::-1], axis=0)
    return found


def explained(errors: Array) -> Array:
    """By outcome, the share of its spread that the best candidate predicts of sets it has not seen: 0 to 1."""
    least, constant = errors.min(axis=0), errors[-1]
    return np.where(constant > 0, 1 - least / np.where(constant > 0, constant, 1), 0.0)


def coefficients(smooth: Smooth, outcomes: Array, weights: Array, candidates: NDArray[np.int64]) -> Array:
    """The terms' coefficients of each outcome under its candidate, for several weightings: (weightings, terms,
    outcomes). `weights`: (weightings, sets)."""
    features = smooth.features
    normal = _normal_matrix(features, weights)
    sides = (features.T * weights[:, None, :]) @ outcomes
    found = np.empty_like(sides)
    for candidate in np.unique(candidates).tolist():
        which = np.flatnonzero(candidates == candidate)
        penalty = _diagonal(smooth.penalties[candidate], weights.sum(axis=1, keepdims=True))
        found[:, :, which] = np.linalg.solve(normal + penalty, sides[:, :, which])
    return found


def _constant(sets: int) -> Smooth:
    return Smooth(np.ones((sets, 1)), np.zeros((1, 1)), lambda points: np.ones((len(points), 1)))


def _nowhere_else(points: Array) -> Array:
    raise ValueError(f"a smooth of several variables is known at its sets only, not at {len(points)} other values")


def _roughness(spline: object) -> Array:
    """The integral of the product of every two second derivatives, which are straight between knots."""
    knots = np.asarray(spline.x)  # type: ignore[attr-defined]
    second = np.asarray(spline(knots, 2))  # type: ignore[operator]
    step = np.diff(knots)
    middle = np.r_[step, 0] / 3 + np.r_[0, step] / 3
    mass = np.diag(middle) + np.diag(step / 6, 1) + np.diag(step / 6, -1)
    found: Array = second.T @ mass @ second
    return found


def _natural_parameters(basis: Array, roughness: Array, values: Array) -> tuple[Array, Array]:
    """What turns a spline's basis into uncorrelated terms of mean square 1 (1, the straight line, then bends, the
    smoothest first), and the roughness of each, that of the first bend being 1."""
    lower = np.linalg.cholesky(basis.T @ basis / len(basis))
    left = np.linalg.solve(lower, np.linalg.solve(lower, roughness).T)
    rough, turn = np.linalg.eigh((left + left.T) / 2)
    turned: Array = np.linalg.solve(lower.T, turn)
    # The first two are not rough, in an order that means nothing: 1 and the line take their places.
    line = np.column_stack([np.ones(len(values)), (values - values.mean()) / values.std()])
    turned[:, :2] = np.linalg.lstsq(basis, line, rcond=None)[0]
    return turned, np.r_[0.0, 0.0, rough[2:] / rough[2]] if len(rough) > 2 else np.zeros(2)


def _normal_matrix(features: Array, weights: Array) -> Array:
    """(terms, terms) for each weighting."""
    found: Array = (features.T * weights[..., None, :]) @ features
    return found


def _diagonal(penalties: Array, weight: Array | float) -> Array:
    """The penalties as matrices; that of the constant is nothing."""
    held = penalties + HARDLY * (np.arange(penalties.shape[-1]) > 0)
    found: Array = (held * weight)[..., None] * np.eye(penalties.shape[-1])
    return found
