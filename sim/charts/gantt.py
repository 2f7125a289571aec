"""Gantt chart of one replication's loans: a row a lot, its gates side by side, then journey, stay and return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.charts.house import words
from sim.charts.house.dates import first_day, time_axis
from sim.charts.house.episode import NO_LOGS, Episode, episode, replication_fact
from sim.charts.house.loan_steps import GATES, STEP_NAMES, Span, life, waits
from sim.charts.house.sheet import (
    SMALL,
    Area,
    Sign,
    fitted,
    inside,
    key,
    row_axes,
    row_names,
    sheet,
    statement,
    text_width,
)
from sim.charts.house.style import INK, PAPER, SLIDE, STEPS, Chart, house_style, pen_on
from sim.comparison.comparison import Comparison
from sim.operations.log import LoanRecord
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.words import numbers
from sim.words.direction import readable
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import short_names

MOST = 26
"""Lots that fit on a sheet."""
ROW, FOOT, KEY = 0.75, 0.45, 0.5
"""Inches: the most that a lot's row takes, the dates under the last, and a key of two lines."""
THICK = 0.72
"""Of a row: its bars."""
SHORT_NAME = 18
"""Letters of a mission's name in a row, beyond which words that all long ones share are left out."""
ENDED = {
    "lapsed": Phrase("authority ran out"),
    "closed": Phrase("borrower closed"),
    "recalled": Phrase("called back"),
    "withdrawn": Phrase("withdrawn"),
    "cancelled": Phrase("cancelled"),
}
"""How a loan ended."""


def _drawn(story: Episode) -> list[LoanRecord]:
    """The lots that are drawn, by day of request: all, or where there are too many, of each stretch of the period the
    one with most unit-days, and then those with most of all."""

    def weight(loan: LoanRecord) -> float:
        spans = life(loan, story.scenario.days)
        return loan.units * sum(span.last - span.first for span in spans if span.step not in GATES)

    def stretch(loan: LoanRecord) -> int:
        return int(MOST * loan.requested_day / story.scenario.days)

    order = sorted(range(len(story.loans)), key=lambda k: (-weight(story.loans[k]), k))
    first: dict[int, int] = {}
    for k in order:
        first.setdefault(stretch(story.loans[k]), k)
    chosen = [*first.values(), *(k for k in order if k not in set(first.values()))][:MOST]
    return sorted((story.loans[k] for k in chosen), key=lambda loan: (loan.requested_day, loan.loan))


def rows(source: Comparison | Story, *, option: str | None = None, replication: int | None = None) -> list[words.Row]:
    """One row per lot and step, with its days and dates."""
    shown = episode(source, option, replication)
    if shown is None:
        return []
    date = shown.scenario.date
    return [
        {"row": row + 1, "from": loan.lender, "to": loan.borrower, "resource": loan.resource}
        | {"contributor": loan.contributor, "units": loan.units, "step": step, "from_day": first, "to_day": last}
        | {"from_date": date(first).isoformat(), "to_date": date(last).isoformat()}
        | {"window_day": loan.window_day, "why_ended": loan.why_ended}
        for row, loan in enumerate(_drawn(shown))
        for step, first, last in life(loan, shown.scenario.days)
    ]


def finding(source: Comparison | Story, *, option: str | None = None, replication: int | None = None) -> str:
    story = episode(source, option, replication)
    if story is None:
        return NO_LOGS()
    name = words.quoted(words.label(story.scenario, story.option))
    if not story.loans:
        return phrase("In one replication of {name} no loans were made", name=name)
    (units, whole, paper), n = waits(story.loans), len(story.loans)
    if not units:
        return phrase_n(
            "In one replication of {name} no loan arrived: {n:,} request came to nothing",
            "In one replication of {name} no loan arrived: {n:,} requests came to nothing",
            n,
            name=name,
        )
    return phrase(
        "In one replication of {name} a unit took on average {whole} to arrive, {part} of it for consent",
        name=name,
        whole=numbers.days(whole / units),
        part=numbers.days(paper / units) if paper / units >= 0.05 else phrase("none"),
    )


def alt(source: Comparison | Story, *, option: str | None = None, replication: int | None = None) -> str:
    shown = episode(source, option, replication)
    loans = shown.loans if shown else ()
    home = sum(loan.home_day is not None for loan in loans)
    refused = sum(loan.why_ended == "refused" for loan in loans)
    return phrase(
        "Gantt chart of loans by date. {finding}. Loans requested: {n:,}; refused: {refused:,}; home again by the end:"
        " {home:,}.",
        finding=finding(source, option=option, replication=replication),
        n=len(loans),
        refused=refused,
        home=home,
    )


@house_style
def gantt(source: Comparison | Story, *, option: str | None = None, replication: int | None = None) -> Chart:
    """A row per lot (at most 26, spread over the period)."""
    story = episode(source, option, replication)
    said = finding(source, option=option, replication=replication)
    caption = words.caption(source, replication_fact(source, story) if story else "")
    if story is None or not story.loans:
        return statement(said, caption)
    loans = _drawn(story)
    spans = [life(loan, story.scenario.days) for loan in loans]
    used = {span.step for its in spans for span in its}
    shown = _shown(story, loans, papers=len(used.intersection(GATES)))
    signs = {step: Sign(STEP_NAMES[step](), colour) for step, colour in STEPS.items() if step in used}
    if any(loan.window_day is not None for loan in loans):
        signs["end"] = Sign(phrase("end of the authority"), INK, marker="|")
    if any(loan.why_ended == "refused" for loan in loans):
        signs["refused"] = Sign(phrase("refused"), INK, marker="x")
    words_of = alt(source, option=option, replication=replication)
    chart, area = sheet(said, shown, caption, alt=words_of)
    spare = area.height - KEY - FOOT - ROW * len(loans)
    if spare > 0:  # few lots: a shorter sheet, rather than an empty half
        chart, area = sheet(said, shown, caption, alt=words_of, height=SLIDE[1] - spare)
    named = _bars(chart, area.inset(top=KEY), story.scenario, loans, spans)
    key(chart, [sign for name, sign in signs.items() if name not in named], area)
    return chart


