"""Runs that stop by themselves, and what may be said of their options."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import from_mapping
from sim.chance.trace import trace_of
from sim.comparison.common_random_numbers import with_crises_of_their_own
from sim.comparison.comparison import compare
from sim.comparison.verdict import judge
from sim.errors import UsageError
from sim.questions.regret.regret import own_bounds, regrets, why_no_gap
from sim.questions.stopping import race as racing
from sim.questions.stopping import sequential
from sim.questions.stopping.sequential import run_until_precise, select
from sim.scenario.loaded import with_option
from sim.statistics.intervals import SetEstimate
from sim.statistics.races import Goal
from tests.small import contents

UNMET = "unmet_unit_days"


@pytest.fixture(scope="module")
def scenario() -> Any:
    """Two neighbours raided at random; lending with slow, quick and no paper, and one option twice."""
    raids = {"every_days": 60, "lasts_days": {"gamma": {"mean": 20, "sd": 10}}, "needs": {"company": 2}}
    return from_mapping(
        {
            "period": {"from": "2021-01-01", "to": "2021-12-31"},
            "missions": {"North": {"holds": {"company": 1}}, "South": {"holds": {"company": 3}}},
            "crises": {f"raids in {name}": {"mission": name, **raids} for name in ("North", "South")},
            "agreements": {"ad hoc": {"between": "any", "gates": {"council": {"days": 12}}}},
            "options": {
                "none": {"policy": {"share": "none"}},
                "slow": {"policy": {"share": "all"}},
                "slow again": {"policy": {"share": "all"}},
                "quick": {
                    "policy": {"share": "all"},
                    "change": {"agreements": {"ad hoc": {"gates": {"council": {"days": 2}}}}},
                },
            },
            "experiment": {"replications": 500, "seed": 4},
        }
    )


@pytest.fixture(scope="module")
def comparison(scenario: Any) -> Any:
    return compare(sim.run(scenario, replications=200, workers=1))


@pytest.mark.no_cover
def test_it_stops_when_every_difference_is_precise(scenario: Any, tmp_path: Any) -> None:
    found = run_until_precise(scenario, "8%", out=tmp_path / "a", workers=1)
    assert found.reached and found.replications >= 200 and found.replications % 20 == 0
    told = compare(found.results)
    goal = 0.08 * told.options["none"].measures[UNMET].mean
    assert all(by[UNMET].half_width <= goal for by in told.differences.values())
    n = found.replications
    assert found.as_json()["replications_saved"] == 500 - n
    again = sim.run(scenario, replications=n, out=tmp_path / "b", workers=1)
    assert compare(again).as_json() == compare(found.results).as_json()


@cache
def to_four(scenario: Any) -> Any:
    """A run until what slow lending saves is known to four unit-days either way."""
    return run_until_precise(scenario, Goal(4.0), workers=1, options=["none", "slow"], most=1000)


@pytest.mark.no_cover
def test_it_goes_on_as_long_as_it_must_and_no_longer(scenario: Any) -> None:
    found = to_four(scenario)
    assert found.reached and found.replications > 200
    limited = run_until_precise(scenario, Goal(0.01), workers=1, options=["none", "slow"], most=210)
    assert not limited.reached and limited.replications == 220
    assert "before every difference" in limited.sentences()[0]
    with pytest.raises(UsageError, match="too few"):
        run_until_precise(scenario, "5%", most=10)
    with pytest.raises(UsageError, match="--precision"):
        run_until_precise(scenario, "much")


def test_a_race_chooses_the_best_and_saves_replications(scenario: Any) -> None:
    found = select(scenario, 5.0, workers=1)
    assert found.chosen == "quick" and "quick" in found.alive
    assert {one.name for one in found.dropped} <= {"none", "slow"} and found.dropped
    assert found.twins == {"slow again": "slow"} and list(found.means) == ["none", "slow", "quick"]
    assert found.means["quick"].n >= max(found.means[one.name].n for one in found.dropped)
    assert found.spent == sum(each.n for each in found.means.values())
    assert found.sentences()[-2].startswith("‘quick’ was chosen: with at least 95 % probability")
    json.dumps(found.as_json(), allow_nan=False)


def with_more_units(scenario: Any) -> Any:
    more = {"policy": {"share": "all"}, "change": {"missions": {"South": {"holds": {"company": 9}}}}}
    return from_mapping({**scenario.raw, "options": {**scenario.raw["options"], "more units": more}})


def test_a_race_of_options_that_all_stand_apart_is_refused(scenario: Any) -> None:
    with pytest.raises(UsageError, match="'slow' stands apart from 'more units'"):
        select(with_more_units(scenario), 5.0, options=["slow", "more units"])


@pytest.mark.no_cover
def test_an_option_that_stands_apart_is_in_no_race(scenario: Any) -> None:
    wider = with_more_units(scenario)
    found = select(wider, 5.0, workers=1, options=["slow", "quick", "more units"])
    assert found.chosen == "quick" and found.apart == ("more units",)
    assert "more units" not in found.means and found.as_json()["apart"] == ["more units"]
    assert found.as_json() | {"apart": [], "fingerprint": ""} == (
        select(scenario, 5.0, workers=1, options=["slow", "quick"]).as_json() | {"fingerprint": ""}
    )
    assert found.sentences()[-3].startswith("‘more units’ stands apart: crises or units are not the same there")
    precise = run_until_precise(wider, Goal(4.0), workers=1, options=["none", "slow", "more units"])
    assert precise.replications == to_four(scenario).replications


def test_an_interrupted_race_goes_on_where_it_was(
    scenario: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words: dict[str, Any] = {"options": ["slow", "quick"], "workers": 1, "most": 400}
    # So rare that hardly a set differs: a race goes on.
    rare = {name: {**crisis, "every_days": 30_000} for name, crisis in scenario.raw["crises"].items()}
    scenario = from_mapping({**scenario.raw, "crises": rare})
    whole, _ = racing.race(scenario, 0.01, out=tmp_path / "whole", **words)
    run_from: list[int] = []

    def drawn(scenario: Any, names: Any, effort: Any) -> Any:
        run_from.append(effort.first)
        if len(run_from) == 3:
            raise KeyboardInterrupt
        return sequential.race_sample(scenario, names, effort)

    monkeypatch.setattr(racing, "race_sample", drawn)
    with pytest.raises(KeyboardInterrupt):
        racing.race(scenario, 0.01, out=tmp_path / "stopped", **words)
    again, results = racing.race(scenario, 0.01, out=tmp_path / "stopped", resume=True, **words)
    assert run_from == [0, 200, 300, 300]
    assert again == whole
    assert results.replications == 400
    assert contents(tmp_path / "stopped") == contents(tmp_path / "whole")
    assert (tmp_path / "stopped" / "race.json").read_bytes() == (tmp_path / "whole" / "race.json").read_bytes()
    (tmp_path / "stopped" / "race.json").write_text("{")
    monkeypatch.undo()
    assert racing.race(scenario, 0.01, out=tmp_path / "stopped", **words)[0] == whole


def test_equal_options_end_a_race_and_a_short_one_is_undecided(scenario: Any) -> None:
    tie = select(scenario, 5.0, workers=1, options=["slow", "slow again"])
    assert tie.chosen == "slow" and tie.alive == ("slow", "slow again")
    assert tie.sentences()[0] == "‘slow again’ does the same as ‘slow’, whatever comes, and was not run."
    short = select(scenario, 0.001, workers=1, options=["slow", "quick"], most=200)
    assert short.chosen is None or short.dropped
    with pytest.raises(UsageError, match="too few"):
        select(scenario, 5.0, most=21)
    with pytest.raises(UsageError, match="did you mean 'quick'"):
        select(scenario, 5.0, options=["quik"])


def test_a_verdict_says_no_more_than_it_may(comparison: Any) -> None:
    found = judge(comparison)
    assert found.ranking.may_be_best == ("quick",)
    told = found.sentences()
    assert told[0] == "‘quick’ is the best option with at least 95 % confidence."
    assert any("leave the same unmet, whatever comes" in line for line in told)
    assert any(line.startswith("All 6 differences") for line in told)
    assert told[-1].startswith("Intervals are at 95 % confidence and measure chance within the model over 200")
    assert found.variance_reduction["quick"] > 1
    tail = found.tails["none"]
    assert tail.p5.mean <= tail.median.mean <= tail.p95.mean
    longest = comparison.results.sample("none", "longest_short_days")
    assert tail.longer.mean == pytest.approx(float((longest > 30).mean()))
    json.dumps(found.as_json(), allow_nan=False)


def test_the_best_option_is_not_called_undecided_beside_the_next(comparison: Any) -> None:
    """Being the best is tested on one side, pairs on both: the pair's interval may still hold 0."""
    found = judge(comparison)
    doubtful = {pair: SetEstimate(8.0, 9.0, -1.19, 20.4, 10) for pair in found.pairs}
    told = replace(found, rankings=(replace(found.ranking, pairs=doubtful),)).sentences()
    assert told[0].startswith("‘quick’ is the best option")
    assert (
        "‘quick’ leaves less unmet than ‘slow’; how much less is not settled: at most 20.4 unit-days." in told
        or "‘quick’ leaves less unmet than ‘slow again’; how much less is not settled: at most 20.4 unit-days." in told
    )
    unsaid = [line for line in told if "cannot be said" in line]
    assert len(unsaid) == 2 and not any("quick" in line for line in unsaid)
    assert any(" minus ‘slow" in line and "lies between" in line for line in unsaid)


