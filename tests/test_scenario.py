"""Reading scenarios: every problem at once, each with its place; patches; what is harmless; nothing that takes long."""

from __future__ import annotations

import copy
import datetime as dt
import itertools
import json
import logging
import pickle
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import sim
from sim.errors import ScenarioError, UsageError
from sim.scenario.diff import differ
from sim.scenario.files.patch import difference, get_path, merge, same, set_path
from sim.scenario.files.yaml import parse
from sim.scenario.files.yaml_writer import to_yaml
from sim.scenario.fingerprint import fingerprint
from sim.scenario.load import from_mapping, load
from sim.scenario.loaded import LoadedScenario, with_option
from sim.scenario.nouns.dates_and_numbers import MONTHS, number_hint
from sim.scenario.nouns.distributions import Block
from sim.scenario.problems.references import _parameters_in
from sim.words.suggestions import one_letter_apart
from tests.effort import counted

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yaml"))
GOOD = sorted((HERE.parent / "scenarios").glob("*.yaml"))

PERIOD = {"from": "2012-01-01", "to": "2012-12-31"}
RAIDS = {"mission": "North", "every_days": 60, "lasts_days": 20, "needs": {"company": 2}}
VOTE = {"mission": "North", "on": "2012-03-01", "lasts_days": 45, "needs": {"company": 2}}
LATE = {"North": {"holds": {"company": 4}, "active": {"from": "2012-09-15"}}, "South": {}}
BOATS = {"North": {"holds": {"company": 4, "boat": 1}}, "South": {}}
FAR = {"North": {"holds": {"company": 4}, "at": [0, 0]}, "South": {"at": [4.5, 0]}}
OVER = {"North": {"holds": {"company": 4}, "active": {"to": "2012-03-01"}}, "South": {}}


def mapping(**over: Any) -> dict[str, Any]:
    """A small sound scenario, with some of its words said otherwise."""
    missions = {"North": {"holds": {"company": 4}}, "South": {"holds": {"company": {"Ghana": 4}}}}
    return {"period": PERIOD, "missions": missions, "crises": {"raids": RAIDS}, **over}


def problems_of(raw: Any, **more: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        from_mapping(raw, "it", **more)
    return [f"{problem.path}: {problem.what}" for problem in caught.value.problems]


# --- bad files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_file_gets_exactly_these_lines(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    with pytest.raises(ScenarioError) as caught:
        load(path.name)
    assert str(caught.value) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1,200.50", "1200.5"), ("1.200,50", "1200.5"), ("1'200", "1200"), ("12 %", "0.12"), ("US$ 6,600", "6600"),
     ("2.4 million", "2400000"), ("-3 units", "-3"), ("3x", "3"), ("three", None), ("3 months", None), ("4+2", None),
     ("", None), ("9" * 60 + "k", "1e+63")],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, meant: str | None) -> None:
    assert number_hint(written) == (None if meant is None else f"write {meant}")


def test_missions_that_differ_only_in_capitals_are_warned_of() -> None:
    scenario = from_mapping(mapping(missions={"North": {"holds": {"company": 1}}, "north": {}}))
    said = [problem for problem in scenario.warnings if "capitals" in problem.what]
    assert [str(problem) for problem in said] == [
        "scenario:0:0: missions.north: differs from 'North' only in capitals: they are two"
    ]


@pytest.mark.parametrize(("needs", "warned"), [({"patrol": 1}, False), ({"company": 1}, True)])
def test_a_question_about_teams_that_nobody_needs_is_warned_of(needs: dict[str, int], warned: bool) -> None:
    raids = {**RAIDS, "needs": needs}
    asked = {"where": {"resource": "patrol"}}
    scenario = from_mapping(mapping(teams={"patrol": {"company": 2}}, crises={"raids": raids}, question=asked))
    said = [f"{each.path}: {each.what}" for each in scenario.warnings if "question" in each.path]
    assert said == ["question.where.resource: no crisis needs any 'patrol': nothing of it can be unmet"] * warned


def test_a_large_bound_is_told_as_it_is_written() -> None:
    said = problems_of(mapping(experiment={"seed": 10**22}))
    assert said == [f"experiment.seed: must be 9,223,372,036,854,775,807 or less, not {10**22}"]


@pytest.mark.parametrize(("said", "shown"), [(True, "true"), (1.0, "1.0"), ("1", "'1'")])
def test_the_version_of_the_language_is_a_whole_number(said: Any, shown: str) -> None:
    assert problems_of(mapping(language=said)) == [f"language: must be 1, en or fr, not {shown} (write 1)"]


def test_what_the_record_cannot_share_with_the_scenario_is_warned_of() -> None:
    loan = {"from": "South", "to": "North", "resource": "company"}
    missions = {
        "North": {"holds": {"company": 4}},
        "South": {"holds": {"company": 4}, "changes": [{"on": "2012-05-01", "holds": {"company": 2}}]},
    }
    history = {
        "all that it ever has": {**loan, "units": 6},
        "more": {**loan, "units": 7},
        "paper first": {**loan, "requested": "2012-03-01", "authorised": "2012-02-01"},
        "too late": {**loan, "arrived": {"between": ["2013-01-01", "2013-01-09"]}},
        "not too late": {**loan, "arrived": {"between": ["2012-12-31", "2013-01-09"]}},
    }
    said = [f"{each.path}: {each.what}" for each in from_mapping(mapping(missions=missions, history=history)).warnings]
    assert said == [
        "history.more.units: 7 are more than South ever holds: 6",
        "history.paper first.authorised: 2012-02-01 is before requested, 2012-03-01",
        "history.too late.arrived: 2013-01-01 to 2013-01-09 is outside the period: no replication can have it",
    ]


def test_there_are_bad_files_of_every_sort() -> None:
    assert len(BAD) >= 45


@pytest.mark.no_cover
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_scenario_of_ours_is_read_without_a_warning_and_fast(path: Path) -> None:
    load(path)
    with counted() as calls:
        scenario = load(path)
    assert calls.count < 250_000  # of which a machine makes some ten million a second
    assert scenario.warnings == ()
    assert set(scenario.options) == {name for name in scenario.options if with_option(scenario, name)}


def test_a_missing_file_is_a_problem_with_a_suggestion(tmp_path: Path) -> None:
    (tmp_path / "west_africa.yaml").write_text("a: 1\n")
    with pytest.raises(ScenarioError, match=r"no such file; did you mean '.*west_africa\.yaml'\?"):
        load(tmp_path / "west_afrika.yaml")
    with pytest.raises(ScenarioError, match="is not a file but a folder"):
        load(tmp_path)
    with pytest.raises(ScenarioError, match="cannot be read"):
        load("nul\0byte")


def test_a_symlink_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("name: secret\n")
    inside = tmp_path / "scenarios"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inside / "run.yaml").write_text("extends: link.yaml\n")
    with pytest.raises(ScenarioError, match=r"run\.yaml:1:10: extends: must stay inside the folder"):
        load(inside / "run.yaml")


