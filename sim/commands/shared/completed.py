"""What a shell offers after Tab for a scenario or a results folder (`docs/how-to/set-up-a-shell.md`)."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType


class Scenario(StringParamType):
    """A scenario's file, or the name of one that comes with the package."""

    name = "file"

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin so, and what the shell finds on the disk."""
        from sim.scenario import shipped

        names = [name for name in shipped.paths() if name.startswith(incomplete)]
        return [*map(CompletionItem, names), CompletionItem(incomplete, type="file")]


class Folder(StringParamType):
    """A folder of results."""

    name = "folder"

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """What the shell finds on the disk."""
        return [CompletionItem(incomplete, type="dir")]
