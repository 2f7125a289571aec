"""SECURITY.md, sentence by sentence: a test for each number, named after its chapter and number."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

import sim
from sim.charts.house.saving import save_all
from sim.commands.shared.flags import FLAGS
from sim.errors import DamageError, IntermissionError, ScenarioError, UsageError
from sim.exporting.summary import write_summary
from sim.running import runner
from sim.running.batches import run_batch
from sim.whatif.page import write_page
from sim.words.visible import OBEYED
from tests.shell import Shell
from tests.small import RULES, plan, rules_file, small
from tests.test_damage import ENDLESS, changed, edited, everything, no_hang

pytestmark = pytest.mark.usefixtures("no_charts")

FIRST_FAILED = "replication = (SELECT min(replication) FROM failures)"

TEXT = (Path(__file__).parent.parent / "SECURITY.md").read_text(encoding="utf-8")
CHAPTERS = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.DOTALL | re.MULTILINE)
SENTENCES = [
    f"{re.sub(r'[^a-z]+', '_', chapter.lower()).removeprefix('a_')}_{number}"
    for chapter, body in CHAPTERS
    for number in re.findall(r"^(\d+)\. ", body, re.MULTILINE)
]
HEAD = "period: {from: 2012-01-01, to: 2012-03-31}\nmissions: {North: {holds: {company: 4}}}\n"
RAIDS = "crises: {raids: {mission: North, every_days: 9, lasts_days: 1, needs: {company: 1}}}\n"
OPTIONS = ["no sharing", "as it was", "by rule"]
AWAY = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "urllib.Request"}
STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile"}


def test_every_sentence_has_a_test() -> None:
    assert len(SENTENCES) > 30
    tests = [name for name in globals() if name.startswith("test_")]
    for sentence in SENTENCES:
        assert [name for name in tests if name.startswith(f"test_{sentence}_")], sentence
    numbered = {found[1] for name in tests if (found := re.match(r"test_([a-z_]+_\d+)_", name))}
    assert numbered == set(SENTENCES), "a test of a sentence that is not there"


_HEARD: list[tuple[str, Any]] = []
_LISTENS = [False]


def _hear(event: str, about: Any) -> None:
    if _LISTENS[0] and (event in AWAY | STARTS or event in ("exec", "import")):
        _HEARD.append((event, about))


@contextmanager
def heard() -> Iterator[list[tuple[str, Any]]]:
    """What Python is asked to run, import, start or connect to meanwhile."""
    if not getattr(sys, "_security_hook", False):
        sys.addaudithook(_hear)  # which stays as long as Python does
        sys._security_hook = True  # type: ignore[attr-defined]
    _HEARD.clear()
    _LISTENS[0] = True
    try:
        yield _HEARD
    finally:
        _LISTENS[0] = False


def refused(folder: Path, text: str | bytes) -> str:
    """Why a scenario of this text is refused."""
    path = folder / "scenario.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        sim.load(path)
    return str(caught.value)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder with rules and failures; its rules leave a mark wherever they are executed."""
    place = tmp_path_factory.mktemp("made")
    rules = place / "rules.py"
    rules.write_text(f"{RULES}\nPath({str(place / 'mark')!r}).touch()\n")
    words: dict[str, Any] = {"options": OPTIONS, "workers": 1, "keep_loans": 3, "rules": rules}
    sim.run(small("unlucky"), out=place / "out", replications=24, **words)
    (place / "mark").unlink()
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made / "out", tmp_path / "folder"))


# A scenario file


