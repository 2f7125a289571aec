"""The drawer of commands: one file, one command of the same name; no registry to edit.

A file holds one thin function, `command`, which reads its arguments, calls one public word of `sim`, and prints. What
is slow to import is imported inside it. A folder is a group of commands: its `command` is a `Drawer` of the files in
it. A name that Python has taken gets a line at its end (`import_`). Here is what commands share: their flags, and how
they speak.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
import re
import sys
from collections.abc import Callable
from difflib import get_close_matches
from keyword import iskeyword
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

MOST_OF_A_NAME = 100
"""Letters of a folder's name."""

SHARED = "shared"
"""The folder in a drawer that holds no command but what several share."""

Command = TypeVar("Command", bound=Callable[..., Any])


class Drawer(click.Group):
    """The commands in the package `drawer`, each imported when it is asked for."""

    def __init__(self, *args: Any, drawer: str, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.drawer = drawer

    def list_commands(self, _: click.Context) -> list[str]:
        """Every command, by its file's name."""
        path = importlib.import_module(self.drawer).__path__
        return sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(path) if module.name != SHARED)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name; None where there is none."""
        if name not in self.list_commands(ctx):
            return None
        module = f"{self.drawer}.{name}{'_' if iskeyword(name) else ''}"
        found: click.Command = importlib.import_module(module).command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command where there is none of that name."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)


def shared(*names: str, **defaults: str) -> Callable[[Command], Command]:
    """The flags that several commands share, so that they are the same everywhere.

    `defaults` are, in words, what happens where a flag is left out, as far as that differs from command to command.
    """

    def decorate(command: Command) -> Command:
        for name in reversed((*names, "quiet", "debug")):
            words, attributes = FLAGS[name]
            shown = {"show_default": defaults[name]} if name in defaults else {}
            command = click.option(*words, **(attributes | shown))(command)
        return command

    return decorate


def _warn(_: click.Context, __: click.Parameter, quiet: bool) -> bool:
    """Warnings go to stderr, one line each."""
    for level, name in ((logging.WARNING, "warning"), (logging.ERROR, "error")):
        logging.addLevelName(level, name)
    level = logging.ERROR if quiet else logging.WARNING
    logging.basicConfig(format="%(levelname)s: %(message)s", level=level, stream=sys.stderr, force=True)
    return quiet


FLAGS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "out": (("--out",), {"type": click.Path(path_type=Path), "metavar": "DIR", "help": "Folder to write to."}),
    "replications": (("--replications",), {"type": int, "metavar": "N", "help": "Replications of every option."}),
    "seed": (
        ("--seed",),
        {"type": int, "metavar": "N", "show_default": "the scenario's", "help": "Seed of all chance."},
    ),
    "options": (
        ("--option", "options"),
        {"multiple": True, "metavar": "NAME", "show_default": "all", "help": "Only this option (repeatable)."},
    ),
    "workers": (
        ("--workers",),
        {"type": int, "metavar": "N", "show_default": "one a core", "help": "Processes on this machine."},
    ),
    "cluster": (
        ("--cluster",),
        {"metavar": "ADDRESS", "help": "Dask scheduler whose workers do it (trusted network or TLS only)."},
    ),
    "resume": (("--resume",), {"is_flag": True, "help": "Go on with an interrupted run."}),
    "force": (("--force",), {"is_flag": True, "help": "Overwrite what is there."}),
    "json": (("--json", "as_json"), {"is_flag": True, "help": "Print JSON and nothing else."}),
    "longer_than": (
        ("--longer-than", "longer_than_days"),
        {
            "type": float,
            "default": 30,
            "show_default": True,
            "metavar": "DAYS",
            "help": "Tell the chance of a shortfall that lasts longer.",
        },
    ),
    "rules": (
        ("--rules",),
        {"type": click.Path(path_type=Path), "metavar": "FILE.py", "help": "Python file with rules of your own."},
    ),
    "quiet": (("--quiet",), {"is_flag": True, "callback": _warn, "help": "No progress, no warnings."}),
    "debug": (("--debug",), {"is_flag": True, "help": "Show the traceback of an error."}),
}


STUDY = ("out", "replications", "seed", "options", "workers", "cluster", "rules", "force", "json")
"""What a study takes that runs all options again and again."""


def load_scenario(file: str, rules: Path | None = None) -> Scenario:
    """The scenario of a file, which may use the rules of another."""
    from sim.scenario.reading import load

    return load(file, rules=tuple(rules_of(rules)))


def rules_of(path: Path | None) -> dict[str, Offers]:
    """The user's own rules; none without a file."""
    from sim.policies import own_rules

    return own_rules(path)


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
    from sim.filing import as_json

    click.echo(as_json(told).encode(), nl=False)


def folder_for(study: str, file: str, out: Path | None, as_json: bool, *, asked: str = "") -> Path | None:
    """Where the files of a study go: --out, or `results/<scenario>/<study>` and, where studies can ask different
    things, a folder there named after what is `asked`; nowhere where only JSON is asked for."""
    name = re.sub(r"[^\w.%-]+", "_", asked).strip("_.")[:MOST_OF_A_NAME]
    return out or (None if as_json else Path("results") / Path(file).stem / study / name)


def say_written(written: list[Path], *, quiet: bool) -> None:
    """Say on stderr what a study left, and where."""
    if written and not quiet:
        click.echo(f"wrote {', '.join(path.name for path in written)} to {written[0].parent}", err=True)


def say_where(folder: Path, charts: list[Path]) -> None:
    """Say where charts and table lie, and the replications where they lie there too."""
    from sim.study.store import DATABASE, SUMMARY

    pictures = sum(chart.suffix == ".png" for chart in charts)
    where = f"{pictures} charts in {charts[0].parent}; " if charts else ""
    more = f"; every replication in {folder}" if (folder / DATABASE).exists() else ""
    click.echo(f"\n{where}table in {folder / SUMMARY}{more}")


def tell_failures(results: Results) -> None:
    """What failed and how to play it again, on stderr."""
    failures = results.failures()
    for failure in failures[:MOST_PRINTED]:
        told = f"replication {failure['replication']} of {failure['option']!r} failed: {failure['error']}"
        click.echo(f"{told}\n  in {results.folder}: {failure['replay']}", err=True)
    if len(failures) > MOST_PRINTED:
        click.echo(f"… and {len(failures) - MOST_PRINTED} more, in the table `failures`", err=True)


def tell_missing(results: Results, *, quiet: bool) -> None:
    """Say on stderr when not all replications are there."""
    wanted = sum(len(manifest.part()) for manifest in results.manifests)
    there = results.replications + results.failed
    if there < wanted and not quiet:
        click.echo(f"only {there:,} of {wanted:,} replications are there: go on with run --resume", err=True)
    for folder, manifest in zip(results.folders, results.manifests, strict=True):
        if manifest.shard and not quiet:
            told = f"{folder}: is part {manifest.shard} of {manifest.replications:,} replications"
            click.echo(f"{told}: merge puts the parts together", err=True)
