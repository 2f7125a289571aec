"""Every named draw is spread evenly over each set of 20 replications, and is otherwise what it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim import from_mapping
from sim.chance.loan_draws import BlockDraws
from sim.chance.sets import SIZE
from sim.chance.trace import BLOCK, Occurrence, draw_traces
from sim.scenario.fingerprint import fingerprint
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.distributions import Uniform

UNIFORM = {"uniform": {"low": 0, "high": 20}}
TWENTY = list(range(SIZE))


def scenario(sampling: str = "even", **crisis: Any) -> LoadedScenario:
    """One crisis of which everything is drawn from 0 to 20, so that a draw's part of the set is its whole part."""
    words = {"mission": "A", "every_days": 10, "lasts_days": UNIFORM, "needs": {"x": UNIFORM}, "warning_days": UNIFORM}
    return from_mapping(
        {
            "period": {"from": "2011-01-01", "to": "2011-12-31"},
            "missions": {"A": {}, "B": {}},
            "crises": {"c": {word: said for word, said in {**words, **crisis}.items() if said is not None}},
            "experiment": {"sampling": sampling},
        }
    )


def rows(found: LoadedScenario, name: str = "c", seed: int = 1, block: int = 0) -> dict[int, list[Occurrence]]:
    """By the number of the row, the occurrences of that name in a set."""
    by_row: dict[int, list[Occurrence]] = {}
    for trace in draw_traces(found, seed, block):
        for each in trace.occurrences:
            if each.crisis == name:
                assert each.draw % BLOCK == trace.index_in_block
                by_row.setdefault(each.draw // BLOCK, []).append(each)
    return by_row


def parts(values: list[float]) -> list[int]:
    return sorted(int(value) for value in values)


def test_a_set_is_a_block_and_twenty() -> None:
    assert BLOCK == SIZE == 20


@pytest.mark.parametrize("block", [0, 1, 7])
def test_the_nth_occurrences_of_a_set_have_one_value_in_each_twentieth(block: int) -> None:
    full = [row for row in rows(scenario(), block=block).values() if len(row) == SIZE]
    assert len(full) >= 4
    for row in full:
        assert parts([each.phases[0].days for each in row]) == TWENTY
        late = [each for each in row if each.known > 0]
        assert len(set(parts([each.onset_day - each.known_day for each in late]))) == len(late)
    orders = {tuple(int(each.phases[0].days) for each in row) for row in full}
    assert len(orders) == len(full)  # each row has an order of its own


def test_the_gaps_between_arrivals_are_spread_evenly() -> None:
    found = rows(scenario(every_days=5))
    before: NDArray[np.float64] = np.zeros(SIZE)
    for number in range(10):
        onsets = np.array([each.onset_day for each in found[number]])
        assert parts(list(SIZE * -np.expm1(-(onsets - before) / 5) // 1)) == TWENTY
        before = onsets


def test_a_chance_comes_true_as_often_as_it_can_in_every_set() -> None:
    for block in range(10):
        (polls,) = rows(scenario(every_days=None, on="2011-05-01", likelihood=0.25), block=block).values()
        assert sum(each.happens for each in polls) == 5


def test_children_of_one_parent_keep_rows_that_are_sets() -> None:
    spill = {"to": "B", "chance": 1, "lasts_days": UNIFORM, "needs": {"x": 1}}
    found = scenario(every_days=None, on="2011-05-01", spills_over=[spill, spill, {**spill, "to": "A"}])
    children = rows(found, "c → B")
    assert sorted(children) == [0, 1]
    for row in children.values():
        assert parts([each.phases[0].days for each in row]) == TWENTY
        assert {each.draws for each in row} == {2 * BLOCK}
    assert sorted(rows(found, "c → A")) == [0]


def test_the_draws_of_loans_are_rows_too() -> None:
    days = Uniform.model_validate({"uniform": {"low": 0.0, "high": 20.0}})
    draws, more = BlockDraws(1, 3), BlockDraws(1, 3)
    key = ("c", "x", "A", "unnamed", "0")

    def row(of: BlockDraws, number: int, count: int) -> list[int]:
        return [of.of_loan(key, number * BLOCK + each, count).lasts(days, "council") for each in range(BLOCK)]

    for number in range(3):
        found = row(draws, number, 3 * BLOCK)
        assert parts([lasts / 86_400_000 for lasts in found]) == TWENTY
        assert found == row(more, number, 9 * BLOCK)  # more occurrences leave the earlier ones as they were
    chances = [draws.of_loan(key, each, BLOCK).chance("council refuses") for each in range(BLOCK)]
    assert parts([SIZE * chance for chance in chances]) == TWENTY


def test_independent_draws_are_not_spread() -> None:
    full = [row for row in rows(scenario("independent")).values() if len(row) == SIZE]
    assert len(full) >= 4
    assert not any(parts([each.phases[0].days for each in row]) == TWENTY for row in full)


def test_sampling_makes_other_results_so_it_is_in_the_fingerprint() -> None:
    assert fingerprint(scenario("even")) != fingerprint(scenario("independent"))


def test_the_mean_of_a_set_varies_far_less_than_that_of_independent_draws() -> None:
    def means(sampling: str) -> NDArray[np.float64]:
        found = scenario(sampling, every_days=None, on="2011-05-01")
        return np.array(
            [
                np.mean([each.phases[0].days for row in rows(found, block=block).values() for each in row])
                for block in range(200)
            ]
        )

    even, independent = means("even"), means("independent")
    for found in (even, independent):  # both without bias
        assert abs(found.mean() - 10) < 4 * found.std(ddof=1) / np.sqrt(len(found))
    assert independent.std() / even.std() > 15  # of a Latin hypercube of 20: 20 times, in the long run
