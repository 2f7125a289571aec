"""The story of one replication: what happened, day by day, in sentences that a person can read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.chance.sets import SIZE
from sim.chance.trace import trace_of
from sim.chance.worlds import worlds
from sim.errors import UsageError
from sim.measures.catalogue import CAUSE_COLUMNS, COLUMNS, INDEX, MEASURES, OVERALL
from sim.measures.measures import measure, rows_of
from sim.operations.log import CAUSES, CrisisRecord, Level, LoanRecord
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.policies import Rule, own_rules
from sim.questions.story.sentences import Event, Replication, sentences
from sim.scenario.loaded import LoadedScenario
from sim.words.language import phrase


@dataclass(frozen=True)
class Story(Replication):
    """One replication of one option, told."""

    @property
    def crises(self) -> list[CrisisRecord]:
        """The occurrences, by onset."""
        return self.log.crises

    @property
    def loans(self) -> list[LoanRecord]:
        """The lots, by request."""
        return self.log.loans

    @property
    def levels(self) -> list[Level]:
        """Each cell's state, whenever it changed."""
        return self.log.levels

    @property
    def events(self) -> list[Event]:
        """Every dated sentence, in order."""
        capital = (Event(day, sentence[0].upper() + sentence[1:]) for day, sentence in sentences(self))
        return sorted(capital, key=lambda event: event.day)

    def lines(self) -> list[str]:
        """The story, one line per event: "7 Jan 2011: UNOCI asks UNMIL for 3 attack helicopters …"."""
        return [phrase("{date}: {event}", date=self.date(event.day), event=event.sentence) for event in self.events]

    def as_json(self) -> dict[str, Any]:
        """The replication in the words of `tell --json`; days from the period's start, None for what did not happen."""
        table = dict(zip(rows_of(self.theatre), self.table, strict=True))
        by_team = [
            {"mission": mission, "team": team, **_measures(table.pop((mission, team)))}
            for mission, team in map(self.theatre.place, self.theatre.teams_in_use)
        ]
        return {
            "scenario": self.scenario.name,
            "option": self.option,
            "replication": self.replication,
            "seed": self.seed,
            "crises": [
                {
                    "name": crisis.name,
                    "mission": crisis.mission,
                    "onset_day": crisis.onset_day,
                    "end_day": crisis.end_day,
                    "needs": crisis.needs(),
                    "happened": crisis.happened,
                    "known_day": crisis.known_day,
                    "escalated_day": crisis.escalated_day,
                    "given_up": crisis.given_up,
                }
                for crisis in self.log.crises
            ],
            "loans": [lot.as_json() for lot in self.log.loans],
            **({"parts": [part.as_json() for part in self.log.parts]} if self.log.parts else {}),
            "measures": _measures(self.table[0]),
            "by_mission_and_resource": [
                {"mission": mission, "resource": resource, **_measures(row)}
                for (mission, resource), row in table.items()
                if (mission, resource) != OVERALL
            ],
            **({"by_mission_and_team": by_team} if by_team else {}),
        }


def tell(  # noqa: PLR0913  # one replication has this many coordinates
    scenario: LoadedScenario,
    option: str,
    replication: int = 0,
    *,
    seed: int | None = None,
    rules: str | Path | Mapping[str, Rule] | None = None,
    world: int | None = None,
    check: bool = False,
) -> Story:
    """Run one replication (from 0) of one option and keep all that happened; `seed` defaults to the experiment's.

    It plays in the world of its set, as in a run, or in the `world` of that number. `rules` is a Python file with the
    user's own lending rules, or such rules by name. UsageError for an option that the scenario does not have or a
    negative replication; what a rule raises is raised.
    """
    if isinstance(scenario, str | Path):
        raise UsageError(f"{scenario}: tell takes a scenario, as load gives it, and not its file")
    if option not in scenario.options:  # what tables and charts print is its label
        labelled = [name for name, each in scenario.options.items() if each.label == option]
        if not labelled:
            raise UsageError(f"no option {option!r}; the scenario has {', '.join(map(repr, scenario.options))}")
        option = labelled[0]
    if replication < 0:
        raise UsageError(f"replication must be 0 or more, not {replication}")
    seed = scenario.experiment.seed_or(seed)
    number = replication // SIZE if world is None else world
    theatre = Theatre.of(worlds(scenario, seed)[number].scenario, option, own_rules(rules))
    log = simulate(theatre, trace_of(theatre.scenario, seed, replication), check=check)
    return Story(theatre.scenario, option, replication, seed, theatre, log, measure(log, theatre))


def _measures(row: NDArray[np.float64]) -> dict[str, Any]:
    """One row of the table as plain numbers, ratios included."""
    columns: dict[str, Any] = {name: float(row[INDEX[name]]) for name in COLUMNS if name not in CAUSE_COLUMNS}
    ratios = {key: measure.value(row) for key, measure in MEASURES.items() if measure.over}
    causes = {cause: float(row[INDEX[column]]) for cause, column in zip(CAUSES, CAUSE_COLUMNS, strict=True)}
    return columns | ratios | {"unmet_by_cause": causes}
