"""What all tests share: generated examples, the same on every machine and however busy it is (`HYPOTHESIS_PROFILE=hunt`
looks further), and a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.browsing import started

CLOCKS: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **CLOCKS)
settings.register_profile("hunt", max_examples=1000, **CLOCKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for a file of tests: Playwright holds the thread's event loop, so no two may be open at a time."""
    with started() as found:
        yield found
