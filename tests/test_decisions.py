"""Gates that decide once for a crisis, urgency, and preparation by contributor: calendars worked out by hand.

North needs companies, which Ghana supplies, and helicopters, which Ukraine supplies; South holds both.
"""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from hypothesis import given

from sim.chance.trace import trace_of
from sim.operations.log import LoanRecord
from sim.operations.replication import Replication
from sim.operations.theatre import Theatre
from sim.policies import Lender, Situation
from sim.questions.story.story import Story
from sim.scenario.loaded import LoadedScenario
from tests.any_scenario import scenarios
from tests.test_laws import law, link_of, story_of
from tests.worlds import causes, lot, told, world

LENDER = "missions: {North: {}, South: {holds: {company: {Ghana: 5}, helicopter: {Ukraine: 2}}}}\n"
RAID = "crises: {raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 2, helicopter: 1}}}\n"


def under(pact: str, world: str = LENDER + RAID, **how: Any) -> Story:
    return told(f"{world}\nagreements: {{pact: {{between: [North, South], {pact}}}}}\n", **how)


def company(units: int = 2, **said: Any) -> LoanRecord:
    return lot("South", "North", units, supplier="Ghana", **said)


def helicopter(units: int = 1, **said: Any) -> LoanRecord:
    return lot("South", "North", units, resource="helicopter", supplier="Ukraine", **said)


def there(day: float, until: float = 50) -> dict[str, Any]:
    """Ready, gone and there on a day, until the crisis ends; home at once."""
    out = dict.fromkeys(("ready", "departed", "landed", "arrived"), day)
    return out | dict.fromkeys(("ended", "left", "home", "recovered"), until) | {"why": "released"}


PHASES = """
crises:
  raid:
    mission: North
    on: day 10
    phases:
      - {lasts_days: 3, needs: {company: 2, helicopter: 1}}
      - {lasts_days: 2, needs: {company: 3, helicopter: 1}}
      - {lasts_days: 35, needs: {company: 4, helicopter: 1}}
"""


def test_the_council_votes_once_for_all_that_is_asked_until_it_votes() -> None:
    # Asked on days 10 and 13, all are in the vote of day 15. What is asked on that day itself is in the next.
    story = under("gates: {council: {days: 5, per: crisis}}", LENDER + PHASES)
    assert story.loans == [
        company(loan=0, requested=10, council=15, **there(15)),
        helicopter(loan=1, requested=10, council=15, **there(15)),
        company(1, loan=2, requested=13, council=15, **there(15)),
        company(1, loan=3, requested=15, council=20, **there(20)),
    ]
    assert causes(story, "North") == {"council": 2 * 5 + 1 * 2 + 1 * 5}
    assert causes(story, "North", "helicopter") == {"council": 5}


def test_by_loan_each_is_decided_for_itself() -> None:
    story = under("gates: {council: {days: 5, per: loan}}", LENDER + PHASES)
    assert [each.council_day for each in story.loans] == [15, 15, 18, 20]


def test_a_gate_in_its_turn_is_asked_when_its_turn_comes() -> None:
    # Ghana agrees on day 14, Ukraine on day 16: the vote that Ghana's companies open there is Ukraine's, too.
    world = LENDER + RAID + "contributors: {Ghana: {consent_days: 4}, Ukraine: {consent_days: 6}}\n"
    story = under("order: in turn, gates: {contributor: {}, council: {days: 5, per: crisis}}, window_days: 20", world)
    gates, until = "contributor, council", {"first_window": 39, "window": 39}
    lapsed = dict.fromkeys(("ended", "left", "home", "recovered"), 39) | {"why": "lapsed"}
    first = {"gates": gates, "requested": 10, "council": 19, **until, **there(19), **lapsed}
    assert story.loans[:2] == [
        company(contributor=14, council_opened=14, **first),
        helicopter(loan=1, contributor=16, council_opened=16, **first),
    ]
    # Asked again when the window ends on day 39: both at once, and the raid is over on day 50.
    again: dict[str, Any] = {"gates": gates, "requested": 39}
    again |= {"council": 48, "first_window": 68, "window": 68, **there(48)}
    assert story.loans[2:] == [
        company(loan=2, contributor=43, council_opened=43, **again),
        helicopter(loan=3, contributor=45, council_opened=45, **again),
    ]
    assert causes(story, "North") == {"contributor": 2 * (2 * 4), "council": 2 * (2 * 5)}
    assert causes(story, "North", "helicopter") == {"contributor": 2 * 6, "council": 2 * 3}


