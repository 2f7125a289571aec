"""How many units it takes: scenarios whose answer is known, and what scaling does to a scenario."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import from_mapping
from sim.errors import UsageError
from sim.questions.sizing.hub import holdings_of, supplier_of
from sim.questions.sizing.scaled_holdings import Holding, apportioned, hub_of
from sim.questions.sizing.sizing import size
from sim.scenario.loaded import LoadedScenario, with_option

YEAR = {"from": "2021-01-01", "to": "2021-12-31"}
ALTERNATING: dict[str, Any] = {
    "period": YEAR,
    "resources": {"company": {"people": 150, "cost": {"per_unit_year": 2_000_000}}},
    "missions": {"East": {"holds": {"company": 2}}, "West": {"holds": {"company": 2}}},
    "crises": {
        "spring": {"mission": "East", "on": "2021-03-01", "lasts_days": 60, "needs": {"company": 3}},
        "autumn": {"mission": "West", "on": "2021-09-01", "lasts_days": 60, "needs": {"company": 3}},
    },
}
"""Each mission needs three companies, never at the same time, and lending takes no time: 6 alone, 3 together."""


def scenario(**changes: Any) -> LoadedScenario:
    return from_mapping({**ALTERNATING, **changes})


def test_sharing_halves_what_alternating_crises_need() -> None:
    found = size(scenario(), "company", 1.0, replications=3)
    alone, together = found.options.values()
    assert (alone.needed.units, together.needed.units) == (6, 3)
    assert (alone.needed.low, alone.needed.high) == (6, 6)
    assert (together.saved.units, together.saved.low, together.saved.high) == (3, 3, 3)
    assert found.held == 4
    assert found.as_json()["options"]["full pooling"]["saved_people"]["units"] == 450
    assert found.as_json()["options"]["full pooling"]["saved_usd_a_year"]["units"] == 6_000_000
    assert found.sentences()[1] == (
        "full pooling: 100 % of the need for companies takes 3 units, "
        "3 fewer (450 people, 6.0 million US dollars a year) than ‘no sharing’."
    )


def test_an_option_that_stands_apart_saves_nothing_beside_the_others() -> None:
    """The third holds a company more in all: what it takes is told, and held against nobody."""
    more = {"policy": {"share": "all"}, "change": {"missions": {"East": {"holds": {"company": 3}}}}}
    options = {"alone": {"policy": {"share": "none"}}, "together": {"policy": {"share": "all"}}, "one more": more}
    found = size(scenario(options=options), "company", 1.0, replications=2)
    assert found.compared == ("alone", "together")
    apart = found.options["one more"]
    assert (apart.needed.units, apart.saved.units) == (3, None)
    assert found.as_json()["options"]["one more"]["saved_units"] == {"units": None, "low": None, "high": None}
    assert found.sentences()[-1].startswith("‘one more’ stands apart: crises or units are not the same there")


def test_what_nobody_priced_is_not_counted_as_nothing_saved() -> None:
    found = size(scenario(resources={}), "company", 1.0, replications=2).as_json()["options"]["full pooling"]
    assert found["saved_units"]["units"] == 3
    assert found["saved_people"] == found["saved_usd_a_year"] == {"units": None, "low": None, "high": None}


def test_what_is_sized_plays_in_the_worlds_of_a_run_whatever_is_asked() -> None:
    """Coverage of the units held now is that of a run: what an option's change says is no doubt under it, and a doubt
    about what it removes is none. The question and the page name options that are not sized."""
    asked = scenario(
        contributors={"unnamed": {"consent_days": 10}},
        agreements={"ad hoc": {"between": "any", "gates": {"contributor": {}, "host": {"days": 5}}}},
        options={
            "alone": {"policy": {"share": "none"}},
            "paper": {"policy": {"share": "all"}},
            "known": {"policy": {"share": "all"}, "change": {"contributors": {"unnamed": {"consent_days": 2}}}},
            "no host": {"policy": {"share": "all"}, "change": {"agreements": {"ad hoc": {"gates": {"host": None}}}}},
        },
        question={"compare": ["known", "paper"]},
        page={"inputs": {"Consent": {"path": "contributors.unnamed.consent_days", "values": [0, 10]}}},
        doubts={
            "consent": {"path": "contributors.unnamed.consent_days", "times": {"between": [0.5, 4]}},
            "host": {"path": "agreements.ad hoc.gates.host.days", "is": {"between": [0, 40]}},
        },
    )
    found = size(asked, "company", 0.9, replications=60)
    run = sim.compare(sim.run(asked, replications=60))
    assert len({round(each.now.mean, 6) for each in found.options.values()}) == 4
    for name, option in found.options.items():
        assert option.now.mean == pytest.approx(run.options[name].measures["coverage"].mean), name


def test_coverage_is_a_share_of_what_is_there() -> None:
    """A need of four all year: so many units of it are met, and 2.5 units cannot be held."""
    always = {"always": {"mission": "East", "on": "2021-01-01", "lasts_days": 365, "needs": {"company": 4}}}
    one = {"East": {"holds": {"company": 1}}}
    for coverage, units in ((0.25, 1), (0.5, 2), (0.6, 3), (0.75, 3), (0.76, 4), (1.0, 4)):
        found = size(scenario(crises=always, missions=one), "company", coverage, replications=2)
        assert found.options["no sharing"].needed.units == units
    assert {units: round(each.mean, 9) for units, each in found.options["no sharing"].curve.items() if units <= 4} == {
        1: 0.25,
        2: 0.5,
        3: 0.75,
        4: 1.0,
    }


def test_what_no_number_can_reach_is_said() -> None:
    """The only holder is far away: with all the units in the world the first days are lost."""
    far = {"East": {"holds": {"company": 1}, "at": [0, 0]}, "West": {"at": [0, 10]}}
    needs = {"autumn": {"mission": "West", "on": "2021-09-01", "lasts_days": 6, "needs": {"company": 2}}}
    found = size(scenario(missions=far, crises=needs), "company", 0.9, replications=2, options=["full pooling"])
    assert found.options["full pooling"].needed.units is None
    assert "is not met even with 12 units, which meet" in found.sentences()[0]
    needs["autumn"]["needs"] = {"company": 1}
    found = size(scenario(missions=far, crises=needs), "company", 0.9, replications=2, options=["full pooling"])
    assert found.sentences()[0].endswith(", as the 1 held now do: something else than units is missing.")
    json.dumps(found.as_json(), allow_nan=False)


def test_a_hub_is_filled_while_missions_stay_as_they_are() -> None:
    missions = {**ALTERNATING["missions"], "Depot": {}}
    found = size(scenario(missions=missions), "company", 1.0, scale="hub", replications=2)
    alone, together = found.options.values()
    assert alone.needed.units is None
    assert together.needed.units == 4
    assert together.saved.units is None


OVER_A_HUB = {
    "contributors": {"Nepal": {"consent_days": 200}, "Ghana": {"consent_days": 5}},
    "missions": {
        "East": {"holds": {"company": {"Ghana": 1}}},
        "West": {"holds": {"company": {"Ghana": 1}}},
        "Depot": {},
    },
    "agreements": {
        "all": {"between": ["East", "West", "Depot"], "gates": {"contributor": {}}, "at_most": {"company": 6}}
    },
    "options": {
        "alone": {"policy": {"share": "none"}},
        "shared": {"policy": {"share": "agreements"}},
        "stocked": {
            "policy": {"share": "agreements"},
            "change": {
                "missions": {"Depot": {"holds": {"company": {"Nepal": 1}}}},
                "agreements": {"all": {"at_most": {"company": 1}}},
            },
        },
    },
}
"""One option alone has units at the depot; those are Nepal's, which takes 200 days to agree."""


