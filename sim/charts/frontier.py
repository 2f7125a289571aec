"""Cost against unmet need, with the efficient frontier: the options to which no other is better in both."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.charts.house import words
from sim.charts.house.marks import looks, possible
from sim.charts.house.point_labels import BOLD, NAME_SIZE, place_labels
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import (
    LONG_NAME,
    SMALL,
    Area,
    Sign,
    axes_in,
    balanced,
    haloed,
    key,
    line_height,
    sheet,
    statement,
    write,
)
from sim.charts.house.style import ASIDE, GREY, INK, SLIDE, Chart, Look, house_style
from sim.comparison.comparison import Comparison, Estimate
from sim.measures.catalogue import UNMET
from sim.scenario.loaded import with_option
from sim.statistics.discordance import least_discordant
from sim.words import numbers
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import in_a_row, short_names

POINT = Phrase("{name}: {dollars}, {days} unit-days")
EFFICIENT = Phrase("{name}: {dollars}, {days} unit-days (efficient)")
EDGE = 0.025
"""Of an axis: what a mark at its beginning needs so as not to cover the number beside it."""


def _points(comparison: Comparison) -> dict[str, tuple[Estimate, Estimate]]:
    """(cost, unmet need) of the reference and of every option that it can be compared with, where both are defined."""
    own = [name for name in comparison.options if name in comparison.differences or name == comparison.reference]
    measures = {name: comparison.options[name].measures for name in own}
    pairs = {name: (found["cost_usd"], found["unmet_unit_days"]) for name, found in measures.items()}
    return {name: pair for name, pair in pairs.items() if all(math.isfinite(each.mean) for each in pair)}


def efficient(comparison: Comparison) -> list[str]:
    """The options, cheapest first, to which on the means no other is at least as good in both and better in one."""
    points = {name: (cost.mean, unmet.mean) for name, (cost, unmet) in _points(comparison).items()}

    def beaten(cost: float, unmet: float) -> bool:
        return any(c <= cost and u <= unmet and (c, u) != (cost, unmet) for c, u in points.values())

    return sorted((name for name in points if not beaten(*points[name])), key=lambda name: points[name])


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option: cost (US dollars) and unmet need (unit-days) with their intervals; whether efficient."""
    front = efficient(comparison)
    return [
        words.option_row(comparison.scenario, name, cost_usd=cost, unmet_unit_days=unmet) | {"efficient": name in front}
        for name, (cost, unmet) in _points(comparison).items()
    ]


def finding(comparison: Comparison) -> str:
    front, points = efficient(comparison), _points(comparison)
    if not points:
        return phrase("Nobody says what loans cost here, so only unmet need tells the options apart")
    if not any(cost.mean for cost, _ in points.values()):
        return phrase("Loans cost nothing in this scenario, so only unmet need tells the options apart")
    if len(points) == 1:
        cost, unmet = points[front[0]]
        return phrase(
            "{days} unit-days stay unmet at {dollars} of loans",
            days=numbers.number(unmet.mean),
            dollars=numbers.money(cost.mean),
        )
    return _who_is_beaten(comparison, front, [name for name in points if name not in front])


def _who_is_beaten(comparison: Comparison, front: list[str], rest: list[str]) -> str:
    """What can be said of the options that are not efficient on the means."""
    if comparison.sets < least_discordant(comparison.confidence):
        return phrase_n(
            "{n:,} replication is too few to say which option is worth its cost",
            "{n:,} replications are too few to say which option is worth its cost",
            comparison.replications,
        )
    if not rest and _told_apart_in_both(comparison, front):
        return phrase("On average every option that costs more also leaves less need unmet")
    if not rest:
        return phrase(
            "On average every option that costs more also leaves less need unmet, but not each difference is"
            " significant"
        )
    sure = [name for name in rest if _beaten(comparison, name, front)]
    if len(front) == 1 and sure == rest:
        best = words.quoted(words.label(comparison.scenario, front[0]))
        return phrase("On average no option costs less or leaves less need unmet than {name}", name=best)
    who = words.options([words.label(comparison.scenario, name) for name in sure or rest])
    if not sure:
        return phrase(
            "{names} cannot be told apart from the options that cost less or leave less need unmet on average",
            names=who,
        )
    return phrase_n(
        "On average {names} is beaten: another option costs no more and leaves no more need unmet",
        "On average {names} are beaten: another option costs no more and leaves no more need unmet",
        len(sure),
        names=who,
    )


