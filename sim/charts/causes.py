"""Where the days went: unmet need stacked by cause, a bar an option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from sim.charts.house import words
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import (
    SMALL,
    Sign,
    inside,
    key,
    line_height,
    row_axes,
    row_names,
    sheet,
    statement,
    text_width,
)
from sim.charts.house.style import CAUSES, PAPER, Chart, house_style, pen_on
from sim.comparison.comparison import Comparison, Estimate, OptionSummary
from sim.measures.causes import CAUSE_NAMES
from sim.operations.log import CAUSES as LOGGED
from sim.words import numbers
from sim.words.language import phrase
from sim.words.names import in_a_row, labelled

OF_PAPER = ("council", "contributor", "host", "refused", "ceiling", "not permitted")
"""Causes that an option without any paper cannot have."""
THICK = 0.78
"""Of a row: its bar."""
KEY = 0.5
"""Inches that a key of two lines takes, so that names within bars fit whether or not there is one."""


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option and cause that occurs: unit-days of unmet need with their interval, and the share."""
    table = []
    for name, option in comparison.options.items():
        whole = option.measures["unmet_unit_days"].mean
        for cause in _occurring(comparison):
            part = option.unmet_by_cause[cause]
            row = words.option_row(comparison.scenario, name) | {"cause": cause} | words.figures(unmet_unit_days=part)
            table.append(row | {"share": part.mean / whole if whole > 0 else None})
    return table


def _occurring(comparison: Comparison) -> list[str]:
    """The causes that any option has, in the order in which they are assigned."""
    options = comparison.options.values()
    return [cause for cause in LOGGED if any(option.unmet_by_cause[cause].mean > 0 for option in options)]


def _main_cause(parts: Mapping[str, Estimate]) -> tuple[str, float] | None:
    """The largest cause and its share, where its interval lies above that of every other cause; else None."""
    whole = sum(part.mean for part in parts.values())
    if not whole > 0:
        return None
    first, *others = sorted(parts, key=lambda cause: -parts[cause].mean)
    if all(parts[first].low > parts[other].high or not parts[other].mean for other in others):
        return first, parts[first].mean / whole
    return None


def _spoken_of(comparison: Comparison) -> OptionSummary:
    """The option whose main cause is news: the best, or else the reference, or else another."""
    first = (words.leader(comparison, "unmet_unit_days") or comparison.reference, comparison.reference)
    names = dict.fromkeys((*first, *comparison.options))
    options = [comparison.options[name] for name in names]
    return next((each for each in options if not _by_construction(comparison, each)), options[0])


def _by_construction(comparison: Comparison, option: OptionSummary) -> bool:
    """Whether the main cause had to be: nothing is permitted where nobody may lend, and where no paper is in the way,
    what is missing is what nobody had."""
    parts = option.unmet_by_cause
    main = _main_cause(parts)
    if main is None:
        return False
    if main[0] == "not permitted":
        return comparison.scenario.options[option.name].policy.share == "none"
    return main[0] == "nobody had any" and not any(parts[each].mean for each in OF_PAPER)


def finding(comparison: Comparison) -> str:
    if not _occurring(comparison):
        return phrase("No option left any need unmet")
    option = _spoken_of(comparison)
    name, main = words.quoted(option.label), _main_cause(option.unmet_by_cause)
    if not option.measures["unmet_unit_days"].mean:
        return phrase("Under {name} no need was left unmet", name=name)
    if main is None:
        return phrase("Under {name} no single cause clearly leads in the unmet need", name=name)
    cause, share = CAUSE_NAMES[main[0]](), words.percent(main[1])
    return phrase("Under {name} {share} of what is still unmet is due to {cause}", name=name, share=share, cause=cause)


def alt(comparison: Comparison) -> str:
    options = []
    for option in comparison.options.values():
        largest = sorted(option.unmet_by_cause.items(), key=lambda item: -item[1].mean)[:3]
        parts = [f"{CAUSE_NAMES[cause]()} {numbers.number(part.mean)}" for cause, part in largest if part.mean > 0]
        options.append(labelled(option.label, ", ".join(parts) or phrase("none")))
    return phrase(
        "Stacked bars of unmet need by cause, in unit-days. {finding}. {options}.",
        finding=finding(comparison),
        options=in_a_row(options),
    )


