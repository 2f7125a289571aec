"""The order of tests in a mutation run (`nox -s mutants`): the quickest first, since the first that fails ends it.

Those of the file that is named after the mutant's room or module are the likeliest, and count as quicker than they are.
mutmut itself names tests in no order. `SECONDS_A_TEST=1` leaves out those that take longer than that: for a first pass,
whose survivors are then tried with all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

MEASURED = Path("mutmut-stats.json")
"""What mutmut notes of each test, in the folder in which it runs them."""
LIKELIER = 0.1
"""As what share of its time a test counts that stands in the mutant's own file."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests, and leave out the long ones; but not while mutmut still looks which tests there are."""
    mutant = os.environ.get("MUTANT_UNDER_TEST")
    if mutant in (None, "stats", "list_all_tests") or not MEASURED.exists():
        return
    took: dict[str, float] = json.loads(MEASURED.read_text(encoding="utf-8"))["duration_by_test"]
    own = {f"test_{part}.py" for part in mutant.split(".")}
    items.sort(key=lambda item: took.get(item.nodeid, 0.0) * (LIKELIER if item.path.name in own else 1.0))
    most = float(os.environ.get("SECONDS_A_TEST", "inf"))
    long = [item for item in items if took.get(item.nodeid, 0.0) > most]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
