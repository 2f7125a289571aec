"""Shards of one run, put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.errors import UsageError
from sim.results.manifest import Manifest
from sim.results.reader import Results, manifest_of, rules_of, scenario_of
from sim.results.writer import Store


def merge(out: str | Path, folder: str | Path, *more: str | Path, force: bool = False) -> Results:
    """Put the results folders of shards together into `out`, which is then as if it had been run at once.

    The shards may be of different numbers of replications; the most is what `out` is asked for. UsageError where they
    are not of one run (scenario, seed, options, rules, code), or `out` holds something else.
    """
    parts = [Path(each) for each in (folder, *more)]
    manifests = [manifest_of(part) for part in parts]
    most = max(manifest.replications for manifest in manifests)
    whole = _alike(manifests[0], most)
    for part, manifest in zip(parts, manifests, strict=True):
        if _alike(manifest, most) != whole:
            raise UsageError(f"{part}: is not of the same run as {parts[0]} (scenario, seed, options, rules or code)")
    scenarios = [scenario_of(part, manifest) for part, manifest in zip(parts, manifests, strict=True)]
    rules = [rules_of(part, manifest) for part, manifest in zip(parts, manifests, strict=True)]
    with Store.open(Path(out), whole, scenarios[0], rules=rules[0], force=force) as store:
        for part in parts:
            store.take_over(part)
        return Results([Path(out)], [store.finish()], scenarios[0])


def _alike(manifest: Manifest, replications: int) -> Manifest:
    """What manifests of shards of one run have in common; the scenario may have been told in other words."""
    return replace(
        manifest,
        shard=None,
        complete=False,
        failed=0,
        bounded=False,
        weights="",
        scenario_file="",
        replications=replications,
    )
