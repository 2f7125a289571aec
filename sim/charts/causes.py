"""Where the days went: unmet need stacked by cause, a bar an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.charts.house import words
from sim.charts.house.scale import scaled_axis
from sim.charts.house.sheet import Sign, axes_in, key, row_names, rows_axis, sheet, statement, text_width
from sim.charts.house.style import CAUSES, PAPER, Chart, housed
from sim.words import numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.comparison.comparison import Comparison, Estimate

SAID = {
    "in transit": "the journey",
    "lift": "waiting for a lift",
    "preparing": "preparing to leave",
    "council": "the Council's vote",
    "contributor": "the contributor's consent",
    "host": "the host's agreement",
    "refused": "a refusal",
    "kept": "reserves held back",
    "ceiling": "the agreement's ceiling",
    "not permitted": "loans not permitted",
    "nobody had any": "nobody having spare units",
}
"""Causes as the title, the key and the alternative text call them."""


def rows(comparison: Comparison) -> list[words.Row]:
    """One row per option and cause that occurs: unit-days of unmet need with their interval, and the share."""
    done = []
    for name, option in comparison.options.items():
        whole = option.measures["unmet_unit_days"].mean
        for cause in _occurring(comparison):
            part = option.unmet_by_cause[cause]
            done.append(
                {"option": name, "label": words.label(comparison.scenario, name), "cause": cause}
                | words.figures(unmet_unit_days=part)
                | {"share": part.mean / whole if whole > 0 else None}
            )
    return done


def _occurring(comparison: Comparison) -> list[str]:
    """The causes that any option has, in the order in which they are assigned."""
    options = comparison.options.values()
    return [cause for cause in CAUSES if any(option.unmet_by_cause[cause].mean > 0 for option in options)]


def _main_cause(parts: dict[str, Estimate]) -> tuple[str, float] | None:
    """The largest cause and its share, where its interval lies above that of every other cause; else None."""
    whole = sum(part.mean for part in parts.values())
    if not whole > 0:
        return None
    first, *others = sorted(parts, key=lambda cause: -parts[cause].mean)
    if all(parts[first].low > parts[other].high or not parts[other].mean for other in others):
        return first, parts[first].mean / whole
    return None


def finding(comparison: Comparison) -> str:
    """What the chart says, in a sentence."""
    if not _occurring(comparison):
        return "No option left any need unmet"
    name = words.leader(comparison, "unmet_unit_days") or comparison.reference
    option = comparison.options[name]
    main = _main_cause(dict(option.unmet_by_cause))
    if not option.measures["unmet_unit_days"].mean:
        return f"Under {words.quoted(option.label)} no need was left unmet"
    if main is None:
        return f"Under {words.quoted(option.label)} no single cause clearly leads in the unmet need"
    return (
        f"Under {words.quoted(option.label)} {words.percent(main[1])} of what is still unmet is due to {SAID[main[0]]}"
    )


def alt(comparison: Comparison) -> str:
    """The chart in words."""
    said = []
    for option in comparison.options.values():
        parts = sorted(option.unmet_by_cause.items(), key=lambda item: -item[1].mean)
        most = ", ".join(f"{SAID[cause]} {numbers.number(part.mean)}" for cause, part in parts[:3] if part.mean > 0)
        said.append(f"{option.label}: {most or 'none'}")
    return f"Stacked bars of unmet need by cause, in unit-days. {finding(comparison)}. {'; '.join(said)}."


@housed
def draw(comparison: Comparison) -> Chart:
    """A stacked bar per option; units on their way in colour, units that were never coming in grey."""
    shown = "Unit-days of unmet need by what kept the unit away; grey: none was coming"
    n = comparison.replications
    caption = words.caption(comparison, f"Means of n = {n:,} replications" if n > 1 else "n = 1 replication",
        f"The {words.interval(comparison.confidence)} of every part is in the CSV" if n > 1 else "",
    )  # fmt: skip
    causes = _occurring(comparison)
    if not causes:
        return statement(finding(comparison), caption, shown=shown)
    chart, area = sheet(finding(comparison), shown, caption, alt=alt(comparison))
    signs = [Sign(SAID[cause], CAUSES[cause].colour, CAUSES[cause].hatch, pen=CAUSES[cause].stroke) for cause in causes]
    area = key(chart, signs, area).inset(bottom=0.55)
    names = row_names([option.label for option in comparison.options.values()], area.height)
    axes = axes_in(chart, area.inset(left=names.inches, right=0.95))
    rows_axis(axes, names, len(comparison.options))
    most = max(option.measures["unmet_unit_days"].mean for option in comparison.options.values())
    axes.set_xlim(0, most * 1.01)
    inches = area.width - names.inches - 0.95
    for row, option in enumerate(comparison.options.values()):
        parts = {cause: option.unmet_by_cause[cause].mean for cause in causes}
        _stack(axes, row, parts, inches / (most * 1.01), names.size)
        whole = numbers.number(option.measures["unmet_unit_days"].mean)
        axes.annotate(whole, (sum(parts.values()), row), xytext=(6, 0), textcoords="offset points", va="center",
                      fontsize=names.size, fontweight="bold")  # fmt: skip
    scaled_axis(axes, "unit-days", "Unmet need")
    return chart


def _stack(axes: Axes, row: int, parts: dict[str, float], inches_per_day: float, size: float) -> None:
    """One bar; a part carries its share where there is room for it."""
    whole, left = sum(parts.values()), 0.0
    for cause, part in parts.items():
        hue = CAUSES[cause]
        axes.barh(row, part, 0.62, left, facecolor=hue.colour, hatch=hue.hatch, edgecolor=hue.stroke, lw=0)
        axes.barh(row, part, 0.62, left, fill=False, edgecolor=PAPER, lw=0.8)
        said = words.percent(part / whole) if part > 0 else ""
        if said and text_width(said, size - 1) + 0.12 < part * inches_per_day:
            box = {"facecolor": hue.colour, "edgecolor": "none", "pad": 1.5} if hue.hatch else None
            axes.text(
                left + part / 2,
                row,
                said,
                ha="center",
                va="center",
                fontsize=max(9.0, size - 1),
                color=hue.pen,
                bbox=box,
            )
        left += part