def test_a_chain_of_extends_has_an_end(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n")
    with pytest.raises(ScenarioError, match=r"9\.yaml:1:10: extends: at most 10 files"):
        load(tmp_path / "0.yaml")


def test_extends_reaches_down_and_back_up_within_the_folder(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "base.yaml").write_text("missions: {North: {holds: {company: 4}}}\n")
    (tmp_path / "library" / "crises.yaml").write_text(
        "extends: ../base.yaml\ncrises:\n  raids: {mission: North, every_days: 9, lasts_days: 1, needs: {company: 1}}\n"
    )
    run = tmp_path / "run.yaml"
    run.write_text(
        "extends: library/crises.yaml\nperiod: {from: 2012-01-01, to: 2012-01-31}\ncrises: {raids: {on: null}}\n"
    )
    with pytest.raises(ScenarioError, match=r"run\.yaml:3:18: crises\.raids\.on: .*nothing to remove"):
        load(run)
    run.write_text("extends: library/crises.yaml\nperiod: {from: 2012-01-01, to: 2012-01-31}\n")
    scenario = load(run)
    assert scenario.crises["raids"].every_days == 9
    assert scenario.raw["missions"] == {"North": {"holds": {"company": 4}}}
    with pytest.raises(ScenarioError, match="must stay inside"):
        load(tmp_path / "library" / "crises.yaml")


# --- scalars ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("12:30", "12:30"), ("1:1:1", "1:1:1"),
        ("2012-01-01", "2012-01-01"),
        ("1_000", "1_000"), ("012", 12), ("0o14", 12), ("0x1F", 31), ("-3", -3), ("+3", 3), ("1.50", 1.5), (".5", 0.5),
        ("1e3", 1000.0), ("true", True), ("False", False), ("~", None), ("null", None), ("''", ""), ("'12'", "12"),
        ("=", "="), ("<<", "<<"), ("0b1", "0b1"), ("1.2.3", "1.2.3"), ("e5", "e5"), (".", "."), ("C\u0302ote", "Ĉote"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    document = parse(f"a: {text}\n".encode())
    assert not document.findings
    assert document.value == {"a": value}
    assert type(document.value["a"]) is type(value)


def test_keys_are_always_text_and_have_their_places() -> None:
    document = parse("# é\n1: {NO: [true, x]}\n".encode())
    assert document.value == {"1": {"NO": [True, "x"]}}
    assert document.marks["1",] == (2, 1, 2, 4)
    assert document.marks["1", "NO"] == (2, 5, 2, 9)
    assert document.marks["1", "NO", 1] == (2, 16, 2, 16)


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    assert parse(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").value == {"a": 1, "b": 2}


# --- hostile files ----------------------------------------------------------------------------------------------------

HEAD = "period: {from: 2012-01-01, to: 2012-12-31}\nmissions:\n  North: {holds: {company: 4}}\ncrises:\n"
ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(15)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} {{<<: [{','.join(['*' + chr(97 + i)] * 9)}]}}\n" for i in range(15)
)
HOSTILE = {
    "200,000 brackets": "[" * 200_000,
    "200,000 braces": "{" * 200_000,
    "200,000 dashes": "- " * 200_000,
    "200,000 keys in one line": "? " * 200_000,
    "deep blocks": "".join(" " * depth + "a:\n" for depth in range(1200)),
    "alias bomb": ALIASES,
    "merge-key bomb": MERGES,
    "sexagesimal": "a: " + "1:" * 400_000 + "1\n",
    "sexagesimal key": "1" + ":1" * 400_000 + ": 1\n",
    "10**900000": "a: 1" + "0" * 900_000,
    "10**5000, often": "a: [" + ",".join(["1" + "0" * 5000] * 200) + "]",
    "a million digits and an exponent": "a: " + "1" * 500_000 + "e" + "1" * 400_000,
    "half a million ones": "a: [" + "1," * 500_000 + "]",
    "30,000 unknown words": HEAD + "  raids:\n" + "".join(f"    word{i}: 1\n" for i in range(29_000)),
    "the same key, often": "a: 1\n" * 90_000,
    "anchors": "a: [" + "&a 1," * 150_000 + "]",
    "weights below nothing": HEAD
    + "  raids: {mission: North, every_days: 9, needs: {company: 1}, lasts_days: {discrete: {"
    + ", ".join(f"{i}: -1" for i in range(25_000))
    + "}}}\n",
    "wrong names": HEAD + "".join(f"  c{i}: {{mission: N{i}}}\n" for i in range(10_000)),
    "long names": HEAD + "".join(f"  {'a' * 190}{i}: {{missionn: {'b' * 190}{i}}}\n" for i in range(2400)),
    "thousands of options": HEAD
    + "  raids: {mission: North, every_days: 9, lasts_days: 9, needs: {company: 1}}\noptions:\n"
    + "".join(f"  o{i}: {{change: {{missions: {{North: {{holds: {{company: -{i}}}}}}}}}}}\n" for i in range(3000)),
    "a long key": "a" * 1_000_000 + ": 1\n",
    "two megabytes": "a" * 2_000_000,
    "nothing but NUL": "\0" * 1_000_000,
    "nothing but colons": ":" * 1_000_000,
    "nothing but percent signs": "%" * 1_000_000,
}


HANGS = 60
"""Seconds of computing that only an endless search takes: the longest of these needs a quarter of one."""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_after_little_work(text: str, tmp_path: Path) -> None:
    """A second's work at most: so many calls, of which the worst of these needs four million. What grows with the
    square of the file would need a thousand times as many, or as long inside one call: hence the guard."""
    path = tmp_path / "hostile.yaml"
    path.write_text(text)
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught, counted() as calls:
        load(path)
    assert calls.count < 8_000_000
    assert time.process_time() - began < HANGS
    assert len(caught.value.problems) <= 102
    assert all("\n" not in str(problem) for problem in caught.value.problems)


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_a_scenario_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError):
        load(path)


SOUND = (HERE.parent / "sim" / "scenario" / "docs" / "starter.yaml").read_bytes()


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, len(SOUND)),
    st.integers(0, 20),
    st.binary(max_size=8) | st.sampled_from([b"{", b"[", b": "]),
)
def test_a_damaged_scenario_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, cut: int, put: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_bytes(SOUND[:place] + put + SOUND[place + cut :])
    try:
        load(path)
    except ScenarioError as error:
        assert all(problem.line >= 1 and problem.column >= 1 and problem.file for problem in error.problems)


words = st.sampled_from(
    ["missions", "crises", "options", "change", "policy", "keep", "share", "units", "holds", "needs", "lasts_days",
     "gates",
     "between", "period", "from", "to", "routes", "North", "changes", "travel", "discrete", "gamma", "source", "on"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.floats(-2, 2) | words | st.just("2012-03-01"),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(words, inside, max_size=4),
    max_leaves=20,
)


@pytest.mark.no_cover
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(words, values, max_size=6))
def test_any_mapping_is_a_scenario_or_a_scenario_error(raw: dict[str, Any]) -> None:
    try:
        from_mapping(mapping(**raw))
    except ScenarioError as error:
        assert error.problems


# --- mappings ---------------------------------------------------------------------------------------------------------


def test_a_mapping_gets_the_checks_of_a_file() -> None:
    assert problems_of(mapping(missions={"Noth": {"holdz": {}}})) == [
        "missions.Noth.holdz: unknown word; did you mean 'holds'?",
        "crises.raids.mission: no mission 'North'; did you mean 'Noth'?",
    ]
    assert problems_of([]) == [": a scenario is a mapping (period, missions, crises, …), not a list"]
    assert problems_of(mapping(extends="x.yaml")) == ["extends: only a file extends another; load the file instead"]
    assert problems_of(mapping(about={1, 2})) == ["about: must be text, a number, a list or a mapping, not a set"]
    assert problems_of(mapping(about=float("nan"))) == ["about: must be a finite number, not nan"]
    assert problems_of(mapping(routes=None)) == [
        "routes: is empty, and there is nothing to remove; write {} for an empty block, or leave it out"
    ]


