"""The life of loans: whole records, worked out by hand from the model's sentences.

North borrows companies from South, two days away.
"""

from __future__ import annotations

from typing import Any

from sim.operations.log import LoanRecord
from tests.worlds import back, causes, loan, lot, out, states, told

ROAD = "routes: [{between: [North, South], days: {company: 2}}]\n"
PAIR = "missions: {North: {}, South: {holds: {company: 5}}}\n" + ROAD
RAID = "crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}}\n"
TWO_RAIDS = """
crises:
  raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}
  again: {mission: North, on: day 15, lasts_days: 30, needs: {company: 1}}
"""


# -- from request to recovery ---------------------------------------------------------------------------------------


def test_a_loan_from_request_to_recovery() -> None:
    story = told(
        PAIR + RAID + "resources: {company: {prepare_days: 3, recover_days: 4}}\n"
        "agreements: {any: {between: any, gates: {council: {days: 1}}}}"
    )
    life = {"requested": 10, "council": 11, "ready": 14, "departed": 14, "landed": 16, "arrived": 16}
    end = {"ended": 30, "why": "released", "left": 30, "home": 32, "recovered": 36}
    assert story.loans == [loan(2, **life, **end)]
    assert states(story, "North") == [(10, 2, 0, 2), (16, 2, 2, 0), (30, 0, 0, 0)]
    assert states(story, "South") == [(0, 0, 5, 0), (14, 0, 3, 0), (36, 0, 5, 0)]  # promised units stay present
    assert causes(story) == {"council": 2, "preparing": 6, "in transit": 4}


def test_what_still_goes_on_at_the_periods_end_is_left_open() -> None:
    gates = (
        "agreements: {any: {between: any, gates: {council: {days: 4}, host: {days: 9, refuses: 1}}, window_days: 30}}"
    )
    assert told(PAIR + RAID, days=25).loans == [loan(2, **out(10))]
    assert told(PAIR + RAID, days=11).loans == [loan(2, requested=10, ready=10, departed=10)]
    assert told(PAIR + RAID, days=31).loans == [loan(2, **out(10), ended=30, why="released", left=30)]
    assert told(PAIR + RAID + gates, days=15).loans == [
        loan(2, requested=10, gates="council, host", council=14, first_window=44, window=44)
    ]
    assert told(PAIR + RAID + gates, days=14).loans == [loan(2, requested=10, gates="council, host")]
    assert told(PAIR + RAID, days=10).loans == []  # the raid would begin as the period ends


def test_own_units_come_first_and_only_the_missing_ones_are_borrowed() -> None:
    story = told(
        "missions: {North: {holds: {company: 3}, routine: {company: 2}}, South: {holds: {company: 5}}}\n" + RAID
    )
    assert story.loans == [loan(1, **out(10, 0), **back(30, road=0))]


def test_routine_tasks_borrow_too() -> None:
    story = told(
        "missions: {North: {routine: {company: 2}}, South: {holds: {company: 5}, routine: {company: 4}}}\n" + ROAD
    )
    # South has one to spare, from the first day to the last.
    assert story.loans == [loan(1, crisis=None, **out(0))]
    assert states(story, "North") == [(0, 2, 0, 2), (2, 2, 1, 1)]


def test_borrowed_units_are_never_lent_on() -> None:
    # East borrows two companies for ten days; when it needs one of them no longer, North cannot have it from East.
    story = told("""
        missions: {North: {}, East: {}, South: {holds: {company: 2}}}
        routes: [{between: [North, South], days: {company: 3}}, {between: [East, South], days: {company: 2}}]
        crises:
          flood: {mission: East, on: day 0, lasts_days: 10, needs: {company: 2}}
          raid: {mission: North, on: day 4, lasts_days: 16, needs: {company: 1}}
    """)
    home = {"ended": 10, "why": "released", "left": 10, "home": 12, "recovered": 12}
    assert story.loans == [
        lot("South", "East", 2, crisis="flood", **out(0), **home),
        lot("South", "North", 1, loan=1, **out(12, 3), **back(20, road=3)),
    ]


def test_ends_and_returns_come_before_onsets_and_the_desk_looks_when_all_is_done() -> None:
    # South's only company leaves North as its raid ends on day 20 and is fit again on day 24, when East needs one and
    # South's own riot begins: the riot has it; East, where the flood is graver, would have asked first.
    story = told("""
        missions: {North: {}, East: {}, South: {holds: {company: 1}}}
        routes: [{between: [North, South], days: {company: 3}}]
        resources: {company: {recover_days: 1}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 1}}
          flood: {mission: East, severity: 5, on: day 24, lasts_days: 3, needs: {company: 1}}
          riot: {mission: South, severity: 1, on: day 24, lasts_days: 2, needs: {company: 1}}
    """)
    assert states(story, "South") == [(0, 0, 1, 0), (10, 0, 0, 0), (24, 1, 1, 0), (26, 0, 0, 0), (28, 0, 1, 0)]
    assert states(story, "East") == [(24, 1, 0, 1), (26, 1, 1, 0), (27, 0, 0, 0)]


