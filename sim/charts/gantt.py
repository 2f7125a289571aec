"""Gantt chart of one replication's loans: a row a lot, its gates side by side, then journey, stay and return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from sim.charts.house import words
from sim.charts.house.dates import day_number, time_axis
from sim.charts.house.episode import NO_LOGS, Episode, episode, replication_fact
from sim.charts.house.loan_steps import GATES, STEP_NAMES, Span, agreed_day, life
from sim.charts.house.sheet import SMALL, Area, Sign, fitted, key, row_axes, row_names, sheet, statement, text_width
from sim.charts.house.style import INK, PAPER, SLIDE, STEPS, Chart, housed
from sim.comparison.comparison import Comparison
from sim.operations.log import LoanRecord
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from sim.words import numbers
from sim.words.names import plural

MOST = 26
"""Lots that fit on a sheet."""
ROW, FOOT = 0.75, 0.45
"""Inches: the most that a lot's row takes, and the dates under the last."""


def _drawn(story: Episode) -> list[LoanRecord]:
    """The lots that are drawn, by day of request: all, or those with most unit-days where there are too many."""

    def weight(loan: LoanRecord) -> float:
        spans = life(loan, story.scenario.days)
        return loan.units * sum(span.last - span.first for span in spans if span.step not in GATES)

    most = sorted(range(len(story.loans)), key=lambda k: (-weight(story.loans[k]), k))[:MOST]
    return sorted((story.loans[k] for k in most), key=lambda loan: (loan.requested_day, loan.loan))


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
    """What the chart says, in a sentence."""
    story = episode(source, option, replication)
    if story is None:
        return NO_LOGS
    where = f"In one replication of {words.quoted(words.label(story.scenario, story.option))}"
    if not story.loans:
        return f"{where} no loans were made"
    arrived = [loan for loan in story.loans if loan.arrived_day is not None]
    if not arrived:
        return f"{where} no loan arrived: {plural(len(story.loans), 'request')} came to nothing"
    count = sum(loan.units for loan in arrived)
    whole = sum(loan.units * ((loan.arrived_day or 0) - loan.requested_day) for loan in arrived) / count
    paper = sum(loan.units * (agreed_day(loan) - loan.requested_day) for loan in arrived) / count
    of_it = numbers.days(paper) if paper >= 0.05 else "none"
    return f"{where} a unit took on average {numbers.days(whole)} to arrive, {of_it} of it for consent"


def alt(source: Comparison | Story, *, option: str | None = None, replication: int | None = None) -> str:
    """The chart in words."""
    shown = episode(source, option, replication)
    loans = shown.loans if shown else ()
    home = sum(loan.home_day is not None for loan in loans)
    refused = sum(loan.why_ended == "refused" for loan in loans)
    return (
        f"Gantt chart of loans by date. {finding(source, option=option, replication=replication)}. "
        f"{plural(len(loans), 'lot')} requested, {refused} refused, {home} home again by the end."
    )


@housed
def gantt(source: Comparison | Story, *, option: str | None = None, replication: int | None = None) -> Chart:
    """A row per lot (at most 26: those with most unit-days)."""
    story = episode(source, option, replication)
    said = finding(source, option=option, replication=replication)
    caption = words.caption(source, replication_fact(source, story) if story else "")
    if story is None or not story.loans:
        return statement(said, caption)
    loans = _drawn(story)
    spans = [life(loan, story.scenario.days) for loan in loans]
    used = {span.step for its in spans for span in its}
    shown = "Loans from request to return"
    if len(used.intersection(GATES)) > 1:
        shown += "; while papers are awaited, one below the other: the Council's, the contributor's, the host's"
    if len(loans) < len(story.loans):
        shown += f". {len(loans)} of {len(story.loans)} lots: those with most unit-days"
    signs = [Sign.of(STEP_NAMES.get(step, step), hue) for step, hue in STEPS.items() if step in used]
    if any(loan.window_day is not None for loan in loans):
        signs.append(Sign("end of the authority", INK, marker="|"))
    if any(loan.why_ended == "refused" for loan in loans):
        signs.append(Sign("refused", INK, marker="x"))
    words_of = alt(source, option=option, replication=replication)
    chart, area = sheet(said, shown, caption, alt=words_of)
    below = key(chart, signs, area)
    spare = below.height - FOOT - ROW * len(loans)
    if spare > 0:  # few lots: a shorter sheet, rather than an empty half
        chart, area = sheet(said, shown, caption, alt=words_of, height=SLIDE[1] - spare)
        below = key(chart, signs, area)
    _bars(chart, below, story.scenario, loans, spans)
    return chart


