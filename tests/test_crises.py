"""Crises as they unfold: phases, spill-over, escalation, patience and calm, worked out by hand from the model."""

from __future__ import annotations

import pytest

from sim.questions.story.story import Story
from tests.worlds import causes, measured, states, told

PAIR = "missions: {North: {}, South: {holds: {company: 5}}}\nroutes: [{between: [North, South], days: {company: 2}}]\n"


def test_needs_of_crises_add_up_and_last_to_the_end() -> None:
    story = told("""
        missions: {North: {holds: {company: 9}, routine: {company: 1}}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 2}}
          flood: {mission: North, on: day 15, lasts_days: 20.5, needs: {company: 3}}
          poll: {mission: North, on: day 95, lasts_days: 20, needs: {company: 1}}
    """)
    required = [(day, requirement) for day, requirement, *_ in states(story, "North")]
    assert required == [(0, 1), (10, 3), (15, 6), (30, 4), (35.5, 1), (95, 2)]
    assert [(each.name, each.onset_day, each.end_day) for each in story.crises] == [
        ("raid", 10, 30),
        ("flood", 15, 35.5),
        ("poll", 95, None),  # it still goes on at the period's end
    ]
    # Crises only: routine tasks are no part of coverage.
    assert measured(story, "requirement_unit_days") == 2 * 20 + 3 * 20.5 + 1 * 5


def test_phases_follow_one_another() -> None:
    story = told("""
        missions: {North: {holds: {company: 9, helicopter: 9}}}
        crises:
          raid:
            mission: North
            on: day 10
            phases:
              - {name: stand-off, lasts_days: 5, needs: {company: 2}}
              - {name: battle, lasts_days: 3, needs: {company: 4, helicopter: 1}}
              - {lasts_days: 2, needs: {helicopter: 2}}
    """)
    assert [day[:2] for day in states(story, "North")] == [(0, 0), (10, 2), (15, 4), (18, 0)]
    assert [day[:2] for day in states(story, "North", "helicopter")] == [(0, 0), (15, 1), (18, 2), (20, 0)]
    (raid,) = story.crises
    assert raid.phases == [
        ("stand-off", 10, {"company": 2}),
        ("battle", 15, {"company": 4, "helicopter": 1}),
        (None, 18, {"helicopter": 2}),
    ]
    assert raid.needs() == {"company": 4, "helicopter": 2}


def test_the_response_is_counted_from_when_the_resource_is_first_needed() -> None:
    story = told("""
        missions: {North: {holds: {company: 9}}, South: {holds: {helicopter: 1}}}
        routes: [{between: [North, South], days: {helicopter: 2}}]
        crises:
          raid:
            mission: North
            on: day 10
            phases: [{lasts_days: 5, needs: {company: 2}}, {lasts_days: 9, needs: {helicopter: 1}}]
    """)
    assert (measured(story, "responses"), measured(story, "censored")) == (2, 0)
    assert measured(story, "response_days", "North") == 0
    assert measured(story, "response_days", "North", "helicopter") == 2


def test_a_need_that_is_never_met_is_censored_at_the_crisis_end() -> None:
    story = told(
        "missions: {North: {}}\ncrises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 1}}}"
    )
    row = {name: measured(story, name) for name in ("responses", "response_days", "censored")}
    assert row == {"responses": 1, "response_days": 20, "censored": 1}
    story = told(
        "missions: {North: {}}\ncrises: {raid: {mission: North, on: day 90, lasts_days: 20, needs: {company: 1}}}"
    )
    row = {name: measured(story, name) for name in ("responses", "response_days", "censored")}
    assert row == {"responses": 1, "response_days": 10, "censored": 1}


# -- spill-over ------------------------------------------------------------------------------------------------------


def test_a_crisis_spills_over() -> None:
    story = told("""
        missions: {North: {holds: {company: 9}}, East: {holds: {company: 9}}}
        crises:
          raid:
            mission: North
            severity: 4
            on: day 10
            lasts_days: 5
            needs: {company: 2}
            spills_over:
              - {to: East, chance: 1, after_days: 7, lasts_days: 3, needs: {company: 1}}
              - {to: East, chance: 0, lasts_days: 3, needs: {company: 5}}
              - {to: North, chance: 1, after_days: 90, lasts_days: 3, needs: {company: 5}}
    """)
    raid, child = story.crises
    assert (child.name, child.parent, child.mission, child.severity) == ("raid → East", "raid", "East", 4)
    # After the onset, not after the end, and nobody knew beforehand; the third would begin as the period ends.
    assert (child.known_day, child.onset_day, child.end_day) == (17, 17, 20)
    assert [day[:2] for day in states(story, "East")] == [(0, 0), (17, 1), (20, 0)]
    assert raid.parent is None


