"""Which option may be best, and how sure one can be of it.

Options are compared set by set, on the same crises. `samples` map an option's name to one value a set, all of one
length and in the same order; a set in which any option is undefined (nan) is left out. Less is better. Options that do
the same whatever comes (`alike`) are one: nothing can tell them apart.

References: Chang and Hsu (1992), Journal of the American Statistical Association 87 (`simultaneous`); the shares of
resamples are Efron's bootstrap over sets.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.statistics.intervals import USUAL, SetEstimate, Terms
from sim.statistics.simultaneous import against_the_best, all_pairs

Matrix = NDArray[np.float64]

RESAMPLES = 4000
"""Bootstrap resamples: a share of 50 % is then known to 1.6 points."""
MOST_RESAMPLED = 2_000
"""Sets above which the means of resamples are drawn from their normal limit instead, which is as good and takes no
longer for a million of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One option against the best of the others."""

    name: str
    mean: float
    """Mean of its own sample."""
    low: float
    """Lower end of the interval of its mean minus that of the best of the others; all options' hold at once. nan
    where it is not known."""
    high: float
    """Upper end: 0 says that it is the best. nan where it is not known."""
    may_be_best: bool
    """Whether it could not be ruled out as the best."""
    chance_best: float
    """Share of the resamples of the sets in which its mean is the best; ties are shared. nan where some two options
    that may be best cannot be compared: resampling would say more than the sets know."""


@dataclass(frozen=True)
class Ranking:
    """All options against the best."""

    standings: Mapping[str, Standing]
    pairs: Mapping[tuple[str, str], SetEstimate]
    """(one, other) -> one − other, all true at once."""
    confidence: float
    """With at least this confidence, `may_be_best` holds the best option and every interval is true, all at once."""
    sets: int

    @property
    def may_be_best(self) -> tuple[str, ...]:
        """The options that could not be ruled out, best mean first."""
        left = [standing for standing in self.standings.values() if standing.may_be_best]
        return tuple(standing.name for standing in sorted(left, key=lambda one: one.mean))


def rank(samples: Mapping[str, ArrayLike], terms: Terms = USUAL, alike: Mapping[str, str] | None = None) -> Ranking:
    """Multiple comparisons with the best, the options that may be best, and all pairs of options.

    `alike`: option -> the first that does the same (itself for most), where known. ValueError without an option.
    """
    first = {name: name for name in samples} | dict(alike or {})
    names = list(dict.fromkeys(first[name] for name in samples))
    if not names:
        raise ValueError("there is no option to compare")
    table = np.stack([np.asarray(samples[name], dtype=np.float64).ravel() for name in names], axis=1)
    found, pairs = against_the_best(table, terms), all_pairs(table, terms)
    may = [number for number, each in enumerate(found) if each.may_be_best]
    known = all(each.known for pair, each in pairs.items() if set(pair) <= set(may))
    complete = table[~np.isnan(table).any(axis=1)]
    chances = _chances_best(complete, terms) if known and len(complete) else [math.nan] * len(names)
    sharing = {name: list(first.values()).count(name) for name in names}
    standings = {}
    for name in samples:
        at = names.index(first[name])
        low, high = (each if math.isfinite(each) else math.nan for each in (found[at].low, found[at].high))
        share = chances[at] / sharing[first[name]]
        standings[name] = Standing(name, _mean(table[:, at], terms), low, high, found[at].may_be_best, share)
    return Ranking(standings, _named(pairs, names, first, list(samples)), terms.confidence, len(complete))


def _mean(column: Matrix, terms: Terms) -> float:
    if terms.weights is not None:
        return terms.weights.mean(column)
    return float(np.nanmean(column)) if not np.isnan(column).all() else math.nan


def _named(
    pairs: Mapping[tuple[int, int], SetEstimate],
    names: list[str],
    first: Mapping[str, str],
    options: list[str],
) -> dict[tuple[str, str], SetEstimate]:
    """All pairs of options by name, those that do the same included."""
    number = {name: names.index(first[name]) for name in options}
    sets = max((each.sets for each in pairs.values()), default=0)
    told = {}
    for place, one in enumerate(options):
        for other in options[place + 1 :]:
            a, b = number[one], number[other]
            if a == b:
                told[one, other] = SetEstimate(0.0, 0.0, 0.0, 0.0, sets)
            elif (a, b) in pairs:
                told[one, other] = pairs[a, b]
            else:
                told[one, other] = pairs[b, a].turned()
    return told


def _chances_best(values: Matrix, terms: Terms) -> list[float]:
    """By column, the share of resamples of the rows in which its mean is the smallest; ties are shared equally."""
    if terms.weights is not None and len(values) == len(terms.weights.values):
        values = np.stack([terms.weights.influence(column)[1] for column in values.T], axis=1)
    n, k = values.shape
    luck, scale = np.random.default_rng(1), float(np.abs(values).max(initial=0))
    centre, wins = values.mean(axis=0), np.zeros(k)
    covariance = np.atleast_2d(np.cov(values, rowvar=False)) / n if n > 1 else np.zeros((k, k))
    for _ in range(RESAMPLES // 100):
        if n > MOST_RESAMPLED:
            means = luck.multivariate_normal(centre, covariance, size=100)
        else:
            means = luck.multinomial(n, np.full(n, 1 / n), size=100) @ values / n
        # Equal options must tie, whatever the order in which they are summed.
        best = means <= means.min(axis=1, keepdims=True) + 1e-9 * scale
        wins += (best / best.sum(axis=1, keepdims=True)).sum(axis=0)
    return [float(win) / RESAMPLES for win in wins]