@house_style
def causes(comparison: Comparison) -> Chart:
    """A stacked bar per option; units on their way in colour, units that were never coming in grey."""
    shown = phrase("Unit-days of unmet need by what kept the unit away; grey: none was coming")
    level = words.interval(comparison.confidence)
    facts: tuple[str, ...] = (phrase("n = 1 replication"),)
    if comparison.replications > 1:
        facts = (
            phrase("Means of n = {n:,} replications", n=comparison.replications),
            phrase("The {interval} of every part is in the CSV", interval=level),
        )
    caption = words.caption(comparison, *facts)
    occurring = _occurring(comparison)
    if not occurring:
        return statement(finding(comparison), caption, shown=shown)
    chart, area = sheet(finding(comparison), shown, caption, alt=alt(comparison))
    whole_key = area.inset(top=KEY, bottom=0.55)
    names = row_names([option.label for option in comparison.options.values()], whole_key.height)
    most = max(option.measures["unmet_unit_days"].mean for option in comparison.options.values())
    bars = [{cause: option.unmet_by_cause[cause].mean for cause in occurring} for option in comparison.options.values()]
    wide = (whole_key.width - names.inches - 0.95) / (most * 1.01)
    said = _said(bars, wide, THICK * whole_key.height / len(bars), names.size)
    named = {cause for (_, cause), text in said.items() if "\n" in text}
    signs = [Sign(CAUSE_NAMES[cause](), CAUSES[cause]) for cause in occurring if cause not in named]
    area = key(chart, signs, area).inset(bottom=0.55)
    axes = row_axes(chart, area, names, right=0.95)
    axes.set_xlim(0, most * 1.01)
    for row, (option, parts) in enumerate(zip(comparison.options.values(), bars, strict=True)):
        _stack(axes, row, parts, said, names.size)
        whole = numbers.number(option.measures["unmet_unit_days"].mean)
        how: dict[str, Any] = {"va": "center", "fontsize": names.size, "fontweight": "bold"}
        axes.annotate(whole, (sum(parts.values()), row), (6, 0), textcoords="offset points", **how)
    measure_axis(axes, "unmet_unit_days")
    return chart


def _said(bars: Sequence[Mapping[str, float]], wide: float, tall: float, size: float) -> dict[tuple[int, str], str]:
    """What stands in the parts (row, cause) of bars that are `tall` inches thick and `wide` inches a unit-day long: the
    share where there is room, and in the first part with room for it the cause's name, instead of a key."""
    said: dict[tuple[int, str], str] = {}
    for cause in bars[0]:
        named = False
        for row, parts in enumerate(bars):
            share = words.percent(parts[cause] / sum(parts.values())) if parts[cause] > 0 else ""
            if not share or text_width(share, size - 1) + 0.12 >= parts[cause] * wide:
                continue
            named_so = None if named else inside(CAUSE_NAMES[cause](), parts[cause] * wide, tall - line_height(SMALL))
            said[row, cause] = share if named_so is None else f"{named_so}\n{share}"
            named = named or named_so is not None
    return said


def _stack(axes: Axes, row: int, parts: dict[str, float], said: Mapping[tuple[int, str], str], size: float) -> None:
    """One bar, with what is said in its parts."""
    left = 0.0
    for cause, part in parts.items():
        colour, text = CAUSES[cause], said.get((row, cause), "")
        axes.barh(row, part, THICK, left, facecolor=colour, lw=0)
        axes.barh(row, part, THICK, left, fill=False, edgecolor=PAPER, lw=0.8)
        how: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.1}
        points = SMALL if "\n" in text else max(9.0, size - 1)
        axes.text(left + part / 2, row, text, color=pen_on(colour), fontsize=points, **how)
        left += part
