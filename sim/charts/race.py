"""A race of options: unmet need over the replications that each was in, who dropped out when, and who was chosen."""

from __future__ import annotations

from sim.charts.house import words
from sim.charts.house.marks import dot, looks_of, possible, value_column
from sim.charts.house.scale import measure_axis
from sim.charts.house.sheet import SMALL, row_axes, row_names, sheet, text_width
from sim.charts.house.style import Chart, house_style
from sim.questions.stopping.sequential import Selection
from sim.words import numbers
from sim.words.language import phrase, phrase_n
from sim.words.names import in_a_row, labelled


def _fate(selection: Selection, name: str) -> str:
    """What became of an option."""
    if name == selection.chosen:
        return phrase("chosen")
    out = next((one.replication for one in selection.dropped if one.name == name), None)
    return phrase("undecided") if out is None else phrase("out at {n:,}", n=out)


def rows(selection: Selection) -> list[words.Row]:
    """One row per option: unmet need in unit-days with its interval, the replications it was in, and its fate."""
    return [
        words.option_row(selection.scenario, name, unmet_unit_days=mean)
        | {"replications": mean.n, "fate": _fate(selection, name)}
        for name, mean in selection.means.items()
    ]


def finding(selection: Selection) -> str:
    if selection.chosen is None:
        left = words.options([words.label(selection.scenario, name) for name in selection.alive])
        return phrase("Undecided: {names} are too close to be told apart yet", names=left)
    name = words.quoted(words.label(selection.scenario, selection.chosen))
    taken = selection.means[selection.chosen].n
    zone = numbers.number(selection.indifference)
    return phrase_n(
        "{name} is chosen after {n:,} replication: the best, or within about {zone} unit-days of it",
        "{name} is chosen after {n:,} replications: the best, or within about {zone} unit-days of it",
        taken,
        name=name,
        zone=zone,
    )


def alt(selection: Selection) -> str:
    options = in_a_row(
        labelled(words.label(selection.scenario, name), f"{numbers.number(mean.mean)}, {_fate(selection, name)}")
        for name, mean in selection.means.items()
    )
    return phrase(
        "Unmet need of each option in the race, in unit-days. {finding}. {options}.",
        finding=finding(selection),
        options=options,
    )


@house_style
def race(selection: Selection) -> Chart:
    """A mark with its interval in each row; at the right the replication at which the option fell out."""
    sure = words.percent(selection.confidence)
    zone = numbers.number(selection.indifference)
    level = words.interval(selection.confidence)
    fact = phrase("Whiskers: {interval} over the replications that an option was in", interval=level)
    best = phrase(
        "Best with at least {sure} probability if better than all others by {zone} unit-days", sure=sure, zone=zone
    )
    shown = phrase("Unit-days of unmet need; options drop out as soon as they fall clearly behind")
    chart, area = sheet(finding(selection), shown, words.caption(selection, fact, best), alt=alt(selection))
    area = area.inset(bottom=0.55, top=0.3)
    names = row_names([words.label(selection.scenario, name) for name in selection.means], area.height)
    fates = [_fate(selection, name) for name in selection.means]
    size = max(SMALL, names.size)
    right = max(text_width(fate, size, "bold") for fate in fates) + 0.5
    axes = row_axes(chart, area, names, right=right)
    looks = looks_of(selection.scenario, list(selection.means))
    for row, (mean, look) in enumerate(zip(selection.means.values(), looks, strict=True)):
        dot(axes, row, possible("unmet_unit_days", mean), look)
    ends = words.finite(end for mean in selection.means.values() for end in (mean.mean, mean.high))
    axes.set_xlim(0, max([1e-9, *ends]) * 1.05)
    measure_axis(axes, "unmet_unit_days")
    value_column(axes, fates, size, at=1 + 0.3 / area.inset(left=names.inches, right=right).width)
    return chart
