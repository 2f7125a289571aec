"""Sweeps with known answers: inputs and their spelling, sensitivities, and the region in which an option loses."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from sim import from_mapping
from sim.errors import UsageError
from sim.questions.sweep.inputs import Input, Span, latin_hypercube, varied
from sim.questions.sweep.sweep import Sweep, sweep
from sim.statistics.prim import discover
from sim.statistics.sensitivity import sensitivity

PLAIN: dict[str, Any] = {
    "period": {"from": "2021-01-01", "to": "2021-12-31"},
    "missions": {"East": {"holds": {"company": 2}}, "West": {"holds": {"company": 3}, "routine": {"company": 1}}},
    "crises": {"unrest": {"mission": "East", "on": "2021-03-01", "lasts_days": 100, "needs": {"company": 4}}},
    "agreements": {"ad hoc": {"between": "any", "gates": {"council": {"days": 10}}}},
    "options": {"alone": {"policy": {"share": "none"}}, "lend": {"policy": {"share": "all"}}},
}
"""Two companies are missing for 100 days; lent ones come after 10 days: 200 unit-days alone, 20 with lending."""


def scenario(**changes: Any) -> Any:
    return from_mapping({**PLAIN, **changes})


def unmet(found: Sweep, option: str) -> list[float]:
    return [setting.measures[option]["unmet_unit_days"].mean for setting in found.settings]


def test_an_option_of_another_group_is_held_against_none() -> None:
    more = {"policy": {"share": "all"}, "change": {"missions": {"West": {"holds": {"company": 30}}}}}
    asked = scenario(options={**PLAIN["options"], "more units": more})
    found = sweep(asked, ["agreements.ad hoc.gates.council.days=0,100"], replications=2)
    assert found.compared == ("lend",) and "more units" in found.settings[0].measures
    told = found.sentences()
    assert [line for line in told if "more units" in line] == [
        "‘more units’ stands apart: crises or units are not the same there, so nothing is said of which is better."
    ]


def test_costs_that_nobody_counts_are_null_and_those_of_a_free_loan_are_not_told_as_nothing() -> None:
    """Nothing of `PLAIN` has a price; with one, lending 2 companies costs something, and no sharing nothing."""
    asked = ["agreements.ad hoc.gates.council.days=0,10"]
    found = sweep(scenario(), asked, replications=2)
    for setting in found.as_json()["settings"]:
        assert setting["options"]["lend"]["cost_usd"]["mean"] is None
        assert setting["differences"]["lend"]["cost_usd"]["mean"] is None
    assert {row["mean"] for row in found.rows() if row["measure"] == "cost_usd"} == {None}
    priced = sweep(scenario(resources={"company": {"cost": {"per_unit_day_away": 100}}}), asked, replications=2)
    costs = [setting.measures for setting in priced.settings]
    assert all(each["alone"]["cost_usd"].mean == 0 < each["lend"]["cost_usd"].mean for each in costs)


def test_one_input_over_a_list() -> None:
    found = sweep(scenario(), ["agreements.ad hoc.gates.council.days=0,10,100,200"], replications=2)
    assert unmet(found, "alone") == pytest.approx([200] * 4)
    assert unmet(found, "lend") == pytest.approx([0, 20, 200, 200])
    apart = [setting.differences["lend"]["unmet_unit_days"] for setting in found.settings]
    assert [each.mean for each in apart] == pytest.approx([-200, -180, 0, 0])
    assert [setting.differences["lend"]["coverage"].mean for setting in found.settings] == pytest.approx(
        [0.5, 0.45, 0, 0]
    )
    assert found.reference == "alone" and found.sensitivities == {}
    assert found.sentences() == [
        "lend: leaves less unmet than ‘alone’ at 2 of 4 settings, not significantly more at the others."
    ]
    json.dumps(found.as_json(), allow_nan=False)


def test_it_is_said_where_the_best_option_changes() -> None:
    options = {
        "alone": {"policy": {"share": "none"}},
        "lend": {"policy": {"share": "all"}},
        "slow": {
            "policy": {"share": "all"},
            "change": {"agreements": {"ad hoc": {"gates": {"council": {"days": 30}}}}},
        },
    }
    days = "agreements.ad hoc.gates.council.days"
    gates = {"council": {"days": {"lognormal": {"mean": 20, "sd": 5}}}}
    asked = scenario(options=options, agreements={"ad hoc": {"between": "any", "gates": gates}})
    found = sweep(asked, [f"{days}=0,10,50,60"], replications=2)
    assert found.sentences() == [
        "lend: leaves less unmet than ‘alone’ at all 4 settings.",
        "slow: leaves less unmet than ‘alone’ at all 4 settings.",
        f"On average least is left unmet, by {days}: up to 10 ‘lend’, from 50 ‘slow’.",
        f"{days} is drawn in the scenario, lognormal (mean 20, sd 5);"
        " a plain number here takes its place and does not vary.",
    ]
    turned = sweep(asked, [f"{days}=0,60"], replications=2, reference="slow")
    assert turned.reference == "slow" and set(turned.settings[0].differences) == {"alone", "lend"}
    assert turned.sentences()[:2] == [
        "alone: leaves more unmet than ‘slow’ at all 2 settings.",
        "lend: leaves more unmet than ‘slow’ at 1 of 2 settings, less at 1.",
    ]
    with pytest.raises(UsageError, match="no option 'slov'; did you mean 'slow'"):
        sweep(asked, [f"{days}=0,60"], replications=2, reference="slov")
    with pytest.raises(UsageError, match=r"takes a list of values, like \[30\]"):
        sweep(asked, {days: 30})  # type: ignore[dict-item]


def test_two_inputs_make_a_grid() -> None:
    vary = {"missions.East.holds.company": [1, 2], "crises.unrest.lasts_days": [10, 50, 100]}
    found = sweep(scenario(), vary, options=["alone"], replications=1)
    assert [tuple(setting.inputs.values()) for setting in found.settings] == [
        (1, 10), (1, 50), (1, 100), (2, 10), (2, 50), (2, 100)
    ]  # fmt: skip
    assert unmet(found, "alone") == pytest.approx([30, 150, 300, 20, 100, 200])
    assert len(found.rows()) == 6 * 5
    assert found.rows()[0]["missions.East.holds.company"] == 1 and found.rows()[0]["mean"] == pytest.approx(30)


def test_a_sample_gives_sensitivities_and_workers_do_not_matter() -> None:
    """200 unit-days missing grow with the length of the crisis alone; the council's days only matter with lending."""
    vary = ["crises.unrest.lasts_days=20.0:120.0", "agreements.ad hoc.gates.council.days=0.0:15.0"]
    found = sweep(scenario(), vary, settings=40, replications=1, workers=1)
    alone = found.sensitivities["alone"]
    length, paper = found.paths
    assert alone.first_order[length] == pytest.approx(1, abs=0.02)
    assert alone.total[paper] == pytest.approx(0, abs=0.02)
    assert alone.predicted > 0.99
    # Saved are 2 (length − days): the two add up, with variances in proportion to the squares of their spans.
    lend = found.sensitivities["lend"]
    assert lend.first_order[paper] == pytest.approx(15**2 / (100**2 + 15**2), abs=0.02)
    assert sweep(scenario(), vary, settings=40, replications=1, workers=2).as_json() == found.as_json()


