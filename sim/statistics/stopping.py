"""When to stop replicating: precise enough, or one option chosen.

Both rules look at replications one after another, so what they decide never depends on how the replications were
batched. Smaller is better unless said otherwise, as in `selection`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import UsageError
from sim.statistics.estimates import Estimate
from sim.statistics.selection import variances_of_differences

AT_LEAST = 20
"""Fewest replications before the rule may stop; see `Precision`."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Stop when the interval of every difference from the reference is narrow enough.

    The sequential rule of Chow and Robbins (1965; Law, sec. 9.4.1): at the first n from `AT_LEAST` on at which all
    half-widths are at most the target. Stopping when the interval looks narrow makes it miss more often than it says:
    with normal data and 20 replications or more by less than 1 point of 95 %, with very skewed data and fewer than
    about 100 replications by 1 to 3 points. The interval is nominal.
    """

    half_width: float
    """Target: unit-days, or a share of the reference's mean where `relative`."""
    relative: bool = False

    @classmethod
    def parse(cls, text: str) -> Precision:
        """`5%` is relative, `20` is in the measure's own unit; UsageError otherwise."""
        try:
            number = float(text.removesuffix("%"))
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0):
            raise UsageError(f"--precision: must be a number above 0, like 20 or 5%, not {text!r}")
        return cls(number / 100, relative=True) if text.endswith("%") else cls(number)

    def target(self, reference_mean: float) -> float:
        """Half-width to reach, in the measure's unit."""
        return self.half_width * abs(reference_mean) if self.relative else self.half_width

    def reached_at(
        self, reference: ArrayLike, others: Sequence[ArrayLike], *, confidence: float = 0.95, at_least: int = AT_LEAST
    ) -> int | None:
        """The first number of replications, at least `at_least`, that is enough; None while more are needed.

        `reference` and each of `others`: one value per replication, none of them nan. Without others, the reference's
        own mean is what must be precise.
        """
        base = np.asarray(reference, dtype=np.float64)
        apart = [np.asarray(other, dtype=np.float64) - base for other in others] or [base]
        counts = np.arange(1, base.size + 1)
        targets = np.cumsum(base) / counts
        targets = self.half_width * np.abs(targets) if self.relative else np.full(base.size, self.half_width)
        widest = np.max([_half_widths(each, confidence) for each in apart], axis=0)
        enough = (widest <= targets) & (counts >= max(2, at_least))
        return int(counts[enough][0]) if enough.any() else None

    def replications_for(self, difference: Estimate, reference_mean: float, confidence: float = 0.95) -> int | None:
        """A guess, from a pilot's difference, of the replications that will be enough; None where it has no guess."""
        from scipy.special import ndtri

        target = self.target(reference_mean)
        if not (target > 0 and math.isfinite(difference.sd)):
            return None
        return max(AT_LEAST, math.ceil((float(ndtri((1 + confidence) / 2)) * difference.sd / target) ** 2))


@dataclass(frozen=True, slots=True)
class Dropped:
    """An option that fell behind, at which replication and behind whom."""

    name: str
    replication: int
    behind: str


