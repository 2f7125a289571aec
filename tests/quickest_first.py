"""The order of tests in a mutation run (`nox -s mutants`): the quickest first, since the first that fails ends it.

mutmut names them in no order. `SECONDS_A_TEST=1` leaves out tests that take longer than that: for a first pass, whose
survivors are then tried with all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

MEASURED = Path("mutmut-stats.json")
"""What mutmut notes of each test, in the folder in which it runs them."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests, and leave out the long ones; but not while mutmut still looks which tests there are."""
    if os.environ.get("MUTANT_UNDER_TEST") in (None, "stats", "list_all_tests") or not MEASURED.exists():
        return
    took: dict[str, float] = json.loads(MEASURED.read_text(encoding="utf-8"))["duration_by_test"]
    items.sort(key=lambda item: took.get(item.nodeid, 0.0))
    most = float(os.environ.get("SECONDS_A_TEST", "inf"))
    long = [item for item in items if took.get(item.nodeid, 0.0) > most]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
