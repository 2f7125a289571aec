"""What the page opens with: the scenario's question, and its answer by the scenario's own numbers.

They are what `run` would print: the options are run as the scenario has them, with the grid's replications and seed.
"""

from __future__ import annotations

import hashlib
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


def answer_as_json(decision: Decision) -> dict[str, Any]:
    """The question, its answer, what cannot be said, and what to find out first, which is None without doubts."""
    answer, finding_out = decision.answer, decision.finding_out
    unsaid = "; ".join(answer.cannot_be_said)
    return {
        "question": answer.question,
        "sentences": list(answer.sentences),
        "unsaid": phrase("Cannot be said: {what}.", what=unsaid) if unsaid else "",
        "first": None if finding_out is None else first_to_find_out(finding_out),
        "worlds": worlds_of(decision.comparison),
    }


def opening(grid: Grid, cache: Path, rules: str | Path | None, *, workers: int | None, force: bool) -> Decision:
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
    return decide(compare(results))
