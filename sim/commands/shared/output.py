"""How a command speaks: results and JSON on stdout, where things lie and what failed on stderr, its exit status."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.errors import UsageError
from sim.words.language import phrase
from sim.words.names import in_a_row
from sim.words.visible import visible, visible_json

if TYPE_CHECKING:
    from sim.charts.house.words import Row
    from sim.questions.decision.decision import Decision
    from sim.results.reader import Results

FAILED, WRONG_INPUT, INTERRUPTED = 1, 2, 130
"""Exit statuses besides 0."""
MOST_PRINTED = 5
"""Failures that are told one by one."""
MOST_OF_A_NAME = 100
"""Letters of a folder's name."""


def show(
    found: Decision, *, as_json: bool, full: bool, folder: Path | None = None, charts: Sequence[Path] = ()
) -> None:
    """Print a comparison: the answer, a table and where the files lie; all that can be said of it; or JSON."""
    if as_json:
        print_json(found.as_json())
        return
    from sim.commands.shared import terminal

    if not full:
        terminal.show_first(found, folder, sum(chart.suffix == ".png" for chart in charts))
        return
    terminal.show(found.comparison)
    terminal.show_decision(found)
    if folder is not None:
        say_where(folder, charts)


def see_one_form(*, as_json: bool, full: bool) -> None:
    """Refuse two ways to print at once, before anything is run."""
    if as_json and full:
        raise UsageError("--json and --full are two ways to print: choose one (--json has all figures)")


def tell_looks(results: Results, *, every_look: bool = False) -> None:
    """Note that the results are looked at; on stderr, that they were before, with fewer replications."""
    from sim.chance.sets import SIZE
    from sim.results.looks import note_look

    if len(results.folders) > 1 or not os.access(results.folder, os.W_OK):
        return
    earlier = note_look(results.folder, results.manifests[0].run, results.sets.count)
    if earlier and not every_look:
        counts = ", ".join(f"{look * SIZE:,}" for look in earlier)
        echo(
            f"looked at before, after {counts} replications: `intermission compare"
            f" {shlex.quote(str(results.folder))} --every-look` has the intervals that hold however often one looks",
            err=True,
        )


def echo(text: str, *, err: bool = False) -> None:
    """A line of text, part of which may come from a file or a folder: what a terminal would obey is shown instead."""
    click.echo(visible(text), err=err)


def print_json(told: dict[str, Any]) -> None:
    """As UTF-8 whatever the terminal's encoding, so that the same results are the same bytes."""
    from sim.commands.shared.filing import as_json

    click.echo(visible_json(as_json(told).rstrip("\n")).encode())


def folder_for(study: str, file: str, out: Path | None, as_json: bool, *, asked: str = "") -> Path | None:
    """Where the files of a study go: --out, or `results/<scenario>/<study>` and, where studies can ask different
    things, a folder there named after what is `asked`; nowhere where only JSON is asked for."""
    if out is not None or as_json:
        return out
    from sim.results.disk import no_links

    folder = Path("results") / (stem_of(file) if file else "") / study
    name = re.sub(r"[^\w.%-]+", "_", asked).strip("_.")
    if len(name) > MOST_OF_A_NAME:  # what is cut off must not be what two questions differ by
        name = f"{name[:MOST_OF_A_NAME]}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}"
    no_links(folder, folder / name)
    return folder / name


def stem_of(file: str) -> str:
    """What results are named after: the scenario file's name without its ending; UsageError where that is no name."""
    stem = Path(file).stem
    if not stem.strip("."):  # `..yaml`: a folder called `.` or `..` is another one
        raise UsageError(f"{file}: results are named after the file, and {stem!r} is no name: rename it, or give --out")
    return stem


def report(  # a study's name, what it found, and how that is to be told
    study: str,
    found: Any,
    folder: Path | None,
    show: Callable[[Any], None],
    *,
    as_json: bool,
    quiet: bool,
    tables: Mapping[str, Sequence[Row]] | None = None,
) -> None:
    """File what a study found, print it (as `show` does, or as JSON), and say on stderr what was written."""
    from sim.commands.shared.filing import file_study

    written = [] if folder is None else file_study(study, found, folder, tables)
    if as_json:
        print_json(found.as_json())
    else:
        show(found)
    say_written(written, quiet=quiet)


def say_written(written: list[Path], *, quiet: bool) -> None:
    """Say on stderr what a study left, and where."""
    if written and not quiet:
        echo(f"wrote {', '.join(path.name for path in written)} to {written[0].parent}", err=True)


def say_where(folder: Path, charts: Sequence[Path]) -> None:
    """Say where charts and table lie, and the replications where they lie there too."""
    from sim.results.disk import DATABASE, SUMMARY

    pictures = sum(chart.suffix == ".png" for chart in charts)
    told = [phrase("table in {folder}", folder=folder / SUMMARY)]
    if charts:
        told.insert(0, phrase("{n:,} charts in {folder}", n=pictures, folder=charts[0].parent))
    if (folder / DATABASE).exists():
        told.append(phrase("every replication in {folder}", folder=folder))
    echo(f"\n{in_a_row(told)}")


def tell_failures(results: Results) -> None:
    """What failed and how to play it again, on stderr."""
    failures = results.failures()
    for failure in failures[:MOST_PRINTED]:
        echo(f"replication {failure['replication']} of {failure['option']!r} failed: {failure['error']}", err=True)
        echo(f"  in {results.folder}: {failure['replay']}", err=True)
    if len(failures) > MOST_PRINTED:
        echo(f"… and {len(failures) - MOST_PRINTED} more, in the table `failures`", err=True)


def tell_missing(results: Results, *, quiet: bool) -> None:
    """Say on stderr when not all replications are there."""
    wanted = sum(len(manifest.part()) for manifest in results.manifests)
    there = results.replications + results.failed
    if there < wanted and not quiet:
        echo(f"only {there:,} of {wanted:,} replications are there: go on with run --resume", err=True)
    for folder, manifest in zip(results.folders, results.manifests, strict=True):
        if manifest.shard and not quiet:
            told = f"{folder}: is part {manifest.shard} of {manifest.replications:,} replications"
            echo(f"{told}: merge puts the parts together", err=True)
