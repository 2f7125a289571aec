"""Economy of scale: coverage against units of one resource by option, and the units that each needs for the target."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.charts.house import words
from sim.charts.house.line_labels import end_labels
from sim.charts.house.marks import band_line, looks_of
from sim.charts.house.scale import measure_axis, scaled_axis
from sim.charts.house.sheet import Sign, axes_in, key, sheet, statement
from sim.charts.house.style import GREY, INK, Chart, Look, house_style
from sim.questions.sizing.sizing import OptionSize, Range, Sizing
from sim.words import numbers
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import capital, in_a_row, labelled

AT_HUB = Phrase("Units added at the hub")
EVERYWHERE = Phrase("Units added in every mission in proportion")


def rows(sizing: Sizing) -> list[words.Row]:
    """One row per option and number of units tried: coverage with its interval; and what the option needs."""
    table = []
    for name, option in sizing.options.items():
        need = option.needed
        needed = {"needed_units": need.units, "needed_low": need.low, "needed_high": need.high}
        for units, estimate in sorted(option.curve.items()):
            row: words.Row = {"option": name, "units": units} | words.figures(coverage=estimate)
            table.append(row | {"held_units": option.held} | needed)
    return table


def _clear(saved: Range) -> bool:
    """Whether a saving's interval leaves out 0."""
    return saved.low is not None and saved.high is not None and (saved.low > 0 or saved.high < 0)


def finding(sizing: Sizing) -> str:
    slots = {"share": words.percent(sizing.coverage), "units": sizing.scenario.units_name(sizing.resource)}
    best = _best(sizing)
    if best is None:
        return phrase("No option reaches {share} coverage of {units} with the units tried", **slots)
    slots |= {"need": _units(best.needed.units or 0), "name": words.quoted(best.label)}
    missed = [each for each in sizing.options.values() if each.needed.units is None and each.curve]
    if missed:
        nearest = max(missed, key=lambda each: each.curve[max(each.curve)].mean)
        slots |= {"other": words.quoted(nearest.label), "tried": numbers.number(max(nearest.curve))}
        return phrase(
            "For {share} coverage of {units} {name} needs {need}; under {other} even {tried} are not enough", **slots
        )
    reference = sizing.options[sizing.reference]
    slots |= {"other": words.quoted(reference.label), "now": numbers.number(reference.needed.units or 0)}
    if best is not reference and _clear(best.saved) and (best.saved.units or 0) > 0:
        return phrase("For {share} coverage of {units} {name} needs {need}, {other} {now}", **slots)
    if len(sizing.options) > 1:
        slots["name"] = slots["other"]
        return phrase("No option needs clearly fewer units than {name} for {share} coverage of {units}: {now}", **slots)
    return phrase("{name} reaches {share} coverage of {units} with {need}", **slots)


def _best(sizing: Sizing) -> OptionSize | None:
    """Of the options that get there and may be compared, the first of those that need fewest units."""
    beside = [option for name, option in sizing.options.items() if name in sizing.compared]
    able = [option for option in beside if option.needed.units is not None]
    return min(able, key=lambda each: each.needed.units or math.inf, default=None)


def _units(count: float) -> str:
    return phrase_n("{figure} unit", "{figure} units", count, figure=numbers.number(count))


def alt(sizing: Sizing) -> str:
    each = in_a_row(labelled(option.label, _needs(option)) for option in sizing.options.values())
    return phrase("Curves of coverage against units held. {finding}. {options}.", finding=finding(sizing), options=each)


def _needs(option: OptionSize) -> str:
    need = option.needed
    if need.units is None:
        lends = option.hub is None or option.hub.permitted
        return phrase("not reached") if lends else phrase("no loans from the hub")
    reach = need.reach(numbers.number, max(option.curve, default=None))
    return _units(need.units) + (f" ({reach})" if reach else "")


