"""The decisive picture: what each single step saves, with both its intervals, and what it costs; packages apart."""

from __future__ import annotations

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.cache import cached
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import SMALL, Area, fitted, row_axes, row_names, sheet, statement, text_width, write
from sim.charts.house.style import ASIDE, HIGHLIGHT, INK, PALE, PAPER, SLATE, Chart, house_style
from sim.comparison import answer as answers
from sim.comparison.answer import Answer
from sim.comparison.comparison import Comparison
from sim.comparison.pair import Pair
from sim.comparison.titles import Step, answer_title, steps
from sim.measures.catalogue import OVERALL, UNMET
from sim.measures.figures import figure
from sim.questions.regret.regret import regrets
from sim.words.language import Phrase, phrase
from sim.words.names import in_a_row, labelled

NOT_KNOWN = Phrase("The samples of these results are not at hand, so the question has no answer")
MOST = 12
"""Steps that are drawn."""
HEADS = (Phrase("saved"), Phrase("price of a\nday saved"), Phrase("more that\nlenders lack"))
THICKEST = 1.4
"""Inches that a row takes at most: a single step is no wall."""
APART = 0.5
"""Rows between the steps and what is there for comparison."""


@cached
def _answer(comparison: Comparison) -> Answer | None:
    return None if comparison.results is None else answers.answer(comparison)


@cached
def _steps(comparison: Comparison) -> tuple[Step, ...]:
    found = _answer(comparison)
    return () if found is None else steps(found)[:MOST]


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per step: what it saves, interval, plausible range, price of a unit-day and what lenders lack more."""
    return [
        words.option_row(comparison.scenario, each.pair.option, gain=each.gain)
        | {"against": each.pair.against, "measure": each.pair.measure.key}
        | dict(zip(("plausible_low", "plausible_high"), each.plausible or (None, None), strict=True))
        | {"price": each.price, "lenders_lack_more": each.lack, "for_comparison": each.aside}
        for each in _steps(comparison)
    ]


def finding(comparison: Comparison) -> str:
    found = _answer(comparison)
    return NOT_KNOWN() if found is None else answer_title(found)


def alt(comparison: Comparison) -> str:
    said = in_a_row(_in_words(each) for each in _steps(comparison))
    return phrase(
        "Bars of what each step saves, the most first. {finding}. {steps}.",
        finding=finding(comparison),
        steps=said or phrase("Nothing to compare"),
    )


def _one_unit_day(found: Answer) -> str:
    """What a unit-day is, by a unit that is asked for, or the scenario's first: one helicopter missing for one day."""
    comparison, (_, asked) = found.comparison, found.asked.place
    cells = {resource for option in comparison.options.values() for _, resource in option.cells}
    needed = (each for each in comparison.scenario.all_resources if each in cells)
    resource = next(needed, None) if asked == OVERALL[1] else asked
    if resource is None:
        return phrase("one unit-day: one unit missing for one day")
    unit = comparison.scenario.units_name(resource, 1)
    return phrase("one unit-day: one {unit} missing for one day", unit=unit)


def _bound(found: Answer, first: Pair) -> float | None:
    """Unit-days that nobody could have met under the option that the answer is held against; None where not known."""
    known = getattr(found.comparison.results, "bounded", False) and found.asked.place == OVERALL
    if not known or first.measure.key != UNMET:
        return None
    return regrets(found.comparison)[first.against].clairvoyant_unmet_unit_days.mean


@house_style
def answer(comparison: Comparison) -> Chart:
    """A bar a step, its interval in white on it and the range over worlds under it; price and lenders' days beside."""
    found, drawn, said = _answer(comparison), _steps(comparison), finding(comparison)
    if found is None or not drawn:
        return statement(said, words.caption(comparison))
    first = drawn[0].pair
    worlds = any(each.plausible for each in drawn)
    interval = words.interval(comparison.confidence)
    facts = [phrase("On the bar: {interval} of the mean (chance)", interval=interval)]
    facts += [phrase("Line under it: nine plausible worlds of ten (what nobody knows for sure)")] if worlds else []
    facts += [phrase("n = {n:,} in {sets:,} sets", n=comparison.replications, sets=comparison.sets)]
    caption = words.caption(comparison, *facts)
    chart, area = sheet(said, shown(found), caption, alt=alt(comparison))
    area = area.inset(bottom=0.55, top=0.5)
    names = row_names([each.label for each in drawn], area.height, 3.6)
    size = min(12.0, max(SMALL, names.size))
    columns = _columns(drawn, size)
    right = sum(columns)
    axes = row_axes(chart, area, names, right=right)
    places = [row + APART * each.aside for row, each in enumerate(drawn)]
    axes.set_yticks(places, names.lines, fontsize=names.size)
    spare = max(0.0, area.height / THICKEST - (places[-1] + 1.2)) / 2
    axes.set_ylim(places[-1] + 0.6 + spare, -0.6 - spare)
    least = _bound(found, first)
    if least is not None:
        axes.axvspan(first.before - least, first.before, color=PALE, lw=0, zorder=0)
        told = fitted(phrase("{days} nobody could have met", days=figure(UNMET, least)), 2.0, SMALL, lines=2)
        axes.text(first.before - least / 2, -0.55 - spare, told, fontsize=SMALL, color=SLATE, ha="center", va="bottom")
    for row, each in zip(places, drawn, strict=True):
        _bar(axes, row, each, chosen=each is drawn[0] and first.better)
    _range(axes, drawn, 0.0 if least is None else first.before)
    axes.axvline(0, color=INK, lw=0.8)
    scaled_axis(axes, "", _axis_title(found, first))
    _beside(chart, axes, area, drawn, places, columns, size)
    return chart