def test_the_region_in_which_lending_loses() -> None:
    """Three companies go 5.6 days' journey away, come home when it is over and need 20 days to recover.

    From day 4 their own mission needs n of them: with n = 0 lending gains, with n = 3 it loses whatever happens.
    """
    crises = {
        "unrest": {"mission": "East", "on": "2021-03-01", "lasts_days": 30, "needs": {"company": 3}},
        "worse": {"mission": "West", "on": "2021-03-05", "lasts_days": 150, "needs": {"company": 3}},
    }
    world = {
        "resources": {"company": {"recover_days": 20}},
        "missions": {"East": {"at": [0, 0]}, "West": {"at": [0, 20], "holds": {"company": 3}}},
        "crises": crises,
        "agreements": {},
    }
    vary = ["crises.worse.needs.company=0:3", "crises.unrest.lasts_days=8.0:30.0"]
    found = sweep(scenario(**world), vary, settings=60, replications=1)
    needs, lasts = (np.array([setting.inputs[path] for setting in found.settings]) for path in found.paths)
    assert not found.losses("lend")[needs == 0].any() and found.losses("lend")[needs == 3].all()
    assert (found.losses("lend")[needs == 1] == (lasts[needs == 1] < lasts[needs == 1].mean())).mean() > 0.6
    box = found.fails["lend"]
    assert box is not None and box.limits["crises.worse.needs.company"][0] in (0.5, 1.5)
    assert box.density > found.losses("lend").mean()
    assert "; on average where crises.worse.needs.company is above" in found.sentences()[0]