class KimNelson:
    """The sequential selection of Kim and Nelson (2001): options drop out as soon as they fall clearly behind.

    With at least `confidence` the one that is left is the best, wherever the best is better than all others by
    `indifference` or more; otherwise it is, with about that confidence, within `indifference` of the best. Allows
    common random numbers. Exact for normal data; `first` replications (at least 2) estimate the variances of the
    differences, and nothing is dropped before them.

    Feed it whole replications in order; read `alive`, `dropped`, `chosen` and `replications`.
    """

    def __init__(
        self,
        names: Sequence[str],
        indifference: float,
        confidence: float = 0.95,
        *,
        first: int = AT_LEAST,
        smaller_is_better: bool = True,
    ) -> None:
        if len(names) < 2:
            raise UsageError("selection needs at least two options")
        if not 0 < indifference < math.inf:
            raise UsageError(f"--indifference: must be a number above 0, not {indifference:g}")
        self.names = tuple(names)
        self.indifference, self.confidence, self.first = indifference, confidence, max(2, first)
        self.replications = 0
        """Replications looked at; those fed after the choice are not."""
        self.dropped: list[Dropped] = []
        self.eta = ((2 * (1 - confidence) / (len(names) - 1)) ** (-2 / (self.first - 1)) - 1) / 2
        self.h_squared = 2 * self.eta * (self.first - 1)
        self._sign = 1 if smaller_is_better else -1
        self._alive = np.ones(len(names), dtype=bool)
        self._sums = np.zeros(len(names))
        self._opening: list[NDArray[np.float64]] = []
        self._variances: NDArray[np.float64] | None = None

    @property
    def alive(self) -> tuple[str, ...]:
        """The options still in: the only ones that need further replications."""
        return tuple(name for name, alive in zip(self.names, self._alive, strict=True) if alive)

    @property
    def chosen(self) -> str | None:
        """The option selected, None while the race is on."""
        return self.alive[0] if len(self.alive) == 1 else None

    def feed(self, replications: Mapping[str, ArrayLike]) -> None:
        """The next replications of (at least) every option alive: name -> one value each, none of them nan."""
        columns = {name: np.asarray(replications[name], dtype=np.float64).ravel() for name in self.alive}
        nothing = np.full(next(iter(columns.values())).size, math.nan)
        rows = np.stack([columns.get(name, nothing) for name in self.names], axis=1)
        if np.isnan(rows[:, self._alive]).any():
            raise ValueError("a replication of an option that is still in the race is undefined")
        for row in rows:
            if self.chosen is not None:
                return
            self._look_at(self._sign * row)

    def width(self, one: str, other: str) -> float:
        """W(one, other) now: how far behind `one` must be to drop out; nan during the first stage."""
        if self._variances is None:
            return math.nan
        return float(self._widths()[self.names.index(one), self.names.index(other)])

    def _look_at(self, row: NDArray[np.float64]) -> None:
        self.replications += 1
        self._sums += row
        if self.replications <= self.first:
            self._opening.append(row)
        if self.replications == self.first:
            self._variances = variances_of_differences(np.stack(self._opening))
        if self._variances is not None:
            self._screen()

    def _widths(self) -> NDArray[np.float64]:
        assert self._variances is not None
        r, delta = self.replications, self.indifference
        widths: NDArray[np.float64] = np.maximum(0, delta / (2 * r) * (self.h_squared * self._variances / delta**2 - r))
        return widths

    def _screen(self) -> None:
        widths, means = self._widths(), self._sums / self.replications
        rivals = np.flatnonzero(self._alive)
        for one in rivals:
            behind = [other for other in rivals if means[one] > means[other] + widths[one, other]]
            if behind:
                self._drop(one, min(behind, key=lambda other: float(means[other])))
        rivals = np.flatnonzero(self._alive)
        # Once every boundary has closed, only exact ties are left: the first by name order stands for them.
        if len(rivals) > 1 and not widths[np.ix_(rivals, rivals)].any():
            best = min(rivals, key=lambda one: float(means[one]))
            for one in rivals:
                if one != best:
                    self._drop(one, best)

    def _drop(self, one: int | np.intp, behind: int | np.intp) -> None:
        self._alive[one] = False
        self.dropped.append(Dropped(self.names[one], self.replications, self.names[behind]))


def _half_widths(values: NDArray[np.float64], confidence: float) -> NDArray[np.float64]:
    """The half-width of the mean's t interval after each replication; infinite before the second."""
    from scipy.special import stdtrit

    n = np.arange(1, values.size + 1, dtype=np.float64)
    centred = values - values.mean()
    sums, squares = np.cumsum(centred), np.cumsum(centred**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        variances = np.maximum(0, squares - sums**2 / n) / (n - 1)
        halves = stdtrit(n - 1, (1 + confidence) / 2) * np.sqrt(variances / n)
    halves[:1] = math.inf
    return np.asarray(halves, dtype=np.float64)
