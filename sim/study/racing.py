"""A race of the options that leaves a results folder: who was chosen, and the replications that all of them ran."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.policies import rules_in
from sim.scenario.nouns import Scenario
from sim.scenario.places import did_you_mean
from sim.study.experiment import Progress, run
from sim.study.results import Results
from sim.study.sequential import MOST, Selection, select
from sim.study.stopping import AT_LEAST, KimNelson


def race(  # noqa: PLR0913  # as many arguments as the command has flags
    scenario: Scenario,
    indifference: float,
    *,
    out: str | Path,
    options: Sequence[str] = (),
    most: int = MOST,
    seed: int | None = None,
    workers: int | None = None,
    rules: str | Path | None = None,
    progress: Progress | None = None,
    **how: Any,
) -> tuple[Selection, Results]:
    """Race the options as `select` does, and leave in `out` the replications that every one of them was in.

    `how`: as for `run` (resume, force, keep_loans). The folder is tried first, so nobody waits for a race that cannot
    be kept. UsageError for what cannot be asked for, RunError where replications fail.
    """
    for name in options:
        if name not in scenario.options:
            raise UsageError(f"no option {name!r}{did_you_mean(name, scenario.options)}")
    names = [name for name in scenario.options if not options or name in options]
    KimNelson(names, indifference, scenario.experiment.confidence)  # refuses what is no race
    if most < AT_LEAST:
        raise UsageError(f"at most {most} replications are too few: a race takes {AT_LEAST} or more")
    plain: dict[str, Any] = {"options": list(options), "seed": seed, "workers": workers, "rules": rules, "out": out}
    run(scenario, replications=AT_LEAST, **plain, **how)
    own = None if rules is None else rules_in(Path(rules))
    effort: dict[str, Any] = {"workers": workers, "rules": own, "progress": progress}
    found = select(scenario, indifference, options=options, most=most, seed=seed, **effort)
    common = min(each.n for each in found.means.values())
    again = how | {"force": False, "resume": True}
    return found, run(scenario, replications=common, **plain, **again)
