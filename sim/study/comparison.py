"""What the replications say: a mean and an interval for every option, and paired differences from a reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.nouns import Scenario
    from sim.study.results import Results

Cell = tuple[str, str]
"""(mission, resource); ("*", "*") is the whole scenario."""

MEASURES = (
    "unmet_unit_days",
    "requirement_unit_days",
    "coverage",
    "response_days",
    "days_short",
    "worst_shortfall",
    "exposure_unit_days",
    "loans",
    "lent_unit_days",
    "idle_unit_days",
    "late_loans",
    "given_up_units",
    "cost_usd",
    "censored",
    "council_gate_days",
    "contributor_gate_days",
    "host_gate_days",
    "gone_share",
)
"""What every option is measured by. `coverage`, `response_days` and `gone_share` are ratios of means over replications,
never means of ratios; `gone_share` is the share of a loan's authorised window gone before it arrived."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications with the confidence interval of that mean; NaN where undefined."""

    mean: float
    sd: float
    """Standard deviation of one replication (of its linearised value, for a ratio)."""
    low: float
    high: float
    n: int
    """Replications that it rests on."""

    @property
    def significant(self) -> bool:
        """Whether the interval leaves out 0: what a difference must do before a word is said about it."""
        return self.low > 0 or self.high < 0


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


@dataclass(frozen=True)
class Comparison:
    """Every option beside the others, on the same traces."""

    scenario: Scenario
    fingerprint: str
    seed: int
    replications: int
    """Replications that every option finished: those that are compared."""
    confidence: float
    reference: str
    options: Mapping[str, OptionSummary]
    """By name, in the scenario's order."""
    differences: Mapping[str, Mapping[str, Estimate]]
    """option -> measure -> paired difference from the reference (option − reference); the reference itself is left out."""
    results: Results | None = None
    """Where the samples and the kept logs can be read."""
