"""What the page carries: the grid's numbers, the names that go with them, the colours of the house, and the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance.sets import SIZE
from sim.charts.gantt import ENDED
from sim.charts.house.input_names import input_name
from sim.charts.house.loan_steps import STEP_NAMES, life, waits
from sim.charts.house.style import CAUSES, STEPS, nth_look
from sim.charts.house.words import assumed, label
from sim.measures.causes import CAUSE_NAMES
from sim.operations.log import LoanRecord
from sim.scenario.nouns.milliseconds import DAY, milliseconds
from sim.scenario.nouns.scenario import UNNAMED
from sim.statistics.by_sets import Sets
from sim.statistics.discordance import LEAST_EFFECTIVE, least_discordant
from sim.statistics.intervals import student
from sim.whatif.ground import ground
from sim.whatif.opening import answer_as_json
from sim.whatif.packing import UniqueList, pack, scale_of
from sim.whatif.summary import LEVELLED, SAMPLED, Summary, days_shown
from sim.words.language import Phrase
from sim.words.plain import explained

if TYPE_CHECKING:
    from sim.questions.decision.decision import Decision
    from sim.scenario.loaded import LoadedScenario
    from sim.whatif.grid import Grid

MOST_PANELS = 6
"""Missions × resources whose timelines are shown."""
MOST_LOTS = 24
"""Lots of a replication's Gantt chart; of more, those with most unit-days."""
ENDINGS = {"released": Phrase("no longer needed"), "refused": Phrase("refused"), **ENDED}
"""How a lot's life ended, as the page says it."""
UNIT = 0.01
"""Units that a step of a timeline stands for."""
Cell = tuple[str, str]


def payload(grid: Grid, opening: Decision | None = None) -> dict[str, Any]:
    """Plain maps, lists, text and numbers, from which the page draws everything; it opens with what is answered."""
    scenario = grid.scenario
    writer = _Writer(grid)
    runs = {key: writer.run(key) for key in grid.worlds}
    order = {key: index for index, key in enumerate(runs)}
    sets = writer.sets.count
    reference = scenario.reference if scenario.reference in grid.options else grid.options[0]
    start = int(np.ravel_multi_index(grid.start, [len(control.values) for control in grid.controls]))
    others = max(1, len(grid.options) - 1)
    return {
        "scenario": _scenario(scenario),
        "asked": None if opening is None else answer_as_json(opening),
        "seed": str(grid.seed),
        "replications": len(writer.finished),
        "confidence": grid.confidence,
        "sets": sets,
        "one": _told_by(grid.confidence, sets),
        "all": _told_by(1 - (1 - grid.confidence) / others, sets),
        "least_effective": LEAST_EFFECTIVE,
        "options": [_option(grid, name, opening) for name in grid.options],
        "reference": grid.options.index(reference),
        "featured": grid.options.index(_featured(grid, start)),
        "inputs": [_input(grid, runs, index) for index in range(len(grid.controls))],
        "start": list(grid.start),
        "settings": [[order[key] for key in grid.keys[name]] for name in grid.options],
        "stories": list(grid.stories),
        "columns": [{"name": name, "scale": writer.scales[name]} for name in SAMPLED],
        "cells": [
            [writer.missions.index(mission), writer.resources.index(resource)] for mission, resource in writer.cells
        ],
        "grid_days": [round(float(day), 3) for day in days_shown(scenario.days)],
        "unit": UNIT,
        "runs": list(runs.values()),
        **writer.pools(),
        **writer.names(),
        "colours": {"causes": _hues(CAUSES, CAUSE_NAMES), "steps": _hues(STEPS, STEP_NAMES)},
        "plain": _plain_causes(runs),
        "ground": ground(scenario),
    }


def _scenario(scenario: LoadedScenario) -> dict[str, Any]:
    return {
        "name": " ".join(scenario.name.split()),
        "about": scenario.about or "",
        "from": scenario.period.from_.isoformat(),
        "days": scenario.days,
        "assumed": assumed(scenario),
    }


def _told_by(confidence: float, sets: int) -> dict[str, float]:
    """What an interval of this confidence takes: Student's t, and the sets that must differ."""
    return {"t": student(sets - 1, confidence), "least": least_discordant(confidence)}