def test_a_mapping_may_hold_dates_tuples_numbers_as_keys_and_numpys_scalars() -> None:
    crisis = {**RAIDS, "every_days": np.float64(60), "needs": {"company": {"discrete": {1: 3, 2.0: np.int64(1)}}}}
    period = {"from": dt.date(2012, 1, 1), "to": "2012-12-31"}
    scenario = from_mapping(
        mapping(period=period, crises={"raids": crisis}, routes=({"between": ("North", "South"), "km": 3},))
    )
    assert scenario.period.from_ == dt.date(2012, 1, 1)
    assert scenario.raw["crises"]["raids"]["needs"] == {"company": {"discrete": {"1": 3, "2": 1}}}
    assert scenario.days == 366


def test_a_mapping_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["with"] = loop
    assert "levels deep" in problems_of(mapping(options={"a": {"policy": loop}}))[0]


def test_what_is_left_out_has_the_defaults_of_the_reference() -> None:
    scenario = from_mapping(mapping())
    assert list(scenario.options) == ["no sharing", "full pooling"]
    assert scenario.options["full pooling"].policy.share == "all"
    assert (scenario.experiment.replications, scenario.experiment.seed, scenario.experiment.confidence) == (
        1000,
        1,
        0.95,
    )
    road = scenario.all_resources["company"].travel[0]
    assert (road.by, road.speed_kmh, road.hours_per_day) == ("road", 40, 10)
    assert scenario.agreements == {}
    assert scenario.missions["North"].holdings("company") == {"unnamed": 4}


def test_sources_are_noted_with_their_blocks_and_taken_out() -> None:
    north = {"holds": {"company": 4, "source": "a"}, "confidence": "assumed"}
    scenario = from_mapping(
        mapping(missions={"North": north}, experiment={"confidence": 0.9, "source": "b"}, options={
            "x": {"policy": {"share": "all", "rule": "mine", "with": {"source": "not a note", "confidence": 3}}}
        }),
        rules=["mine"],
    )  # fmt: skip
    assert [(each.path, each.source, each.confidence) for each in scenario.sources] == [
        ("missions.North", None, "assumed"),
        ("missions.North.holds", "a", None),
        ("experiment", "b", None),
    ]
    assert scenario.missions["North"].holds == {"company": 4}
    assert scenario.experiment.confidence == 0.9
    assert scenario.options["x"].policy.with_ == {"source": "not a note", "confidence": 3}
    assert scenario.raw["missions"]["North"] == north


def test_a_rule_must_be_named_to_be_used() -> None:
    options = {"x": {"policy": {"share": "all", "rule": "my rul"}}}
    assert problems_of(mapping(options=options), rules=["my rule"]) == [
        "options.x.policy.rule: no rule 'my rul'; did you mean 'my rule'?"
    ]


def test_a_fifty_first_resource_that_an_option_adds_is_found() -> None:
    holds = {f"r{number}": 1 for number in range(49)}
    options = {"a": {"change": {"missions": {"South": {"holds": {"one": 1, "more": 1}}}}}}
    missions = {"North": {"holds": holds}, "South": {}}
    assert problems_of(mapping(missions=missions, options=options)) == [
        "options.a.change: makes resources wrong: at most 50 resources, not 52"
    ]


