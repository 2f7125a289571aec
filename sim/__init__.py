"""How missions lend each other units, and where the days go when they do.

The public words are `load`, `run`, `compare` and `tell`; `decide` (what a comparison allows one to say), `judge` and
`regrets`; `run_until_precise` and `select`, which stop by themselves; `size`, `sweep` and `hindcast`; and `read`,
`export` and `merge`. `sim.charts` draws what they give; `brief` makes slides, a report or an animation of it.

One road: **file → scenario → trace → log → measures → comparison → chart → briefing.** Nothing reaches back.

    roof     cli.py        finds a command in its drawer, commands/: one file, one thin command;
                           terminal.py: tables, progress; filing.py: charts into folders   (click, rich)
    floor 6  briefing/     comparison and charts → html, pptx, pdf; page/: the what-if
                           page, from study/grid                              (jinja2, pptx, typst)
    floor 5  charts/       one file, one chart: draw(comparison or story, …) -> Figure     (only matplotlib)
    floor 4  study/        experiment (options × replications), batches (what a worker
                           does), crew and cluster (who works), store, tables, manifest and
                           disk (the results folder), results (reads it), measures
                           (log → numbers), statistics, comparison, verdict, deciding,
                           sizing, sweep, racing, story                              (numpy, scipy, loky, dask)
    floor 3  operations/   one replication: stocks, desk, loan, replication, log           (only simpy)
    floor 2  policies/     one file, one rule: a pure function of what may be known → offers
    floor 1  chance/       trace: what chance decides before anything runs; streams: a generator
                           for a named thing; loan_draws: all later draws                  (only numpy)
             agreements/   the legal terms of a loan; places, routes, journeys
    floor 0  scenario/     the nouns, distributions, reading (YAML → Scenario or every
                           problem), patch, schema; errors.py              (only yaml, pydantic; numpy and
                           scipy for the distributions' quantiles)

Imports go only down.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sim import charts as charts
    from sim.briefing.pack import brief as brief
    from sim.scenario.reading import from_mapping as from_mapping
    from sim.scenario.reading import load as load
    from sim.study.comparison import compare as compare
    from sim.study.deciding import decide as decide
    from sim.study.experiment import run as run
    from sim.study.export import export as export
    from sim.study.hindcast import hindcast as hindcast
    from sim.study.merging import merge as merge
    from sim.study.regret import regrets as regrets
    from sim.study.results import read as read
    from sim.study.sequential import run_until_precise as run_until_precise
    from sim.study.sequential import select as select
    from sim.study.sizing import size as size
    from sim.study.story import tell as tell
    from sim.study.sweep import sweep as sweep
    from sim.study.verdict import judge as judge

_HOMES = {
    "load": "sim.scenario.reading",
    "from_mapping": "sim.scenario.reading",
    "run": "sim.study.experiment",
    "read": "sim.study.results",
    "compare": "sim.study.comparison",
    "decide": "sim.study.deciding",
    "judge": "sim.study.verdict",
    "regrets": "sim.study.regret",
    "run_until_precise": "sim.study.sequential",
    "select": "sim.study.sequential",
    "tell": "sim.study.story",
    "brief": "sim.briefing.pack",
    "export": "sim.study.export",
    "merge": "sim.study.merging",
    "hindcast": "sim.study.hindcast",
    "size": "sim.study.sizing",
    "sweep": "sim.study.sweep",
}
"""Where each public word lives; it is imported when it is first used, so that `import sim` stays quick."""

__all__ = [
    "__version__",
    "brief",
    "charts",
    "compare",
    "decide",
    "export",
    "from_mapping",
    "hindcast",
    "judge",
    "load",
    "merge",
    "read",
    "regrets",
    "run",
    "run_until_precise",
    "select",
    "size",
    "sweep",
    "tell",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name == "charts":
        return importlib.import_module("sim.charts")
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
