"""`intermission size`: the units that reach a coverage, and what sharing saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import QUESTION, flags
from sim.commands.shared.inputs import load_scenario, rules_of, speak
from sim.commands.shared.output import FAILED, folder_for, report


def _share(_: click.Context, __: click.Parameter, text: str) -> float:
    """`0.95` and `95%` are the same."""
    from sim.errors import UsageError

    try:
        return float(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise UsageError(f"--coverage: must be a share, like 0.95 or 95%, not {text!r}") from None


@click.command("size")
@click.argument("file", metavar="FILE", type=Scenario())
@click.option("--resource", required=True, metavar="R", help="The resource to count.")
@click.option(
    "--coverage",
    callback=_share,
    required=True,
    metavar="SHARE",
    help="Share of the crises' need to meet, like 0.95 or 95%.",
)
@click.option(
    "--scale",
    type=click.Choice(["missions", "hub"]),
    default="missions",
    show_default=True,
    help="Where units come and go: in every mission, in proportion; or at a hub.",
)
@click.option("--hub", metavar="MISSION", help="Which hub; not needed where there is one.")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
@flags(*QUESTION, "language", out="results/<scenario>/sizing/<resource>-<coverage>", replications="200")
def command(file: str, *, out: Path | None, as_json: bool, force: bool, quiet: bool = False, **flags: Any) -> int:
    """Count the units that each option needs.

    Searches, on the same replications, for the fewest units of a resource that meet the coverage under each option:
    what sharing saves in units, people and money. Writes the chart, with its numbers as CSV and JSON; with --json only
    into --out.
    """
    from sim.commands.shared.filing import room_for
    from sim.commands.shared.terminal import progress, show_sizing
    from sim.errors import UsageError
    from sim.questions.sizing.sizing import size
    from sim.running.experiment import chosen_options

    if flags["hub"] is not None and flags["scale"] != "hub":
        raise UsageError("--hub goes with --scale hub")
    scenario = load_scenario(file, flags["rules"])
    speak(flags["language"], scenario)
    hub = f"-{flags['hub'] or 'hub'}" if flags["scale"] == "hub" else ""
    asked = f"{flags['resource']}-{100 * flags['coverage']:g}pct{hub}"
    folder = folder_for("sizing", file, out, as_json, asked=asked)
    question = {name: flags[name] for name in ("resource", "coverage", "scale", "seed")}
    question |= {"hub": flags["hub"]} if flags["hub"] else {}
    question["options"] = list(chosen_options(scenario, flags["options"]))
    question |= {"reference": flags["reference"]} if flags["reference"] else {}
    room_for("sizing", scenario, folder, question, force=force)
    words = ("scale", "hub", "options", "reference", "replications", "seed", "workers", "cluster")
    said = {name: flags[name] for name in words if flags[name] is not None}
    with progress(scenario.name, quiet=quiet) as shown:
        rules = rules_of(flags["rules"])
        found = size(scenario, flags["resource"], flags["coverage"], rules=rules, progress=shown, **said)
    report("sizing", found, folder, show_sizing, as_json=as_json, quiet=quiet)
    return FAILED if found.failed else 0
