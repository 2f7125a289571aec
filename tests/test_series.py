"""One long history: published and independently derived numbers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.statistics.steady_state import block_lengths, moving_blocks, mser


def test_mser_5_of_a_history_that_settles() -> None:
    """Batch means 10, 6, 2 and then twenty ones: fifteen go; after two batches it is (20/21)/441."""
    found = mser(np.repeat([10.0, 6, 2] + [1] * 20, 5))
    assert found.observations == 15
    assert found.statistics[2] == pytest.approx((20 / 21) / 441)
    with pytest.raises(ValueError, match="too short"):
        mser([1, 2, 3])


def test_block_lengths_of_politis_and_white() -> None:
    """The example of the package `arch`: an autoregression with coefficient 0.3, 10,000 points after 100."""
    history = np.random.RandomState(0).standard_normal(10_100)  # the published example's own generator
    for i in range(1, len(history)):
        history[i] += 0.3 * history[i - 1]
    assert block_lengths(history[100:]) == pytest.approx((13.635665, 15.60894), rel=1e-6)


def test_moving_blocks_by_hand_and_by_enumeration() -> None:
    history = [1.0, 3, 2, 5, 4, 6]
    found = moving_blocks(history, 2)
    assert (found.centre, found.variance) == pytest.approx((3.5, 1.3 / 3))
    blocks = [history[start : start + 2] for start in range(5)]
    means = [np.mean([*a, *b, *c]) for a, b, c in product(blocks, repeat=3)]
    assert (np.mean(means), np.var(means)) == pytest.approx(found)
    with pytest.raises(ValueError, match="1 to 6"):
        moving_blocks(history, 7)