# --- what is harmless -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("over", "path", "what"),
    [
        ({"crises": {"vote": {"mission": "North", "on": "2013-01-01", "lasts_days": 1, "needs": {"company": 1}}}},
         "crises.vote.on", "outside the period"),
        ({"crises": {"vote": {**RAIDS, "needs": {"compani": 1}}}},
         "crises.vote.needs.compani",
         "no mission holds any 'compani': the need can never be met; did you mean 'company'?"),
        ({"crises": {"vote": RAIDS | {"spills_over": [
            {"to": "North", "chance": 1, "lasts_days": 1, "needs": {"company": 1}}]}}},
         "crises.vote.spills_over.1.to", "North is where the crisis itself is: a spill-over is to another mission"),
        ({"options": {"a": {"policy": {"share": "region"}}}}, "options.a.policy.share", "North, South cannot share"),
        ({"options": {"a": {"policy": {"share": "agreements"}}}, "agreements": {"x": {"between": "any"}}},
         "options.a.policy.share", "nobody can lend"),
        ({"contributors": {"Ghanaa": {}}}, "missions.South.holds.company.Ghana", "did you mean 'Ghanaa'?"),
        ({"resources": {"company": {"travel": [{"by": "airlif", "speed_kmh": 3}]}}, "lifts": {"airlift": {}}},
         "resources.company.travel.1.by", "did you mean 'airlift'?"),
        ({"missions": {"North": {"holds": {"company": 1}, "active": {"to": "2011-01-01"}}}},
         "missions.North.active", "never exists"),
        ({"missions": {"North": {"holds": {"company": 3}, "routine": {"company": 30}}}},
         "missions.North.routine.company",
         "routine needs 30, but North holds 3: 27 are missing from the start, and count as unmet"),
        ({"missions": {"North": {"holds": {"company": 3}, "routine": {"company": 3},
                                 "changes": [{"on": "2012-03-01", "holds": {"company": -1}}]}}},
         "missions.North.routine.company",
         "routine needs 3, but North holds 2: 1 is missing from 2012-03-01 on, and counts as unmet"),
        ({"missions": {"North": {"holds": {"company": 3},
                                 "changes": [{"on": "2012-03-01", "routine": {"company": 4}}]}}},
         "missions.North.changes", "1 is missing from 2012-03-01 on, and counts as unmet (company)"),
        ({"missions": {"North": {"holds": {"company": 3}, "changes": [{"on": "2013-03-01", "holds": {"company": 4}}]}}},
         "missions.North.changes.1.on", "2013-03-01 is outside the period: it never happens"),
        ({"missions": {"North": {"holds": {"company": 3}, "changes": [{"on": "2011-03-01", "holds": {"company": 4}}]}}},
         "missions.North.changes.1.on", "2011-03-01 is outside the period: it holds from the first day on"),
        ({"about": "Does it help? In the model it saves 115\n (109 to 121) unit-days."}, "about",
         "tells figures of a run, 115 (109 to 121), which no later run need have: say question"),
        ({"about": "It meets 23 % (22 to 23) of it."}, "about", "tells figures of a run, 23 % (22 to 23)"),
        ({"contributors": {"Ghana": {"consent_days": 3}}}, "contributors.Ghana",
         "nobody asks Ghana: no agreement has a contributor gate; write gates: {contributor: {}}"),
        ({"contributors": {"Ghana": {"refuses": 0.1}}, "agreements": {"x": {"between": "any", "gates": {"host": {}}}}},
         "contributors.Ghana", "nobody asks Ghana"),
        ({"contributors": {"Ghana": {"consent_given": [{"from": "2013-01-01", "to": "2013-02-01"}]}},
          "agreements": {"x": {"between": "any", "gates": {"contributor": {}}}}},
         "contributors.Ghana.consent_given.1", "is outside the period: nobody asks then"),
        ({"lifts": {"airlift": {}}}, "lifts.airlift", "no resource travels by it; write travel: [{by: airlift, …}]"),
        ({"missions": {"North": {"at": [6.3, -10.8], "region": "West", "holds": {"company": 1}},
                       "South": {"at": [-4.0, 5.3], "region": "West"}, "East": {"at": [8.5, -13.2], "region": "West"}}},
         "missions.South.at", "km from all others of West; have latitude and longitude changed places?"),
        ({"missions": {"North": {"at": [6.3, -10.8], "region": "West", "holds": {"company": 1}},
                       "South": {"at": [60, 5], "region": "West"}, "East": {"at": [8.5, -13.2], "region": "West"}}},
         "missions.South.at", "km from all others of West"),
        ({"options": {"a": {"change": {"missions": {"Suoth": {"holds": {"company": 3}}}}}}},
         "options.a.change.missions.Suoth", "a new mission; did you mean 'South'?"),
        ({"options": {"a": {"change": {"missions": {"South": {"holds": {"compamy": 3}}}}}}},
         "options.a.change.missions.South.holds.compamy", "a new resource; did you mean 'company'?"),
        ({"missions": {"North": {"holds": {"company": 3}}, "South": {"holds": {"compamy": 3}}}},
         "missions.South.holds.compamy", "nothing needs any 'compamy'; did you mean 'company'?"),
        ({"crises": {"vote": {**RAIDS, "needs": {"boat": 1}}}},
         "crises.vote.needs.boat", "no mission holds any 'boat': the need can never be met; missions hold: company"),
        ({"options": {"a": {"change": {"crises": {"raid": RAIDS}}}}},
         "options.a.change.crises.raid", "a new crisis; did you mean 'raids'?"),
        ({"options": {"a": {"change": {"missions": {"North": {"routine": {"company": 9}}}}}}},
         "options.a.change.missions.North.routine.company",
         "routine needs 9, but North holds 4: 5 are missing from the start, and count as unmet"),
        ({"missions": LATE, "crises": {"vote": VOTE}}, "crises.vote.on",
         "North is active from 2012-09-15 on only: nothing is needed there on 2012-03-01"),
        ({"missions": LATE, "crises": {"vote": VOTE | {"on": "2012-09-01"}}}, "crises.vote.on",
         "North is active from 2012-09-15 on only: nothing is needed there in the first 14 days"),
        ({"missions": OVER, "crises": {"vote": VOTE | {"on": "2012-03-02"}}}, "crises.vote.on",
         "North is active to 2012-03-01 only: nothing is needed there on 2012-03-02"),
        ({"missions": LATE, "crises": {"vote": VOTE | {"mission": "South", "spills_over": [
            {"to": "North", "chance": 0.5, "after_days": 10, "lasts_days": 5, "needs": {"company": 1}}]}}},
         "crises.vote.spills_over.1.to", "nothing is needed there on 2012-03-11"),
        ({"crises": {"vote": VOTE | {"on": "2012-12-30"}}}, "crises.vote.on",
         "ends after the period: only 2 of its 45 days count"),
        ({"crises": {"vote": VOTE | {"on": "2012-12-30", "lasts_days": {"uniform": {"low": 30, "high": 60}}}}},
         "crises.vote.on", "ends after the period: only 2 of its expected 45 days count"),
        ({"crises": {"vote": VOTE | {"likelihood": 0}}}, "crises.vote.likelihood", "is 0: it never happens"),
        ({"crises": {"raids": RAIDS | {"season": dict.fromkeys(MONTHS[:6], 1) | dict.fromkeys(MONTHS[6:], 0)}},
          "missions": LATE}, "crises.raids.season", "leaves no month while North is active: it never happens"),
        ({"crises": {"raids": RAIDS | {"season": dict.fromkeys(MONTHS[2:], 0)}},
          "period": {"from": "2012-03-01", "to": "2012-12-31"}},
         "crises.raids.season", "leaves no month in the period: it never happens"),
        ({"crises": {"raids": RAIDS | {"spills_over": [
            {"to": "South", "chance": 0, "lasts_days": 1, "needs": {"company": 1}}]}}},
         "crises.raids.spills_over.1.chance", "is 0: it never spills over"),
        ({"crises": {"raids": RAIDS | {"needs": {"company": 2, "boat": 0}}}, "missions": BOATS},
         "crises.raids.needs.boat", "is 0: none of it is needed"),
        ({"crises": {"raids": RAIDS | {"needs": {}}}}, "crises.raids.needs", "changes nothing in its mission"),
        ({"crises": {"raids": {"mission": "North", "every_days": 60, "phases": [
            {"lasts_days": 2, "needs": {"company": 0, "boat": 0}}, {"lasts_days": 2, "needs": {"company": 2}}]}},
          "missions": BOATS}, "crises.raids.phases.1.needs.boat", "is 0: none of it is needed"),
        ({"agreements": {"x": {"between": "any", "gates": {"council": {"days": 2}}, "standing": ["host"]}}},
         "agreements.x.standing.1",
         "host has no effect: this agreement has no host gate; write gates: {host: {days: …}}"),
        ({"agreements": {"x": {"between": "any"}}, "options": {"a": {}, "b": {
            "policy": {"share": "all"}, "change": {"agreements": {"x": {"standing": ["host"]}}}}}},
         "options.b.change.agreements.x.standing.1",
         "host has no effect: neither this agreement nor another has a host gate"),
        ({"agreements": {"x": {"between": "any", "at_most": {"company": 0}}}}, "agreements.x.at_most.company",
         "is 0: none can be lent under this agreement; leave it out where there is no ceiling"),
        ({"missions": {"North": {"holds": {"company": 4}, "reception_per_day": {"company": 0}}, "South": {}}},
         "missions.North.reception_per_day.company", "is 0 to the period's end: what is lent to it waits for ever"),
        ({"routes": [{"between": ["North", "South"], "km": 400}], "missions": FAR}, "routes.1.km",
         "400 km is shorter than the great circle between the two, 500 km"),
        ({"options": {"a": {}, "b": {"policy": {"share": "all"}}, "c": {"label": "C", "policy": {"share": "all"}}}},
         "options.c", "does the same as 'b': nothing can differ between the two"),
        ({"options": {"a": {}, "b": {"change": {"missions": {"North": {"holds": {"company": 4}}}}}}},
         "options.b", "does the same as 'a'"),
        *(({"missions": {"A": {"region": "West", "holds": {"company": 1}}, "B": {"region": "West"},
                         "North": {"region": region}}}, "missions.North.region",
           f"{region!r} is another region than 'West'; did you mean that?") for region in ("west", "Wset", "Wst")),
        ({"options": {"a": {"change": {"missions": {"UNMIT": {"holds": {"company": 3}}}}}},
          "missions": {"UNMIL": {"holds": {"company": 4}}, "North": {}}},
         "options.a.change.missions.UNMIT", "a new mission; did you mean 'UNMIL'?"),
        ({"crises": {"vote": VOTE | {"warning_days": 60}}}, "crises.vote.warning_days",
         "has no effect: no option has prevent_days or foresee_days in its policy"),
        ({"crises": {"vote": VOTE | {"warning_days": 60}, "raids": RAIDS | {"warning_days": 2}}},
         "crises.vote.warning_days", "has no effect (nor that of 1 more): no option"),
    ],
)  # fmt: skip
def test_what_is_odd_is_a_warning(over: dict[str, Any], path: str, what: str) -> None:
    [warning] = from_mapping(mapping(**over)).warnings
    assert warning.path == path
    assert what in warning.what


