"""The drawer of commands: one file, one command of the same name; no registry to edit.

A file holds one thin function, `command`, which reads its arguments, calls one public word of `sim`, and prints. What
is slow to import is imported inside it. Here is what commands share: their flags, and how they speak.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sim.policies import Offers
    from sim.scenario.nouns import Scenario
    from sim.study.deciding import Decision
    from sim.study.results import Results

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
"""Exit statuses besides 0."""
MOST_PRINTED = 5
"""Failures that are told one by one."""

Command = TypeVar("Command", bound=Callable[..., Any])


def shared(*names: str) -> Callable[[Command], Command]:
    """The flags that several commands share, so that they are the same everywhere."""

    def decorate(command: Command) -> Command:
        for name in reversed((*names, "quiet", "debug")):
            command = FLAGS[name](command)
        return command

    return decorate


def _warn(_: click.Context, __: click.Parameter, quiet: bool) -> bool:
    """Warnings go to stderr, one line each."""
    for level, name in ((logging.WARNING, "warning"), (logging.ERROR, "error")):
        logging.addLevelName(level, name)
    level = logging.ERROR if quiet else logging.WARNING
    logging.basicConfig(format="%(levelname)s: %(message)s", level=level, stream=sys.stderr, force=True)
    return quiet


FLAGS: dict[str, Callable[[Any], Any]] = {
    "out": click.option("--out", type=click.Path(path_type=Path), help="Folder to write to."),
    "replications": click.option("--replications", type=int, help="Replications of every option."),
    "seed": click.option("--seed", type=int, help="Seed of all chance."),
    "options": click.option("--option", "options", multiple=True, help="Only this option (repeatable)."),
    "workers": click.option("--workers", type=int, help="Processes on this machine (default: one a core)."),
    "resume": click.option("--resume", is_flag=True, help="Go on with an interrupted run."),
    "force": click.option("--force", is_flag=True, help="Overwrite what is there."),
    "json": click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else."),
    "longer_than": click.option(
        "--longer-than",
        "longer_than_days",
        type=float,
        default=30,
        show_default=True,
        metavar="DAYS",
        help="Tell the chance of a shortfall that lasts longer.",
    ),
    "rules": click.option("--rules", type=click.Path(path_type=Path), help="Python file with rules of your own."),
    "quiet": click.option("--quiet", is_flag=True, callback=_warn, help="No progress, no warnings."),
    "debug": click.option("--debug", is_flag=True, help="Show the traceback of an error."),
}


def load_scenario(file: str, rules: Path | None = None) -> Scenario:
    """The scenario of a file, which may use the rules of another."""
    from sim.scenario.reading import load

    return load(file, rules=tuple(rules_of(rules)))


def rules_of(path: Path | None) -> dict[str, Offers]:
    """The user's own rules; none without a file."""
    if path is None:
        return {}
    from sim.policies import rules_in

    return rules_in(path)


def show(found: Decision, as_json: bool) -> None:
    """Print a comparison and what can be said of it, as tables or as JSON."""
    if as_json:
        print_json(found.as_json())
        return
    from sim import terminal

    terminal.show(found.comparison)
    terminal.show_decision(found)


def print_json(told: dict[str, Any]) -> None:
    """As UTF-8 whatever the terminal's encoding, so that the same results are the same bytes."""
    click.echo((json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n").encode(), nl=False)


def file_found(name: str, found: Any, folder: Path | None, **tables: Any) -> None:
    """Write what a study found into a folder, where one was given, and say so."""
    if folder is None:
        return
    from sim.filing import file_study

    for path in file_study(name, found, folder, tables):
        click.echo(f"wrote {path}", err=True)


def say_where(folder: Path, charts: list[Path]) -> None:
    """Say where charts and results lie."""
    from sim.study.store import SUMMARY

    pictures = sum(chart.suffix == ".png" for chart in charts)
    where = f"{pictures} charts in {charts[0].parent}; " if charts else ""
    click.echo(f"\n{where}table in {folder / SUMMARY}; every replication in {folder}")


def tell_failures(results: Results) -> None:
    """What failed and how to play it again, on stderr."""
    failures = results.failures()
    for failure in failures[:MOST_PRINTED]:
        told = f"replication {failure['replication']} of {failure['option']!r} failed: {failure['error']}"
        click.echo(f"{told}\n  in {results.folder}: {failure['replay']}", err=True)
    if len(failures) > MOST_PRINTED:
        click.echo(f"… and {len(failures) - MOST_PRINTED} more, in the table `failures`", err=True)


def tell_missing(results: Results) -> None:
    """Say on stderr when not all replications are there."""
    wanted = sum(manifest.replications for manifest in results.manifests)
    if results.replications + results.failed < wanted:
        click.echo(f"only {results.replications} of {wanted} replications are there: go on with run --resume", err=True)
