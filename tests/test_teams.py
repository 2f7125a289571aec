"""Teams: what works only together, beside its parts and never added to them. Calendars are worked out by hand."""

from __future__ import annotations

import pytest

import sim
from sim.errors import ScenarioError
from sim.operations.log import CAUSES, Level
from tests.worlds import causes, measured, told, world

PATROLS = """
teams: {patrol: {observer: 4, vehicle: 1}}
missions:
  North: {holds: {observer: 3, vehicle: 1}, routine: {observer: 1}}
  South: {holds: {observer: 9, vehicle: 1}, routine: {observer: 1}}
routes: [{between: [North, South], days: {observer: 3, vehicle: 6}}]
crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {patrol: 3, observer: 1}}}
"""


def level(day: float, needed: int, **short: int) -> Level:
    """A level of the patrols in North; `short` by cause."""
    by_cause = tuple(short.get(cause.replace(" ", "_"), 0) for cause in CAUSES)
    missing = sum(by_cause)
    return Level(day, 4, needed, needed, needed - missing, 0, 0, missing, by_cause if missing else None)


def test_the_scarcest_part_says_how_many_are_short_and_why() -> None:
    """North has 3 observers and 1 vehicle, and needs 1 observer for routine, 1 for the raid and 12 with 3 vehicles.

    From day 10 it lacks 11 observers (8 are on the road for 3 days) and 2 vehicles (1 is, for 6 days). The first patrol
    waits for 3 more observers, the others for 4 each: two for those on the road, the third for what nobody has.
    """
    story = told(PATROLS)
    assert story.log.teams == [
        level(10, 3, in_transit=2, nobody_had_any=1),
        level(13, 3, in_transit=1, nobody_had_any=1),  # 3 observers and 2 vehicles are missing now
        level(16, 3, nobody_had_any=1),
        level(40, 0),
    ]
    assert causes(story, "North", "patrol") == {"in transit": 2 * 3 + 3, "nobody had any": 30}
    assert measured(story, "requirement_unit_days", "North", "patrol") == 3 * 30
    assert causes(story, "North", "observer") == {"in transit": 8 * 3, "nobody had any": 3 * 30}
    assert causes(story, "North", "vehicle") == {"in transit": 6, "nobody had any": 30}
    assert measured(story, "unmet_unit_days") == 24 + 90 + 6 + 30, "patrols are not added to their parts"
    assert measured(story, "responses") == 2 and measured(story, "responses", "North", "patrol") == 1
    assert measured(story, "worst_shortfall") == 11
    rest = "as to the rest, nobody has any to spare."
    assert [line for line in story.lines() if "patrol" in line] == [
        "11 Jan 2012: North: raid begins and needs 3 patrols (12 observers and 3 vehicles) and 1 observer.",
        f"11 Jan 2012: North is short of 3 patrols, 2 of them already asked for; {rest}",
        f"14 Jan 2012: North is now short of 2 patrols, 1 of them already asked for; {rest}",
        "17 Jan 2012: North is now short of 1 patrol: nobody has any to spare.",
        "10 Feb 2012: North no longer needs the 1 patrol that it lacked.",
    ]


def test_the_parts_are_those_of_a_crisis_that_names_them() -> None:
    """Loans, levels and measures of the parts are the same, however the need for them is written."""
    one = told(PATROLS)
    other = told(PATROLS.replace("{patrol: 3, observer: 1}", "{observer: 13, vehicle: 3}"))
    assert (one.loans, one.levels) == (other.loans, other.levels)
    assert one.table[0].tolist() == other.table[0].tolist()


def test_a_team_grows_as_a_whole() -> None:
    """1 patrol and 1 observer, times 1.5 and rounded up: 2 patrols, whose parts are 8 and 2, and 2 observers."""
    grows = "escalates: {if_short_days: 2, grows: 1.5}, mission: North"
    text = PATROLS.replace("patrol: 3", "patrol: 1").replace("mission: North", grows)
    crisis = told(text, policy="{share: none}").crises[0]
    assert crisis.teams == [{"patrol": 1}, {"patrol": 2}]
    assert [needs for *_, needs in crisis.phases] == [{"observer": 5, "vehicle": 1}, {"observer": 10, "vehicle": 2}]


def test_nothing_is_short_where_the_mission_is_not_there() -> None:
    # 14 observers are missing, 12 of them in patrols; South has 8, and may not lend them: enough for the first patrol.
    text = PATROLS.replace("holds: {observer: 3, vehicle: 1}", "active: {from: day 20, to: day 29}")
    assert told(text, policy="{share: none}").log.teams == [
        level(20, 3, not_permitted=1, nobody_had_any=2),
        level(30, 0),
    ]


def test_units_that_vary_are_drawn_for_the_team() -> None:
    text = PATROLS.replace("patrol: 3, observer: 1", "patrol: {discrete: {1: 1, 2: 1}}")
    scenario = world(text)
    needs = {told(text, replication=number).crises[0].phases[0][2]["observer"] for number in range(20)}
    assert needs == {4, 8}
    comparison = sim.compare(sim.run(scenario, replications=40))
    (option,) = comparison.options.values()
    assert set(option.teams) == {("North", "patrol")} and not {cell for cell in option.cells if "patrol" in cell}
    assert option.cells["North", "observer"]["requirement_unit_days"].mean == pytest.approx(30 * 4 * 1.5)
    assert option.teams["North", "patrol"]["requirement_unit_days"].mean == pytest.approx(30 * 1.5)
    whole = sum(measures["unmet_unit_days"].mean for measures in option.cells.values())
    assert option.measures["unmet_unit_days"].mean == pytest.approx(whole)


def test_a_question_may_be_about_a_team() -> None:
    """Alone 11 of the 12 observers are missing, so all 3 patrols for 30 days; with loans 2 x 3 + 3 + 30 patrol-days."""
    asked = world(
        PATROLS
        + """
options: {alone: {policy: {share: none}}, together: {policy: {share: all}}}
question: {compare: [together, alone], where: {mission: North, resource: patrol}}
"""
    )
    answer = sim.answer(sim.compare(sim.run(asked, replications=20)))
    assert answer.first is not None
    assert (answer.first.before, answer.first.after) == pytest.approx((90, 39))
    assert answer.text.startswith("‘together’ saves 51.0 of 90.0 unit-days of unmet need of patrols in North against")
    with pytest.raises(ScenarioError, match=r"question\.where\.resource: no resource 'patrl'; did you mean 'patrol'"):
        asked.change({"question": {"where": {"resource": "patrl"}}})


def test_a_part_that_nobody_holds_is_warned_of() -> None:
    said = [str(each) for each in world(PATROLS.replace(", vehicle: 1}, routine", "}, routine")).warnings]
    assert any("no mission holds any 'vehicle'" in each for each in said)