def test_only_options_that_met_the_same_crises_are_said_to(scenario: Any) -> None:
    raw = scenario.raw
    fewer = {"policy": {"share": "all"}, "change": {"crises": {"raids in North": {"every_days": 90}}}}
    shorter = {"policy": {"share": "all"}, "change": {"missions": {"South": {"active": {"to": "2021-09-30"}}}}}
    for name, option in (("fewer raids", fewer), ("closed", shorter)):
        apart = from_mapping({**raw, "options": {**raw["options"], name: option}})
        told = judge(compare(sim.run(apart, replications=12, workers=1))).sentences()
        why = "stands apart: crises or units are not the same there, so nothing is said of which is better."
        assert f"‘{name}’ {why}" in told
        every = {key: {**each, "group": "all"} for key, each in {**raw["options"], name: option}.items()}
        changed = from_mapping({**raw, "options": every})
        told = judge(compare(sim.run(changed, replications=12, workers=1))).sentences()
        assert not any("same crises" in line for line in told)
        assert f"‘{name}’ meets other crises, or missions at other times, as the change says." in told
    warned = {"policy": {"share": "all"}, "change": {"crises": {"raids in North": {"warning_days": 9}}}}
    changed = from_mapping({**raw, "options": {**raw["options"], "warned": warned}})
    told = judge(compare(sim.run(changed, replications=12, workers=1))).sentences()
    assert not any("other crises" in line for line in told)


