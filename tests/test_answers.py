"""The README's table of what the shipped scenarios answer, and what their files say of it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

import sim

ROOT = Path(__file__).parents[1]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("answers", ROOT / "docs" / "answers.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


answers = _script()
ROWS = answers.rows((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", answers.names())
def test_only_the_readme_says_whether_an_answer_survives_its_doubts(name: str) -> None:
    """An `about` is shown beside other numbers, too: of fewer replications, of a changed copy, in another language."""
    scenario = sim.load(ROOT / "scenarios" / f"{name}.yaml")
    assert f"*{scenario.asked.text}*" in ROWS[name]
    assert re.search(r"\| (yes: in|\*\*no\*\*: only in) \d+ of \d+ worlds \|", ROWS[name])
    assert "surviv" not in (scenario.about or "")


@pytest.mark.parametrize("name", answers.names())
def test_the_remark_in_the_file_says_what_the_readme_does(name: str) -> None:
    said = re.search(
        r"^# Found by the model \(.*\n(?:#.*\n)*", answers.file(name).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert said is not None
    remark = " ".join(line.removeprefix("#").strip() for line in said[0].splitlines())
    sentence = ROWS[name].split(" | ")[1].partition("* ")[2]
    assert sentence in remark, "run python docs/answers.py"


@pytest.mark.slow
def test_the_readme_has_the_figures_of_the_seed() -> None:
    """Of one scenario, whose run is the shortest: the others' figures come from the same program and seed."""
    name = "east_africa_2012"
    assert ROWS[name] == answers.row(name, answers.answered(name)), "run python docs/answers.py"
