"""Scenarios come with the package: named from anywhere, copied to start from, and in the wheel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from functools import cache
from pathlib import Path

import pytest

import sim
from sim.errors import UsageError
from sim.results.reader import Results
from sim.scenario import shipped
from sim.scenario.fingerprint import fingerprint
from tests.shell import Shell

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
NAMES = [
    *sorted(path.stem for path in SCENARIOS.glob("*.yaml")),
    *sorted(f"record/{path.stem}" for path in SCENARIOS.glob("record/*.yaml")),
]


@cache
def of_ours(name: str) -> str:
    """The fingerprint of a scenario that comes with the package."""
    return fingerprint(sim.load(SCENARIOS / f"{name}.yaml"))


def test_the_list_names_every_scenario_and_what_it_asks(shell: Shell) -> None:
    said = shell("new", "--list")
    assert said.status == 0
    assert [line for line in said.out.splitlines() if not line.startswith(" ")] == NAMES
    assert "    Post-electoral crisis in Côte d'Ivoire, 2010–11\n" in said.out
    assert "What would consent before the vote have saved?\n" in said.out
    assert all(each.asks.endswith("?") for each in shipped.shipped())


@pytest.mark.usefixtures("no_charts")
def test_a_scenario_that_comes_with_the_package_is_run_by_its_name_from_anywhere(shell: Shell, tmp_path: Path) -> None:
    said = shell("run", "minimal", "--replications", 20, "--workers", 1, "--json")
    assert said.status == 0
    assert json.loads(said.out)["fingerprint"] == fingerprint(sim.load(SCENARIOS / "minimal.yaml"))
    assert said.err == f"minimal: the scenario that comes with intermission, {SCENARIOS / 'minimal.yaml'}\n"
    assert (tmp_path / "results" / "minimal" / "manifest.json").exists()
    assert shell("check", "minimal", "--quiet").err == ""


def test_a_file_of_that_name_goes_first(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "minimal").write_text("period: {}\n", encoding="utf-8")
    said = shell("check", "minimal")
    assert said.status == 2
    assert said.out.startswith("minimal:1:")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("west_afrca_2010", "a scenario that comes with intermission is called 'west_africa_2010'"),
        ("west_africa_2010.yaml", "a scenario that comes with intermission is called 'west_africa_2010'"),
        (
            "mine",
            "mine:1:1: no such file; no scenario of that name comes with intermission (`intermission new --list`)",
        ),
        ("mine.yaml", "mine.yaml:1:1: no such file\n"),
        ("elsewhere/minimal", "elsewhere/minimal:1:1: no such file\n"),
        ("record/2006_unci", "a scenario that comes with intermission is called 'record/2006_unoci'"),
    ],
)
def test_a_name_that_is_nearly_one_of_ours_is_told(shell: Shell, file: str, told: str) -> None:
    said = shell("check", file)
    assert said.status == 2
    assert told in said.out + said.err


@pytest.mark.parametrize("folder", [".", "..", "/", "./"])
@pytest.mark.parametrize("command", ["check", "run", "page", "hindcast", "diff"])
def test_a_folder_is_no_scenario(shell: Shell, command: str, folder: str) -> None:
    said = shell(command, folder, *([folder] if command == "diff" else []))
    assert (said.status, said.out + said.err) == (2, f"{folder}:1:1: is not a file but a folder\n")


def test_an_empty_name_is_no_scenario(shell: Shell) -> None:
    said = shell("check", "")
    assert said.status == 2
    assert said.out + said.err == (
        "a scenario's file, or the name of one that comes with intermission, must be said, not ''\n"
    )


def test_diff_takes_names_and_their_options(shell: Shell) -> None:
    said = shell("diff", "minimal#no sharing", "minimal#paper when needed", "--quiet")
    assert (said.status, said.out) == (0, "policy: {share: agreements}\n")


@pytest.mark.no_cover
@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_says_what_the_scenario_says(tmp_path: Path, name: str, flat: bool) -> None:
    written = shipped.copy(name, tmp_path / "mine.yaml", flat=flat)
    assert (tmp_path / "mine.yaml") in written
    assert (tmp_path / "library").exists() == (not flat and name != "minimal")
    assert "Found by the model" not in (tmp_path / "mine.yaml").read_text(encoding="utf-8"), "a copy is there to change"
    assert fingerprint(sim.load(tmp_path / "mine.yaml")) == of_ours(name)


def test_the_record_is_found_by_name_and_a_copy_of_the_whole_folder_works(shell: Shell, tmp_path: Path) -> None:
    said = shell("check", "record/2006_unoci", "--quiet")
    assert (said.status, said.out) == (0, "record/2006_unoci: fine (2 missions, 1 crisis, 1 option)\n")
    copy = shutil.copytree(SCENARIOS, tmp_path / "copy")
    loans = sorted(copy.glob("record/*.yaml"))
    assert len(loans) == 14
    for path in loans:
        assert fingerprint(sim.load(path)) == of_ours(f"record/{path.stem}")


def test_a_second_copy_shares_the_library_and_another_library_is_left_alone(shell: Shell, tmp_path: Path) -> None:
    assert shell("new", "one.yaml", "--like", "west_africa_2010").status == 0
    said = shell("new", "two.yaml", "--like", "west_africa_2010")
    assert (said.status, said.out) == (0, "wrote two.yaml: change it, then `intermission run two.yaml`\n")
    library = tmp_path / "library" / "resources.yaml"
    library.write_text("name: mine\n", encoding="utf-8")
    said = shell("new", "three.yaml", "--like", "west_africa_2010")
    assert said.status == 2
    assert "library/resources.yaml: is there already and is another one; use another folder, or --flat" in said.err
    assert not (tmp_path / "three.yaml").exists()
    assert shell("new", "three.yaml", "--like", "west_africa_2010", "--flat").status == 0
    assert library.read_text(encoding="utf-8") == "name: mine\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["x.yaml", "--like", "west_afrika_2010"],
            "no scenario 'west_afrika_2010' comes with intermission; did you mean",
        ),
        (["x.yaml", "--like", "nothing of ours"], "known: all_missions, "),
        (["there.yaml", "--like", "minimal"], "there.yaml: exists already; give the name of a new file"),
        (["no/x.yaml", "--like", "minimal"], "no/x.yaml: there is no folder no; make it first, or name another place"),
        (["no/x.yaml", "--like", "west_africa_2010"], "no/x.yaml: there is no folder no; make it first"),
        (["no/x.yaml", "--like", "west_africa_2010", "--flat"], "no/x.yaml: there is no folder no; make it first"),
        (["no/x.yaml"], "no/x.yaml: there is no folder no; make it first"),
        (["x.yaml", "--flat"], "--flat goes with --like NAME"),
        (["x.yaml", "--list"], "--list stands alone: it writes nothing"),
        ([], "say the name of the file to write (or --list)"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(shell: Shell, tmp_path: Path, words: list[str], told: str) -> None:
    (tmp_path / "there.yaml").write_text("mine\n", encoding="utf-8")
    said = shell("new", *words)
    assert said.status == 2
    assert told in said.err
    assert said.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["there.yaml"]
    assert (tmp_path / "there.yaml").read_text(encoding="utf-8") == "mine\n"


def test_a_package_without_scenarios_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for room in ("shipped", "files.layers"):
        monkeypatch.setattr(f"sim.scenario.{room}.shipped_folder", lambda: tmp_path / "nowhere")
    said = shell("new", "--list")
    assert said.status == 2
    assert "no scenarios come with this copy of intermission" in said.err
    with pytest.raises(UsageError, match="no scenario 'minimal' comes with intermission"):
        shipped.path_of("minimal")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, from the wheel, in an environment that has nothing but it and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    _pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # What it needs lies with these tests. The package itself comes first; a path in a .pth file reads no other .pth.
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent / "intermission"


def _pip(*words: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_wheel_holds_scenarios_library_base_map_tables_and_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as parts:
        names = set(parts.namelist())
        for path in sorted(SCENARIOS.rglob("*.yaml")):
            inside = f"sim/shipped/{path.relative_to(SCENARIOS).as_posix()}"
            assert parts.read(inside) == path.read_bytes()
        assert {
            "sim/charts/house/basemap/africa_mideast_110m.geojson",
            "sim/charts/house/basemap/README.md",
            "sim/importing/people_per_unit.csv",
            "sim/importing/places_of_missions.csv",
            "sim/importing/README.md",
        } <= names
        licence = next(name for name in names if name.endswith("dist-info/licenses/LICENSE"))
        assert parts.read(licence) == (ROOT / "LICENSE").read_bytes()
        assert not [name for name in names if name.startswith(("scenarios/", "tests/"))]


@pytest.mark.slow
def test_from_the_wheel_in_another_folder_a_scenario_is_listed_copied_and_run(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ein Ordner für Pläne"
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "HOME")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [installed, *words], cwd=folder, env=kept, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done

    assert [line for line in run("new", "--list").stdout.splitlines() if line[:1].strip()] == NAMES
    here = run("check", "west_africa_2010").stderr.splitlines()[0]
    where = Path(here.partition("the scenario that comes with intermission, ")[2])
    assert where.is_relative_to(installed.parent.parent)
    assert where.parts[-3:] == ("sim", "shipped", "west_africa_2010.yaml")
    run("new", "mine.yaml", "--like", "west_africa_2010")
    told = json.loads(run("run", "mine.yaml", "--replications", "2", "--workers", "1", "--json", "--quiet").stdout)
    assert told["fingerprint"] == fingerprint(sim.load(SCENARIOS / "west_africa_2010.yaml"))
    table = ROOT / "tests" / "data" / "contributions_since_2010.csv"
    run("import", "contributions", str(table), "--date", "2010-10", "--missions", "UNMIL,UNOCI", "--out", "un.yaml")
    assert (folder / "un.yaml").exists()


PARTNERS = {
    "Regional Task Force": "with the regional task force, 7 days",
    "BINUCA": "with the peacebuilding office, 7 days",
}


@cache
def with_partners() -> Results:
    """The LRA's region, with each partner and with none."""
    options = ["units and warning shared, 7 days", *PARTNERS.values()]
    return sim.run(sim.load(SCENARIOS / "lra_region.yaml"), options=options, replications=20, workers=1)


@pytest.mark.no_cover
@pytest.mark.parametrize(("partner", "where"), PARTNERS.items())
def test_a_partner_that_is_no_mission_borrows_without_a_vote_and_only_where_an_option_says_so(
    partner: str, where: str
) -> None:
    results = with_partners()
    options = ["units and warning shared, 7 days", where]
    moved = {
        option: [
            loan
            for replication in results.kept_replications
            for loan in results.loans(option, replication)
            if partner in (loan.lender, loan.borrower) and loan.departed_day is not None
        ]
        for option in options
    }
    assert [option for option, loans in moved.items() if loans] == [where]
    assert all(loan.council_day is None for loan in moved[where])
