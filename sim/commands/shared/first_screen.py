"""What `run` and `compare` print: the answer first, then one table, what cannot be said, and where the files lie.

At most `MOST_LINES` lines of at most `WIDEST` columns. No word is broken and no figure parted from its unit: a no-break
space within a text joins what belongs together, and is printed as a space. A name that is longer than its column by
itself is the one thing that may be cut, at the edge of the terminal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len

from sim.comparison.comparison import Comparison
from sim.comparison.pair import EVERYWHERE, Pair, pair, worlds_of
from sim.measures.catalogue import OVERALL
from sim.measures.figures import figure, in_millions
from sim.questions.decision.decision import Decision
from sim.questions.doubts.result import first_to_find_out
from sim.statistics.discordance import least_discordant
from sim.statistics.selection import Ranking
from sim.words.language import phrase, phrase_n
from sim.words.numbers import UNKNOWN, fixed, percent
from sim.words.visible import visible

MOST_LINES = 30
WIDEST = 100
NARROWEST = 40
"""A terminal that is narrower than this is written to as if it were so wide."""
INDENT = 2
GAP = 2
CAPPED = 80
"""From so many columns on the lines are at most `MOST_LINES`; on a narrower terminal they are more."""
MOST_NAMED = 3
"""Options that may be best, which are shown however little room there is."""
NAME_WIDTH = 28
"""Columns that a name gets before heads are broken into lines, where it needs them."""
NBSP = "\u00a0"
COST, LACK = "cost_usd", "exposure_unit_days"


class Line(NamedTuple):
    """A line of the screen."""

    text: str
    style: str = ""


class Row(NamedTuple):
    """A row of the table; a heading has no figures."""

    name: str
    figures: tuple[str, ...] = ()
    asked: bool = False
    """Whether the question is about it."""


@dataclass(frozen=True)
class FirstScreen:
    """What is printed of a comparison where nobody asks for all of it."""

    found: Decision
    folder: Path | None = None
    """Where its files lie."""
    charts: int = 0
    """Pictures among them."""

    def lines(self, width: int) -> list[Line]:
        """The lines for a terminal of so many columns."""
        width = max(NARROWEST, min(WIDEST, width))
        above, below = [*self._title(width), *self._answered(width)], [*self._open(width), *self._files(width)]
        rows, most = self._rows(), MOST_LINES if width >= CAPPED else 2 * MOST_LINES
        for left_out in range(len(rows)):
            table = self._table(rows, left_out, width)
            if len(above) + len(table) + len(below) <= most:
                break
        return [Line(each.text.replace(NBSP, " ").rstrip(), each.style) for each in (*above, *table, *below)]

    # -- above the table -----------------------------------------------------------------------------------------

    def _title(self, width: int) -> Iterator[Line]:
        comparison = self.found.comparison
        n, worlds = comparison.replications, worlds_of(comparison)
        parts = [phrase_n("{n:,} replication", "{n:,} replications", n, n=n)]
        parts += [phrase_n("{n:,} world", "{n:,} worlds", worlds, n=worlds)] if worlds else []
        parts += [seeds_in_words(comparison)]
        parts += [phrase("{n:,} that failed are left out", n=comparison.failed)] if comparison.failed else []
        told = " ".join(comparison.scenario.name.split())
        told += " · " + ", ".join(part.replace(" ", NBSP) for part in parts)
        yield from (Line(each, "bold") for each in wrapped(told, width))

    def _answered(self, width: int) -> Iterator[Line]:
        answer = self.found.answer
        yield Line("")
        yield from _indented(answer.question, width, "bold")
        for sentence in answer.sentences:
            yield from _indented(sentence, width, more=2)
        if self.found.finding_out is not None:
            yield from _indented(_unparted(first_to_find_out(self.found.finding_out, flag=True)), width, more=2)
        if self.found.stopped is not None:
            yield from _indented(self.found.stopped.sentences()[0], width)
        yield Line("")

    # -- the table -----------------------------------------------------------------------------------------------

    def _rows(self) -> list[Row]:
        answer, comparison = self.found.answer, self.found.comparison
        rows: list[Row] = []
        groups = comparison.groups
        asked = {name for found in answer.pairs for name in (found.option, found.against)} or {comparison.reference}
        order = sorted(groups, key=lambda group: not asked & set(groups[group]))
        for place, group in enumerate(order):
            names = groups[group]
            if place:
                said = any(comparison.scenario.options[name].group for name in names)
                told = phrase("apart: {group}", group=group) if said else phrase("apart, with other crises or units:")
                rows.append(Row(told))
            base = self._base(names)
            told_of = [self._row(name, base, answer.rankings.get(group)) for name in names]
            rows += [row._replace(asked=False) for row in told_of] if place else told_of
        return rows

    def _base(self, names: Sequence[str]) -> str:
        """The option of a group that its others are held against."""
        answer, reference = self.found.answer, self.found.comparison.reference
        by_name = reference != self.found.comparison.scenario.reference
        if answer.pairs and answer.pairs[0].against in names and (answer.asked.kind == "one by one" or not by_name):
            return answer.pairs[0].against
        return reference if reference in names else names[0]

    def _row(self, name: str, base: str, ranking: Ranking | None) -> Row:
        answer, comparison = self.found.answer, self.found.comparison
        option = comparison.options[name]
        found = pair(comparison, name, base, answer.asked.measure, answer.asked.place)
        about = {each for one in answer.pairs for each in (one.option, one.against)}
        asked = name == base or name in (answer.leaders[:MOST_NAMED] if answer.asked.kind == "best" else about)
        label = " ".join(option.label.split())
        label = phrase("{name} (reference)", name=label) if name == base and ranking is not None else label
        lacks = fixed(option.measures[LACK].mean, 0 if option.measures[LACK].mean >= 100 else 1)
        lacks = UNKNOWN if not option.measures["loans"].mean else lacks
        saved = UNKNOWN if name == base else _gain(found)
        return Row(label, (_level(found), saved, lacks, self._cost(name), self._may_be_best(name, ranking)), asked)

    def _cost(self, name: str) -> str:
        if not self.found.answer.counted(name):
            return phrase("not counted")
        options = self.found.comparison.options
        cost = options[name].measures[COST].mean
        shown = figure(COST, cost, millions=in_millions(each.measures for each in options.values()))
        return phrase("${amount}", amount=shown.replace(" ", ""))

    def _may_be_best(self, name: str, ranking: Ranking | None) -> str:
        comparison = self.found.comparison
        worlds, best = worlds_of(comparison), self.found.answer.worlds_best(name)
        if ranking is None or ranking.sets < least_discordant(comparison.confidence):
            return UNKNOWN
        if worlds and best is not None:
            return phrase("in\u00a0{n:,}\u00a0of\u00a0{all:,} worlds", n=best, all=worlds) if best else phrase("no")
        standing = ranking.standings[name]
        if not standing.may_be_best:
            return phrase("no")
        if len(ranking.may_be_best) == 1:
            return phrase("yes")
        if not math.isfinite(standing.chance_best):
            return phrase("open")
        return percent(standing.chance_best).replace(" ", NBSP)

    def _head(self) -> Row:
        measure = self.found.answer.measure
        of_unmet = measure.key == "unmet_unit_days"
        name = measure.name[:1].lower() + measure.name[1:]
        change = phrase("saved") if of_unmet else phrase("better by")
        return Row(phrase("option"), (name, change, phrase("lenders lack"), phrase("cost"), phrase("may be best")))

    def _table(self, rows: Sequence[Row], left_out: int, width: int) -> list[Line]:
        """The rows without so many of those that the question is not about, and how many these are."""
        needless = [place for place, row in enumerate(rows) if row.figures and not row.asked][::-1]
        hidden = set(needless[:left_out])
        hidden_heads = {place for place, row in enumerate(rows) if not row.figures and _all_hidden(rows, place, hidden)}
        laid = layout([self._head(), *rows], width - INDENT)
        lines = [Line(" " * INDENT + text, "dim") for text in laid[0]]
        for place, row in enumerate(laid[1:]):
            lines += [Line(" " * INDENT + text) for text in row if place not in hidden | hidden_heads]
        if hidden:
            lines += list(_indented(_more_options(len(hidden)), width))
        lines += list(_indented(self._note(), width, "dim")) if self._note() else []
        return [*lines, Line("")]

    def _note(self) -> str:
        """What the table's figures count."""
        answer = self.found.answer
        mission, resource = answer.asked.place
        scenario, notes = self.found.comparison.scenario, []
        if answer.asked.place != OVERALL:
            units = scenario.units_name(resource) if resource != EVERYWHERE else ""
            if units and mission != EVERYWHERE:
                place = phrase("{units} in {mission}", units=units, mission=mission)
            else:
                place = units or phrase("in {mission}", mission=mission).strip()
            notes.append(
                phrase("{measure} is of {place}; the rest is of all", measure=answer.measure.name, place=place)
            )
        if answer.measure.unit == "unit-days":
            notes.append(phrase("Unit-days: days for which one unit is missing"))
        return ". ".join(notes)

    # -- below the table -----------------------------------------------------------------------------------------

    def _open(self, width: int) -> Iterator[Line]:
        """What cannot be said."""
        told = list(self.found.answer.cannot_be_said)[:2]
        if worlds_of(self.found.comparison) is None:
            told.append(phrase("how far the scenario's own numbers may be off (it has no doubts)"))
        if told:
            yield from _indented(phrase("Cannot be said: {what}.", what="; ".join(told)), width)

    def _files(self, width: int) -> Iterator[Line]:
        from sim.results.disk import DATABASE

        parts = [phrase("all figures, and the bound: --full") if self.found.bounded else phrase("all figures: --full")]
        if self.folder is not None:
            kept = [phrase("charts")] * bool(self.charts) + [phrase("table")]
            kept += [phrase("every replication")] * (self.folder / DATABASE).exists()
            parts.insert(0, phrase("{kept}: {folder}", kept=", ".join(kept), folder=self.folder))
            if worlds_of(self.found.comparison) is not None:
                parts.append(phrase("what nobody knows: intermission doubts {folder}", folder=self.folder))
        whole = (part.replace(" ", NBSP) if cell_len(part) <= width - 2 else part for part in parts)
        yield from (Line(each, "dim") for each in wrapped(" · ".join(whole), width))