def test_scenario_file_1_is_data(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    code = "__import__('os').system('touch mark')"
    named = yaml.safe_dump(plan() | {"name": code, "about": f"{{{{{code}}}}} http://example.org/x"})
    path.write_text(named)
    sim.run(sim.load(path), replications=1, workers=1, out=tmp_path / "warm")  # imports what is needed
    with heard() as events:
        sim.run(sim.load(path), replications=1, workers=1, out=tmp_path / "out")
    assert events == []
    for tag in ("!!python/object/apply:os.system [touch mark]", "!!python/name:os.system"):
        assert "tag" in refused(tmp_path, f"{HEAD}{RAIDS}about: {tag}\n")


def test_scenario_file_2_names_a_rule_and_no_file(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    (tmp_path / "evil.py").write_text(f"open({str(mark)!r}, 'w')\ndef offers(situation): return []\n")
    for name in ("evil", "evil.py", "./evil.py", str(tmp_path / "evil.py"), "os.system"):
        assert refused(tmp_path, f"{HEAD}{RAIDS}options: {{it: {{policy: {{share: all, rule: {name}}}}}}}\n")
    assert not mark.exists()


@pytest.mark.parametrize(
    "where", ["../outside.yaml", "/etc/passwd", "https://example.org/x.yaml", "~/x.yaml", "a/../../o"]
)
def test_scenario_file_3_extends_only_below_its_folder(tmp_path: Path, where: str) -> None:
    (tmp_path / "outside.yaml").write_text(HEAD + RAIDS)
    inside = tmp_path / "inside"
    (inside / "a").mkdir(parents=True)
    assert "extends: " in refused(inside, f"extends: {where}\n")


def test_scenario_file_3_or_of_a_library_beside_it(tmp_path: Path) -> None:
    mine = tmp_path / "scenarios" / "record"
    library = tmp_path / "scenarios" / "library"
    for folder in (mine, library / "deeper", tmp_path / "library", tmp_path / "scenarios" / "Archive"):
        folder.mkdir(parents=True)
    for place in ("library/deeper/base", "../library/far", "base", "Archive/base"):
        (tmp_path / "scenarios" / f"{place}.yaml").write_text(HEAD + RAIDS)
    (mine / "loan.yaml").write_text("extends: ../library/deeper/base.yaml\n")
    assert list(sim.load(mine / "loan.yaml").crises) == ["raids"]
    for where in ("../base.yaml", "../Archive/base.yaml", "../../library/far.yaml", "../library/../base.yaml"):
        assert "must stay inside the folder" in refused(mine, f"extends: {where}\n"), where
    (library / "up.yaml").write_text("extends: ../base.yaml\n")
    assert "must stay inside the folder" in refused(mine, "extends: ../library/up.yaml\n")
    library.rename(tmp_path / "scenarios" / "Library")  # as a home folder may have one
    assert "extends: " in refused(mine, "extends: ../Library/deeper/base.yaml\n")


def test_scenario_file_4_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(HEAD + RAIDS)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert "must stay inside the folder" in refused(inside, "extends: link.yaml\n")
    (tmp_path / "library").symlink_to(tmp_path)
    assert "must stay inside the folder" in refused(inside, "extends: ../library/outside.yaml\n")


def test_scenario_file_5_is_a_file_and_the_chain_has_an_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with no_hang():
        for name in ("pipe.yaml", "folder.yaml", "/dev/zero"):
            with pytest.raises(ScenarioError):
                sim.load(tmp_path / name)
            assert refused(tmp_path, f"extends: {name}\n")
    for number in range(12):
        text = f"extends: {number + 1}.yaml\n" if number < 11 else HEAD + RAIDS
        (tmp_path / f"{number}.yaml").write_text(text)
    assert sim.load(tmp_path / "2.yaml"), "ten files"
    with pytest.raises(ScenarioError, match="at most 10 files"):
        sim.load(tmp_path / "1.yaml")


def test_scenario_file_6_has_its_size(tmp_path: Path) -> None:
    sound = HEAD + RAIDS
    (tmp_path / "full.yaml").write_text(sound + "#" * ((1 << 20) - len(sound)))
    assert sim.load(tmp_path / "full.yaml")
    assert "1 MiB" in refused(tmp_path, sound + "#" * ((1 << 20) - len(sound) + 1))
    assert "60,000" in refused(tmp_path, f"{sound}page: [{'1,' * 60_000}]\n")
    assert "40 levels" in refused(tmp_path, f"{sound}page: {'[' * 41}{']' * 41}\n")


@pytest.mark.parametrize(
    "more",
    ["about: &a text\n", "about: *a\n", "about: !!str text\n", "about: !mine text\n", "contributors: {<<: {A: {}}}\n"],
)
def test_scenario_file_7_repeats_nothing(tmp_path: Path, more: str) -> None:
    told = refused(tmp_path, HEAD + RAIDS + more)
    assert re.search("anchor|alias|tag|<<", told), told


def test_scenario_file_8_sends_nothing_to_a_terminal(tmp_path: Path, shell: Shell) -> None:
    for character in (
        *map(chr, range(9)),
        "\x0b",
        "\x0c",
        *map(chr, range(14, 32)),
        "\x7f",
        "\x9b",
        "\u200b",
        "\u2060",
    ):
        told = refused(tmp_path, f"{HEAD}{RAIDS}name: a{character}b\n")
        assert not OBEYED.search(told)
        assert not OBEYED.search(refused(tmp_path, f'{HEAD}{RAIDS}name: "a\\x1b[31mb"\n'))
    path = tmp_path / "turned.yaml"
    path.write_text(f"{HEAD}{RAIDS}name: a\u202eb\u2066\noptions: {{\u202eit: {{policy: {{share: none}}}}}}\n")
    for said in (
        shell("run", path, "--replications", 2, "--workers", 1, "--out", tmp_path / "out"),
        shell("compare", tmp_path / "out"),
        shell("compare", tmp_path / "out", "--json"),
        shell("tell", path, "--option", "\u202eit", "--out", tmp_path / "story"),
        shell("diff", path, f"{path}#\u202eit"),
        shell("export", tmp_path / "out"),
    ):
        assert said.status == 0 and r"\u202e" in said.out + said.err + "export\\u202e"
        assert not OBEYED.search(said.out + said.err)


def test_scenario_file_9_refused_has_written_nothing(tmp_path: Path, shell: Shell) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(HEAD + RAIDS.replace("North", "Nord"))
    for words in (
        ("run", path),
        ("run", path, "--out", "here", "--force"),
        ("size", path, "--resource", "company", "--coverage", 0.9),
        ("sweep", path, "--vary", "crises.raids.every_days=9,20"),
        ("page", path),
        ("tell", path, "--option", "x"),
        ("hindcast", path),
    ):
        assert shell(*words).status == 2
    assert [each.name for each in tmp_path.iterdir()] == ["wrong.yaml"]


MARKUP = '=cmd|"/c calc"!A1<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}#panic("x")'


def test_scenario_file_10_names_are_text(tmp_path: Path) -> None:
    words = plan()
    option = {"label": MARKUP, "about": MARKUP, "policy": {"share": "agreements"}}
    words |= {"name": MARKUP, "options": {"no": {}, MARKUP: option}}
    scenario = sim.from_mapping(words)
    results = sim.run(scenario, replications=12, workers=1, out=tmp_path / "out")
    formats = ["html", "pptx", "svg"]
    sim.brief(results, tmp_path / "brief", formats, only=["coverage"])
    write_page(scenario, tmp_path / "page.html", vary=["crises.raids.every_days=20,40"], replications=2, workers=1)
    for text in (each.read_text(encoding="utf-8") for each in tmp_path.rglob("*.html")):
        assert "<script>alert" not in text and "<img src=x" not in text
    for text in (each.read_text(encoding="utf-8") for each in tmp_path.rglob("*.svg")):
        assert "<script" not in text and "<img" not in text
    sheets = [write_summary(sim.decide(sim.compare(results)), tmp_path), *sim.export(results, "csv")]
    for sheet in sheets:
        with sheet.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    with ZipFile(next(tmp_path.rglob("*.pptx"))) as parts:
        inner = [ZipFile(io.BytesIO(parts.read(name))) for name in parts.namelist() if name.endswith(".xlsx")]
    assert inner and not any("<f>" in book.read("xl/worksheets/sheet1.xml").decode() for book in inner)


@pytest.mark.no_cover
def test_scenario_file_11_chooses_no_place_to_write(tmp_path: Path, shell: Shell) -> None:
    name = "../../../x/..\\y:\x7e"
    words = plan() | {
        "name": name,
        "options": {"no": {"policy": {"share": "none"}}, name: {"policy": {"share": "all"}}},
    }
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    (inside / "mine.yaml").write_text(yaml.safe_dump(words, sort_keys=False))
    shell.monkeypatch.undo()
    shell.monkeypatch.chdir(inside)
    plain = ("--replications", 2, "--workers", 1)
    assert shell("run", "mine.yaml", *plain).status == 0
    assert shell("tell", "mine.yaml", "--option", name).status == 0
    assert shell("sweep", "mine.yaml", "--vary", "crises.raids.every_days=9,20", *plain).status == 0
    assert shell("brief", "results/mine", "--format", "svg", "--option", name).status == 0
    assert shell("export", "results/mine").status == 0
    assert {each.name for each in inside.iterdir()} == {"mine.yaml", "results"}
    assert [each.name for each in (inside / "results").iterdir()] == ["mine"]
    assert all(inside in each.parents for each in tmp_path.rglob("*") if each.is_file())
    for each in (inside / "results").rglob("*"):
        assert re.fullmatch(r"[\w.%-]+", each.name), each


# A results folder


@pytest.mark.parametrize("file", ["..yaml", "...yaml"])
def test_scenario_file_11_is_not_named_after_a_folder(tmp_path: Path, shell: Shell, file: str) -> None:
    inside = tmp_path / "a"
    inside.mkdir()
    (inside / file).write_text(yaml.safe_dump(plan(), sort_keys=False))
    shell.monkeypatch.chdir(inside)
    stem = file.removesuffix(".yaml")
    told = f"{file}: results are named after the file, and {stem!r} is no name: rename it, or give --out\n"
    plain = ("--replications", 20, "--workers", 1)
    for words in (("run", file), ("page", file), ("size", file, "--resource", "company", "--coverage", 0.9)):
        assert shell(*words, *plain) == (2, "", told)
    assert [each.relative_to(tmp_path) for each in tmp_path.rglob("*")] == [Path("a"), Path("a") / file]
    assert shell("run", file, *plain, "--out", "out").status == 0


def test_results_folder_1_executes_nothing(folder: Path, made: Path) -> None:
    for _ in range(2):  # the first time imports what is needed
        with heard() as events:
            everything(folder)
            sim.brief(sim.read(folder), folder / "briefing", ["html", "svg"], only=["coverage"])
            sim.export(sim.read(folder), "csv")
    assert not (made / "mark").exists()
    assert not [event for event, _ in events if event in AWAY | STARTS]


@pytest.mark.parametrize(
    "statement",
    [
        f"DROP TABLE overall; CREATE VIEW overall AS {ENDLESS}",
        "CREATE TRIGGER mine AFTER INSERT ON overall BEGIN DELETE FROM overall; END",
        "UPDATE overall SET unmet_unit_days = zeroblob(90000000) WHERE replication = 5",
        f"UPDATE failures SET error = hex(zeroblob(90000000)) WHERE {FIRST_FAILED}",
    ],
)
def test_results_folder_2_is_opened_read_only_and_with_limits(folder: Path, statement: str) -> None:
    before = files_below(folder)
    everything(folder)
    assert files_below(folder) == before
    changed(folder, statement)
    with no_hang(), pytest.raises(DamageError):
        everything(folder)


def test_results_folder_3_has_the_scenario_that_it_is_of(folder: Path) -> None:
    path = folder / "scenario.yaml"
    other = path.read_text(encoding="utf-8").replace("2012-06-30", "2012-07-31")
    for text, kind, what in (
        (other, DamageError, "is not the scenario that these results are of"),
        (other + "about: &a x\n", ScenarioError, "anchor"),
        (HEAD, ScenarioError, "crises"),
    ):
        path.write_text(text, encoding="utf-8")
        edited(folder, {"scenario_file": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"}, signed=True)
        with pytest.raises(kind, match=what):
            sim.read(folder)


@pytest.mark.parametrize("what", ["a row", "a log", "scenario.yaml", "rules/rules.py", "manifest.json"])
def test_results_folder_4_edited_is_refused_in_one_line(folder: Path, what: str) -> None:
    if what == "a row":
        changed(folder, "UPDATE overall SET unmet_unit_days = unmet_unit_days + 1 WHERE replication = 0")
    elif what == "a log":
        changed(folder, "UPDATE levels SET shortfall = shortfall + 1 WHERE replication = 1")
    else:
        path = folder / what
        path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    with pytest.raises(DamageError) as caught:
        everything(folder)
    assert "\n" not in str(caught.value)


def test_results_folder_5_leads_nowhere_else(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("mine")
    for name in ("../../mine.py", "/etc/passwd", "..", "a/b.py", "c:\\x.py"):
        other = Path(shutil.copytree(folder, tmp_path / "other"))
        edited(other, {"rules_file": name}, signed=True)
        with pytest.raises(DamageError):
            sim.merge(tmp_path / "merged", other)
        shutil.rmtree(other)
    assert (tmp_path / "mine.py").read_text() == "mine"
    for name in ("manifest.json", "results.sqlite", "scenario.yaml", "rules/rules.py"):
        other = Path(shutil.copytree(folder, tmp_path / "other"))
        (other / name).rename(tmp_path / "elsewhere")
        (other / name).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(IntermissionError, match="link"):
            everything(other)
        shutil.rmtree(other)
    (folder / "charts").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="is a link"):
        sim.run(small(), replications=2, workers=1, out=folder, force=True)


def test_results_folder_6_is_shown_not_obeyed(folder: Path, shell: Shell) -> None:
    hostile = folder.rename(folder.with_name("\x1b[2J\x07\u202efolder"))
    edited(hostile, {"scenario": "\x1b]0;mine\x07"}, signed=True)
    for words in (("compare", hostile), ("compare", hostile, "--json"), ("export", hostile), ("merge", "m", hostile)):
        said = shell(*words)
        assert not OBEYED.search(said.out + said.err)
    (hostile / "manifest.json").unlink()
    said = shell("compare", hostile)
    assert said.status == 2 and r"\x1b[2J\x07\u202efolder" in said.err


def test_results_folder_7_is_all_that_a_run_writes_to(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "precious").write_text("mine")
    sim.run(small(), replications=2, workers=1, out=out)
    (out / "notes.txt").write_text("mine")
    (out / "charts").mkdir(exist_ok=True)
    (out / "charts" / "mine.ods").write_text("mine")
    sim.run(small(), replications=2, seed=8, workers=1, out=out, force=True)
    for kept in (tmp_path / "precious", out / "notes.txt", out / "charts" / "mine.ods"):
        assert kept.read_text() == "mine"
    assert {each.name for each in tmp_path.iterdir()} == {"out", "precious"}


@pytest.mark.parametrize("force", [False, True])
def test_results_folder_8_of_something_else_is_left_alone(tmp_path: Path, force: bool) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    (tmp_path / "results.sqlite").write_text("mine, too")
    before = files_below(tmp_path)
    with pytest.raises(UsageError, match="is not empty and not a results folder"):
        sim.run(small(), replications=2, workers=1, out=tmp_path, force=force)
    assert files_below(tmp_path) == before


def test_results_folder_9_holds_no_formulas(tmp_path: Path) -> None:
    words = plan()
    words["missions"] = {"=North": words["missions"]["North"], "+South": words["missions"]["South"]}
    words["crises"] = {"@raids": words["crises"]["raids"] | {"mission": "=North"}}
    words["agreements"] = {"-both": words["agreements"]["both"] | {"between": ["=North", "+South"]}}
    words["options"] = {"no": {}, "=1+1": {"policy": {"share": "all"}}, "\t=2": {"policy": {"share": "all"}}}
    results = sim.run(sim.from_mapping(words), replications=6, workers=1, out=tmp_path / "out")
    sheets = [
        *sim.export(results, "csv", tmp_path / "export"),
        write_summary(sim.decide(sim.compare(results)), tmp_path),
    ]
    sheets += [each for each in save_all(sim.compare(results), tmp_path / "charts") if each.suffix == ".csv"]
    assert len(sheets) > 5
    for sheet in sheets:
        with sheet.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        bad = [cell for cell in cells if cell.startswith(("=", "+", "@", "\t")) or re.match(r"-[^\d.inf]", cell)]
        assert bad == [], sheet.name


def test_results_folder_10_holds_no_times_and_no_places(tmp_path: Path) -> None:
    for name in ("one", "another place"):
        (tmp_path / name).mkdir()
        rules = rules_file(tmp_path / name)
        words: dict[str, Any] = {"replications": 6, "workers": 1, "keep_loans": 3, "rules": rules}
        sim.run(small("unlucky"), out=tmp_path / name / "out", options=OPTIONS, **words)
        changed(tmp_path / name / "out", "DELETE FROM failures; VACUUM")
    one, other = (files_below(tmp_path / name / "out") for name in ("one", "another place"))
    assert one == other
    assert not [name for name, contents in one.items() if str(tmp_path).encode() in contents]


# A rule


def test_rule_1_is_a_program(tmp_path: Path) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(f"{RULES}\nPath({str(tmp_path / 'mark')!r}).touch()\n")
    sim.run(small("greedy"), replications=1, workers=1, rules=rules)
    assert (tmp_path / "mark").exists(), "it may do what you may do"


def test_rule_2_is_executed_only_where_you_name_its_file(
    folder: Path, made: Path, tmp_path: Path, shell: Shell
) -> None:
    (tmp_path / "unlucky.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')\n")
    (tmp_path / "sitecustomize.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')\n")
    assert shell("run", folder / "scenario.yaml", "--out", "x").status == 2
    assert shell("compare", folder).status == 0
    assert shell("export", folder).status == 0
    assert shell("merge", "merged", folder).status == 1, "of the failures in it"
    assert (tmp_path / "merged" / "rules" / "rules.py").exists()
    assert not (tmp_path / "mark").exists() and not (made / "mark").exists()
    shell("tell", folder / "scenario.yaml", "--rules", folder / "rules" / "rules.py", "--option", "by rule")
    assert (made / "mark").exists()
    (made / "mark").unlink()


def test_rule_3_that_asks_for_too_much_is_a_bug_of_the_rule(tmp_path: Path) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text("def greedy(situation):\n    return [(each, each.can_offer + 1) for each in situation.lenders]\n")
    results = sim.run(small("greedy"), replications=6, workers=1, rules=rules, out=tmp_path / "out")
    failures = results.failures()
    assert failures and all("rule 'greedy' asks" in each["error"] for each in failures)


# A report, a deck, a page


@pytest.fixture(scope="module")
def shown(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report, a deck and a page."""
    place = tmp_path_factory.mktemp("shown")
    sim.brief(sim.read(made / "out"), place, ["html", "pptx"])
    write_page(small(), place / "page.html", vary=["crises.raids.every_days=20,40"], replications=2, workers=1)
    return place


def _policy(text: str) -> dict[str, str]:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found is not None
    rules = found[1].replace("&#39;", "'").split(";")
    return {rule.split()[0]: " ".join(rule.split()[1:]) for rule in rules if rule.strip()}


def test_report_a_deck_a_page_1_open_without_a_network(shown: Path) -> None:
    assert {each.suffix for each in shown.iterdir() if each.is_file()} == {".html", ".pptx"}
    for page in shown.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"\b(?:https?|ftp|file)://[^\s'\"`<]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
        for source in re.findall(r"""\b(?:src|href)=["']([^"']*)""", text):
            assert source.startswith(("#", "data:")), source


def test_report_a_deck_a_page_2_the_report_runs_no_script(shown: Path) -> None:
    report = next(each for each in shown.glob("*.html") if each.name != "page.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|\son\w+=|javascript:", report)
    policy = _policy(report)
    assert policy["default-src"] == "'none'" and "script-src" not in policy


def test_report_a_deck_a_page_3_the_page_runs_its_own_scripts_only(shown: Path) -> None:
    page = (shown / "page.html").read_text(encoding="utf-8")
    policy = _policy(page)
    assert policy["default-src"] == "'none'" and "connect-src" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = {base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts}
    assert scripts and set(policy["script-src"].split()) <= {f"'sha256-{each}'" for each in digests}
    assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


def test_report_a_deck_a_page_4_slides_have_no_macros_and_no_links(shown: Path) -> None:
    with ZipFile(next(shown.glob("*.pptx"))) as parts:
        names = parts.namelist()
        assert not [name for name in names if re.search("vba|macro|activex|oleobject|externallink", name.lower())]
        for name in names:
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in parts.read(name), name


# A cluster


def test_cluster_1_is_to_be_trusted_which_the_flag_says() -> None:
    assert "trusted network or TLS only" in FLAGS["cluster"][1]["help"]


def test_cluster_2_what_workers_send_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to check it by: a worker that lies is believed."""

    def lie(*words: Any) -> Any:
        outcome = run_batch(*words)
        for measured in outcome.values.values():
            for _, values in measured:
                values[:] = 7.0
        return outcome

    monkeypatch.setattr(runner, "run_batch", lie)
    results = sim.run(small(), replications=2, workers=1)
    assert set(results.sample("as it was", "unmet_unit_days")) == {7.0}


def test_cluster_3_without_one_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sim.running.workers.START_UP_SECONDS", 0.0)
    with heard() as events:
        sim.run(small(), replications=24, workers=2, out=tmp_path / "out")
    assert not [about for event, about in events if event in AWAY]
