"""From records to the numbers of a scenario, each with its interval: rates, chances, durations, delays, holdings.

Records are few, so every estimate is Bayesian with a weak prior and a central credible interval: it stays defined with
no case at all, and shows how little is known. The same record gives the same numbers, to the last digit. Times are in
the unit of what is passed in (months or days).

References: Brown, Cai & DasGupta, "Interval estimation for a binomial proportion", *Statistical Science* 16 (2001),
for the Jeffreys prior; Gelman et al., *Bayesian Data Analysis*, 3rd ed., ch. 2 (rates), ch. 3 (grids), ch. 8
(censoring).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Grid = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted number with its credible interval."""

    value: float
    """The number to use: the posterior's mean for rates and chances, its median for means and spreads."""
    low: float
    high: float
    cases: int
    """Observations that it rests on."""

    def __str__(self) -> str:
        return f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g}; {self.cases} cases)"


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of months above a threshold."""

    start: int
    """Index of its first month."""
    months: int
    """Number of months that it touches."""
    total: float
    """Sum over its months."""
    peak: float
    """Its largest month."""
    ended: bool
    """False where the series ends while it still goes on."""

    def lasted(self) -> tuple[float, float]:
        """Least and most months that it can have lasted, since it may begin and end in mid-month."""
        return max(0.0, self.months - 2.0), float(self.months) if self.ended else math.inf


def episodes(monthly: ArrayLike, threshold: float) -> tuple[Episode, ...]:
    """The runs of months above `threshold` in a series without gaps; one that began before the series is left out."""
    series = np.asarray(monthly, dtype=float)
    above = np.concatenate(([False], series > threshold, [False])).astype(int)
    starts, ends = np.flatnonzero(np.diff(above) == 1), np.flatnonzero(np.diff(above) == -1)
    runs = (
        Episode(
            start=int(start),
            months=int(end - start),
            total=float(series[start:end].sum()),
            peak=float(series[start:end].max()),
            ended=bool(end < series.size),
        )
        for start, end in zip(starts, ends, strict=True)
    )
    return tuple(run for run in runs if run.start > 0)


def calm_months(monthly: ArrayLike, threshold: float) -> int:
    """Months after which an episode could have begun: at or below `threshold`, the last one left out."""
    series = np.asarray(monthly, dtype=float)
    return int((series[:-1] <= threshold).sum())


def rate(events: int, exposure: float, confidence: float = 0.95) -> Fit:
    """Events per unit of `exposure`: Poisson with the Jeffreys prior, so a gamma with shape `events` + 1/2."""
    from scipy.special import gammaincinv

    if events < 0 or exposure <= 0:
        raise ValueError(f"needs no fewer than 0 events in more than 0 exposure, not {events} in {exposure}")
    shape, tail = events + 0.5, (1 - confidence) / 2
    low, high = (float(gammaincinv(shape, each)) / exposure for each in (tail, 1 - tail))
    return Fit(shape / exposure, 0.0 if events == 0 else low, high, events)


def every(events: int, exposure: float, confidence: float = 0.95) -> Fit:
    """Mean interval between events, in the unit of `exposure`: the inverse of `rate`; no upper end without an event."""
    per_unit = rate(events, exposure, confidence)
    high = 1 / per_unit.low if per_unit.low > 0 else math.inf
    return Fit(1 / per_unit.value, 1 / per_unit.high, high, events)


def chance(times: int, of: int, confidence: float = 0.95) -> Fit:
    """Chance of something that happened `times` in `of` cases: binomial with the Jeffreys prior."""
    from scipy.special import betaincinv

    if not 0 <= times <= of:
        raise ValueError(f"cannot have happened {times} times in {of} cases")
    tail = (1 - confidence) / 2
    low, high = (float(betaincinv(times + 0.5, of - times + 0.5, each)) for each in (tail, 1 - tail))
    return Fit((times + 0.5) / (of + 1), 0.0 if times == 0 else low, 1.0 if times == of else high, of)


@dataclass(frozen=True, slots=True)
class Spread:
    """A lognormal variable fitted to few cases: what a scenario writes as `{lognormal: {mean, sd}}`."""

    mean: Fit
    """Mean of the variable itself."""
    sd: Fit
    """Standard deviation of the variable itself."""
    median: Fit
    """Its median: what the fit's own uncertainty moves up and down, while cases spread about it as they do."""
    likely: tuple[float, float]
    """10 and 90 % points of the next case, uncertainty of the fit included."""
    nearly_sure: tuple[float, float]
    """The ends of its 95 % prediction interval."""
    cases: int

    def next_case(self) -> tuple[float, float]:
        """Mean and standard deviation of the lognormal that has the next case's 95 % prediction interval.

        It is as wide as cases differ from one another, and as the fit is uncertain: what a scenario writes for a case
        that is not among these. The lognormal of `mean` and `sd` is what the known cases came from, if they are many.
        """
        low, high = (math.log(end) for end in self.nearly_sure)
        middle, sigma = (low + high) / 2, (high - low) / 2 / TO_975
        mean = math.exp(middle + sigma**2 / 2)
        return mean, mean * math.sqrt(math.expm1(sigma**2))