def _featured(grid: Grid, index: int) -> str:
    """The option whose details are shown first: what really happened, else the one that leaves least unmet."""
    unmet = {name: grid.summaries[grid.keys[name][index]].samples["unmet_unit_days"] for name in grid.options}
    least = min(grid.options, key=lambda name: float(np.nanmean(np.array(unmet[name], dtype=np.float64))))
    return next((name for name in grid.options if grid.scenario.options[name].record), least)


def _option(grid: Grid, name: str, opening: Decision | None) -> dict[str, Any]:
    comparison = opening.comparison if opening else None
    drawn = nth_look(list(grid.scenario.options).index(name))
    return {
        "label": label(grid.scenario, name),
        "about": grid.scenario.options[name].about or "",
        "colour": drawn.colour,
        "marker": drawn.marker,
        "counted": comparison is None or name not in comparison.not_counted,
        "apart": comparison is not None and name not in comparison.beside(comparison.reference),
    }


def _input(grid: Grid, runs: Mapping[str, dict[str, Any]], index: int) -> dict[str, Any]:
    control = grid.controls[index]
    return {
        "label": input_name(grid.scenario, control.path) if control.label == control.path else control.label,
        "about": control.about,
        "path": control.path,
        "names": list(control.names),
        "scale": control.is_scale,
        "own": control.own,
        "says_own": control.says_own,
        "idle": [number for number, name in enumerate(grid.options) if _idle(grid, runs, name, index)],
    }


def _idle(grid: Grid, runs: Mapping[str, dict[str, Any]], option: str, index: int) -> bool:
    """Whether nothing that is measured of the option ever depends on this control."""
    shape = [len(control.values) for control in grid.controls]
    outcomes = UniqueList[tuple[int, ...]]().indices(tuple(runs[key]["samples"]) for key in grid.keys[option])
    along = np.moveaxis(np.array(outcomes).reshape(shape), index, 0)
    return bool((along == along[0]).all())


def _hues(colours: Mapping[str, str], said: Mapping[str, Phrase]) -> list[dict[str, str]]:
    return [{"name": name, "said": said[name](), "colour": colour} for name, colour in colours.items()]


def _plain_causes(runs: Mapping[str, dict[str, Any]]) -> str:
    """The causes that ever occur and are words of the trade, in plain words."""
    seen = [name for place, name in enumerate(CAUSES) if any(run["causes"][place] > 0 for run in runs.values())]
    return explained("", *(CAUSE_NAMES[name]() for name in seen))


