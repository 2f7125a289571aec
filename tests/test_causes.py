"""Why units are missing: each of the causes where it is the answer, in unit-days worked out by hand.

North needs two companies from day 10 to day 40: 60 unit-days, of which those are missing that are not there yet.
"""

from __future__ import annotations

import pytest

from sim.operations.log import CAUSES
from sim.policies import Lender, Situation
from tests.worlds import causes, measured, states, told

RAID = "\ncrises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 2}}}\n"
PAIR = "missions: {North: {}, South: {holds: {company: 5}}}"
ROAD = "\nroutes: [{between: [North, South], days: {company: 3}}]"
GATES = "\nagreements: {any: {between: any, gates: {council: {days: 5}, contributor: {days: 9}, host: {days: 2}}}}"
FAR = """
resources: {company: {travel: [{by: road, speed_kmh: 1, up_to_km: 9}]}}
routes: [{between: [North, South], km: 10}]
"""
FLOWN = """
resources: {company: {travel: [{by: airlift, speed_kmh: 1, units_per_load: 1}]}}
lifts: {airlift: {slots: 1, turnaround_days: 4}}
routes: [{between: [North, South], days: {company: 1}}]
"""

ONE_EACH = {
    # Its own two are in repair on the first day, for much longer than the raid lasts.
    "in repair": (
        "missions: {North: {holds: {company: 2}}}"
        "\nresources: {company: {serviceable: {share: 0.000000001, repair_days: 36500}}}",
        "{share: all}",
        60,
    ),
    # Both on the road for three days.
    "in transit": (PAIR + ROAD, "{share: all}", 2 * 3),
    # One flies on day 10 for one day; the other must wait for five, as the aircraft turns round for four.
    "lift": (PAIR + FLOWN, "{share: all}", 5),
    "preparing": (PAIR + "\nresources: {company: {prepare_days: 6}}", "{share: all}", 2 * 6),
    "council": (PAIR + "\nagreements: {any: {between: any, gates: {council: {days: 5}}}}", "{share: all}", 2 * 5),
    "contributor": (PAIR + GATES, "{share: all}", 2 * 9),  # the last of three side by side
    "host": (PAIR + GATES.replace("2", "11"), "{share: all}", 2 * 11),
    # Refused at once, and for eight days.
    "refused": (
        PAIR + "\nagreements: {any: {between: any, gates: {host: {refuses: 1}}}}",
        "{share: all, ask_again_days: 40}",
        60,
    ),
    "kept": (PAIR, "{share: all, keep: 5}", 60),
    "ceiling": (PAIR + "\nagreements: {any: {between: any, at_most: {company: 0}}}", "{share: all}", 60),
    "not permitted": (PAIR, "{share: none}", 60),
    "no way there": (PAIR + FAR, "{share: all}", 60),
    "given up": (PAIR.replace("{company: 5}", "{company: 5}, routine: {company: 5}"), "{share: all}", 60),
    "nobody had any": (PAIR.replace("{company: 5}", "{company: 5}, routine: {company: 5}"), "{share: all}", 60),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_where_it_is_the_answer(cause: str) -> None:
    text, policy, unit_days = ONE_EACH[cause]
    raid = RAID.replace("needs", "patience_days: 0, needs") if cause == "given up" else RAID
    found = causes(told(text + raid, policy=policy), "North")
    assert found[cause] == unit_days
    assert sum(found.values()) == unit_days + (cause == "lift") * 2  # both fly for a day
    assert causes(told(text + raid, policy=policy)) == found, "the whole is the sum of its cells"


def test_units_count_where_they_are_furthest_along() -> None:
    # Two of North's own, back on day 12, count first; then what its neighbour promised; the rest nobody has.
    story = told("""
        missions:
          North: {holds: {company: 2}}
          East: {}
          South: {holds: {company: 1}}
        routes: [{between: [North, East], days: {company: 4}}, {between: [South, East], days: {company: 9}}]
        crises:
          flood: {mission: East, on: day 2, lasts_days: 6, needs: {company: 2}}
          raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 4}}
        agreements: {any: {between: any}, slow: {between: [North, South], gates: {council: {days: 5}}}}
    """)
    # Day 10 to 12: two in transit, one with the council, one with nobody; to day 15: one each; then nobody.
    assert causes(story, "North") == {"in transit": 2 * 2, "council": 5, "nobody had any": 10}


def test_what_is_being_prepared_comes_before_what_waits_for_paper() -> None:
    story = told("""
        missions: {North: {}, East: {holds: {company: 1}}, South: {holds: {company: 1}}}
        resources: {company: {prepare_days: 4}}
        agreements: {any: {between: any}, slow: {between: [North, South], gates: {council: {days: 6}}}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}
          riot: {mission: North, on: day 10, lasts_days: 20, needs: {company: 0}}
    """)
    # East's is ready on day 14, South's on day 20.
    assert causes(story) == {"preparing": 4 + 4, "council": 6}


def test_the_gate_that_clears_last_among_those_still_open() -> None:
    # Side by side the council's 5 days and the host's 2 hide behind the contributor's 9; after it nothing is left.
    assert causes(told(PAIR + GATES + RAID)) == {"contributor": 18}
    # In turn each has its own days.
    in_turn = GATES.replace("between: any,", "between: any, order: in turn,")
    assert causes(told(PAIR + in_turn + RAID)) == {"council": 10, "contributor": 18, "host": 4}
    # A standing gate never holds anything up.
    standing = GATES.replace("between: any,", "between: any, standing: [contributor],")
    assert causes(told(PAIR + standing + RAID)) == {"council": 10}


def test_reception_is_part_of_the_transit() -> None:
    text = PAIR.replace("North: {}", "North: {reception_per_day: {company: 1}}") + ROAD + RAID
    assert causes(told(text)) == {"in transit": 3 + 4}


def test_all_that_no_promise_covers() -> None:
    story = told(
        """
        missions: {North: {}, West: {holds: {company: 2}}, East: {holds: {company: 2}}, Far: {holds: {company: 1}}}
        agreements:
          west: {between: [North, West], gates: {host: {refuses: 1}}}
          east: {between: [North, East], at_most: {company: 0}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 6}}}
        """,
        policy="{share: all, keep: {share: 0.5}, ask_again_days: 90}",
    )
    # West keeps one of two, the other is refused; East keeps one of two, the other is beyond the ceiling; Far has one
    # but no agreement; the sixth does not exist.
    assert causes(story) == {"refused": 10, "kept": 20, "ceiling": 10, "not permitted": 10, "nobody had any": 10}


def test_what_no_promise_covers_is_told_in_the_order_of_the_causes() -> None:
    # The same, but two are enough: of five that could have come, the refused one and one that was kept are to blame.
    story = told(
        """
        missions: {North: {}, West: {holds: {company: 2}}, East: {holds: {company: 2}}, Far: {holds: {company: 1}}}
        agreements:
          west: {between: [North, West], gates: {host: {refuses: 1}}}
          east: {between: [North, East], at_most: {company: 0}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 2}}}
        """,
        policy="{share: all, keep: {share: 0.5}, ask_again_days: 90}",
    )
    assert causes(story) == {"refused": 10, "kept": 10}


def test_a_lender_that_refuses_and_keeps() -> None:
    # South has three to spare, keeps one, and its contributor refused the two.
    text = "missions: {North: {}, South: {holds: {company: 3}}}\n"
    text += "agreements: {any: {between: any, gates: {contributor: {refuses: 1}}}}\n"
    raid = "crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 4}}}"
    story = told(text + raid, policy="{share: all, keep: 1, ask_again_days: 90}")
    assert causes(story) == {"refused": 20, "kept": 10, "nobody had any": 10}


def test_a_lender_of_two_contingents_keeps_what_it_may_offer_of_neither() -> None:
    # South has six to spare, three of each, and keeps one: it may offer three of either, but not six.
    text = "missions: {North: {}, South: {holds: {company: {Ghana: 3, Nepal: 3}}}}\n"
    text += "agreements: {any: {between: any, at_most: {company: 0}}}\n"
    raid = "crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: NEED}}}"
    assert causes(told(text + raid.replace("NEED", "1"), policy="{share: all, keep: 1}")) == {"kept": 10}
    story = told(text + raid.replace("NEED", "7"), policy="{share: all, keep: 1}")
    assert causes(story) == {"kept": 10, "ceiling": 50, "nobody had any": 10}


def test_of_two_contingents_the_one_that_refused_counts_before_the_one_that_is_kept() -> None:
    # South has two to spare. It keeps half of each contingent: two of Ghana's, and none of Nepal's but the one that was
    # refused may go.
    text = "missions: {North: {}, South: {holds: {company: {Ghana: 3, Nepal: 1}}, routine: {company: 2}}}\n"
    text += "contributors: {Nepal: {refuses: 1}}\nagreements: {any: {between: any, gates: {contributor: {}}}}\n"
    raid = "crises: {raid: {mission: North, on: day 10, lasts_days: 10, needs: {company: 2}}}"
    story = told(text + raid, policy="{share: all, keep: {share: 0.5}, ask_again_days: 90}")
    assert causes(story) == {"refused": 10, "kept": 10}


def test_what_a_lender_keeps_for_a_crisis_it_foresees_is_kept() -> None:
    text = (
        PAIR
        + """
crises:
  raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 2}}
  poll: {mission: South, on: day 20, warning_days: 60, lasts_days: 5, needs: {company: 4}}
"""
    )
    story = told(text, policy="{share: all, foresee_days: 30}")
    # One comes on day 10. The other is kept until day 20, and is then needed until day 25.
    assert causes(story) == {"kept": 10, "nobody had any": 5}


def test_why_changes_as_time_goes_on() -> None:
    # Nobody has any until day 15, when South's own crisis ends; then two refuse for ten days; then they come.
    text = (
        "missions: {North: {}, South: {holds: {company: 2}}}\n"
        + ROAD
        + """
agreements: {any: {between: any, gates: {host: {days: 4}}}}
crises:
  raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 2}}
  riot: {mission: South, on: day 0, lasts_days: 15, needs: {company: 2}}
"""
    )
    assert causes(told(text)) == {"nobody had any": 2 * 5, "host": 2 * 4, "in transit": 2 * 3}


def test_where_nobody_lends_causes_still_change_with_what_others_have() -> None:
    text = """
missions: {North: {}, South: {holds: {company: 2}, changes: [{on: day 30, holds: {company: -1}}]}}
crises:
  raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 2}}
  riot: {mission: South, on: day 0, lasts_days: 15, needs: {company: 1}}
"""
    # South has one to spare until day 15, two until day 30, then one.
    assert causes(told(text, policy="{share: none}")) == {"not permitted": 5 + 30 + 10, "nobody had any": 5 + 10}


def test_the_lender_that_lent_too_much_has_nobody_to_blame() -> None:
    text = (
        PAIR
        + ROAD
        + """
crises:
  raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 5}}
  riot: {mission: South, on: day 20, lasts_days: 10, needs: {company: 2}}
"""
    )
    story = told(text)
    assert causes(story, "South") == {"nobody had any": 20}
    assert measured(story, "exposure_unit_days", "South") == 20  # need that lending caused
    recalled = told(text, policy="{share: all, recall: {notice_days: 2}}")
    assert causes(recalled, "South") == {"preparing": 2 * 2, "in transit": 2 * 3}
    assert measured(recalled, "exposure_unit_days", "South") == 10


def test_what_is_given_up_is_a_cause_of_its_own_from_then_on() -> None:
    raid = RAID.replace("needs", "patience_days: 5, needs").replace("company: 2", "company: 3")
    story = told(PAIR.replace("5", "2, helicopter: 1") + raid, policy="{share: all, keep: 1}")
    # One comes at once. One is kept back and one does not exist: for five days, then neither is sought any more.
    assert story.crises[0].given_up == {"company": 2}
    assert causes(story) == {"kept": 5, "nobody had any": 5, "given up": 50}


@pytest.mark.parametrize("patience", ["", ", patience_days: 3"])
def test_own_units_that_come_home_do_not_serve_what_was_given_up(patience: str) -> None:
    # South's two are in North until day 12; its own crisis needs them from day 4 to day 24.
    story = told(
        f"""
        missions: {{South: {{holds: {{helicopter: 2}}}}, North: {{holds: {{helicopter: 0}}}}}}
        crises:
          first: {{mission: North, on: day 0, lasts_days: 12, needs: {{helicopter: 2}}}}
          second: {{mission: South, on: day 4, lasts_days: 20, needs: {{helicopter: 2}}{patience}}}
        """
    )
    if patience:
        assert causes(story) == {"nobody had any": 2 * 3, "given up": 2 * 17}
        assert measured(story, "unmet_unit_days") == 40
        assert states(story, "South", "helicopter")[-2:] == [(12, 2, 2, 2), (24, 0, 2, 0)]  # both are home, and idle
        assert measured(story, "idle_unit_days") == 0  # own units are no loan
    else:
        assert causes(story) == {"nobody had any": 2 * 8}


@pytest.mark.parametrize(("covers", "cause"), [(500, "no way there"), (5000, None)])
def test_where_no_mode_covers_the_way_there_is_no_way(covers: int, cause: str | None) -> None:
    text = f"""
        resources: {{company: {{travel: [{{by: road, speed_kmh: 10, up_to_km: {covers}}}]}}}}
        missions: {{North: {{}}, South: {{holds: {{company: 2}}}}}}
        routes: [{{between: [North, South], km: 1200}}]
        crises: {{raid: {{mission: North, on: day 10, lasts_days: 20, needs: {{company: 3}}}}}}
    """
    story = told(text)
    assert causes(story) == ({cause: 40, "nobody had any": 20} if cause else {"in transit": 10, "nobody had any": 20})
    assert any("no way of travelling covers the distance" in line for line in story.lines()) == bool(cause)
    assert causes(told(text, policy="{share: none}")) == {"not permitted": 40, "nobody had any": 20}
    said = [str(warning) for warning in story.scenario.warnings]
    way = "no mode covers the 1,200 km between North and South: nothing can be lent there"
    assert any(way in warning for warning in said) == bool(cause)


def test_a_rule_that_asks_nobody_keeps() -> None:
    def nobody(_: Situation) -> list[tuple[Lender, int]]:
        return []

    assert causes(told(PAIR + RAID, policy="{share: all, rule: nobody}", rules={"nobody": nobody})) == {"kept": 60}