def test_every_option_adds_units_of_the_same_contributor_at_the_hub() -> None:
    asked = scenario(**OVER_A_HUB)
    for names in (asked.options, ["shared"]):
        holdings = holdings_of(asked, list(names), "company", "Depot")
        assert all(list(holding.scaled) == [("Depot", "Nepal")] for holding in holdings.values())
    sized = with_option(holdings["shared"].with_total(5), "shared")
    assert sized.missions["Depot"].holdings("company") == {"Nepal": 3}


def test_a_hub_whose_units_could_be_anybodys_is_asked_about() -> None:
    missions = {"East": {"holds": {"company": {"Ghana": 1}}}, "West": {"holds": {"company": {"Nepal": 1}}}, "Depot": {}}
    asked = scenario(**{**OVER_A_HUB, "missions": missions, "options": {"shared": {}}})
    with pytest.raises(UsageError, match=r"Ghana and Nepal do elsewhere; say it there: holds: {company: {Ghana: 0}}"):
        size(asked, "company", scale="hub", hub="Depot")
    said = {**missions, "Depot": {"holds": {"company": {"Nepal": 0}}}}
    asked = scenario(**{**OVER_A_HUB, "missions": said, "options": {"shared": {}}})
    assert supplier_of(asked, "company", "Depot") == "Nepal"
    several = {"policy": {}, "change": {"missions": {"Depot": {"holds": {"company": {"Nepal": 1, "Ghana": 1}}}}}}
    asked = scenario(**{**OVER_A_HUB, "missions": said, "options": {"shared": {}, "several": several}})
    assert supplier_of(asked, "company", "Depot") == "Nepal"  # what the scenario itself says goes first