@pytest.mark.parametrize(
    "over",
    [
        {"missions": LATE, "crises": {"vote": VOTE | {"on": "2012-09-15"}}},
        {"missions": OVER, "crises": {"vote": VOTE}},
        {"crises": {"vote": VOTE | {"on": "2012-12-01"}}},  # most of it counts
        {"crises": {"vote": VOTE | {"warning_days": 60, "source": "announced 60 days before"}}},
        *(
            {"crises": {"vote": VOTE | {"warning_days": 60}}, "options": {"a": {}, "b": {"policy": policy}}}
            for policy in (
                {"share": "all", "prevent_days": 5},
                {"share": "all", "foresee_days": 5},
                {"share": "all", "lenders": "least at risk"},
            )
        ),
    ],
)
def test_a_timely_crisis_is_no_warning(over: dict[str, Any]) -> None:
    assert from_mapping(mapping(**over)).warnings == ()


@pytest.mark.parametrize(
    "over",
    [
        {"missions": {"A": {"region": "West Africa", "holds": {"company": 4}}, "North": {"region": "East Africa"}}},
        {"missions": {"A": {"region": "Sector 1", "holds": {"company": 4}}, "North": {"region": "Sector 2"}}},
        {"crises": {"raids": RAIDS | {"season": {"jan": 0, "feb": 0}}}},
        {"routes": [{"between": ["North", "South"], "km": 499}], "missions": FAR},
        {"agreements": {"x": {"between": "any", "gates": {"host": {}}},
                        "y": {"between": ["North", "South"], "standing": ["host"]}}},
        {"agreements": {"x": {"between": "any", "order": "in turn", "gates": {"host": {"days": 1}, "council": {}}}},
         "options": {"a": {}, "b": {"change": {"agreements": {"x": {"gates": {"council": {}, "host": {}}}}}}}},
    ],
)  # fmt: skip
def test_what_is_meant_so_is_no_warning(over: dict[str, Any]) -> None:
    assert from_mapping(mapping(**over)).warnings == ()


@pytest.mark.parametrize(
    ("crisis", "change"),
    [({"likelihood": 0}, {"likelihood": 0.5}), ({"needs": {"company": 0}}, {"needs": {"company": 1}})],
)
def test_what_an_option_gives_an_effect_is_no_warning(crisis: dict[str, Any], change: dict[str, Any]) -> None:
    options = {"a": {}, "b": {"change": {"crises": {"raids": change}}}}
    assert from_mapping(mapping(crises={"raids": RAIDS | crisis}, options=options)).warnings == ()


def test_a_need_that_an_options_change_can_meet_is_no_warning() -> None:
    crises = {"raids": {**RAIDS, "needs": {"helicopter": 1}}}
    options = {"a": {}, "b": {"change": {"missions": {"South": {"holds": {"helicopter": 2}}}}}}
    assert from_mapping(mapping(crises=crises, options=options)).warnings == ()


@pytest.mark.parametrize("name", ["North 2", "Northern Ireland", "East"])
def test_a_new_name_that_is_not_like_another_is_no_warning(name: str) -> None:
    change = {"missions": {name: {"holds": {"company": 3}}}}
    missions = {"North": {"holds": {"company": 4}}, "North 1": {"holds": {"company": 4}}}
    assert from_mapping(mapping(missions=missions, options={"a": {"change": change}})).warnings == ()


def test_a_deficit_that_an_option_makes_worse_is_said_where_the_option_says_it() -> None:
    missions = {"North": {"holds": {"company": {"Ghana": 3}}, "routine": {"company": 3}}}
    change = {"missions": {"North": {"holds": {"company": {"Ghana": 1}}}}}
    scenario = from_mapping(mapping(missions=missions, options={"a": {}, "b": {"change": change}}))
    [warning] = scenario.warnings
    assert warning.path == "options.b.change.missions.North.holds.company"
    assert warning.what == "routine needs 3, but North holds 1: 2 are missing from the start, and count as unmet"


def test_changes_outside_the_period_may_come_from_a_library(tmp_path: Path) -> None:
    (tmp_path / "library.yaml").write_text(
        "missions:\n  North: {holds: {company: 4}, changes: [{on: 2013-02-01, holds: {company: -1}}]}\n"
        "  South: {holds: {company: 4}, changes: [{on: 2011-02-01, holds: {company: -1}}]}\n"
    )
    run = tmp_path / "run.yaml"
    run.write_text("extends: library.yaml\nperiod: {from: 2012-01-01, to: 2012-03-01}\ncrises: {}\n")
    assert load(run).warnings == ()
    run.write_text(
        "extends: library.yaml\nperiod: {from: 2012-01-01, to: 2012-03-01}\ncrises: {}\nmissions:\n"
        "  South: {changes: [{on: 2011-02-01, holds: {company: -1}}, {on: 2021-02-01, holds: {company: -1}}]}\n"
    )
    assert [(each.line, each.path) for each in load(run).warnings] == [(5, "missions.South.changes.2.on")]


def test_loading_logs_its_warnings_with_their_places(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "late.yaml"
    path.write_text(HEAD + "  vote: {mission: North, on: 2013-01-01, lasts_days: 1, needs: {company: 1}}\n")
    with caplog.at_level(logging.WARNING, "sim"):
        load(path)
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}:5:30: crises.vote.on: 2013-01-01 is outside the period: it never happens"
    ]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("UNMIT", "UNMIL", True), ("West", "Wset", True), ("West", "Wst", True), ("est", "west", True), ("a", "", True),
     ("West", "West", False), ("West", "East", False), ("abcd", "badc", False),
     ("West", "Wessst", False), ("", "", False)],
)  # fmt: skip
def test_names_that_are_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert one_letter_apart(one, other) == one_letter_apart(other, one) == apart


# --- rules ------------------------------------------------------------------------------------------------------------


def test_what_a_rule_is_told_is_checked_against_its_parameters() -> None:
    def mine(situation: Any, most: int, least: int = 0) -> list[Any]:
        return [situation, most, least]

    def whatever(situation: Any, **words: Any) -> list[Any]:
        return [situation, words]

    def problems(told: dict[str, Any] | None, rule: str = "mine") -> list[str]:
        policy = {"share": "all", "rule": rule} | ({} if told is None else {"with": told})
        try:
            from_mapping(mapping(options={"x": {"policy": policy}}), rules={"mine": mine, "whatever": whatever})
        except ScenarioError as error:
            return [f"{problem.path}: {problem.what}" for problem in error.problems]
        return []

    assert problems({"most": 1, "least": 0}) == []
    assert problems({"most": 1, "lest": 0}) == [
        "options.x.policy.with.lest: rule 'mine' has no parameter 'lest'; did you mean 'least'?"
    ]
    assert problems({"mots": 1})[0] == (
        "options.x.policy.with.mots: rule 'mine' has no parameter 'mots'; did you mean 'most'?"
    )
    assert problems(None) == ["options.x.policy.rule: rule 'mine' must be told most; write with: {most: …}"]
    assert problems({"anything": 1}, "whatever") == []