def test_inputs_are_spelled_as_in_a_scenario() -> None:
    assert Input.said("a.b c.d=1,2.5,none") == Input("a.b c.d", (1, 2.5, "none"))
    assert Input.said("x=true, 2010-10-01") == Input("x", (True, "2010-10-01"))
    assert Input.said("x={gamma: {mean: 9, sd: 3}},4").values == ({"gamma": {"mean": 9, "sd": 3}}, 4)
    assert Input.said("x=1:9:3").values == (1, 5, 9)
    assert Input.said("x=0:1:3").values == (0, 0.5, 1)
    assert Span.said("x=3:9") == Span("x", 3, 9, whole=True)
    assert Span.said("x=3.0:9") == Span("x", 3, 9)
    assert [Span("x", 3, 9, whole=True).at(share) for share in (0, 0.5, 0.999999)] == [3, 6, 9]


@pytest.mark.parametrize("text", ["", "x", "x=", "=3", "x=[", "x=1:9:1", "x=1:2:5000", "x={a: 1"])
def test_wrong_spellings_are_answered(text: str) -> None:
    with pytest.raises(UsageError, match="--vary"):
        Input.said(text)


@pytest.mark.parametrize("text", ["x=3", "x=9:3", "x=3:3", "x=a:b", "x=1:2:3"])
def test_a_span_has_two_ends(text: str) -> None:
    with pytest.raises(UsageError, match="low:high"):
        Span.said(text)


@pytest.mark.parametrize(
    ("vary", "more", "words"),
    [
        (["crises.unrset.lasts_days=1,2"], {}, "did you mean 'unrest'"),
        (["crises.unrest.lasts_days=-1,2"], {}, "crises.unrest.lasts_days = -1"),
        ([], {}, "at least one input"),
        (["x=1,2", "x=3,4"], {}, "only once"),
        (["crises.unrest.lasts_days=1.0:9"], {"settings": 3}, "needs 8 to"),
        (["crises.unrest.lasts_days=1,9"], {"settings": 30}, "low:high"),
        ({"crises.unrest.lasts_days": [1, 2, 3]}, {"settings": 30}, "two ends"),
        (["crises.unrest.lasts_days=1:100:101", "crises.unrest.warning_days=1:100:100"], {}, "not 10,100"),
        (["crises.unrest.lasts_days=1,9"], {"options": ["lnd"]}, "did you mean 'lend'"),
    ],
)  # fmt: skip
def test_bad_sweeps_are_answered(vary: Any, more: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        sweep(scenario(), vary, **more)


def test_a_varied_scenario_is_one_of_its_own() -> None:
    base = scenario()
    other = varied(base, {"missions.East.holds.company": 7})
    assert other.missions["East"].holdings("company") == {"unnamed": 7}
    assert base.missions["East"].holdings("company") == {"unnamed": 2}


def test_a_latin_hypercube_has_one_point_in_every_slice() -> None:
    points = latin_hypercube(50, 3, 7)
    assert (np.sort(np.floor(points * 50), axis=0) == np.arange(50)[:, None]).all()


def test_indices_of_a_known_function() -> None:
    """y = 2a + b + ab' with independent uniforms: variances 4/12 and 1/12, and an interaction of 9/144."""
    points = latin_hypercube(200, 4, 3)
    a, b, c, _ = points.T
    plain = sensitivity("abcd", points, 2 * a + b)
    assert [plain.first_order[name] for name in "abcd"] == pytest.approx([0.8, 0.2, 0, 0], abs=0.02)
    mixed = sensitivity("abcd", points, (a - 0.5) * (c - 0.5))
    assert mixed.first_order["a"] == pytest.approx(0, abs=0.03)
    assert mixed.total["a"] == pytest.approx(1, abs=0.1) and mixed.total["b"] == pytest.approx(0, abs=0.05)
    nothing = sensitivity("abcd", points, 0 * a).as_json()
    unknown = dict.fromkeys("abcd")
    assert nothing == {"first_order": unknown, "total": unknown, "predicted_share": None}


def test_indices_take_four_points_an_input_and_four() -> None:
    points = latin_hypercube(12, 2, 3)
    assert sensitivity("ab", points, points[:, 0]).first_order["a"] > 0.9
    with pytest.raises(ValueError, match="11 points are too few for 2 inputs"):
        sensitivity("ab", points[1:], points[1:, 0])


def test_an_input_that_does_nothing_explains_nothing_however_rough_the_rest() -> None:
    points = latin_hypercube(60, 2, 3)
    rough = np.floor(points[:, 0] * 7) % 3 + points[:, 0]
    found = sensitivity("ab", points, rough)
    assert found.first_order["b"] == found.total["b"] == 0
    assert found.total["a"] == 1


def test_a_sample_of_one_input_is_explained_by_it() -> None:
    points = latin_hypercube(40, 1, 3)
    found = sensitivity("a", points, points[:, 0] ** 2)
    assert found.first_order == found.total == {"a": 1.0} and found.predicted > 0.99


def test_the_box_is_found() -> None:
    points = latin_hypercube(400, 3, 5)
    cases = (points[:, 0] > 0.6) & (points[:, 2] < 0.5)
    noisy = cases ^ (np.random.default_rng(1).random(400) < 0.03)
    for found in (discover("abc", points, cases), discover("abc", points, noisy)):
        assert found is not None and set(found.limits) == {"a", "c"}
        assert found.limits["a"] == (pytest.approx(0.6, abs=0.05), None)
        assert found.limits["c"] == (None, pytest.approx(0.5, abs=0.05))
        assert found.density > 0.85 and found.coverage > 0.8


def test_a_box_counts_what_lies_within_its_limits() -> None:
    points = latin_hypercube(400, 2, 5)
    cases = (points[:, 0] > 0.6) ^ (np.random.default_rng(1).random(400) < 0.1)
    box = discover("ab", points, cases)
    assert box is not None and box.limits["a"][0] is not None
    inside = points[:, 0] > box.limits["a"][0]
    points_in, cases_in = int(inside.sum()), int((inside & cases).sum())
    assert box.as_json() == {
        "limits": {"a": {"from": box.limits["a"][0], "to": None}},
        "density": cases_in / points_in,
        "coverage": cases_in / int(cases.sum()),
        "points": points_in,
        "cases": cases_in,
    }
    assert cases_in < min(points_in, int(cases.sum())), "or none of these would be told from another"


def test_without_cases_there_is_no_box_and_with_nothing_else_no_limit() -> None:
    points = latin_hypercube(40, 2, 5)
    assert discover("ab", points, np.zeros(40, dtype=bool)) is None
    everywhere = discover("ab", points, np.ones(40, dtype=bool))
    assert everywhere is not None and everywhere.limits == {} and everywhere.density == everywhere.coverage == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("experiment.seed", "all settings meet the same seed"),
        ("experiment.replications", "say --replications"),
        ("experiment.confidence", "not what happens"),
        ("name", "says nothing of what is simulated"),
    ],
)
def test_what_no_setting_can_differ_in_is_refused_with_why(path: str, why: str) -> None:
    for vary in ([f"{path}=0.6,0.7"], {path: [1, 2]}):
        with pytest.raises(UsageError, match=f"^{path}: cannot be varied: .*{why}"):
            sweep(scenario(), vary, replications=2)
    with pytest.raises(UsageError, match="cannot be varied"):
        sweep(scenario(), [f"{path}=1:5"], settings=20, replications=2)


