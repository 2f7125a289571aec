"""In which order lenders are asked, and rules written in Python: worked out by hand from the policy's words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

import sim
from sim import policies
from sim.errors import UsageError
from sim.policies import Lender, Situation, most_spare, names, nearest, ranking, rule_named, rules_in, words
from sim.questions.story.story import Story
from tests.small import plan, rules_file, small
from tests.worlds import causes, told

RAID = "  raid: {mission: North, on: day 10, lasts_days: 20, needs: {company: 9}}\n"


def lenders(story: Story) -> list[tuple[str, int]]:
    """Who lent how much, in the order of the requests."""
    return [(each.lender, each.units) for each in story.loans]


# -- in which order lenders are asked --------------------------------------------------------------------------------

FOUR = """
missions:
  North: {}
  Near: {holds: {company: 2}}
  Mid: {holds: {company: 4}}
  Far: {holds: {company: 5}, routine: {company: 1}}
  Hub: {holds: {company: 1}}
routes:
  - {between: [North, Near], km: 100}
  - {between: [North, Mid], km: 200}
  - {between: [North, Far], km: 300}
  - {between: [North, Hub], km: 400}
crises:
  raid: {mission: North, on: day 10, lasts_days: 5, needs: {company: 10}}
  coming: {mission: Near, on: day 20, warning_days: 60, lasts_days: 1, needs: {company: 1}}
  going on: {mission: Mid, on: day 5, lasts_days: 6, needs: {company: 1}}