def _told_apart_in_both(comparison: Comparison, front: list[str]) -> bool:
    """Whether each option, cheapest first, surely costs less and leaves more unmet than the next."""
    return all(
        _apart(comparison, name, other, measure).significant
        for name, other in pairwise(front)
        for measure in ("cost_usd", "unmet_unit_days")
    )


def _beaten(comparison: Comparison, name: str, by: list[str]) -> bool:
    """Whether some option is significantly better in cost or in unmet need, and as good or significantly better in the
    other: means alone make no finding of a tie."""
    for other in by:
        apart = [_apart(comparison, name, other, measure) for measure in ("cost_usd", "unmet_unit_days")]
        clear = [each.significant and each.mean > 0 for each in apart]
        if any(clear) and all(sure or each.nothing for sure, each in zip(clear, apart, strict=True)):
            return True
    return False


def _apart(comparison: Comparison, name: str, other: str, measure: str) -> Estimate:
    """The difference name − other, paired where the results are known, else by the ends of both intervals."""
    if comparison.results is not None:
        one, two = (comparison.results.sample(each, measure) for each in (name, other))
        fixed = comparison.cannot_vary.difference(name, other, measure)
        return comparison.by.difference(one, two, fixed=fixed, exposed=measure == UNMET)
    mine, its = (comparison.options[each].measures[measure] for each in (name, other))
    return replace(mine, mean=mine.mean - its.mean, low=mine.low - its.high, high=mine.high - its.low)


def _units_besides(comparison: Comparison) -> str:
    """That units cost nothing here, where options hold different ones."""

    def held(option: str) -> object:
        changed = with_option(comparison.scenario, option)
        return {name: (mission.holds, mission.changes) for name, mission in changed.missions.items()}

    first, *others = map(held, comparison.options)
    if not any(other != first for other in others):
        return ""
    return phrase("Loans only: units that an option holds besides cost nothing here")


def _left_out(comparison: Comparison) -> str:
    """Which options have no mark, and why."""
    points = _points(comparison)
    left = [words.label(comparison.scenario, name) for name in comparison.options if name not in points]
    if not left:
        return ""
    return phrase(
        "Not shown, with costs not counted or crises or units of their own: {names}", names=words.options(left)
    )


def alt(comparison: Comparison) -> str:
    front = efficient(comparison)
    each = in_a_row(
        (EFFICIENT if name in front else POINT)(
            name=comparison.options[name].label,
            dollars=numbers.money(cost.mean),
            days=numbers.number(unmet.mean),
        )
        for name, (cost, unmet) in _points(comparison).items()
    )
    return phrase(
        "Cost of loans against unmet need, a mark an option. {finding}. {options}.",
        finding=finding(comparison),
        options=each,
    )


@house_style
def frontier(comparison: Comparison) -> Chart:
    """A mark per option with its intervals both ways, named beside it or at the right, the efficient ones joined."""
    points, front = _points(comparison), efficient(comparison)
    caption = words.caption(
        comparison, words.means_or_one(comparison), _units_besides(comparison), _left_out(comparison)
    )
    if not points:
        return statement(finding(comparison), caption)
    shown = phrase("Best is bottom left: less unmet need for less money")
    chart, area = sheet(finding(comparison), shown, caption, alt=alt(comparison))
    signs = [Sign(phrase("efficient frontier, on the means"), GREY, dashes=(0, (4, 2)))] if len(front) > 1 else []
    if len(front) < len(points):
        beaten = phrase("another option costs and leaves unmet no more, on the means")
        signs.append(Sign(beaten, ASIDE, marker="o"))
    area = key(chart, signs, area)
    plot = area.inset(left=0.95, bottom=0.6, right=0.3)
    axes = axes_in(chart, plot)
    if len(front) > 1:
        line = [points[name] for name in front]
        axes.plot([c.mean for c, _ in line], [u.mean for _, u in line], color=GREY, lw=1.6, ls=(0, (4, 2)), zorder=1)
    order = dict(zip(comparison.options, looks(comparison), strict=True))
    for name, (cost, unmet) in points.items():
        _point(axes, cost, unmet, order[name], filled=name in front)
    _limits(axes, points)
    if not _at_marks(chart, plot, axes, [words.label(comparison.scenario, name) for name in points], points):
        narrow = area.inset(left=0.95, bottom=0.6, right=4.0)
        wide, tall = chart.get_size_inches()
        axes.set_position((narrow.left / wide, narrow.bottom / tall, narrow.width / wide, narrow.height / tall))
        column = area._replace(left=area.right - 3.6)
        _names(chart, column, {name: order[name] for name in points}, comparison, front)
    measure_axis(axes, "cost_usd")
    if not any(cost.mean for cost, _ in points.values()):  # an axis from 0 to 1 would be made up
        axes.set_xticks([0], ["0"])
    measure_axis(axes, "unmet_unit_days", "y")
    return chart


