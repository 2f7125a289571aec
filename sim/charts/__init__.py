"""The drawer of charts: one file, one chart. `sim.charts.coverage(comparison)` gives a matplotlib Figure.

Every file of this folder is a chart (what they share is in `house/`) and has the same words:

    draw(source, …) -> Figure       never shows, never saves
    rows(source, …) -> list[dict]   the numbers behind every mark, as written beside it in CSV
    alt(source, …) -> str           the chart in words, for those who cannot see it
    finding(source, …) -> str       its title: what the numbers say, and no more than their intervals allow

and, where a comparison gives more than one picture, `variants(comparison)`: the name's ending → what to ask for.
A chart's module can be called, which draws it: `sim.charts.coverage(…)` is `sim.charts.coverage.draw(…)`.
matplotlib is imported with the first chart, not before.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.charts.house.style import Chart
    from sim.comparison.comparison import Comparison

WITH_EVERY_RUN = ("coverage", "differences", "causes", "timeline", "gantt")
"""What `run` draws."""


SAVING = ("save", "save_all", "save_chart")


class Drawing(ModuleType):
    """A chart's module; calling it draws."""

    def __call__(self, *args: Any, **kwargs: Any) -> Chart:
        """What its `draw` gives."""
        drawn: Chart = self.draw(*args, **kwargs)
        return drawn


class _Drawer(ModuleType):
    """This package: whatever way a chart is imported, it can be called."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and hasattr(value, "draw"):
            value.__class__ = Drawing
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Drawer


def names() -> tuple[str, ...]:
    """Every chart in the drawer, in alphabetical order."""
    return tuple(sorted(file.stem for file in Path(__file__).parent.glob("*.py") if not file.stem.startswith("_")))


def __getattr__(name: str) -> Any:
    if name in names():
        return importlib.import_module(f"{__name__}.{name}")
    if name in SAVING:
        return getattr(importlib.import_module(f"{__name__}.house.saving"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; there are {', '.join(names())}")


def __dir__() -> list[str]:
    return sorted([*names(), "names", *SAVING])


if TYPE_CHECKING:

    def save(figure: Any, path: str | Path, formats: Iterable[str] = ("png", "svg")) -> list[Path]:
        """See `house.saving`."""

    def save_chart(name: str, source: Any, path: str | Path, **chosen: Any) -> list[Path]:
        """See `house.saving`."""

    def save_all(
        comparison: Comparison, folder: str | Path, only: Iterable[str] | None = None, *, option: str | None = None
    ) -> list[Path]:
        """See `house.saving`."""
