"""Gates, windows, renewals and ceilings: whole loans, worked out by hand from the model's sentences.

In all of these North needs two companies from day 10 to day 50, two days' journey from South, which holds five.
"""

from __future__ import annotations

from typing import Any

import pytest

from sim.operations.log import LoanRecord
from sim.questions.story.story import Story
from tests.worlds import causes, lot, told

PAIR = """
missions: {North: {region: West}, South: {region: West, holds: {company: {Ghana: 5}}}}
routes: [{between: [North, South], days: {company: 2}}]
crises:
  raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 2}}
"""


def under(pact: str, more: str = "", **how: Any) -> Story:
    """What happens under one agreement between the two missions."""
    return told(f"{PAIR}\nagreements: {{pact: {{between: [North, South], {pact}}}}}\n{more}", **how)


def loan(units: int = 2, **said: Any) -> LoanRecord:
    return lot("South", "North", units, supplier="Ghana", **said)


def home_from(day: float) -> dict[str, Any]:
    """Released on a day, at once on the way, and home two days later."""
    return {"ended": day, "why": "released", "left": day, "home": day + 2, "recovered": day + 2}


def test_without_paper_units_leave_at_once() -> None:
    story = told(PAIR)
    assert story.loans == [loan(requested=10, ready=10, departed=10, landed=12, arrived=12, **home_from(50))]


def test_gates_side_by_side_take_as_long_as_the_longest() -> None:
    story = under("gates: {council: {days: 5}, contributor: {days: 12}, host: {days: 1}}")
    gates: dict[str, Any] = {"council": 15, "contributor": 22, "host": 11}
    assert story.loans == [loan(requested=10, **gates, ready=22, departed=22, landed=24, arrived=24, **home_from(50))]
    # Two units, twelve days; of all gates the contributor's is open to the last. Then two days of road.
    assert causes(story) == {"contributor": 24, "in transit": 4}


def test_gates_in_turn_take_as_long_as_all_together() -> None:
    story = under("order: in turn, gates: {council: {days: 5}, contributor: {days: 12}, host: {days: 1}}")
    gates: dict[str, Any] = {"council": 15, "contributor_opened": 15, "contributor": 27, "host_opened": 27, "host": 28}
    assert story.loans == [loan(requested=10, **gates, ready=28, departed=28, landed=30, arrived=30, **home_from(50))]
    # Nobody waits for a gate that has not been opened yet: 5, 12 and 1 days of two units.
    assert causes(story) == {"council": 10, "contributor": 24, "host": 2, "in transit": 4}


def test_gates_in_turn_go_in_the_order_in_which_they_are_written() -> None:
    (found,) = under("order: in turn, gates: {host: {days: 4}, council: {days: 3}}").loans
    assert (found.host_day, found.council_day, found.departed_day) == (14, 17, 17)


def test_days_lost_in_gates_in_turn_are_counted_once() -> None:
    story = under("order: in turn, gates: {council: {days: 5}, contributor: {days: 12}, host: {days: 1}}")
    lost = {gate: story.as_json()["measures"][f"{gate}_gate_days"] for gate in ("council", "contributor", "host")}
    assert lost == {"council": 5, "contributor": 12, "host": 1}


def test_a_standing_gate_takes_no_time_and_never_refuses() -> None:
    pact = "gates: {council: {days: 5}, contributor: {days: 12, refuses: 1}}, standing: [contributor]"
    (found,) = under(pact).loans
    assert (found.council_day, found.contributor_day, found.departed_day) == (15, 10, 15)


@pytest.mark.parametrize(
    ("given", "departs"),
    [
        ("{from: day 0, to: day 10}", 10),  # the day of the request is the last day of the consent
        ("{from: day 10, to: day 90}", 10),
        ("{from: day 0, to: day 9}", 22),
        ("{from: day 11, to: day 90}", 22),  # given after the request: too late for it
        ("{from: day 0, to: day 90, resources: [helicopter]}", 22),
        ("{from: day 0, to: day 90, resources: [helicopter, company]}", 10),
    ],
)
def test_consent_given_beforehand_counts_on_the_day_of_the_request(given: str, departs: float) -> None:
    more = f"contributors: {{Ghana: {{consent_days: 12, refuses: 0, consent_given: [{given}]}}}}\n"
    more += "resources: {helicopter: {}}"
    (found,) = under("gates: {contributor: {}}", more).loans
    assert found.departed_day == found.contributor_day == departs


