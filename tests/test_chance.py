"""Chance has names: what belongs to one thing does not depend on anything else; and it is drawn as it should be."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim import from_mapping
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.scenario.nouns import Scenario
from sim.scenario.patch import with_option
from sim.study.batches import Batch, Job, run_batch
from sim.trace import BLOCK, Occurrence, draw_traces, trace_of

SEED = 2012
WORLD: dict[str, Any] = {
    "period": {"from": "2011-01-01", "to": "2011-12-31"},
    "missions": {
        "North": {"holds": {"company": 1}, "at": [0, 0]},
        "South": {"holds": {"company": {"Ghana": 3, "Nepal": 2}}, "at": [0, 5]},
    },
    "contributors": {"Ghana": {"consent_days": {"gamma": {"mean": 9, "sd": 6}}, "refuses": 0.3}},
    "agreements": {
        "any": {
            "between": "any",
            "gates": {"council": {"days": {"exponential": {"mean": 4}}}, "contributor": {}},
            "window_days": {"uniform": {"low": 20, "high": 40}},
        }
    },
    "crises": {
        "raid": {
            "mission": "North",
            "every_days": 40,
            "likelihood": 0.8,
            "warning_days": {"exponential": {"mean": 10}},
            "lasts_days": {"lognormal": {"mean": 20, "sd": 15}},
            "needs": {"company": {"discrete": {1: 1, 3: 1}}, "helicopter": {"uniform": {"low": 0, "high": 3}}},
            "spills_over": [
                {"to": "South", "chance": 0.4, "after_days": {"exponential": {"mean": 9}}, "lasts_days": 5,
                 "needs": {"company": 1}},
            ],
            "escalates": {"if_short_days": 5, "chance": 0.5, "extends_days": {"exponential": {"mean": 9}}},
        },
        "poll": {"mission": "South", "on": "2011-06-01", "lasts_days": {"weibull": {"mean": 9, "shape": 2}},
                 "needs": {"company": 2}},
    },
    "options": {"all": {"policy": {"share": "all"}}},
}  # fmt: skip


def changed(**words: Any) -> Scenario:
    """The world with these words changed, or without them (None); `a__b` is the word b in the block a."""

    def put(plan: Any, path: list[str], value: Any) -> Any:
        if not path:
            return value
        below = {path[0]: put((plan or {}).get(path[0]), path[1:], value)}
        return {word: each for word, each in {**(plan or {}), **below}.items() if each is not None}

    plan = WORLD
    for path, value in words.items():
        plan = put(plan, path.split("__"), value)
    return from_mapping(plan)


def raids(scenario: Scenario) -> list[list[Occurrence]]:
    """Every occurrence of the raid and what it spilled over to, by replication of the first block."""
    traces = draw_traces(scenario, SEED, 0)
    return [[each for each in trace.occurrences if each.crisis.startswith("raid")] for trace in traces]


AS_IT_IS = raids(changed())


# -- nobody else's luck ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        {"crises__a flood": {"mission": "North", "every_days": 5, "lasts_days": 3, "needs": {"company": 1}}},
        {"crises__poll__on": "2011-03-01"},
        {"missions__East": {"holds": {"company": 9}}},
        {"missions__Aachen": {"holds": {"helicopter": 9}}},
        {"missions__North__holds": {"company": 7}},
        {"missions__South__active": {"to": "2011-05-05"}},
        {"resources__helicopter": {"prepare_days": {"exponential": {"mean": 3}}}},
        {"contributors__Nepal": {"consent_days": {"exponential": {"mean": 3}}}},
        {"options__none": {"policy": {"share": "none"}}},
        {"experiment": {"replications": 17}},
        {"agreements__any__gates": {}},
    ],
    ids=lambda words: next(iter(words)),
)
def test_what_is_added_or_changed_elsewhere_leaves_a_crisis_as_it_was(words: dict[str, Any]) -> None:
    assert raids(changed(**words)) == AS_IT_IS


def test_no_policy_and_no_change_of_an_option_touches_the_trace() -> None:
    options = {
        "none": {"policy": {"share": "none"}},
        "all": {"policy": {"share": "all", "prevent_days": 9, "recall": True}},
        "hub": {
            "policy": {"share": "all"},
            "change": {"missions": {"Hub": {"holds": {"company": 3}}}, "agreements": {"any": None}},
        },
    }
    scenario = changed(options=options)
    for option in options:
        assert raids(with_option(scenario, option)) == AS_IT_IS


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ({"crises__raid__needs": {"company": 4, "tank": 1}}, ("onset_day", "happens", "known_day", "escalation")),
        ({"crises__raid__lasts_days": 3}, ("onset_day", "happens", "known_day", "escalation")),
        ({"crises__raid__likelihood": 1}, ("onset_day", "known_day", "phases", "escalation")),
        ({"crises__raid__warning_days": 0}, ("onset_day", "happens", "phases", "escalation")),
        ({"crises__raid__spills_over": []}, ("onset_day", "happens", "known_day", "phases", "escalation")),
        ({"crises__raid__escalates": None}, ("onset_day", "happens", "known_day", "phases")),
        ({"crises__raid__severity": 5}, ("onset_day", "happens", "known_day", "phases", "escalation")),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_change_to_one_thing_about_a_crisis_leaves_its_others(words: dict[str, Any], same: tuple[str, ...]) -> None:
    def others(replications: list[list[Occurrence]]) -> list[list[tuple[Any, ...]]]:
        return [
            [tuple(getattr(one, word) for word in same) for one in each if one.parent is None] for each in replications
        ]

    assert others(raids(changed(**words))) == others(AS_IT_IS)


def test_the_needs_of_one_resource_leave_those_of_another() -> None:
    def companies(replications: list[list[Occurrence]]) -> list[list[int | None]]:
        return [
            [dict(each.phases[0].needs).get("company") for each in one if each.parent is None] for one in replications
        ]

    changed_needs = {"tank": {"uniform": {"low": 0, "high": 9}}, "company": {"discrete": {1: 1, 3: 1}}}
    assert companies(raids(changed(crises__raid__needs=changed_needs))) == companies(AS_IT_IS)


def test_a_crisis_called_otherwise_has_other_luck() -> None:
    scenario = changed(**{"crises__riot": WORLD["crises"]["raid"]})
    both = [each for trace in draw_traces(scenario, SEED, 0) for each in trace.occurrences]
    raid, riot = ({each.onset_day for each in both if each.crisis == name} for name in ("raid", "riot"))
    assert raid and riot and not raid & riot


def test_seeds_blocks_and_replications_have_their_own_luck() -> None:
    scenario = changed()
    several = [draw_traces(scenario, seed, block) for seed in (1, 2) for block in (0, 1, 10)]
    onsets = [
        each.onset_day for traces in several for trace in traces for each in trace.occurrences if each.crisis == "raid"
    ]
    assert len(set(onsets)) == len(onsets)


def test_a_replication_does_not_depend_on_how_many_there_are_or_who_draws_them() -> None:
    scenario = changed()
    block = draw_traces(scenario, SEED, 2)
    assert [trace.replication for trace in block] == list(range(2 * BLOCK, 3 * BLOCK))
    assert trace_of(scenario, SEED, 2 * BLOCK + 37) == block[37] == trace_of(from_mapping(WORLD), SEED, 2 * BLOCK + 37)


def test_another_worker_or_another_batch_changes_nothing() -> None:
    scenario = changed(options__none={"policy": {"share": "none"}})
    job = Job.of(scenario, ["all", "none"], seed=SEED, keep=0)

    def values(*batches: Batch) -> dict[tuple[str, int], list[float]]:
        found = [run_batch(job, batch).values for batch in batches]
        return {(option, number): table.tolist() for each in found for option in each for number, table in each[option]}

    assert values(Batch(0, 12)) == values(Batch(7, 12), Batch(0, 3), Batch(3, 7))


def test_each_child_of_a_crisis_has_its_own_luck() -> None:
    spill = {"to": "South", "chance": 1, "lasts_days": 5, "needs": {"company": 1}}
    found = raids(changed(crises__raid__spills_over=[spill, {**spill, "to": "North"}, {**spill, "after_days": 3}]))
    lucks = [each.luck for one in found for each in one if each.crisis == "raid → South"]
    assert len(set(lucks)) == len(lucks) > BLOCK
    assert max(lucks) < next(each.lucks for one in found for each in one if each.crisis == "raid → South")


# -- the same step, the same luck ------------------------------------------------------------------------------------

Step = tuple[Any, ...]


def steps(scenario: Scenario, option: str, blocks: int = 1) -> dict[Step, Step]:
    """What became of each occurrence's first requests, at its onset: how long each gate took, and who refused."""
    theatre = Theatre.of(scenario, option)
    found: dict[Step, Step] = {}
    for trace in (each for block in range(blocks) for each in draw_traces(theatre.scenario, SEED, block)):
        onsets = {(each.crisis, each.onset_day) for each in trace.occurrences}
        for lot in simulate(theatre, trace).loans:
            if lot.why_ended in ("cancelled", "recalled", None) or (lot.crisis, lot.requested_day) not in onsets:
                continue  # nobody learnt how long it would have taken; or it is not the first
            key = (trace.replication, lot.crisis, lot.requested_day, lot.lender, lot.contributor)
            gates = [None if day is None else day - lot.requested_day for day in (lot.council_day, lot.contributor_day)]
            window = None
            if lot.first_window_day is not None and lot.council_day is not None:
                window = lot.first_window_day - lot.council_day
            found.setdefault(key, (*gates, window, lot.refused_by))
    return found


