"""The command line: finds the command in its drawer, and turns what happened into an exit status and one line."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

import sim
from sim.commands.shared.drawer import Drawer
from sim.commands.shared.output import FAILED, INTERRUPTED, WRONG_INPUT
from sim.errors import DamageError, IntermissionError, RunError
from sim.words.visible import visible


@click.group(
    cls=Drawer,
    drawer="sim.commands",
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(sim.__version__, prog_name="intermission")
@click.pass_context
def intermission(ctx: click.Context) -> int | None:
    """Simulate how missions lend each other units, and where the days go when they do."""
    if ctx.invoked_subcommand is not None:
        return None
    click.echo(ctx.get_help(), err=True)
    return WRONG_INPUT


def main() -> NoReturn:
    """Run the command line; a user's mistake is one line (or one a problem) on stderr, never a traceback."""
    debug = "--debug" in sys.argv
    _speak_utf8()
    try:
        status = intermission.main(standalone_mode=False, prog_name="intermission")
        sys.stdout.flush()
    except click.ClickException as error:
        click.echo(visible(f"error: {' '.join(error.format_message().split())}"), err=True)
        status = WRONG_INPUT
    except IntermissionError as error:
        if debug:
            raise
        click.echo(visible(str(error)), err=True)
        status = FAILED if isinstance(error, RunError | DamageError) else WRONG_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        status = INTERRUPTED
    except OSError as error:
        if debug:
            raise
        if not isinstance(error, BrokenPipeError):  # whoever reads stdout may have seen enough
            click.echo(visible(f"error: {error.filename or 'output'}: {error.strerror or error}"), err=True)
        # What could not be written is dropped: Python would try again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = WRONG_INPUT if error.errno == errno.ENAMETOOLONG else FAILED
    sys.exit(status if isinstance(status, int) else 0)


def _speak_utf8() -> None:
    """Print UTF-8 whatever the locale says: results have − and – in them, and are to be the same bytes everywhere.

    What is no text in the name of a file goes out as it came in; where nobody listens (`>&-`), nothing goes out.
    """
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as long as we live
    sys.stderr = sys.stderr or sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")


if __name__ == "__main__":
    main()
