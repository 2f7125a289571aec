"""The tests on every Python that is claimed, each in its own environment: `nox`, or `nox -s tests-3.13 -- -k loans`.

A Python that is not installed is left out, and named. Versions are those of constraints.txt.
"""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["tests", "style", "docs"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PINNED = ("-q", "-c", "constraints.txt", "-e")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """All tests, or those named after `--`."""
    session.install(*PINNED, ".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def style(session: nox.Session) -> None:
    """Style and types."""
    session.install(*PINNED, ".[test]")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation, with warnings as errors."""
    session.install(*PINNED, ".[docs]")
    session.run("sphinx-build", "-W", "-q", "-c", "docs", ".", "build/docs")


@nox.session
def slides(session: nox.Session) -> None:
    """The slides' tests with power-pptx in python-pptx's place: what a swap would take."""
    session.install(*PINNED, ".[test]", "power-pptx")
    # The checked-in template was made with python-pptx: made with another library, its theme is another.
    left_out = "tests/test_briefing.py::test_the_checked_in_template_is_what_its_script_makes"
    session.run("pytest", "-p", "tests.power_pptx", "tests/test_briefing.py", f"--deselect={left_out}")


@nox.session
def mutants(session: nox.Session) -> None:
    """Changes of a line in policies, measures, statistics that no test sees: days, or `-- 'sim.statistics.prim.*'`."""
    session.install(*PINNED, ".[test]", "mutmut>=3.8")
    session.run("mutmut", "run", "--max-children", "2", *session.posargs, env={"HYPOTHESIS_PROFILE": "mutants"})
    session.run("mutmut", "results")