# -- no longer needed ------------------------------------------------------------------------------------------------


def test_the_loan_longest_there_is_released_first() -> None:
    # On day 30 the first raid ends; one company is still needed: the one that came on day 17.
    story = told(PAIR + TWO_RAIDS)
    assert story.loans == [loan(2, **out(10), **back(30)), loan(1, loan=1, crisis="again", **out(15), **back(45))]


def test_a_loan_parts_when_only_some_are_released() -> None:
    shrinks = """
crises:
  raid:
    mission: North
    on: day 10
    phases: [{lasts_days: 5, needs: {company: 3}}, {lasts_days: 5, needs: {company: 1}}]
"""
    assert told(PAIR + shrinks).loans == [
        loan(2, load=1, **out(10), **back(15)),
        loan(1, load=1, **out(10), **back(20)),
    ]


def test_the_latest_promise_is_cancelled_first() -> None:
    # Thirty days of paper. On day 30 two of three promised companies are not needed any more.
    paper = "agreements: {any: {between: any, gates: {council: {days: 30}}}}"
    assert told(PAIR + TWO_RAIDS + paper).loans == [
        loan(1, requested=10, gates="council", ended=30, why="cancelled"),
        loan(1, requested=10, council=40, ready=40, departed=40, landed=42, arrived=42, **back(45)),
        loan(1, loan=1, crisis="again", requested=15, gates="council", ended=30, why="cancelled"),
    ]


def test_units_on_the_road_when_the_need_ends_arrive_and_go_home() -> None:
    story = told(PAIR + RAID.replace("lasts_days: 20", "lasts_days: 1"))
    assert story.loans == [loan(2, **out(10), late=True, **back(12))]


def test_a_new_need_takes_what_is_already_on_the_road() -> None:
    # The raid is over on day 11, the next begins that day: what left for the first serves the second.
    text = """
crises:
  raid: {mission: North, on: day 10, lasts_days: 1, needs: {company: 2}}
  again: {mission: North, on: day 11, lasts_days: 9, needs: {company: 2}}
"""
    assert told(PAIR + text).loans == [loan(2, **out(10), **back(20))]


# -- recall ----------------------------------------------------------------------------------------------------------

SHARED = """
missions: {North: {}, East: {}, South: {holds: {company: 3}}}
routes: [{between: [North, South], days: {company: 2}}, {between: [East, South], days: {company: 2}}]
crises:
  raid: {mission: North, on: day 10, severity: 2, lasts_days: 40, needs: {company: 1}}
  flood: {mission: East, on: day 11, severity: 4, lasts_days: 40, needs: {company: 2}}
  riot: {mission: South, on: day 20, severity: 1, lasts_days: 10, needs: {company: RIOT}}
"""
RECALL = "{share: all, recall: true}"


def lent(units: int, borrower: str, crisis: str, **said: Any) -> LoanRecord:
    return lot("South", borrower, units, crisis=crisis, **said)


def test_without_recall_a_lender_waits_for_its_units() -> None:
    story = told(SHARED.replace("RIOT", "1"))
    assert [each.why_ended for each in story.loans] == ["released", "released"]
    assert states(story, "South") == [(0, 0, 3, 0), (10, 0, 2, 0), (11, 0, 0, 0), (20, 1, 0, 1), (30, 0, 0, 0),
                                      (52, 0, 1, 0), (53, 0, 3, 0)]  # fmt: skip
    # Lending caused all of it, and nobody else has any.
    assert causes(story, "South") == {"nobody had any": 10}


def test_recall_takes_from_the_least_severe_need() -> None:
    # From the raid (2), not from the flood (4), whoever came last. When the riot is over the raid gets its unit again.
    story = told(SHARED.replace("RIOT", "1"), policy=RECALL)
    assert story.loans == [
        lent(1, "North", "raid", **out(10), **back(20, "recalled")),
        lent(2, "East", "flood", loan=1, **out(11), **back(51)),
        lent(1, "North", "raid", loan=2, **out(30), **back(50)),
    ]
    # Two days until the unit is home: it is on its way.
    assert causes(story, "South") == {"in transit": 2}
    assert causes(story, "North") == {"in transit": 2 + 2, "nobody had any": 10}


