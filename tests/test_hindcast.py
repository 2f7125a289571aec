"""The record against the model: which facts there are, which loan answers them, what is an input, what is said."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.errors import UsageError
from sim.operations.log import LoanRecord
from sim.questions.hindcast import documented as delays
from sim.questions.hindcast.answers import answer, values
from sim.questions.hindcast.documented import Documented, documented, others
from sim.questions.hindcast.facts import DELAYS, Case, Fact, facts_of
from sim.questions.hindcast.hindcast import Hindcast, Pooled, hindcast, pool
from sim.questions.hindcast.record import Judgement, Recorded
from sim.statistics.scores import crps, crps_log_uniform
from tests.invented import invented_fact, invented_hindcast
from tests.shell import Shell
from tests.small import plan
from tests.worlds import date, lot, world

PLACES = "missions: {North: {}, South: {holds: {company: {Ghana: 4, Niger: 3}}}, East: {}}"
GATES = "agreements: {pact: {between: any, order: in turn, gates: {council: {days: COUNCIL}, contributor: {days: 3}}}}"
RAID = "crises: {raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 2}}}"
COUNCIL = "{uniform: {low: 2, high: 8}}"


def recorded(history: str, *, council: str = COUNCIL, raid: str = RAID, more: str = "", days: int = 100) -> Any:
    """A scenario with a history, whose entries begin `from: South, to: North, resource: company`."""
    entries = history.replace("{", "{from: South, to: North, resource: company, ", 1) if history else "{}"
    entries = "; ".join(entries.split("; "))
    for _ in range(history.count("; ")):
        head, _, tail = entries.partition("; ")
        entries = head + "\n  " + tail.replace("{", "{from: South, to: North, resource: company, ", 1)
    said = f"""
{PLACES}
{raid}
{GATES.replace("COUNCIL", council)}
{more}
options: {{it: {{policy: {{share: all}}, record: true}}}}
history:
  {entries}