def test_options_that_take_the_same_step_have_the_same_luck() -> None:
    scenario = changed(
        options={
            "all": {"policy": {"share": "all"}},
            "keeps one": {"policy": {"share": "all", "keep": 1}},
            "recalls": {"policy": {"share": "all", "recall": True, "ask_again_days": 3}},
            "is richer": {
                "policy": {"share": "all"},
                "change": {"missions": {"East": {"holds": {"company": {"Nepal": 3}}, "at": [0, 50]}}},
            },
            "suffers more": {
                "policy": {"share": "all"},
                "change": {
                    "crises": {
                        "flood": {"mission": "South", "every_days": 60, "lasts_days": 5, "needs": {"company": 1}}
                    }
                },
            },
        }
    )
    reference = steps(scenario, "all", 2)
    for option in list(scenario.options)[1:]:
        found = steps(scenario, option, 2)
        shared = reference.keys() & found.keys()
        assert len(shared) > 40
        for key in shared:
            assert found[key] == pytest.approx(reference[key])


def test_gates_refusals_and_windows_are_drawn_as_the_paper_says() -> None:
    scenario = changed(crises__raid__needs={"company": 2}, crises__raid__lasts_days=60)
    found = [step for key, step in steps(scenario, "all", 2).items() if key[-1] == "Ghana"]
    refused = sum(step[3] == "contributor" for step in found)
    low, high = stats.binomtest(refused, len(found)).proportion_ci(0.9999)
    assert low < 0.3 < high
    assert_drawn([step[0] for step in found if step[0] is not None], 4, 4)  # the council's exponential
    assert_drawn([step[2] for step in found if step[2] is not None], 30, 20 / math.sqrt(12))  # the window's uniform