def test_a_value_that_is_said_twice_is_one_setting(caplog: pytest.LogCaptureFixture) -> None:
    days = "agreements.ad hoc.gates.council.days"
    assert Input.said(f"{days}=30,30.0,60").values == (30, 60)
    assert caplog.messages == [f"--vary {days}=30,30.0,60: says 3 values, of which 2 differ: one setting each"]
    assert len(sweep(scenario(), {days: [30, 30.0, 60]}, replications=2).settings) == 2
    assert Input("x", (1, True, {"a": 1}, {"a": 1.0}, 1.0)).values == (1, True, {"a": 1})


def test_a_span_is_one_in_which_every_value_can_stand() -> None:
    path = "agreements.ad hoc.gates.council.days"
    with pytest.raises(UsageError, match=r"council\.days = -5: .* must be 0 or more"):
        sweep(scenario(), [f"{path}=-5:60"], settings=10, replications=2)


def test_a_range_of_whole_units_is_whole() -> None:
    told = "takes whole numbers, of which there are no 5 from 1 to 3, only 3"
    with pytest.raises(UsageError, match=told):
        sweep(scenario(), ["missions.West.holds.company=1:3:5"], replications=2)
    found = sweep(scenario(), ["missions.West.holds.company=3:8:4"], replications=2)
    assert [setting.inputs for setting in found.settings] == [
        {"missions.West.holds.company": units} for units in (3, 5, 6, 8)
    ]
    days = sweep(scenario(), ["agreements.ad hoc.gates.council.days=8:12:4"], replications=2)
    assert [setting.inputs["agreements.ad hoc.gates.council.days"] for setting in days.settings] == pytest.approx(
        [8, 28 / 3, 32 / 3, 12]
    )
