"""What common random numbers, even sets and weights are worth: times fewer replications for the same precision.

By scenario, of the difference in unmet need from the reference, the median over options: against independent sampling
(every option meets crises of its own), and against common random numbers alone (as before sets). `mean`: of an option's
own unmet need, against independent sampling. Variances are measured over sets, in as many of them as `SETS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sim
from sim.chance.sets import SIZE
from sim.comparison.set_weights import beyond_known, candidates, weights_of
from sim.running.requirements import Traced
from sim.running.samples import Effort, Variant, sample
from sim.scenario.loaded import LoadedScenario
from sim.statistics.by_sets import Sets
from sim.statistics.calibration_weights import Weights

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SETS = 50
UNMET = "unmet_unit_days"
Values = NDArray[np.float64]


def report() -> Iterator[str]:
    """Times fewer replications for sets, weights and both; the least factor over options in brackets."""
    yield f"{SETS} sets of {SIZE} replications; difference from the reference, median over options (least)"
    yield f"{'':24}{'against independent':>34}{'against common numbers alone':>42}{'mean':>12}"
    yield f"{'scenario':24}{'common':>10}{'sets':>12}{'both':>12}{'sets':>14}{'weights':>14}{'both':>14}{'both':>12}"
    for file in sorted(SCENARIOS.glob("*.yaml")):
        scenario = sim.load(file)
        if len(scenario.options) > 1:
            yield f"{file.stem:24}{_told(scenario)}"


def _told(scenario: LoadedScenario) -> str:
    plain, even = (_unmet(sampled(scenario, how)) for how in ("independent", "even"))
    reference = scenario.reference
    apart = [name for name in plain if name != reference and np.ptp(plain[name] - plain[reference]) > 0]
    # Per replication: a set mean's variance times its size.
    own = {name: float(values.var(ddof=1)) for name, values in plain.items()}
    separate = np.array([own[name] + own[reference] for name in apart])
    common = np.array([float((plain[name] - plain[reference]).var(ddof=1)) for name in apart])
    sets = np.array([SIZE * float(_by_set(even[name] - even[reference]).var(ddof=1)) for name in apart])
    with_both = _weighted(sampled(scenario, "even"), even, apart)
    with_weights = _weighted(sampled(scenario, "independent"), plain, apart)
    means = _weighted_means(sampled(scenario, "even"), even)
    figures = [separate / common, separate / sets, separate / with_both]
    figures += [common / sets, common / with_weights, common / with_both]
    figures.append(np.array([own[name] / means[name] for name in plain if own[name] > 0]))
    widths = (10, 12, 12, 14, 14, 14, 12)
    return "".join(f"{_figure(each):>{width}}" for each, width in zip(figures, widths, strict=True))


def _figure(factors: Values) -> str:
    return f"{np.median(factors):.1f} ({factors.min():.1f})"


def sampled(scenario: LoadedScenario, how: str) -> LoadedScenario:
    """The scenario with even or independent draws, in its own world: doubts would add what no drawing takes away."""
    raw = {word: value for word, value in scenario.raw.items() if word != "doubts"}
    return sim.from_mapping({**raw, "experiment": {**scenario.raw.get("experiment", {}), "sampling": how}})


def _unmet(scenario: LoadedScenario) -> dict[str, Values]:
    variant = Variant(scenario, tuple(scenario.options))
    found = sample([variant], Effort(SETS * SIZE, scenario.experiment.seed))[0]
    return {name: each.of(UNMET) for name, each in found.items()}


def _by_set(values: Values) -> Values:
    means: Values = values.reshape(-1, SIZE).mean(axis=1)
    return means


def _weights(scenario: LoadedScenario, unmet: Mapping[str, Values]) -> Weights | None:
    traced = Traced(scenario, scenario.reference, scenario.experiment.seed)
    runs = [(0, number) for number in range(SETS * SIZE)]
    beyond = beyond_known([traced], runs, Sets.in_order(SETS * SIZE, SIZE))
    known, no_doubts = candidates(beyond, traced.cells), np.zeros((SETS, 0))
    by_set = {name: _by_set(values) for name, values in unmet.items()}
    found = weights_of(known, no_doubts, by_set, scenario.reference)
    return found if isinstance(found, Weights) else None


def _error(weights: Weights | None, values: Values) -> float:
    """Variance of one replication that would give the mean's variance."""
    if weights is None:
        return SIZE * float(values.var(ddof=1))
    _, parts, _, added = weights.influence(values)
    return SIZE * len(values) * (float(parts.var(ddof=1)) / len(values) + added**2)


def _weighted(scenario: LoadedScenario, unmet: Mapping[str, Values], apart: list[str]) -> Values:
    weights = _weights(scenario, unmet)
    reference = unmet[scenario.reference]
    return np.array([_error(weights, _by_set(unmet[name] - reference)) for name in apart])


def _weighted_means(scenario: LoadedScenario, unmet: Mapping[str, Values]) -> dict[str, float]:
    weights = _weights(scenario, unmet)
    return {name: _error(weights, _by_set(values)) for name, values in unmet.items()}