def test_what_is_held_now_and_may_be_borrowed_is_said_by_option() -> None:
    found = size(scenario(**OVER_A_HUB), "company", 0.9, scale="hub", hub="Depot", replications=2)
    alone, shared, stocked = found.options.values()
    assert (alone.held, shared.held, stocked.held) == (2, 2, 3)
    hubs = [(each.hub.permitted, each.hub.at_most) for each in (alone, shared, stocked) if each.hub]
    assert hubs == [(False, None), (True, 6), (True, 1)]
    assert alone.now.mean == pytest.approx(1 / 3)
    told = found.sentences()
    assert told[0].startswith("alone: no mission may borrow from the hub, so 90 % of the need")
    assert told[-1] == "Options differ in how many units may be on loan at one time: ‘shared’ 6, ‘stocked’ 1."
    assert found.as_json()["options"]["stocked"]["held_units"] == 3
    assert found.as_json()["options"]["alone"]["coverage_now"]["mean"] == pytest.approx(1 / 3)


def test_random_needs_have_an_interval_and_paired_savings() -> None:
    crises = {
        f"raids in {name}": {"mission": name, "every_days": 40, "lasts_days": 15, "needs": {"company": 2}}
        for name in ("East", "West")
    }
    found = size(scenario(crises=crises), "company", 0.9, replications=200)
    alone, together = found.options.values()
    least, units, most = alone.needed.low, alone.needed.units, alone.needed.high
    assert least is not None and units is not None and most is not None
    assert least <= units <= most
    assert together.saved.low is not None and together.saved.low > 0
    for option in (alone, together):
        covered = [each.mean for _, each in sorted(option.curve.items())]
        assert covered == sorted(covered)
    again = size(scenario(crises=crises), "company", 0.9, replications=200, workers=2)
    assert again.as_json() == found.as_json()


def test_an_option_is_sized_in_its_own_world() -> None:
    options = {"alone": {}, "reinforced": {"change": {"missions": {"East": {"holds": {"company": 8}}}}}}
    found = size(scenario(options=options), "company", 1.0, replications=2)
    # Four fifths of what there is stand in the East, so the West has three of fifteen (or fourteen, by rounding).
    assert found.options["alone"].needed.units == 6
    assert found.options["reinforced"].needed.units in (13, 14, 15)


def test_scaling_keeps_proportions_and_changes() -> None:
    missions = {
        "East": {
            "holds": {"company": {"Ghana": 6, "Nepal": 2}},
            "changes": [
                {"on": "2021-02-01", "holds": {"company": {"Ghana": -3}}},
                {"on": "2021-03-01", "holds": {"company": {"Ghana": -3, "Peru": 4}}, "routine": {"company": 1}},
            ],
        },
        "West": {"holds": {"company": 4}},
    }
    holding = Holding.of(scenario(missions=missions), "full pooling", "company", None)
    assert holding.total == 12
    twice = with_option(holding.with_total(24), "full pooling")
    assert twice.options["full pooling"].policy.share == "all"
    east = twice.missions["East"]
    assert east.holdings("company") == {"Ghana": 12, "Nepal": 4}
    assert [change.by_contributor(east, "company") for change in east.changes] == [
        {"Ghana": -6, "Nepal": 0, "Peru": 0},
        {"Ghana": -6, "Nepal": 0, "Peru": 8},
    ]
    assert east.changes[1].routine == {"company": 1}
    assert twice.missions["West"].holdings("company") == {"unnamed": 8}
    for units in range(12):
        holding.with_total(units)  # never more withdrawn than held: a scenario that checks


