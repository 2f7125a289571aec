"""Who is served, who is asked, and for how much: worked out by hand from the sentences of the model."""

from __future__ import annotations

from typing import Any

import pytest

from tests.worlds import causes, lot, measured, states, told

RAID = "  raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 9}}\n"


def lenders(story: Any) -> list[tuple[str, int]]:
    """Who lent how much, in the order of the requests."""
    return [(each.lender, each.units) for each in story.loans]


# -- who may lend to whom --------------------------------------------------------------------------------------------

WEST = "{pact: {between: West}}"
NAMED = "{pact: {between: [North, East]}}"
ANYONE = "{pact: {between: any}}"


@pytest.mark.parametrize(
    ("share", "agreements", "lend"),
    [
        ("none", "{}", []),
        ("none", ANYONE, []),
        ("region", "{}", ["South"]),
        ("region", NAMED, []),  # North and South share a region, but no agreement
        ("region", WEST, ["South"]),
        ("all", "{}", ["East", "Nowhere", "South"]),
        ("all", NAMED, ["East"]),
        ("all", WEST, ["South"]),
        ("all", ANYONE, ["East", "Nowhere", "South"]),
        ("agreements", "{}", []),
        ("agreements", NAMED, ["East"]),
        ("agreements", WEST, ["South"]),
        ("agreements", ANYONE, []),  # that is not a named one
        ("agreements", "{a: {between: any}, b: {between: [North, East, Nowhere]}}", ["East", "Nowhere"]),
        ("agreements", "{a: {between: [North, East], resources: [helicopter]}}", []),
    ],
)
def test_who_may_lend_to_whom(share: str, agreements: str, lend: list[str]) -> None:
    story = told(
        f"""
        resources: {{helicopter: {{}}}}
        missions:
          North: {{region: West}}
          South: {{region: West, holds: {{company: 1}}}}
          East: {{region: East, holds: {{company: 1}}}}
          Nowhere: {{holds: {{company: 1}}}}
        agreements: {agreements}
        crises:\n        {RAID}
        """,
        policy=f"{{share: {share}}}",
    )
    assert lenders(story) == [(mission, 1) for mission in lend]
    # Of nine companies that are needed for twenty days, three exist.
    withheld = 20 * (3 - len(lend))
    assert causes(story) == {"nobody had any": 120} | ({"not permitted": withheld} if withheld else {})


def test_missions_without_a_region_share_none() -> None:
    text = "missions: {North: {}, South: {holds: {company: 1}}}\ncrises:\n" + RAID
    assert told(text, policy="{share: region}").loans == []


# -- how much a lender may offer ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keep", "offered"),
    [
        ("0", 5),
        ("2", 3),
        ("{units: 2}", 3),
        ("7", 0),
        ("{share: 0}", 5),
        ("{share: 0.2}", 4),  # one of five exactly
        ("{share: 0.21}", 3),  # rounded up
        ("{share: 0.5}", 2),
        ("{share: 1}", 0),
        ("{company: 4}", 1),
        ("{company: {share: 0.6}, helicopter: 1}", 2),
        ("{helicopter: 4}", 5),
        ("{'*': 2, company: 1}", 4),
    ],
)
def test_what_the_policy_keeps_never_leaves(keep: str, offered: int) -> None:
    text = "missions: {North: {}, South: {holds: {company: 5, helicopter: 5}}}\ncrises:\n"
    assert lenders(told(text + RAID, policy=f"{{share: all, keep: {keep}}}")) == [("South", offered)] * (offered > 0)


def test_what_is_kept_comes_on_top_of_what_the_lender_needs() -> None:
    text = "missions: {North: {}, South: {holds: {company: 5}, routine: {company: 2}}}\ncrises:\n"
    assert lenders(told(text + RAID, policy="{share: all, keep: 1}")) == [("South", 2)]


def test_what_is_kept_is_there_for_the_lenders_own_crises() -> None:
    riot = "  riot: {mission: South, on: day 15, lasts_days: 5, needs: {company: 2}}\n"
    story = told(
        "missions: {North: {}, South: {holds: {company: 5}}}\ncrises:\n" + RAID + riot, policy="{share: all, keep: 2}"
    )
    assert causes(story, "South") == {}
    # Six are missing throughout. Two that South has are kept back, but not while its own crisis needs them.
    assert causes(story, "North") == {"kept": 2 * 15, "nobody had any": 4 * 20 + 2 * 5}


FORESIGHT = """
missions: {North: {}, South: {holds: {company: 3}}}
crises:
  raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 3}}
  poll: {mission: South, on: day 20, warning_days: KNOWN, likelihood: HAPPENS, lasts_days: 5, needs: {company: 2}}
"""


