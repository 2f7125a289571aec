"""What comes from a file or a folder is shown, not obeyed: on a terminal, in a pipe, and in JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from sim.words.visible import OBEYED, visible, visible_json
from tests.shell import Shell
from tests.small import plan

pytestmark = pytest.mark.usefixtures("no_charts")

HOSTILE = "\x1b]0;mine\x07 \u202eevil\u2066 \x9b2J \x7f \u200b\U000e0041"
RULE = f"def hostile(situation):\n    raise ValueError({HOSTILE!r})\n"


def test_what_a_terminal_obeys_is_written_out() -> None:
    assert visible(HOSTILE) == (r"\x1b]0;mine\x07 \u202eevil\u2066 \x9b2J \x7f \u200b\U000e0041")
    for plain in ("Côte d’Ivoire", "1,234 − 5\tto 6\n", "قوات", "می‌خواهم", "部队 🚁"):
        assert visible(plain) == plain


def test_in_json_it_is_the_same_value() -> None:
    text = json.dumps({"name": HOSTILE}, ensure_ascii=False)
    assert json.loads(visible_json(text)) == {"name": HOSTILE}
    assert not OBEYED.search(visible_json(text))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A scenario with a name and a label that a terminal would obey, and a rule that says such things when it fails."""
    rules, file = tmp_path / "rules.py", tmp_path / "hostile.yaml"
    rules.write_text(RULE, encoding="utf-8")
    words = plan("hostile")
    words["name"] = f"Small {HOSTILE[9:14]}"
    words["options"]["as it was"] = words["options"]["as it was"] | {"label": f"As it {HOSTILE[9:15]}"}
    file.write_text(yaml.safe_dump(words, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file, rules


def test_no_command_sends_it(shell: Shell, files: tuple[Path, Path], tmp_path: Path) -> None:
    file, rules = files
    out = tmp_path / "out"
    plain = ("--replications", 4, "--workers", 1, "--rules", rules)
    ran = shell("run", file, *plain, "--out", out)
    assert ran.status == 1 and r"ValueError: \x1b]0;mine\x07 \u202eevil" in ran.err
    options = ("--option", "no sharing", "--option", "as it was")
    again = [
        ran,
        shell("run", file, *plain, *options, "--out", tmp_path / "fine"),
        shell("run", file, *plain, *options, "--out", tmp_path / "fine", "--json"),
        shell("compare", tmp_path / "fine"),
        shell("compare", tmp_path / "fine", "--json"),
        shell("tell", file, "--rules", rules, "--option", "as it was", "--out", tmp_path / "story"),
        shell("tell", file, "--rules", rules, "--option", "by rule", "--out", tmp_path / "story"),
        shell("compare", tmp_path / f"no {HOSTILE}"),
        shell("check", tmp_path / f"no {HOSTILE}.yaml"),
        shell("diff", file, f"{file}#as it was", "--rules", rules),
    ]
    for each in again:
        for stream in (each.out, each.err):
            assert not OBEYED.search(stream), repr(stream)