def test_the_parameters_of_a_rule_in_the_drawer_are_read_off_its_text() -> None:
    text = "def offers(situation, most, least=0, *, order='near', must):\n    return []\n"
    assert _parameters_in(text, "offers") == (("most", True), ("least", False), ("order", False), ("must", True))
    assert _parameters_in("def offers(situation, **words):\n    return []\n", "offers") is None


# --- options and patches ----------------------------------------------------------------------------------------------


def test_an_option_with_a_change_is_another_scenario_made_once() -> None:
    change = {"missions": {"South": {"holds": {"company": {"Ghana": 2}}}, "East": {"holds": {"company": 2}}}}
    scenario = from_mapping(mapping(options={"a": {}, "b": {"change": change}}))
    assert with_option(scenario, "a") is scenario
    variant = with_option(scenario, "b")
    assert variant is with_option(scenario, "b")
    assert variant.missions["South"].holds == {"company": {"Ghana": 2}}
    assert list(variant.missions) == ["North", "South", "East"]
    assert variant.raw["missions"]["East"] == {"holds": {"company": 2}}
    assert variant.missions["North"] is scenario.missions["North"]
    assert scenario.missions["South"].holds == {"company": {"Ghana": 4}}
    with pytest.raises(UsageError, match=r"no option 'c'; known: a, b"):
        with_option(scenario, "c")


def test_a_scenario_travels_to_other_processes() -> None:
    change = {"missions": {"East": {"holds": {"company": 2}}}}
    scenario = from_mapping(mapping(options={"a": {}, "b": {"change": change}}))
    travelled = pickle.loads(pickle.dumps(scenario))
    assert travelled.missions == scenario.missions
    assert travelled.raw == scenario.raw
    assert with_option(travelled, "b").missions == with_option(scenario, "b").missions


# --- frozen, and changed into another ---------------------------------------------------------------------------------


DEEDS: list[Callable[[dict[Any, Any]], Any]] = [
    lambda each: each.__setitem__("x", 1), lambda each: each.update(x=1), lambda each: each.popitem(),
    lambda each: each.setdefault("x", 1), lambda each: each.__ior__({"x": 1}), lambda each: each.clear(),
    lambda each: each.pop("x", None), lambda each: each.__delitem__("x"),
]  # fmt: skip
"""Every way to change a dict."""


def test_a_loaded_scenario_cannot_be_changed_in_place() -> None:
    crises = {"raids": RAIDS | {"season": {"jan": 2}, "needs": {"company": {"discrete": {1: 3, 2: 1}}}}}
    agreements = {"x": {"between": "any", "gates": {"host": {}}, "at_most": {"company": 2}}}
    change = {"missions": {"South": {"changes": [{"on": "2012-02-01", "holds": {"company": {"Ghana": 1}}}]}}}
    options = {"a": {"policy": {"keep": {"units": 2}}}, "b": {"change": change}}
    scenario = from_mapping(mapping(crises=crises, agreements=agreements, options=options))
    before = fingerprint(scenario)

    def maps(value: Any) -> Iterator[dict[Any, Any]]:
        if isinstance(value, Block):
            for name in type(value).model_fields:
                yield from maps(getattr(value, name))
        elif isinstance(value, dict):
            yield value
            for inside in value.values():
                yield from maps(inside)
        else:
            assert not isinstance(value, list | set)
            for inside in value if isinstance(value, tuple) else ():
                yield from maps(inside)

    for world in (scenario, with_option(scenario, "b")):
        found = [*maps(world), world.all_resources]
        assert len(found) > 40
        for each in found:
            for change_it in DEEDS:
                with pytest.raises(TypeError, match=r"scenario\.change"):
                    change_it(each)
    with pytest.raises(TypeError):
        scenario.missions["South"].holds["company"] = 1
    with pytest.raises(ValidationError, match="frozen"):
        scenario.missions["South"].label = "S"  # type: ignore[misc]
    assert fingerprint(scenario) == before


def test_a_frozen_scenario_is_copied_and_pickled_as_frozen() -> None:
    scenario = from_mapping(mapping())
    for other in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), copy.copy(scenario)):
        assert type(other) is LoadedScenario and other.missions == scenario.missions
        with pytest.raises(TypeError):
            other.missions["South"].holds["company"] = 1
    assert scenario.missions["South"].holds | {"boat": 1} == {"company": {"Ghana": 4}, "boat": 1}
    assert json.dumps(scenario.raw) == json.dumps(mapping())


def test_a_changed_scenario_is_another_with_its_own_fingerprint() -> None:
    scenario = from_mapping(mapping(options={"a": {}, "b": {"change": {"crises": {"raids": {"lasts_days": 9}}}}}))
    changed = scenario.change({"missions": {"South": {"holds": {"company": 2}}, "East": {"label": "E"}}})
    assert changed.missions["South"].holds == {"company": {"Ghana": 2}}
    assert list(changed.missions) == ["North", "South", "East"]
    assert with_option(changed, "b").missions["South"].holds == {"company": {"Ghana": 2}}
    assert scenario.missions["South"].holds == {"company": {"Ghana": 4}}
    assert fingerprint(changed) != fingerprint(scenario)
    assert sim.change(scenario, "missions.South.holds.company.Ghana", 2).missions == (
        scenario.change({"missions": {"South": {"holds": {"company": 2}}}}).missions
    )
    assert fingerprint(sim.change(changed, "missions.South.holds.company", 4).change({"missions": {"East": None}})) == (
        fingerprint(scenario)
    )
    assert list(sim.change(scenario, "options.b", None).options) == ["a"]
    assert sim.change(scenario, "experiment.seed", np.int64(7)).experiment.seed == 7