def seeds_in_words(comparison: Comparison) -> str:
    """seed 7, seeds 7, 8."""
    seeds = comparison.seeds
    return phrase_n("seed {seeds}", "seeds {seeds}", len(seeds), seeds=", ".join(map(str, seeds)))


def layout(rows: Sequence[Row], width: int) -> list[list[str]]:
    """The rows of a table, the first its head, as lines: names to the left, figures to the right, nothing broken."""
    full = [row.figures for row in rows if row.figures]
    wide = [max(map(cell_len, column)) for column in zip(*full, strict=True)]
    tight = [max(cell_len(word) for cell in column for word in cell.split(" ")) for column in zip(*full, strict=True)]
    longest = max(cell_len(row.name) for row in rows if row.figures)
    columns = next(
        (each for each in (wide, tight) if width - sum(each) - GAP * len(each) >= min(longest, NAME_WIDTH)), tight
    )
    name_width = min(longest, max(1, width - sum(columns) - GAP * len(columns)))
    return [_laid(row, name_width, columns, width) for row in rows]


def _laid(row: Row, name_width: int, columns: Sequence[int], width: int) -> list[str]:
    if not row.figures:
        return wrapped(row.name, width)
    cells = [wrapped(row.name, name_width), *map(wrapped, row.figures, columns)]
    lines = []
    for number in range(max(map(len, cells))):
        name, *figures = (cell[number] if number < len(cell) else "" for cell in cells)
        padded = [" " * (GAP + wide - cell_len(text)) + text for text, wide in zip(figures, columns, strict=True)]
        lines.append(name + " " * (name_width - cell_len(name)) + "".join(padded))
    return lines


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of so many columns, broken at spaces only; what has none and is longer stands by itself."""
    lines: list[str] = []
    for word in visible(text).split(" "):
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _indented(text: str, width: int, style: str = "", *, more: int = 0) -> Iterator[Line]:
    margin = INDENT + more
    return (Line(" " * margin + each, style) for each in wrapped(text, width - margin))


def _all_hidden(rows: Sequence[Row], heading: int, hidden: set[int]) -> bool:
    """Whether no row under a heading is shown."""
    under = takewhile(lambda place: rows[place].figures, range(heading + 1, len(rows)))
    return hidden.issuperset(under)


def _more_options(n: int) -> str:
    return phrase_n("… and {n:,} more option: --full", "… and {n:,} more options: --full", n, n=n)


def _unparted(text: str) -> str:
    """The text with no-break spaces between figures and their units, and flags and their values."""
    return re.sub(r"(?<=\d) (?=[\w%]+[-)]?)|(?<=--replications) ", NBSP, text)


def _level(found: Pair) -> str:
    unit = found.measure.unit
    value = found.after
    if unit == "%":
        return percent(value, 1).replace(" ", NBSP)
    shown = figure(found.measure.key, value).replace(" ", NBSP)
    return phrase("${amount}", amount=shown) if unit == "$" else shown


def _gain(found: Pair) -> str:
    """By how much an option is better; "unclear" where its interval does not leave 0 out."""
    if found.difference.nothing:
        return "0"
    if not found.difference.significant:
        return phrase("unclear")
    if found.measure.unit == "%":
        return fixed(100 * found.gain, 1) + NBSP + phrase("points")
    return figure(found.measure.key, found.gain).replace(" ", NBSP)