"""


@pytest.mark.parametrize(
    ("order", "asked"),
    [
        ("nearest", ["Near", "Mid", "Far", "Hub"]),
        ("most spare", ["Far", "Mid", "Near", "Hub"]),  # 4, 3, 2 and 1
        # Nothing is known in Far and Hub, the nearer first; Near has 20 days of the next 30, Mid all 30.
        ("least at risk", ["Far", "Hub", "Near", "Mid"]),
        ("hubs first", ["Hub", "Near", "Mid", "Far"]),
        ("[Far, Near]", ["Far", "Near", "Mid", "Hub"]),  # those not named after those that are, the nearer first
    ],
)
def test_the_order_of_lenders(order: str, asked: list[str]) -> None:
    story = told(FOUR, policy=f"{{share: all, lenders: {order}}}")
    found = dict(lenders(story))
    assert list(found) == asked
    assert found == {"Near": 2, "Mid": 3, "Far": 4, "Hub": 1}


def test_nobody_further_is_asked_once_the_need_is_covered() -> None:
    assert lenders(told(FOUR.replace("company: 10", "company: 4"))) == [("Near", 2), ("Mid", 2)]


@pytest.mark.parametrize(
    ("contributors", "asked"),
    [
        ("{Ghana: {consent_days: 9}, Nepal: {consent_days: 4}}", ["Nepal", "Ghana"]),
        ("{Ghana: {consent_days: 4}, Nepal: {consent_days: 4}}", ["Ghana", "Nepal"]),
        # In the mean: 6 days against 5.
        ("{Ghana: {consent_days: {uniform: {low: 2, high: 10}}}, Nepal: {consent_days: 5}}", ["Nepal", "Ghana"]),
        (
            "{Ghana: {consent_days: 9, consent_given: [{from: day 0, to: day 50}]}, Nepal: {consent_days: 4}}",
            ["Ghana", "Nepal"],
        ),
        (
            "{Ghana: {consent_days: 9, consent_given: [{from: day 0, to: day 9}]}, Nepal: {consent_days: 4}}",
            ["Nepal", "Ghana"],
        ),
    ],
)
def test_of_two_contingents_the_one_with_the_shorter_consent_is_asked_first(
    contributors: str, asked: list[str]
) -> None:
    text = "missions: {North: {}, South: {holds: {company: {Ghana: 1, Nepal: 2}}}}\n"
    text += f"contributors: {contributors}\nagreements: {{any: {{between: any, gates: {{contributor: {{}}}}}}}}\n"
    story = told(text + "crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 3}}}")
    assert [each.contributor for each in story.loans] == asked
    assert {each.contributor: each.units for each in story.loans} == {"Ghana": 1, "Nepal": 2}


# -- rules written in Python -----------------------------------------------------------------------------------------


def test_a_rule_written_in_python_sees_what_may_be_known_and_decides() -> None:
    seen: list[Situation] = []

    def from_afar(situation: Situation, most: int) -> Iterator[tuple[Lender, int]]:
        seen.append(situation)
        for lender in sorted(situation.lenders, key=lambda each: -each.km):
            yield lender, min(most, lender.can_offer)

    story = told(FOUR, rules={"from afar": from_afar}, policy="{share: all, rule: from afar, keep: 1, with: {most: 2}}")
    # Asked for ten; then, as what left has changed what it sees, for what is still missing; on day 11 Mid is calm.
    assert lenders(story) == [("Far", 2), ("Mid", 2), ("Near", 1), ("Far", 1), ("Mid", 1)]
    first = seen[0]
    assert (first.day, first.borrower, first.resource, first.units, first.severity) == (10, "North", "company", 10, 3)
    assert [each.mission for each in first.lenders] == ["Far", "Mid", "Near"]  # the hub keeps its only one
    far, mid, near = first.lenders
    assert far == Lender("Far", "unnamed", 3, 4, 5, 1, 300, 0.75, 0, False, 0)
    assert (mid.can_offer, mid.spare, mid.present, mid.requirement, mid.risk_days) == (2, 3, 4, 1, 30)
    assert (near.can_offer, near.spare, near.present, near.requirement, near.risk_days) == (1, 2, 2, 0, 20)


def test_a_rule_that_holds_back_is_a_policy_that_keeps() -> None:
    def nobody(_: Situation) -> list[tuple[Lender, int]]:
        return []

    text = "missions: {North: {}, South: {holds: {company: 5}}}\ncrises:\n"
    assert causes(told(text + RAID, rules={"nobody": nobody}, policy="{share: all, rule: nobody}")) == {
        "kept": 100,
        "nobody had any": 80,
    }


def test_a_rule_whose_first_choice_refuses_at_once_decides_again() -> None:
    def first(situation: Situation) -> list[tuple[Lender, int]]:
        return [(lender, min(lender.can_offer, situation.units)) for lender in situation.lenders[:1]]

    text = FOUR + "agreements: {any: {between: any}, far: {between: [North, Far], gates: {host: {refuses: 1}}}}"
    text = text.replace("company: 10", "company: 3")
    story = told(text, rules={"first": first}, policy="{share: all, rule: first}")
    assert [(each.lender, each.units, each.requested_day, each.why_ended) for each in story.loans] == [
        ("Far", 3, 10, "refused"),
        ("Hub", 1, 10, "released"),
        ("Mid", 2, 10, "released"),
    ]


def test_a_rule_may_not_ask_for_more_than_is_on_offer() -> None:
    def greedy(situation: Situation) -> list[tuple[Lender, int]]:
        return [(lender, lender.can_offer + 1) for lender in situation.lenders]

    with pytest.raises(AssertionError, match="rule 'greedy' asks Far for 5, who may offer 4"):
        told(FOUR, rules={"greedy": greedy}, policy="{share: all, rule: greedy}")


@pytest.mark.parametrize("amount", [0.5, -1])
def test_a_rule_asks_for_whole_units(amount: float) -> None:
    with pytest.raises(AssertionError, match=f"rule 'odd' asks Far for {amount}"):
        told(FOUR, rules={"odd": lambda each: [(each.lenders[0], cast(int, amount))]}, policy="{share: all, rule: odd}")


def greedy(situation: Situation) -> list[tuple[Lender, int]]:
    """All that each lender was said to be able to offer."""
    return [(lender, lender.can_offer) for lender in situation.lenders]


GREEDY = "{share: all, rule: greedy}"


def test_offers_of_contingents_that_share_what_is_spare_get_what_is_left() -> None:
    # South holds four and needs one itself: either contingent could give two, but not both.
    story = told(
        "missions: {North: {}, South: {holds: {company: {Ghana: 2, Nepal: 2}}, routine: {company: 1}}}\ncrises:\n"
        + RAID,
        rules={"greedy": greedy},
        policy=GREEDY,
    )
    assert [(each.contributor, each.units) for each in story.loans] == [("Ghana", 2), ("Nepal", 1)]


def test_offers_under_one_ceiling_get_what_is_left() -> None:
    text = FOUR + "agreements: {pact: {between: [North, Near, Mid, Far, Hub], at_most: {company: 5}}}"
    story = told(text, rules={"greedy": greedy}, policy=GREEDY)
    assert [(each.lender, each.units) for each in story.loans if each.requested_day == 10] == [("Far", 4), ("Hub", 1)]


def test_who_has_just_refused_is_not_asked_again_in_the_same_answer() -> None:
    def twice(situation: Situation) -> list[tuple[Lender, int]]:
        return [(lender, 1) for lender in situation.lenders for _ in range(2)]

    text = "missions: {North: {}, South: {holds: {company: 5}}}\ncrises:\n" + RAID
    text += "agreements: {any: {between: any, gates: {host: {refuses: 1}}}}"
    story = told(text, rules={"twice": twice}, policy="{share: all, rule: twice, ask_again_days: 90}")
    assert [(each.units, each.why_ended) for each in story.loans] == [(1, "refused")]


def test_the_most_spare_is_a_mission_and_of_its_contingents_consent_decides() -> None:
    # South has four to spare, of three contributors; East three, of one. Nepal consents sooner than Ghana and Togo.
    text = """
