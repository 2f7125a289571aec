"""How missions lend each other units, and where the days go when they do.

The public words are `load`, `change`, `run`, `compare` and `tell`; `decide` (what a comparison allows one to say),
`judge` and `regrets`; `run_until_precise` and `select`, which stop by themselves; `size`, `sweep`, `doubts` and
`hindcast`; and `read`, `export` and `merge`. `sim.charts` draws what they give; `brief` makes slides, a report or an
animation of it.

One road: **file → scenario → chance → log → measures → comparison → answer → chart → briefing.** Nothing reaches back,
and the road is the directory: read this list downwards and you have read the program.

    errors.py      the family of errors; extras.py: what to install for what
    words/         how a number, a name, a date, a list is said, in which language: the only place  (babel)
    statistics/    estimates by sets, intervals, races, looks, sensitivity, worth of finding out;
                   knows no scenario                                                            (numpy, scipy)
    scenario/      nouns/ (what a scenario is), files/ (YAML, layers, patches, positions),
                   problems/ (every one at once), docs/ (schema, reference, starter)            (yaml, pydantic)
    agreements/    legal terms of a loan; places, routes, journeys
    chance/        streams (a generator for a named thing), even sets, the trace, what crises require, draws of
                   loans, repairs, worlds (doubts)
    policies/      one file, one rule: a pure function of what may be known → offers
    operations/    one replication: clock, stocks, desk, gates, movements, lifts, repairs, loans, teams, log (simpy)
    measures/      the catalogue, and log → numbers
    results/       the results folder: schema, writer, reader, manifest, merge
    running/       options × sets in processes or on Dask; one runner for all who need them     (loky, dask)
    comparison/    paired differences, what may be said of them, the answer to the question
    questions/     sizing/ sweep/ doubts/ story/ regret/ stopping/ hindcast/ decision/:
                   one folder a question
    charts/        one file, one chart: coverage(comparison) -> Figure, …; house/: the style    (only matplotlib)
    briefing/      the story; slides/, report, animation/, the STRESS checklist                    (pptx, jinja2, typst)
    whatif/        the page: grid, controls, payload, browser/ (JavaScript); one removable room
    exporting/     results → tables, a workbook, GeoJSON, a description for a deposit           (xlsxwriter)
    importing/     other people's tables → a library that scenarios extend; only commands ask it (python-calamine)
    commands/      one file, one command; shared/: terminal, tables, filing. cli.py finds them  (click, rich)

Imports go only down, inside rooms too (`tests/test_house.py`).
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:  # the public words, each from where it lives: the one list of them
    from sim import charts as charts
    from sim.briefing.pack import brief as brief
    from sim.comparison.answer import answer as answer
    from sim.comparison.comparison import compare as compare
    from sim.comparison.verdict import judge as judge
    from sim.exporting.export import export as export
    from sim.questions.decision.decision import decide as decide
    from sim.questions.doubts.doubts import doubts as doubts
    from sim.questions.hindcast.hindcast import hindcast as hindcast
    from sim.questions.regret.regret import regrets as regrets
    from sim.questions.sizing.sizing import size as size
    from sim.questions.stopping.sequential import run_until_precise as run_until_precise
    from sim.questions.stopping.sequential import select as select
    from sim.questions.story.story import tell as tell
    from sim.questions.sweep.sweep import sweep as sweep
    from sim.results.merge import merge as merge
    from sim.results.reader import read as read
    from sim.running.experiment import run as run
    from sim.scenario.load import from_mapping as from_mapping
    from sim.scenario.load import load as load
    from sim.scenario.loaded import change as change


def _homes() -> dict[str, str]:
    """Where each public word lives, as the imports above say."""
    code = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    imports = (each for each in ast.walk(code) if isinstance(each, ast.ImportFrom))
    return {name.name: str(each.module) for each in imports for name in each.names if name.asname == name.name}


if not TYPE_CHECKING:
    # The imports above are for type checkers and editors. Running them would take half a second, so each word is
    # imported when it is first used. A type checker that saw __getattr__ would take any name for a public word.
    _HOMES = _homes()
    __all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604  # every one is text

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module 'sim' has no attribute {name!r}")
        if name == "charts":
            return importlib.import_module("sim.charts")
        return getattr(importlib.import_module(_HOMES[name]), name)

    def __dir__() -> list[str]:
        return sorted(__all__)
