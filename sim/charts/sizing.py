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
from sim.charts.house.style import GREY, INK, Chart, Look, housed
from sim.questions.sizing.sizing import OptionSize, Range, Sizing
from sim.words import numbers
from sim.words.names import plural


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
    """What the chart says, in a sentence."""
    goal = f"{words.percent(sizing.coverage)} coverage of {words.several(sizing.scenario, sizing.resource)}"
    best = _best(sizing)
    if best is None:
        return f"No option reaches {goal} with the units tried"
    need, name = _units(best.needed.units or 0), words.quoted(best.label)
    missed = [each for each in sizing.options.values() if each.needed.units is None and each.curve]
    if missed:
        nearest = max(missed, key=lambda each: each.curve[max(each.curve)].mean)
        tried = numbers.number(max(nearest.curve))
        return f"For {goal} {name} needs {need}; under {words.quoted(nearest.label)} even {tried} are not enough"
    reference = sizing.options[sizing.reference]
    now = numbers.number(reference.needed.units or 0)
    if best is not reference and _clear(best.saved) and (best.saved.units or 0) > 0:
        return f"For {goal} {name} needs {need}, {words.quoted(reference.label)} {now}"
    if len(sizing.options) > 1:
        return f"No option needs clearly fewer units than {words.quoted(reference.label)} for {goal}: {now}"
    return f"{name} reaches {goal} with {need}"


def _best(sizing: Sizing) -> OptionSize | None:
    """Of the options that get there, the first of those that need fewest units."""
    able = [option for option in sizing.options.values() if option.needed.units is not None]
    return min(able, key=lambda each: each.needed.units or math.inf, default=None)


def _units(count: float) -> str:
    return f"{numbers.number(count)} {'unit' if count == 1 else 'units'}"


def alt(sizing: Sizing) -> str:
    """The chart in words."""
    each = "; ".join(f"{option.label}: {_needs(option)}" for option in sizing.options.values())
    return f"Curves of coverage against units held. {finding(sizing)}. {each}."


def _needs(option: OptionSize) -> str:
    need = option.needed
    if need.units is None:
        return "not reached" if option.hub is None or option.hub.permitted else "no loans from the hub"
    reach = need.reach(numbers.number, max(option.curve, default=None))
    return _units(need.units) + (f" ({reach})" if reach else "")


@housed
def sizing(sizing: Sizing) -> Chart:
    """A curve per option with its band; the target as a line, and a mark where each curve reaches it."""
    where = "at the hub" if sizing.scale == "hub" else "in every mission in proportion"
    fact = f"n = {plural(sizing.replications, 'replication')}, bands: {words.interval(sizing.confidence)}"
    facts = [fact, f"Units added {where}{_held(sizing)}"]
    tried = [units for option in sizing.options.values() for units in option.curve]
    if not tried:
        return statement(finding(sizing), words.caption(sizing, *facts))
    if max(tried) > _reach(sizing)[1]:
        facts.append(f"Tried up to {max(tried):,}")
    caption = words.caption(sizing, *facts)
    what = words.several(sizing.scenario, sizing.resource)
    what = what[:1].upper() + what[1:]
    chart, area = sheet(finding(sizing), f"{what}: coverage of crisis needs by units held", caption, alt=alt(sizing))
    signs = [
        Sign(f"target: {words.percent(sizing.coverage)}", INK, dashes=(0, (4, 2))),
        Sign("held now", GREY, dashes=(0, (1.5, 2))) if sizing.held_alike else Sign("held now", GREY, marker="|"),
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
    scaled_axis(axes, "units", "Units held", ticks=8)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    _ends(chart, area, axes, sizing, looks)
    return chart


def _held(sizing: Sizing) -> str:
    """What is held now; where options differ in it, the marks say it."""
    return f"; {plural(sizing.held, 'is', 'are')} held now" if sizing.held_alike else ""


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
        ends.append((f"{_needs(option)}: {option.label}", last if math.isfinite(last) else axes.get_ylim()[0], look))
    end_labels(chart, area, ends, axes.get_ylim(), wide=2.9)
