"""Number axes with compact units: thousands, millions and billions go into the axis label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matplotlib.ticker import FuncFormatter, MaxNLocator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = ((1e12, 1e12, "trillion "), (1e9, 1e9, "billion "), (1e6, 1e6, "million "), (2e4, 1e3, "thousand "))
"""(from this value on, in units of, called)."""


def _tick(value: float, scale: float, percent: bool) -> str:
    text = f"{value / scale * (100 if percent else 1):,.10g}"
    return text.replace("-", "−") + ("\u00a0%" if percent else "")


def scaled_axis(axes: Axes, unit: str, what: str, *, which: Literal["x", "y"] = "x", ticks: int = 5) -> None:
    """Formats an axis for `unit` (%, $ or a word), with few ticks, a light grid and the label "what (unit)"."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    most = max(abs(float(end)) for end in (axes.get_xlim() if which == "x" else axes.get_ylim()))
    scale, name = next(((factor, word) for least, factor, word in STEPS if most >= least), (1.0, ""))
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    if unit == "%":
        scale, name = 1.0, ""
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, scale, unit == "%")))
    axes.grid(visible=True, axis=which)
    if unit in ("%", "") or (not name and unit in what.lower().split()):
        label = what
    else:
        label = f"{what} ({name}{unit})" if what else f"{name}{unit}"
    axis.set_label_text(label[:1].upper() + label[1:])
