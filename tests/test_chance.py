"""Chance has names: what belongs to one thing does not depend on anything else."""

from __future__ import annotations

import math
from typing import Any

import pytest
from scipy import stats

from sim import from_mapping
from sim.chance.trace import BLOCK, Occurrence, draw_traces, trace_of
from sim.operations.replication import simulate
from sim.operations.theatre import Theatre
from sim.results.outcome import Batch
from sim.running.batches import Job, run_batch
from sim.scenario.loaded import LoadedScenario, with_option
from tests.worlds import assert_drawn

SEED = 2012
SETS = 5
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


def changed(**words: Any) -> LoadedScenario:
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


def raids(scenario: LoadedScenario) -> list[list[Occurrence]]:
    """Every occurrence of the raid and what it spilled over to, by replication of the first five sets."""
    traces = [trace for block in range(SETS) for trace in draw_traces(scenario, SEED, block)]
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


Numbered = dict[tuple[int, int], Occurrence]


def by_number(scenario: LoadedScenario, child: bool = False) -> Numbered:
    """The raids (or what they spilled over to) by replication and place in the draws."""
    return {
        (number, each.draw): each
        for number, one in enumerate(raids(scenario))
        for each in one
        if (each.parent is not None) is child
    }


@pytest.mark.parametrize("every_days", [39, 44])
def test_a_crisis_that_comes_more_or_less_often_is_otherwise_the_same(every_days: float) -> None:
    before, after = by_number(changed()), by_number(changed(crises__raid__every_days=every_days))
    shared = before.keys() & after.keys()
    assert len(shared) > 0.85 * max(len(before), len(after))
    for key in shared:
        one, other = before[key], after[key]
        assert other.onset_day == pytest.approx(one.onset_day * every_days / 40)
        assert (other.happens, other.phases, other.escalation) == (one.happens, one.phases, one.escalation)
    before, after = by_number(changed(), True), by_number(changed(crises__raid__every_days=every_days), True)
    assert len(before.keys() & after.keys()) > 0.8 * max(len(before), len(after))


def test_a_longer_period_adds_to_what_happens_and_changes_nothing() -> None:
    longer = raids(changed(period={"from": "2011-01-01", "to": "2013-12-31"}))
    facts = ("crisis", "draw", "onset_day", "known_day", "happens", "phases", "escalation")
    for one, other in zip(AS_IT_IS, longer, strict=True):
        within = [each for each in other if each.onset_day < 365]
        assert [[getattr(each, fact) for fact in facts] for each in within] == [
            [getattr(each, fact) for fact in facts] for each in one
        ]
    assert sum(map(len, longer)) > 2 * sum(map(len, AS_IT_IS))


def test_paper_of_a_crisis_that_comes_more_often_takes_as_long() -> None:
    """By the place of an occurrence in the draws: what its first request met."""

    def consents(every_days: float) -> dict[tuple[Any, ...], float]:
        scenario = changed(crises__raid__every_days=every_days, crises__raid__needs={"company": 1})
        draws = {(key[0], each.onset_day): key[1] for key, each in by_number(scenario).items()}
        return {
            (key[0], draws[key[0], key[2]], *key[3:]): step[1]
            for key, step in steps(scenario, "all").items()
            if key[1] == "raid" and step[1] is not None
        }

    before, after = consents(40), consents(38)
    shared = before.keys() & after.keys()
    assert len(shared) > 40
    for key in shared:
        assert after[key] == pytest.approx(before[key])


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"exponential": {"mean": 10}}, {"exponential": {"mean": 11}}),
        ({"uniform": {"low": 1, "high": 4}}, {"uniform": {"low": 1, "high": 5}}),
        ({"triangular": {"low": 1, "mode": 4, "high": 9}}, {"triangular": {"low": 1, "mode": 5, "high": 9}}),
        ({"lognormal": {"mean": 10, "sd": 5}}, {"lognormal": {"mean": 11, "sd": 5.5}}),
        ({"gamma": {"mean": 10, "sd": 5}}, {"gamma": {"mean": 11, "sd": 5}}),
        ({"weibull": {"mean": 10, "shape": 0.7}}, {"weibull": {"mean": 11, "shape": 0.7}}),
        ({"empirical": [3, 1, 9]}, {"empirical": [2, 9, 4]}),
        ({"discrete": {5: 1, 1: 2}}, {"discrete": {1: 1, 5: 2}}),
    ],
    ids=lambda words: next(iter(words)),
)
def test_the_same_luck_gives_more_where_there_is_more_to_have(less: dict[str, Any], more: dict[str, Any]) -> None:
    before, after = (by_number(changed(crises__raid__lasts_days=lasts)) for lasts in (less, more))
    assert before.keys() == after.keys()
    pairs = [(before[key].phases[0].days, after[key].phases[0].days) for key in before]
    assert all(fewer <= further for fewer, further in pairs)
    assert any(fewer < further for fewer, further in pairs)


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
    assert trace_of(scenario, SEED, 2 * BLOCK + 13) == block[13] == trace_of(from_mapping(WORLD), SEED, 2 * BLOCK + 13)


def test_another_worker_or_another_batch_changes_nothing() -> None:
    scenario = changed(options__none={"policy": {"share": "none"}})
    job = Job.of(scenario, ["all", "none"], seed=SEED, keep=0)

    def values(*batches: Batch) -> dict[tuple[str, int], list[float]]:
        found = [run_batch(job, batch).values for batch in batches]
        return {(option, number): table.tolist() for each in found for option in each for number, table in each[option]}

    assert values(Batch(0, 12)) == values(Batch(7, 12), Batch(0, 3), Batch(3, 7))


def test_each_child_of_a_crisis_has_its_own_luck() -> None:
    spill = {"to": "South", "chance": 1, "lasts_days": 5, "needs": {"company": 1}}
    found = raids(changed(crises__raid__spills_over=[spill, {**spill, "to": "North"}, {**spill, "after_days": 3}]))[
        :BLOCK
    ]
    draws = [each.draw for one in found for each in one if each.crisis == "raid → South"]
    assert len(set(draws)) == len(draws) > BLOCK
    assert max(draws) < next(each.draws for one in found for each in one if each.crisis == "raid → South")


# -- the same step, the same luck ------------------------------------------------------------------------------------

Step = tuple[Any, ...]


def steps(scenario: LoadedScenario, option: str, blocks: int = SETS) -> dict[Step, Step]:
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
    reference = steps(scenario, "all")
    for option in list(scenario.options)[1:]:
        found = steps(scenario, option)
        shared = reference.keys() & found.keys()
        assert len(shared) > 40
        for key in shared:
            assert found[key] == pytest.approx(reference[key])


def test_gates_refusals_and_windows_are_drawn_as_the_paper_says() -> None:
    scenario = changed(crises__raid__needs={"company": 2}, crises__raid__lasts_days=60)
    asked = {key: step for key, step in steps(scenario, "all", 3 * SETS).items() if key[-1] == "Ghana"}
    refused = sum(step[3] == "contributor" for step in asked.values())
    low, high = stats.binomtest(refused, len(asked)).proportion_ci(0.9999)
    assert low < 0.3 < high
    # Who refuses before the council decides never learns how long it would have taken: of the others, all did.
    granted = [step for key, step in asked.items() if step[3] is None and key[2] < 300]
    assert_drawn([step[0] for step in granted], 4, 4)  # the council's exponential
    assert_drawn([step[2] for step in granted], 30, 20 / math.sqrt(12))  # the window's uniform
