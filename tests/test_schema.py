"""What editors and planners are told of the language is what reading accepts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from sim.errors import UsageError
from sim.operations.log import CAUSES
from sim.scenario.docs.json_schema import schema
from sim.scenario.docs.meanings import meanings
from sim.scenario.docs.reference import reference
from sim.scenario.docs.starter import starter, write_starter
from sim.scenario.files.patch import merge
from sim.scenario.files.yaml import parse
from sim.scenario.load import from_mapping, load
from sim.scenario.nouns import scenario as nouns
from sim.scenario.nouns.distributions import Block
from sim.scenario.nouns.vocabulary import blocks_at, words_at

SCENARIOS = Path(__file__).parent.parent / "scenarios"
FILES = sorted(SCENARIOS.rglob("*.yaml"))
BLOCKS = [
    each for each in vars(nouns).values() if isinstance(each, type) and issubclass(each, Block) and each is not Block
]
WRONG_IN_EDITORS_TOO = [
    "unknown_word_in_mission", "unknown_word_at_top", "unknown_word_in_phase", "nothing_but_a_list", "negative_days",
    "too_many_days", "chances_beyond_one", "half_a_unit", "number_in_quotes", "truth_for_a_number", "wrong_kind",
    "list_for_a_block", "block_for_a_list", "word_for_a_list", "number_for_text", "unknown_gate", "future_language",
    "experiment", "history_arrivals_and_kinds", "sources", "change_with_unknown_word", "change_of_what_cannot_change",
    "no_missions", "season",
]  # fmt: skip


def errors(value: object) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(schema())
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(value)]


def test_it_is_a_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenarios_and_libraries_satisfy_the_schema(path: Path) -> None:
    assert errors(parse(path.read_bytes()).value) == []


@pytest.mark.parametrize("name", WRONG_IN_EDITORS_TOO)
def test_an_editor_underlines_what_reading_refuses(name: str) -> None:
    path = Path(__file__).parent / "bad" / f"{name}.yaml"
    assert errors(parse(path.read_bytes()).value)


def test_an_editor_takes_what_is_added_to_a_list() -> None:
    route = {"between": ["North", "South"], "km": 3}
    assert (
        errors({"routes": {"add": [route]}, "missions": {"North": {"changes": {"add": [{"on": "2012-05-01"}]}}}}) == []
    )
    assert errors({"routes": {"add": [{"between": ["North", "South"], "kmm": 3}]}})
    assert errors({"routes": {"add": [route], "more": 1}})
    assert errors({"routes": [route]}) == []


def test_every_word_has_its_meaning_in_the_schema() -> None:
    def check(block: dict[str, object], where: str) -> None:
        properties = block["properties"]
        assert isinstance(properties, dict)
        for word, said in properties.items():
            assert said.get("description", "").strip().endswith("."), f"{where}.{word}"

    whole = schema()
    check(whole, "scenario")
    for name, block in whole["$defs"].items():
        check(block, name)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__)
def test_every_field_has_a_docstring(block: type[Block]) -> None:
    if block is not nouns.Sourced:
        assert set(meanings(block)) == set(block.model_fields)


def test_known_words_follow_the_spellings_of_values() -> None:
    assert "holds" in (words_at(("missions", "North")) or [])
    assert words_at(("missions",)) is None
    assert "mode" in (words_at(("crises", "x", "phases", 1, "lasts_days", "triangular")) or [])
    assert "holds" in (words_at(("options", "x", "change", "missions", "North")) or [])
    assert blocks_at(("crises", "x", "on", "y")) == []


def test_the_page_in_the_repository_is_the_generated_one() -> None:
    """Else: intermission schema --markdown > scenarios/README.md"""
    assert (SCENARIOS / "README.md").read_text(encoding="utf-8") == reference()


def test_the_reference_has_every_word_and_every_distribution() -> None:
    page = reference()
    assert "{{" not in page.replace("{{ ", "")
    for block in BLOCKS:
        if block is not nouns.Sourced:
            for name, field in block.model_fields.items():
                assert f"| `{field.alias or name}` |" in page
    for link in re.findall(r"\]\(#([a-z-]+)\)", page):
        assert f'<a id="{link}">' in page or link.startswith(("doubts-", "extends-")), link


def test_the_examples_in_the_reference_can_be_read(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", reference(), re.DOTALL)
    whole = [block for block in blocks if re.search(r"^period:", block, re.MULTILINE)]
    assert len(whole) == 2
    for number, block in enumerate(whole):
        path = tmp_path / f"{number}.yaml"
        path.write_text(block, encoding="utf-8")
        load(path)
    for line in re.findall(r"^\| `(\{\w+: .*?\})` \|", reference(), re.MULTILINE):
        amount = parse(f"lasts_days: {line}".encode()).value
        missions = {"North": {"holds": {"company": 3}}}
        crises = {"raids": {"mission": "North", "every_days": 9, **amount, "needs": {"company": 1}}}
        from_mapping({"period": {"from": "2012-01-01", "to": "2012-03-01"}, "missions": missions, "crises": crises})


def test_the_examples_of_words_can_be_laid_over_the_scenario_at_the_top() -> None:
    page = reference()
    top, *_ = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    section = page[page.index("## Examples, word by word") : page.index("## What the policy words mean")]
    examples = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    words = ["phases", "spills_over", "escalates", "season", "changes", "consent_given", "routes", "lifts", "at_most"]
    words += ["order", "renewals", "page", "patience_days"]
    assert len(examples) >= 8
    assert [word for word in words if f"{word}:" not in section] == []
    base = parse(top.encode()).value
    for mission in base["missions"].values():
        mission["region"] = "West"
    base["missions"]["Hub"] = {"at": [5.3, -4.0], "region": "West", "holds": {"attack_helicopter": 2}}
    for example in examples:
        scenario = from_mapping(merge(base, parse(example.encode()).value))
        assert scenario.warnings == (), example


def test_the_glossary_has_every_cause() -> None:
    glossary = reference().partition("## Glossary")[2]
    assert [cause for cause in CAUSES if cause not in glossary.partition("| cause |")[2]] == []


def test_the_starter_is_written_once_and_runs_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    write_starter(path)
    assert path.read_text(encoding="utf-8") == starter()
    scenario = load(path)
    assert len(scenario.options) >= 2
    assert errors(parse(path.read_bytes()).value) == []
    with pytest.raises(UsageError, match="exists already"):
        write_starter(path)
    with pytest.raises(UsageError, match="there is no folder"):
        write_starter(tmp_path / "nowhere" / "mine.yaml")


def _left_out(line: str) -> str | None:
    """What a line of the starter says once its # is taken away; None where that is no part of a scenario."""
    indent, mark, rest = line.partition("# ")
    if indent.strip() or not mark:
        return None
    try:
        said = yaml.safe_load(rest)
    except yaml.YAMLError:
        return None
    is_word = isinstance(said, dict) and not isinstance(next(iter(said.values())), str)
    return indent + rest if is_word else None


def test_what_the_starter_leaves_out_holds_once_its_mark_is_taken_away(tmp_path: Path) -> None:
    """Each line by itself, and all of them together; the words that are newest are among them, or said outright."""
    lines = starter().splitlines()
    told = {number: said for number, line in enumerate(lines) if (said := _left_out(line)) is not None}
    assert len(told) >= 10
    path = tmp_path / "mine.yaml"
    for numbers in [*([number] for number in told), list(told)]:
        path.write_text("\n".join(told[n] if n in numbers else line for n, line in enumerate(lines)), encoding="utf-8")
        assert load(path).warnings == (), [lines[number] for number in numbers]
    raw = path.read_text(encoding="utf-8")
    newest = "per by_severity lenders may_go_short serviceable teams equipment one_of reception_per_day closed doubts"
    assert [word for word in [*newest.split(), "question"] if f"{word}: " not in raw and f"{word}:\n" not in raw] == []
    assert errors(parse(path.read_bytes()).value) == []