class _Writer:
    """Turns summaries into rows of indices into lists of names, arrays, lots and crises."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.missions, self.resources, self.contributors = (UniqueList[str]() for _ in range(3))
        self.crises, self.endings, self.arrays = (UniqueList[str]() for _ in range(3))
        self.lots, self.occurrences = (UniqueList[tuple[int, ...]]() for _ in range(2))
        self.missions.indices(grid.scenario.missions)
        summaries = list(grid.summaries.values())
        self.finished = [number for number in range(grid.replications) if _all_finished(summaries, number)]
        self.sets = Sets.of(number // SIZE for number in self.finished)
        self.scales = {name: scale_of(self._sample(each, name) for each in summaries) for name in SAMPLED}
        self.cells = _worth_showing(grid.scenario, summaries)

    def run(self, key: str) -> dict[str, Any]:
        """One option at one setting."""
        found = self.grid.summaries[key]
        fans = {(mission, resource): fan for mission, resource, fan in found.timelines}
        return {
            "samples": [self.arrays.index(pack(self._sample(found, name), self.scales[name])) for name in SAMPLED],
            "causes": [_short(each) for each in found.causes],
            "lent": [
                [self.missions.index(one), self.missions.index(other), self.resources.index(resource), _short(days)]
                for one, other, resource, days in found.lent
            ],
            "timelines": [self._timeline(fans.get(cell)) for cell in self.cells],
            "stories": [
                [self._crises(crises), self._loans(self.grid.worlds[key], loans), _waits(loans)]
                for crises, loans in found.stories
            ],
        }

    def pools(self) -> dict[str, Any]:
        """What the runs share: samples, lots and crises, each once."""
        return {"arrays": self.arrays.items(), "lots": self.lots.items(), "occurrences": self.occurrences.items()}

    def names(self) -> dict[str, Any]:
        """The pools of names, said as people say them."""
        scenario = self.grid.scenario
        return {
            "missions": [label(scenario, name) for name in self.missions.items()],
            "resources": [_resource(scenario, name) for name in self.resources.items()],
            "contributors": ["" if name == UNNAMED else label(scenario, name) for name in self.contributors.items()],
            "crises": self.crises.items(),
            "endings": [{"name": name, "said": ENDINGS[name]()} for name in self.endings.items()],
        }

    def _sample(self, found: Summary, column: str) -> list[float]:
        """One value a set of the replications that every option finished at every setting."""
        values = found.samples[column]
        kept = [value for number in self.finished if (value := values[number]) is not None]
        means: list[float] = self.sets.means(kept).tolist()
        return means

    def _timeline(self, fan: dict[str, list[list[float]]] | None) -> list[int] | None:
        """Places of rows: each of LEVELLED as mean, tenth and nine tenths."""
        if fan is None:
            return None
        return self.arrays.indices(pack(row, UNIT) for what in LEVELLED for row in fan[what])

    def _crises(self, crises: list[list[Any]]) -> list[int]:
        found = []
        for name, mission, onset, end, happened in crises:
            if happened:
                ends = _tenths(self.grid.scenario.days if end is None else end)
                found.append((self.crises.index(name), self.missions.index(mission), _tenths(onset), ends))
        return self.occurrences.indices(found)

    def _loans(self, world: LoadedScenario, loans: list[list[Any]]) -> list[int]:
        """Lots by day of request: whose, what, how many, why it ended, the window, then step, first and last day."""
        lots = []
        for loan in map(LoanRecord._make, loans):
            spans = [(list(STEPS).index(step), first, last) for step, first, last in life(loan, world.days)]
            weight = loan.units * sum(last - first for step, first, last in spans)
            ended = -1 if loan.why_ended is None else self.endings.index(loan.why_ended)
            window = -1 if loan.window_day is None else _tenths(loan.window_day)
            lot = (
                *(self.missions.index(loan.lender), self.missions.index(loan.borrower)),
                *(self.resources.index(loan.resource), self.contributors.index(loan.contributor)),
                *(loan.units, ended, window, _tenths(loan.requested_day)),
                *(number for step, first, last in spans for number in (step, _tenths(first), _tenths(last))),
            )
            lots.append((weight, lot))
        lots.sort(key=lambda each: -each[0])
        return self.lots.indices(lot for _, lot in sorted(lots[:MOST_LOTS], key=lambda each: each[1][7]))


def _waits(loans: list[list[Any]]) -> list[float]:
    """Lots requested, units that arrived, and their mean days from request to arrival, and of these for consent."""
    units, whole, paper = waits(map(LoanRecord._make, loans))
    return [len(loans), units, _short(whole / max(1, units)), _short(paper / max(1, units))]


def _all_finished(summaries: list[Summary], replication: int) -> bool:
    return all(each.samples[SAMPLED[0]][replication] is not None for each in summaries)


def _worth_showing(scenario: LoadedScenario, summaries: list[Summary]) -> list[Cell]:
    """The cells with the most shortage and loans at any setting, in the order of missions and resources."""
    weights: dict[Cell, float] = {}
    for each in summaries:
        for mission, resource, fan in each.timelines:
            weight = sum(fan["borrowed"][0]) + sum(fan["shortfall"][0])
            weights[mission, resource] = max(weight, weights.get((mission, resource), 0.0))
    best = sorted((cell for cell in weights if weights[cell] > 0), key=lambda cell: -weights[cell])[:MOST_PANELS]
    missions, resources = list(scenario.missions), list(scenario.all_resources)
    return sorted(best, key=lambda cell: (missions.index(cell[0]), resources.index(cell[1])))


def _resource(scenario: LoadedScenario, name: str) -> list[str]:
    """Its name, and what one and several units are called."""
    return [label(scenario, name), scenario.units_name(name, 1), scenario.units_name(name, 2)]


def _tenths(day: float) -> int:
    """Tenths of a day that are over by then: those of 23:00 are still of its date."""
    return milliseconds(day) * 10 // DAY


def _short(value: float) -> float:
    """With a thousandth of the unit, which nobody sees."""
    return round(value, 3)
