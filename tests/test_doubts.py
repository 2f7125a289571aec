"""What a scenario is asked, which of its options can be compared, and the worlds of what nobody knows."""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.chance.worlds import KEPT, worlds
from sim.errors import ScenarioError, UsageError
from sim.measures.catalogue import MEASURES
from sim.results.schema import WORLDS
from sim.scenario.files.doubt_targets import multiplied, without_doubts_about
from sim.scenario.files.patch import difference, merge
from sim.scenario.fingerprint import fingerprint
from sim.scenario.load import from_mapping, read
from sim.scenario.loaded import LoadedScenario, in_world, with_option
from sim.scenario.nouns.doubts import CUT, Doubt
from sim.scenario.nouns.question import Compared
from sim.scenario.nouns.scenario import Scenario
from sim.statistics.direction_numbers import BITS, DIMENSIONS
from sim.statistics.even_points import MOST_POINTS, TOGETHER, even_points, scrambled, sobol

SCENARIOS = Path(__file__).parents[1] / "scenarios"

CONSENT = {"path": "contributors.Ghana.consent_days", "times": {"lognormal": {"mean": 1.5, "sd": 0.8}}}
RAIDS = {"path": "crises.raids.every_days", "is": {"between": [30, 120]}}
NEEDS = {"path": "crises.*.needs.*", "times": {"triangular": {"low": 0.5, "mode": 1, "high": 2}}}
REFUSALS = {"path": "contributors.*.refuses", "is": {"one_of": [0.1, 0.2, 0.4]}}
DOUBTS = {"consent": CONSENT, "raids": RAIDS, "needs": NEEDS, "refusals": REFUSALS}


def mapping(**over: Any) -> dict[str, Any]:
    """A small sound scenario with something of every kind that can be doubted."""
    return {
        "period": {"from": "2012-01-01", "to": "2012-12-31"},
        "missions": {
            "North": {
                "holds": {"company": {"Ghana": 4}},
                "routine": {"company": 3},
                "changes": [{"on": "2012-07-01", "holds": {"company": {"Ghana": -1}}}],
            },
            "South": {"holds": {"company": {"Ghana": 4, "Nepal": 2}}, "reception_per_day": {"company": 2}},
        },
        "contributors": {
            "Ghana": {"consent_days": {"lognormal": {"mean": 17, "sd": 6}}, "refuses": 0.05},
            "Nepal": {"refuses": 0.1},
            "others": {"consent_days": 3},
        },
        "crises": {
            "raids": {"mission": "North", "every_days": 60, "lasts_days": 20, "needs": {"company": 2}},
            "vote": {
                "mission": "North",
                "on": "2012-10-07",
                "warning_days": 30,
                "phases": [{"lasts_days": 30, "needs": {"company": {"discrete": {"1": 3, "3": 1}}}}],
            },
        },
        "agreements": {
            "ad hoc": {
                "between": ["North", "South"],
                "gates": {"council": {"days": 5}, "contributor": {}},
                "window_days": 90,
                "renewals": {"most": 2, "days": [28, 90]},
            }
        },
        "options": {
            "no sharing": {},
            "as it is": {"policy": {"share": "agreements", "prevent_days": 7}},
            "standing": {
                "policy": {"share": "agreements", "prevent_days": 7},
                "change": {"agreements": {"ad hoc": {"standing": ["contributor"]}}},
            },
        },
        **over,
    }


def loaded(**over: Any) -> LoadedScenario:
    return from_mapping(mapping(**over))


def nouns(scenario: LoadedScenario) -> dict[str, Any]:
    """What a scenario says, without what was made of it."""
    return {name: getattr(scenario, name) for name in (*Scenario.model_fields, "raw")}


def changed(**crises: Any) -> dict[str, Any]:
    return {"change": {"crises": crises}}


# --- points that spread evenly ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [0, 1, 15, 1000, 2**17 - 1])
def test_points_are_scipys(batch: int) -> None:
    """In all dimensions that there are: SciPy's own is slow to import, and serves as the oracle."""
    sequence = stats.qmc.Sobol(d=DIMENSIONS, scramble=False, bits=BITS)
    if batch:  # SciPy cannot go forward by nothing
        sequence.fast_forward(batch * TOGETHER)
    wanted = (sequence.random(TOGETHER) * MOST_POINTS).astype(np.uint64)
    assert (sobol(DIMENSIONS, batch * TOGETHER) == wanted).all()
    assert (sobol(3, batch * TOGETHER) == wanted[:, :3]).all()
    assert (wanted == by_scipys_directions(batch)).all(), "the oracle of the last batch"


