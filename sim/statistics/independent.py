"""Constants for options that are *not* run on the same traces: what common random numbers spare one.

Both assume independent normal samples. Options of one scenario share their traces, so they are compared by `selection`;
these say how far independent runs would have had to go.

References: Rinott (1978), Communications in Statistics A7:799, with the integral of Bechhofer, Santner and Goldsman
(1995); Dunnett (1955), Journal of the American Statistical Association 50:1096; Hsu (1996), *Multiple Comparisons*.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

NODES = 200
"""Of Gauss and Legendre's quadrature, in each dimension: six digits up to about 1,000 options."""


def rinott(options: int, confidence: float, first: int) -> float:
    """Rinott's h: after `first` independent replications, ceil((h S / indifference)²) of each option are needed.

    h solves E[ Φ(h / sqrt((first - 1)(1/X + 1/Y)))^(options - 1) averaged over X given Y ] = confidence, where X and Y
    are chi-square with first - 1 degrees of freedom.
    """
    from scipy.special import chdtri, ndtr

    df = first - 1
    nodes, weights = _unit_interval()
    values = chdtri(df, 1 - nodes)
    spread = np.sqrt(df * (1 / values[:, None] + 1 / values[None, :]))

    def chance(h: float) -> float:
        inner = weights @ ndtr(h / spread)
        return float(weights @ inner ** (options - 1))

    return _solved(chance, confidence)


def dunnett(others: int, df: int, confidence: float) -> float:
    """Dunnett's one-sided d for comparing `others` equal samples with one more, as Hsu's intervals use it.

    Solves E[ E Φ((Z + sqrt(2) d s))^others ] = confidence over a standard normal Z and s² = chi-square(df) / df.
    """
    from scipy.special import chdtri, ndtr, ndtri

    nodes, weights = _unit_interval()
    z, s = ndtri(nodes), np.sqrt(chdtri(df, 1 - nodes) / df)

    def chance(d: float) -> float:
        return float(weights @ (ndtr(z[:, None] + math.sqrt(2) * d * s[None, :]) ** others) @ weights)

    return _solved(chance, confidence)


def _unit_interval() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    nodes, weights = leggauss(NODES)
    return (nodes + 1) / 2, weights / 2


def _solved(chance: Callable[[float], float], confidence: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(lambda constant: chance(constant) - confidence, 1e-9, 100, xtol=1e-10))
