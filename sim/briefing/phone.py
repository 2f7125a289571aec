"""What a phone shows in place of a chart: bars and curves under their names, one below the other, so that no chart has
to be swiped."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.briefing.bars import UNMET, Bars, Stacks, causes, differences, means
from sim.charts.answer import HEADS
from sim.charts.house import words
from sim.charts.house.drawer import names
from sim.charts.house.loan_steps import GATES, STEP_NAMES
from sim.charts.house.marks import highlighted, looks_of
from sim.charts.house.style import ASIDE, BLUE, HIGHLIGHT, INK, STEPS, pen_on
from sim.charts.waterfall import FROM_REQUEST
from sim.charts.why import falls
from sim.measures.figures import figure
from sim.words import numbers
from sim.words.dates import date_in_words
from sim.words.language import phrase
from sim.words.names import in_a_row, labelled

if TYPE_CHECKING:
    from sim.briefing.page import Page
    from sim.comparison.comparison import Comparison

COST = "cost_usd"
MARK = 0.7
"""Per cent of the width that a mark takes which is a place, not a length."""
NUMBERED = 12
"""Per cent of the width from which on a part carries its number."""


class Part(NamedTuple):
    """A piece of a bar; lengths are shares of the whole width, in per cent."""

    left: float
    width: float
    colour: str
    pen: str = ""
    """Colour of its number; none: it carries none."""
    number: str = ""
    hollow: bool = False
    kind: str = ""
    """A `line` across the bar or a `dot`, which mark a place; else a length."""
    top: float = 0.0
    bottom: float = 0.0
    """Per cent of the height left free: steps that run at once share it."""


class Row(NamedTuple):
    """A bar under its name, and what is said below it."""

    name: str
    figure: str
    parts: Sequence[Part]
    whisker: Part | None = None
    note: str = ""


class Curve(NamedTuple):
    """An area or a line in a panel of 100 × 100, as a path of SVG."""

    path: str
    colour: str
    filled: bool = False


class Panel(NamedTuple):
    """Curves under their name: what the top of the panel is, and its two ends."""

    name: str
    top: str
    ends: tuple[str, str]
    curves: Sequence[Curve]


class Stacked(NamedTuple):
    """Bars, or panels, one below the other: they fit a phone."""

    title: str
    rows: Sequence[Row] = ()
    key: Sequence[tuple[str, str]] = ()
    """Colours and what they stand for."""
    panels: Sequence[Panel] = ()


def stacked(comparison: Comparison, page: Page) -> list[Stacked]:
    """What a phone shows in place of the page's chart; empty where that is drawn beside a table of words, and of a
    chart that is not in the table below: it is shown as it is, to be swiped."""
    draw = None if page.visible_picture is None else _DRAWN.get(_chart_name(page.name))
    return [each for each in draw(comparison, page.rows) if each.rows or each.panels] if draw else []


def _chart_name(page: str) -> str:
    """The chart of a page: the longest name that the page's begins with, since both may have underscores."""
    known = (each for each in {*names(), *_DRAWN} if f"{page}_".startswith(f"{each}_"))
    return max(known, key=len, default="")


# -- bars ----------------------------------------------------------------------------------------------------------


def _scale(ends: Iterable[float | None], most: float | None = None) -> Callable[[float], float]:
    """From a value to per cent of the width, 0 always in sight."""
    known = [each for each in ends if each is not None and math.isfinite(each)]
    low, high = min([0.0, *known]), most or max([0.0, *known])
    return lambda value: 100 * (value - low) / (high - low or 1)


def _part(at: Callable[[float], float], first: float, last: float, colour: str = "", **how: Any) -> Part:
    start, end = sorted(at(each) if math.isfinite(each) else 0.0 for each in (first, last))
    return Part(start, end - start, colour, **how)


def _mark(at: Callable[[float], float], value: float, colour: str, kind: str) -> Part:
    return Part(at(value) - MARK / 2, MARK, colour, kind=kind)


def _zero(at: Callable[[float], float]) -> list[Part]:
    """Where bars may lie on both sides of nothing, a line there."""
    return [_mark(at, 0, INK, "line")] if at(0) > 0 else []


def _whisker(at: Callable[[float], float], low: float | None, high: float | None) -> Part | None:
    return None if low is None or high is None or not math.isfinite(low + high) else _part(at, low, high)