def by_scipys_directions(batch: int) -> NDArray[np.uint64]:
    """A batch, from the numbers that SciPy made: it goes forward point by point, for a minute to the last."""
    directions = stats.qmc.Sobol(d=DIMENSIONS, scramble=False, bits=BITS)._sv.astype(np.uint64)
    numbers = range(batch * TOGETHER, (batch + 1) * TOGETHER)
    chosen = [[place for place in range(BITS) if (number ^ number >> 1) >> place & 1] for number in numbers]
    return np.array([np.bitwise_xor.reduce(directions[:, places], axis=1) for places in chosen])


@pytest.mark.parametrize("batch", [2**20, MOST_POINTS // TOGETHER - 1])
def test_the_last_points_are_scipys_too(batch: int) -> None:
    assert (sobol(DIMENSIONS, batch * TOGETHER) == by_scipys_directions(batch)).all()


def test_as_many_doubts_as_a_scenario_may_have_are_spread_evenly() -> None:
    most = next(each.max_length for each in Scenario.model_fields["doubts"].metadata if hasattr(each, "max_length"))
    assert most == DIMENSIONS
    with pytest.raises(ValueError, match="no more than 100 dimensions"):
        even_points(list(range(DIMENSIONS + 1)), 0)


def test_scrambling_keeps_what_begins_alike_together() -> None:
    """It is a tree of coins: numbers share as many leading digits afterwards as before, and all numbers stay apart."""
    digits = np.arange(2**12, dtype=np.uint64) << np.uint64(BITS - 12)
    after = scrambled(digits, 20121128) >> np.uint64(BITS - 12)
    assert sorted(after) == list(range(2**12))
    for length in (1, 4, 9):
        heads = (digits >> np.uint64(BITS - length)).astype(int), (after >> np.uint64(12 - length)).astype(int)
        assert len(set(zip(*heads, strict=True))) == 2**length


def test_scrambled_points_are_uniform_whatever_the_key() -> None:
    """The first point, over keys, and each pair of points in two dimensions: no digit of one tells of another's."""
    keys = np.random.default_rng(3).integers(0, 2**63, size=(600, 2))
    first = np.array([even_points([int(one), int(other)], 0)[:2] for one, other in keys])
    for column in (first[:, 0, 0], first[:, 1, 0], first[:, 0, 1]):
        assert stats.kstest(column, "uniform").pvalue > 0.001
    assert abs(np.corrcoef(first[:, 0, 0], first[:, 0, 1])[0, 1]) < 4 / np.sqrt(600)


@pytest.mark.parametrize("batch", [0, 1, 7, 2**20])
def test_one_point_falls_into_each_part_of_every_dimension(batch: int) -> None:
    points = even_points([1, 2, 3, 4, 5, 6, 7, 8], batch)
    for count in (2, 16, 64):
        for begin in range(0, TOGETHER, count):
            parts = np.floor(points[begin : begin + count] * count).astype(int)
            assert (np.sort(parts, axis=0) == np.arange(count)[:, None]).all()


def test_two_dimensions_are_spread_evenly_together() -> None:
    """Of 64 points one in each cell of 8 by 8, in the first two dimensions: Sobol's are a net."""
    points = even_points([11, 12], 0)
    assert len({(int(a), int(b)) for a, b in points * 8}) == 64


def test_a_column_more_and_other_points_leave_the_others_as_they_were() -> None:
    both = np.concatenate([even_points([5, 6], 0), even_points([5, 6], 1)])
    assert (even_points([5, 6, 7], 1)[:, :2] == both[64:]).all()
    assert not (even_points([5, 8], 0)[:, 1] == both[:64, 1]).any()


# --- what a doubt draws -----------------------------------------------------------------------------------------------


def doubt(**said: Any) -> Doubt:
    return Doubt.model_validate({"path": "x", **said})


def drawn(one: Doubt, *, whole: bool = False) -> NDArray[np.float64]:
    """At 1,000 points that are spread evenly."""
    return np.array([one.at((place + 0.5) / 1000, whole=whole) for place in range(1000)])


def test_a_range_of_units_takes_each_of_them_as_often() -> None:
    counts = np.unique(drawn(doubt(**{"is": {"between": [2, 5]}}), whole=True), return_counts=True)
    assert [each.tolist() for each in counts] == [[2, 3, 4, 5], [250] * 4]


def test_a_range_and_a_list_are_drawn_evenly() -> None:
    assert drawn(doubt(**{"is": {"between": [10, 70]}})).mean() == pytest.approx(40)
    values, counts = np.unique(drawn(doubt(**{"is": {"one_of": [-19, 0, 0, 60]}})), return_counts=True)
    assert values.tolist() == [-19, 0, 60]
    assert counts.tolist() == [250, 500, 250]


def test_a_distribution_is_drawn_from_up_to_its_outermost_ten_thousandths() -> None:
    spread = {"lognormal": {"mean": 2, "sd": 3}}
    sigma = np.sqrt(np.log1p(1.5**2))
    exact = stats.lognorm(sigma, scale=2 * np.exp(-(sigma**2) / 2))
    one = doubt(times=spread)
    assert one.ends() == pytest.approx(exact.ppf([CUT, 1 - CUT]))
    assert one.at(0.5) == pytest.approx(exact.median())
    share = exact.cdf([one.at(0.1), one.at(0.9)])
    assert share == pytest.approx([0.1, 0.9], abs=2 * CUT)
    assert doubt(times={"uniform": {"low": 0.5, "high": 2}}).ends() == (0.5, 2)


def test_a_value_has_nine_digits() -> None:
    """So that the last digit of a logarithm, which differs between machines, is nobody's."""
    for value in drawn(doubt(times={"lognormal": {"mean": 2, "sd": 3}})):
        assert float(f"{value:.9g}") == value


@pytest.mark.parametrize(
    ("value", "twice"),
    [(3, 6), (3.5, 7), ({"exponential": {"mean": 3}}, {"exponential": {"mean": 6}}),
     ({"uniform": {"low": 1, "high": 3}}, {"uniform": {"low": 2, "high": 6}}),
     ({"triangular": {"low": 1, "mode": 2, "high": 3}}, {"triangular": {"low": 2, "mode": 4, "high": 6}}),
     ({"lognormal": {"mean": 17, "sd": 6}}, {"lognormal": {"mean": 34, "sd": 12}}),
     ({"gamma": {"mean": 17, "sd": 6}}, {"gamma": {"mean": 34, "sd": 12}}),
     ({"weibull": {"mean": 17, "shape": 1.5}}, {"weibull": {"mean": 34, "shape": 1.5}}),
     ({"empirical": [1, 9]}, {"empirical": [2, 18]}),
     ({"discrete": {"1": 3, "2.5": 1}}, {"discrete": {"2.0": 3, "5.0": 1}}),
     ({"one_of": [{"weight": 2, "is": 1}, {"weight": 1, "is": {"uniform": {"low": 1, "high": 3}}}]},
      {"one_of": [{"weight": 2, "is": 2}, {"weight": 1, "is": {"uniform": {"low": 2, "high": 6}}}]}),
     ([28, 90], [56, 180])],
)  # fmt: skip
def test_a_factor_stretches_every_distribution_in_proportion(value: Any, twice: Any) -> None:
    assert multiplied(value, 2) == twice


def test_nothing_times_anything_is_nothing() -> None:
    assert multiplied({"discrete": {"1": 3, "2": 1}}, 0) == {"discrete": {"0.0": 4}}


# --- worlds -----------------------------------------------------------------------------------------------------------


def test_without_doubts_every_world_is_the_scenario_itself() -> None:
    scenario = loaded()
    world = worlds(scenario, 1)[10**9]
    assert world.scenario is scenario
    assert world.values == {}
    assert worlds(scenario, 1).rows(3) == []


def test_worlds_are_the_same_whenever_and_in_whatever_order_they_are_asked_for() -> None:
    scenario = loaded(doubts=DOUBTS)
    drawn = [worlds(scenario, 7)[number].values for number in range(130)]
    again = worlds(pickle.loads(pickle.dumps(scenario)), 7)
    for number in (129, 3, 64, 3, 0, 128):
        assert again[number].values == drawn[number]
        assert again.rows(number) == [(number, name, value) for name, value in drawn[number].items()]
    assert len({tuple(each.values()) for each in drawn}) == 130
    assert worlds(scenario, 8)[0].values != drawn[0]
    assert again[5].scenario is again[5].scenario
    assert len(again._kept) <= KEPT


def test_worlds_are_the_same_bytes_on_every_machine() -> None:
    found = [worlds(loaded(doubts=DOUBTS), 2012)[number].values for number in (0, 1, 1000)]
    assert [list(each.values()) for each in found] == [
        [1.73214491, 105.171419, 1.41132261, 0.1],
        [1.19227229, 32.8519113, 0.886880763, 0.2],
        [1.35466118, 101.543363, 0.903849017, 0.2],
    ]


def test_a_doubt_that_is_added_leaves_the_others_as_they_were() -> None:
    more = {**DOUBTS, "window": {"path": "agreements.ad hoc.window_days", "is": {"between": [30, 90]}}}
    before, after = worlds(loaded(doubts=DOUBTS), 7), worlds(loaded(doubts=more), 7)
    for number in (0, 99):
        assert {**after[number].values, **before[number].values} == after[number].values


def test_doubts_of_many_worlds_are_as_said_and_not_of_one_another() -> None:
    scenario = loaded(doubts=DOUBTS)
    drawn = np.array(
        [list(worlds_.values(number).values()) for worlds_ in [worlds(scenario, 7)] for number in range(512)]
    )
    assert drawn[:, 1].mean() == pytest.approx(75, abs=0.05)
    assert drawn[:, 0].mean() == pytest.approx(1.5, abs=0.02)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(4)).max() < 0.03


def test_a_world_has_the_numbers_that_were_drawn_and_no_others() -> None:
    scenario = loaded(doubts=DOUBTS)
    world = in_world(scenario, {"consent": 2.0, "raids": 45.5, "needs": 1.6, "refusals": 0.4})
    assert world.doubts == {}
    assert world.contributors["Ghana"].consent_days.lognormal.mean == 34  # type: ignore[union-attr]
    assert world.contributors["Ghana"].refuses == world.contributors["Nepal"].refuses == 0.4
    assert world.contributors["others"].refuses == 0  # * stands where the file says it
    assert world.crises["raids"].every_days == 45.5
    assert world.crises["raids"].needs == {"company": 3}  # 3.2 units are 3
    assert world.crises["vote"] == scenario.crises["vote"]  # its needs stand in phases
    expected = mapping(doubts={})
    expected["contributors"]["Ghana"] |= {"consent_days": {"lognormal": {"mean": 34, "sd": 12}}, "refuses": 0.4}
    expected["contributors"]["Nepal"]["refuses"] = 0.4
    expected["crises"]["raids"] |= {"every_days": 45.5, "needs": {"company": 3}}
    assert nouns(world) == nouns(from_mapping(expected))
    assert fingerprint(world) == fingerprint(from_mapping(expected))


@pytest.mark.parametrize(
    ("path", "at", "value"),
    [("missions.North.holds.company", 2.6, 3), ("missions.North.holds.company.Ghana", 2.5, 3),
     ("missions.North.changes.1.holds.company.Ghana", -2.4, -2), ("agreements.ad hoc.window_days", 2.6, 2.6),
     ("missions.South.routine.company", 2.6, 3), ("agreements.ad hoc.gates.council.refuses", 0.4, 0.4),
     ("crises.vote.phases.1.needs.company", 2.6, 3), ("crises.raids.patience_days", 2.6, 2.6),
     ('crises."raids".severity', 2.6, 3)],
)  # fmt: skip
def test_what_is_drawn_takes_the_place_of_what_stands_there_or_is_left_out(path: str, at: float, value: float) -> None:
    scenario = loaded(doubts={"it": {"path": path, "is": {"one_of": [at, at + (1 if at > 1 else 0.4)]}}})
    raw: Any = in_world(scenario, {"it": at}).raw
    for step in path.replace('"', "").split("."):
        raw = raw[int(step) - 1] if isinstance(raw, tuple) else raw[step]
    held = raw["Ghana"] if isinstance(raw, dict) else raw
    assert held == value
    assert type(held) is type(value)


def test_the_worlds_of_a_list_move_together_once_each() -> None:
    paths = [
        "crises.vote.phases.*.needs.*",
        "crises.*.needs.*",
        "crises.raids.needs.company",
        "agreements.*.renewals.days",
    ]
    world = in_world(loaded(doubts={"all": {"path": paths, "times": {"between": [0.5, 4]}}}), {"all": 3.0})
    assert world.crises["raids"].needs == {"company": 6}
    assert world.crises["vote"].phases[0].needs["company"].mean() == 3 * 1.5  # type: ignore[union-attr]
    assert world.agreements["ad hoc"].renewals.days == (84, 270)  # type: ignore[union-attr]


def test_the_world_comes_first_and_the_change_of_the_option_on_top() -> None:
    options = {
        "no sharing": {},
        "prompt": {"change": {"contributors": {"Ghana": {"consent_days": {"lognormal": {"mean": 2}}, "refuses": 0}}}},
    }
    scenario = loaded(doubts={"consent": CONSENT, "refusals": REFUSALS}, options=options)
    world = in_world(scenario, {"consent": 2.0, "refusals": 0.4})
    ghana = with_option(world, "prompt").contributors["Ghana"]
    assert ghana.refuses == 0
    assert ghana.consent_days.lognormal.model_dump() == {"mean": 2, "sd": 12}  # type: ignore[union-attr]
    assert with_option(world, "prompt").contributors["Nepal"].refuses == 0.4
    assert with_option(world, "no sharing") is world
    assert with_option(scenario, "prompt").contributors["Nepal"].refuses == 0.1


def test_every_world_is_sound_under_every_option() -> None:
    """Checked at the ends only when it is loaded; here from the beginning, as a file that says the same."""
    scenario = loaded(doubts=DOUBTS)
    drawer = worlds(scenario, 3)
    for number in range(40):
        world = drawer[number]
        whole = from_mapping(world.scenario.raw)
        assert nouns(whole) == nouns(world.scenario)
        for name in scenario.options:
            assert nouns(with_option(whole, name)) == nouns(with_option(world.scenario, name))


def test_a_world_is_made_of_values_that_make_a_scenario() -> None:
    scenario = loaded(doubts=DOUBTS)
    with pytest.raises(UsageError, match="no doubt 'raid'; did you mean 'raids'"):
        in_world(scenario, {"raid": 3})
    with pytest.raises(ScenarioError, match=r"crises\.raids\.every_days: must be more than 0"):
        in_world(scenario, {"raids": 0})
    with pytest.raises(UsageError, match="world: must be 0 to"):
        worlds(scenario, 1)[-1]
    left = in_world(scenario, {"raids": 45})
    assert list(left.doubts) == ["consent", "needs", "refusals"]
    rest = {"needs": 1, "refusals": 0.1}
    step_by_step = in_world(in_world(left, {"consent": 2}), rest)
    assert nouns(step_by_step) == nouns(in_world(scenario, {"raids": 45, "consent": 2, **rest}))


# --- what identifies a scenario ---------------------------------------------------------------------------------------


def test_doubts_and_their_order_are_part_of_a_scenario_and_questions_are_not() -> None:
    plain, doubted = loaded(), loaded(doubts=DOUBTS)
    assert fingerprint(plain) != fingerprint(doubted)
    assert fingerprint(doubted) != fingerprint(loaded(doubts=dict(reversed(DOUBTS.items()))))
    noted = {**DOUBTS, "raids": {**RAIDS, "source": "two cases", "confidence": "assumed", "about": "how often"}}
    assert fingerprint(doubted) == fingerprint(loaded(doubts=noted))
    asked = loaded(question={"compare": ["standing", "as it is"]})
    assert fingerprint(plain) == fingerprint(asked)
    grouped = mapping()
    grouped["options"]["standing"]["group"] = "paper"
    assert fingerprint(plain) == fingerprint(from_mapping(grouped))


def test_a_patch_says_the_order_of_doubts() -> None:
    one, other = mapping(doubts=DOUBTS), mapping(doubts=dict(reversed(DOUBTS.items())))
    patch = difference(one, other)
    assert list(merge(one, patch)["doubts"]) == list(other["doubts"])
    assert fingerprint(from_mapping(merge(one, patch))) == fingerprint(from_mapping(other))


def test_one_spelling_of_what_a_doubt_may_be_replaces_another() -> None:
    patch = {"doubts": {"raids": {"is": {"one_of": [30, 60]}}, "consent": {"times": {"between": [1, 2]}}}}
    scenario = from_mapping(merge(mapping(doubts=DOUBTS), patch))
    assert scenario.doubts["raids"].ends() == (30, 60)
    assert scenario.doubts["consent"].ends() == (1, 2)


# --- what is odd ------------------------------------------------------------------------------------------------------


def test_a_doubt_that_changes_nothing_is_warned_of() -> None:
    options = {
        "no sharing": {},
        "prompt": {"change": {"contributors": {"Ghana": {"consent_days": 1}}}},
        "paper": {
            "policy": {"share": "all"},
            "change": {"contributors": {"Ghana": mapping()["contributors"]["Ghana"]}},
        },
    }
    crises = {"raids": mapping()["crises"]["raids"]}
    little = {"path": "crises.raids.needs.company", "times": {"between": [0.9, 1.1]}}
    scenario = loaded(doubts={"consent": CONSENT, "needs": little}, options=options, crises=crises)
    said = [f"{each.path}: {each.what}" for each in scenario.warnings]
    assert said == [
        "doubts.consent.path: has no effect under ‘paper’, whose change says the same again",
        "doubts.needs.times: has no effect: whatever is drawn, crises.raids.needs.company stays what it is",
    ]


# --- groups -----------------------------------------------------------------------------------------------------------


def test_options_with_other_crises_or_other_units_stand_apart() -> None:
    moved = {"missions": {"North": {"holds": {"company": {"Ghana": 3}}}, "South": {"holds": {"company": {"Ghana": 5}}}}}
    options = {
        "as it is": {},
        "fewer raids": changed(raids={"every_days": 90}),
        "earlier warning": changed(raids={"warning_days": 9, "label": "Raids"}),
        "moved": {"change": moved},
        "moved to a hub": {"change": {"missions": {"North": {"holds": {"company": {"Ghana": 3}}},
                                                   "Hub": {"holds": {"company": 1}}}}},
        "more": {"change": {"missions": {"Hub": {"holds": {"company": 1}}}}},
        "more, and standing": {"change": {"missions": {"Hub": {"holds": {"company": 1}}},
                                          "agreements": {"ad hoc": {"standing": ["council"]}}}},
        "later": {"change": {"missions": {"North": {"changes": []}}}},
        "opens later": {"change": {"missions": {"South": {"active": {"from": "2012-08-01"}}}}},
        "leaves early": {"change": {"missions": {"South": {"active": {"to": "2012-08-01"}}}}},
        "said": {"group": "another", **changed(raids={"every_days": 90})},
        "said, too": {"group": "another"},
    }  # fmt: skip
    assert loaded(options=options).groups == {
        "like as it is": ("as it is", "earlier warning", "moved", "moved to a hub"),
        "like fewer raids": ("fewer raids",),
        "like more": ("more", "more, and standing"),
        "like later": ("later",),
        "like opens later": ("opens later",),
        "like leaves early": ("leaves early",),
        "another": ("said", "said, too"),
    }


def test_units_moved_on_one_day_are_only_moved() -> None:
    def leaving(day: str, units: int) -> dict[str, Any]:
        return {"changes": [{"on": day, "holds": {"company": {"Ghana": units}}}]}

    both = {"missions": {"North": leaving("2012-05-01", -2), "South": leaving("2012-05-01", 1)}}
    late = {"missions": {"North": leaving("2012-05-01", -2), "South": leaving("2012-06-01", 1)}}
    one = {"missions": {"North": leaving("2012-05-01", -1)}}
    options = {"one leaves": {"change": one}, "two, one to South": {"change": both}, "a month later": {"change": late}}
    assert list(loaded(options=options).groups.values()) == [("one leaves", "two, one to South"), ("a month later",)]


# --- the question -----------------------------------------------------------------------------------------------------


def test_the_measures_that_can_be_asked_for_are_those_of_a_comparison() -> None:
    assert get_args(Compared) == tuple(MEASURES)


def test_without_a_question_the_best_option_is_held_against_the_reference() -> None:
    options = {**mapping()["options"], "fewer raids": changed(raids={"every_days": 90})}
    asked = loaded(options=options).asked
    assert asked.kind == "best"
    assert asked.pairs == (("as it is", "no sharing"), ("standing", "no sharing"))
    assert (asked.measure, asked.place, asked.coverage, asked.text) == ("unmet_unit_days", ("*", "*"), None, None)


def test_two_options_are_compared_as_asked() -> None:
    question = {
        "ask": "What does a standing clause save?",
        "compare": ["standing", "as it is"],
        "measure": "coverage",
        "where": {"mission": "North"},
        "target": {"coverage": 0.8},
    }
    asked = loaded(question=question).asked
    assert asked == ("compare", (("standing", "as it is"),), (), "coverage", ("North", "*"), 0.8, question["ask"])


def test_packages_stand_apart_from_single_steps() -> None:
    steps = ["contributor standing", "council standing", "host standing", "all three standing"]
    patch = {"question": {"one_by_one": steps, "against": "as it was"}}
    asked = read(SCENARIOS / "legal_basis.yaml").change(patch).asked
    assert asked.kind == "one by one"
    assert asked.pairs[0] == ("contributor standing", "as it was")
    assert asked.packages == ("all three standing",)


def test_an_option_that_goes_on_from_another_is_no_package() -> None:
    paper: dict[str, Any] = {"standing": ["council"]}
    options: dict[str, Any] = {
        "no sharing": {},
        "loans": {"policy": {"share": "all"}},
        "under paper": {"policy": {"share": "all"}, "change": {"agreements": {"ad hoc": paper}}},
        "with recall": {"policy": {"share": "all", "recall": True}, "change": {"agreements": {"ad hoc": paper}}},
        "warned": {"policy": {"share": "none", "prevent_days": 9}},
        "all of it": {"policy": {"share": "all", "recall": True, "prevent_days": 7},
                      "change": {"agreements": {"ad hoc": {"standing": ["council", "host"]}}}},
    }  # fmt: skip
    question = {"one_by_one": [name for name in options if name != "no sharing"]}
    assert loaded(options=options, question=question).asked.packages == ()
    options["warned"]["policy"]["prevent_days"] = 7
    assert loaded(options=options, question=question).asked.packages == ("all of it",)


# --- what is known after all ------------------------------------------------------------------------------------------


def test_what_is_set_by_hand_is_drawn_by_no_doubt() -> None:
    """For a sweep: the number that it sets is known in all worlds, whatever else the doubt is about."""
    raw = without_doubts_about(mapping(doubts=DOUBTS), "contributors.Ghana.refuses")
    assert raw["doubts"]["refusals"] == {**REFUSALS, "path": ["contributors.Nepal.refuses"]}
    assert raw["doubts"]["consent"] is CONSENT
    assert list(without_doubts_about(raw, "contributors.Ghana.consent_days.lognormal.sd")["doubts"]) == [
        "raids",
        "needs",
        "refusals",
    ]
    assert list(without_doubts_about(raw, "crises.raids")["doubts"]) == ["consent", "refusals"]
    assert without_doubts_about(raw, "missions.North.routine.company") == raw
    assert without_doubts_about(mapping(), "missions.North.routine.company") == mapping()
    named = mapping(doubts={"all": {"path": "contributors.*.refuses", "times": {"between": [1, 2]}}})
    named["contributors"]["St. Kitts"] = {"refuses": 0.3}
    left = without_doubts_about(named, "contributors.Nepal.refuses")
    assert left["doubts"]["all"]["path"] == ["contributors.Ghana.refuses", 'contributors."St. Kitts".refuses']
    assert in_world(from_mapping(left), {"all": 2}).contributors["St. Kitts"].refuses == 0.6


# --- the table of worlds ----------------------------------------------------------------------------------------------


def test_the_rows_of_worlds_fit_their_table() -> None:
    drawer = worlds(loaded(doubts=DOUBTS), 7)
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(WORLDS.create)
        for number in (1, 0):
            database.executemany(WORLDS.insert, [(*row, 0) for row in drawer.rows(number)])
        rows = database.execute(WORLDS.select("ORDER BY world, doubt")).fetchall()
    assert [row[:3] for row in rows] == sorted(drawer.rows(0) + drawer.rows(1))
