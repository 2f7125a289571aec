"""The what-if page: one HTML file over a grid of settings, that needs no server and no network.

It opens with the scenario's question and its answer (`sim.whatif.opening`); what follows varies the numbers. Python
computes the grid (`sim.whatif.grid`), packs it (`payload`) and puts it into one file with a template, style and
small scripts (`assembly`); in the browser `data.js` unpacks it, `chart_*.js` draw, and `page.js` ties them to the
controls. What the page shows is computed from samples by replication, so that any two settings can be compared in
pairs, with their interval.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sim.errors import UsageError
from sim.policies import own_rules
from sim.results.disk import disk_trouble
from sim.results.manifest import write_whole
from sim.running.runner import Progress
from sim.scenario.loaded import LoadedScenario
from sim.whatif.assembly import GENERATOR, assemble
from sim.whatif.controls import Control, controls_of
from sim.whatif.grid import compute
from sim.whatif.opening import opening
from sim.whatif.payload import payload

MOST_BYTES = 5_000_000
"""A page may go along with a mail."""

log = logging.getLogger("sim")


class Page(NamedTuple):
    """What was written."""

    path: Path
    settings: int
    options: int
    replications: int
    bytes: int
    failed: int
    """Replications that failed, over all settings and options, and are left out."""


def write_page(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: LoadedScenario,
    out: str | Path,
    *,
    vary: Sequence[str] = (),
    options: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    rules: str | Path | None = None,
    workers: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Page:
    """Compute the grid and write the page to `out`.

    What was computed is kept in a folder beside it (`page.html` -> `page.grid`), from which an interrupted run, or one
    with more values, goes on. `vary`: texts like `PATH=v1,v2`; the scenario's `page:`, or what planners ask first,
    where omitted. UsageError for what cannot be asked for, and where `out` is a file that is no such page, or one that
    asked another question, and `force` does not allow to overwrite it.
    """
    path = Path(out)
    controls = controls_of(scenario, vary)
    question = _question_digest(scenario, controls, options, seed)
    _refuse_to_overwrite(path, question, force=force)
    grid = compute(
        scenario,
        controls,
        options=options,
        replications=replications,
        seed=seed,
        rules=own_rules(rules),
        rules_digest=hashlib.sha256(Path(rules).read_bytes()).hexdigest() if rules is not None else "",
        workers=workers,
        cache=cache_of(path),
        force=force,
        progress=progress,
    )
    html = assemble(payload(grid, opening(grid, cache_of(path), rules, workers=workers, force=force)), question)
    size = _write(path, html)
    return Page(path, grid.settings, len(grid.options), grid.replications, size, grid.failed)


def _write(path: Path, html: str) -> int:
    """Write the page, whole or not at all; its size in bytes."""
    size = len(html.encode())
    if size > MOST_BYTES:
        log.warning("%s: is %.1f MB, too large for many mailboxes: vary fewer values", path, size / 1e6)
    with disk_trouble(path):
        write_whole(path, html)
    return size


def cache_of(path: Path) -> Path:
    """The folder in which the grid of a page is kept."""
    return path.with_suffix(".grid")


def _question_digest(
    scenario: LoadedScenario, controls: Sequence[Control], options: Sequence[str], seed: int | None
) -> str:
    """A digest of what a page asks: of which scenario, what can be set to what, for which options, with which seed."""
    inputs = [[control.path, control.values] for control in controls]
    names = [name for name in scenario.options if not options or name in options]
    told = json.dumps([scenario.name, inputs, names, scenario.experiment.seed_or(seed)], default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _refuse_to_overwrite(path: Path, question: str, *, force: bool) -> None:
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; --out takes the file to write")
    if force or not path.exists():
        return
    with disk_trouble(path):
        beginning = path.read_bytes()[:20_000]
    if f'<meta name="generator" content="{GENERATOR} '.encode() not in beginning:
        raise UsageError(f"{path}: is there, and is no what-if page; give --out another name, or --force")
    said = b'<meta name="question" content="'
    if said in beginning and said + question.encode() not in beginning:
        raise UsageError(f"{path}: is a what-if page that asks something else; give --out another name, or --force")