def shown(found: Answer) -> str:
    """The line under the title: the question, what is drawn in grey where anything is, and what a unit-day is."""
    drawn = _steps(found.comparison)
    slots = {"question": found.question, "unit_day": _one_unit_day(found)}
    if not any(each.aside for each in drawn):
        return phrase("{question} ({unit_day})", **slots)
    if sum(not each.aside for each in drawn) < 2:
        return phrase("{question} In grey what is there for comparison; {unit_day}", **slots)
    return phrase("{question} Single steps first, in grey what is there for comparison; {unit_day}", **slots)


def _axis_title(found: Answer, first: Pair) -> str:
    against = words.quoted(words.label(found.comparison.scenario, first.against))
    if first.measure.key != UNMET:
        return phrase("{measure}, better than {against} by", measure=first.measure.name, against=against)
    return phrase(
        "Unit-days of unmet need{where} saved, of {before} under {against}",
        where=found.where,
        before=figure(UNMET, first.before),
        against=against,
    )


def _bar(axes: Axes, row: float, step: Step, *, chosen: bool) -> None:
    colour = ASIDE if step.aside else HIGHLIGHT if chosen else INK
    sure = step.gain.significant
    axes.barh(row, step.gain.mean, 0.5, facecolor=colour if sure else "none", edgecolor=colour, lw=0 if sure else 1.4)
    pen = PAPER if sure and not step.aside else INK
    if words.finite((step.gain.low, step.gain.high)):
        inside = max(0.0, step.gain.low) if step.gain.mean > 0 else step.gain.low, step.gain.high
        axes.plot([step.gain.low, step.gain.high], [row, row], color=INK, lw=1.8, zorder=3)
        axes.plot(sorted((inside[0], step.gain.mean)), [row, row], color=pen, lw=1.8, zorder=4)
    if step.plausible is not None:
        axes.plot(step.plausible, [row + 0.37] * 2, color=INK, lw=1.4, marker="|", ms=7, mew=1.4, zorder=4)


def _range(axes: Axes, drawn: tuple[Step, ...], least: float) -> None:
    ends = [0.0, least, *words.ends(each.gain for each in drawn)]
    ends += [end for each in drawn for end in each.plausible or ()]
    reach = (max(ends) - min(ends)) or 1.0
    axes.set_xlim(min(ends) - 0.02 * reach * (min(ends) < 0), max(ends) + 0.02 * reach)


def _said(step: Step) -> str:
    """12 (10 to 14), or that it may be nothing."""
    said = figure(step.pair.measure.key, step.gain.mean)
    return said if step.gain.significant else phrase("{figure}, not sure", figure=said)


def _in_words(step: Step) -> str:
    """A step and what it saves, in the alternative text."""
    if step.aside:
        return phrase("{option}: {what} (for comparison)", option=step.label, what=_said(step))
    return labelled(step.label, _said(step))


def _cells(step: Step) -> tuple[str, str, str]:
    return _said(step), step.price, step.lack


def _columns(drawn: tuple[Step, ...], size: float) -> list[float]:
    """Inches of each column at the right of the bars."""
    texts = zip(*(_cells(each) for each in drawn), strict=True)
    heads = [head().split("\n") for head in HEADS]
    widths = []
    for head, column in zip(heads, texts, strict=True):
        wide = [text_width(text, size, "bold") for text in column] + [text_width(line, SMALL) for line in head]
        widths.append(max(wide) + 0.3)
    return widths


def _beside(  # noqa: PLR0913, PLR0917
    chart: Chart,
    axes: Axes,
    area: Area,
    drawn: tuple[Step, ...],
    places: list[float],
    columns: list[float],
    size: float,
) -> None:
    """Figures in columns, their ends in line under their heads."""
    low, high = axes.get_ylim()
    at = area.right - sum(columns)
    for number, (head, wide) in enumerate(zip(HEADS, columns, strict=True)):
        at += wide
        write(chart, (at, area.top + 0.08), head(), size=SMALL, colour=SLATE, ha="right", va="bottom")
        for row, each in zip(places, drawn, strict=True):
            y = area.top - area.height * (row - high) / (low - high)
            weight = "bold" if number == 0 and each.gain.significant else "normal"
            write(chart, (at, y), _cells(each)[number], size=size, weight=weight, ha="right", va="center")
