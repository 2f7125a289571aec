"""What a decision asks for, in words: worked out by hand for each kind of change."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import sim
from sim.briefing.actions import actions
from sim.words.language import speaking

PLAN: dict[str, Any] = {
    "name": "what is asked for",
    "period": {"from": "2010-10-01", "to": "2011-09-30"},
    "resources": {"utility_helicopter": {}, "infantry_company": {}},
    "contributors": {"Ukraine": {"consent_days": 20}},
    "missions": {
        "A": {"at": [5, 5], "host": "Left", "holds": {"utility_helicopter": {"Ukraine": 3}, "infantry_company": 2}},
        "B": {"at": [6, 6], "host": "Right", "holds": {"utility_helicopter": {"Ghana": 1}}},
    },
    "crises": {
        "raid": {
            "mission": "B",
            "every_days": 90,
            "warning_days": 1,
            "lasts_days": 9,
            "needs": {"utility_helicopter": 3},
        }
    },
    "agreements": {
        "ad hoc": {"between": "any", "gates": {"council": {"days": 6}, "contributor": {}, "host": {"days": 3}}},
        "A and B": {"between": ["A", "B"], "resources": ["utility_helicopter"], "at_most": {"utility_helicopter": 2}},
    },
}


def asked(policy: dict[str, Any] | None = None, **change: Any) -> list[tuple[str, str]]:
    """What an option with this policy and change asks for beyond one that lends under agreements."""
    options = {
        "as it was": {"policy": {"share": "agreements"}},
        "otherwise": {"policy": {"share": "agreements"} | (policy or {}), "change": change},
    }
    scenario = sim.from_mapping(PLAN | {"options": options})
    comparison: Any = SimpleNamespace(scenario=scenario)
    return [(each.what, each.consent) for each in actions(comparison, "otherwise", "as it was")]


def test_consent_beforehand_names_the_agreement_and_who_must_consent() -> None:
    assert asked(agreements={"A and B": {"standing": ["contributor", "host", "council"]}}) == [
        ("Agree beforehand, in the agreement ‘A and B’, that the contributor's consent is given", "Ukraine and Ghana"),
        ("Agree beforehand, in the agreement ‘A and B’, that the host's consent is given", "Left and Right"),
        ("Agree beforehand, in the agreement ‘A and B’, that the Council's consent is given", "the Security Council"),
    ]
    given = {"from": "2010-11-04", "to": "2011-02-04", "resources": ["utility_helicopter"]}
    assert asked(contributors={"Ukraine": {"consent_given": [given]}}) == [
        ("Have consent given once for all, from 4 Nov 2010 to 4 Feb 2011: utility helicopters", "Ukraine")
    ]


def test_units_that_only_change_places_are_moved() -> None:
    moved = {
        "A": {"holds": {"utility_helicopter": {"Ukraine": 1}}},
        "B": {"holds": {"utility_helicopter": {"Ghana": 1, "Ukraine": 2}}},
    }
    assert asked(missions=moved) == [("Move 2 utility helicopters: A → B", "")]
    assert asked(missions={"A": {"holds": {"infantry_company": 3}}}) == [("Send 1 infantry company more: A", "")]
    assert asked(missions={"A": {"holds": {"utility_helicopter": {"Ukraine": 1}}}}) == [
        ("Withdraw 2 utility helicopters: A", "")
    ]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({"share": "none"}, ["Let nobody lend"]),
        ({"share": "all"}, ["Let every mission lend to every other"]),
        ({"prevent_days": 14}, ["Ask for help 14 days before a known crisis"]),
        ({"foresee_days": 30}, ["Let no lender give what it will need itself within 30 days"]),
        ({"recall": {"notice_days": 2}}, ["Let a lender in need call its own units back, 2 days ahead"]),
        ({"keep": {"utility_helicopter": 1}}, ["Keep at home 1 of each contingent: utility helicopters"]),
        ({"keep": {"share": 0.25}}, ["Keep at home 25\u00a0% of each contingent: units of every kind"]),
        ({"ask_again_days": 7}, ["policy · ask again days: 7 (now 14)"]),
    ],
)
def test_how_missions_would_lend(policy: dict[str, Any], said: list[str]) -> None:
    assert [what for what, _ in asked(policy)] == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"agreements": {"A and B": None}}, ["Do without the agreement ‘A and B’"]),
        (
            {"agreements": {"A and B": {"at_most": None}}},
            ["Set no limit to what is lent under ‘A and B’: utility helicopters"],
        ),
        ({"agreements": {"A and B": {"window_days": 90}}}, ["Let the authority under ‘A and B’ last 90 days"]),
        ({"crises": {"raid": {"warning_days": 7}}}, ["Know of ‘raid’ 7 days beforehand instead of 1"]),
        (
            {"agreements": {"new": {"between": ["A", "B"], "standing": ["council"]}}},
            [
                "Conclude an agreement ‘new’: A and B",
                "Agree beforehand, in the agreement ‘new’, that the Council's consent is given",
            ],
        ),
    ],
)
def test_what_paper_and_world_would_be(change: dict[str, Any], said: list[str]) -> None:
    if "new" in change.get("agreements", {}):
        change = {"agreements": {"A and B": None} | change["agreements"]}
        said = ["Do without the agreement ‘A and B’", *said]
    assert [what for what, _ in asked(**change)] == said


def test_a_decision_is_told_in_french() -> None:
    with speaking("fr"):
        assert asked({"prevent_days": 14}) == [("Demander de l’aide 14 jours avant une crise connue", "")]


def test_units_that_get_ready_sooner_are_told_by_their_mean() -> None:
    quick = {"prepare_days": {"lognormal": {"mean": 16.5, "sd": 79}}}
    slow = {"prepare_days": {"lognormal": {"mean": 33, "sd": 158}}}
    options = {
        "as it was": {"change": {"resources": {"infantry_company": slow}}},
        "otherwise": {"change": {"resources": {"infantry_company": quick}}},
    }
    comparison: Any = SimpleNamespace(scenario=sim.from_mapping(PLAN | {"options": options}))
    assert [each.what for each in actions(comparison, "otherwise", "as it was")] == [
        "Have infantry companies ready in 16.5 days, on average, instead of 33"
    ]