def test_after_a_ruling_in_turn_the_next_asks_again() -> None:
    # Ukraine's six days and the Council's one: the vote that Ghana's companies opened on day 14 is over on day 15.
    world = LENDER + RAID + "contributors: {Ghana: {consent_days: 4}, Ukraine: {consent_days: 6}}\n"
    story = under("order: in turn, gates: {contributor: {}, council: {days: 1, per: crisis}}", world)
    assert [(each.council_opened_day, each.council_day) for each in story.loans] == [(14, 15), (16, 17)]


def test_a_contributor_decides_on_all_its_resources_at_once() -> None:
    world = LENDER.replace("Ukraine", "Ghana") + RAID
    world += "contributors: {Ghana: {consent_days: {exponential: {mean: 9}}}}\n"
    for replication in range(5):
        first, second = under("gates: {contributor: {per: crisis}}", world, replication=replication).loans
        assert first.contributor_day == second.contributor_day
        first, second = under("gates: {contributor: {per: loan}}", world, replication=replication).loans
        assert first.contributor_day != second.contributor_day


def test_consent_given_beforehand_and_standing_gates_wait_for_nobody() -> None:
    given = "{consent_days: 9, consent_given: [{from: day 0, to: day 90, resources: [helicopter]}]}"
    world = LENDER.replace("Ukraine", "Ghana") + RAID + f"contributors: {{Ghana: {given}}}\n"
    assert [each.contributor_day for each in under("gates: {contributor: {per: crisis}}", world).loans] == [19, 10]
    standing = under("gates: {council: {days: 5, per: crisis}}, standing: [council]")
    assert [each.council_day for each in standing.loans] == [10, 10]


def test_all_are_refused_together_on_one_day() -> None:
    refusing = "gates: {council: {days: 5, per: crisis, refuses: 1}}"
    story = under(refusing, LENDER + PHASES, policy="{share: all, ask_again_days: 90}")
    refused: dict[str, Any] = {"gates": "council", "ended": 15, "why": "refused", "refused_by": "council"}
    assert story.loans == [
        company(loan=0, requested=10, **refused),
        helicopter(loan=1, requested=10, **refused),
        company(1, loan=2, requested=13, **refused),
    ]
    assert causes(story, "North") == {"council": 2 * 5 + 1 * 2, "refused": 4 * 35}


def test_one_draw_refuses_all_or_none() -> None:
    found = set()
    for replication in range(20):
        pact = "gates: {council: {days: {uniform: {low: 1, high: 9}}, per: crisis, refuses: 0.5}}"
        loans = under(pact, replication=replication, policy="{share: all, ask_again_days: 90}").loans
        assert len({each.council_day for each in loans}) == len({each.ended_day for each in loans}) == 1
        found.add(loans[0].why_ended)
    assert found == {"refused", "released"}


def test_whoever_asks_first_the_draw_is_the_same() -> None:
    # The first asks for companies of South, the second for helicopters of South: two other loans, the same vote.
    pact = "gates: {council: {days: {lognormal: {mean: 9, sd: 9}}, per: crisis}}"
    one = under(pact, LENDER + RAID.replace("company: 2, ", ""))
    other = under(pact, LENDER + RAID.replace(", helicopter: 1", ""))
    assert one.loans[0].resource != other.loans[0].resource
    assert one.loans[0].council_day == other.loans[0].council_day


def test_the_votes_of_a_set_are_spread_evenly() -> None:
    pact = "gates: {council: {days: {uniform: {low: 0, high: 20}}, per: crisis}}"
    days = [under(pact, replication=number).loans[0].council_day for number in range(20)]
    assert sorted(int(day - 10) for day in days if day is not None) == list(range(20))


def test_routine_tasks_are_decided_loan_by_loan() -> None:
    world = LENDER.replace("North: {}", "North: {routine: {company: 1, helicopter: 1}}") + "crises: {}\n"
    first, second = under("gates: {council: {days: {exponential: {mean: 9}}, per: crisis}}", world).loans
    assert first.council_day != second.council_day


# -- urgency ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("severity", "clears"), [(1, 18), (2, 18), (3, 14), (4, 14), (5, 12)])
def test_the_nearest_severity_at_or_below_counts(severity: int, clears: float) -> None:
    world = LENDER + RAID.replace("mission:", f"severity: {severity}, mission:")
    for per in ("loan", "crisis"):
        story = under(f"gates: {{council: {{days: 8, per: {per}, by_severity: {{3: 0.5, 5: 0.25}}}}}}", world)
        assert {each.council_day for each in story.loans} == {clears}


def test_urgency_multiplies_what_was_drawn() -> None:
    days = "{gamma: {mean: 9, sd: 4}}"
    for per in ("loan", "crisis"):
        said = f"gates: {{council: {{days: {days}, per: {per}"
        (plain, *_), (urgent, *_) = (under(f"{said}{more}}}}}").loans for more in ("", ", by_severity: {1: 0.5}"))
        assert plain.council_day is not None and urgent.council_day is not None
        assert urgent.council_day - 10 == pytest.approx((plain.council_day - 10) / 2, abs=1e-7)


