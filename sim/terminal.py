"""What a terminal shows: the comparison as tables, and how far a run is (on stderr, where a person is watching)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sim.study.comparison import Comparison
from sim.study.findings import (
    PRINTED,
    difference_in_figures,
    differences_in_words,
    in_figures,
    where_the_days_went,
)
from sim.study.hindcast import Hindcast

WIDTH_IN_A_FILE = 120


def show(comparison: Comparison) -> None:
    """Print the comparison on stdout: means, paired differences, what is significant, where the days went."""
    console = _console()
    level = f"{comparison.confidence:.0%}"
    failed = comparison.results.failed if comparison.results is not None else 0
    left_out = f"; {failed} that failed are left out" if failed else ""
    console.print(
        f"[bold]{escape(comparison.scenario.name)}[/bold]: {comparison.replications:,} replications, "
        f"seed {comparison.seed}; means with their {level} intervals{left_out}"
    )
    means = _table("Option")
    for name, option in comparison.options.items():
        mark = " (reference)" if name == comparison.reference else ""
        means.add_row(
            escape(option.label + mark), *(_cell(*in_figures(measure, option.measures[measure])) for measure in PRINTED)
        )
    console.print(means)
    if comparison.differences:
        reference = comparison.options[comparison.reference].label
        console.print(
            f"Difference from [bold]{escape(reference)}[/bold], paired by replication (n.s.: not significant, {level})"
        )
        apart = _table("Option")
        for name, found in comparison.differences.items():
            figures = (_cell(*difference_in_figures(measure, found[measure])) for measure in PRINTED)
            apart.add_row(escape(comparison.options[name].label), *figures)
        console.print(apart)
        _lines(console, f"Compared with {reference}, significantly", differences_in_words(comparison))
    _lines(console, "Where the days went (unit-days unmet, by cause)", where_the_days_went(comparison))


def show_hindcast(found: Hindcast) -> None:
    """Print the record beside the model's band on stdout, and the headline."""
    console = _console()
    console.print(
        f"[bold]{escape(found.scenario.name)}[/bold]: the record against {escape(repr(found.option))}, "
        f"{found.replications:,} replications, seed {found.seed}"
    )
    table = _table("Record", ("Recorded", "Model: 10 %", "median", "90 %", "In band"))
    for row in found.rows():
        recorded = row["recorded"]
        told = " to ".join(map(str, recorded)) if isinstance(recorded, list) else str(recorded)
        band = ("–" if row[point] is None else str(row[point]) for point in ("low", "median", "high"))
        verdict = ("yes" if row["inside"] else "no") + (" (fitted)" if row["fitted"] else "")
        table.add_row(escape(f"{row['name']}: {row['quantity']}"), told, *band, verdict)
    console.print(table)
    console.print(found.headline())


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A function that shows how many replications are done; it shows nothing unless a terminal is watching."""
    if quiet or not sys.stderr.isatty():
        yield _nothing
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(what), total=None)
        yield lambda done, wanted: bar.update(task, completed=done, total=wanted)


def _nothing(*_: int) -> None:
    """Nobody is watching."""


def _console() -> Console:
    """On a terminal as wide as it is; otherwise wide enough to be read, and without colours."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE)


def _table(first: str, titles: Iterable[str] = PRINTED.values()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, overflow="fold")
    for title in titles:
        table.add_column(title, justify="right", overflow="fold")
    return table


def _cell(centre: str, interval: str) -> str:
    return f"{centre}\n[dim]{interval}[/dim]" if interval else centre


def _lines(console: Console, title: str, lines: list[str]) -> None:
    console.print(f"[bold]{escape(title)}[/bold]")
    for line in lines:
        console.print(f"  {escape(line)}", soft_wrap=True)