TO_975 = 1.959963984540054
"""Standard deviations from a normal's median to its 97.5 % point."""


@dataclass(frozen=True, slots=True)
class Delays:
    """The steps of a loan's paper and of its move, fitted for a case that is not among the documented ones."""

    vote: Spread
    """Days from the request to the Council's vote."""
    consent: Spread
    """Days from the request to the contributor's consent, where it was not given before the vote."""
    arrival: Spread
    """Days from the last paper to the first arrival of a unit with its equipment, less the journey."""
    people: Spread
    """The same of people by themselves: observers, civilian staff."""
    given: int
    """Cases whose contributor had agreed before the vote."""
    late: int
    """Cases whose contributor agreed later."""


def delays(cases: Iterable[Mapping[str, str]], without: str | None = None) -> Delays:
    """Fit the documented delays (rows of `data/delays.csv`) that had a crisis behind them, one case left out.

    The weak priors have their middle where somebody would have guessed without any case.
    """
    rows = [row for row in cases if row["case"] != without and row["urgent"] == "yes"]

    def known(step: str, who: str = "") -> list[float | tuple[float, float]]:
        return [_ends(row) for row in rows if row["step"] == step and who in ("", row["who"])]

    return Delays(
        vote=lognormal(known("vote"), prior_median=7),
        consent=lognormal(known("consent after the request"), prior_median=20),
        arrival=lognormal(known("last paper to arrival", "units"), prior_median=7),
        people=lognormal(known("last paper to arrival", "people"), prior_median=7),
        given=len(known("consent before the vote")),
        late=len(known("consent after the request")),
    )


def _ends(row: Mapping[str, str]) -> float | tuple[float, float]:
    """A row's bounds less the journey, which a scenario works out from its own distances."""
    low, high = (max(0.0, float(row[word]) - float(row["journey_days"])) for word in ("low_days", "high_days"))
    return low if low == high else (low, high)


def lognormal(
    cases: Sequence[float | tuple[float, float]],
    prior_median: float,
    prior_factor: float = 3.0,
    confidence: float = 0.95,
) -> Spread:
    """A lognormal for durations that are known exactly (to half a unit), or as a range (low, high).

    A range may start at 0 (at most) and end at infinity (still going on): that is how censored cases are said. The
    prior is weak: the median is within a factor `prior_factor` of `prior_median` (one standard deviation), and the
    logarithm's standard deviation is half-normal with scale 1. The posterior is summed on a grid of 161 × 161 points.
    """
    if prior_median <= 0 or prior_factor <= 1:
        raise ValueError("needs a prior_median above 0 and a prior_factor above 1")
    centre, width = math.log(prior_median), math.log(prior_factor)
    ranges = [_range(case) for case in cases]
    median, sigma, weight = _posterior(ranges, (centre, width), centre + 4 * width * _STEPS, 1.6 * (1 + _STEPS))
    middle, spread = float((weight * median).sum()), float((weight * sigma).sum())
    reach = 6 * max(0.02, math.sqrt(float((weight * (median - middle) ** 2).sum())))
    deep = 6 * max(0.02, math.sqrt(float((weight * (sigma - spread) ** 2).sum())))
    if reach < 2 * width:  # many cases: look closer
        near = (max(0.01, spread - deep), spread + deep)
        fine = near[0] + (near[1] - near[0]) * (1 + _STEPS) / 2
        median, sigma, weight = _posterior(ranges, (centre, width), middle + reach * _STEPS, fine)
    mean = np.exp(np.minimum(median + sigma**2 / 2, 50.0))
    return Spread(
        mean=_marginal(mean, weight, len(cases), confidence),
        sd=_marginal(mean * np.sqrt(np.expm1(sigma**2)), weight, len(cases), confidence),
        median=_marginal(np.exp(median) + 0 * sigma, weight, len(cases), confidence),
        likely=(_next_case(0.1, median, sigma, weight), _next_case(0.9, median, sigma, weight)),
        nearly_sure=(_next_case(0.025, median, sigma, weight), _next_case(0.975, median, sigma, weight)),
        cases=len(cases),
    )


_STEPS: Grid = np.linspace(-1, 1, 161)