@house_style
def sizing(sizing: Sizing) -> Chart:
    """A curve per option with its band; the target as a line, and a mark where each curve reaches it."""
    facts = _facts(sizing)
    tried = [units for option in sizing.options.values() for units in option.curve]
    if not tried:
        return statement(finding(sizing), words.caption(sizing, *facts))
    if max(tried) > _reach(sizing)[1]:
        facts.append(phrase("Tried up to {n:,}", n=max(tried)))
    caption = words.caption(sizing, *facts)
    what = capital(sizing.scenario.units_name(sizing.resource))
    shown_as = phrase("{units}: coverage of crisis needs by units held", units=what)
    chart, area = sheet(finding(sizing), shown_as, caption, alt=alt(sizing))
    now = phrase("held now")
    signs = [
        Sign(phrase("target: {share}", share=words.percent(sizing.coverage)), INK, dashes=(0, (4, 2))),
        Sign(now, GREY, dashes=(0, (1.5, 2))) if sizing.held_alike else Sign(now, GREY, marker="|"),
    ]
    area = key(chart, signs, area).inset(left=0.8, bottom=0.55, right=3.5)
    axes = axes_in(chart, area)
    best = _best(sizing)
    shown = next((name for name, option in sizing.options.items() if option is best), None)
    looks = looks_of(sizing.scenario, list(sizing.options), shown)
    for option, look in zip(sizing.options.values(), looks, strict=True):
        _curve(axes, option, look, sizing.coverage)
        if not sizing.held_alike:
            axes.plot(option.held, option.now.mean, "|", color=look.colour, ms=26, mew=2, zorder=5)
    axes.axhline(sizing.coverage, color=INK, lw=1.2, ls=(0, (4, 2)), zorder=1)
    if sizing.held_alike:
        axes.axvline(sizing.held, color=GREY, lw=1.2, ls=(0, (1.5, 2)), zorder=1)
    axes.set_xlim(*_reach(sizing))
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, 0.0), max(min(high, 1.02), min(1.02, sizing.coverage + 0.05)))
    measure_axis(axes, "coverage", "y")
    scaled_axis(axes, phrase("units"), phrase("Units held"), ticks=8)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    _ends(chart, area, axes, sizing, looks)
    return chart


def _facts(sizing: Sizing) -> list[str]:
    """The caption's facts: n, where units are added, and what is held now unless options differ in it."""
    fact = phrase_n(
        "n = {n:,} replication, bands: {interval}",
        "n = {n:,} replications, bands: {interval}",
        sizing.replications,
        interval=words.interval(sizing.confidence),
    )
    added = AT_HUB() if sizing.scale == "hub" else EVERYWHERE()
    if sizing.held_alike:
        held = phrase_n("{n:,} is held now", "{n:,} are held now", sizing.held)
        added = phrase("{first}; {then}", first=added, then=held)
    return [fact, added]


def _reach(sizing: Sizing) -> tuple[float, float]:
    """The units between which the curves say something: from where they leave 0 % to a little beyond what is needed, or
    to where they are flat."""
    tried = sorted({units for option in sizing.options.values() for units in option.curve})
    some = [units for option in sizing.options.values() for units, each in option.curve.items() if each.mean > 0]
    low = max((units for units in tried if units < min(some, default=0)), default=tried[0])
    enough = (option.needed.units or _flat_from(option) for option in sizing.options.values() if option.curve)
    held = [option.held for option in sizing.options.values()]
    low, high = min(low, *held), max(1.25 * max(enough), 1.25 * max(held))
    edge = 0.03 * (high - low + 1)
    return low - edge, high + edge


def _flat_from(option: OptionSize) -> float:
    """The units beyond which more of them change coverage by less than a point."""
    curve = sorted((units, each.mean) for units, each in option.curve.items())
    last = curve[-1][1]
    moved = [k for k, (_, mean) in enumerate(curve) if not abs(mean - last) < 0.01]
    return float(curve[min(moved[-1] + 1, len(curve) - 1) if moved else 0][0])


def _curve(axes: Axes, option: OptionSize, look: Look, target: float) -> None:
    curve = sorted((units, each) for units, each in option.curve.items() if math.isfinite(each.mean))
    band_line(axes, [float(units) for units, _ in curve], [each for _, each in curve], look, ms=6)
    if option.needed.units is not None:
        axes.plot(option.needed.units, target, look.marker, color=look.colour, ms=12, mec=INK, mew=1.5, zorder=6)


def _ends(chart: Chart, area: Any, axes: Axes, sizing: Sizing, looks: list[Look]) -> None:
    ends = []
    for option, look in zip(sizing.options.values(), looks, strict=True):
        last = option.curve[max(option.curve)].mean if option.curve else math.nan
        label = labelled(_needs(option), option.label)
        ends.append((label, last if math.isfinite(last) else axes.get_ylim()[0], look))
    end_labels(chart, area, ends, axes.get_ylim(), wide=2.9)
