"""The documents say what is there: their links lead somewhere, and every public thing has its place in them."""

from __future__ import annotations

import re
import runpy
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import sim.charts
from sim.cli import intermission
from sim.results.schema import STORED

TOP = Path(__file__).parents[1]
DOCUMENTS = sorted(
    file for folder in (".", "docs", "docs/*", "scenarios", "notebooks/data") for file in TOP.glob(f"{folder}/*.md")
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FIRST_WORDS = re.compile(r"^\| `(\w+)", re.MULTILINE)


def name(file: Path) -> str:
    return file.relative_to(TOP).as_posix()


def read(path: str) -> str:
    return (TOP / path).read_text(encoding="utf-8")


def places(file: Path) -> set[str]:
    """What a link into a document may point at: its headings, as code hosts spell them, and its marks."""
    text = re.sub(r"^```.*?^```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    spelled = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return spelled | set(re.findall(r'<a id="([\w-]+)">', text))


def links(file: Path) -> Iterator[tuple[Path, str]]:
    for link in LINK.findall(file.read_text(encoding="utf-8")):
        if not link.startswith(("https://", "http://")):
            target, _, place = link.partition("#")
            yield (file.parent / target).resolve() if target else file, place


def table(text: str, head: str) -> str:
    """The table under a row of heads."""
    return text[text.index(head) :].partition("\n\n")[0]


@pytest.mark.parametrize("file", DOCUMENTS, ids=name)
def test_links_lead_somewhere(file: Path) -> None:
    for target, place in links(file):
        assert target.exists(), target
        if place:
            assert place in places(target), f"{target}#{place}"


@pytest.mark.parametrize("file", sorted(TOP.glob("docs/*/*.md")), ids=name)
def test_every_page_is_reached_from_its_folders(file: Path) -> None:
    index = file.with_name("README.md")
    wanted = index if file != index else TOP / "docs" / "README.md"
    assert file in {target for target, _ in links(wanted)}


def test_every_public_name_of_python_has_its_place() -> None:
    page = read("docs/reference/python.md")
    for word in dir(sim):
        assert re.search(rf"^\| `{word}[`(]", page, re.MULTILINE), word
        assert word in ("charts", "__version__") or f".. autofunction:: sim.{word}\n" in page


def test_every_chart_has_its_place() -> None:
    page = read("docs/reference/charts.md")
    assert tuple(FIRST_WORDS.findall(table(page, "| chart |"))) == sim.charts.names()
    assert tuple(re.findall(r"autofunction:: sim\.charts\.(\w+)", page)) == sim.charts.names()


def test_every_command_has_its_place() -> None:
    listed = set(FIRST_WORDS.findall(table(read("docs/reference/commands.md"), "| command |")))
    assert listed == set(intermission.list_commands(click.Context(intermission)))


def test_every_table_and_column_of_results_has_its_place() -> None:
    page = read("docs/reference/results.md")
    assert set(FIRST_WORDS.findall(table(page, "| table |"))) == {each.name for each in STORED}
    told = {column for each in STORED for column in each.columns if not column.startswith("cause:")}
    assert sorted(column for column in told if f"`{column}`" not in page) == []


def test_the_readme_is_short_and_has_its_two_commands() -> None:
    lines = read("README.md").splitlines()
    assert len(lines) <= 150
    shown = [line.strip() for line in lines if line.startswith("    python3 -m venv .venv && ")]
    assert [line.rpartition(" && .venv/bin/")[2].split()[0] for line in shown] == ["intermission", "pytest"]


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"] == {"path": "sim/__init__.py"}
    everywhere = [TOP / "pyproject.toml", TOP / "CITATION.cff", *DOCUMENTS, *(TOP / "sim").rglob("*.py")]
    number = f'"{sim.__version__}"'
    assert [name(file) for file in everywhere if number in file.read_text(encoding="utf-8")] == ["sim/__init__.py"]


def test_addresses_of_the_project_are_its_own_documents() -> None:
    for document in tomllib.loads(read("pyproject.toml"))["project"]["urls"].values():
        assert (TOP / document).is_file()


NAMED = re.compile(r"`((?:sim|tests|docs|scenarios|notebooks)/[\w./-]+)`")


@pytest.mark.parametrize("file", DOCUMENTS, ids=name)
def test_files_that_are_named_are_there(file: Path) -> None:
    """Placeholders are written in capitals: `sim/charts/NAME.py`."""
    found = [path for path in NAMED.findall(file.read_text(encoding="utf-8")) if not re.search(r"\b[A-Z]{4,}\.", path)]
    assert [path for path in found if not (TOP / path).exists()] == []


def test_the_glossary_says_which_words_are_french() -> None:
    tagged = runpy.run_path(str(TOP / "docs" / "conf.py"))["french_tagged"]
    page = read("docs/glossary.md").split("\n")
    french = [cells[3].strip() for line in tagged(page) if len(cells := line.split("|")) > 4]
    heads = [cell for cell in french if cell in {"in French", "---", "–", ""}]
    assert heads.count("in French") == 4
    said = [cell for cell in french if cell not in heads]
    assert len(said) > 40 and all(re.fullmatch('<span lang="fr">.+</span>', cell) for cell in said)
