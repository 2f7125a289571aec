# ruff: noqa: ARG002, E501
"""Invented comparisons, results and stories for tests that draw or write: nothing was simulated."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from sim.chance.sets import SIZE
from sim.comparison.comparison import Comparison, Estimate, OptionSummary
from sim.measures.catalogue import COLUMNS, MEASURES
from sim.operations.log import CAUSES, CrisisRecord, Level, LoanRecord
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.history import Sourced
from sim.scenario.nouns.scenario import Scenario
from sim.statistics.by_sets import Sets

Cell = tuple[str, str]

PLACES = [(5.3, -4.0), (6.2, -10.4), (-1.7, 29.2), (13.6, 25.3), (4.9, 31.6), (9.6, 28.4), (12.6, -8.0), (33.3, 35.2),
          (33.5, 36.3), (2.0, 45.3), (4.4, 18.6), (27.1, -13.2)]  # fmt: skip
SHORT = ["no sharing", "as it was", "standing clause", "planned from the start", "regional pool", "hub"]
LONG = "standing clause in the memorandum of understanding, with consent given beforehand, no."


def invented_scenario(
    options: int = 5, missions: int = 2, *, long: bool = False, days: int = 365, assumed: bool = True, **more: Any
) -> LoadedScenario:
    """A scenario with so many options and missions; `long` names are as long as people make them."""
    end = dt.date(2010, 10, 1) + dt.timedelta(days=days - 1)
    names = [f"{LONG} {n}" if long else SHORT[n] if n < len(SHORT) else f"option {n}" for n in range(options)]
    places = [
        f"United Nations Multidimensional Stabilization Mission in Somewhere {n}" if long else f"MISSION{n}"
        for n in range(missions)
    ]
    plan: dict[str, Any] = {
        "name": more.pop("name", "Post-electoral crisis in Côte d'Ivoire, 2010–11"),
        "period": {"from": "2010-10-01", "to": end.isoformat()},
        "resources": {"attack_helicopter": {"label": "Attack helicopters"}, "infantry_company": {}},
        "missions": {
            place: {
                "at": list(PLACES[n % len(PLACES)]),
                "holds": {"attack_helicopter": {"Ukraine": 3 + n}, "infantry_company": {"Pakistan": 6, "Nigeria": n}},
            }
            for n, place in enumerate(places)
        },
        "crises": {
            f"crisis in {place}": {
                "mission": place, "every_days": 90, "lasts_days": 40, "needs": {"attack_helicopter": 3},
            }
            for place in places
        },
        "agreements": {"ad hoc": {"between": "any", "gates": {"council": {}, "contributor": {}, "host": {}}}},
        "options": {
            name: {"record": n == 1, "policy": {"share": "all", "ask_again_days": n}} for n, name in enumerate(names)
        },
        "experiment": {"seed": 2012},
    }  # fmt: skip
    sources = (Sourced(path="crises", source="a guess", confidence="assumed"),) if assumed else ()
    return LoadedScenario.of(Scenario.model_validate(plan | more), {}, sources=sources)


class InventedResults:
    """Results that were never run: the same every time, by a seed."""

    def __init__(
        self, scenario: LoadedScenario, *, replications: int = 200, kept: int = 12, lending: bool = True
    ) -> None:
        self.scenario = scenario
        self.fingerprint = "sha256:" + "0" * 64
        self.seed = scenario.experiment.seed
        self.seeds = (self.seed,)
        self.options = tuple(scenario.options)
        self._replications = replications
        self._kept = kept
        self._lending = lending

    @property
    def replications(self) -> int:
        return self._replications

    @property
    def sets(self) -> Sets:
        return Sets.in_order(self._replications, SIZE)

    @property
    def kept_replications(self) -> tuple[int, ...]:
        return tuple(range(min(self._kept, self._replications)))

    def _dice(self, option: str, *what: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.options.index(option), *what])

    def teams(self, _: str) -> tuple[Cell, ...]:
        return ()

    def cells(self, option: str) -> tuple[Cell, ...]:
        return tuple((mission, resource) for mission in self.scenario.missions for resource in self.scenario.resources)

    def sample(self, option: str, column: str, mission: str = "*", resource: str = "*") -> np.ndarray:
        order = self.options.index(option)
        return self._dice(option, len(column)).gamma(4, 220 - 18 * order * self._lending, self._replications)

    def samples(self, option: str, cell: Cell = ("*", "*")) -> np.ndarray:
        return np.stack([self.sample(option, column, *cell) for column in COLUMNS], axis=1)

    def loans(self, option: str, replication: int) -> list[LoanRecord]:
        places = list(self.scenario.missions)
        if not self._lending or option == self.options[0] or len(places) < 2:
            return []
        dice = self._dice(option, replication, 1)
        return [self._loan(dice, number, places) for number in range(3 + 2 * len(places))]

    def _loan(self, dice: np.random.Generator, number: int, places: list[str]) -> LoanRecord:
        lender, borrower = dice.choice(len(places), 2, replace=False)
        asked = float(dice.uniform(0, self.scenario.days * 0.8))
        council, consent, host = (asked + dice.gamma(2, mean) for mean in (3, 8, 1))
        refused = dice.random() < 0.1
        ready = max(council, consent, host) + 2
        gone, there = ready + dice.uniform(0, 3), ready + 3 + dice.uniform(0, 4)
        end = there + dice.uniform(10, 60)
        dates: list[float | None] = [ready, gone, there, there, council + 60, end, end + 1, end + 3, end + 4]
        dates = [None if day is None or day > self.scenario.days or refused else day for day in dates]
        ready_, gone_, landed, arrived, window, ended, left, home, recovered = dates
        known = dict(  # noqa: C408
            loan=number, crisis=None, lender=places[lender], borrower=places[borrower],
            resource=list(self.scenario.resources)[number % 2], contributor="Ukraine", units=1 + number % 3,
            requested_day=asked, council_day=min(council, self.scenario.days), host_day=min(host, self.scenario.days),
            contributor_day=None if refused else min(consent, self.scenario.days), ready_day=ready_, departed_day=gone_,
            landed_day=landed, arrived_day=arrived, late=False, window_day=window, ended_day=consent if refused else ended,
            why_ended="refused" if refused else "released" if ended else None, left_day=left, home_day=home,
            recovered_day=recovered, refused_by="contributor" if refused else None, load=0, sorties=0,
            km=800.0, hours=3.5, gates="council, contributor, host", council_opened_day=asked,
            contributor_opened_day=asked, host_opened_day=asked,
        )  # fmt: skip
        return LoanRecord(**(dict.fromkeys(LoanRecord._fields) | known))  # type: ignore[arg-type]

    def levels(self, option: str, replication: int) -> dict[Cell, list[Level]]:
        loans = [loan for loan in self.loans(option, replication) if loan.arrived_day is not None]
        crises = self.crises(option, replication)
        return {cell: self._levels(cell, crises, loans) for cell in self.cells(option)}

    def _levels(self, cell: Cell, crises: list[CrisisRecord], loans: list[LoanRecord]) -> list[Level]:
        events: dict[float, np.ndarray] = {0.0: np.zeros(3, int)}  # crisis requirement, borrowed, away

        def add(day: float | None, what: int, units: int) -> None:
            if day is not None and day < self.scenario.days:
                events.setdefault(day, np.zeros(3, int))[what] += units

        for crisis in crises:
            if crisis.mission == cell[0]:
                add(crisis.onset_day, 0, crisis.needs().get(cell[1], 0))
                add(crisis.end_day, 0, -crisis.needs().get(cell[1], 0))
        for loan in loans:
            if (loan.borrower, loan.resource) == cell:
                add(loan.arrived_day, 1, loan.units)
                add(loan.left_day, 1, -loan.units)
            if (loan.lender, loan.resource) == cell:
                add(loan.departed_day, 2, loan.units)
                add(loan.recovered_day, 2, -loan.units)
        held = sum(self.scenario.missions[cell[0]].holdings(cell[1]).values())
        levels, now = [], np.zeros(3, int)
        for day in sorted(events):
            now = now + events[day]
            need, borrowed, away = (int(each) for each in now)
            present = max(0, held - away) + borrowed
            short = max(0, held - 1 + need - present)
            causes = tuple(short if cause == "contributor" else 0 for cause in CAUSES) if short else None
            levels.append(Level(day, 0, need, held - 1 + need, present, borrowed, away, short, causes))
        return levels

    def crises(self, option: str, replication: int) -> list[CrisisRecord]:
        dice = np.random.default_rng([self.seed, replication, 7])
        records = []
        for place in self.scenario.missions:
            for _ in range(2):
                onset = float(dice.uniform(0, self.scenario.days * 0.9))
                record = CrisisRecord(f"crisis in {place}", place, 3, onset, onset)
                record.happened = True
                record.phases = [(None, onset, {"attack_helicopter": 3, "infantry_company": 2})]
                record.end_day = min(self.scenario.days, onset + float(dice.gamma(4, 10)))
                records.append(record)
        return records


def estimate(mean: float, half: float = float("nan"), n: int = 200) -> Estimate:
    """A mean with its interval, `half` to each side."""
    return Estimate(mean, half * n**0.5 / 1.96, mean - half, mean + half, n)


def _summary(scenario: LoadedScenario, name: str, gain: float, scale: float, half: float) -> OptionSummary:
    unmet = scale * (1 - gain)
    values = dict.fromkeys(MEASURES, 10.0) | {
        "unmet_unit_days": unmet, "requirement_unit_days": scale * 1.6, "coverage": 1 - unmet / (scale * 1.6 or 1),
        "response_days": 30 * (1 - gain) + 2, "exposure_unit_days": 60 * gain, "cost_usd": 4e6 * gain * (scale / 900),
        "loans": 9 * gain,
    }  # fmt: skip
    measures = {measure: estimate(value, half * abs(value)) for measure, value in values.items()}
    shares = (
        np.array([0, 2, 0, 1, 2, 6, 1, 1, 0, 0, 3, 0, 0, 2])
        if gain
        else np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 2])
    )
    parts = unmet * shares / shares.sum()
    causes = {cause: estimate(part, half * part) for cause, part in zip(CAUSES, parts.tolist(), strict=True)}
    cells = {(mission, resource): measures for mission in scenario.missions for resource in scenario.resources}
    return OptionSummary(name, scenario.label(name), measures, causes, cells, dict.fromkeys(cells, causes))


def invented_comparison(
    options: int = 5, missions: int = 2, *, scale: float = 900, half: float = 0.04, gains: list[float] | None = None,
    replications: int = 200, kept: int = 12, lending: bool = True, results: bool = True, **scenario: Any,
) -> Comparison:  # fmt: skip
    """A comparison of so many options; `gains`: the share of unmet need that each takes away, `half`: relative half
    width of every interval (NaN as for one replication)."""
    plan = invented_scenario(options, missions, **scenario)
    if gains is None:
        gains = [0.0] + [0.15 + 0.7 * n / options for n in range(1, options)]
    summaries = {name: _summary(plan, name, gain, scale, half) for name, gain in zip(plan.options, gains, strict=True)}
    first = next(iter(summaries.values()))
    differences = {
        name: {
            measure: estimate(by.mean - first.measures[measure].mean, 0.6 * half * max(abs(first.measures[measure].mean), abs(by.mean)))
            for measure, by in summary.measures.items()
        }
        for name, summary in summaries.items() if name != first.name
    }  # fmt: skip
    source = InventedResults(plan, replications=replications, kept=kept, lending=lending) if results else None
    return Comparison(
        plan, "sha256:" + "0" * 64, 2012, replications, 0.95, first.name, summaries, differences, cast(Any, source)
    )


def invented_story(missions: int = 2, replication: int = 3, **scenario: Any) -> Any:
    """A story of one replication of the second option."""
    plan = invented_scenario(2, missions, **scenario)
    source = InventedResults(plan)
    option = source.options[1]
    cells = source.cells(option)
    by_cell = source.levels(option, replication)
    levels = [level._replace(cell=number) for number, cell in enumerate(cells) for level in by_cell[cell]]
    return SimpleNamespace(
        scenario=plan, option=option, replication=replication, seed=source.seed, crises=source.crises(option, replication),
        loans=source.loans(option, replication), levels=levels,
        theatre=SimpleNamespace(place=lambda cell: cells[cell], cells_in_use=list(range(len(cells)))),
    )  # fmt: skip


def invented_sizing(options: int = 5, **scenario: Any) -> Any:
    """What each option needs of attack helicopters for 95 %; the last does not get there."""
    from sim.questions.sizing.sizing import OptionSize, Range, Sizing

    plan = invented_scenario(options, **scenario)
    found = {}
    for n, name in enumerate(plan.options):
        curve = {
            units: estimate(1 - math.exp(-units / (9 - 6 * n / options)), 0.01) for units in (4, 6, 8, 10, 14, 20, 30)
        }
        need = Range(27.0 - 18 * n / options, 25.0 - 18 * n / options, 29.0 - 18 * n / options)
        saved = Range(18.0 * n / options, 18.0 * n / options - 1, 18.0 * n / options + 1)
        missed = options > 2 and n == options - 1
        nothing = Range(None, None, None)
        found[name] = OptionSize(
            name, plan.label(name), nothing if missed else need, nothing if missed else saved, curve, 10, None
        )
    first = next(iter(plan.options))
    return Sizing(plan, "attack_helicopter", 0.95, "missions", 10, first, 100, 2012, 0.95, found)


def invented_sweep(options: int = 5, inputs: int = 1, *, sampled: bool = False, **scenario: Any) -> Any:
    """A sweep over one input (numbers), two, or a sample of three."""
    from sim.questions.sweep.inputs import Input, Span
    from sim.questions.sweep.sweep import Setting, Sweep

    plan = invented_scenario(options, **scenario)
    paths = [
        "contributors.Ukraine.consent_days",
        "crises.crisis in MISSION0.every_days",
        "agreements.ad hoc.window_days",
    ]
    paths = paths[:inputs]
    dice = np.random.default_rng(3)
    values = [tuple(range(0, 42, 7)), (30, 60, 90, 120)][: min(inputs, 2)]
    chosen = [dict(zip(paths, each, strict=False)) for each in itertools.product(*values)]
    if sampled:
        chosen = [dict(zip(paths, dice.uniform(0, 40, inputs).tolist(), strict=True)) for _ in range(40)]
    settings = []
    for setting in chosen:
        push = sum(float(value) for value in setting.values()) / len(setting)
        unmet = {name: 900 - (12 - push / 4) * 30 * n / options for n, name in enumerate(plan.options)}
        measures = {name: {"unmet_unit_days": estimate(value, 30)} for name, value in unmet.items()}
        first = next(iter(unmet))
        apart = {n: {"unmet_unit_days": estimate(unmet[n] - unmet[first], 40)} for n in unmet if n != first}
        settings.append(Setting(setting, measures, apart))
    given: Any = tuple(Span(path, 0, 40) for path in paths)
    if not sampled:
        given = tuple(Input(path, each) for path, each in zip(paths, values, strict=False))
    return Sweep(plan, given, sampled, next(iter(plan.options)), 100, 2012, 0.95, tuple(settings))


def invented_race(options: int = 5, **scenario: Any) -> Any:
    """A race that the last option wins; of every other, the later the option the later it drops out."""
    from sim.questions.stopping.sequential import Dropped, Selection

    plan = invented_scenario(options, **scenario)
    names = list(plan.options)
    means = {name: estimate(2000 - 1500 * n / options, 120, 20 + 7 * n) for n, name in enumerate(names)}
    out = tuple(Dropped(name, means[name].n, names[-1]) for name in names[:-1])
    return Selection(plan, names[-1], (names[-1],), 10, 0.95, out, means, 2012)


DOUBTED = ["Consent of Ukraine's parliament", "Size of UNOCI's needs", "Rate of raids", "Warning of the vote",
           "Days in the lift", "Refusals", "Council's vote", "Recovery", "Reception at Man", "Host's consent"]  # fmt: skip


def invented_doubts(options: int = 5, doubts: int = 3, *, sets: int = 100, chance: float = 40, **scenario: Any) -> Any:
    """What is worth finding out where the first doubt decides between the last two options, the second a little."""
    from sim.questions.doubts.doubts import value_of_finding_out
    from sim.questions.doubts.trials import DoubtValues, Trials

    plan = invented_scenario(options, **scenario)
    dice = np.random.default_rng(12)
    shares = dice.random((sets, doubts))
    common, names = dice.normal(size=sets), list(plan.options)
    drawn, means = {}, {}
    for n in range(doubts):
        name = f"{LONG} {n}, as nobody knows it" if scenario.get("long") else DOUBTED[n % len(DOUBTED)]
        low, high, path = [(5.0, 65.0, "contributors.Ukraine.consent_days"), (0.6, 1.6, "crises.*.needs.*"),
                           (30.0, 300.0, "crises.crisis in MISSION0.every_days")][n % 3]  # fmt: skip
        values = low + (high - low) * shares[:, n]
        values = np.array([20.0, 60.0, 90.0])[(3 * shares[:, n]).astype(int)] if n % 3 == 2 else values
        drawn[name] = DoubtValues((path,), values, n % 3 == 1, n % 3 == 2)
    for k, name in enumerate(names):
        saved = 700 * min(k, max(1, len(names) - 2)) / options + 0 * shares[:, 0]
        if k == len(names) - 1:
            saved += (
                30 + 500 * (0.5 - shares[:, 0]) + 250 * (shares[:, 1 % doubts] - 0.5) + 90 * (shares[:, -1] < 1 / 3)
            )
        means[name] = 1500 + 300 * shares[:, -1] + 200 * common - saved + chance * dice.normal(size=sets)
    pair = (names[-1], names[0])
    asked = "What would planning have saved?", "unmet_unit_days", pair
    return value_of_finding_out(Trials(plan, 2012, 20 * sets, *asked, means), drawn)


def invented_hindcast(loans: int = 3, **scenario: Any) -> Any:
    """The record of some loans against the model."""
    from sim.questions.hindcast.hindcast import Hindcast

    plan = invented_scenario(2, **scenario)
    entries = []
    for n in range(loans):
        name = f"{'Mi-24s of the aviation unit to Abidjan for the battle phase' if n % 2 else 'companies'} {n}"
        entries += [
            invented_fact(name, "requested to authorised", "days", (12, 12), (4, 7, 13), fitted=n == 0),
            invented_fact(name, "authorised to arrived", "days", (19, 75), (3, 9, 20 + n)),
            invented_fact(name, "arrival", "date", (129 + n, 185), (60, 75, 90 + 20 * n)),
            invented_fact(name, "units", "units", (3, 3), (3, 3, 3)),
            invented_fact(name, "return", "date", (300, 300), ()),
        ]
    return Hindcast(plan, next(iter(plan.options)), 100, 2012, tuple(entries))


def invented_fact(
    name: str, quantity: str, unit: str, recorded: tuple[float, float], band: tuple[float, ...], *, fitted: bool = False
) -> Any:
    """A fact beside a model of which the 10, 50 and 90 % points are given; without them nothing is made."""
    from sim.questions.hindcast.facts import Case, Fact
    from sim.questions.hindcast.record import Recorded

    start, words = dt.date(2010, 10, 1), {"arrival": "arrived", "return": "returned"}
    word = words.get(quantity, quantity.rsplit(maxsplit=1)[-1])
    ends = (start + dt.timedelta(days=110 + recorded[0]), start + dt.timedelta(days=110 + recorded[1]))
    case = Case("MISSION0", "MISSION1", (dt.date(2011, 1, 19), dt.date(2011, 1, 19)))
    fact = Fact(
        (name,), case, "attack_helicopter", None, quantity, cast(Any, word), unit, (), recorded,
        "fitted" if fitted else "independent", ends if unit == "days" else None,
    )  # fmt: skip
    values = tuple(each for share, each in zip((3, 5, 3), band, strict=False) for _ in range(share))
    return Recorded(fact, values, 100 if band else 0, 100, start)
