"""The main job: every option × every replication, by however many workers, into a results folder."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial
from itertools import chain
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING

from sim.chance.trace import BLOCK
from sim.errors import UsageError
from sim.policies import rules_in
from sim.scenario.fingerprint import fingerprint
from sim.study.batches import Batch, Job, Outcome, batches_of, lost_batch, run_batch
from sim.study.crew import START_UP_SECONDS, Hands, hands_of, in_turn, spread
from sim.study.manifest import Manifest, code
from sim.study.results import Results
from sim.study.store import Store

if TYPE_CHECKING:
    from sim.scenario.nouns import Scenario

Progress = Callable[[int, int], None]
"""Called with the replications done and those wanted, after every batch."""
BATCH_SECONDS = 1.0
"""How long a batch should take: long enough to be worth handing out, short enough that a kill loses little."""
FIRST_BATCH = 5
"""Replications of the first batch, by which the others are measured."""


def run(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    options: str | list[str] | tuple[str, ...] | None = None,
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
    plain = {"seed": manifest.seed, "keep": keep_loans, "check": check}
    job = Job.of(scenario, manifest.options, own, rules_file=manifest.rules_file, **plain)
    run_batch(job, Batch(0, 0))  # what is wrong with the options shows before anything is written
    hands = hands_of(workers, cluster)
    try:
        folder = Path(tempfile.mkdtemp(prefix="intermission-")) if out is None else Path(out)
        with Store.open(folder, manifest, scenario, rules=text, resume=resume, force=force) as store:
            _carry_out(job, store, hands, progress or _nothing)
            manifest = store.finish()
    finally:
        if hands is not None:
            hands.close()
    results = Results([folder], [manifest], scenario)
    if out is None:
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return results


def _nothing(*_: int) -> None:
    """Nobody asked how far it is."""


def _carry_out(job: Job, store: Store, hands: Hands | None, progress: Progress) -> None:
    """Run what the store misses, and save every batch as it comes."""
    missing = store.missing()
    wanted = len(store.manifest.part())
    done = wanted - sum(map(len, missing))
    progress(done, wanted)
    with closing(_outcomes(job, missing, hands)) as outcomes:
        for outcome in outcomes:
            store.save(outcome)
            done += outcome.batch.end - outcome.batch.first
            progress(done, wanted)


def _outcomes(job: Job, missing: list[range], hands: Hands | None) -> Generator[Outcome, None, None]:
    """The outcomes of all batches, in any order; here where that is quicker than starting workers, else by `hands`."""
    if not missing:
        return
    work = partial(run_batch, job)
    first = next(batches_of(missing, FIRST_BATCH))
    outcome = work(first)
    yield outcome
    each = outcome.seconds / (first.end - first.first)
    rest = list(_without(missing, first))
    left = sum(map(len, rest))
    size = max(1, min(BLOCK, int(BATCH_SECONDS / max(each, 1e-6))))
    if hands is None or each * left * (1 - 1 / hands.count) < START_UP_SECONDS:
        yield from in_turn(work, batches_of(rest, size))
        return
    # Towards the end nobody should wait long for the last one.
    size = max(1, min(size, left // (4 * hands.count)))
    with closing(spread(hands, work, batches_of(rest, size), given_up=partial(lost_batch, job))) as outcomes:
        yield from outcomes


def _without(missing: list[range], first: Batch) -> Iterator[range]:
    head, *others = missing
    return chain([range(first.end, head.stop)], others) if first.end < head.stop else iter(others)


def manifest_for(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    options: str | list[str] | tuple[str, ...] | None = None,
    shard: str | None = None,
    rules: str | Path | None = None,
    keep_loans: int = 100,
) -> Manifest:
    """What the results folder will be of; UsageError where it cannot be."""
    if isinstance(scenario, str | Path):
        raise UsageError(f"{scenario}: a run takes a scenario, as load gives it, and not its file")
    replications = scenario.experiment.replications if replications is None else replications
    for what, count in (("replications", replications), ("keep-loans", keep_loans)):
        if not isinstance(count, Integral):
            raise UsageError(f"{what}: must be a whole number, not {count!r}")
    replications, keep_loans = int(replications), int(keep_loans)
    seed = scenario.experiment.seed_or(seed)
    if not 1 <= replications <= 10_000_000:
        raise UsageError(f"replications: must be 1 to 10,000,000, not {replications}")
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
        options=_chosen(scenario, options),
        keep_loans=keep_loans,
        rules=None if rules is None else f"sha256:{hashlib.sha256(Path(rules).read_bytes()).hexdigest()}",
        rule_names=names,
        rules_file=None if rules is None else Path(rules).name,
        shard=_shard(shard),
        code=code(),
    )


def _chosen(scenario: Scenario, options: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The options to run, in the scenario's order."""
    from difflib import get_close_matches

    options = (options,) if isinstance(options, str) else options
    for name in options or ():
        if name not in scenario.options:
            near = get_close_matches(name, scenario.options, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(map(repr, scenario.options))}"
            raise UsageError(f"no option {name!r}; {hint}")
    return tuple(name for name in scenario.options if not options or name in options)


def _shard(shard: str | None) -> str | None:
    if shard is None:
        return None
    part, slash, parts = shard.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise UsageError(f"shard: must be i/n with i from 1 to n, like 2/5, not {shard!r}")
    return f"{int(part)}/{int(parts)}"
