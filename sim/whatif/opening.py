"""What the page opens with: the scenario's question, and its answer by the scenario's own numbers.

They are what `run` would print: the options are run as the scenario has them, with the grid's replications and seed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.comparison.comparison import compare
from sim.comparison.pair import worlds_of
from sim.questions.decision.decision import Decision, decide
from sim.questions.doubts.result import first_to_find_out
from sim.results.manifest import code
from sim.running.experiment import run
from sim.scenario.fingerprint import fingerprint
from sim.words.language import phrase

if TYPE_CHECKING:
    from sim.whatif.grid import Grid


@dataclass(frozen=True)
class Opening:
    """The question's answer, and which options can be compared."""

    decision: Decision

    def as_json(self) -> dict[str, Any]:
        """The question, the sentences of its answer, what cannot be said, what to find out first; None where no doubts
        are."""
        answer, finding_out = self.decision.answer, self.decision.finding_out
        unsaid = "; ".join(answer.cannot_be_said)
        return {
            "question": answer.question,
            "sentences": list(answer.sentences),
            "unsaid": phrase("Cannot be said: {what}.", what=unsaid) if unsaid else "",
            "first": None if finding_out is None else first_to_find_out(finding_out),
            "worlds": worlds_of(self.decision.comparison),
        }

    def of_option(self, name: str) -> dict[str, bool]:
        """Whether an option's costs are counted, and whether it stands apart from the reference."""
        comparison = self.decision.comparison
        apart = name not in comparison.beside(comparison.reference)
        return {"counted": name not in comparison.not_counted, "apart": apart}


def opening(grid: Grid, cache: Path, rules: str | Path | None, *, workers: int | None, force: bool) -> Opening:
    """Answer the question of a grid's scenario from a run of its own, kept in the folder `cache`: it is not run twice.

    `rules`, `workers` and `force` are those of the grid.
    """
    told = [fingerprint(grid.scenario), *grid.options, grid.replications, grid.seed, code()]
    told.append(hashlib.sha256(Path(rules).read_bytes()).hexdigest() if rules is not None else "")
    results = run(
        grid.scenario,
        replications=grid.replications,
        seed=grid.seed,
        options=grid.options,
        out=cache / f"answer-{hashlib.sha256(repr(told).encode()).hexdigest()[:16]}",
        rules=rules,
        workers=workers,
        force=force,
        keep_loans=0,
    )
    return Opening(decide(compare(results)))
