"""The command line: one thin function per command. What is slow to import is imported inside the commands."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

import sim
from sim.errors import IntermissionError, RunError, UsageError

if TYPE_CHECKING:
    from sim.policies import Offers
    from sim.scenario.nouns import Scenario
    from sim.study.comparison import Comparison
    from sim.study.results import Results

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
"""Exit statuses besides 0."""
MOST_PRINTED = 5
"""Failures that are told one by one."""

Command = TypeVar("Command", bound=Callable[..., Any])


def main() -> NoReturn:
    """Run the command line; a user's mistake is one line (or one a problem) on stderr, never a traceback."""
    debug = "--debug" in sys.argv
    try:
        status = intermission.main(standalone_mode=False, prog_name="intermission")
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        status = WRONG_INPUT
    except click.ClickException as error:
        click.echo(f"error: {' '.join(error.format_message().split())}", err=True)
        status = WRONG_INPUT
    except IntermissionError as error:
        if debug:
            raise
        click.echo(str(error), err=True)
        status = FAILED if isinstance(error, RunError) else WRONG_INPUT
    except (KeyboardInterrupt, click.Abort):
        status = INTERRUPTED
    except BrokenPipeError:  # whoever read stdout has seen enough
        sys.stderr.close()
        status = FAILED
    sys.exit(status if isinstance(status, int) else 0)


def shared(*names: str) -> Callable[[Command], Command]:
    """The flags that several commands share, so that they are the same everywhere."""

    def decorate(command: Command) -> Command:
        for name in reversed((*names, "quiet", "debug")):
            command = FLAGS[name](command)
        return command

    return decorate


def _set_up(_: click.Context, flag: click.Parameter, given: bool) -> bool:
    """Warnings go to stderr, one line each."""
    if flag.name == "quiet":
        logging.basicConfig(
            format="%(levelname)s: %(message)s", level=logging.ERROR if given else logging.WARNING, stream=sys.stderr
        )
        logging.addLevelName(logging.WARNING, "warning")
        logging.addLevelName(logging.ERROR, "error")
    return given


FLAGS: dict[str, Callable[[Any], Any]] = {
    "out": click.option("--out", type=click.Path(path_type=Path), help="Folder to write to."),
    "replications": click.option("--replications", type=int, help="Replications of every option."),
    "seed": click.option("--seed", type=int, help="Seed of all chance."),
    "options": click.option("--option", "options", multiple=True, help="Only this option (repeatable)."),
    "workers": click.option("--workers", type=int, help="Processes on this machine (default: one a core)."),
    "resume": click.option("--resume", is_flag=True, help="Go on with an interrupted run."),
    "force": click.option("--force", is_flag=True, help="Overwrite what is there."),
    "json": click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else."),
    "rules": click.option("--rules", type=click.Path(path_type=Path), help="Python file with rules of your own."),
    "quiet": click.option("--quiet", is_flag=True, callback=_set_up, help="No progress, no warnings."),
    "debug": click.option("--debug", is_flag=True, help="Show the traceback of an error."),
}


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(sim.__version__, prog_name="intermission")
def intermission() -> None:
    """Simulate how missions lend each other units, and where the days go when they do."""


@intermission.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@shared("out", "replications", "seed", "options", "workers", "resume", "force", "json", "rules")
@click.option("--cluster", metavar="ADDRESS", help="Dask scheduler whose workers do it (trusted network or TLS only).")
@click.option("--shard", metavar="i/n", help="Only the i-th of n parts, for merge.")
@click.option("--keep-loans", type=int, default=100, show_default=True, help="Replications that leave their whole log.")
def run(files: tuple[str, ...], as_json: bool, **flags: Any) -> int:
    """Run all options, compare them, draw charts.

    Every option meets the same replications. Prints the comparison and writes the results folder with its charts;
    what is there already is not run again.
    """
    folders = _folders(files, flags["out"])
    scenarios = {file: _load(file, flags["rules"]) for file in files}  # what is wrong with any stops all
    failed = [_run(scenarios[file], folders[file], as_json=as_json, flags=flags) for file in files]
    return FAILED if any(failed) else 0


