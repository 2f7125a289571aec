"""Finds the commands of a drawer: a package with one file, or one folder, for each."""

from __future__ import annotations

import importlib
import pkgutil
from difflib import get_close_matches
from keyword import iskeyword
from typing import Any

import click

SHARED = "shared"
"""The folder in a drawer that holds no command but what several share."""


class Drawer(click.Group):
    """The commands in the package `drawer`, each imported when it is asked for.

    A file is a command, a folder a group of commands (its `command` is a `Drawer` again). A name that Python has taken
    ends with a line there: `import_`.
    """

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
            there = self.list_commands(ctx)
            near = get_close_matches(args[0], there, 1)
            hint = f"Did you mean '{near[0]}'?" if near else f"There are {', '.join(there)}."
            ctx.fail(f"No such command '{args[0]}'. {hint}")
        return super().resolve_command(ctx, args)
