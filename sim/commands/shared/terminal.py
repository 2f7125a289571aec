"""What a terminal shows: the comparison as tables, and how far a run is (on stderr, where a person is watching)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from rich import box, markup
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from sim.commands.shared.first_screen import FirstScreen, seeds_in_words
from sim.commands.shared.tables import (
    record_in_figures,
    regret_in_figures,
    sensitivity_rows,
    setting_rows,
    size_in_figures,
    together_in_figures,
    worth_in_figures,
)
from sim.commands.shared.unbroken import Unbroken
from sim.comparison.comparison import Comparison
from sim.comparison.findings import differences_in_words, what_is_missing, where_the_days_went
from sim.measures.catalogue import PRINTED
from sim.measures.figures import difference_in_figures, in_figures, in_millions
from sim.questions.decision.decision import Decision
from sim.questions.doubts.result import Doubts
from sim.questions.hindcast.hindcast import Hindcast, Pooled
from sim.questions.regret.regret import own_bounds, why_no_gap
from sim.questions.sizing.sizing import Sizing
from sim.questions.sweep.sweep import Sweep
from sim.words.language import Phrase, PhraseN, phrase, phrase_n
from sim.words.names import quoted
from sim.words.numbers import percent
from sim.words.visible import visible

MEANS = Phrase("{scenario}: {replications}, {seeds}; means with their {level} intervals")
MEANS_WITHOUT_FAILED = Phrase(
    "{scenario}: {replications}, {seeds}; means with their {level} intervals; {failed:,} that failed are left out"
)
ONE_BOUND = Phrase(
    "The clairvoyant bound: the least unmet need that anyone could have reached with the same units and journeys; gap"
    " closed from {reference} to it"
)
OWN_BOUNDS = Phrase(
    "The clairvoyant bound: the least unmet need that anyone could have reached with each option's own units, journeys"
    " and crises; gap closed from {reference} to it, where they share it"
)
SIZED_AT_HUB = Phrase(
    "{scenario}: units of {units} for a coverage of {coverage:.4g} %, scaled at the hub; {replications}, seed {seed};"
    " {level} intervals"
)
SIZED_EVERYWHERE = Phrase(
    "{scenario}: units of {units} for a coverage of {coverage:.4g} %, scaled in every mission; {replications},"
    " seed {seed}; {level} intervals"
)
SWEPT_OVER = PhraseN(
    "{scenario}: a grid of {n:,} setting, {replications} at each, seed {seed}",
    "{scenario}: a grid of {n:,} settings, {replications} at each, seed {seed}",
)
SAMPLED = Phrase("{scenario}: a sample of {n:,} settings, {replications} at each, seed {seed}")
SHARES = Phrase(
    "Share of the variance of unmet need (of others than {reference}: of their difference from it) that an input"
    " explains: by itself / with all interactions"
)
DIFFERENCES = Phrase("Unmet need (unit-days); of the others, the difference from {reference}")
WIDTH_IN_A_FILE = 120
FIRST = "the first replications, by which the time of all is told"
MOST_ROWS = 60
"""Settings of a sweep that are printed."""


def escape(text: str) -> str:
    """Text, part of which may come from a file or a folder, as rich prints it as it is."""
    return markup.escape(visible(text))


def show_first(found: Decision, folder: Path | None, charts: int) -> None:
    """Print the answer, the one table and where the files lie on stdout: what fits on a screen."""
    console = _console()
    for line in FirstScreen(found, folder, charts).lines(console.width):
        console.print(escape(line.text), style=line.style or None, soft_wrap=True)


def show(comparison: Comparison) -> None:
    """Print the comparison on stdout: means, paired differences, what is significant, where the days went."""
    console = _console()
    level = percent(comparison.confidence)
    slots = {"scenario": f"[bold]{escape(comparison.scenario.name)}[/bold]", "level": level}
    said = MEANS_WITHOUT_FAILED if comparison.failed else MEANS
    seeds = seeds_in_words(comparison)
    console.print(said(replications=_replications(comparison), seeds=seeds, failed=comparison.failed, **slots))
    means, millions = _table(phrase("Option")), in_millions(option.measures for option in comparison.options.values())
    for name, option in comparison.options.items():
        label = phrase("{name} (reference)", name=option.label) if name == comparison.reference else option.label
        figures = (_cell(*in_figures(each, option.measures[each], millions=millions)) for each in PRINTED)
        means.add_row(escape(label), *figures)
    console.print(means)
    if comparison.differences:
        reference = comparison.options[comparison.reference].label
        told = phrase(
            "Difference from {reference}, paired by replication (n.s.: not significant, {level})",
            reference=f"[bold]{escape(quoted(reference))}[/bold]",
            level=level,
        )
        console.print(told)
        apart, millions = _table(phrase("Option")), in_millions(comparison.differences.values())
        for name, found in comparison.differences.items():
            figures = (_cell(*difference_in_figures(each, found[each], millions=millions)) for each in PRINTED)
            apart.add_row(escape(comparison.options[name].label), *figures)
        console.print(apart)
        title = phrase("Compared with {reference}, significantly", reference=quoted(reference))
        _lines(console, title, differences_in_words(comparison))
    missing = what_is_missing(comparison)
    if missing:
        _lines(console, phrase("What was missing (unit-days unmet, by resource)"), missing)
    _lines(console, phrase("Where the days went (unit-days unmet, by cause)"), where_the_days_went(comparison))


def show_hindcast(found: Hindcast | Pooled) -> None:
    """Print the facts of the record beside the model on stdout, and what can be said."""
    console = _console()
    every = found.hindcasts if isinstance(found, Pooled) else (found,)
    told = {id(entry) for entry in found.entries}
    recorded, kind = phrase("Recorded"), phrase("Kind")
    heads = (recorded, phrase("Model:\n10 %"), phrase("median"), "90 %", phrase("Agrees"), kind, "CRPS", "PIT")
    for each in every:
        told_of = phrase(
            "{scenario}: the record against {option}, {replications}, seed {seed}",
            option=escape(quoted(each.option)),
            **_effort(each),
        )
        console.print(told_of)
        table, name = _table(phrase("Record"), heads), ""
        for head in (recorded, kind):
            table.columns[1 + heads.index(head)].no_wrap = True
        for entry in (entry for entry in each.entries if id(entry) in told):
            if entry.name != name:
                name = entry.name
                made = phrase("made {n:,} of {all:,}", n=entry.made, all=entry.of)
                table.add_row(escape(entry.fact.called), made, style="bold")
            table.add_row(*map(escape, record_in_figures(entry)))
        console.print(table)
    agrees = phrase(
        "A recorded range agrees where it overlaps the band, and the loan is made in half of the replications or more."
    )
    console.print(agrees)
    for line in found.judgement.sentences():
        console.print(escape(line), soft_wrap=True)


def show_decision(found: Decision) -> None:
    """Print what the options look like judged together, the bound where there is one, and what can be said."""
    console, comparison = _console(), found.comparison
    if comparison.replications > 1:
        _together(console, found)
    if found.regrets:
        _bound(console, found)
    elif found.bounded:
        known = phrase(
            "The clairvoyant bound is known for only {n:,} of {all:,} replications: run with --bound again",
            n=found.bounded,
            all=comparison.replications,
        )
        console.print(known, soft_wrap=True)
    _lines(console, phrase("What can be said"), found.sentences())


def _together(console: Console, found: Decision) -> None:
    """Each option against the best of the others, and its good and bad cases."""
    comparison, verdict = found.comparison, found.verdict
    told = phrase(
        "Judged together: unit-days of unmet need, against the best of the others (all hold at once, {level})",
        level=percent(comparison.confidence),
    )
    console.print(told)
    heads = (
        phrase("Against the best"),
        phrase("Chance to\nbe best"),
        phrase("Median"),
        phrase("Good case\n(P5)"),
        phrase("Bad case\n(P95)"),
        phrase("Chance of over\n{days:g} days short", days=verdict.longer_than_days),
    )
    table = _table(phrase("Option"), heads)
    figures = {name: together_in_figures(verdict, name) for name in comparison.options}
    for name, option in comparison.options.items():
        table.add_row(escape(option.label), *map(_cell, figures[name]))
    console.print(table)
    if any("–" in cell for cells in figures.values() for cell in cells):
        console.print(phrase("–: too few sets of replications in which they differ to tell, or too few replications"))


def _bound(console: Console, found: Decision) -> None:
    """What anyone could have reached, and how far each option is from it."""
    options = found.comparison.options
    reference = options[found.comparison.reference].label
    said = OWN_BOUNDS if own_bounds(found.regrets) else ONE_BOUND
    console.print(said(reference=escape(quoted(reference))), soft_wrap=True)
    heads = (phrase("Bound\n(unit-days)"), phrase("Regret\n(unit-days)"), phrase("Gap closed"))
    table = _table(phrase("Option"), heads)
    for name, regret in found.regrets.items():
        table.add_row(escape(options[name].label), *(_cell(*each) for each in regret_in_figures(regret)))
    console.print(table)
    dash = why_no_gap(found.regrets, reference)
    if dash:
        console.print(escape(dash), soft_wrap=True)


def show_sizing(found: Sizing) -> None:
    """Print the units that each option needs, and what it saves."""
    console = _console()
    added = SIZED_AT_HUB if found.scale == "hub" else SIZED_EVERYWHERE
    told = added(
        units=escape(found.scenario.units_name(found.resource)),
        coverage=100 * found.coverage,
        level=percent(found.confidence),
        **_effort(found),
    )
    console.print(told, soft_wrap=True)
    reference = found.options[found.reference].label
    heads = (
        phrase("Held now"),
        phrase("Coverage now"),
        phrase("Units needed"),
        phrase("Saved against\n{reference}", reference=escape(reference)),
        phrase("People"),
        phrase("US$ a year"),
    )
    table = _table(phrase("Option"), heads)
    for option in found.options.values():
        label = phrase("{name} (reference)", name=option.label) if option.name == found.reference else option.label
        table.add_row(escape(label), *(_cell(*each) for each in size_in_figures(found, option)))
    console.print(table)
    _lines(console, phrase("What can be said"), found.sentences())


def show_doubts(found: Doubts) -> None:
    """Print what finding out each doubt is worth, from where on another option is the best, and what can be said."""
    console = _console()
    told = phrase_n(
        "{scenario}: {replications} in {n:,} world, seed {seed}; {level} intervals",
        "{scenario}: {replications} in {n:,} worlds, seed {seed}; {level} intervals",
        found.worlds,
        n=found.worlds,
        level=percent(found.confidence),
        **_effort(found),
    )
    console.print(told, soft_wrap=True)
    console.print(escape(found.question), soft_wrap=True)
    if found.known:
        heads = (
            phrase("Worth finding out\n({unit})", unit=found.unit.unit_said),
            phrase("Share of the\nanswer's spread"),
            phrase("Another option is the best"),
        )
        table = _table(phrase("What nobody knows"), heads)
        for name, cells in worth_in_figures(found):
            table.add_row(escape(name), *(_cell(*map(escape, cell)) for cell in cells))
        console.print(table)
        best = escape(quoted(found.scenario.label(found.best)))
        told = phrase("Best on average: {option}. Worth: what choosing after finding out gains.", option=best)
        console.print(told, soft_wrap=True)
    _lines(console, phrase("What can be said"), found.sentences(flag=True))


def show_sweep(found: Sweep) -> None:
    """Print unmet need at every setting (or, of a sample, what each input does to it), and when an option loses."""
    console = _console()
    slots, n = _effort(found), len(found.settings)
    told = SAMPLED(n=n, **slots) if found.sampled else SWEPT_OVER(n, n=n, **slots)
    console.print(told, soft_wrap=True)
    said = SHARES if found.sampled else DIFFERENCES
    console.print(said(reference=escape(quoted(found.scenario.label(found.reference)))), soft_wrap=True)
    head, *rows = sensitivity_rows(found) if found.sampled else setting_rows(found)
    table = _table(escape(head[0]), map(escape, head[1:]))
    for row in rows[:MOST_ROWS]:
        table.add_row(escape(row[0]), *(_cell(escape(cell)) for cell in row[1:]))
    console.print(table)
    if len(rows) > MOST_ROWS:
        more = len(rows) - MOST_ROWS
        told = phrase_n(
            "… and {n:,} more row: --out writes them all", "… and {n:,} more rows: --out writes them all", more, n=more
        )
        console.print(told)
    _lines(console, phrase("Does the answer change?"), found.sentences())


def _effort(found: Doubts | Hindcast | Sizing | Sweep) -> dict[str, str]:
    """What was run, under the names of the slots of a headline."""
    scenario = f"[bold]{escape(found.scenario.name)}[/bold]"
    return {"scenario": scenario, "replications": _replications(found), "seed": str(found.seed)}


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A function that shows how many replications are done; it shows nothing unless a terminal is watching."""
    if quiet or not sys.stderr.isatty():
        yield _nothing
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(f"{what}: {FIRST}"), total=None)

        def shown(done: int, wanted: int) -> None:
            told = what if done else f"{what}: {FIRST}"
            bar.update(task, completed=done, total=wanted if done else None, description=escape(told))

        yield shown


def _nothing(*_: int) -> None:
    """Nobody is watching."""


def _replications(found: Comparison | Doubts | Hindcast | Sizing | Sweep) -> str:
    return phrase_n("{n:,} replication", "{n:,} replications", found.replications, n=found.replications)


def _console() -> Console:
    """On a terminal as wide as it is; otherwise wide enough to be read. NO_COLOR takes all styles away."""
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(highlight=False, color_system=colours, width=None if sys.stdout.isatty() else WIDTH_IN_A_FILE)


def _table(first: str, titles: Iterable[str] | None = None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, overflow="fold")
    for title in [head() for head in PRINTED.values()] if titles is None else titles:
        table.add_column(title, justify="right", overflow="fold")
    return table


def _cell(centre: str, interval: str = "") -> Unbroken:
    return Unbroken(f"{centre}\n[dim]{interval}[/dim]" if interval else centre)


def _lines(console: Console, title: str, lines: list[str]) -> None:
    console.print(f"[bold]{escape(title)}[/bold]")
    for line in lines:
        console.print(f"  {escape(line)}", soft_wrap=True)