def test_bad_questions_are_answered() -> None:
    asked = scenario()
    for wrong, words in (
        ({"resource": "compny"}, "did you mean 'company'"),
        ({"coverage": 0}, "above 0"),
        ({"coverage": 1.2}, "above 0"),
        ({"options": ["no sharin"]}, "did you mean 'no sharing'"),
        ({"replications": 0}, "1 or more"),
        ({"scale": "hub"}, "every mission has a requirement"),
        ({"scale": "hub", "hub": "Nowhere"}, "no mission"),
    ):
        with pytest.raises(UsageError, match=words):
            asked_for: dict[str, Any] = {"resource": "company", "coverage": 0.9, **wrong}
            size(asked, **asked_for)
    empty = scenario(missions={"East": {}, "West": {}})
    with pytest.raises(UsageError, match="no mission holds any"):
        size(empty, "company")
    assert hub_of(scenario(missions={**ALTERNATING["missions"], "Depot": {}}), ["no sharing"], None) == "Depot"


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(0, 200))
def test_apportionment_is_whole_proportional_and_monotone(weights: list[int], units: int) -> None:
    places = {("M", str(number)): weight for number, weight in enumerate(weights)}
    found, more = apportioned(places, units), apportioned(places, units + 1)
    assert sum(found.values()) == units and sum(more.values()) == units + 1
    assert all(more[place] >= found[place] for place in places)
    if sum(weights):
        exact = [units * weight / sum(weights) for weight in weights]
        assert all(
            abs(share - quota) < max(2, len(weights)) for share, quota in zip(found.values(), exact, strict=True)
        )
        assert apportioned(places, sum(weights)) == places
    for (one, first), (other, second) in pairwise(sorted(places.items(), key=lambda each: each[1])):
        assert first == second or found[one] <= found[other]
        assert not math.isnan(found[one])


def test_a_hub_may_come_with_an_options_change() -> None:
    """Two companies in the only mission; the hub is founded by one option, and the other says that it has none."""
    hub = {"change": {"missions": {"Depot": {"holds": {"company": 1}}}}, "policy": {"share": "all"}}
    options = {"alone": {"policy": {"share": "none"}}, "founded": hub}
    for named in ("Depot", None):
        found = size(scenario(options=options), "company", 1.0, scale="hub", hub=named, replications=2)
        assert found.hub == "Depot" and found.options["founded"].needed.units is not None
        assert found.options["alone"].needed.units is None and len(found.options["alone"].curve) == 1
        assert found.sentences()[0].startswith("alone: has no mission Depot, so 100 % of the need")


def test_more_is_tried_where_the_interval_ends_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crises need 3 or 5 companies: what resamples need lies beyond the first numbers that reach the target."""
    crises = {
        "unrest": {
            "mission": "East",
            "on": "2021-03-01",
            "lasts_days": 30,
            "needs": {"company": {"discrete": {"3": 3, "5": 1}}},
        }
    }
    one = {"alone": {"policy": {"share": "none"}}}
    words = {"missions": {"East": {"holds": {"company": 2}}}, "crises": crises, "options": one}
    words["experiment"] = {"seed": 1, "sampling": "independent"}  # even draws leave nothing in doubt here
    found = size(scenario(**words), "company", 0.935, replications=160)
    needed = found.options["alone"].needed
    assert needed.units is not None and needed.high is not None
    assert max(found.options["alone"].curve) >= needed.high >= needed.units
    monkeypatch.setattr("sim.questions.sizing.coverage_curves.Search._beyond", lambda *_: [])
    less = size(scenario(**words), "company", 0.935, replications=160).options["alone"]
    assert less.needed.units == needed.units and less.needed.high is None