def _bars(
    chart: Chart, area: Area, scenario: LoadedScenario, loans: Sequence[LoanRecord], spans: Sequence[Sequence[Span]]
) -> None:
    area = area.inset(bottom=FOOT)
    names = row_names([_name(scenario, loan) for loan in loans], area.height, 3.9)
    axes = row_axes(chart, area, names)
    time_axis(axes, scenario, area.inset(left=names.inches).width)
    axes.grid(visible=True, axis="x")
    first = day_number(scenario, 0)
    for row, (loan, its) in enumerate(zip(loans, spans, strict=True)):
        _lot(axes, row, loan, its, first)


def _lot(axes: Axes, row: int, loan: LoanRecord, spans: Sequence[Span], first: float) -> None:
    for span in spans:
        hue = STEPS[span.step]
        low, high = row - 0.36, 0.72
        if span.step in GATES:
            low, high = row - 0.36 + 0.24 * GATES.index(span.step), 0.24
        axes.barh(low, span.last - span.first, high, first + span.first, align="edge", **hue.fill)
    window = None if loan.departed_day is None or loan.window_day is None else first + loan.window_day
    if window is not None and loan.window_day is not None and loan.window_day <= axes.get_xlim()[1] - first:
        axes.plot([window] * 2, [row - 0.46, row + 0.46], color=PAPER, lw=4, solid_capstyle="butt")
        axes.plot([window] * 2, [row - 0.46, row + 0.46], color=INK, lw=1.8)
    if loan.why_ended == "refused" and loan.ended_day is not None:
        for pen, wide in (("white", 4), (INK, 2)):
            axes.plot(first + loan.ended_day, row, "x", color=pen, ms=7 + wide / 2, mew=wide, clip_on=False)
    elif loan.why_ended not in (None, "released"):
        begins = first + loan.requested_day
        _say_end(axes, row, str(loan.why_ended), (begins, first + spans[-1].last if spans else begins), window)


def _say_end(axes: Axes, row: int, why: str, bar: tuple[float, float], authority: float | None) -> None:
    """Writes how a loan ended behind its bar, clear of the mark where its authority ends; where the period leaves no
    room for it, before the bar, or else upon its end."""
    low, high = axes.get_xlim()
    begins, day = bar
    inches = axes.get_position().width * SLIDE[0]
    wide = (text_width(why, SMALL) + 0.3) * (high - low) / inches
    if authority is not None and day < authority < day + wide:
        day = authority
    how: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": SMALL, "color": INK}
    if day + wide < high:
        note = axes.annotate(why, (day, row), (10, 0), zorder=5, **how)
    else:
        before = begins if begins - wide > low else min(day, high)
        note = axes.annotate(why, (before, row), (-10, 0), ha="right", zorder=5, **how)
    note.set_path_effects([withStroke(linewidth=2.5, foreground="white")])


def _name(scenario: LoadedScenario, loan: LoanRecord) -> str:
    ends = (fitted(words.label(scenario, mission), 1.4, 11) for mission in (loan.lender, loan.borrower))
    return f"{' → '.join(ends)}: {words.units(scenario, loan.units, loan.resource)}"
