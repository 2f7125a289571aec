"""What commands print with `--json` is what `intermission schema --output COMMAND` says, to the word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from jsonschema import Draft202012Validator

from sim.cli import intermission
from sim.commands.shared.output_schemas import OUTPUTS, output_schema
from tests.shell import Shell
from tests.small import PLAN

pytestmark = pytest.mark.usefixtures("no_charts")

DOUBTED = PLAN | {
    "doubts": {"how often": {"path": "crises.raids.every_days", "is": {"between": [20, 40]}}},
    "options": PLAN["options"] | {"as it was": PLAN["options"]["as it was"] | {"record": True}},
    "history": {
        "a loan": {
            "from": "South",
            "to": "North",
            "resource": "infantry_company",
            "units": 1,
            "authorised": "2012-02-01",
            "arrived": "2012-02-20",
        }
    },
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(DOUBTED, sort_keys=False), encoding="utf-8")
    return path


def wrong(command: str, out: str) -> list[str]:
    """What does not fit the command's schema."""
    return [
        f"{each.json_path}: {each.message}"
        for each in Draft202012Validator(output_schema(command)).iter_errors(json.loads(out))
    ]


@pytest.mark.parametrize("command", OUTPUTS)
def test_the_schemas_are_schemas(command: str) -> None:
    Draft202012Validator.check_schema(output_schema(command))


def test_a_run_and_what_is_asked_of_its_folder(shell: Shell, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    asked = {
        "run": ("run", file, "--replications", 120, "--bound", "--out", folder, "--workers", 1, "--json", "--quiet"),
        "compare": ("compare", folder, "--every-look", "--json"),
        "doubts": ("doubts", folder, "--json"),
    }
    for command, words in asked.items():
        said = shell(*words)
        assert said.status == 0, said.err
        assert wrong(command, said.out) == [], command


@pytest.mark.slow
def test_who_stops_by_itself_tells_it(shell: Shell, file: Path, tmp_path: Path) -> None:
    for flags in (("--precision", "50%"), ("--select", "--indifference", 500)):
        said = shell(
            "run",
            file,
            "--replications",
            400,
            *flags,
            "--out",
            tmp_path / flags[0],
            "--workers",
            1,
            "--json",
            "--quiet",
        )
        assert said.status == 0, said.err
        assert wrong("run", said.out) == []
        assert {"precision", "selection"} & set(json.loads(said.out))


def test_what_is_asked_of_a_scenario(shell: Shell, file: Path) -> None:
    asked = {
        "tell": ("tell", file, "--option", "as it was", "--json"),
        "size": (
            "size",
            file,
            "--resource",
            "infantry_company",
            "--coverage",
            0.5,
            "--replications",
            20,
            "--workers",
            1,
            "--json",
        ),
        "sweep": (
            "sweep",
            file,
            "--vary",
            "crises.raids.every_days=20,40",
            "--replications",
            20,
            "--workers",
            1,
            "--json",
        ),
        "hindcast": ("hindcast", file, "--replications", 20, "--workers", 1, "--json"),
        "diff": ("diff", f"{file}#as it was", f"{file}#no sharing", "--json"),
    }
    for command, words in asked.items():
        said = shell(*words)
        assert said.status == 0, said.err
        assert wrong(command, said.out) == [], command


def test_what_is_made_of_somebodys_table(shell: Shell, tmp_path: Path) -> None:
    table, held = tmp_path / "un.csv", tmp_path / "held.csv"
    table.write_text("Contributor,Mission,Date,Troops\nGhana,UNMIL,2010-10-31,600\nGhana,UNOCI,2010-10-31,300\n")
    held.write_text("mission,resource,contributor,units,routine\nNorth,company,Ghana,3,2\n")
    asked = {
        "import contributions": (table, "--date", "2010-10", "--missions", "UNMIL,UNOCI"),
        "import holdings": (held,),
    }
    for command, words in asked.items():
        said = shell(*command.split(), *words, "--json", "--quiet")
        assert said.status == 0, said.err
        assert wrong(command, said.out) == [], command


def test_every_command_that_prints_json_has_a_schema() -> None:
    def with_json(group: click.Command, words: str = "") -> Iterator[str]:
        if not isinstance(group, click.Group):
            if any("--json" in each.opts for each in group.params):
                yield words
            return
        for name in group.list_commands(click.Context(group)):
            command = group.get_command(click.Context(group), name)
            assert command is not None
            yield from with_json(command, f"{words} {name}".strip())

    assert set(with_json(intermission)) == set(OUTPUTS)


def test_the_schema_is_printed(shell: Shell) -> None:
    said = shell("schema", "--output", "doubts")
    assert json.loads(said.out) == output_schema("doubts")
    assert shell("schema", "--output", "brief").status == 2
