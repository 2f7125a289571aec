"""What all tests share: generated examples, the same on every machine and however busy it is (`HYPOTHESIS_PROFILE=hunt`
looks further), a browser, and several processes where the whole suite is run."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from loky import cpu_count

from tests.browsing import started
from tests.shell import Shell

CLOCKS: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **CLOCKS)
settings.register_profile("hunt", max_examples=1000, **CLOCKS)
# Of a mutant one has to know that it fails, not by which smallest example.
settings.register_profile("mutants", derandomize=True, phases=(Phase.explicit, Phase.generate), **CLOCKS)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


MOST_PROCESSES = 4
"""More would mostly wait for the longest file of tests."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite in as many processes as there are cores, file by file, where pytest-xdist is installed.

    Named files run in this process, and so does what somebody looks into (`--pdb`, `--trace`, `-s`); `-n` overrides.
    """
    said, whole = config.option, config.args_source is pytest.Config.ArgsSource.TESTPATHS
    looked_into = said.usepdb or said.trace or said.collectonly or said.capture == "no"
    asked = getattr(said, "numprocesses", 0) is not None  # or there is no pytest-xdist
    if whole and not looked_into and not asked and not hasattr(config, "workerinput") and cpu_count() > 1:
        said.numprocesses, said.dist = min(MOST_PROCESSES, cpu_count()), "loadfile"


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no test that is marked `no_cover`: in a process of pytest-xdist, pytest-cov pauses one tracer of two."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(autouse=True)
def _level_of_warnings() -> Iterator[None]:
    """A command that was told to be quiet in one test leaves the warnings of the next to be heard."""
    level = logging.root.level
    yield
    logging.root.setLevel(level)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: looking through it for garbage again and again takes a twentieth."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run draws none: they take seconds, and have tests of their own."""
    monkeypatch.setattr("sim.charts.save_all", lambda *_, **__: [])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for a file of tests: Playwright holds the thread's event loop, so no two may be open at a time."""
    with started() as found:
        yield found


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfdbinary: Any, tmp_path: Path) -> Shell:
    """The command line, in a folder of the test's own: where `results` goes if nobody says otherwise."""
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfdbinary)