def test_what_stays_calm_does_not_spill_over() -> None:
    story = told("""
        missions: {North: {}, East: {}}
        crises:
          poll: {mission: North, on: day 10, likelihood: 0, lasts_days: 5, needs: {company: 2},
                 spills_over: [{to: East, chance: 1, lasts_days: 3, needs: {company: 1}}]}
    """)
    assert [(each.name, each.happened, each.end_day) for each in story.crises] == [("poll", False, None)]
    assert measured(story, "requirement_unit_days") == measured(story, "responses") == 0


# -- escalation ------------------------------------------------------------------------------------------------------


def escalating(north: str, terms: str = "if_short_days: 5, extends_days: 10, grows: 1.5", needs: int = 3) -> Story:
    """North's raid from day 10 to day 30; South's companies are `north`'s own affair to borrow or not."""
    return told(f"""
        missions: {{North: {{{north}}}, South: {{}}}}
        crises:
          raid: {{mission: North, on: day 10, lasts_days: 20, needs: {{company: {needs}}}, escalates: {{{terms}}}}}
    """)


def test_a_crisis_left_short_escalates() -> None:
    # Short from its first day on: five days later it needs 3 · 1.5 = 4.5, rounded up, until day 40.
    story = escalating("holds: {company: 1}")
    (raid,) = story.crises
    assert (raid.escalated_day, raid.end_day) == (15, 40)
    assert [day[:2] for day in states(story, "North")] == [(0, 0), (10, 3), (15, 5), (40, 0)]
    assert raid.phases == [(None, 10, {"company": 3}), (None, 15, {"company": 5})]
    assert causes(story) == {"nobody had any": 2 * 5 + 4 * 25}


@pytest.mark.parametrize(
    ("north", "day"),
    [
        ("holds: {company: 3}", None),
        # Relieved on the fourth day, short again from day 18: five days in a row only on day 23.
        ("changes: [{on: day 14, holds: {company: 3}}, {on: day 18, holds: {company: -1}}]", 23),
        ("changes: [{on: day 14, holds: {company: 2}}]", 15),  # some came, but it is still short
        ("changes: [{on: day 15, holds: {company: 3}}]", None),  # relieved at the last moment
        ("holds: {company: 4}, routine: {company: 4}", 15),
        ("routine: {company: 1}", 15),  # short before, but only the days of the crisis count
    ],
)
def test_only_days_in_a_row_count(north: str, day: float | None) -> None:
    (raid,) = escalating(north).crises
    assert (raid.escalated_day, raid.end_day) == (day, 30 if day is None else 40)


def test_short_of_any_resource_that_it_needs_is_short() -> None:
    # Companies until day 13, helicopters from day 13 on: five days in a row something is missing.
    story = told("""
        missions:
          North:
            holds: {helicopter: 1}
            changes: [{on: day 13, holds: {company: 1, helicopter: -1}}]
        crises:
          raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 1, helicopter: 1},
                 escalates: {if_short_days: 5, extends_days: 10}}
    """)
    assert story.crises[0].escalated_day == 15
    assert story.crises[0].needs() == {"company": 1, "helicopter": 1}  # longer, but no larger


def test_a_shortfall_of_what_it_does_not_need_is_none_of_its_affair() -> None:
    story = told("""
        missions: {North: {holds: {company: 1}, routine: {helicopter: 2}}}
        crises:
          raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 1}, escalates: {if_short_days: 5}}
    """)
    assert story.crises[0].escalated_day is None


def test_it_escalates_once_and_only_by_chance() -> None:
    (raid,) = escalating("", "if_short_days: 5, extends_days: 10, grows: 2").crises
    assert (raid.escalated_day, raid.needs()) == (15, {"company": 6})
    (raid,) = escalating("", "if_short_days: 5, extends_days: 10, grows: 2, chance: 0").crises
    assert (raid.escalated_day, raid.end_day, raid.needs()) == (None, 30, {"company": 3})


def test_growth_is_rounded_up_only_where_there_is_a_fraction() -> None:
    (raid,) = escalating("", "if_short_days: 5, grows: 1.2", needs=5).crises
    assert raid.needs() == {"company": 6}
    (raid,) = escalating("", "if_short_days: 5, grows: 1.21", needs=5).crises
    assert raid.needs() == {"company": 7}


def test_phases_to_come_grow_too_and_the_last_is_longer() -> None:
    story = told("""
        missions: {North: {}}
        crises:
          raid:
            mission: North
            on: day 10
            phases: [{lasts_days: 10, needs: {company: 1}}, {lasts_days: 10, needs: {company: 4}}]
            escalates: {if_short_days: 5, extends_days: 7, grows: 1.5}
    """)
    assert [day[:2] for day in states(story, "North")] == [(10, 1), (15, 2), (20, 6), (37, 0)]


# -- patience --------------------------------------------------------------------------------------------------------