def test_a_rule_sees_how_long_consent_takes_for_so_grave_a_crisis() -> None:
    seen: list[float] = []

    def rule(situation: Situation) -> list[tuple[Lender, int]]:
        seen.extend(lender.consent_days for lender in situation.lenders)
        return []

    pact = "gates: {contributor: {days: 8, by_severity: {3: 0.5}}}"
    under(pact, LENDER + RAID.replace(", helicopter: 1", ""), policy="{share: all, rule: own}", rules={"own": rule})
    assert seen == [4]


def test_routine_tasks_are_never_urgent() -> None:
    world = LENDER.replace("North: {}", "North: {routine: {company: 1}}") + "crises: {}\n"
    assert under("gates: {council: {days: 8, by_severity: {1: 0.5}}}", world).loans[0].council_day == 8


# -- preparation by contributor ---------------------------------------------------------------------------------------


def test_a_contributor_prepares_as_long_as_it_says() -> None:
    story = told(
        LENDER.replace("Ghana: 5", "Ghana: 1, Nepal: 1") + RAID + "resources: {company: {prepare_days: 2}}\n"
        "contributors: {Nepal: {prepare_days: {company: 7}}}"
    )
    ghana, nepal = there(12), there(17)
    assert story.loans == [
        company(1, requested=10, **ghana),
        lot("South", "North", 1, loan=1, supplier="Nepal", requested=10, **nepal),
        helicopter(loan=2, requested=10, **there(10)),
    ]
    assert causes(story, "North") == {"preparing": 2 + 7}


# -- in any scenario --------------------------------------------------------------------------------------------------


@law
@given(scenarios())
def test_what_is_asked_meanwhile_is_decided_at_once(scenario: LoadedScenario) -> None:
    """Under a council that is `per: crisis`, nothing is asked within a vote that is decided on another day than it."""
    story = story_of(scenario)
    votes: dict[str, set[tuple[float, float]]] = {}
    crises = [crisis.name for crisis in story.crises]
    for each in story.loans:
        steps = {step.gate: step for step in link_of(story.theatre, each).terms.gates}
        step = steps.get("council")
        if step is None or not step.joint or step.standing or crises.count(str(each.crisis)) != 1:
            continue
        decided = each.ended_day if each.refused_by == "council" else each.council_day
        if each.council_opened_day is not None and decided is not None:
            votes.setdefault(str(each.crisis), set()).add((each.council_opened_day, decided))
    for spans in votes.values():
        for asked, decided in spans:
            assert all(not asked <= other < decided or until == decided for other, until in spans)


# -- as it is told ----------------------------------------------------------------------------------------------------


def test_it_is_told_that_one_vote_covers_all_that_is_asked() -> None:
    lines = under("gates: {council: {days: 5, per: crisis}}", LENDER + PHASES).lines()
    told_together = [line for line in lines if "requests" in line]
    assert told_together == [
        "16 Jan 2012: The Security Council's vote of 16 Jan 2012 covers all three requests for raid."
    ]
    place = lines.index(told_together[0])
    assert "agrees to the loan of 2 companies" in lines[place + 1]


def test_it_is_told_who_else_decides_at_once() -> None:
    world = LENDER.replace("Ukraine", "Ghana") + RAID + "contributors: {Ghana: {consent_days: 3}}\n"
    lines = under("gates: {contributor: {per: crisis}, host: {days: 2, per: crisis, refuses: 1}}", world).lines()
    assert "13 Jan 2012: The host government decides on both requests for raid at once." in lines
    assert not any("Ghana decides" in line for line in lines)  # refused before that
    lines = under("gates: {contributor: {per: crisis}}", world).lines()
    assert "14 Jan 2012: Ghana decides on both requests for raid at once." in lines


def test_what_is_decided_loan_by_loan_is_not_told_together() -> None:
    for gate in ("{days: 5}", "{days: 0, per: crisis}"):
        assert not any("requests" in line for line in under(f"gates: {{council: {gate}}}").lines())


def test_a_replication_that_is_over_is_freed_at_once() -> None:
    """Nothing of it refers to itself in a circle: the collector, which takes a tenth of the time, has nothing to do."""
    scenario = world(LENDER + RAID + "agreements: {any: {between: any, gates: {council: {days: 5, per: crisis}}}}\n")
    replication = Replication(Theatre.of(scenario, "it"), trace_of(scenario, 1, 0))
    loans = weakref.ref(replication.loans)
    gc.disable()
    try:
        replication.run(check=False)
        del replication
        assert loans() is None
    finally:
        gc.enable()