def _run(scenario: Scenario, folder: Path, *, as_json: bool, flags: dict[str, Any]) -> bool:
    """Run one scenario; whether any replication failed."""
    from sim.filing import file_comparison
    from sim.study.comparison import compare as compared
    from sim.study.experiment import run as run_experiment
    from sim.terminal import progress

    plain = {name: flags[name] for name in _RUN_FLAGS}
    try:
        with progress(scenario.name, quiet=flags["quiet"]) as shown:
            results = run_experiment(scenario, out=folder, progress=shown, **plain)
    except KeyboardInterrupt:
        click.echo(f"interrupted; what was done is kept in {folder}: go on with --resume", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    _tell_failures(results)
    if results.failed and not results.replications:
        return True
    comparison = compared(results)
    charts = file_comparison(comparison, folder)
    _show(comparison, as_json)
    if not as_json:
        _say_where(folder, charts)
    return bool(results.failed)


_RUN_FLAGS = (
    "replications",
    "seed",
    "options",
    "workers",
    "resume",
    "force",
    "rules",
    "cluster",
    "shard",
    "keep_loans",
)


@intermission.command()
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…")
@shared("out", "json")
@click.option("--reference", metavar="NAME", help="Compare the others with this option.")
def compare(folders: tuple[str, ...], out: Path | None, as_json: bool, reference: str | None, **_: Any) -> None:
    """Compare again, without simulating.

    Takes results folders; those of one scenario run with different seeds are put together.
    """
    from sim.filing import file_comparison
    from sim.study.comparison import compare as compared
    from sim.study.results import read

    results = read(*folders)
    _tell_missing(results)
    comparison = compared(results, reference)
    _show(comparison, as_json)
    if out is not None:
        charts = file_comparison(comparison, out)
        if not as_json:
            _say_where(out, charts)


@intermission.command()
@click.argument("file", metavar="FILE")
@shared("out", "seed", "json", "rules")
@click.option("--option", required=True, metavar="NAME", help="The option to tell of.")
@click.option("--replication", type=int, default=0, show_default=True, help="The replication to tell of.")
def tell(file: str, option: str, replication: int, *, out: Path | None, as_json: bool, **flags: Any) -> None:
    """Tell the story of one replication.

    Who asked whom for what, how long each paper took, what came of it. --out writes its charts and event log too.
    """
    from sim.study.story import tell as told

    rules = flags["rules"]
    story = told(_load(file, rules), option, replication, seed=flags["seed"], rules=_rules(rules))
    if as_json:
        _print_json(story.as_json())
    else:
        click.echo("\n".join(story.lines()))
    if out is not None:
        from sim.filing import file_story

        for path in file_story(story, out):
            click.echo(f"wrote {path}", err=True)


@intermission.command()
@click.argument("file", metavar="FILE")
@shared("out", "replications", "seed", "workers", "json")
def hindcast(file: str, *, out: Path | None, as_json: bool, quiet: bool = False, **flags: Any) -> None:
    """Hold the scenario's history against the model.

    For every recorded date, delay and number of units: what the model gives under the option marked as the record.
    """
    from sim.study.hindcast import hindcast as held
    from sim.terminal import progress, show_hindcast

    scenario = _load(file, None)
    plain = {name: flags[name] for name in ("replications", "seed", "workers")}
    with progress(scenario.name, quiet=quiet) as shown:
        found = held(scenario, progress=shown, **plain)
    if as_json:
        _print_json(found.as_json())
    else:
        show_hindcast(found)
    if out is not None:
        from sim.filing import file_chart

        for path in file_chart("hindcast", found, out):
            click.echo(f"wrote {path}", err=True)


@intermission.command()
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@shared("json")
def diff(one: str, other: str, *, as_json: bool, **_: Any) -> None:
    """Show how B differs from A, as a patch.

    A and B are scenario files, or FILE#option.
    """
    from sim.scenario.differing import as_text, differ

    patch = differ(one, other)
    if as_json:
        _print_json(patch)
    else:
        click.echo(as_text(patch), nl=False)


@intermission.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@shared("rules")
def check(files: tuple[str, ...], rules: Path | None, **_: Any) -> int:
    """Validate scenario files.

    Prints every problem as file:line:col: path: what; what would be right.
    """
    from sim.errors import ScenarioError

    status = 0
    for file in files:
        try:
            scenario = _load(file, rules)
        except ScenarioError as error:
            click.echo(str(error))
            status = WRONG_INPUT
        else:
            counts = (
                f"{len(scenario.missions)} missions, {len(scenario.crises)} crises, {len(scenario.options)} options"
            )
            click.echo(f"{file}: fine ({counts})")
    return status


@intermission.command()
@click.argument("file", metavar="FILE")
@shared()
def new(file: str, **_: Any) -> None:
    """Write a starter scenario, with remarks."""
    from sim.scenario.starter import write_starter

    write_starter(file)
    click.echo(f"wrote {file}: change it, then `intermission run {file}`")


@intermission.command()
@click.option("--markdown", is_flag=True, help="The language reference, for people.")
@shared()
def schema(markdown: bool, **_: Any) -> None:
    """Print the language's JSON Schema, for editors."""
    if markdown:
        from sim.scenario.reference import reference

        click.echo(reference().encode(), nl=False)
        return
    from sim.scenario.schema import schema as made

    click.echo((json.dumps(made(), ensure_ascii=False, indent=2) + "\n").encode(), nl=False)


@intermission.command()
@click.argument("folder", metavar="FOLDER")
@shared("out")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
def export(folder: str, form: str, out: Path | None, **_: Any) -> None:
    """Write result tables as CSV or Parquet."""
    from sim.study.export import export as exported
    from sim.study.results import read

    for path in exported(read(folder), form, out):
        click.echo(str(path))


@intermission.command()
@click.argument("out", metavar="OUT")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER…")
@shared("force", "json")
def merge(out: str, folders: tuple[str, ...], force: bool, as_json: bool, **_: Any) -> int:
    """Put shards of one run together.

    OUT is then as if it had been run at once, with its comparison and charts.
    """
    from sim.filing import file_comparison
    from sim.study.comparison import compare as compared
    from sim.study.merging import merge as merged

    results = merged(out, *folders, force=force)
    _tell_missing(results)
    _tell_failures(results)
    comparison = compared(results)
    charts = file_comparison(comparison, Path(out))
    _show(comparison, as_json)
    if not as_json:
        _say_where(Path(out), charts)
    return FAILED if results.failed else 0


def _load(file: str, rules: Path | None) -> Scenario:
    from sim.scenario.reading import load

    return load(file, rules=tuple(_rules(rules)))


def _rules(path: Path | None) -> dict[str, Offers]:
    if path is None:
        return {}
    from sim.policies import rules_in

    return rules_in(path)


def _folders(files: tuple[str, ...], out: Path | None) -> dict[str, Path]:
    """Where each file's results go: `results/<file>`, or under `out` where several files share it."""
    if out is not None and len(files) == 1:
        return {files[0]: out}
    folders = {file: (out or Path("results")) / Path(file).stem for file in files}
    if len(set(folders.values())) < len(files):
        raise UsageError("two of the files have the same name: run them one by one, each with its own --out")
    return folders


def _show(comparison: Comparison, as_json: bool) -> None:
    if as_json:
        _print_json(comparison.as_json())
        return
    from sim.terminal import show

    show(comparison)


def _print_json(told: dict[str, Any]) -> None:
    """As UTF-8 whatever the terminal's encoding, so that the same results are the same bytes."""
    click.echo((json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n").encode(), nl=False)


def _say_where(folder: Path, charts: list[Path]) -> None:
    from sim.study.store import SUMMARY

    pictures = sum(chart.suffix == ".png" for chart in charts)
    where = f"{pictures} charts in {charts[0].parent}; " if charts else ""
    click.echo(f"\n{where}table in {folder / SUMMARY}; every replication in {folder}")


def _tell_failures(results: Results) -> None:
    """What failed and how to play it again, on stderr."""
    failures = results.failures()
    for failure in failures[:MOST_PRINTED]:
        told = f"replication {failure['replication']} of {failure['option']!r} failed: {failure['error']}"
        click.echo(f"{told}\n  in {results.folder}: {failure['replay']}", err=True)
    if len(failures) > MOST_PRINTED:
        click.echo(f"… and {len(failures) - MOST_PRINTED} more, in the table `failures`", err=True)


def _tell_missing(results: Results) -> None:
    wanted = sum(manifest.replications for manifest in results.manifests)
    if results.replications + results.failed < wanted:
        click.echo(f"only {results.replications} of {wanted} replications are there: go on with run --resume", err=True)


if __name__ == "__main__":
    main()