def test_recall_takes_from_several_where_one_is_not_enough() -> None:
    story = told(SHARED.replace("RIOT", "2"), policy=RECALL)
    assert story.loans == [
        lent(1, "North", "raid", **out(10), **back(20, "recalled")),
        lent(1, "East", "flood", load=1, loan=1, **out(11), **back(20, "recalled")),
        lent(1, "East", "flood", load=1, loan=1, **out(11), **back(51)),
        # On day 30 two are free again: the flood is graver and is served first.
        lent(1, "East", "flood", loan=2, **out(30), **back(51)),
        lent(1, "North", "raid", loan=3, **out(30), **back(50)),
    ]


def test_of_equally_severe_needs_the_latest_arrival_is_recalled_first() -> None:
    story = told(SHARED.replace("severity: 4", "severity: 2").replace("RIOT", "1"), policy=RECALL)
    assert [(each.borrower, each.units, each.why_ended, each.left_day) for each in story.loans[:3]] == [
        ("North", 1, "released", 50),
        ("East", 1, "recalled", 20),
        ("East", 1, "released", 51),
    ]


def test_a_recall_with_notice_leaves_the_borrower_time() -> None:
    story = told(SHARED.replace("RIOT", "1"), policy="{share: all, recall: {notice_days: 3}}")
    first = lent(1, "North", "raid", **out(10), ended=20, why="recalled", left=23, home=25, recovered=25)
    assert story.loans[0] == first
    # Present in North until day 23; for South it prepares for three days, then travels for two.
    assert states(story, "North")[:4] == [(10, 1, 0, 1), (12, 1, 1, 0), (23, 1, 0, 1), (32, 1, 1, 0)]
    assert causes(story, "South") == {"preparing": 3, "in transit": 2}


def test_promised_units_are_recalled_before_any_that_left() -> None:
    # The flood's two companies are still waiting for paper on day 20; so the milder raid keeps its own.
    paper = "agreements: {east: {between: [East, South], gates: {council: {days: 30}}}, any: {between: any}}"
    story = told(SHARED.replace("RIOT", "1") + paper, policy=RECALL)
    arrives = {"requested": 11, "council": 41, "ready": 41, "departed": 41, "landed": 43, "arrived": 43}
    assert story.loans == [
        lent(1, "North", "raid", **out(10), **back(50)),
        lent(1, "East", "flood", loan=1, requested=11, gates="council", ended=20, why="recalled"),
        lent(1, "East", "flood", loan=1, **arrives, **back(51)),
        lent(1, "East", "flood", loan=2, requested=30, gates="council", ended=51, why="cancelled"),  # asked again
    ]
    assert causes(story, "South") == {}


def test_units_on_the_road_are_recalled_only_once_they_are_there() -> None:
    text = PAIR + "crises:\n"
    text += "  raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 5}}\n"
    text += "  riot: {mission: South, on: day 11, lasts_days: 5, needs: {company: 1}}\n"
    story = told(text, policy=RECALL)
    first, second, *_ = story.loans
    assert (first.units, first.left_day, first.why_ended) == (1, 12, "recalled")
    assert (second.units, second.left_day) == (4, 30)


def test_called_back_units_leave_before_the_window_ends() -> None:
    # Called back on day 20 with ten days' notice; the authority ends on day 25.
    text = SHARED.replace("RIOT", "1") + "agreements: {any: {between: any, window_days: 15}}"
    first = told(text, policy="{share: all, recall: {notice_days: 10}}").loans[0]
    window = {"first_window": 25, "window": 25}
    assert first == lent(
        1, "North", "raid", **out(10), **window, ended=20, why="recalled", left=25, home=27, recovered=27
    )


def test_called_back_units_leave_when_the_mission_closes() -> None:
    text = SHARED.replace("RIOT", "1").replace("North: {}", "North: {active: {to: day 24}}")
    first = told(text, policy="{share: all, recall: {notice_days: 10}}").loans[0]
    assert first == lent(1, "North", "raid", **out(10), ended=20, why="recalled", left=25, home=27, recovered=27)


def test_a_recall_restores_what_the_policy_keeps() -> None:
    # South holds 3 and keeps 1: two are out. The riot needs one of its own: it is met from the reserve at once, and a
    # unit is called back to be the reserve again.
    text = PAIR.replace("5", "3") + "crises:\n"
    text += "  raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 3}}\n"
    text += "  riot: {mission: South, on: day 20, lasts_days: 10, needs: {company: 1}}\n"
    story = told(text, policy="{share: all, recall: true, keep: 1}")
    assert story.loans == [
        loan(1, load=1, **out(10), **back(20, "recalled")),
        loan(1, load=1, **out(10), **back(40)),
        loan(1, loan=1, **out(30), **back(40)),
    ]
    assert causes(story, "South") == {}
    # One unit is kept back but from day 20, when South needs it, until the other is home on day 22. What North misses
    # besides is with nobody: two units until then, one until day 30.
    assert causes(story, "North") == {"in transit": 4 + 2, "kept": 28, "nobody had any": 4 + 8}
