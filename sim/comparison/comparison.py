"""What the replications say: a mean and an interval for every option, and paired differences from a reference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.chance.sets import SIZE
from sim.comparison.cannot_vary import CannotVary
from sim.comparison.counted_costs import columns_of, not_counted
from sim.comparison.set_weights import SetWeights, set_weights, weighted_alike
from sim.errors import ResultsError, UsageError
from sim.measures.catalogue import MEASURES, OVERALL, PRINTED, UNMET, Column
from sim.measures.figures import difference_in_figures, in_figures, in_millions
from sim.operations.log import CAUSES
from sim.results.tables import Cell
from sim.scenario.groups import reference_among
from sim.statistics.by_sets import Inference, Sets
from sim.statistics.calibration_weights import Declined, Weights
from sim.statistics.confidence_sequences import EveryLook
from sim.statistics.estimates import Estimate
from sim.statistics.intervals import Terms
from sim.words.language import phrase, phrase_n
from sim.words.names import quoted
from sim.words.numbers import finite, finite_values, percent

if TYPE_CHECKING:
    from sim.results.reader import Results
    from sim.scenario.loaded import LoadedScenario

__all__ = ["Comparison", "Estimate", "OptionSummary", "compare"]


@dataclass(frozen=True)
class OptionSummary:
    """One option over all replications."""

    name: str
    label: str
    measures: Mapping[str, Estimate]
    """The measures of MEASURES, over the whole scenario."""
    unmet_by_cause: Mapping[str, Estimate]
    """Unit-days of unmet need by cause, in the order of CAUSES; they add up to `unmet_unit_days`."""
    cells: Mapping[Cell, Mapping[str, Estimate]]
    """The same measures by (mission, resource)."""
    causes_by_cell: Mapping[Cell, Mapping[str, Estimate]]
    """Of the cells, and of the teams."""
    teams: Mapping[Cell, Mapping[str, Estimate]] = field(default_factory=dict)
    """The same measures by (mission, team), in teams: beside the cells, and in no sum of theirs."""


@dataclass(frozen=True)
class Comparison:
    """Every option beside the others, on the same traces."""

    scenario: LoadedScenario
    fingerprint: str
    seed: int
    replications: int
    """Replications that every option finished: those that are compared."""
    confidence: float
    reference: str
    options: Mapping[str, OptionSummary]
    """By name, in the scenario's order."""
    differences: Mapping[str, Mapping[str, Estimate]]
    """option -> measure -> paired difference from the reference (option − reference), of the options of its group;
    without the reference itself."""
    results: Results | None = None
    """Where the samples and the kept logs can be read."""
    every_look: bool = False
    """Whether its intervals hold however often the run is topped up and looked at again."""
    set_weights: SetWeights | None = None
    """What the traces say of the sets: their weights, and what none has met."""
    not_counted: frozenset[str] = frozenset()
    """Options that cost nothing because nobody priced them: their costs are nan, and never 0."""

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Its options by group, in the scenario's order; only those of one group are compared with one another."""
        groups = self.scenario.groups.items()
        run = {group: tuple(name for name in names if name in self.options) for group, names in groups}
        return {group: names for group, names in run.items() if names}

    def beside(self, option: str) -> tuple[str, ...]:
        """The options of its group that were run, which it may be compared with, itself among them."""
        return next(names for names in self.groups.values() if option in names)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of all results that are compared."""
        return (self.seed,) if self.results is None else self.results.seeds

    @property
    def failed(self) -> int:
        """Replications that failed under at least one option, and are left out."""
        return 0 if self.results is None else self.results.failed

    @property
    def sets(self) -> int:
        """Sets of replications that the intervals rest on."""
        return self._sets.count

    @cached_property
    def by(self) -> Inference:
        """How the samples of its results are turned into estimates: over sets, at its confidence."""
        return _inference(self._sets, self.scenario, self.set_weights, self.confidence, every_look=self.every_look)

    @cached_property
    def cannot_vary(self) -> CannotVary:
        """What cannot vary, by the scenario itself."""
        return CannotVary(self.scenario, tuple(self.options))

    def _weights_as_json(self) -> dict[str, Any]:
        """Times fewer sets that the weights are worth, or why there are none; what the traces bring and no set met."""
        if self.set_weights is None:
            return {"factor": None, "declined": None, "unseen_unit_days": 0.0}
        declined = self.set_weights.weights if isinstance(self.set_weights.weights, Declined) else None
        if self.every_look:
            declined = Declined.EVERY_LOOK
        return {
            "factor": None if declined else finite(self.set_weights.factor),
            "declined": None if declined is None else declined.value,
            "unseen_unit_days": self.set_weights.unseen,
        }

    @property
    def _sets(self) -> Sets:
        return Sets.in_order(self.replications, SIZE) if self.results is None else self.results.sets

    def as_json(self) -> dict[str, Any]:
        """Plain maps, lists and numbers, None where undefined: the same results give the same bytes."""
        return {
            "scenario": self.scenario.name,
            "fingerprint": self.fingerprint,
            "seed": self.seed if len(self.seeds) == 1 else list(self.seeds),
            "replications": self.replications,
            "sets": self.sets,
            "confidence": self.confidence,
            "weights": self._weights_as_json(),
            **({"every_look": True} if self.every_look else {}),
            "reference": self.reference,
            "options": {name: _option_as_json(option) for name, option in self.options.items()},
            "differences": {
                name: {measure: finite_values(each, "mean", "low", "high") for measure, each in differences.items()}
                for name, differences in self.differences.items()
            },
        }

    def __repr__(self) -> str:
        names = ", ".join(map(repr, self.options))
        return (
            f"<Comparison of {names} in {self.scenario.name!r}: {self.replications:,} replications, seed {self.seed}>"
        )

    def __str__(self) -> str:
        """The table of means, as text."""
        options = self.options.values()
        millions = in_millions(option.measures for option in options)
        rows = [[phrase("Option"), *(head().replace("\n", " ") for head in PRINTED.values())]]
        for option in options:
            figures = (in_figures(each, option.measures[each], millions=millions)[0] for each in PRINTED)
            rows.append([option.label, *figures])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(wide) if at else cell.ljust(wide) for at, (cell, wide) in enumerate(cells))
            for cells in (list(zip(row, widths, strict=True)) for row in rows)
        ]
        n = self.replications
        over = phrase_n("{n:,} replication", "{n:,} replications", n, n=n)
        told = phrase("{scenario}: {replications}; means", scenario=self.scenario.name, replications=over)
        return "\n".join([told, *lines])

    def _repr_html_(self) -> str:
        """The table that a notebook shows."""
        head = "".join(f"<th>{escape(title())}</th>" for title in PRINTED.values())
        options = self.options.values()
        millions = in_millions([*(option.measures for option in options), *self.differences.values()])
        rows = [_html_row(option.label, option.measures, partial(in_figures, millions=millions)) for option in options]
        apart = [
            _html_row(self.options[name].label, found, partial(difference_in_figures, millions=millions))
            for name, found in self.differences.items()
        ]
        reference = escape(quoted(self.options[self.reference].label))
        from_it = phrase("Difference from {reference} (n.s.: not significant)", reference=reference)
        middle = f"<tr><th colspan={len(PRINTED) + 1}>{from_it}</th></tr>"
        over = phrase_n("{n:,} replication", "{n:,} replications", self.replications, n=self.replications)
        told = phrase(
            "{scenario}: {replications}, {sure} intervals",
            scenario=self.scenario.name,
            replications=over,
            sure=percent(self.confidence),
        )
        return (
            f"<table><caption>{escape(told)}</caption><tr><th>{phrase('Option')}</th>{head}</tr>"
            f"{''.join(rows)}{middle if apart else ''}{''.join(apart)}</table>"
        )


def compare(
    results: Results,
    reference: str | None = None,
    confidence: float | None = None,
    *,
    every_look: bool = False,
) -> Comparison:
    """Summaries of every option and paired differences from `reference` (default: the scenario's), with intervals.

    Only replications that every option finished count. Intervals are over sets (`statistics.intervals`; of ratios by
    the jackknife), of differences too, which are paired; where the sets bear none it is nan, and `refused` says why.
    With `every_look` they hold however often the run is topped up and looked at (`statistics.confidence_sequences`,
    narrowest at the scenario's own replications). UsageError where there is no such option, ResultsError where no
    replication finished.
    """
    scenario = _checked(results)
    reference = reference_among(scenario, results.options, reference)
    level = scenario.experiment.confidence if confidence is None else confidence
    if not 0.5 <= level < 1:
        raise UsageError(f"confidence: must be at least 0.5 and below 1, not {level}")
    return _compared(results, reference, level, every_look=every_look)


def against(comparison: Comparison, reference: str) -> Comparison:
    """The same, which must know its results, with differences from another of its options: what does not depend on the
    reference is not estimated again.
    """
    assert comparison.results is not None
    level, every_look = comparison.confidence, comparison.every_look
    return _compared(comparison.results, reference, level, every_look=every_look, known=comparison)


def _compared(
    results: Results, reference: str, confidence: float, *, every_look: bool, known: Comparison | None = None
) -> Comparison:
    """From `reference`. `known` is a comparison of the same results from another."""
    scenario = results.scenario
    unpriced = not_counted(results, reference)
    unmet = {name: results.sets.means(results.sample(name, UNMET)) for name in results.options}
    weights = set_weights(results, unmet, reference, None if known is None else known.set_weights)
    by = _inference(results.sets, scenario, weights, confidence, every_look=every_look)
    cannot_vary = CannotVary(scenario, results.options) if known is None else known.cannot_vary
    if known is not None and known.not_counted == unpriced and weighted_alike(known.set_weights, weights):
        options = known.options
    else:
        options = {
            name: _summary(results, name, by, cannot_vary, counted=name not in unpriced) for name in results.options
        }
    return Comparison(
        scenario=scenario,
        fingerprint=results.fingerprint,
        seed=results.seed,
        replications=results.replications,
        confidence=confidence,
        reference=reference,
        options=options,
        differences=_differences(results, reference, by, cannot_vary, unpriced),
        results=results,
        every_look=every_look,
        set_weights=weights,
        not_counted=unpriced,
    )


def _checked(results: Results) -> LoadedScenario:
    """The scenario of results that can be compared."""
    if isinstance(results, str | Path):
        raise UsageError(f"{results}: compare takes results, as read gives those of a folder")
    if not results.replications:
        raise ResultsError(f"{results.folder}: no replication finished")
    return results.scenario


def _differences(
    results: Results, reference: str, by: Inference, cannot_vary: CannotVary, unpriced: Collection[str]
) -> dict[str, dict[str, Estimate]]:
    """Of the other options of the reference's group from it, in every measure."""
    group = results.scenario.beside(reference)
    against = columns_of(results.samples(reference), counted=reference not in unpriced)

    def apart(name: str) -> dict[str, Estimate]:
        own = columns_of(results.samples(name), counted=name not in unpriced)
        return {
            key: measure.difference(own, against, by, fixed=cannot_vary.difference(name, reference, key))
            for key, measure in MEASURES.items()
        }

    return {name: apart(name) for name in results.options if name != reference and name in group}


def _inference(
    sets: Sets, scenario: LoadedScenario, weighted: SetWeights | None, confidence: float, *, every_look: bool
) -> Inference:
    """How a run is judged; sequences for every look know of no weights."""
    unseen = 0.0 if weighted is None else weighted.unseen
    if every_look:
        planned = -(-scenario.experiment.replications // SIZE)
        return Inference(sets, Terms(confidence, quantile=EveryLook(planned, confidence).quantile), unseen)
    weights = weighted.weights if weighted is not None and isinstance(weighted.weights, Weights) else None
    return Inference(sets, Terms(confidence, weights=weights), unseen)


def _summary(results: Results, option: str, by: Inference, cannot_vary: CannotVary, *, counted: bool) -> OptionSummary:
    cells, teams = results.cells(option), results.teams(option)
    fixed = {key: cannot_vary.mean(option, key) for key in MEASURES}
    columns = {cell: columns_of(results.samples(option, cell), counted=counted) for cell in (OVERALL, *cells, *teams)}
    both = {cell: _estimates(column, by, fixed) for cell, column in columns.items()}
    return OptionSummary(
        name=option,
        label=results.scenario.options[option].label or option,
        measures=both[OVERALL][0],
        unmet_by_cause=both[OVERALL][1],
        cells={cell: both[cell][0] for cell in cells},
        causes_by_cell={cell: both[cell][1] for cell in (*cells, *teams)},
        teams={cell: both[cell][0] for cell in teams},
    )


def _estimates(
    column: Column, by: Inference, fixed: Mapping[str, bool]
) -> tuple[dict[str, Estimate], dict[str, Estimate]]:
    """Every measure, and the unmet need by cause."""
    measures = {name: measure.estimate(column, by, fixed=fixed[name]) for name, measure in MEASURES.items()}
    unmet = fixed["unmet_unit_days"]
    return measures, {cause: by.mean(column(f"cause:{cause}"), fixed=unmet) for cause in CAUSES}


_SHOWN = ("mean", "sd", "low", "high")


def _option_as_json(option: OptionSummary) -> dict[str, Any]:
    return {
        "measures": _as_json(option.measures, option.unmet_by_cause),
        "by_mission_and_resource": _cells_as_json(option, option.cells, "resource"),
        **({"by_mission_and_team": _cells_as_json(option, option.teams, "team")} if option.teams else {}),
    }


def _cells_as_json(
    option: OptionSummary, cells: Mapping[Cell, Mapping[str, Estimate]], what: str
) -> list[dict[str, Any]]:
    return [
        {"mission": cell[0], what: cell[1], **_as_json(measures, option.causes_by_cell[cell])}
        for cell, measures in cells.items()
    ]


def _as_json(measures: Mapping[str, Estimate], causes: Mapping[str, Estimate]) -> dict[str, Any]:
    told: dict[str, Any] = {measure: finite_values(found, *_SHOWN) for measure, found in measures.items()}
    return told | {"unmet_by_cause": {cause: finite_values(found, *_SHOWN) for cause, found in causes.items()}}


def _html_row(label: str, found: Mapping[str, Estimate], figures: Callable[[str, Estimate], tuple[str, str]]) -> str:
    cells = (figures(measure, found[measure]) for measure in PRINTED)
    told = "".join(f"<td>{escape(centre)}<br><small>{escape(interval)}</small></td>" for centre, interval in cells)
    return f"<tr><th>{escape(label)}</th>{told}</tr>"