@pytest.mark.parametrize(
    ("known", "foresee", "offered"),
    [
        (60, 10, [(10, 1), (25, 2)]),  # ten days before: the poll is just within sight
        (60, 30, [(10, 1), (25, 2)]),
        (60, 9, [(10, 3)]),
        (9, 30, [(10, 3)]),  # nobody knew of it on day 10
        (10, 30, [(10, 1), (25, 2)]),
    ],
)
def test_a_lender_keeps_for_its_own_known_crises(known: int, foresee: int, offered: list[tuple[int, int]]) -> None:
    text = FORESIGHT.replace("KNOWN", str(known)).replace("HAPPENS", "1")
    story = told(text, policy=f"{{share: all, foresee_days: {foresee}}}")
    assert [(each.requested_day, each.units) for each in story.loans] == offered


def test_what_was_kept_for_a_crisis_that_stays_calm_is_free_on_its_date() -> None:
    text = FORESIGHT.replace("KNOWN", "60").replace("HAPPENS", "0")
    story = told(text, policy="{share: all, foresee_days: 30}")
    assert [(each.requested_day, each.units) for each in story.loans] == [(10, 1), (20, 2)]
    assert causes(story, "North") == {"kept": 20}


def test_a_lender_looks_ahead_no_further_than_the_first_phase() -> None:
    text = (
        FORESIGHT.replace("lasts_days: 5, needs: {company: 2}", "PHASES").replace("KNOWN", "60").replace("HAPPENS", "1")
    )
    phases = "phases: [{lasts_days: 5, needs: {company: 1}}, {lasts_days: 5, needs: {company: 3}}]"
    story = told(text.replace("PHASES", phases), policy="{share: all, foresee_days: 30}")
    assert (story.loans[0].requested_day, story.loans[0].units) == (10, 2)


# -- prevention ------------------------------------------------------------------------------------------------------

POLL = """
missions: {North: {}, South: {holds: {company: 5}}}
routes: [{between: [North, South], days: {company: 2}}]
crises:
  poll: {mission: North, on: day 30, warning_days: KNOWN, likelihood: HAPPENS, lasts_days: 10, needs: {company: 2}}
"""


@pytest.mark.parametrize(
    ("known", "prevent", "asked"), [(60, 20, 10), (5, 20, 25), (60, 0, 30), (0, 20, 30), (60, 40, 0)]
)
def test_a_known_crisis_is_prepared_for(known: int, prevent: int, asked: int) -> None:
    story = told(
        POLL.replace("KNOWN", str(known)).replace("HAPPENS", "1"), policy=f"{{share: all, prevent_days: {prevent}}}"
    )
    there = {"requested": asked, "ready": asked, "departed": asked, "landed": asked + 2, "arrived": asked + 2}
    home = {"ended": 40, "why": "released", "left": 40, "home": 42, "recovered": 42}
    assert story.loans == [lot("South", "North", 2, "poll", **there, **home)]
    assert measured(story, "idle_unit_days", "North") == 2 * max(0, 30 - asked - 2)
    assert measured(story, "requirement_unit_days", "North") == 20  # prevention is no requirement
    assert causes(story) == ({"in transit": 4} if asked == 30 else {})


def test_a_crisis_that_stays_calm_is_prepared_for_all_the_same() -> None:
    # That is the price of prevention: two companies, there from day 12, idle until day 30, when it stays calm.
    story = told(POLL.replace("KNOWN", "60").replace("HAPPENS", "0"), policy="{share: all, prevent_days: 20}")
    there = {"requested": 10, "ready": 10, "departed": 10, "landed": 12, "arrived": 12}
    home = {"ended": 30, "why": "released", "left": 30, "home": 32, "recovered": 32}
    assert story.loans == [lot("South", "North", 2, "poll", **there, **home)]
    assert (measured(story, "idle_unit_days", "North"), measured(story, "lent_unit_days", "North")) == (36, 44)
    assert measured(story, "requirement_unit_days") == measured(story, "unmet_unit_days") == 0
    (poll,) = story.crises
    assert (poll.happened, poll.end_day, poll.needs()) == (False, None, {})


def test_only_the_first_phase_is_prepared_for() -> None:
    text = POLL.replace("lasts_days: 10, needs: {company: 2}", "PHASES").replace("KNOWN", "60").replace("HAPPENS", "1")
    phases = "phases: [{lasts_days: 5, needs: {company: 1}}, {lasts_days: 5, needs: {company: 3}}]"
    story = told(text.replace("PHASES", phases), policy="{share: all, prevent_days: 20}")
    assert [(each.requested_day, each.units, each.ended_day) for each in story.loans] == [(10, 1, 40), (35, 2, 40)]