# -- drawn as it should be -------------------------------------------------------------------------------------------


def assert_drawn(sample: Iterable[float], mean: float, sd: float, errors: float = 4) -> None:
    """Mean and standard deviation lie within so many standard errors (of the variance: by the fourth moment)."""
    values = np.asarray(list(sample), dtype=float)
    count = len(values)
    assert count > 100
    assert abs(values.mean() - mean) <= errors * max(sd, 1e-12) / math.sqrt(count) + 1e-9
    squares = (values - mean) ** 2
    assert abs(squares.mean() - sd**2) <= errors * squares.std(ddof=1) / math.sqrt(count) + 1e-9


def alone(days: int = 365, blocks: int = 20, **crisis: Any) -> list[list[Occurrence]]:
    """The occurrences of one crisis in a mission, over so many days of 2011, by replication."""
    first = dt.date(2011, 1, 1)
    period = {"from": first, "to": first + dt.timedelta(days=days - 1)}
    crisis = {"mission": "A", "lasts_days": 10, "needs": {"x": 1}, **crisis}
    scenario = from_mapping({"period": period, "missions": {"A": {}, "B": {}}, "crises": {"c": crisis}})
    return [list(trace.occurrences) for block in range(blocks) for trace in draw_traces(scenario, SEED, block)]