def test_consent_given_beforehand_is_not_refused() -> None:
    ghana = "contributors: {Ghana: {consent_days: 12, refuses: 1, consent_given: [{from: day 0, to: day 20}]}}"
    (found,) = under("gates: {contributor: {}}", ghana).loans
    assert (found.contributor_day, found.departed_day, found.refused_by) == (10, 10, None)


@pytest.mark.parametrize(("terms", "clears"), [("{}", 22), ("{days: 3}", 13), ("{days: 0}", 10)])
def test_the_contributors_gate_takes_its_own_days_unless_the_agreement_says_otherwise(terms: str, clears: int) -> None:
    (found,) = under(f"gates: {{contributor: {terms}}}", "contributors: {Ghana: {consent_days: 12}}").loans
    assert found.contributor_day == found.departed_day == clears


def test_the_window_starts_at_the_councils_gate_and_the_contributor_eats_into_it() -> None:
    # As in January 2011: 19 of 28 days. Council on day 15, window to 43, consent on day 34, arrival on day 36.
    story = under("gates: {council: {days: 5}, contributor: {days: 24}}, window_days: 28")
    first, again = story.loans
    lapsed: dict[str, Any] = {"ended": 43, "why": "lapsed", "left": 43, "home": 45, "recovered": 45}
    gates: dict[str, Any] = {"council": 15, "contributor": 34, "first_window": 43, "window": 43}
    assert first == loan(requested=10, **gates, ready=34, departed=34, landed=36, arrived=36, **lapsed)
    # The need is open again on day 43, and three companies are still in South; the crisis ends before they may move.
    second: dict[str, Any] = {"gates": "council, contributor", "council": 48, "first_window": 76, "window": 76}
    assert again == loan(loan=1, requested=43, **second, ended=50, why="cancelled")
    # Of 28 authorised days 36 − 15 = 21 had gone when the units arrived.
    row = story.as_json()["measures"]
    assert (row["windowed_loans"], row["gone_share"]) == (1, 21 / 28)


def test_without_a_councils_gate_the_window_starts_at_the_request() -> None:
    (found, *_) = under("gates: {host: {days: 4}}, window_days: 9").loans
    assert (found.host_day, found.first_window_day, found.left_day) == (14, 19, 19)


def test_a_window_that_closes_before_departure_ends_the_promise() -> None:
    # Council on day 12, window to day 16, consent only on day 20. Asked again at once, until the raid ends on day 17.
    gates = "council, contributor"
    story = told(
        PAIR.replace("lasts_days: 40", "lasts_days: 7")
        + "agreements: {any: {between: any, gates: {council: {days: 2}, contributor: {days: 10}}, window_days: 4}}"
    )
    assert story.loans == [
        loan(requested=10, gates=gates, council=12, first_window=16, window=16, ended=16, why="lapsed"),
        loan(loan=1, requested=16, gates=gates, ended=17, why="cancelled"),
    ]


def test_units_on_the_road_when_the_window_closes_turn_round_on_arrival() -> None:
    # Six days' road, a window of four days, and no second pair of companies to send.
    text = PAIR.replace("{company: 2}}]", "{company: 6}}]").replace("Ghana: 5", "Ghana: 2")
    text = text.replace("lasts_days: 40", "lasts_days: 10") + "agreements: {any: {between: any, window_days: 4}}"
    turned: dict[str, Any] = {
        "landed": 16,
        "arrived": 16,
        "ended": 16,
        "why": "lapsed",
        "left": 16,
        "home": 22,
        "recovered": 22,
    }
    assert told(text).loans == [loan(requested=10, ready=10, departed=10, first_window=14, window=14, **turned)]


def test_a_window_grows_by_each_renewal_in_turn_until_none_is_left() -> None:
    # 15 → 18 → 25 → 32, the last length serving for the third; then a new request, whose window is renewed to 54.
    story = under("window_days: 5, renewals: {most: 3, days: [3, 7]}")
    there: dict[str, Any] = {"requested": 10, "ready": 10, "departed": 10, "landed": 12, "arrived": 12}
    lapsed: dict[str, Any] = {"ended": 32, "why": "lapsed", "left": 32, "home": 34, "recovered": 34}
    again = {"requested": 32, "ready": 32, "departed": 32, "landed": 34, "arrived": 34}
    assert story.loans == [
        loan(**there, first_window=15, window=32, **lapsed),
        loan(loan=1, **again, first_window=37, window=54, **home_from(50)),
    ]


def test_a_renewal_that_is_refused_ends_the_loan() -> None:
    (found,) = under(
        "window_days: 5, renewals: {most: 3, days: 30, refuses: 1}", policy="{share: all, ask_again_days: 40}"
    ).loans
    assert (found.first_window_day, found.window_day, found.left_day, found.why_ended) == (15, 15, 15, "lapsed")


