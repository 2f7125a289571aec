"""From request to arrival: the mean days of each step, one after another, and their medians."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.charts.house import words
from sim.charts.house.episode import NO_LOGS, kept_replications, loans_by_replication, option_name
from sim.charts.house.loan_steps import GATES, STEP_NAMES, TO_ARRIVAL, days_by_step
from sim.charts.house.marks import falling_bars, value_column
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import row_axes, row_names, sheet, statement
from sim.charts.house.style import INK, PALE, STEPS, Chart, house_style
from sim.comparison.comparison import Comparison
from sim.questions.story.story import Story
from sim.words import numbers
from sim.words.language import Phrase, phrase, phrase_n
from sim.words.names import in_a_row

NAMES = STEP_NAMES | {"in transit": Phrase("journey and reception")}
WHOLE = "request to arrival"
FROM_REQUEST = Phrase("from request to arrival")


class Steps(NamedTuple):
    """Days of each step, of every unit that arrived: arrays of one length; they add up to `whole`."""

    days: dict[str, NDArray[np.float64]]
    whole: NDArray[np.float64]


def _steps(source: Comparison | Story, option: str | None) -> Steps:
    loans = [loan for loans in loans_by_replication(source, option) for loan in loans if loan.arrived_day is not None]
    table = np.array([list(days_by_step(loan).values()) for loan in loans]).reshape(-1, len(TO_ARRIVAL))
    days = np.repeat(table, [loan.units for loan in loans], axis=0)
    return Steps(dict(zip(TO_ARRIVAL, days.T, strict=True)), days.sum(axis=1))


def rows(source: Comparison | Story, *, option: str | None = None) -> list[words.Row]:
    """One row per step and one for the whole: mean, median, tenth and ninetieth percentile, in days a unit."""
    steps = _steps(source, option)
    if not len(steps.whole):
        return []
    return [
        {"step": step, "mean_days": float(days.mean()), "median_days": float(np.median(days))}
        | {"p10_days": float(np.percentile(days, 10)), "p90_days": float(np.percentile(days, 90)), "units": len(days)}
        for step, days in [*steps.days.items(), (WHOLE, steps.whole)]
    ]


def finding(source: Comparison | Story, *, option: str | None = None) -> str:
    if not kept_replications(source):
        return NO_LOGS()
    steps, name = _steps(source, option), option_name(source, option)
    if not len(steps.whole):
        return phrase("No loan arrived under {name}", name=name)
    paper = sum(float(steps.days[gate].mean()) for gate in GATES)
    whole = float(steps.whole.mean())
    slots = {"name": name, "whole": numbers.days(whole)}
    if paper < 0.005 * whole:
        return phrase("Under {name} a unit takes on average {whole} to arrive, none of it for consent", **slots)
    part = numbers.days(paper)
    return phrase(
        "Under {name} a unit takes on average {whole} to arrive, {part} of it for consent", **slots, part=part
    )


def alt(source: Comparison | Story, *, option: str | None = None) -> str:
    steps = rows(source, option=option)
    said = in_a_row(f"{NAMES.get(row['step'], FROM_REQUEST)()} {numbers.days(row['mean_days'])}" for row in steps)
    return phrase(
        "Waterfall of days from request to arrival. {finding}. {steps}.",
        finding=finding(source, option=option),
        steps=said or phrase("Nothing arrived"),
    )


def _fact(source: Comparison | Story, option: str | None, units: int) -> str:
    """The caption's fact on what was counted."""
    name = option_name(source, option)
    if not isinstance(source, Comparison):
        return phrase_n(
            "Mean over {units:,} unit that arrived in replication {number} of {name}",
            "Means over {units:,} units that arrived in replication {number} of {name}",
            units,
            units=units,
            number=source.replication,
            name=name,
        )
    where = phrase_n("{n:,} replication", "{n:,} replications", len(kept_replications(source)))
    return phrase_n(
        "Mean over {units:,} unit that arrived in {replications} of {name}",
        "Means over {units:,} units that arrived in {replications} of {name}",
        units,
        units=units,
        replications=where,
        name=name,
    )


@house_style
def waterfall(source: Comparison | Story, *, option: str | None = None) -> Chart:
    """A bar per step that begins where the last one ended, and the whole under them."""
    said, table = finding(source, option=option), rows(source, option=option)
    if not table:
        return statement(said, words.caption(source))
    fact = _fact(source, option, table[-1]["units"])
    shown = phrase("Mean days of each step; a gate counts from the day on which the one before it cleared")
    chart, area = sheet(said, shown, words.caption(source, fact), alt=alt(source, option=option))
    area = area.inset(bottom=0.55, top=0.35)
    names = row_names([NAMES.get(row["step"], FROM_REQUEST)() for row in table], area.height)
    axes = row_axes(chart, area, names, right=2.4)
    ends = [0.0, *accumulate(row["mean_days"] for row in table[:-1])]
    starts = [*ends[:-1], 0.0]  # the whole begins anew
    falling_bars(
        axes,
        [(start, row["mean_days"], STEPS.get(row["step"], INK)) for start, row in zip(starts, table, strict=True)],
    )
    axes.set_xlim(0, max(1e-9, table[-1]["mean_days"]) * 1.02)
    axes.axhspan(len(table) - 1.5, len(table) - 0.5, color=PALE, zorder=-1)
    scaled_axis(axes, phrase("days"), phrase("Days since the request"))
    value_column(axes, [numbers.days(row["mean_days"]) for row in table], names.size)
    medians = [phrase("median {figure}", figure=numbers.number(row["median_days"], 2)) for row in table]
    value_column(axes, medians, names.size - 1, weight="normal", at=1.16)
    return chart