def _bars(bars: Bars) -> Stacked:
    at = _scale((end for each in bars.estimates for end in (each.mean, each.low, each.high)), bars.most)
    rows = [
        Row(
            name,
            f"{mean} ({interval})" if interval else mean,
            [*_zero(at), _part(at, 0, each.mean, look.colour, hollow=row in bars.hollow)],
            _whisker(at, each.low, each.high),
        )
        for row, (name, each, look, (mean, interval)) in enumerate(
            zip(bars.names, bars.estimates, bars.looks, bars.figures, strict=True)
        )
    ]
    return Stacked(bars.title, rows)


def _lengths(title: str, bars: Sequence[tuple[str, str, float, str]]) -> Stacked:
    """Bars from nothing on: of each its name, its figure in words, its length and its colour."""
    at = _scale(length for _, _, length, _ in bars)
    return Stacked(title, [Row(name, said, [_part(at, 0, length, colour)]) for name, said, length, colour in bars])


def _stacks(stacks: Stacks) -> Stacked:
    longest = max((sum(values) for values in zip(*stacks.parts.values(), strict=True)), default=0.0) or 1.0
    rows = []
    for index, (label, whole) in enumerate(zip(stacks.labels, stacks.wholes, strict=True)):
        left, parts = 0.0, []
        for cause, values in stacks.parts.items():
            width, colour = 100 * values[index] / longest, stacks.colours[cause]
            if values[index] > 0:
                number = numbers.number(values[index]) if width > NUMBERED else ""
                parts.append(Part(left, width, colour, pen_on(colour), number))
            left += width
        rows.append(Row(label, whole, parts))
    return Stacked(stacks.title, rows, [(stacks.colours[cause], cause) for cause in stacks.parts])