def onsets(found: list[list[Occurrence]]) -> NDArray[np.float64]:
    return np.array([each.onset_day for one in found for each in one])


def test_random_crises_are_a_poisson_process() -> None:
    found = alone(every_days=40)
    counts = [len(each) for each in found]
    assert_drawn(counts, 365 / 40, math.sqrt(365 / 40))
    # Given their number, onsets are uniform and independent; intervals are exponential.
    assert stats.kstest(onsets(found), stats.uniform(0, 365).cdf).pvalue > 1e-4
    first = [each[0].onset_day if each else math.inf for each in found]
    assert_drawn([day < 40 for day in first], 1 - math.exp(-1), math.sqrt(math.exp(-1) * (1 - math.exp(-1))))
    halves = np.array(
        [(sum(one.onset_day < 182.5 for one in each), sum(one.onset_day >= 182.5 for one in each)) for each in found]
    )
    assert abs(np.corrcoef(halves.T)[0, 1]) < 4 / math.sqrt(len(found))
    assert all(day[0] <= day[1] for each in found for day in pairwise(each))


def test_random_crises_happen_only_while_their_mission_is_active() -> None:
    plan = {**WORLD, "missions": {**WORLD["missions"], "North": {"active": {"from": "2011-03-01", "to": "2011-04-30"}}}}
    days = [each.onset_day for one in raids(from_mapping(plan)) for each in one if each.parent is None]
    assert min(days) >= 59 and max(days) < 120
    counts = Counter(sum(each.parent is None for each in one) for one in raids(from_mapping(plan)))
    assert sum(counts.values()) == BLOCK
    mean = sum(number * times for number, times in counts.items()) / BLOCK
    assert abs(mean - 61 / 40) < 4 * math.sqrt(61 / 40 / BLOCK)


def test_a_season_moves_crises_but_makes_no_more_of_them() -> None:
    found = alone(every_days=20, season={"jan": 3, "aug": 0, "feb": 0.5})
    assert_drawn([len(each) for each in found], 365 / 20, math.sqrt(365 / 20))
    lengths = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    weights = np.array([3, 0.5, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1])
    months = [(dt.date(2011, 1, 1) + dt.timedelta(days=math.floor(day))).month for day in onsets(found)]
    counted = np.bincount(months, minlength=13)[1:]
    expected = lengths * weights / (lengths * weights).sum() * len(months)
    assert counted[7] == 0
    some = expected > 0
    assert stats.chisquare(counted[some], expected[some]).pvalue > 1e-4


def test_a_scheduled_crisis_is_in_every_trace_once() -> None:
    found = alone(on="2011-03-01", likelihood=0.3, warning_days={"exponential": {"mean": 30}})
    assert [[each.onset_day for each in one] for one in found] == [[59]] * len(found)
    assert_drawn([one[0].happens for one in found], 0.3, math.sqrt(0.3 * 0.7))
    # Known at most from the first day on: the mean of min(exponential, 59) is 30 (1 − e^(−59/30)).
    warned = np.array([59 - one[0].known_day for one in found])
    assert warned.max() == 59
    assert abs(warned.mean() - 30 * (1 - math.exp(-59 / 30))) < 4 * warned.std() / math.sqrt(len(warned))