def _point(axes: Axes, cost: Estimate, unmet: Estimate, look: Look, *, filled: bool) -> None:
    colour = look.colour if filled else ASIDE
    cost, unmet = possible("cost_usd", cost), possible("unmet_unit_days", unmet)
    if math.isfinite(cost.low):
        axes.plot([cost.low, cost.high], [unmet.mean] * 2, color=colour, lw=1.6)
    if math.isfinite(unmet.low):
        axes.plot([cost.mean] * 2, [unmet.low, unmet.high], color=colour, lw=1.6)
    axes.plot(cost.mean, unmet.mean, look.marker, color=colour, ms=12, mec="white", zorder=5, clip_on=False)


def _at_marks(
    chart: Chart, area: Area, axes: Axes, names: Sequence[str], pairs: Mapping[str, tuple[Estimate, Estimate]]
) -> bool:
    """Writes each option's name beside its mark; whether all have room there: nothing is written where not."""
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()

    def place(cost: float, unmet: float) -> tuple[float, float]:
        across, up = (cost - west) / (east - west), (unmet - south) / (north - south)
        return area.left + across * area.width, area.bottom + up * area.height

    said = [balanced(name, 2.4, NAME_SIZE, weight=BOLD, lines=3) for name in short_names(names, LONG_NAME)]
    points = [(*place(cost.mean, unmet.mean), 0.1) for cost, unmet in pairs.values()]
    arms = [
        Area(*place(*low), *place(*high)).inset(-0.03, -0.05, -0.03, -0.05)
        for cost, unmet in pairs.values()
        for low, high in (
            ((min(words.ends([cost])), unmet.mean), (max(words.ends([cost])), unmet.mean)),
            ((cost.mean, min(words.ends([unmet]))), (cost.mean, max(words.ends([unmet])))),
        )
    ]
    labels = [label for label in place_labels(said, points, area, arms) if label is not None and not label.far]
    if len(labels) < len(points):
        return False
    for label in labels:
        haloed(chart, (label.x, label.y), label.text, size=NAME_SIZE, weight=BOLD)
    return True


def _limits(axes: Axes, points: dict[str, tuple[Estimate, Estimate]]) -> None:
    for which, setter in ((0, axes.set_xlim), (1, axes.set_ylim)):
        ends = words.ends(pair[which] for pair in points.values())
        low, high = min([0.0, *ends]), max(ends)
        edge = EDGE * (high - low) if min(pair[which].mean for pair in points.values()) < EDGE * high else 0.0
        setter(low - edge, high + 0.06 * (high - low) if high > low else low + 1.0)


def _names(chart: Chart, area: Area, looked: Mapping[str, Look], comparison: Comparison, front: list[str]) -> None:
    """The options in a column, where they have no room at their marks: grey ones are not efficient."""
    count = len(looked)
    each = min(0.85, area.height / count)
    size = 12.0 if each > 0.55 else 10.0 if each > 0.4 else SMALL
    lines = max(1, min(3, int(each * 0.95 / line_height(size))))
    top = area.top - 0.1
    for row, (option, look) in enumerate(looked.items()):
        y = top - each * (row + 0.5)
        x, tall = area.left / SLIDE[0], chart.get_figheight()
        colour = look.colour if option in front else ASIDE
        mark = Line2D([x], [y / tall], marker=look.marker, color=colour, mec="white", ms=10)
        mark.set_transform(chart.transFigure)
        chart.add_artist(mark)
        name = balanced(words.label(comparison.scenario, option), area.width - 0.3, size, lines=lines)
        write(chart, (area.left + 0.25, y), name, size=size, va="center", colour=INK, linespacing=1.1)