def test_a_promise_is_renewed_too_while_the_borrower_is_short() -> None:
    # Council on day 12, window to day 16, renewed to day 36; consent on day 20.
    story = under("gates: {council: {days: 2}, contributor: {days: 10}}, window_days: 4, renewals: {most: 1, days: 20}")
    first = story.loans[0]
    assert (first.arrived_day, first.first_window_day, first.window_day, first.left_day) == (22, 16, 36, 36)


def test_a_refusal_ends_the_promise_and_stands_for_a_while() -> None:
    # Refused on day 22; asked again 20 days later, on day 42; the raid ends on day 50, before the answer.
    refusing, gates = "gates: {council: {days: 5}, contributor: {days: 12, refuses: 1}}", "council, contributor"
    story = under(refusing, policy="{share: all, ask_again_days: 20}")
    assert story.loans == [
        loan(requested=10, gates=gates, council=15, ended=22, why="refused", refused_by="contributor"),
        loan(loan=1, requested=42, gates=gates, council=47, ended=50, why="cancelled"),
    ]
    assert causes(story) == {"contributor": 2 * (12 + 8), "refused": 2 * 20}


def test_a_refusal_is_of_one_need_and_not_of_the_next() -> None:
    # Refused on day 12; the raid ends on day 20. On day 24 there is another need, though the refusal stood to day 42.
    more = "  riot: {mission: North, on: day 24, lasts_days: 26, needs: {company: 1}}"
    more += "\nagreements: {pact: {between: any, gates: {host: {days: 2, refuses: 1}}}}"
    story = told(f"{PAIR.replace('lasts_days: 40', 'lasts_days: 10')}{more}", policy="{share: all, ask_again_days: 30}")
    assert [(each.crisis, each.requested_day, each.ended_day) for each in story.loans] == [
        ("raid", 10, 12),
        ("riot", 24, 26),
    ]
    assert causes(story) == {"host": 2 * 2 + 2, "refused": 2 * 8 + 24}


def test_while_a_need_goes_on_its_refusal_stands_for_what_is_needed_besides() -> None:
    more = "  riot: {mission: North, on: day 24, lasts_days: 26, needs: {company: 1}}"
    more += "\nagreements: {pact: {between: any, gates: {host: {days: 2, refuses: 1}}}}"
    story = told(f"{PAIR}{more}", policy="{share: all, ask_again_days: 30}")
    assert [each.requested_day for each in story.loans] == [10, 42]


def test_the_first_refusal_counts() -> None:
    (found,) = under(
        "gates: {council: {days: 5, refuses: 1}, contributor: {days: 3, refuses: 1}, host: {days: 2}}",
        policy="{share: all, ask_again_days: 90}",
    ).loans
    gates = "council, contributor, host"
    assert found == loan(requested=10, gates=gates, host=12, ended=13, why="refused", refused_by="contributor")


def test_after_a_refusal_in_turn_nobody_else_is_asked() -> None:
    # The contributor takes longer to refuse than the window would last: there is no window before the council's gate.
    pact = "order: in turn, gates: {contributor: {days: 12, refuses: 1}, council: {days: 5}}, window_days: 6"
    (found,) = under(pact, policy="{share: all, ask_again_days: 90}").loans
    never: dict[str, Any] = {"gates": "contributor, council", "council_opened": None}
    assert found == loan(requested=10, **never, ended=22, why="refused", refused_by="contributor")


def test_who_refuses_at_once_and_for_no_time_is_asked_every_hour() -> None:
    # Otherwise the desk would ask for ever on day 10. The raid lasts two hours and a half.
    text = PAIR.replace("lasts_days: 40", "lasts_days: 0.1041666")
    story = told(
        text + "agreements: {any: {between: any, gates: {host: {refuses: 1}}}}",
        policy="{share: all, ask_again_days: 0}",
    )
    assert [each.requested_day for each in story.loans] == pytest.approx([10, 10 + 1 / 24, 10 + 2 / 24])
    assert causes(story) == {"refused": pytest.approx(2 * 0.1041666)}


