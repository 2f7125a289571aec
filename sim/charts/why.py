"""Why: unmet need from what it was to what the answer leaves, cause by cause."""

from __future__ import annotations

from typing import NamedTuple

from sim.charts.house import words
from sim.charts.house.cache import cached
from sim.charts.house.marks import falling_bars, value_column
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import row_axes, row_names, sheet, statement
from sim.charts.house.style import CAUSES, GREY, HIGHLIGHT, INK, Chart, house_style
from sim.comparison.answer import Answer, answer
from sim.comparison.comparison import Comparison
from sim.comparison.titles import causes_of
from sim.measures.catalogue import UNMET
from sim.measures.causes import CAUSE_NAMES
from sim.measures.figures import figure
from sim.words.language import Phrase, phrase
from sim.words.names import in_a_row

LEAST = 0.01
"""Share of the unmet need, below which a cause's change is drawn among the others."""
OTHERS = Phrase("other causes")


class Fall(NamedTuple):
    """A step of the waterfall, in unit-days."""

    name: str
    start: float
    change: float
    colour: str

    @property
    def whole(self) -> bool:
        """Whether it is one of the two ends."""
        return self.start == 0.0 and self.colour in (INK, HIGHLIGHT)


@cached
def _answer(comparison: Comparison) -> Answer | None:
    found = None if comparison.results is None else answer(comparison)
    return found if found is not None and found.first is not None and found.first.measure.key == UNMET else None


@cached
def falls(comparison: Comparison) -> tuple[Fall, ...]:
    """The ends, and between them each cause that changes, the one that falls most first; empty without an answer."""
    found = _answer(comparison)
    if found is None or found.first is None:
        return ()
    first = found.first
    both = causes_of(comparison, first, found.asked.place)
    changes = {cause: after - before for cause, (before, after) in both.items()}
    least = LEAST * max(1e-9, first.before, first.after)
    large = {cause: change for cause, change in changes.items() if abs(change) >= least}
    rest = sum(change for cause, change in changes.items() if cause not in large)
    parts = [(CAUSE_NAMES[cause](), change, CAUSES[cause]) for cause, change in large.items()]
    parts.sort(key=lambda each: each[1])
    parts += [(OTHERS(), rest, GREY)] if abs(rest) > least / 10 else []
    drawn, at = [Fall(_label(comparison, first.against), 0.0, first.before, INK)], first.before
    for name, change, colour in parts:
        drawn.append(Fall(name, at, change, colour))
        at += change
    return (*drawn, Fall(_label(comparison, first.option), 0.0, first.after, HIGHLIGHT if first.better else INK))


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per step: where it starts and by how much unmet need changes there, in unit-days."""
    return [{"step": each.name, "start": each.start, "change": each.change} for each in falls(comparison)]


def finding(comparison: Comparison) -> str:
    found, drawn = _answer(comparison), falls(comparison)
    if found is None or found.first is None:
        return phrase("The question is not about unmet need, so no causes add up to its answer")
    if not found.first.difference.significant:
        return phrase("What lies between the two may be chance: no cause can be named")
    most = [each for each in drawn if not each.whole]
    cause = min(most, key=lambda each: each.change) if found.first.better else max(most, key=lambda each: each.change)
    change, whole = (figure(UNMET, abs(each)) for each in (cause.change, found.first.difference.mean))
    option = words.quoted(words.label(comparison.scenario, found.first.option))
    slots = {"name": option, "change": change, "cause": cause.name, "whole": whole, "where": found.where}
    if change == whole:
        return SAID[cause.change < 0](**slots)
    beyond = abs(cause.change) > abs(found.first.difference.mean)
    return (SAID_BEYOND_ALL if beyond else SAID_OF_ALL)[cause.change < 0](**slots)


def alt(comparison: Comparison) -> str:
    said = in_a_row(f"{each.name} {_figure(each)}" for each in falls(comparison))
    return phrase(
        "Waterfall of unmet need by cause. {finding}. {steps}.",
        finding=finding(comparison),
        steps=said or phrase("Nothing to draw"),
    )


@house_style
def why(comparison: Comparison) -> Chart:
    """A bar a cause that begins where the last one ended, between what was and what the answer leaves."""
    drawn, said = falls(comparison), finding(comparison)
    if not drawn:
        return statement(said, words.caption(comparison))
    fact = phrase("Means of n = {n:,}", n=comparison.replications)
    chart, area = sheet(said, SHOWN(), words.caption(comparison, fact), alt=alt(comparison))
    area = area.inset(bottom=0.55, top=0.1)
    names = row_names([each.name for each in drawn], area.height, 3.6)
    axes = row_axes(chart, area, names, right=0.9)
    falling_bars(axes, [(each.start, each.change, each.colour) for each in drawn])
    axes.set_xlim(0, max(1e-9, *(max(each.start, each.start + each.change) for each in drawn)) * 1.02)
    measure_axis(axes, UNMET)
    value_column(axes, [_figure(each) for each in drawn], names.size)
    return chart


SHOWN = Phrase("From what it was to what the answer leaves: unit-days of unmet need by what kept units away")
SAID = {
    True: Phrase("Under {name} {change} unit-days{where} less are missing for one reason: {cause}"),
    False: Phrase("Under {name} {change} unit-days{where} more are missing for one reason: {cause}"),
}
SAID_OF_ALL = {
    True: Phrase(
        "Under {name} {change} unit-days{where} less are missing for one reason: {cause}, of {whole} less in all"
    ),
    False: Phrase(
        "Under {name} {change} unit-days{where} more are missing for one reason: {cause}, of {whole} more in all"
    ),
}
SAID_BEYOND_ALL = {
    True: Phrase(
        "Under {name} {change} unit-days{where} less are missing for one reason: {cause};"
        " {whole} less in all, since others grew"
    ),
    False: Phrase(
        "Under {name} {change} unit-days{where} more are missing for one reason: {cause};"
        " {whole} more in all, since others fell"
    ),
}
"""By whether less is missing."""


def _figure(fall: Fall) -> str:
    return figure(UNMET, fall.change, sign=not fall.whole)


def _label(comparison: Comparison, option: str) -> str:
    return words.label(comparison.scenario, option)