def _shown(story: Episode, loans: Sequence[LoanRecord], *, papers: int) -> str:
    """What is drawn, and how many of all loans, where not all are."""
    shown = phrase("Loans from request to return")
    if papers > 1:
        shown = phrase(
            "Loans from request to return; while papers are awaited, one below the other: the Council's,"
            " the contributor's, the host's"
        )
    if len(loans) == len(story.loans):
        return shown
    return phrase(
        "{shown}. Drawn are {n:,} of {all:,} loans: of each stretch of time the largest",
        shown=shown,
        n=len(loans),
        all=len(story.loans),
    )


def _bars(
    chart: Chart, area: Area, scenario: LoadedScenario, loans: Sequence[LoanRecord], spans: Sequence[Sequence[Span]]
) -> set[str]:
    """Draws the lots; gives the steps that are named where the first bar has room for it, instead of in the key."""
    area = area.inset(bottom=FOOT)
    names = row_names(_names(scenario, loans), area.height, 5.6, shorten=False)
    right = max(text_width(f"{_said_end(loan)} ", SMALL) for loan in loans)
    axes = row_axes(chart, area, names, right=right)
    time_axis(axes, scenario, area.inset(left=names.inches, right=right).width)
    axes.grid(visible=True, axis="x")
    first = first_day(scenario)
    low, high = axes.get_xlim()
    inches = (area.width - names.inches - right) / (high - low)
    named: set[str] = set()
    for row, (loan, its) in enumerate(zip(loans, spans, strict=True)):
        _lot(axes, row, loan, its, first)
        for span in its:
            thick = THICK * area.height / len(loans) / (len(GATES) if span.step in GATES else 1)
            name = STEP_NAMES[span.step]()
            ends = [day for day in (span.last, loan.window_day) if day is not None and day > span.first]
            if span.step not in named and (text := inside(name, (min(ends) - span.first) * inches, thick)):
                up = row + (THICK * (GATES.index(span.step) - 1) / len(GATES) if span.step in GATES else 0)
                at = first + (span.first + min(ends)) / 2
                axes.text(at, up, text, color=pen_on(STEPS[span.step]), fontsize=SMALL, ha="center", va="center")
                named.add(span.step)
    return named


def _lot(axes: Axes, row: int, loan: LoanRecord, spans: Sequence[Span], first: float) -> None:
    for span in spans:
        low, high = row - THICK / 2, THICK
        if span.step in GATES:
            high = THICK / len(GATES)
            low += high * GATES.index(span.step)
        axes.barh(low, span.last - span.first, high, first + span.first, align="edge", facecolor=STEPS[span.step], lw=0)
    window = None if loan.departed_day is None or loan.window_day is None else first + loan.window_day
    if window is not None and loan.window_day is not None and loan.window_day <= axes.get_xlim()[1] - first:
        axes.plot([window] * 2, [row - 0.46, row + 0.46], color=PAPER, lw=4, solid_capstyle="butt")
        axes.plot([window] * 2, [row - 0.46, row + 0.46], color=INK, lw=1.8)
    if loan.why_ended == "refused" and loan.ended_day is not None:
        for pen, wide in (("white", 4), (INK, 2)):
            axes.plot(first + loan.ended_day, row, "x", color=pen, ms=7 + wide / 2, mew=wide, clip_on=False)
    elif said := _said_end(loan):
        _say_end(axes, row, said, first + (spans[-1].last if spans else loan.requested_day), window)


def _said_end(loan: LoanRecord) -> str:
    """How a loan ended, in words; nothing of one that ran its course, or whose end has a mark."""
    why = loan.why_ended
    return "" if why in (None, "released", "refused") else (ENDED[str(why)]() if why in ENDED else str(why))


def _say_end(axes: Axes, row: int, why: str, day: float, authority: float | None) -> None:
    """Writes how a loan ended behind its bar, clear of the mark where its authority ends: never before the loan."""
    low, high = axes.get_xlim()
    wide = (text_width(why, SMALL) + 0.3) * (high - low) / (axes.get_position().width * SLIDE[0])
    if authority is not None and day < authority < day + wide:
        day = authority
    how: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": SMALL, "color": INK, "zorder": 5}
    note = axes.annotate(why, (min(day, high), row), (7, 0), annotation_clip=False, **how)
    note.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _names(scenario: LoadedScenario, loans: Sequence[LoanRecord]) -> list[str]:
    """Who lends what to whom, on a line each: of long names what tells them apart, and the count always whole."""
    missions = list(scenario.missions)
    short = short_names([words.label(scenario, mission) for mission in missions], SHORT_NAME)
    named = {mission: readable(fitted(name, 1.75, SMALL)) for mission, name in zip(missions, short, strict=True)}
    return [
        phrase(
            "{lender} → {borrower}: {units}",
            lender=named[loan.lender],
            borrower=named[loan.borrower],
            units=words.units(scenario, loan.units, loan.resource),
        )
        for loan in loans
    ]