def test_while_one_refusal_stands_the_next_lender_is_asked() -> None:
    # East is nearer (North's own road to South takes two days) but refuses after three days.
    story = told("""
        missions: {North: {}, East: {holds: {company: 2}}, South: {holds: {company: 2}}}
        routes: [{between: [North, South], km: 200}, {between: [North, East], km: 100}]
        resources: {company: {travel: [{by: road, speed_kmh: 10, hours_per_day: 10}]}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}}
        agreements: {east: {between: [North, East], gates: {host: {days: 3, refuses: 1}}}, any: {between: any}}
    """)
    there: dict[str, Any] = {"requested": 13, "ready": 13, "departed": 13, "landed": 15, "arrived": 15}
    asked_again = {"loan": 2, "requested": 27, "ended": 30, "why": "refused", "refused_by": "host"}
    refused: dict[str, Any] = {"gates": "host", "ended": 13, "why": "refused", "refused_by": "host"}
    assert story.loans[0] == lot("East", "North", 2, km=100, hours=10, requested=10, **refused)
    there |= {"km": 200, "hours": 20}
    assert story.loans[1:] == [lot("South", "North", 2, loan=1, **there, **home_from(30))], asked_again


def test_a_ceiling_counts_from_the_promise_until_the_units_leave() -> None:
    story = told("""
        missions: {North: {}, East: {}, South: {holds: {company: 5}}}
        routes: [{between: [North, South], days: {company: 2}}, {between: [East, South], days: {company: 2}}]
        crises:
          raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}
          flood: {mission: East, on: day 12, lasts_days: 38, needs: {company: 2}}
        agreements: {pact: {between: [North, East, South], at_most: {company: 3}}}
    """)
    # One of East's two companies must wait until North's two leave on day 30, although South has two to spare.
    flood: dict[str, Any] = {"crisis": "flood", "ended": 50, "why": "released", "left": 50, "home": 52, "recovered": 52}
    assert story.loans == [
        lot("South", "North", 2, requested=10, ready=10, departed=10, landed=12, arrived=12, **home_from(30)),
        lot("South", "East", 1, loan=1, requested=12, ready=12, departed=12, landed=14, arrived=14, **flood),
        lot("South", "East", 1, loan=2, requested=30, ready=30, departed=30, landed=32, arrived=32, **flood),
    ]
    assert causes(story, "East") == {"ceiling": 18, "in transit": 4}


def test_a_ceiling_on_one_resource_is_none_on_another() -> None:
    story = told("""
        missions: {North: {}, South: {holds: {company: 2, helicopter: 2}}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2, helicopter: 2}}}
        agreements: {pact: {between: [North, South], at_most: {company: 1}}}
    """)
    assert [(each.resource, each.units) for each in story.loans] == [("company", 1), ("helicopter", 2)]


WIDER = {
    "anyone": "{between: any, gates: {council: {days: 1}}}",
    "the west": "{between: West, gates: {council: {days: 2}}}",
    "three": "{between: [North, South, East], gates: {council: {days: 3}}}",
    "two": "{between: [North, South], gates: {council: {days: 4}}}",
    "helicopters": "{between: [North, South], resources: [helicopter], gates: {council: {days: 5}}}",
}


@pytest.mark.parametrize(
    ("agreements", "clears"),
    [
        (["anyone"], 11),
        (["anyone", "the west"], 12),
        (["the west", "anyone"], 12),
        (["anyone", "three", "the west"], 13),
        (["two", "three", "the west", "anyone"], 14),
        (["three", "two"], 14),
        (["helicopters", "the west"], 12),  # it does not cover companies
    ],
)
def test_the_closest_agreement_counts(agreements: list[str], clears: float) -> None:
    text = PAIR.replace("missions: {", "missions: {East: {region: West}, ")
    text = text.replace("lasts_days: 40, needs: {", "lasts_days: 40, needs: {helicopter: 0, ")
    (found,) = told(text + "agreements:\n" + "".join(f"  {name}: {WIDER[name]}\n" for name in agreements)).loans
    assert found.council_day == found.departed_day == clears


def test_a_closer_agreement_leaves_to_the_wider_what_it_does_not_say() -> None:
    text = (
        PAIR
        + """
agreements:
  anyone: {between: any, gates: {council: {days: 3}, host: {days: 9}}, order: in turn, window_days: 20}
  the west: {between: West, gates: {council: {days: 2}, host: {days: 4}}, renewals: {most: 1, days: 5}}
  two: {between: [North, South], standing: [host]}
"""
    )
    # Gates of the region, in turn, the host's standing: cleared on day 12; window from day 12 to 32, renewed to 37.
    first = told(text).loans[0]
    assert (first.council_day, first.host_day, first.departed_day) == (12, 12, 12)
    assert (first.first_window_day, first.window_day, first.left_day) == (32, 37, 37)


def test_an_agreement_that_says_no_gates_has_none() -> None:
    wider = (
        "agreements: {anyone: {between: any, gates: {council: {days: 3}}}, two: {between: [North, South], gates: {}}}"
    )
    (found,) = told(PAIR + wider).loans
    assert found.council_day is None and found.departed_day == 10
