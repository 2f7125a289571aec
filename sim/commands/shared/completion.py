"""What a shell offers after Tab for a scenario or a results folder (`docs/how-to/set-up-a-shell.md`)."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType


class Shipped(StringParamType):
    """The name of a scenario that comes with the package."""

    name = "name"

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin so."""
        from sim.scenario import shipped

        return [CompletionItem(name) for name in shipped.paths() if name.startswith(incomplete)]


class Scenario(Shipped):
    """A scenario's file, or the name of one that comes with the package."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The names that begin so, and what the shell finds on the disk."""
        return [*super().shell_complete(ctx, param, incomplete), CompletionItem(incomplete, type="file")]


class Folder(StringParamType):
    """A folder of results."""

    name = "folder"

    def shell_complete(self, _: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """What the shell finds on the disk."""
        return [CompletionItem(incomplete, type="dir")]