HUB = {"holds": {"company": 2}, "active": {"from": "2021-03-01"}}
QUAKE = {"lasts_days": 5, "needs": {"company": 1}}
DRAWN_ALIKE: dict[str, Any] = {
    "only a hub more": {"missions": {"Hub": HUB}},
    "other words for the same crises": {"crises": {"raids in North": {"label": "raids", "season": {"jan": 1}}}},
    "a crisis that never comes": {"crises": {"quake": {"mission": "North", "on": "2031-01-01", **QUAKE}}},
}
DRAWN_APART: dict[str, Any] = {
    "a crisis more": {"crises": {"quake": {"mission": "North", "on": "2021-05-01", **QUAKE}}},
    "worse crises": {"crises": {"raids in North": {"needs": {"company": 3}}}},
    "a hub with a crisis": {
        "missions": {"Hub": HUB},
        "crises": {"fire": {"mission": "Hub", "every_days": 20, "lasts_days": 5, "needs": {"company": 1}}},
    },
    "a mission closed that no crisis comes to": {"missions": {"Depot": {"active": {"to": "2021-06-30"}}}},
}


@pytest.mark.parametrize("name", [*DRAWN_ALIKE, *DRAWN_APART])
def test_what_was_drawn_is_compared_and_not_the_words_of_the_change(scenario: Any, name: str) -> None:
    option = {"policy": {"share": "all"}, "change": (DRAWN_ALIKE | DRAWN_APART)[name]}
    missions = {**scenario.raw["missions"], "Depot": {"holds": {"company": 1}}}
    options = {"none": scenario.raw["options"]["none"], name: option}
    changed = from_mapping({**scenario.raw, "missions": missions, "options": options})
    found = compare(sim.run(changed, replications=12, workers=1))
    assert with_crises_of_their_own(found) == ([name] if name in DRAWN_APART else [])


