"""Which option may be best, from one value a set."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.statistics import selection
from sim.statistics.calibration_weights import Weights
from sim.statistics.discordance import Refusal
from sim.statistics.intervals import Terms
from tests.test_statistics import FOUR


def normal_options(seed: int, means: list[float], n: int, common: float = 1.0) -> dict[str, np.ndarray]:
    """Options whose sets share a part of variance `common` and have an own part of variance 1."""
    luck = np.random.default_rng(seed)
    shared = luck.normal(size=n) * math.sqrt(common)
    return {str(i): mean + shared + luck.normal(size=n) for i, mean in enumerate(means)}


def test_screening_of_the_four_systems() -> None:
    """KSL Book sec. 5.7.3: One is eliminated, only Three is left; the intervals here are no narrower than t."""
    found = selection.rank(FOUR)
    assert found.may_be_best == ("Three",)
    assert found.standings["Three"].high == 0 and found.standings["Three"].low < 0
    for name in ("One", "Two", "Four"):
        assert found.standings[name].low == 0 and found.standings[name].high > 0
    # One against Three by Bonferroni's t, as the book has it: 5.686 and 4.2365 above.
    assert found.standings["One"].high >= 5.686 + 4.2365


def test_screening_keeps_the_best_as_often_as_it_says() -> None:
    """The least favourable case is equal means; 300 experiments with common random numbers."""
    terms = Terms(0.9)
    kept = sum("0" in selection.rank(normal_options(seed, [0, 0, 0.3], 20), terms).may_be_best for seed in range(300))
    assert kept / 300 >= 0.9 - 3 * math.sqrt(0.09 / 300)


def test_options_that_do_the_same_share_what_is_said_of_them() -> None:
    sample, other = np.random.default_rng(1).normal([[0], [5]], size=(2, 50))
    found = selection.rank({"a": sample, "b": sample, "c": sample + other}, alike={"b": "a"})
    assert found.may_be_best == ("a", "b")
    assert [each.chance_best for each in found.standings.values()] == pytest.approx([0.5, 0.5, 0])
    assert found.pairs["a", "b"].low == found.pairs["a", "b"].high == 0
    assert found.pairs["a", "c"].mean == found.pairs["b", "c"].mean == pytest.approx(-5, abs=0.5)


def test_equal_values_prove_nothing() -> None:
    """What was equal in fifty sets may differ in the next: no interval, no shares, nothing ruled out."""
    sample = np.random.default_rng(1).normal(size=50)
    found = selection.rank({"a": sample, "b": sample})
    assert found.may_be_best == ("a", "b")
    assert found.pairs["a", "b"].refused is Refusal.ALL_EQUAL
    assert all(math.isnan(each.low) and math.isnan(each.chance_best) for each in found.standings.values())


@pytest.mark.parametrize("sets", [1, 2, 5])
def test_few_sets_say_nothing(sets: int) -> None:
    found = selection.rank({"a": np.arange(sets) + 1.0, "b": np.arange(sets) * 2 + 90.0})
    assert found.may_be_best == ("a", "b")
    assert math.isnan(found.standings["a"].low) and math.isnan(found.standings["a"].chance_best)


def test_a_single_option_is_the_best() -> None:
    assert selection.rank({"a": [1.0, 2.0]}).may_be_best == ("a",)
    with pytest.raises(ValueError, match="no option"):
        selection.rank({})


def test_chances_of_very_many_sets_are_those_of_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    options = normal_options(3, [0, 0.1, 0.3], 300)
    exact = [each.chance_best for each in selection.rank(options).standings.values()]
    monkeypatch.setattr(selection, "MOST_RESAMPLED", 10)
    near = [each.chance_best for each in selection.rank(options).standings.values()]
    assert near == pytest.approx(exact, abs=0.04)


def test_chances_of_weighted_sets_are_those_of_plain_ones_where_all_weigh_the_same() -> None:
    samples = dict(zip("abc", np.random.default_rng(3).normal([10, 10.5, 13], 2, (60, 3)).T, strict=True))
    alike = Weights(np.full(60, 1 / 60), np.zeros((60, 0)), np.zeros((0, 0)), 1.0)
    plain, weighted = (selection.rank(samples, terms).standings for terms in (Terms(), Terms(weights=alike)))
    assert 0.5 < plain["a"].chance_best < 0.95
    for name, each in plain.items():
        assert weighted[name].mean == pytest.approx(each.mean)
        assert weighted[name].chance_best == pytest.approx(each.chance_best, abs=0.02)