WEIBULL = stats.weibull_min(0.7, scale=10 / math.gamma(1 + 1 / 0.7))
FAMILIES = {
    "number": (12.5, 12.5, 0),
    "exponential": ({"exponential": {"mean": 10}}, 10, 10),
    "uniform": ({"uniform": {"low": 2, "high": 14}}, 8, math.sqrt(12)),
    "triangular": (
        {"triangular": {"low": 1, "mode": 3, "high": 10}},
        14 / 3,
        math.sqrt((1 + 9 + 100 - 3 - 10 - 30) / 18),
    ),
    "lognormal": ({"lognormal": {"mean": 10, "sd": 7}}, 10, 7),
    "gamma": ({"gamma": {"mean": 10, "sd": 4}}, 10, 4),
    "weibull": ({"weibull": {"mean": 10, "shape": 0.7}}, 10, WEIBULL.std()),
    "empirical": ({"empirical": [1, 1, 4, 10]}, 4, math.sqrt((9 + 9 + 0 + 36) / 4)),
    "discrete": ({"discrete": {1: 1, 4: 2, 7: 1}}, 4, math.sqrt(4.5)),
}
SHAPES = {
    "exponential": stats.expon(scale=10),
    "uniform": stats.uniform(2, 12),
    "triangular": stats.triang(2 / 9, loc=1, scale=9),
    "lognormal": stats.lognorm(math.sqrt(math.log1p(0.49)), scale=10 / math.sqrt(1.49)),
    "gamma": stats.gamma(6.25, scale=1.6),
    "weibull": WEIBULL,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_distribution_has_the_mean_and_the_spread_that_it_says(family: str) -> None:
    lasts, mean, sd = FAMILIES[family]
    days = [each.phases[0].days for one in alone(every_days=60, lasts_days=lasts) for each in one]
    assert_drawn(days, mean, sd)
    if family in SHAPES:
        assert stats.kstest(days, SHAPES[family].cdf).pvalue > 1e-4


def test_units_are_rounded_to_the_nearest() -> None:
    found = alone(every_days=60, needs={"x": {"uniform": {"low": 0, "high": 3}}, "y": {"discrete": {0: 1, 2: 3}}})
    drawn = [dict(each.phases[0].needs) for one in found for each in one]
    counted = Counter(needs.get("x", 0) for needs in drawn)
    expected = [len(drawn) * share for share in (1 / 6, 1 / 3, 1 / 3, 1 / 6)]
    assert stats.chisquare([counted[units] for units in range(4)], expected).pvalue > 1e-4
    assert_drawn([needs.get("y", 0) for needs in drawn], 1.5, math.sqrt(0.75))


def test_chances_of_spill_over_and_escalation() -> None:
    found = alone(
        every_days=60,
        likelihood=0.5,
        spills_over=[
            {"to": "B", "chance": 0.4, "after_days": {"uniform": {"low": 0, "high": 10}}, "lasts_days": 3, "needs": {}}
        ],
        escalates={"if_short_days": 4, "chance": 0.25, "extends_days": {"exponential": {"mean": 8}}},
    )
    parents = [each for one in found for each in one if each.parent is None and each.onset_day < 355]
    children = {(number, each.luck): each for number, one in enumerate(found) for each in one if each.parent}
    mine = [
        (number, each)
        for number, one in enumerate(found)
        for each in one
        if each.parent is None and each.onset_day < 355
    ]
    after = [
        children[number, each.luck].onset_day - each.onset_day
        for number, each in mine
        if (number, each.luck) in children
    ]
    assert_drawn([(number, each.luck) in children for number, each in mine if each.happens], 0.4, math.sqrt(0.24))
    assert not any((number, each.luck) in children for number, each in mine if not each.happens)
    assert_drawn(after, 5, 10 / math.sqrt(12))
    escalations = [each.escalation for each in parents if each.escalation is not None]
    assert_drawn([each.escalates for each in escalations], 0.25, math.sqrt(0.1875))
    assert_drawn([each.extends_days for each in escalations], 8, 8)


def test_things_of_one_crisis_are_drawn_independently() -> None:
    found = alone(
        every_days=60,
        likelihood=0.5,
        warning_days={"exponential": {"mean": 1}},
        needs={"x": {"uniform": {"low": 0, "high": 50}}, "y": {"uniform": {"low": 0, "high": 50}}},
        lasts_days={"exponential": {"mean": 10}},
        escalates={"if_short_days": 4, "chance": 0.5, "extends_days": {"exponential": {"mean": 8}}},
    )
    table = np.array(
        [
            [
                each.onset_day,
                each.happens,
                each.onset_day - each.known_day,
                each.phases[0].days,
                dict(each.phases[0].needs).get("x", 0),
                dict(each.phases[0].needs).get("y", 0),
                each.escalation.escalates,
                each.escalation.extends_days,
            ]
            for one in found
            for each in one
            if each.escalation is not None and each.onset_day > 20
        ],
        dtype=float,
    )
    correlations = np.corrcoef(table.T)[np.triu_indices(table.shape[1], 1)]
    assert np.abs(correlations).max() < 4.5 / math.sqrt(len(table))