missions:
  North: {}
  East: {holds: {company: {Peru: 3}}}
  South: {holds: {company: {Ghana: 3, Nepal: 1, Togo: 2}}, routine: {company: 2}}
routes: [{between: [North, South], km: 900}]
contributors: {Ghana: {consent_days: 9}, Nepal: {consent_days: 2}, Togo: {consent_days: 9}}
agreements: {any: {between: any, gates: {contributor: {}}}}
crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 5}}}
"""
    story = told(text, policy="{share: all, lenders: most spare}")
    assert [(each.contributor, each.units) for each in story.loans] == [("Nepal", 1), ("Ghana", 3), ("Peru", 1)]


def test_what_is_kept_is_spare_all_the_same() -> None:
    text = """
missions: {North: {}, East: {holds: {company: 8}, routine: {company: 3}}, South: {holds: {company: 4}}}
routes: [{between: [North, East], km: 900}]
crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 1}}}
"""
    # East has five to spare and may lend one; South has four to spare and may lend two.
    story = told(text, policy="{share: all, lenders: most spare, keep: {share: 0.5}}")
    assert lenders(story) == [("East", 1)]


def nothing(_: Situation) -> None:
    """Forgot to return anything."""


def endless(situation: Situation) -> Iterator[tuple[Lender, int]]:
    while True:
        yield situation.lenders[0], 0


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        (nothing, r"rule 'wrong' gave None, not pairs \(lender, units\)"),
        (endless, "rule 'wrong' goes on asking without end"),
        (lambda each: each.lenders[0], "rule 'wrong' gave 'Far', no pair"),
        (lambda each: [(each.lenders[0].mission, 1)], "rule 'wrong' asks 'Far', which was not among the lenders"),
        (lambda each: [(each.lenders[0], 1, 2)], r"rule 'wrong' gave \(Lender.*, 1, 2\), no pair"),
    ],
)
def test_a_mistake_in_a_rule_is_called_one_of_the_rule(rule: Any, what: str) -> None:
    with pytest.raises(AssertionError, match=what):
        told(FOUR, rules={"wrong": rule}, policy="{share: all, rule: wrong}")


def test_a_rule_that_is_not_there_or_takes_other_words_is_said_before_anything_runs(tmp_path: Path) -> None:
    file = rules_file(tmp_path)
    scenario = sim.from_mapping(plan("greedy", most=2), rules=["greedy"])
    with pytest.raises(UsageError, match=r"rule 'greedy' cannot be asked with a situation, most: .*'most'"):
        sim.run(scenario, rules=file, out=tmp_path / "results")
    with pytest.raises(UsageError, match="no rule 'greedy': give the file, or the functions"):
        sim.run(small("greedy"), out=tmp_path / "results")
    assert not (tmp_path / "results").exists()
    with pytest.raises(UsageError, match="rules: must be the names of rules, like"):
        sim.load("scenarios/minimal.yaml", rules="rules.py")


def test_a_rule_is_asked_only_about_an_open_need_and_those_who_can_meet_it() -> None:
    """B's request brings what it lent to A on its way home, so that A's need, open until then, is none any more."""
    seen = []

    def quickest(situation: Situation) -> Iterator[tuple[Lender, int]]:
        seen.append(situation)
        yield situation.lenders[0], min(situation.units, situation.lenders[0].can_offer)

    words = {"share": "all", "recall": True, "rule": "quickest"}
    for seed in range(3):
        plan = {
            "period": {"from": "2012-01-01", "to": "2013-12-31"},
            "missions": {name: {"holds": {"company": 4}, "routine": {"company": 2}} for name in "ABC"},
            "crises": {
                f"raid in {name}": {"mission": name, "every_days": 30, "lasts_days": 20, "needs": {"company": 4}}
                for name in "ABC"
            },
            "options": {"by rule": {"policy": words}},
        }
        scenario = sim.from_mapping(plan, rules=["quickest"])
        sim.tell(scenario, "by rule", seed, rules={"quickest": quickest}, check=True)
    assert len(seen) > 100
    assert all(each.units > 0 and each.lenders for each in seen)


def test_rules_are_a_file_or_functions(tmp_path: Path) -> None:
    scenario, file = small("greedy"), rules_file(tmp_path)
    by_file, by_name = (sim.tell(scenario, "by rule", replication=2, rules=rules) for rules in (file, rules_in(file)))
    assert by_file.loans and by_file.loans == by_name.loans
    swept = [
        sim.sweep(scenario, {"crises.raids.every_days": [20]}, rules=rules, replications=5, workers=1)
        for rules in (file, rules_in(file))
    ]
    assert swept[0].as_json() == swept[1].as_json()


def test_the_rules_of_a_file_are_its_public_functions_and_offers_goes_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "my_rules.py"
    functions = "".join(f"def {name}(_): return []\n" for name in ("offers", "by_turns", "_hidden"))
    file.write_text(f"from math import sqrt\nMOST = 3\nlarge = str.upper\n{functions}", encoding="utf-8")
    rules = rules_in(file)
    assert set(rules) == {"my rules", "my_rules", "by turns", "by_turns"}
    assert rules["my rules"] is rules["my_rules"] and rules["my_rules"].__name__ == "offers"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("rules.txt", "", "rules are a Python file, whose name ends in .py"),
        ("rules.py", None, "cannot be used as rules: No such file or directory"),
        ("rules.py", "1 / 0", "cannot be used as rules: ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_that_holds_no_rules_says_why(tmp_path: Path, file: str, text: str | None, said: str) -> None:
    path = tmp_path / file
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as told:
        rules_in(path)
    assert str(told.value) == f"{path}: {said}"


def test_a_rule_in_the_drawer_is_found_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = sorted(file.stem.replace("_", " ") for file in Path(str(policies.__file__)).parent.glob("[a-z]*.py"))
    assert names() == drawn and words("rank") == drawn
    (tmp_path / "by_turns.py").touch()
    monkeypatch.setattr(policies, "__path__", [*policies.__path__, str(tmp_path)])
    by_turns = ModuleType("by_turns")
    by_turns.offers = greedy  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sim.policies.by_turns", by_turns)
    assert names() == sorted([*drawn, "by turns"]) and words("rank") == drawn and words("offers") == ["by turns"]
    for name in ("by turns", "by_turns"):
        assert rule_named(name) is greedy and rule_named(name, {"another": endless}) is greedy
    assert rule_named("by turns", {"by turns": endless}) is endless, "the user's own goes first"


def test_a_ranking_is_static_where_it_says_so_or_names_missions() -> None:
    assert ranking("nearest") == (nearest.rank, True) and ranking("most spare") == (most_spare.rank, False)
    assert ranking(["South", "East"])[1] is True


@pytest.mark.parametrize("order", ["nearest", "most spare", "least at risk", "hubs first"])
def test_where_no_distance_is_said_the_shorter_journey_is_the_nearer(order: str) -> None:
    text = """
missions: {North: {}, East: {holds: {company: 1}}, South: {holds: {company: 1}}}
routes: [{between: [North, East], days: {company: 5}}, {between: [North, South], days: {company: 2}}]
crises: {raid: {mission: North, on: day 10, lasts_days: 30, needs: {company: 1}}}
"""
    assert lenders(told(text, policy=f"{{share: all, lenders: {order}}}")) == [("South", 1)]
