"""All that may be said of a comparison in one object: the verdict, the bound where there is one, why it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.comparison.answer import Answer, answer
from sim.comparison.comparison import Comparison
from sim.comparison.pair import plausible, worlds_of
from sim.comparison.verdict import Verdict, judge
from sim.measures.catalogue import MEASURES
from sim.questions.doubts.doubts import doubts_in_worlds
from sim.questions.doubts.result import Doubts
from sim.questions.regret.regret import Regret, regrets
from sim.questions.stopping.sequential import Precise, Selection

LONGER_THAN_DAYS = 30.0
"""A shortfall that lasts longer than this is told of, where nobody says otherwise."""


@dataclass(frozen=True)
class Decision:
    """A comparison with what it allows one to say."""

    comparison: Comparison
    answer: Answer
    """To the scenario's question."""
    verdict: Verdict
    regrets: Mapping[str, Regret]
    """By option; empty unless every replication that is compared has its clairvoyant bound."""
    bounded: int = 0
    """Replications that have their clairvoyant bound."""
    stopped: Precise | Selection | None = None
    """What decided how many replications there are, where that was not fixed beforehand."""

    @cached_property
    def finding_out(self) -> Doubts | None:
        """What finding out is worth before one chooses; None where there are no doubts, or there is no choice."""
        results = self.comparison.results
        if results is None or not self.comparison.scenario.doubts or self.answer.first is None:
            return None
        return doubts_in_worlds(self.comparison, results.worlds())

    def __repr__(self) -> str:
        return f"<Decision on {self.comparison!r}>"

    def __str__(self) -> str:
        """The comparison's means, and what can be said of them."""
        return "\n".join([str(self.comparison), *self.sentences()])

    def as_json(self) -> dict[str, Any]:
        """The comparison's, with the bound among the measures; beside it `answer`, `worlds`, `verdict`, `precision` and
        `selection`."""
        told = self.comparison.as_json()
        for name, regret in self.regrets.items():
            numbers = {
                measure: {key: value for key, value in found.items() if key != "n"}
                for measure, found in regret.as_json().items()
            }
            told["options"][name]["measures"] |= numbers
        self._tell_ranges(told)
        told["worlds"] = worlds_of(self.comparison)
        told["answer"] = self.answer.as_json()
        told["answer"]["first_to_find_out"] = None if self.finding_out is None else self.finding_out.first_as_json()
        told["verdict"] = self.verdict.as_json()
        if self.stopped is not None:
            told["precision" if isinstance(self.stopped, Precise) else "selection"] = self.stopped.as_json()
        return told

    def _tell_ranges(self, told: dict[str, Any]) -> None:
        """Put the plausible range over worlds beside every measure and difference, where there are doubts."""
        if worlds_of(self.comparison) is None:
            return
        for name, option in told["options"].items():
            for measure in MEASURES:
                option["measures"][measure]["plausible"] = plausible(self.comparison, name, measure)
        for name, differences in told["differences"].items():
            for measure, numbers in differences.items():
                numbers["plausible"] = plausible(self.comparison, name, measure, self.comparison.reference)

    def sentences(self) -> list[str]:
        """Why it stopped, and what can and cannot be said; the bad cases are left to a table."""
        return [*(self.stopped.sentences() if self.stopped else ()), *self.verdict.sentences(tails=False)]


def decide(
    comparison: Comparison,
    *,
    longer_than_days: float = LONGER_THAN_DAYS,
    stopped: Precise | Selection | None = None,
) -> Decision:
    """Judge a comparison, which must know its results.

    `longer_than_days`: how long a shortfall must be for its chance to be told. The bound is told where the results
    have it (`regrets(comparison)`, or `run --bound`, computes it). UsageError for what cannot be asked for.
    """
    results = comparison.results
    verdict = judge(comparison, float(longer_than_days))
    known = regrets(comparison) if results is not None and results.bounded else {}
    return Decision(
        comparison, answer(comparison), verdict, known, results.with_bound if results is not None else 0, stopped
    )