def test_a_lender_that_recalls_does_not_lend_what_it_will_want_for_its_own_prevention() -> None:
    # South's own poll is in sight from day 5; on day 10 it lends what is left, and calls nothing back on day 20.
    text = FORESIGHT.replace("KNOWN", "60").replace("HAPPENS", "1")
    story = told(text, policy="{share: all, prevent_days: 15, recall: true}")
    assert [(each.requested_day, each.units, each.why_ended) for each in story.loans] == [
        (10, 1, "released"),
        (25, 2, "released"),
    ]


# -- in which order needs are served ---------------------------------------------------------------------------------

ONE_COMES = """
missions: {North: {}, East: {}, South: {changes: [{on: day 20, holds: {company: 1}}]}}
crises:
  raid: {mission: North, severity: RAID, on: day 10, lasts_days: 50, needs: {company: 1}}
  flood: {mission: East, severity: FLOOD, on: day FLOODED, lasts_days: 50, needs: {company: 1}}
"""


@pytest.mark.parametrize(
    ("serve", "raid", "flood", "flooded", "served"),
    [
        ("severity", 2, 4, 11, "East"),
        ("first come", 2, 4, 11, "North"),
        ("severity", 3, 3, 11, "North"),
        ("first come", 2, 4, 10, "East"),
        ("severity", 3, 3, 10, "East"),  # by name
        ("first come", 3, 3, 10, "East"),
    ],
)
def test_the_order_of_needs(serve: str, raid: int, flood: int, flooded: int, served: str) -> None:
    text = ONE_COMES.replace("RAID", str(raid)).replace("FLOODED", str(flooded)).replace("FLOOD", str(flood))
    (found,) = [each for each in told(text, policy=f"{{share: all, serve: {serve}}}").loans if each.requested_day == 20]
    assert found.borrower == served


def test_a_crisis_goes_before_routine_tasks() -> None:
    text = (
        "missions: {East: {routine: {company: 1}}, North: {}, South: {changes: [{on: day 20, holds: {company: 1}}]}}\n"
    )
    text += "crises: {raid: {mission: North, severity: 1, on: day 10, lasts_days: 30, needs: {company: 1}}}"
    first, second = told(text).loans
    assert (first.borrower, first.requested_day, second.borrower, second.requested_day) == ("North", 20, "East", 40)


def test_a_need_that_was_covered_and_opens_again_is_a_new_one() -> None:
    # North's need opens on day 5, is covered by a promise from West until that is refused on day 13, and opens again.
    # East's has been open since day 10: on day 20, first come, first served.
    text = ONE_COMES.replace("missions: {", "missions: {West: {holds: {company: 1}}, ").replace("day 10", "day 5")
    text = text.replace("RAID", "3").replace("FLOODED", "10").replace("FLOOD", "3")
    text += "agreements: {any: {between: any}, west: {between: [North, West], gates: {host: {days: 8, refuses: 1}}}, "
    text += "not east: {between: [East, West], gates: {host: {refuses: 1}}}}"
    story = told(text, policy="{share: all, serve: first come, ask_again_days: 90}")
    assert [(each.borrower, each.lender, each.requested_day, each.why_ended) for each in story.loans] == [
        ("North", "West", 5, "refused"),
        ("East", "West", 13, "refused"),  # at once
        ("East", "South", 20, "released"),
    ]


def test_units_on_their_way_cover_the_need() -> None:
    # Two companies from South, two days away; a third is needed from day 11: one more is asked for, not three.
    text = (
        "missions: {North: {}, South: {holds: {company: 5}}}\nroutes: [{between: [North, South], days: {company: 2}}]\n"
    )
    text += "crises:\n  raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}\n"
    text += "  flood: {mission: North, on: day 11, lasts_days: 19, needs: {company: 1}}\n"
    story = told(text)
    assert lenders(story) == [("South", 2), ("South", 1)]
    assert states(story, "North") == [(10, 2, 0, 2), (11, 3, 0, 3), (12, 3, 2, 1), (13, 3, 3, 0), (30, 0, 0, 0)]


def test_whoever_loses_a_promise_to_a_recall_is_served_by_severity_at_once() -> None:
    # On day 1 East's company is promised to North, for a grave raid. On day 2 East calls it back for a riot that needs
    # two: South's only company goes to the graver need, though East's riot is what has just begun.
    story = told(
        """
        missions: {East: {holds: {company: 1}}, North: {}, South: {holds: {company: 1}}}
        routes: [{between: [North, South], km: 100, days: {company: 1}}]
        agreements: {any: {between: any, gates: {council: {days: 3}}}}
        crises:
          raid: {mission: North, on: day 1, severity: 5, lasts_days: 9, needs: {company: 1}}
          riot: {mission: East, on: day 2, severity: 2, lasts_days: 9, needs: {company: 2}}
        """,
        policy="{share: all, recall: true}",
    )
    assert [(each.lender, each.borrower, each.requested_day, each.why_ended) for each in story.loans] == [
        ("East", "North", 1, "recalled"),
        ("South", "North", 2, "released"),
    ]
