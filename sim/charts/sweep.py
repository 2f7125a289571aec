"""A sweep: unmet need as one input varies (lines), as two do (heat maps), or what it owes to each of many (dots)."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.charts.house import words
from sim.charts.house.heat import heat_maps
from sim.charts.house.input_names import input_name
from sim.charts.house.line_labels import end_labels
from sim.charts.house.marks import band_line, looks_of
from sim.charts.house.scale import measure_axis, scaled_axis
from sim.charts.house.sheet import axes_in, fitted, row_axes, row_names, sheet, statement
from sim.charts.house.style import Chart, Look, house_style
from sim.questions.sweep.sweep import Sweep
from sim.words.language import PhraseN, phrase, phrase_n
from sim.words.names import in_a_row, listed

MEASURE = "unmet_unit_days"

N = PhraseN(
    "n = {n:,} replication at each of {settings:,} settings",
    "n = {n:,} replications at each of {settings:,} settings",
)
N_WITH_BANDS = PhraseN(
    "n = {n:,} replication at each of {settings:,} settings, bands: {interval} of the mean",
    "n = {n:,} replications at each of {settings:,} settings, bands: {interval} of the mean",
)

Verdicts = dict[str, tuple[int, int]]


def rows(sweep: Sweep) -> list[words.Row]:
    """One row per setting and option: unmet need and its difference from the reference; for a sample the indices."""
    if sweep.sampled:
        return [
            {"option": name, "input": path, "first_order": its.first_order[path], "total": its.total[path]}
            for name, its in sweep.sensitivities.items()
            for path in sweep.paths
        ]
    table = []
    for setting in sweep.settings:
        inputs = {path: it if isinstance(it, (int, float)) else str(it) for path, it in setting.inputs.items()}
        for name, measures in setting.measures.items():
            row = {**inputs, "option": name} | words.figures(unmet_unit_days=measures[MEASURE])
            if name in setting.differences:
                row |= words.figures(difference=setting.differences[name][MEASURE])
            table.append(row)
    return table


def _verdicts(sweep: Sweep) -> Verdicts:
    """By option, at how many settings it leaves significantly less, and significantly more, than the reference."""
    verdicts = {}
    for name in sweep.options:
        differences = [setting.differences[name][MEASURE] for setting in sweep.settings if name in setting.differences]
        sure = [difference.mean for difference in differences if words.significant(difference)]
        if differences:
            verdicts[name] = (sum(mean < 0 for mean in sure), sum(mean > 0 for mean in sure))
    return verdicts


def _sum(sweep: Sweep, name: str) -> float:
    """The option's differences from the reference, added up over all settings."""
    return sum(setting.differences[name][MEASURE].mean for setting in sweep.settings)


def _best(sweep: Sweep, verdicts: Verdicts) -> str:
    """The option that leaves less than the reference at most settings."""
    return min(verdicts, key=lambda name: (-verdicts[name][0], verdicts[name][1], _sum(sweep, name)))


def _looks(sweep: Sweep) -> list[Look]:
    """The option that the finding is about highlighted, if it gains anything."""
    verdicts = {} if sweep.sampled else _verdicts(sweep)
    best = _best(sweep, verdicts) if verdicts else None
    shown = best if best is not None and verdicts[best][0] else None
    return looks_of(sweep.scenario, list(sweep.options), shown)


def finding(sweep: Sweep) -> str:
    if sweep.sampled:
        return _sensitive(sweep)
    verdicts, count = _verdicts(sweep), len(sweep.settings)
    reference = words.quoted(words.label(sweep.scenario, sweep.reference))
    if not verdicts:
        return phrase_n(
            "Unmet need under {reference} at {n:,} setting",
            "Unmet need under {reference} at {n:,} settings",
            count,
            reference=reference,
        )
    best = _best(sweep, verdicts)
    less, more = verdicts[best]
    slots = {"option": words.quoted(words.label(sweep.scenario, best)), "reference": reference, "n": count}
    if not less:
        return phrase(
            "No option leaves significantly less unmet than {reference} at any of the {n:,} settings",
            reference=reference,
            n=count,
        )
    if less == count:
        return phrase("{option} leaves less unmet than {reference} at every one of the {n:,} settings", **slots)
    if more:
        return phrase(
            "{option} leaves less unmet than {reference} at {less:,} of {n:,} settings and more at {more:,}",
            less=less,
            more=more,
            **slots,
        )
    return phrase("{option} leaves less unmet than {reference} at {less:,} of {n:,} settings", less=less, **slots)


def _sensitive(sweep: Sweep) -> str:
    other = next(iter(sweep.compared), sweep.reference)
    total = {path: value for path, value in sweep.sensitivities[other].total.items() if math.isfinite(value)}
    name = words.quoted(words.label(sweep.scenario, other))
    if not total:
        return phrase("No input changes what {option} does", option=name)
    most = max(total, key=lambda path: total[path])
    called = words.quoted(input_name(sweep.scenario, most))
    if other == sweep.reference:
        return phrase("{option}: {input} matters most", option=name, input=called)
    return phrase("What {option} gains depends most on {input}", option=name, input=called)