@pytest.mark.parametrize(
    ("patch", "what"),
    [
        ({"missions": {"South": {"holdz": {}}}},
         "change:0:0: missions.South.holdz: unknown word; did you mean 'holds'?"),
        ({"missions": {"Suoth": None}},
         "change:0:0: missions.Suoth: there is no 'Suoth' to remove; did you mean 'South'?"),
        ({"extends": "x.yaml"},
         "change:0:0: extends: only a file extends another; a change is laid over what was loaded"),
        ({"crises": {"raids": {"every_days": 0}}}, "change:0:0: crises.raids.every_days: must be more than 0, not 0"),
        (["missions"], "change:0:0: a scenario is a mapping (period, missions, crises, …), not a list"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_refused_as_in_a_file(patch: Any, what: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        from_mapping(mapping()).change(patch)
    assert str(caught.value) == what


def test_a_value_that_cannot_be_changed_is_refused() -> None:
    scenario = from_mapping(mapping(routes=[{"between": ["North", "South"], "km": 9}]))
    with pytest.raises(UsageError, match="nothing called 'Suoth' here; did you mean 'South'"):
        sim.change(scenario, "missions.Suoth.label", "S")
    with pytest.raises(UsageError, match="missions: nothing called 'East' here"):
        sim.change(scenario, "missions.East", None)
    with pytest.raises(UsageError, match="an item of a list cannot be removed by itself"):
        sim.change(scenario, "routes.1", None)
    with pytest.raises(ScenarioError, match=r"change:0:0: experiment.seed: must be 0 or more, not -1"):
        sim.change(scenario, "experiment.seed", -1)
    with pytest.raises(ScenarioError, match=r"missions.North.label: must be text, a number, a list or a mapping"):
        sim.change(scenario, "missions.North.label", object())


def test_a_scenario_with_a_rule_of_ones_own_can_be_changed() -> None:
    options = {"x": {"policy": {"share": "all", "rule": "my rule"}}}
    scenario = from_mapping(mapping(options=options), rules=["my rule"])
    assert scenario.change({"name": "other"}).options == scenario.options
    assert sim.change(scenario, "options.x.policy.rule", "another", rules=["another"]).name == "scenario"


# --- what a patch means -----------------------------------------------------------------------------------------------


def gates(**over: Any) -> list[str]:
    """The order of the gates of a small agreement as an option with this change has it."""
    agreement = {"between": "any", "order": "in turn", "gates": {"council": {"days": 2}, "host": {"days": 12}}}
    change = {"agreements": {"x": {"gates": over}}}
    scenario = from_mapping(mapping(agreements={"x": agreement}, options={"a": {}, "b": {"change": change}}))
    return [
        f"{gate} {terms.days:g}" for gate, terms in (with_option(scenario, "b").agreements["x"].gates or {}).items()
    ]


def test_a_patch_sets_the_order_of_the_gates_that_it_writes() -> None:
    assert gates(host={"days": 12}, council={"days": 2}) == ["host 12", "council 2"]
    assert gates(contributor={"days": 1}, council={}) == ["contributor 1", "council 2", "host 12"]
    assert gates(contributor={"days": 1}, host={}) == ["council 2", "contributor 1", "host 12"]
    assert gates(contributor={"days": 1}) == ["council 2", "host 12", "contributor 1"]
    assert gates(host={"days": 3}) == ["council 2", "host 3"], "a gate is changed alone"
    assert gates(council=None, contributor={"days": 1}, host={}) == ["contributor 1", "host 12"]


def test_a_file_sets_the_order_of_the_gates_and_options_that_it_writes(tmp_path: Path) -> None:
    agreement = {"between": "any", "order": "in turn", "gates": {"council": {"days": 2}, "host": {"days": 12}}}
    options = {"a": {}, "b": {"policy": {"share": "all"}}}
    (tmp_path / "base.yaml").write_text(to_yaml(mapping(agreements={"x": agreement}, options=options)))
    own = tmp_path / "own.yaml"
    own.write_text("extends: base.yaml\nagreements: {x: {gates: {host: {days: 12}, council: {days: 1}}}}\n"
                   "options: {c: {}, b: {}, a: {about: A}}\n")  # fmt: skip
    scenario = load(own)
    assert list(scenario.agreements["x"].gates or {}) == ["host", "council"]
    assert list(scenario.options) == ["c", "b", "a"] and scenario.reference == "c"
    assert differ(str(tmp_path / "base.yaml"), str(own)) == {
        "agreements": {"x": {"gates": {"host": {"days": 12}, "council": {"days": 1}}}},
        "options": {"c": {}, "b": {}, "a": {"about": "A"}},
    }


@pytest.mark.parametrize("word", ["gates", "options"])
def test_the_difference_shows_another_order(word: str) -> None:
    def raw(*names: str) -> dict[str, Any]:
        block = {name: {"days": 1} if word == "gates" else {} for name in names}
        return {"agreements": {"x": {"gates": block}}} if word == "gates" else {"options": block}

    for first, second in itertools.permutations(
        [("a", "b", "c"), ("c", "a"), ("b", "a", "c"), ("d", "c", "b", "a")], 2
    ):
        patch = difference(raw(*first), raw(*second))
        assert patch and same(merge(raw(*first), patch), raw(*second)), (first, second, patch)
    assert not same(raw("a", "b"), raw("b", "a"))
    assert difference(raw("a", "b"), raw("a", "b")) == {}


def test_a_plain_number_keeps_the_only_contributor() -> None:
    only, two = {"Ghana": 4}, {"Ghana": 4, "Nepal": 2}
    change = {"missions": {"South": {"holds": {"company": 7}}}}
    scenario = from_mapping(mapping(options={"a": {}, "b": {"change": change}}))
    assert with_option(scenario, "b").missions["South"].holds == {"company": {"Ghana": 7}}
    path = "missions.South.holds.company"
    assert get_path(set_path(mapping(), path, 7), path) == {"Ghana": 7}
    assert get_path(set_path(mapping(), "missions.North.holds.company", 7), "missions.North.holds.company") == 7
    several = mapping(missions={"North": {}, "South": {"holds": {"company": two}}})
    with pytest.raises(UsageError, match=r"7 of whom\? Say units by contributor: \{Ghana: …, Nepal: …\}"):
        set_path(several, path, 7)
    assert get_path(set_path(several, path, 0), path) == {"Ghana": 0, "Nepal": 0}
    assert get_path(set_path(several, f"{path}.Nepal", 1), path) == {"Ghana": 4, "Nepal": 1}
    plain = {"missions": {"South": {"holds": {"company": 7}}}}
    patch = difference({"missions": {"South": {"holds": {"company": only}}}}, plain)
    assert patch == {"missions": {"South": {"holds": {"company": {"Ghana": None, "unnamed": 7}}}}}


def test_a_list_is_added_to(tmp_path: Path) -> None:
    library = mapping(routes=[{"between": ["North", "South"], "km": 9}])
    library["missions"]["South"]["changes"] = [{"on": "2012-03-01", "holds": {"company": {"Ghana": -1}}}]
    (tmp_path / "base.yaml").write_text(to_yaml(library))
    own = tmp_path / "own.yaml"
    own.write_text("extends: base.yaml\nmissions:\n  East: {}\n  South: {changes: {add: [{on: 2012-05-01,\n"
                   "    holds: {company: 2}}]}}\nroutes:\n  add: [{between: [North, East], km: 3}]\n"
                   "options: {a: {}, b: {change: {routes: {add: [{between: [East, South], km: 5}]}}}}\n")  # fmt: skip
    scenario = load(own)
    assert [change.on.month for change in scenario.missions["South"].changes] == [3, 5]
    assert [route.km for route in scenario.routes] == [9, 3]
    assert [route.km for route in with_option(scenario, "b").routes] == [9, 3, 5]
    own.write_text(own.read_text().replace("company: 2", "company: {Ghana: -9}"))
    with pytest.raises(ScenarioError, match=r"own\.yaml:5:30: missions\.South\.changes\.2\.holds\.company\.Ghana: "):
        load(own)
    first = tmp_path / "first.yaml"
    first.write_text(to_yaml({**mapping(), "routes": {"add": [{"between": ["North", "South"], "km": 9}]}}))
    assert [route.km for route in load(first).routes] == [9], "nothing stood there before"


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}}, {"a": {"c": 2, "d": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": {"c": None, "d": 1}}}, {"a": {"b": {"d": 1}}}),
        ({"d": {"gamma": {"mean": 1, "sd": 1}}}, {"d": {"uniform": {"low": 1, "high": 2}}},
         {"d": {"uniform": {"low": 1, "high": 2}}}),
        ({"d": {"gamma": {"mean": 1, "sd": 1}}}, {"d": {"gamma": {"sd": 2}}}, {"d": {"gamma": {"mean": 1, "sd": 2}}}),
        ({"d": {"discrete": {"1": 1}}}, {"d": {"discrete": {"2": 1}}}, {"d": {"discrete": {"2": 1}}}),
        ({"options": {"a": {"policy": {"keep": {"units": 2}}}}},
         {"options": {"a": {"policy": {"keep": {"share": 0.5}}}}},
         {"options": {"a": {"policy": {"keep": {"share": 0.5}}}}}),
        ({"options": {"a": {"policy": {"keep": {"x": {"units": 2}}}}}},
         {"options": {"a": {"policy": {"keep": {"x": {"share": 0.5}, "y": 1}}}}},
         {"options": {"a": {"policy": {"keep": {"x": {"share": 0.5}, "y": 1}}}}}),
        ({"options": {"a": {"change": {"crises": {"x": None}}}}},
         {"options": {"a": {"change": {"missions": {"y": None}}}}},
         {"options": {"a": {"change": {"missions": {"y": None}}}}}),
    ],
)  # fmt: skip
def test_merging(base: dict[str, Any], over: dict[str, Any], merged: dict[str, Any]) -> None:
    assert merge(base, over) == merged
    assert merge(base, difference(base, merged)) == merged


keys = st.sampled_from(
    ["a", "b", "options", "change", "keep", "units", "share", "gamma", "uniform", "discrete", "source", "1"]
)
scalars = st.booleans() | st.integers(0, 2) | st.floats(0, 2) | st.just("text")
trees = st.dictionaries(
    keys,
    st.recursive(
        scalars | st.lists(scalars, max_size=2), lambda inside: st.dictionaries(keys, inside, max_size=4), max_leaves=12
    ),
    max_size=4,
)
scenarios = trees | trees.map(lambda tree: {"options": {"a": {"change": tree, "policy": {"keep": tree}}}})


@pytest.mark.no_cover
@settings(max_examples=500)
@given(scenarios, scenarios)
def test_the_difference_leads_from_one_to_the_other(a: dict[str, Any], b: dict[str, Any]) -> None:
    patch = difference(a, b)
    assert same(merge(a, patch), b)
    assert (patch == {}) == same(a, b)


letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" ")
odd = ["NO", "0o14", "1_000", "12:30", "1e5", "~", "null", "yes", ".inf", "<<", "- a", "x #y", "a: b"]
spelt = st.text(letters, min_size=1, max_size=30) | st.sampled_from(odd)


@pytest.mark.no_cover
@settings(max_examples=300)
@given(st.dictionaries(spelt, spelt | st.floats(-9, 9) | st.booleans() | st.dictionaries(spelt, spelt)))
def test_what_is_written_reads_back_as_the_same(raw: dict[str, Any]) -> None:
    raw = {"twice": raw, "again": raw, "list": [raw, list(raw)]}
    document = parse(to_yaml(raw).encode())
    assert not document.fatal and not document.findings
    assert document.value == normal(raw)


def normal(value: Any) -> Any:
    """Text in the one form in which it is read."""
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): normal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [normal(each) for each in value]
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