def test_crises_are_compared_in_the_replications_that_were_run(scenario: Any) -> None:
    """One that comes in a replication of a hundred is no other luck for those that did not meet it."""
    rare = {"mission": "North", "every_days": 7_300, "lasts_days": 5, "needs": {"company": 1}}
    option = {"policy": {"share": "all"}, "change": {"crises": {"rare": rare}}}
    changed = from_mapping({**scenario.raw, "options": {"none": scenario.raw["options"]["none"], "rare": option}})
    world = with_option(changed, "rare")
    met = ({one.crisis for one in trace_of(world, 4, number).occurrences} for number in range(60))
    first = next(number for number, names in enumerate(met) if "rare" in names)
    assert first > 0
    for replications, names in ((first, []), (first + 1, ["rare"])):
        found = compare(sim.run(changed, replications=replications, workers=1))
        assert with_crises_of_their_own(found) == names


def test_what_cannot_be_told_apart_is_not(scenario: Any) -> None:
    few = judge(compare(sim.run(scenario, replications=2, workers=1)))
    assert len(few.ranking.may_be_best) == 4
    assert few.sentences()[0] == "Which option is best is not judged from fewer than 120 replications."
    one = judge(compare(sim.run(scenario, replications=1, workers=1)))
    assert one.sentences()[0] == few.sentences()[0]
    assert not any("unit-days less unmet" in line or "hold at once" in line for line in one.sentences())


def test_regret_is_what_lies_above_the_bound(comparison: Any) -> None:
    found = regrets(comparison, most=120, workers=1)
    bounds = {each.clairvoyant_unmet_unit_days.mean for each in found.values()}
    assert len(bounds) == 1  # the options share their units, so they share their bound
    for name, each in found.items():
        sample = comparison.results.sample(name, UNMET)[:120]
        assert each.regret_unit_days.mean == pytest.approx(float(sample.mean()) - bounds.copy().pop())
        assert each.regret_unit_days.low >= -1e-6
    assert found["none"].gap_closed.mean == 0
    assert 0 < found["slow"].gap_closed.mean < found["quick"].gap_closed.mean <= 1 + 1e-9
    assert np.isfinite(found["quick"].gap_closed.low)
    json.dumps(found["quick"].as_json(), allow_nan=False)


def test_no_gap_is_closed_where_even_the_bound_is_worse_than_the_reference() -> None:
    scenario = from_mapping(
        {
            "period": {"from": "2021-01-01", "to": "2021-12-31"},
            "missions": {"North": {"holds": {"company": 2}}},
            "crises": {"raid": {"mission": "North", "on": "2021-03-01", "lasts_days": 20, "needs": {"company": 3}}},
            "options": {
                "all": {"policy": {"share": "none"}},
                "none left": {
                    "policy": {"share": "none"},
                    "change": {"missions": {"North": {"holds": {"company": 0}}}},
                },
            },
        }
    )
    found = regrets(compare(sim.run(scenario, replications=3, workers=1)), workers=1)
    assert found["none left"].clairvoyant_unmet_unit_days.mean == 3 * found["all"].clairvoyant_unmet_unit_days.mean
    assert np.isnan(found["none left"].gap_closed.mean)
    assert own_bounds(found)
    assert "its bound is not that of ‘all’" in why_no_gap(found, "all")


def test_a_gap_is_closed_only_to_a_bound_that_is_shared(scenario: Any) -> None:
    more = {"policy": {"share": "all"}, "change": {"missions": {"South": {"holds": {"company": 4}}}}}
    changed = from_mapping({**scenario.raw, "options": {**scenario.raw["options"], "more": more}})
    found = regrets(compare(sim.run(changed, replications=5, workers=1)), workers=1)
    assert found["quick"].gap_closed.mean > 0
    assert found["more"].regret_unit_days.mean >= -1e-6
    assert np.isnan(found["more"].gap_closed.mean)
