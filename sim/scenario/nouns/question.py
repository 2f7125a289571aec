"""What the scenario is asked: which options are held against which, and by what."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.nouns.distributions import Block, Share
from sim.scenario.nouns.values import Name, Names, as_tuple

Compared = Literal[
    "unmet_unit_days", "requirement_unit_days", "coverage", "response_days", "days_short", "worst_shortfall",
    "exposure_unit_days", "loans", "lent_unit_days", "idle_unit_days", "late_loans", "given_up_units", "cost_usd",
    "censored", "council_gate_days", "contributor_gate_days", "host_gate_days", "gone_share",
]  # fmt: skip
"""Every measure of a comparison: a word of the language here, and what it counts in `sim.measures.catalogue`."""


class Where(Block):
    mission: Name | None = None
    """The mission whose figures are asked for; all where omitted."""
    resource: Name | None = None
    """The resource, or the team; all resources where omitted."""

    @model_validator(mode="after")
    def _somewhere(self) -> Where:
        if self.mission is None and self.resource is None:
            raise ValueError("must say mission, resource, or both")
        return self


class Target(Block):
    coverage: Share
    """The coverage to be reached, 0 to 1."""


class Question(Block):
    ask: Annotated[str | None, Field(min_length=1, max_length=300)] = None
    """The question in a sentence, as it stands above the answer."""
    compare: Annotated[tuple[Name, Name] | None, BeforeValidator(as_tuple)] = None
    """Two options: the first less the second. Where neither this nor one_by_one is said: the best option of the
    reference's group against the reference."""
    one_by_one: Annotated[Names | None, Field(min_length=1)] = None
    """Options that are each held against one other, to tell which of them to take first."""
    against: Name | None = None
    """The option that those of one_by_one are held against; the reference where omitted."""
    measure: Compared = "unmet_unit_days"
    """What is compared."""
    where: Where | None = None
    """Of which mission and resource; of the whole scenario where omitted."""
    target: Target | None = None
    """What is to be reached: in how many replications each option does is then told."""

    @model_validator(mode="after")
    def _one_kind(self) -> Question:
        if self.compare and self.one_by_one:
            raise ValueError(
                "must say either compare or one_by_one, and not both (compare: null takes back an extended file's)"
            )
        if self.against is not None and not self.one_by_one:
            raise ValueError("against belongs to one_by_one: [option, …]; two options are compare: [one, other]")
        return self
