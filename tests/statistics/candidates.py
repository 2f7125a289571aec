"""The intervals among which the product's was chosen, each for many samples at once: (experiments, sets).

Every function says which samples' 95 % intervals hold `truth`. References: Johnson (1978), Journal of the American
Statistical Association 73:536, with Chen's (1995, ibid. 90:767) form; Hall (1992), Journal of the Royal Statistical
Society B 54:221; Efron and Tibshirani, *An Introduction to the Bootstrap*, sec. 12.5 (bootstrap-t); Owen, *Empirical
Likelihood*, sec. 2.4, with the F limit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri, stdtrit

from sim.statistics.intervals import limits

Array = NDArray[np.float64]
Held = NDArray[np.bool_]
NEAR = 1e-9
"""Rounding that no interval is blamed for."""


def student(samples: Array, truth: float) -> Held:
    mean, error, _ = _moments(samples)
    return np.asarray(np.abs(mean - truth) <= _quantile(samples) * error + NEAR)


def johnson(samples: Array, truth: float) -> Held:
    mean, error, skewness = _moments(samples)
    quantile, n = _quantile(samples), samples.shape[1]
    shifted = mean + skewness * error / (6 * np.sqrt(n)) * (1 + 2 * quantile**2)
    return np.asarray(np.abs(shifted - truth) <= quantile * error + NEAR)


def hull(samples: Array, truth: float) -> Held:
    """Student's and Hall's together: what the product takes, before it asks whether a sample bears an interval."""
    mean, error, skewness = _moments(samples)
    n = np.full(mean.shape, float(samples.shape[1]))
    low, high = limits(mean, error, skewness, n, np.full(mean.shape, _quantile(samples)))
    return np.asarray((low - NEAR <= truth) & (truth <= high + NEAR))


def hall(samples: Array, truth: float) -> Held:
    mean, error, skewness = _moments(samples)
    steep = skewness / np.sqrt(samples.shape[1])
    t = np.where(error > 0, (mean - truth) / np.where(error > 0, error, 1), 1e9)
    t = np.where((error == 0) & (np.abs(mean - truth) <= NEAR), 0, t)
    bent = t + steep * t**2 / 3 + steep**2 * t**3 / 27 + steep / 6
    return np.asarray(np.abs(bent) <= _quantile(samples) + NEAR)


def bootstrap_t(samples: Array, truth: float, resamples: int = 999) -> Held:
    mean, error, _ = _moments(samples)
    generator, held = np.random.default_rng(1), []
    for sample, centre, spread in zip(samples, mean, error, strict=True):
        drawn = sample[generator.integers(0, sample.size, (resamples, sample.size))]
        means, errors, _ = _moments(drawn)
        apart = means - centre
        # A resample without spread is infinitely far off, unless it is not off at all.
        t = np.where(errors > 0, apart / np.where(errors > 0, errors, 1), np.sign(apart) * 1e9)
        low, high = np.quantile(t, (0.025, 0.975))
        held.append(centre - high * spread - NEAR <= truth <= centre - low * spread + NEAR)
    return np.array(held)


def empirical_likelihood(samples: Array, truth: float) -> Held:
    n = samples.shape[1]
    apart = samples - truth
    inside = (apart.min(axis=1) < 0) & (apart.max(axis=1) > 0)
    apart = np.where(inside[:, None], apart, np.linspace(-1, 1, n))
    apart = apart / np.abs(apart).max(axis=1, keepdims=True)
    low, high = (1 / n - 1) / apart.max(axis=1), (1 / n - 1) / apart.min(axis=1)
    for _ in range(60):
        middle = (low + high) / 2
        above = (apart / (1 + middle[:, None] * apart)).sum(axis=1) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    ratio = 2 * np.log(np.maximum(1 + middle[:, None] * apart, 1e-300)).sum(axis=1)
    return np.asarray(inside & (ratio <= n / (n - 1) * fdtri(1, n - 1, 0.95)))


ALL = {
    "Student's t": student,
    "Johnson": johnson,
    "Hall": hall,
    "bootstrap-t": bootstrap_t,
    "empirical likelihood": empirical_likelihood,
    "hull of t and Hall": hull,
}


def _quantile(samples: Array) -> float:
    return float(stdtrit(samples.shape[1] - 1, 0.975))


def _moments(samples: Array) -> tuple[Array, Array, Array]:
    """Mean, standard error and adjusted skewness of each row."""
    n = samples.shape[1]
    mean = samples.mean(axis=1)
    apart = samples - mean[:, None]
    variance = (apart**2).mean(axis=1)
    varies = variance > (1e-12 * np.abs(samples).max(axis=1)) ** 2
    cube = (apart**3).mean(axis=1) / np.where(varies, variance, 1) ** 1.5
    skewness = np.where(varies, cube * np.sqrt(n * (n - 1)) / (n - 2), 0)
    return mean, np.where(varies, np.sqrt(variance / (n - 1)), 0), skewness
