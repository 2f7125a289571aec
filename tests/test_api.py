"""The public words: quick to import, the same function by whatever way, and typed for whoever checks strictly."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sim
import sim.charts
from sim.charts.house.drawer import chart_of

ROOT = Path(__file__).parent.parent
FACE_OF_CHARTS = ROOT / "sim" / "charts" / "__init__.py"


def run(*arguments: str | Path) -> str:
    """What Python prints; it must succeed."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, text=True, capture_output=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_program_that_uses_every_public_word_is_typed() -> None:
    run("-m", "mypy", "--strict", "tests/typed_api.py")


@pytest.mark.slow
def test_no_public_word_is_anything(tmp_path: Path) -> None:
    words = [f"sim.{word}" for word in dir(sim)] + [f"sim.charts.{word}" for word in dir(sim.charts)]
    file = tmp_path / "reveal.py"
    file.write_text("import sim\n" + "".join(f"reveal_type({word})\n" for word in words))
    said = run("-m", "mypy", "--strict", file)
    types = re.findall(r'Revealed type is "(.*)"', said)
    assert dict(zip(words, types, strict=True)).keys() == set(words)
    assert [word for word, its in zip(words, types, strict=True) if re.match(r"Any|def .* -> Any$", its)] == []


def test_the_typed_program_uses_every_public_word() -> None:
    text = (ROOT / "tests" / "typed_api.py").read_text(encoding="utf-8")
    words = [f"sim.{word}" for word in dir(sim)] + [f"sim.charts.{word}" for word in dir(sim.charts)]
    assert [word for word in words if not re.search(rf"\b{re.escape(word)}\b", text)] == []


@pytest.mark.parametrize("name", sim.charts.names())
def test_every_chart_has_its_type(name: str) -> None:
    line = f"from sim.charts.{name} import {name} as {name}"
    assert line in FACE_OF_CHARTS.read_text(encoding="utf-8"), f"sim/charts/__init__.py lacks the line:\n    {line}"


@pytest.mark.parametrize("name", sim.charts.names())
def test_every_chart_is_a_function_that_takes_what_its_words_take(name: str) -> None:
    chart = chart_of(name)
    assert inspect.isfunction(getattr(sim.charts, name)) and getattr(sim.charts, name) is chart.draw
    assert chart.draw.__name__ == name
    asked = inspect.signature(chart.draw).parameters
    for word in (chart.rows, chart.alt, chart.finding):
        assert inspect.signature(word).parameters == asked, word.__name__


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import sim.charts.timeline",
        "from sim.charts.timeline import rows",
        "import sim.charts.timeline as anything",
    ],
)
def test_charts_can_be_called_however_they_are_imported(before: str) -> None:
    program = f"""
import sys, sim
{before}
import sim.charts
from sim.charts import timeline
from types import FunctionType
assert type(timeline) is type(sim.charts.timeline) is FunctionType and timeline is sim.charts.timeline
assert "matplotlib.pyplot" not in sys.modules
"""
    run("-c", program)


def test_importing_sim_imports_nothing_large() -> None:
    program = (
        "import sys, sim, sim.charts; large = {'numpy', 'scipy', 'pydantic', 'matplotlib', 'simpy', 'yaml', 'click', "
        "'rich', 'jinja2', 'pptx'}; print(*large & {*sys.modules}, len(sys.modules))"
    )
    *large, count = run("-c", program).split()
    assert large == []
    assert int(count) < 250


def test_unknown_words_are_answered() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'nothing'"):
        getattr(sim, "nothing")  # noqa: B009
    with pytest.raises(AttributeError, match="known: along, answer, causes, coverage"):
        getattr(sim.charts, "pie")  # noqa: B009


def test_what_is_listed_is_what_there_is() -> None:
    program = "from sim import *; import sim; print(sorted(sim.__all__) == dir(sim), all(map(globals().get, dir(sim))))"
    assert run("-c", program).split() == ["True", "True"]
