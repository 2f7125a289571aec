"""What a shell and a container need: words completed, a manual page, an image of what the README says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
START = [sys.executable, "-c", "from sim.cli import main; main()"]


def said(**environment: str) -> str:
    """What the command line prints where a shell asks it something."""
    asked = os.environ | {"PYTHONPATH": str(TOP)} | environment
    return subprocess.run(START, env=asked, capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("intermission swe", {"sweep"}),
        ("intermission export --form", {"--format"}),
        ("intermission export --format xl", {"xlsx"}),
        ("intermission new x.yaml --like syr", {"syria_2012"}),
        ("intermission run west_africa_", {"west_africa_2010", "west_africa_elections_2011"}),
    ],
)
def test_every_shell_completes_commands_flags_and_shipped_scenarios(words: str, offered: set[str]) -> None:
    last = words.rsplit(maxsplit=1)[-1]
    asked = {
        "bash": {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)},
        "zsh": {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)},
        "fish": {"COMP_WORDS": words, "COMP_CWORD": last},
    }
    for shell, question in asked.items():
        lines = said(_INTERMISSION_COMPLETE=f"{shell}_complete", **question).splitlines()
        assert offered <= {word for line in lines for word in re.split(r"[,\t]", line)}, (shell, lines)


def test_bash_takes_the_script_and_asks_with_it(tmp_path: Path) -> None:
    script = tmp_path / "intermission.bash"
    script.write_text(said(_INTERMISSION_COMPLETE="bash_source"), encoding="utf-8")
    command = tmp_path / "intermission"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from sim.cli import main; main()"\n', encoding="utf-8")
    command.chmod(0o755)
    typed = (
        f'. "{script}"; COMP_WORDS=(intermission hind) COMP_CWORD=1; '
        '_intermission_completion intermission; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = os.environ | {"PYTHONPATH": str(TOP), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    answer = subprocess.run(
        ["bash", "-c", typed], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert answer.stdout.split() == ["hindcast"]


def test_the_image_runs_the_first_command_of_the_readme() -> None:
    """Without Docker it cannot be built: what it copies is there, and what it runs is what the README says."""
    lines = (TOP / "Dockerfile").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY "):
            assert all((TOP / name).exists() for name in line.split()[1:-1]), line
    entry, command = (json.loads(line.partition(" ")[2]) for line in lines if line.startswith(("ENTRYPOINT", "CMD")))
    first = re.search(r"&& \.venv/bin/(intermission run \S+)", (TOP / "README.md").read_text(encoding="utf-8"))
    assert first is not None
    assert [*entry, *command][:3] == first[1].split()
    assert "-c constraints.txt" in " ".join(lines)