"""
    return world(said, days=days)


def only(scenario: Any) -> Fact:
    (fact,) = facts_of(scenario)
    return fact


# --- which facts there are --------------------------------------------------------------------------------------------


def test_a_row_is_a_fact_and_dates_are_only_shown() -> None:
    told = facts_of(
        recorded(
            "a: {units: 2, requested: day 10, authorised: day 22, "
            "arrived: day 41, returned: day 90, kind: {units: input}}"
        )
    )
    assert [(each.quantity, each.unit, each.recorded, each.kind) for each in told] == [
        ("requested to authorised", "days", (12, 12), "independent"),
        ("authorised to arrived", "days", (19, 19), "independent"),
        ("units", "units", (2, 2), "input"),
        ("arrived to returned", "days", (49, 49), "independent"),
    ]
    assert told[1].dates == (dt.date(2012, 2, 11), dt.date(2012, 2, 11))


def test_a_vote_that_carried_three_loans_is_one_fact() -> None:
    vote = "requested: day 10, authorised: day 22"
    told = facts_of(
        recorded(
            f"a: {{{vote}, units: 1}}; b: {{{vote}, kind: fitted}}; c: {{{vote}, arrived: day 30, fitted: [units]}}"
        )
    )
    assert [(each.entries, each.quantity, each.kind) for each in told] == [
        (("a", "b", "c"), "requested to authorised", "fitted"),
        (("a",), "units", "independent"),
        (("c",), "authorised to arrived", "independent"),
    ]
    assert told[0].name == "a and 2 more of the same vote"


def test_what_is_known_within_bounds_or_from_one_side() -> None:
    span = "requested: {between: [day 1, day 3]}, authorised: {between: [day 10, day 12]}"
    vote, came = facts_of(recorded(f"a: {{{span}, not_before: day 20}}"))
    assert vote.recorded == (7, 11)
    assert came.recorded == (8, math.inf) and came.dates == (dt.date(2012, 1, 21), None)
    assert only(recorded("a: {authorised: day 10, not_before: day 3}")).recorded == (0, math.inf)


def test_several_arrivals_are_facts_of_their_own() -> None:
    told = facts_of(
        recorded(
            "a: {authorised: day 10, arrived: [{units: 1, on: day 12}, {units: 2, on: day 19}, {units: 1, on: day 30}]}"
        )
    )
    assert [(each.quantity, each.recorded, each.came) for each in told] == [
        ("authorised to arrived", (2, 2), None),
        ("authorised to 3 arrived", (9, 9), 3),
        ("authorised to 4 arrived", (20, 20), 4),
    ]


def test_an_arrival_of_which_nothing_else_is_known_is_a_date_without_a_score() -> None:
    found = hindcast(recorded("a: {arrived: day 18}"), replications=20, workers=1).entries[0]
    assert (found.unit, found.recorded) == ("date", (18, 18))
    assert math.isnan(found.crps) and math.isnan(found.pit)
    assert found.as_json()["recorded"] == "2012-01-19"


# --- which loan answers -----------------------------------------------------------------------------------------------


def loan(number: int, requested: float, authorised: float | None, arrived: float | None, **more: Any) -> LoanRecord:
    departed: dict[str, Any] = {} if arrived is None else {"departed": arrived, "arrived": arrived}
    council: dict[str, Any] = {} if authorised is None else {"council": authorised}
    return lot("South", "North", more.pop("units", 1), requested=requested, loan=number, **council, **departed, **more)


def test_the_first_loan_that_fits_answers_and_not_the_nearest_to_the_record() -> None:
    scenario = recorded("a: {authorised: day 20, arrived: day 39}")
    logs = [[loan(0, 1, 2, None), loan(1, 3, 5, 9), loan(2, 18, 20, 39)], []]
    found = values(only(scenario), scenario.history, logs)
    assert (found.made, found.values) == (1, (4.0,))


def test_a_contributor_is_asked_for() -> None:
    scenario = recorded("a: {contributor: Niger, authorised: day 20, arrived: day 39}")
    logs = [
        [loan(0, 1, 2, 5, supplier="Ghana"), loan(1, 3, 5, 15, supplier="Niger")],
        [loan(0, 1, 2, 5, supplier="Ghana")],
    ]
    found = values(only(scenario), scenario.history, logs)
    assert (found.made, found.values) == (1, (10.0,))


def test_so_many_units_have_come_when_the_last_of_them_has() -> None:
    scenario = recorded("a: {authorised: day 2, arrived: [{units: 1, on: day 5}, {units: 3, on: day 30}]}")
    first, all_four = facts_of(scenario)
    logs = [[loan(0, 1, 2, 5), loan(0, 1, 2, 8, units=2), loan(1, 9, 10, 14)], [loan(0, 1, 2, 5)]]
    assert values(first, scenario.history, logs).values == (3, 3)
    assert values(all_four, scenario.history, logs).values == (12,)  # on day 14 the fourth unit comes


def test_a_loan_that_was_authorised_and_never_came() -> None:
    scenario = recorded("a: {requested: day 1, authorised: day 6, never: true}")
    vote, nothing = facts_of(scenario)
    logs = [[loan(0, 1, 4, None)], [loan(0, 1, 7, 9)], [], []]
    assert values(vote, scenario.history, logs).values == (3, 6)
    found = values(nothing, scenario.history, logs)
    assert (found.made, found.values) == (1, ())
    fact = Recorded(nothing, (), found.made, 4, dt.date(2012, 1, 1))
    assert fact.brier == pytest.approx(0.25**2) and fact.inside and not fact.missed
    assert fact.as_json()["recorded"] == "never"
    assert Recorded(nothing, (), 3, 4, dt.date(2012, 1, 1)).missed


def test_units_are_those_that_were_there_together() -> None:
    entry = recorded("a: {units: 3}").history["a"]
    logs = [loan(0, 1, 2, 5, left=20, units=2), loan(1, 9, 10, 14, left=30), loan(2, 21, 22, 25, left=30, units=3)]
    found = answer(entry, logs)
    assert found is not None and (found.units, found.returned) == (3, 20)


def test_by_hand_every_figure_of_a_small_record() -> None:
    """The council takes 2 to 8 days, evenly, the contributor 3 more; nothing else takes time."""
    scenario = recorded("a: {requested: day 10, authorised: day 17, arrived: day 24}")
    found = hindcast(scenario, replications=200, workers=1)
    vote, came = found.entries
    assert (vote.made, vote.of, len(vote.values)) == (200, 200, 200)
    assert min(vote.values) >= 2 and max(vote.values) <= 8
    assert vote.pit == pytest.approx(5 / 6, abs=4 * math.sqrt(5 / 36 / 200))  # 7 of 2 to 8; four standard errors
    assert vote.crps == crps(vote.values, 7, 7)
    assert set(np.round(came.values, 6)) == {3.0} and came.pit == 1 and not came.inside
    assert came.crps == pytest.approx(math.log(8 / 4))
    told = found.as_json()
    assert (told["facts"], told["independent"], told["verdict"]) == (2, 2, None)
    shapeless = 1 - (vote.crps + came.crps) / (crps_log_uniform(7, 7) + crps_log_uniform(7, 7))
    assert told["skill"]["loguniform"]["value"] == pytest.approx(shapeless)
    row = told["entries"][1]
    assert {word: row[word] for word in ("kind", "made", "crps", "pit", "recorded", "dates")} == {
        "kind": "independent", "made": 1.0, "crps": 0.6931, "pit": 1.0, "recorded": 7.0, "dates": "2012-01-25",
    }  # fmt: skip


# --- inputs in disguise -----------------------------------------------------------------------------------------------

PHASES = (
    "crises: {raid: {mission: North, on: day 10, phases: [{name: fight, lasts_days: 20, needs: {company: 2}}, "
    "{name: calm, lasts_days: {triangular: {low: 10, mode: 30, high: 35}}, needs: {company: 1}}]}}"
)
DISGUISED: dict[str, tuple[dict[str, Any], str]] = {
    "a phase's end": ({"history": "a: {returned: day 30}", "raid": PHASES}, "'fight' ends on 2012-01-31"),
    "a phase's usual end": ({"history": "a: {returned: day 60}", "raid": PHASES}, "'calm' ends on 2012-03-01"),
    "the period's end": (
        {"history": "a: {arrived: day 20, returned: {between: [day 85, day 99]}}", "raid": PHASES},
        "the period ends on 2012-04-09",
    ),
    "an authority's end": (
        {
            "history": "a: {authorised: day 15, returned: day 43}",
            "more": "",
            "raid": RAID.replace("lasts_days: 40", "lasts_days: 80"),
            "window": "window_days: 28, ",
        },
        "the authority ends on 2012-02-13",
    ),
    "a ceiling": ({"history": "a: {units: 2}", "window": "at_most: {company: 2}, "}, "the ceiling of 'pact' is 2"),
    "a whole contingent": ({"history": "a: {units: 7}"}, "South holds 7 in all"),
    "a need": ({"history": "a: {units: 2}"}, "'raid' needs 2, of which North has 0"),
    "a need beyond what is spare": (
        {"history": "a: {units: 1}", "raid": RAID.replace("company: 2", "company: 4"), "spare": 3},
        "'raid' needs 4, of which North has 3",
    ),
    "a gate": ({"history": "a: {requested: day 10, authorised: day 15}", "council": "5"}, "council's gate takes just"),
    "what was observed": (
        {"history": "a: {requested: day 10, authorised: day 15}", "council": "{empirical: [2, 5, 11]}"},
        "council's gate takes just",
    ),
    "a camp": (
        {"history": "a: {requested: day 10, arrived: day 25}", "camp": 25},
        "North can take them in from 2012-01-26 on",
    ),
    "always the same": (
        {"history": "a: {requested: day 10, arrived: day 18}", "council": "5"},
        "the same day in nearly every replication",
    ),
}


@pytest.mark.parametrize("case", DISGUISED)
def test_inputs_in_disguise_are_found_and_called_so(case: str) -> None:
    how, why = DISGUISED[case]
    window = how.get("window", "")
    scenario = recorded(**{word: value for word, value in how.items() if word not in ("window", "spare", "camp")})
    if window:
        pact = yaml.safe_load("{" + window + "}")
        scenario = scenario.change({"agreements": {"pact": pact}})
    if "spare" in how:
        holds = {"holds": {"company": how["spare"] + 2}, "routine": {"company": 2}}
        scenario = scenario.change({"missions": {"North": holds}})
    if "camp" in how:
        ready = {"on": date(how["camp"]), "reception_per_day": {"company": 3}}
        scenario = scenario.change({"missions": {"North": {"reception_per_day": {"company": 0}, "changes": [ready]}}})
    found = hindcast(scenario, replications=20, workers=1)
    entry = next(each for each in found.entries if each.why)
    assert why in entry.why
    assert entry.kind == "input" and entry not in found.judgement.independent
    assert entry.as_json()["why_input"] == entry.why
    assert any("input in disguise" in line and why in line for line in found.warnings())


@pytest.mark.parametrize(
    "history",
    ["a: {units: 3}", "a: {requested: day 10, authorised: day 15}", "a: {authorised: day 15, arrived: day 25}",
     "a: {arrived: day 20, returned: day 70}", "a: {authorised: day 15, never: true}"],
)  # fmt: skip
def test_what_the_scenario_does_not_say_is_independent(history: str) -> None:
    found = hindcast(recorded(history, raid=PHASES), replications=20, workers=1)
    assert {entry.kind for entry in found.entries} == {"independent"}
    assert found.warnings() == []


def test_what_the_history_calls_an_input_is_not_warned_of() -> None:
    found = hindcast(recorded("a: {units: 2, kind: input}; b: {units: 2, fitted: [units]}"), replications=20, workers=1)
    assert [entry.kind for entry in found.entries] == ["input", "fitted"]
    assert found.warnings() == []
    assert found.headline().startswith("All that was recorded was used in fitting or an input of the scenario, so ")


# --- what a planner would guess without a model -----------------------------------------------------------------------


def case(day: int, *, lender: str = "South", borrower: str = "North") -> Case:
    decided = dt.date(2012, 1, 1) + dt.timedelta(days=day)
    return Case(lender, borrower, (decided, decided))


def fact(days: float, *, day: int = 0, quantity: str = "authorised to arrived", **how: Any) -> Fact:
    told: Fact = invented_fact("a", quantity, "days", (days, days), ()).fact
    return replace(told, case=case(day, **how))


def test_the_shipped_list_says_where_each_delay_is_from() -> None:
    text = (Path(delays.__file__).parent / delays.LIST).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == len(delays.listed()) >= 10
    for row in rows:
        assert row["source"] and row["confidence"] in ("verified", "secondary", "recalled")
        assert row["quantity"] in DELAYS
        assert 0 <= float(row["days_low"]) <= float(row["days_high"])
        assert dt.date.fromisoformat(row["decided_first"]) <= dt.date.fromisoformat(row["decided_last"])


def test_the_own_case_is_left_out_and_other_kinds_are_not_asked() -> None:
    known = [
        Documented(case(0), "authorised to arrived", (2, 2)),
        Documented(case(0, lender="East"), "authorised to arrived", (3, 3)),  # the same vote
        Documented(case(9), "authorised to arrived", (5, 5)),
        Documented(case(0, borrower="East"), "authorised to arrived", (1, 31)),
        Documented(case(9), "requested to authorised", (7, 7)),
        Documented(case(30), "authorised to arrived", (40, math.inf)),
    ]
    assert others(fact(2), known) == pytest.approx([5, 7, 40])  # 7: the middle of 1 to 31 by log(1 + days)


def test_a_delay_that_the_list_knows_is_counted_once() -> None:
    vote = dt.date(2010, 11, 24)
    known = replace(fact(2), case=Case("UNMIL", "UNOCI", (vote, vote)))
    new = replace(fact(20), case=Case("UNMIL", "UNOCI", (dt.date(2020, 1, 1),) * 2))
    stay = replace(fact(20), quantity="arrived to returned")
    assert len(documented([known, new, stay])) == len(delays.listed()) + 1


# --- what they say together -------------------------------------------------------------------------------------------


def beside(days: float, model: tuple[float, ...], number: int, *, made: float = 1.0) -> Recorded:
    """A fact of a case of its own."""
    return Recorded(fact(days, day=number), model, round(made * len(model)), len(model), dt.date(2012, 1, 1))


def judged(facts: int, *, good: bool) -> Judgement:
    """Facts from a day to a quarter of a year; a model that knows each to a tenth, or takes each for another."""
    days = np.geomspace(2, 90, facts)
    guess = days if good else days[::-1]
    told = tuple(
        beside(float(day), tuple(float(each) for each in meant * np.linspace(0.9, 1.1, 9)), n)
        for n, (day, meant) in enumerate(zip(days, guess, strict=True))
    )
    return Judgement(told, tuple(Documented(each.fact.case, each.quantity, each.recorded) for each in told))


def test_under_eight_independent_facts_there_are_figures_and_no_verdict() -> None:
    seven, eight = judged(7, good=True), judged(8, good=True)
    assert seven.verdict is None and seven.as_json()["skill"]["others"]["value"] > 0.5
    assert "Fewer than 8 independent delays: figures, and no verdict." in seven.sentences()
    assert (
        eight.verdict == "The model is better than the other documented delays and better than a guess without shape."
    )
    told = eight.as_json()
    assert told["skill"]["others"]["low"] < told["skill"]["others"]["value"] < told["skill"]["others"]["high"]
    assert (told["facts"], told["independent"], told["pit_at_the_ends"]) == (8, 8, 0)


def test_a_model_that_is_sure_of_the_wrong_days_is_said_to_be_worse() -> None:
    found = judged(12, good=False)
    assert found.verdict is not None and "worse than" in found.verdict
    assert found.as_json()["pit_at_the_ends"] > 0.8
    assert "all but ruled out" in " ".join(found.sentences())


def test_skill_against_others_is_that_of_the_others_scores() -> None:
    found = judged(9, good=True)
    reference = [crps(others(each.fact, found.known), *each.recorded) for each in found.facts]
    assert found.against_others.value == pytest.approx(1 - sum(each.crps for each in found.facts) / sum(reference))
    assert found.against_others.facts == 9


def test_what_is_fitted_or_an_input_does_not_judge() -> None:
    found = judged(9, good=True)
    known = tuple(
        replace(each, fact=replace(each.fact, kind="fitted")) if n else replace(each, why="a phase ends then")
        for n, each in enumerate(found.facts)
    )
    none = replace(found, facts=known)
    assert none.as_json()["independent"] == 0
    assert none.as_json()["skill"]["others"] == {"value": None, "low": None, "high": None, "facts": 0}


def test_a_loan_that_is_made_in_fewer_than_half_is_a_miss_by_itself() -> None:
    model = tuple(float(day) for day in range(10))
    rare, usual = beside(5, model, 0, made=0.4), beside(5, model, 0, made=0.6)
    assert rare.missed and not rare.inside
    assert not usual.missed and usual.inside
    assert (rare.brier, usual.brier) == pytest.approx((0.36, 0.16))
    told = Judgement((rare,), ())
    assert told.as_json()["made_in_fewer_than_half"] == 1
    assert told.sentences()[-1] == "Made in fewer than half of the replications: a (40 %)."


def test_a_fact_that_two_scenarios_tell_is_counted_once() -> None:
    one = invented_hindcast(1)
    other = replace(invented_hindcast(2), seed=5)
    both = pool([one, other])
    assert isinstance(both, Pooled)
    assert len(both.entries) == len({(entry.quantity, entry.fact.case) for entry in both.entries}) == 5
    assert both.as_json()["facts"] == 5
    assert [each["seed"] for each in both.as_json()["scenarios"]] == [2012, 5]
    with pytest.raises(UsageError, match="no scenario has a history"):
        pool([])


def test_of_a_fact_that_one_scenario_knew_and_another_did_not_the_second_counts() -> None:
    one = invented_hindcast(1)
    knew = replace(one, entries=tuple(replace(each, why="the scenario says so") for each in one.entries), seed=5)
    for both in (pool([knew, one]), pool([one, knew])):
        assert len(both.entries) == len(one.entries)
        assert both.judgement.independent == one.judgement.independent


# --- the command ------------------------------------------------------------------------------------------------------


def write(folder: Path, name: str, history: dict[str, Any] | None) -> Path:
    words = plan()
    words["options"]["as it was"]["record"] = True
    words |= {"name": name} | ({"history": history} if history else {})
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(words, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder / f"{name}.yaml"


def entry(**said: Any) -> dict[str, Any]:
    return {"a": {"from": "South", "to": "North", "resource": "infantry_company", **said}}


@pytest.mark.usefixtures("no_charts")
def test_several_files_are_pooled_and_those_without_a_history_passed_over(shell: Shell, tmp_path: Path) -> None:
    vote = {"requested": "2012-02-01", "authorised": "2012-02-06"}
    files = [
        write(tmp_path, "one", entry(**vote)),
        write(tmp_path, "two", entry(units=2)),
        write(tmp_path, "bare", None),
    ]
    how = ("--replications", 20, "--workers", 1)
    said = shell("hindcast", *files, *how, "--json")
    assert said.status == 0
    assert said.err == "passed over, without a history: 1 of 3 scenarios\n"
    told = json.loads(said.out)
    assert [each["scenario"] for each in told["scenarios"]] == ["one", "two"]
    assert (told["facts"], told["independent"]) == (2, 2)
    assert set(told["skill"]) == {"others", "loguniform"}
    assert shell("hindcast", *files[::-1], *how, "--json").out != said.out
    assert shell("hindcast", *files, *how, "--json").out == said.out
    printed = shell("hindcast", *files, *how, "--out", tmp_path / "out")
    assert printed.status == 0 and "of 20" in printed.out and "no verdict" in printed.out
    assert json.loads((tmp_path / "out" / "hindcast.json").read_text(encoding="utf-8")) == told
    refused = shell("hindcast", *files, *how, "--seed", 9, "--out", tmp_path / "out")
    assert refused.status == 2 and "holds hindcast of other scenarios or another seed" in refused.err
    assert shell("hindcast", *files, *how, "--seed", 9, "--out", tmp_path / "out", "--force").status == 0
    nothing = shell("hindcast", files[2], files[2], *how)
    assert nothing.status == 2 and "no scenario has a history to be held against" in nothing.err


@pytest.mark.usefixtures("no_charts")
def test_an_input_in_disguise_is_warned_of_on_stderr(shell: Shell, tmp_path: Path) -> None:
    file = write(tmp_path, "one", entry(arrived="2012-02-01", returned="2012-06-30"))
    how = ("--replications", 20, "--workers", 1, "--json")
    said = shell("hindcast", file, *how)
    assert said.err == (
        "warning: one: history.a: arrived to returned is an input in disguise, and no proof of the model: "
        "the period ends on 2012-06-30; write kind: {returned: input}\n"
    )
    assert shell("hindcast", file, *how, "--quiet").err == ""


def test_the_chart_of_several_scenarios_tells_them_apart() -> None:
    from sim.charts.hindcast import hindcast as draw
    from sim.charts.hindcast import rows

    one, other = invented_hindcast(1), invented_hindcast(1)
    later = tuple(
        replace(each, fact=replace(each.fact, case=replace_decided(each.fact.case))) for each in other.entries
    )
    both = pool([one, replace(other, entries=later)])
    assert len(rows(both)) == 10
    figure = draw(both)
    labels = [label.get_text() for axes in figure.axes for label in axes.get_yticklabels()]
    assert all("Post-electoral" in label for label in labels)
    assert "Seed 2012" in " ".join(text.get_text() for text in figure.texts)


def replace_decided(told: Case) -> Case:
    return told._replace(decided=(dt.date(2019, 1, 1), dt.date(2019, 1, 1)))


def test_a_hindcast_knows_its_type() -> None:
    assert isinstance(invented_hindcast(1), Hindcast)


def test_the_chart_shows_bounds_what_never_came_and_several_arrivals() -> None:
    from sim.charts.hindcast import hindcast as draw
    from tests.test_charts import assert_legible

    history = (
        "first: {authorised: day 15, not_before: day 25}; second: {authorised: day 15, never: true}; "
        "third: {requested: day 10, arrived: [{units: 1, on: day 14}, {units: 1, on: {between: [day 30, day 44]}}]}; "
        "fourth: {contributor: Ghana}; fifth: {returned: day 70}"
    )
    found = hindcast(recorded(history, raid=PHASES), replications=20, workers=1)
    figure = draw(found)
    assert_legible(figure)
    titles = [axes.get_title(loc="left") or axes.get_title() for axes in figure.axes]
    assert titles == ["Dates", "Days taken", "Whether the loan was made"]
    heads = [text.get_text() for text in figure.axes[0].texts]
    assert {"kind", "made of N", "CRPS", "PIT", "independent", "20 of 20"} <= set(heads)