def _answer(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """What each step saves, and below its bar the plausible range and the price."""
    at = _scale(row[end] for row in rows for end in ("gain", "gain_low", "gain_high"))
    against = words.quoted(words.label(comparison.scenario, rows[0]["against"])) if rows else ""
    drawn = []
    for row in rows:
        low, high = row["gain_low"], row["gain_high"]
        sure = low is not None and high is not None and (low > 0 or high < 0)
        chosen = row is rows[0] and row["option"] == highlighted(comparison)
        colour = ASIDE if row["for_comparison"] else HIGHLIGHT if chosen else INK
        gain = row["gain"]
        said = numbers.UNKNOWN if gain is None else figure(row["measure"], gain)
        if low is not None and high is not None:
            said = f"{said} ({_range(row['measure'], low, high)})"
        bars = [] if gain is None else [_part(at, 0, gain, colour, hollow=not sure)]
        drawn.append(Row(row["label"], said, [*_zero(at), *bars], _whisker(at, low, high), _beside(row)))
    title = phrase("Saved against {against}", against=against)
    return [Stacked(title, drawn)]


def _range(measure: str, low: float, high: float) -> str:
    return phrase("{low} to {high}", low=figure(measure, low), high=figure(measure, high))


def _beside(row: words.Row) -> str:
    """What stands beside the bar on a wide screen."""
    told = []
    if row["plausible_low"] is not None:
        interval = _range(row["measure"], row["plausible_low"], row["plausible_high"])
        told.append(phrase("in nine plausible worlds of ten {interval}", interval=interval))
    _, price, lack = (" ".join(head().replace("-\n", "-").split()) for head in HEADS)
    for head, said in ((price, row["price"]), (lack, row["lenders_lack_more"])):
        if said not in ("", numbers.UNKNOWN):
            told.append(labelled(head, said))
    return in_a_row(told)


def _why(comparison: Comparison, _: Sequence[words.Row]) -> list[Stacked]:
    drawn = falls(comparison)
    at = _scale(end for each in drawn for end in (each.start, each.start + each.change))
    rows = [
        Row(
            each.name,
            figure(UNMET, each.change, sign=not each.whole),
            [_part(at, each.start, each.start + each.change, each.colour)],
        )
        for each in drawn
    ]
    return [Stacked(phrase("Unmet need (unit-days)"), rows)]


def _risk(_: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """The range of nine cases of ten, in it the median as a line and the mean as a dot."""
    at = _scale(row[end] for row in rows for end in ("mean", "p5", "p95"))
    drawn = []
    for row in rows:
        parts = [] if row["p5"] is None or row["p95"] is None else [_part(at, row["p5"], row["p95"], ASIDE)]
        parts += [_mark(at, row["median"], INK, "line")] if row["median"] is not None else []
        parts += [_mark(at, row["mean"], INK, "dot")] if row["mean"] is not None else []
        mean = numbers.UNKNOWN if row["mean"] is None else numbers.number(row["mean"])
        ends = "" if len(parts) < 3 else f" ({numbers.number(row['p5'])} – {numbers.number(row['p95'])})"
        drawn.append(Row(row["label"], f"{mean}{ends}", parts))
    title = phrase("Unmet need (unit-days): the dot is the mean, the line the median, grey are nine cases of ten")
    return [Stacked(title, drawn)]


def _doubts(_: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    at = _scale(row[end] for row in rows for end in ("evppi", "evppi_high"))
    drawn = []
    for row in rows:
        whole = row["path"] is None
        worth = row["evppi"]
        parts = [] if worth is None else [_part(at, 0, worth, ASIDE if whole else INK)]
        said = numbers.UNKNOWN if worth is None else numbers.number(worth)
        name = phrase("All together") if whole else row["doubt"]
        drawn.append(Row(name, said, parts, _whisker(at, row["evppi_low"], row["evppi_high"])))
    return [Stacked(phrase("Worth of finding out"), drawn)]


def _frontier(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """Price and unmet need of each option, in the same order."""
    colours = [each.colour for each in looks_of(comparison.scenario, [row["option"] for row in rows])]
    titles = {COST: phrase("Cost of loans (US$)"), UNMET: phrase("Unmet need (unit-days)")}
    drawn = []
    for measure, title in titles.items():
        at = _scale(row[f"{measure}{end}"] for row in rows for end in ("", "_low", "_high"))
        bars = [
            Row(
                row["label"],
                figure(measure, row[measure]),
                [_part(at, 0, row[measure], colour)],
                _whisker(at, row[f"{measure}_low"], row[f"{measure}_high"]),
            )
            for row, colour in zip(rows, colours, strict=True)
            if row[measure] is not None
        ]
        drawn.append(Stacked(title, bars))
    return drawn


def _regret(_: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """What nobody could have met, and behind it what the option leaves besides."""
    bound, more = "clairvoyant_unmet_unit_days", "regret_unit_days"
    known = [row for row in rows if row[bound] is not None and row[more] is not None]
    at = _scale(row[bound] + row[more] for row in known)
    drawn = [
        Row(
            row["label"],
            f"{numbers.number(row[bound])} + {numbers.number(row[more])}",
            [_part(at, 0, row[bound], ASIDE), _part(at, row[bound], row[bound] + row[more], INK)],
        )
        for row in known
    ]
    key = [(ASIDE, phrase("nobody could have met")), (INK, phrase("the option leaves unmet besides"))]
    return [Stacked(phrase("Unmet need (unit-days)"), drawn, key)]


def _situation(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """Each mission's share of what crises need, and of all units."""
    titles = {"share_of_need": phrase("Share of what crises need"), "share_of_units": phrase("Share of all units")}
    at = _scale(row[share] for row in rows for share in titles)
    return [
        Stacked(
            title,
            [
                Row(
                    words.label(comparison.scenario, row["mission"]),
                    words.percent(row[share]),
                    [_part(at, 0, row[share], INK)],
                )
                for row in rows
            ],
        )
        for share, title in titles.items()
    ]


def _lent(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """Who lends to whom, most first."""
    totals: dict[tuple[str, str], float] = {}
    for row in rows:
        if "unit_days" in row:
            pair = row.get("from") or row["lender"], row.get("to") or row["borrower"]
            totals[pair] = totals.get(pair, 0.0) + row["unit_days"]
    called = {pair: " → ".join(words.label(comparison.scenario, mission) for mission in pair) for pair in totals}
    most_first = sorted(totals.items(), key=lambda each: -each[1])
    drawn = [(called[pair], numbers.number(days), days, BLUE) for pair, days in most_first]
    return [_lengths(phrase("Unit-days on loan"), drawn)]


def _waterfall(_: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    drawn = [
        (STEP_NAMES.get(step, FROM_REQUEST)(), numbers.days(days), days, STEPS.get(step, INK))
        for step, days in ((row["step"], row["mean_days"]) for row in rows)
    ]
    return [_lengths(phrase("Days from request to arrival, on average"), drawn)]


def _gantt(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """A bar a loan, from the first day of any to the last, with its steps."""
    first = min((row["from_day"] for row in rows), default=0.0)
    span = max((row["to_day"] for row in rows), default=1.0) - first or 1.0
    scenario, seen, drawn = comparison.scenario, dict[str, None](), []
    for _, spans in groupby(rows, key=lambda row: row["row"]):
        steps = list(spans)
        loan = steps[0]
        lender, borrower = (words.label(scenario, loan[end]) for end in ("from", "to"))
        seen |= dict.fromkeys(step["step"] for step in steps)
        parts = [
            Part(
                100 * (step["from_day"] - first) / span,
                100 * (step["to_day"] - step["from_day"]) / span,
                STEPS[step["step"]],
                top=top,
                bottom=bottom,
            )
            for step in steps
            for top, bottom in [_share_of_height(step, steps)]
        ]
        units = words.units(scenario, loan["units"], loan["resource"])
        drawn.append(Row(labelled(f"{lender} → {borrower}", units), "", parts))
    ends = (date_in_words(scenario.date(day)) for day in (first, first + span))
    title = phrase("{first} to {last}", **dict(zip(("first", "last"), ends, strict=True)))
    return [Stacked(title, drawn, [(colour, STEP_NAMES[step]()) for step, colour in STEPS.items() if step in seen])]


def _share_of_height(step: words.Row, steps: Sequence[words.Row]) -> tuple[float, float]:
    """Per cent left free above and below it: papers that are awaited at once stand one below the other."""
    beside = [
        each["step"]
        for each in steps
        if each["step"] in GATES and each["from_day"] < step["to_day"] and each["to_day"] > step["from_day"]
    ]
    if step["step"] not in GATES or len(beside) < 2:
        return 0.0, 0.0
    place, tall = beside.index(step["step"]), 100 / len(beside)
    return place * tall, 100 - (place + 1) * tall


# -- curves --------------------------------------------------------------------------------------------------------


def _timeline(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """Required and present, a panel for each mission and resource."""
    scenario = comparison.scenario
    ends = (date_in_words(scenario.period.from_), date_in_words(scenario.period.to))
    panels = []
    for (mission, resource), cell in groupby(rows, key=lambda row: (row["mission"], row["resource"])):
        days = list(cell)
        levels = {what: [_level(row, what) for row in days] for what in ("requirement", "present")}
        most = max(1.0, *(value for level in levels.values() for value in level))
        xs = [100 * row["day"] / scenario.days for row in days]
        required, present = (_path(xs, [100 - 100 * value / most for value in level]) for level in levels.values())
        name = labelled(words.label(scenario, mission), scenario.units_name(resource))
        curves = [
            Curve(f"M{xs[0]:.1f} 100L{present[1:]}L{xs[-1]:.1f} 100Z", ASIDE, filled=True),
            Curve(present, BLUE),
            Curve(required, INK),
        ]
        panels.append(Panel(name, numbers.number(most), ends, curves))
    return [Stacked(phrase("Units"), key=[(INK, phrase("required")), (BLUE, phrase("present"))], panels=panels)]


def _response(comparison: Comparison, rows: Sequence[words.Row]) -> list[Stacked]:
    """The share answered within so many days, a panel for each option on the same scale."""
    most = max((row["within_days"] for row in rows), default=0.0) or 1.0
    ends = (numbers.days(0), numbers.days(most))
    panels = []
    for option, cell in groupby(rows, key=lambda row: str(row["option"])):
        steps = [(100 * row["within_days"] / most, 100 - 100 * row["share_answered"]) for row in cell]
        path = "M0 100" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in steps) + "H100"
        name = words.label(comparison.scenario, option)
        panels.append(
            Panel(name, words.percent(1.0), ends, [Curve(f"{path}V100Z", ASIDE, filled=True), Curve(path, INK)])
        )
    return [Stacked(phrase("Share of crises' needs that is met within so many days"), panels=panels)]


def _level(row: Mapping[str, Any], what: str) -> float:
    """Of one course of events, or the mean of several."""
    return float(row[what] if what in row else row[f"{what}_mean"])


def _path(xs: Sequence[float], ys: Sequence[float]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))


_DRAWN: Mapping[str, Callable[[Comparison, Sequence[words.Row]], list[Stacked]]] = {
    "coverage": lambda comparison, _: [
        _bars(means(comparison, "coverage", phrase("Coverage"))),
        _bars(means(comparison, UNMET, phrase("Unmet need (unit-days)"))),
    ],
    "differences": lambda comparison, _: [_bars(differences(comparison))] if comparison.differences else [],
    "causes": lambda comparison, _: [_stacks(causes(comparison))],
    "answer": _answer,
    "why": _why,
    "risk": _risk,
    "price": _risk,
    "doubts": _doubts,
    "frontier": _frontier,
    "map": _lent,
    "lending": _lent,
    "waterfall": _waterfall,
    "gantt": _gantt,
    "situation": _situation,
    "timeline": _timeline,
    "regret": _regret,
    "response": _response,
}
"""By the name of a chart, or of a page of the story that draws another."""
