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
LONGEST = (
    "test_theory.py", "test_answer.py", "test_page_browser.py", "04_decide_with_confidence.ipynb", "test_doubts.py",
    "test_charts.py", "02_compare_policies.ipynb", "test_briefing.py", "test_bound.py", "05_make_a_briefing.ipynb",
    "test_answers.py", "test_sequential.py", "03_write_a_policy.ipynb", "test_faults.py", "test_language.py",
    "01_first_run.ipynb", "test_deciding.py", "test_briefing_language.py", "test_cli.py", "test_experiment.py",
    "test_shipped.py", "test_scenario.py", "test_security.py", "test_page_french.py", "test_record.py", "test_page.py",
    "test_value_of_information.py", "test_store.py", "test_interval_coverage.py", "test_damage.py", "test_titles.py",
    "calibration.ipynb", "test_measures.py", "test_house.py", "test_api.py", "test_cluster.py", "test_schema.py",
)  # fmt: skip
"""The files that take longest, longest first: whoever is done takes the next, and none ends alone with a long one."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite in as many processes as there are cores, file by file, where pytest-xdist is installed.

    Named files run in this process, and so does what somebody looks into (`--pdb`, `--trace`, `-s`); `-n` overrides.
    With `--cov` the number has to be said: pytest-cov asks for it before this file is read.
    """
    said, whole = config.option, config.args_source is pytest.Config.ArgsSource.TESTPATHS
    looked_into = said.usepdb or said.trace or said.collectonly or said.capture == "no"
    covered = config.pluginmanager.has_plugin("_cov")
    asked = getattr(said, "numprocesses", 0) is not None  # or there is no pytest-xdist
    said.loadscopereorder = False  # the order of files is that of `pytest_collection_modifyitems`
    alone = looked_into or covered or asked or hasattr(config, "workerinput")
    if whole and not alone and cpu_count() > 1:
        said.numprocesses, said.dist = min(MOST_PROCESSES, cpu_count()), "loadfile"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In several processes the longest files go first; in one, their order is as collected."""
    if hasattr(config, "workerinput"):
        places = {name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.path.name, len(places)))


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
