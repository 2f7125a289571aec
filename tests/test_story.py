"""One replication as dated sentences, read as a person would."""

from __future__ import annotations

import json
from typing import Any

import pytest

import sim
from sim.commands.shared.filing import as_json
from sim.errors import UsageError
from sim.scenario.files.patch import merge
from sim.words.names import unit_noun

NEIGHBOURS: dict[str, Any] = {
    "period": {"from": "2011-01-01", "to": "2011-06-30"},
    "resources": {"fpu": {"label": "Formed police units", "prepare_days": 1}},
    "missions": {
        "North": {"holds": {"fpu": {"Jordan": 1}}},
        "South": {
            "holds": {"fpu": {"Jordan": 4}},
            "changes": [{"on": "2011-05-01", "holds": {"fpu": {"Jordan": -1}}, "why": "drawdown"}],
        },
    },
    "crises": {"vote": {"mission": "North", "on": "2011-02-01", "lasts_days": 40, "needs": {"fpu": 3}}},
    "agreements": {
        "both": {
            "between": "any",
            "gates": {"council": {"days": 5}, "contributor": {"days": 10}},
            "window_days": 20,
            "renewals": {"most": 1, "days": 10},
        }
    },
    "options": {"pool": {"label": "Everybody lends", "policy": {"share": "all"}}},
}


def told(change: dict[str, Any] | None = None) -> list[str]:
    return sim.tell(sim.from_mapping(merge(NEIGHBOURS, change or {})), "pool", check=True).lines()


def test_changes_of_routine_are_counted_as_people_count_them() -> None:
    changes = [{"on": "2011-05-01", "routine": {"fpu": 2}}, {"on": "2011-05-02", "routine": {"fpu": -1}}]
    lines = told({"missions": {"South": {"changes": changes}}})
    assert "1 May 2011: South's daily tasks need 2 more formed police units." in lines
    assert "2 May 2011: South's daily tasks need 1 fewer formed police unit." in lines


def test_a_contributor_without_a_name_is_not_called_unnamed() -> None:
    held = {"North": {"holds": {"fpu": 1}}, "South": {"holds": {"fpu": {"Jordan": None, "unnamed": 4}}, "changes": []}}
    lines = told({"missions": held})
    assert "11 Feb 2011: The contributor agrees to the loan of 2 formed police units from South to North." in lines


def test_the_whole_story() -> None:
    assert told() == [
        "1 Feb 2011: North: vote begins and needs 3 formed police units.",
        "1 Feb 2011: North asks South for 2 formed police units (Jordan) for vote.",
        "1 Feb 2011: North is short of 2 formed police units, already asked for.",
        "6 Feb 2011: The Security Council agrees to the loan of 2 formed police units from South to North; "
        "the authority runs to 26 Feb 2011.",
        "11 Feb 2011: The contributor, Jordan, agrees to the loan of 2 formed police units from South to North.",
        "12 Feb 2011: 2 formed police units leave South for North.",
        "12 Feb 2011: 2 formed police units arrive in North from South.",
        "12 Feb 2011: North has all the formed police units that it needs.",
        "26 Feb 2011: The authority for the loan of 2 formed police units from South to North is renewed "
        "to 8 Mar 2011.",
        "8 Mar 2011: The authority ends: 2 formed police units leave North for South.",
        "8 Mar 2011: 2 formed police units are home in South from North.",
        "8 Mar 2011: North asks South for 2 formed police units (Jordan) for vote.",
        "8 Mar 2011: North is short of 2 formed police units, already asked for.",
        "13 Mar 2011: North: vote is over.",
        "13 Mar 2011: The Security Council agrees to the loan of 2 formed police units from South to North; "
        "the authority runs to 2 Apr 2011.",
        "13 Mar 2011: North no longer needs 2 formed police units asked of South: the request is withdrawn.",
        "13 Mar 2011: North no longer needs the 2 formed police units that it lacked.",
        "1 May 2011: South loses 1 formed police unit (Jordan) (drawdown).",
    ]


def test_why_nobody_comes_is_said() -> None:
    assert "1 Feb 2011: North is short of 2 formed police units: those who have some may not lend." in told(
        {"options": {"pool": {"policy": {"share": "none"}}}}
    )
    assert "1 Feb 2011: North is short of 2 formed police units: nobody has any to spare." in told(
        {"missions": {"South": {"holds": {"fpu": {"Jordan": 1}}, "routine": {"fpu": 1}, "changes": []}}}
    )


def test_refusals_are_told_by_who_refuses() -> None:
    lines = told({"agreements": {"both": {"gates": {"contributor": {"days": 10, "refuses": 1}}}}})
    assert (
        "11 Feb 2011: The contributor, Jordan, refuses the loan of 2 formed police units from South to North." in lines
    )
    assert not any("leave South" in line for line in lines)


def test_a_refused_renewal_is_told() -> None:
    lines = told({"agreements": {"both": {"renewals": {"refuses": 1}}}})
    place = lines.index("26 Feb 2011: The authority ends: 2 formed police units leave North for South.")
    refused = "26 Feb 2011: The authority for the loan of 2 formed police units from South to North is not renewed: "
    assert refused + "that is refused." in lines[place - 1 : place + 2]


def test_a_crisis_that_stays_calm_is_told() -> None:
    lines = told({"crises": {"vote": {"likelihood": 0, "warning_days": 5}}})
    assert lines[:2] == [
        "27 Jan 2011: North learns of a coming crisis: vote, expected on 1 Feb 2011.",
        "1 Feb 2011: North: vote stays calm; nothing is needed for it.",
    ]