@pytest.mark.no_cover
@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_scenario_as_resolved_reads_back_as_the_same(path: Path, tmp_path: Path) -> None:
    scenario = load(path)
    resolved = tmp_path / "scenario.yaml"
    resolved.write_text(to_yaml(scenario.raw), encoding="utf-8")
    assert load(resolved).raw == scenario.raw
    assert fingerprint(load(resolved)) == fingerprint(scenario)
    assert from_mapping(scenario.raw).raw == scenario.raw


def test_paths_are_those_of_messages() -> None:
    raw = {"crises": {"St. Ives run-off": {"phases": [{"needs": {"a": 1}}, {"needs": {"a": 2}}], "severity": 3}}}
    assert get_path(raw, "crises.St. Ives run-off.phases.2.needs.a") == 2
    assert get_path(raw, 'crises."St. Ives run-off".severity') == 3
    changed = set_path(raw, "crises.St. Ives run-off.phases.2.needs.a", 5)
    assert get_path(changed, "crises.St. Ives run-off.phases.2.needs.a") == 5
    assert get_path(raw, "crises.St. Ives run-off.phases.2.needs.a") == 2
    assert set_path(raw, "crises.St. Ives run-off.patience_days", 7)["crises"]["St. Ives run-off"]["patience_days"] == 7
    assert set_path(raw, "experiment.seed", 7)["experiment"] == {"seed": 7}
    assert set_path(mapping(), "missions.North.routine.company", 2)["missions"]["North"]["routine"] == {"company": 2}


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("crises.riads.every_days", "crises: nothing called 'riads' here; did you mean 'raids'?"),
        ("crises.raids.evry_days", "crises.raids: nothing called 'evry_days' here; did you mean 'every_days'?"),
        ("crisis.raids", "nothing called 'crisis' here; did you mean 'crises'?"),
        ("crises.raids.every_days.mean", "crises.raids.every_days: is 60, so nothing called 'mean' can be set in it"),
        ("missions.North.changes.3.on", "nothing called '3' here"),
        (
            "missions.North.routine.compani",
            "missions.North.routine: nothing called 'compani' here; did you mean 'company'?",
        ),
        ("crises.raids.season.july", "crises.raids.season: nothing called 'july' here; did you mean 'jul'?"),
        ("", "'' is not a path like missions.UNOCI.holds.infantry_company"),
    ],
)
def test_a_path_to_nothing_says_so(path: str, what: str) -> None:
    with pytest.raises(UsageError) as caught:
        set_path(mapping(), path, 3)
    assert what in str(caught.value)


# --- fingerprints -----------------------------------------------------------------------------------------------------


def test_the_fingerprint_is_of_what_the_model_reads() -> None:
    plain = fingerprint(from_mapping(mapping()))
    assert plain.startswith("sha256:") and len(plain) == 71
    for unread in (
        {"name": "other"}, {"about": "x"}, {"source": "x"}, {"language": 1}, {"experiment": {"seed": 3}},
        {"missions": {"South": {"holds": {"company": {"Ghana": 4}}, "label": "S"}, "North": {"holds": {"company": 4}}}},
        {"crises": {"raids": {**RAIDS, "every_days": 60.0, "confidence": "assumed"}}},
        {"history": {"x": {"from": "North", "to": "South", "resource": "company"}}},
    ):  # fmt: skip
        assert fingerprint(from_mapping(mapping(**unread))) == plain, unread
    assert fingerprint(from_mapping(mapping(crises={"raids": {**RAIDS, "every_days": 61}}))) != plain


def test_the_order_of_gates_is_part_of_the_fingerprint() -> None:
    gates = [{"council": {"days": 1}, "host": {"days": 2}}, {"host": {"days": 2}, "council": {"days": 1}}]
    made = [
        from_mapping(mapping(agreements={"x": {"between": "any", "order": "in turn", "gates": each}})) for each in gates
    ]
    assert fingerprint(made[0]) != fingerprint(made[1])


# --- imports ----------------------------------------------------------------------------------------------------------


def test_what_a_file_tells_of_its_findings_is_not_told_of_what_extends_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(mapping(about="Lending saves 9 unit-days.")))
    own = tmp_path / "own.yaml"
    for words, warned in (("", 1), ("about: null\n", 0), ("about: Does it?\n", 0)):
        own.write_text(f"extends: base.yaml\nname: Ours\n{words}")
        told = [problem for problem in load(own).warnings if problem.path == "about"]
        assert len(told) == warned
    assert [problem.path for problem in load(tmp_path / "base.yaml").warnings] == []


def test_reading_imports_no_heavy_library() -> None:
    heavy = ["numpy", "scipy", "matplotlib", "simpy"]
    code = f"import sys, sim.scenario.load; print([each for each in {heavy} if each in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
