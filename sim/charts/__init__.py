"""The drawer of charts: one file, one chart. `sim.charts.coverage(comparison)` gives a matplotlib Figure.

Every file of this folder is a chart (what they share is in `house/`) and has the same functions, `coverage.py` these:

    coverage(source, …) -> Figure   draws it: the function named as the file; never shows, never saves
    rows(source, …) -> list[dict]   the numbers behind every mark, as written beside it in CSV
    alt(source, …) -> str           the chart in words, for those who cannot see it
    finding(source, …) -> str       its title: what the numbers say, and no more than their intervals allow

and, where a comparison gives more than one picture, `variants(comparison)`: the name's ending → what to ask for.
`sim.charts.coverage` is the function; the others are imported from the file: `from sim.charts.coverage import rows`.
matplotlib is imported with the first chart, not before.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sim.charts.house.drawer import WITH_EVERY_RUN as WITH_EVERY_RUN
from sim.charts.house.drawer import names as names
from sim.charts.house.saving import save as save
from sim.charts.house.saving import save_all as save_all
from sim.charts.house.saving import save_chart as save_chart
from sim.words.suggestions import unknown as _unknown

if TYPE_CHECKING:  # the charts' types; a chart is found and drawn without its line here
    from sim.charts.along import along as along
    from sim.charts.answer import answer as answer
    from sim.charts.causes import causes as causes
    from sim.charts.coverage import coverage as coverage
    from sim.charts.differences import differences as differences
    from sim.charts.doubts import doubts as doubts
    from sim.charts.frontier import frontier as frontier
    from sim.charts.gantt import gantt as gantt
    from sim.charts.hindcast import hindcast as hindcast
    from sim.charts.lending import lending as lending
    from sim.charts.map import map as map  # noqa: A004
    from sim.charts.race import race as race
    from sim.charts.regret import regret as regret
    from sim.charts.response import response as response
    from sim.charts.risk import risk as risk
    from sim.charts.situation import situation as situation
    from sim.charts.sizing import sizing as sizing
    from sim.charts.sweep import sweep as sweep
    from sim.charts.timeline import timeline as timeline
    from sim.charts.waterfall import waterfall as waterfall
    from sim.charts.why import why as why


class _Drawer(ModuleType):
    """This package. Python sets an imported file on its package: here its function is set, which has the same name."""

    def __setattr__(self, name: str, value: Any) -> None:
        is_chart = isinstance(value, ModuleType) and name in names()
        super().__setattr__(name, getattr(value, name) if is_chart else value)


sys.modules[__name__].__class__ = _Drawer

if not TYPE_CHECKING:  # a type checker would take any name for a chart

    def __getattr__(name: str) -> Any:
        if name in names():
            return getattr(importlib.import_module(f"{__name__}.{name}"), name)
        raise AttributeError(f"module {__name__!r} has {_unknown('attribute', name, names(), most=len(names()))}")

    def __dir__() -> list[str]:
        return sorted([*names(), "names", "save", "save_all", "save_chart"])
