"""The drawer of charts: which there are, found by the files of `sim/charts`, and what each of them has."""

from __future__ import annotations

import functools
import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import UsageError
from sim.words.suggestions import unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.charts.house.style import Chart
    from sim.charts.house.words import Row
    from sim.comparison.comparison import Comparison

DRAWER = Path(__file__).parents[1]
WITH_EVERY_RUN = ("answer", "coverage", "differences", "causes", "timeline", "gantt")
"""What `run` draws."""


class Drawable(NamedTuple):
    """The functions of one chart's file."""

    draw: Callable[..., Chart]
    """The function that the file is named after."""
    rows: Callable[..., list[Row]]
    alt: Callable[..., str]
    finding: Callable[..., str]
    variants: Callable[[Comparison], dict[str, dict[str, Any]]]
    """The pictures that a comparison gives: the name's ending → what to ask for."""

    @property
    def asks(self) -> frozenset[str]:
        """The names of what it can be asked for besides what it draws."""
        return frozenset(list(inspect.signature(self.draw).parameters)[1:])

    @property
    def of_a_comparison(self) -> bool:
        """Whether it can be drawn of a comparison (others are of a sizing, a sweep, a race or a hindcast)."""
        first = next(iter(inspect.signature(self.draw).parameters.values()))
        return "Comparison" in str(first.annotation)


def names() -> tuple[str, ...]:
    """Every chart in the drawer, in alphabetical order."""
    return tuple(sorted(file.stem for file in DRAWER.glob("*.py") if not file.stem.startswith("_")))


@functools.cache
def chart_of(name: str) -> Drawable:
    """The functions of a chart. UsageError where there is none of that name."""
    if name not in names():
        raise UsageError(unknown("chart", name, names(), most=len(names())))
    file = importlib.import_module(f"sim.charts.{name}")
    return Drawable(getattr(file, name), file.rows, file.alt, file.finding, getattr(file, "variants", _one_picture))


def _one_picture(_: Comparison) -> dict[str, dict[str, Any]]:
    return {"": {}}


def of_a_comparison(only: Iterable[str] | None = None) -> Sequence[str]:
    """The charts that `only` names: of a comparison (default: those of every run; "all": all that one gives).

    UsageError for one that is not there, or not of a comparison.
    """
    if only is None:
        return WITH_EVERY_RUN
    wanted = [only] if isinstance(only, str) else list(dict.fromkeys(only))
    if wanted == ["all"]:
        return [name for name in names() if chart_of(name).of_a_comparison]
    for name in wanted:
        if name not in WITH_EVERY_RUN and not chart_of(name).of_a_comparison:
            raise UsageError(f"the chart {name!r} is not of a comparison: it comes with `intermission {name}`")
    return wanted
