"""Whether intervals still hold after the choice of the weights: many cells, with doubts and without.

Eight cells (four missions, two resources) whose requirement of a set is Gamma distributed about the mean of its world;
three options lose what goes beyond a limit of theirs, times luck; five doubts are Sobol's, as in a run. One doubt acts
on the losses alone. Means are exact: by incomplete Gamma functions, and by quadrature over each doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from sim.comparison.set_weights import candidates, weights_of
from sim.statistics.calibration_weights import Declined
from sim.statistics.even_points import TOGETHER, even_points
from sim.statistics.intervals import Terms, difference_of, mean_of, ratio_of
from tests.statistics.measuring import Told, told

Array = NDArray[np.float64]
CELLS = tuple((mission, resource) for mission in "ABCD" for resource in ("company", "helicopter"))
DOUBTS = 5
LEVEL, STEEP, ON_LOSSES = 100.0, 0.8, 1.5
"""Mean requirement of a cell in the middle of all doubts; how strongly doubts act on it, and on the losses."""
LUCK = (0.3, 0.2)
"""Standard deviation of the logarithms of luck that the options share, and of luck of their own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a set's requirement of a cell scatters, and what each option meets of it."""

    name: str
    shape: float
    """Of the Gamma distribution: small where the requirement comes in rare large lumps."""
    limits: tuple[float, ...]

    def means(self, doubts: bool) -> Array:
        """Exact mean loss of every option."""
        nodes, weights = np.polynomial.legendre.leggauss(64)
        apart, weights = (nodes / 2, weights / 2) if doubts else (np.zeros(1), np.ones(1))
        level, share = LEVEL * np.exp(STEEP * apart), np.exp(ON_LOSSES * apart)
        found = []
        for limit in self.limits:
            reach = self.shape * limit / level
            beyond = level * gammaincc(self.shape + 1, reach) - limit * gammaincc(self.shape, reach)
            own, other = weights @ (beyond * share), (weights @ beyond) * (weights @ share)
            found.append(sum(own if cell % DOUBTS == DOUBTS - 1 else other for cell in range(len(CELLS))))
        return np.array(found)

    def requirement(self, doubts: bool) -> float:
        """Exact mean over all cells."""
        return len(CELLS) * LEVEL * (2 / STEEP * float(np.sinh(STEEP / 2)) if doubts else 1.0)


KINDS = (
    Kind("near-normal", 25, (60, 80, 90)),
    Kind("skewed", 2, (60, 120, 150)),
    Kind("lumps", 0.5, (300, 400, 450)),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What became of the intervals of one kind."""

    taken: float
    """Share of the experiments in which the sets were weighted."""
    width: float
    """Mean width of the difference between the first and the last option, over that without weights."""
    told: tuple[Told, ...]
    """Mean of the first option and of the last, the difference, the ratio to the requirement."""


def chosen(kind: Kind, sets: int, experiments: int, *, doubts: bool, seed: int = 8) -> Chosen:
    """So many experiments of so many sets (at most TOGETHER), weighted as a run is."""
    luck = np.random.default_rng(seed)
    found, taken, widths = [], 0, []
    for _ in range(experiments):
        required, known, losses, apart = _experiment(kind, luck, sets, doubts=doubts)
        names = dict(zip("abc", losses.T, strict=True))
        weights = weights_of(candidates(required - known, CELLS), apart, names, "a")
        taken += not isinstance(weights, Declined)
        terms = Terms(weights=None if isinstance(weights, Declined) else weights)
        first, last = names["a"], names["c"]
        difference, plain = difference_of(last, first, terms), difference_of(last, first)
        ratio = ratio_of(first, required.sum(axis=1), terms)
        found.append((mean_of(first, terms), mean_of(last, terms), difference, ratio))
        widths.append((difference.high - difference.low, plain.high - plain.low))
    means, requirement = kind.means(doubts), kind.requirement(doubts)
    truths = (means[0], means[-1], means[-1] - means[0], means[0] / requirement)
    quantities = ("mean", "mean of the last", "difference", "ratio")
    each = tuple(map(told, quantities, map(list, zip(*found, strict=True)), map(float, truths)))
    weighted, usual = np.nanmean(np.array(widths), axis=0)
    return Chosen(taken / experiments, float(weighted / usual), each)


def _experiment(kind: Kind, luck: np.random.Generator, sets: int, *, doubts: bool) -> tuple[Array, Array, Array, Array]:
    """Requirement by cell, its mean in each world, losses by option, and the doubts from their middles."""
    assert sets <= TOGETHER
    keys = [int(each) for each in luck.integers(0, 2**63, DOUBTS)] if doubts else []
    apart = even_points(keys, 0)[:sets] - 0.5 if doubts else np.zeros((sets, 0))
    felt = apart if doubts else np.zeros((sets, DOUBTS))
    known = LEVEL * np.exp(STEEP * felt[:, [cell % DOUBTS for cell in range(len(CELLS))]])
    required = known * luck.gamma(kind.shape, 1 / kind.shape, known.shape)
    shared = np.exp(ON_LOSSES * felt[:, -1]) * _lognormal(luck, LUCK[0], sets)
    beyond = [np.maximum(required - limit, 0).sum(axis=1) for limit in kind.limits]
    return required, known, np.stack([each * shared * _lognormal(luck, LUCK[1], sets) for each in beyond], 1), apart


def _lognormal(luck: np.random.Generator, sd: float, count: int) -> Array:
    values: Array = luck.lognormal(-(sd**2) / 2, sd, count)
    return values
