"""`intermission hindcast`: the history of scenarios against the model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import load_scenario, speak
from sim.commands.shared.output import echo, folder_for, report

if TYPE_CHECKING:
    from sim.scenario.loaded import LoadedScenario

STUDY = "hindcast"


@click.command(STUDY)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=Scenario())
@flags(
    "out",
    "replications",
    "seed",
    "workers",
    "cluster",
    "rules",
    "force",
    "json",
    "language",
    out="results/<scenario>/hindcast, of several results/hindcast",
    replications="500",
)
def command(
    files: tuple[str, ...], *, out: Path | None, as_json: bool, force: bool, quiet: bool = False, **flags: Any
) -> None:
    """Hold the history of scenarios against the model.

    For every documented delay, stay and size: what the model gives under the option marked as the record, how often it
    makes the loan at all, and a score. Of several files the facts are pooled; those without a history are passed over.
    Writes the chart, with its numbers as CSV and JSON; with --json only into --out.
    """
    from sim.commands.shared.terminal import progress, show_hindcast
    from sim.errors import Problem, ScenarioError
    from sim.questions.hindcast.hindcast import hindcast, pool

    scenarios = [load_scenario(file, flags["rules"]) for file in files]
    speak(flags["language"], scenarios[0])
    if len(files) == 1 and not scenarios[0].history:
        raise ScenarioError(
            [Problem(files[0], 1, 1, "", "has no history to be held against; say what happened under 'history'")]
        )
    recorded = [each for each in scenarios if each.history or len(files) == 1]
    if len(recorded) < len(scenarios) and not quiet:
        echo(
            f"passed over, without a history: {len(scenarios) - len(recorded)} of {len(scenarios)} scenarios", err=True
        )
    plain = {name: flags[name] for name in ("replications", "seed", "workers", "cluster", "rules")}
    folder = folder_for(STUDY, files[0] if len(files) == 1 else "", out, as_json)
    _room_for(recorded, folder, flags["seed"], several=len(files) > 1, force=force)
    every = []
    for scenario in recorded:
        with progress(scenario.name, quiet=quiet) as shown:
            every.append(hindcast(scenario, progress=shown, **plain))
    found = every[0] if len(files) == 1 else pool(every)
    for line in () if quiet else found.warnings():
        echo(f"warning: {line}", err=True)
    report(STUDY, found, folder, show_hindcast, as_json=as_json, quiet=quiet)


def _room_for(
    scenarios: list[LoadedScenario], folder: Path | None, seed: int | None, *, several: bool, force: bool
) -> None:
    """See, before anything is run, that what is found may be written there.

    UsageError where the folder is a file, or has the facts of other scenarios, or of another seed, and there is no
    `force`.
    """
    from sim.commands.shared.filing import room_for
    from sim.errors import UsageError
    from sim.results.disk import see_room
    from sim.scenario.fingerprint import fingerprint

    if folder is None or not scenarios:
        return
    if not several:
        room_for(STUDY, scenarios[0], folder, {"seed": seed}, force=force)
        return
    see_room(folder)
    try:
        there = json.loads((folder / f"{STUDY}.json").read_text(encoding="utf-8"))
        theirs = [(each["fingerprint"], each["seed"]) for each in there["scenarios"]]
    except (OSError, ValueError, KeyError, TypeError):
        theirs = None  # nothing of ours
    ours = [(fingerprint(each), each.experiment.seed_or(seed)) for each in scenarios]
    if not force and theirs is not None and theirs != ours:
        told = "give --out another folder, or --force"
        raise UsageError(f"{folder}: holds {STUDY} of other scenarios or another seed; {told}")