def impatient(patience: float, more: str = "") -> Story:
    return told(
        PAIR.replace("company: 5", "company: 3")
        + f"""
crises:
  raid: {{mission: North, on: day 10, lasts_days: 20, needs: {{company: 4}}, patience_days: {patience}}}
{more}"""
    )


def test_without_patience_what_is_neither_there_nor_on_its_way_is_lost_at_once() -> None:
    # Three are asked for on day 10 and on their way; the fourth is given up, though one joins South on day 12.
    text = PAIR.replace("company: 5}", "company: 3}, changes: [{on: day 12, holds: {company: 1}}]")
    raid = "crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 4}, patience_days: 0}}"
    story = told(text + raid)
    assert [(each.units, each.requested_day, each.left_day) for each in story.loans] == [(3, 10, 30)]
    assert story.crises[0].given_up == {"company": 1}
    assert measured(story, "given_up_units", "North") == 1
    # Its unmet time counts to the crisis's end, under a cause of its own.
    assert causes(story) == {"in transit": 3 * 2, "given up": 20}
    assert (measured(story, "responses"), measured(story, "censored")) == (1, 1)


def test_with_patience_what_comes_in_time_is_taken() -> None:
    text = PAIR.replace("company: 5}", "company: 3}, changes: [{on: day 12, holds: {company: 1}}]")
    raid = "crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 4}, patience_days: PATIENCE}}"
    story = told(text + raid.replace("PATIENCE", "1.5"))
    assert (story.crises[0].given_up, len(story.loans)) == ({"company": 1}, 1)
    story = told(text + raid.replace("PATIENCE", "2"))
    assert (story.crises[0].given_up, len(story.loans)) == ({}, 2)
    assert causes(story) == {"in transit": 3 * 2 + 2, "nobody had any": 2}


def test_routine_is_never_given_up() -> None:
    story = told("""
        missions: {North: {routine: {company: 2}}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 1}, patience_days: 0}}
    """)
    assert story.crises[0].given_up == {"company": 1}
    assert [day[1:] for day in states(story, "North")] == [(2, 0, 2), (3, 0, 3), (2, 0, 2)]
    assert measured(story, "unmet_unit_days") == 2 * 100 + 20


def test_what_a_lost_need_had_on_its_way_is_not_lost() -> None:
    # Three on the road when patience ends on day 11: they arrive, serve, and go home with the raid's end.
    story = impatient(1)
    assert [(each.units, each.arrived_day, each.ended_day) for each in story.loans] == [(3, 12, 30)]
    assert story.crises[0].given_up == {"company": 1}


def test_a_promise_that_is_refused_after_patience_ended_is_sought_again() -> None:
    # The promise covers three when patience ends on day 11; refused on day 15, they are asked for again on day 25.
    paper = "agreements: {any: {between: any, gates: {host: {days: 5, refuses: 1}}}}"
    raid = "crises: {raid: {mission: North, on: day 10, lasts_days: 19, needs: {company: 4}, patience_days: 1}}"
    story = told(PAIR.replace("5", "3") + f"{paper}\n{raid}", policy="{share: all, ask_again_days: 10}")
    assert story.crises[0].given_up == {"company": 1}
    assert [(each.units, each.requested_day, each.ended_day, each.why_ended) for each in story.loans] == [
        (3, 10, 15, "refused"),
        (3, 25, 29, "cancelled"),
    ]
    assert causes(story) == {"host": 3 * 5 + 3 * 4, "refused": 3 * 10, "nobody had any": 1, "given up": 18}


def test_a_later_phase_is_cut_to_what_was_left_of_the_need() -> None:
    story = told("""
        missions: {North: {holds: {company: 2}}}
        crises:
          raid:
            mission: North
            on: day 10
            patience_days: 1
            phases: [{lasts_days: 5, needs: {company: 3}}, {lasts_days: 5, needs: {company: 1}},
                     {lasts_days: 5, needs: {company: 4}}]
    """)
    # One given up on day 11; it is not missed while one is enough, and two are when four are needed: it seeks two.
    assert story.crises[0].given_up == {"company": 1}
    assert [day[1:] for day in states(story, "North")] == [(0, 2, 0), (3, 2, 1), (1, 2, 0), (4, 2, 2), (0, 2, 0)]
    assert measured(story, "unmet_unit_days") == 5 + 10


# -- calm ------------------------------------------------------------------------------------------------------------


def test_a_scheduled_crisis_that_stays_calm_needs_nothing() -> None:
    story = told(
        PAIR + "crises: {poll: {mission: North, on: day 10, likelihood: 0, lasts_days: 5, needs: {company: 2}}}"
    )
    assert story.loans == [] and not story.crises[0].happened
    assert measured(story, "requirement_unit_days") == measured(story, "responses") == 0
    assert states(story, "North") == []
