"""Shards of one run, put together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.errors import UsageError
from sim.results.disk import disk_trouble
from sim.results.manifest import Manifest
from sim.results.reader import Results, manifest_of
from sim.results.writer import RULES, SCENARIO, Store
from sim.scenario.load import read


def merge(out: str | Path, folder: str | Path, *more: str | Path, force: bool = False) -> Results:
    """Put the results folders of shards together into `out`, which is then as if it had been run at once.

    The shards may be of different numbers of replications; the most is what `out` is asked for. UsageError where they
    are not of one run (scenario, seed, options, rules, code), or `out` holds something else.
    """
    parts = [Path(each) for each in (folder, *more)]
    manifests = [manifest_of(part) for part in parts]
    most = max(manifest.replications for manifest in manifests)
    whole = _without_part(manifests[0], most)
    for part, manifest in zip(parts, manifests, strict=True):
        if _without_part(manifest, most) != whole:
            raise UsageError(f"{part}: is not of the same run as {parts[0]} (scenario, seed, options, rules or code)")
    scenario = read(parts[0] / SCENARIO, rules=whole.rule_names)
    rules = None
    if whole.rules_file is not None:
        with disk_trouble(parts[0]):
            rules = (parts[0] / RULES / whole.rules_file).read_bytes()
    with Store.open(Path(out), whole, scenario, rules=rules, force=force) as store:
        for part in parts:
            store.take_over(part)
        return Results([Path(out)], [store.finish()], scenario)


def _without_part(manifest: Manifest, replications: int) -> Manifest:
    return replace(manifest, shard=None, complete=False, failed=0, replications=replications)
