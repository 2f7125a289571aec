"""How missions lend each other units, and where the days go when they do.

The public words are `load`, `run`, `compare` and `tell`; `decide` (what a comparison allows one to say), `judge` and
`regrets`; `run_until_precise` and `select`, which stop by themselves; `size`, `sweep` and `hindcast`; and `read`,
`export` and `merge`. `sim.charts` draws what they give; `brief` makes slides, a report or an animation of it.

One road: **file → scenario → chance → log → measures → comparison → answer → chart → briefing.** Nothing reaches back,
and the road is the directory: read this list downwards and you have read the program.

    errors.py      the family of errors; extras.py: what to install for what
    words/         how a number, a name, a date, a list is said: the only place
    statistics/    estimates, selection, stopping, designs, sensitivity; knows no scenario      (numpy, scipy)
    scenario/      nouns/ (what a scenario is), files/ (YAML, layers, patches, positions),
                   problems/ (every one at once), docs/ (schema, reference, starter)            (yaml, pydantic)
    agreements/    legal terms of a loan; places, routes, journeys
    chance/        streams (a generator for a named thing), the trace, draws of loans
    policies/      one file, one rule: a pure function of what may be known → offers
    operations/    one replication: clock, stocks, desk, gates, movements, loans, crises, log   (only simpy)
    measures/      log → numbers
    results/       the results folder: schema, writer, reader, manifest, merge, export
    running/       options × replications in processes or on Dask                               (loky, dask)
    comparison/    paired differences, what may be said of them
    questions/     sizing/ sweep/ story/ regret/ stopping/ hindcast: one folder a question
    charts/        one file, one chart: draw(comparison or story, …) -> Figure; house/: style   (only matplotlib)
    briefing/      slides/, report (html, pdf), animation/                                      (pptx, jinja2, typst)
    whatif/        the page: grid, controls, payload, browser/ (JavaScript)
    importing/     other people's tables → a library that scenarios extend; only commands ask it (python-calamine)
    commands/      one file, one command; shared/: terminal, tables, filing. cli.py finds them  (click, rich)

Imports go only down, inside rooms too (`tests/test_house.py`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sim import charts as charts
    from sim.briefing.pack import brief as brief
    from sim.comparison.comparison import compare as compare
    from sim.comparison.verdict import judge as judge
    from sim.questions.decision.decision import decide as decide
    from sim.questions.hindcast.hindcast import hindcast as hindcast
    from sim.questions.regret.regret import regrets as regrets
    from sim.questions.sizing.sizing import size as size
    from sim.questions.stopping.sequential import run_until_precise as run_until_precise
    from sim.questions.stopping.sequential import select as select
    from sim.questions.story.story import tell as tell
    from sim.questions.sweep.sweep import sweep as sweep
    from sim.results.export import export as export
    from sim.results.merge import merge as merge
    from sim.results.reader import read as read
    from sim.running.experiment import run as run
    from sim.scenario.load import from_mapping as from_mapping
    from sim.scenario.load import load as load

_HOMES = {
    "load": "sim.scenario.load",
    "from_mapping": "sim.scenario.load",
    "run": "sim.running.experiment",
    "read": "sim.results.reader",
    "compare": "sim.comparison.comparison",
    "decide": "sim.questions.decision.decision",
    "judge": "sim.comparison.verdict",
    "regrets": "sim.questions.regret.regret",
    "run_until_precise": "sim.questions.stopping.sequential",
    "select": "sim.questions.stopping.sequential",
    "tell": "sim.questions.story.story",
    "brief": "sim.briefing.pack",
    "export": "sim.results.export",
    "merge": "sim.results.merge",
    "hindcast": "sim.questions.hindcast.hindcast",
    "size": "sim.questions.sizing.sizing",
    "sweep": "sim.questions.sweep.sweep",
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
