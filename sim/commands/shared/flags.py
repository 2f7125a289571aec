"""The flags that several commands share, so that they are the same everywhere."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sim.words.language import languages
from sim.words.visible import visible

Command = TypeVar("Command", bound=Callable[..., Any])


def flags(*names: str, **defaults: str) -> Callable[[Command], Command]:
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


class _Visible(logging.Formatter):
    """What a terminal would obey is shown instead: warnings quote files and folders."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


def _warn(_: click.Context, __: click.Parameter, quiet: bool) -> bool:
    """Warnings go to stderr, one line each."""
    for level, name in ((logging.WARNING, "warning"), (logging.ERROR, "error")):
        logging.addLevelName(level, name)
    level = logging.ERROR if quiet else logging.WARNING
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Visible("%(levelname)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=level, force=True)
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
    "full": (("--full",), {"is_flag": True, "help": "Print all figures: intervals, resources, causes, risks."}),
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
    "language": (
        ("--language",),
        {
            "type": click.Choice(languages()),
            "show_default": "the scenario's, English",
            "help": "Language of what is said: answers, tables and charts, the story, the page, the briefing.",
        },
    ),
    "quiet": (("--quiet",), {"is_flag": True, "callback": _warn, "help": "No progress, no warnings."}),
    "debug": (("--debug",), {"is_flag": True, "help": "Show the traceback of an error."}),
}


QUESTION = ("out", "replications", "seed", "options", "workers", "cluster", "rules", "force", "json")
"""What a question takes that runs all options again and again."""
