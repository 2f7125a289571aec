"""The main job: every option × every replication, by however many workers, into a results folder."""

from __future__ import annotations

import logging
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from contextlib import closing
from itertools import chain
from numbers import Integral
from pathlib import Path

from sim.chance.sets import SIZE
from sim.errors import UsageError
from sim.policies import rules_in
from sim.results.disk import sha256
from sim.results.manifest import MOST_REPLICATIONS, Manifest, code, parsed_shard
from sim.results.outcome import Batch, Outcome
from sim.results.reader import Results
from sim.results.writer import Store
from sim.running.batches import Job, run_batch
from sim.running.repeatable import warn_of_rules_with_chance
from sim.running.runner import Progress, Task, replicate
from sim.running.workers import workers_for
from sim.scenario.fingerprint import fingerprint
from sim.scenario.loaded import LoadedScenario
from sim.words.suggestions import unknown

log = logging.getLogger("sim")


def run(
    scenario: LoadedScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    options: str | Sequence[str] | None = None,
    out: str | Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    shard: str | None = None,
    rules: str | Path | None = None,
    keep_loans: int = 100,
    resume: bool = False,
    force: bool = False,
    check: bool = False,
    progress: Progress | None = None,
) -> Results:
    """Run every option of the scenario on the same `replications` traces, and return what came out.

    `out` is the results folder (a temporary one, gone with the returned object, where omitted); what is there already
    of the same scenario and seed is not run again. `workers` are processes on this machine (default: one a core),
    `cluster` is the address of a Dask scheduler instead, `shard` ("2/5") runs only that part of the replications, for
    `merge`. `rules` is a Python file with the user's own lending rules (no functions: the folder keeps a copy, to be
    made again from). The first `keep_loans` replications leave their whole log. `check` proves the conservation laws at
    every event (slow).

    The results do not depend on workers, cluster, shards or interruptions. Replications that raise are noted in the
    results (`Results.failures`) and left out of comparisons. UsageError for what cannot be asked for.
    """
    manifest = manifest_for(
        scenario, replications=replications, seed=seed, options=options, shard=shard, rules=rules, keep_loans=keep_loans
    )
    own, text = ({}, None) if rules is None else (rules_in(rules), Path(rules).read_bytes())
    job = Job.of(scenario, manifest.options, own, seed=manifest.seed, keep=keep_loans, check=check)
    empty = run_batch(job, Batch(0, 0))  # what is wrong with the options shows before anything is written
    with workers_for(workers, cluster) as pool:
        folder = Path(tempfile.mkdtemp(prefix="intermission-")) if out is None else Path(out)
        with Store.open(folder, manifest, scenario, rules=text, resume=resume, force=force) as store:
            store.save(empty)
            missing = store.missing()
            done = len(manifest.part()) - sum(map(len, missing))
            if not done:  # where it was resumed, it was said
                warn_of_rules_with_chance(job, own, chain.from_iterable(missing))
            batches = replicate([Task(job, missing, _whole)], workers=pool, progress=progress, done=done)
            with closing(batches) as outcomes:
                for _, outcome in outcomes:
                    store.save(outcome)
            manifest = store.finish()
    results = Results([folder], [manifest], scenario)
    if out is None:
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return results


def _whole(outcome: Outcome) -> Outcome:
    """All of it: a results folder keeps every row."""
    return outcome


def manifest_for(
    scenario: LoadedScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    options: str | Sequence[str] | None = None,
    shard: str | None = None,
    rules: str | Path | None = None,
    keep_loans: int = 100,
) -> Manifest:
    """What the results folder will be of; UsageError where it cannot be."""
    if isinstance(scenario, str | Path):
        raise UsageError(f"{scenario}: a run takes a scenario, as load gives it, and not its file")
    replications = scenario.experiment.replications if replications is None else replications
    replications, keep_loans = _whole_number("replications", replications), _whole_number("keep-loans", keep_loans)
    seed = scenario.experiment.seed_or(seed)
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise UsageError(f"replications: must be 1 to {MOST_REPLICATIONS:,}, not {replications}")
    if keep_loans < 0:
        raise UsageError(f"keep-loans: must be 0 or more, not {keep_loans}")
    if rules is not None and not isinstance(rules, str | Path):
        raise UsageError(
            "rules: a run takes a Python file, of which its folder keeps a copy: write the functions to one"
        )
    names = () if rules is None else tuple(sorted(rules_in(rules)))
    return Manifest(
        scenario=scenario.name,
        fingerprint=fingerprint(scenario),
        seed=seed,
        replications=replications,
        options=chosen_options(scenario, options),
        keep_loans=keep_loans,
        rules=None if rules is None else sha256(Path(rules).read_bytes()),
        rule_names=names,
        rules_file=None if rules is None else Path(rules).name,
        shard=_shard(shard),
        code=code(),
    )


def _whole_number(what: str, count: object) -> int:
    if not isinstance(count, Integral):
        raise UsageError(f"{what}: must be a whole number, not {count!r}")
    return int(count)


def whole_sets(replications: int) -> int:
    """So many replications, rounded up to whole sets of 20: what intervals are made of. Told as a warning."""
    whole = -(-replications // SIZE) * SIZE
    if whole != replications:
        log.warning("%s replications are no whole sets of %s: %s are run", f"{replications:,}", SIZE, f"{whole:,}")
    return whole


def chosen_options(scenario: LoadedScenario, options: str | Sequence[str] | None) -> tuple[str, ...]:
    """The options asked for (all where none are), in the scenario's order; UsageError for one that it has not."""
    options = (options,) if isinstance(options, str) else options
    for name in options or ():
        if name not in scenario.options:
            raise UsageError(unknown("option", name, scenario.options))
    return tuple(name for name in scenario.options if not options or name in options)


def _shard(shard: str | None) -> str | None:
    if shard is None:
        return None
    known = parsed_shard(shard)
    if known is None:
        raise UsageError(f"shard: must be i/n with i from 1 to n, like 2/5, not {shard!r}")
    return "/".join(map(str, known))
