"""`intermission sweep`: the comparison as inputs vary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import QUESTION, flags
from sim.commands.shared.inputs import load_scenario, rules_of, speak
from sim.commands.shared.output import FAILED, folder_for, report


@click.command("sweep")
@click.argument("file", metavar="FILE", type=Scenario())
@click.option("--vary", multiple=True, required=True, metavar="PATH=…", help="Values v1,v2,… or low:high:count.")
@click.option("--sample", "settings", type=int, metavar="N", help="N random settings; every --vary is then low:high.")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
@flags(*QUESTION, "language", out="results/<scenario>/sweep/<paths and values>", replications="200")
def command(file: str, *, out: Path | None, as_json: bool, force: bool, quiet: bool = False, **flags: Any) -> int:
    """Compare the options as inputs vary.

    Runs every combination of the values, or with --sample a Latin hypercube over spans, which also says how much each
    input matters. Says where an option loses to the reference. PATH is as in error messages, such as
    crises.raids.every_days. Writes the chart with its numbers, every setting as CSV, and JSON; with --json only into
    --out.
    """
    from sim.commands.shared.filing import room_for
    from sim.commands.shared.terminal import progress, show_sweep
    from sim.questions.sweep.inputs import inputs_of
    from sim.questions.sweep.sweep import sweep
    from sim.running.experiment import chosen_options

    scenario = load_scenario(file, flags["rules"])
    speak(flags["language"], scenario)
    inputs = inputs_of(scenario, flags["vary"], sampled=flags["settings"] is not None)
    asked = "-".join(f"{each.path}={','.join(map(str, each.as_json()))}" for each in inputs)
    asked += f"-sample{flags['settings']}" if flags["settings"] else ""
    folder = folder_for("sweep", file, out, as_json, asked=asked)
    names = list(chosen_options(scenario, flags["options"]))
    question = {"vary": {each.path: each.as_json() for each in inputs}, "options": names, "seed": flags["seed"]}
    question |= {"reference": flags["reference"]} if flags["reference"] else {}
    room_for("sweep", scenario, folder, question, force=force)
    words = ("settings", "options", "reference", "replications", "seed", "workers", "cluster")
    said = {name: flags[name] for name in words if flags[name] is not None}
    with progress(scenario.name, quiet=quiet) as shown:
        found = sweep(scenario, flags["vary"], rules=rules_of(flags["rules"]), progress=shown, **said)
    tables = {"settings": found.rows()}
    report("sweep", found, folder, show_sweep, as_json=as_json, quiet=quiet, tables=tables)
    return FAILED if found.failed else 0