def test_an_option_is_known_by_its_label_too() -> None:
    scenario = sim.from_mapping(NEIGHBOURS)
    assert sim.tell(scenario, "Everybody lends").option == "pool"
    with pytest.raises(UsageError, match="no option 'nobody'"):
        sim.tell(scenario, "nobody")


def test_json_holds_every_lot_and_the_measures() -> None:
    story = sim.tell(sim.from_mapping(NEIGHBOURS), "pool").as_json()
    json.dumps(story, allow_nan=False)
    first, second = story["loans"]
    assert (first["departed_day"], first["arrived_day"], first["why_ended"]) == (42.0, 42.0, "lapsed")
    assert (second["departed_day"], second["council_day"], second["why_ended"]) == (None, 71.0, "cancelled")
    assert sum(story["measures"]["unmet_by_cause"].values()) == pytest.approx(story["measures"]["unmet_unit_days"])
    assert story["measures"]["unmet_unit_days"] == pytest.approx(2 * 11 + 2 * 5)


def test_what_is_asked_for_and_what_nobody_can_give_are_told_apart() -> None:
    more = {"crises": {"vote": {"needs": {"fpu": 6}}}}
    told_of = "4 of them already asked for; as to the rest, nobody has any to spare"
    assert f"1 Feb 2011: North is short of 5 formed police units, {told_of}." in told(more)


BY_PLANE: dict[str, Any] = {
    "resources": {"fpu": {"travel": [{"by": "plane", "speed_kmh": 400, "handling_days": 4, "units_per_load": 1}]}},
    "lifts": {"plane": {"slots": 1, "turnaround_days": 3}},
    "missions": {"South": {"changes": []}},
    "agreements": {"both": {"gates": None, "window_days": None, "renewals": None}},
}


def test_units_that_wait_for_a_lift_are_released_on_one_day_and_leave_on_another() -> None:
    lines = told(BY_PLANE)
    assert [line for line in lines if " lift" in line or " leave" in line] == [
        "2 Feb 2011: 1 formed police unit is ready in South to leave for North, once there is a lift.",
        "2 Feb 2011: 1 formed police unit leaves South for North.",
        "9 Feb 2011: 1 formed police unit leaves South for North.",
        "13 Mar 2011: No longer needed, 1 formed police unit leaves North for South.",
        "13 Mar 2011: No longer needed in North, 1 formed police unit is released to South; it waits for a lift.",
        "20 Mar 2011: 1 formed police unit leaves North for South.",
    ]


def test_units_that_are_called_back_leave_when_their_notice_is_over() -> None:
    poll = {"mission": "South", "on": "2011-02-25", "lasts_days": 40, "needs": {"fpu": 3}}
    recall = {"pool": {"policy": {"share": "all", "recall": {"notice_days": 5}}}}
    both = merge(BY_PLANE, {"crises": {"poll": poll}, "options": recall})
    lines = [line for line in told(both) if "Feb" in line or "Mar" in line]
    assert "25 Feb 2011: South calls back 1 formed police unit from North at 5 days’ notice." in lines
    assert "2 Mar 2011: 1 formed police unit leaves North for South." in lines
    lines = told(merge(both, {"crises": {"poll": {"needs": {"fpu": 4}}}}))
    assert any("at 5 days’ notice; then it waits for a lift." in line for line in lines)
    assert sum("leaves North for South" in line for line in lines) == 2


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"agreements": {"both": {"window_days": 20}}}, "The authority ends: 1 formed police unit is to leave North"),
        ({"missions": {"North": {"active": {"to": "2011-02-27"}}}}, "The mission closes: 1 formed police unit is to"),
        (
            {"missions": {"South": {"changes": [{"on": "2011-02-28", "holds": {"fpu": {"Jordan": -4}}}]}}},
            "Jordan withdraws 1 formed police unit from South; on loan to North, it goes home first; it waits",
        ),
    ],
)
def test_whatever_ends_a_loan_its_units_wait_for_a_lift(change: dict[str, Any], what: str) -> None:
    lines = told(merge(BY_PLANE, change))
    waits = next(line for line in lines if what in line and line.endswith("; it waits for a lift."))
    date = waits.split(":")[0]
    assert f"{date}: 1 formed police unit leaves North for South." not in lines
    assert any(line.endswith("1 formed police unit leaves North for South.") for line in lines)


def test_a_crisis_without_its_mission_needs_nothing() -> None:
    lines = told({"missions": {"North": {"active": {"from": "2011-03-01"}}}})
    assert lines[0] == "1 Feb 2011: North: vote begins, but North is not there: nothing is needed."
    assert "1 Mar 2011: North opens while vote goes on, and needs 3 formed police units." in lines
    assert not any("opens" in line for line in told({"missions": {"North": {"active": {"from": "2011-04-01"}}}}))
    assert not any("begins and needs" in line for line in lines)


def test_a_name_of_two_letters_has_no_plural() -> None:
    assert [unit_noun(2, name) for name in ("u", "ic", "fpu")] == ["u", "ic", "fpus"]


def test_nothing_is_less_than_nothing_in_json() -> None:
    assert as_json({"a": -0.0, "b": [{"c": -0.0}], "d": -0.5}) == '{"a": 0.0, "b": [{"c": 0.0}], "d": -0.5}\n'