def alt(sweep: Sweep) -> str:
    each = in_a_row(
        phrase(
            "{option}: better at {less:,}, worse at {more:,} settings",
            option=words.label(sweep.scenario, name),
            less=less,
            more=more,
        )
        for name, (less, more) in _verdicts(sweep).items()
    )
    return phrase(
        "Unmet need as {inputs} varies. {finding}. {options}.",
        inputs=listed([words.quoted(input_name(sweep.scenario, path)) for path in sweep.paths[:2]]),
        finding=finding(sweep),
        options=each or phrase("One option only"),
    )


@house_style
def sweep(sweep: Sweep) -> Chart:
    """Lines for one input, heat maps of the difference for two, indices for a sample."""
    interval, settings = words.interval(sweep.confidence), len(sweep.settings)
    n = N(sweep.replications, settings=settings)
    if sweep.sampled:
        return _indices(sweep, words.caption(sweep, n))
    if len(sweep.inputs) == 1:
        fact = N_WITH_BANDS(sweep.replications, settings=settings, interval=interval)
        return _lines(sweep, words.caption(sweep, fact))
    if len(sweep.inputs) == 2 and len(sweep.options) > 1:
        caption = words.caption(sweep, n, phrase("Hatched: the {interval} holds 0", interval=interval))
        reference = words.quoted(words.label(sweep.scenario, sweep.reference))
        shown = phrase(
            "Difference in unmet need (unit-days) from {reference}: blue is less, brown is more", reference=reference
        )
        chart, area = sheet(finding(sweep), shown, caption, alt=alt(sweep))
        heat_maps(chart, area, sweep, MEASURE)
        return chart
    said = phrase(
        "{finding}: {n} inputs at once have no single picture, see the table",
        finding=finding(sweep),
        n=len(sweep.inputs),
    )
    return statement(said, words.caption(sweep, n))


def _lines(sweep: Sweep, caption: str) -> Chart:
    path, values = sweep.paths[0], [setting.inputs[sweep.paths[0]] for setting in sweep.settings]
    called = input_name(sweep.scenario, path)
    shown = phrase("Unmet need (unit-days) by option, as one input varies: {input}", input=called)
    chart, area = sheet(finding(sweep), shown, caption, alt=alt(sweep))
    area = area.inset(left=0.85, bottom=0.75, right=3.3)
    axes = axes_in(chart, area)
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    x = [float(value) for value in values] if numeric else [float(place) for place in range(len(values))]
    ends = []
    for name, look in zip(sweep.options, _looks(sweep), strict=True):
        y = _line(axes, x, [setting.measures[name][MEASURE] for setting in sweep.settings], look, numeric=numeric)
        ends.append((words.label(sweep.scenario, name), y, look))
    axes.set_ylim(min(0.0, axes.get_ylim()[0]), max(axes.get_ylim()[1], 1.0))
    measure_axis(axes, MEASURE, "y")
    if numeric:
        scaled_axis(axes, "", "", ticks=7)
        if all(isinstance(value, int) for value in values):  # there is no half a helicopter
            axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    else:
        room = area.width / max(1, len(values)) * 0.92
        axes.set_xticks(x, [fitted(str(value), room, 10, lines=2) for value in values])
    axes.set_xlabel(fitted(called, area.width, 11))
    end_labels(chart, area, ends, axes.get_ylim())
    return chart


def _line(axes: Axes, x: list[float], estimates: list[Any], look: Look, *, numeric: bool) -> float:
    """Draws one option's line; gives the height at which it ends."""
    order = sorted(range(len(x)), key=lambda k: x[k])
    xs, sorted_by_x = [x[k] for k in order], [estimates[k] for k in order]
    if numeric:
        band_line(axes, xs, sorted_by_x, look, ms=7, zorder=4)
    else:
        for at, estimate in zip(xs, sorted_by_x, strict=True):
            axes.plot([at, at], [estimate.low, estimate.high], color=look.colour, lw=1.6)
        means = [estimate.mean for estimate in sorted_by_x]
        axes.plot(xs, means, color=look.colour, ls="none", marker=look.marker, ms=7, mec="white", zorder=4)
    last = sorted_by_x[-1].mean
    return last if math.isfinite(last) else 0.0


def _indices(sweep: Sweep, caption: str) -> Chart:
    """Total indices, a row an input and a mark an option."""
    shown = phrase("Share of the variation in the outcome that would be left if all other inputs were known")
    chart, area = sheet(finding(sweep), shown, caption, alt=alt(sweep))
    area = area.inset(bottom=0.55, right=3.3)
    names = row_names([input_name(sweep.scenario, path) for path in sweep.paths], area.height)
    axes = row_axes(chart, area, names)
    axes.set_xlim(0, 1)
    ends = []
    for k, (name, look) in enumerate(zip(sweep.options, _looks(sweep), strict=True)):
        step = (k - (len(sweep.options) - 1) / 2) * 0.6 / max(1, len(sweep.options))
        for row, path in enumerate(sweep.paths):
            value = sweep.sensitivities[name].total[path]
            if math.isfinite(value):
                axes.plot([0, value], [row + step] * 2, color=look.colour, lw=1.2)
                axes.plot(value, row + step, look.marker, color=look.colour, ms=8, mec="white", clip_on=False)
        ends.append((words.label(sweep.scenario, name), area.height * (1 - (k + 0.5) / len(sweep.options)), look))
    scaled_axis(axes, "%", phrase("Share of the variation (total index)"))
    end_labels(chart, area, ends, (0.0, area.height))
    return chart