def _posterior(
    ranges: list[tuple[float, float]], prior: tuple[float, float], medians: Grid, sigmas: Grid
) -> tuple[Grid, Grid, Grid]:
    """The grid (log-median down, its standard deviation across) and the posterior's weight at each point."""
    median, sigma = medians[:, None], np.maximum(sigmas, 0.01)[None, :]
    log_weight = -0.5 * ((median - prior[0]) / prior[1]) ** 2 - 0.5 * sigma**2
    for low, high in ranges:
        log_weight = log_weight + np.log(_between(low, high, median, sigma) + 1e-300)
    weight: Grid = np.exp(log_weight - log_weight.max())
    return median, sigma, weight / weight.sum()


def _range(case: float | tuple[float, float]) -> tuple[float, float]:
    """A case as (low, high); a number of days is known to half a day."""
    low, high = case if isinstance(case, tuple) else (max(0.0, case - 0.5), case + 0.5)
    if not 0 <= low < high:
        raise ValueError(f"a case must be a range that rises from 0 or more, not {case}")
    return low, high


def _between(low: float, high: float, median: Grid, sigma: Grid) -> Grid:
    """Chance that the variable falls between `low` and `high`, at each point of the grid."""
    from scipy.special import ndtr

    up = ndtr((math.log(high) - median) / sigma) if high < math.inf else np.ones((median.size, sigma.size))
    down = ndtr((math.log(low) - median) / sigma) if low > 0 else 0.0
    found: Grid = up - down
    return found


def _marginal(quantity: Grid, weight: Grid, cases: int, confidence: float) -> Fit:
    """Median and central interval of a quantity under the posterior."""
    order = np.argsort(quantity, axis=None)
    cumulative = np.cumsum(weight.ravel()[order])
    tail = (1 - confidence) / 2
    places = np.minimum(np.searchsorted(cumulative, [0.5, tail, 1 - tail]), quantity.size - 1)
    value, low, high = quantity.ravel()[order][places]
    return Fit(float(value), float(low), float(high), cases)


def _next_case(share: float, median: Grid, sigma: Grid, weight: Grid) -> float:
    """The `share` quantile of a further case, by bisection on the logarithm."""
    from scipy.special import ndtr

    low, high = float(median.min()) - 12.0, float(median.max()) + 12.0
    for _ in range(60):
        middle = (low + high) / 2
        if float((weight * ndtr((middle - median) / sigma)).sum()) < share:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)


def shares(values: Sequence[float], bounds: Sequence[float], confidence: float = 0.95) -> tuple[Fit, ...]:
    """Share of `values` in each class: up to the first bound, between bounds, above the last (each on its own)."""
    classes = np.searchsorted(np.asarray(bounds, dtype=float), np.asarray(values, dtype=float))
    return tuple(chance(int((classes == each).sum()), len(values), confidence) for each in range(len(bounds) + 1))


def holdings(strength: ArrayLike, people_per_unit: float, months_held: int = 3) -> tuple[tuple[int, int], ...]:
    """(index of the month, whole units) at the start and at every change that lasts.

    A change lasts where the next `months_held` months all lie above, or all below, the units before; it goes to the
    nearest of them, so that a spike changes nothing and a ramp is followed step by step.
    """
    if people_per_unit <= 0 or months_held < 1:
        raise ValueError("needs people_per_unit above 0 and months_held of at least 1")
    units = np.floor(np.asarray(strength, dtype=float) / people_per_unit + 0.5).astype(int).tolist()
    return tuple(_lasting(units, months_held))


def _lasting(units: list[int], months_held: int) -> Iterator[tuple[int, int]]:
    current = units[0]
    yield 0, current
    for month in range(1, len(units) - months_held + 1):
        ahead = units[month : month + months_held]
        nearest = min(ahead) if min(ahead) > current else max(ahead)
        if min(ahead) > current or max(ahead) < current:
            current = nearest
            yield month, current


def correlation(one: ArrayLike, other: ArrayLike, block: int = 6, confidence: float = 0.95) -> Fit:
    """Correlation of log(1 + x) of two monthly series, with a circular block bootstrap interval (Künsch 1989).

    `block` is in months; 4,000 resamples with a fixed seed. nan where a series is constant: then nothing can be said.
    """
    pair = np.log1p(np.stack([np.asarray(one, dtype=float), np.asarray(other, dtype=float)]))
    months = pair.shape[1]
    if months < 3 or (pair.max(axis=1) == pair.min(axis=1)).any():
        return Fit(math.nan, math.nan, math.nan, months)
    starts = np.random.default_rng(1).integers(0, months, (4000, -(-months // block)))
    places = ((starts[:, :, None] + np.arange(block)) % months).reshape(4000, -1)[:, :months]
    first, second = (each[places] - each[places].mean(axis=1, keepdims=True) for each in pair)
    spread = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    found = (first * second).sum(axis=1)[spread > 0] / spread[spread > 0]
    low, high = np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Fit(float(np.corrcoef(pair)[0, 1]), float(low), float(high), months)
