"""`intermission tell`: one replication as a story."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.commands.shared.completion import Scenario
from sim.commands.shared.flags import flags
from sim.commands.shared.inputs import load_scenario, rules_of, speak
from sim.commands.shared.output import echo, folder_for, print_json, say_written


@click.command("tell")
@click.argument("file", metavar="FILE", type=Scenario())
@flags("out", "seed", "json", "rules", "language", out="results/<scenario>/story")
@click.option("--option", required=True, metavar="NAME", help="The option to tell of.")
@click.option("--replication", type=int, default=0, show_default=True, metavar="N", help="The replication to tell of.")
@click.option("--world", type=int, metavar="N", help="In this world of the doubts, not that of its set.")
def command(
    file: str,
    option: str,
    replication: int,
    *,
    world: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    **flags: Any,
) -> None:
    """Tell the story of one replication.

    Who asked whom for what, how long each paper took, what came of it; and, as files, the Gantt chart of its loans and
    its whole event log; with --json these only into --out.
    """
    from sim.commands.shared.filing import file_story
    from sim.errors import IntermissionError, RunError, in_a_line
    from sim.questions.story.story import tell
    from sim.results.disk import see_room

    folder = folder_for("story", file, out, as_json)
    if folder is not None:
        see_room(folder)
    scenario, rules = load_scenario(file, flags["rules"]), rules_of(flags["rules"])
    speak(flags["language"], scenario)
    try:
        story = tell(scenario, option, replication, seed=flags["seed"], rules=rules, world=world)
    except IntermissionError:
        raise
    except (Exception, SystemExit) as error:  # a rule's own, as `run` notes it
        if flags["debug"]:
            raise
        told = f"replication {replication} of {option!r} failed: {in_a_line(error)}"
        raise RunError(f"{told}; --debug shows where") from error
    written = [] if folder is None else file_story(story, folder)
    if as_json:
        print_json(story.as_json())
    else:
        echo("\n".join(story.lines()))
    say_written(written, quiet=quiet)
