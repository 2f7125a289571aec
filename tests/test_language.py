"""What is said in another language than English: every sentence, whole, with its slots; and English pays nothing."""

from __future__ import annotations

import ast
import datetime as dt
import io
import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.extract import extract_javascript
from babel.messages.pofile import read_po
from click.testing import CliRunner
from jinja2.ext import babel_extract
from matplotlib.text import Text
from rich.console import Console
from rich.table import Table

import sim
from sim import charts
from sim.charts.house import basemap
from sim.charts.house import dates as axes_of_dates
from sim.charts.house.drawer import chart_of
from sim.charts.house.style import Chart
from sim.cli import intermission
from sim.commands.shared import output, terminal
from sim.commands.shared.first_screen import FirstScreen
from sim.commands.shared.unbroken import Unbroken
from sim.comparison import findings
from sim.comparison.comparison import Comparison
from sim.comparison.verdict import judge
from sim.questions.doubts.result import Doubts
from sim.questions.hindcast.hindcast import Pooled
from sim.results.reader import Results
from sim.scenario.loaded import LoadedScenario
from sim.words import dates, language, names
from sim.words.dates import date_in_words
from sim.words.language import LOCALES, Phrase, languages, patterns, phrase, phrase_n, speaking
from sim.words.names import listed, quoted, unit_name
from sim.words.numbers import days, fixed, money, number, percent
from tests.invented import invented_doubts

HOUSE = Path(sim.__file__).parent
LITERALS = {"phrase": 1, "Phrase": 1, "phrase_n": 2, "PhraseN": 2}
"""The functions that say a sentence, and how many literals each begins with."""
FOREIGN = [tag for tag in languages() if tag != "en"]


@cache
def calls() -> list[tuple[Path, ast.Call, int]]:
    """Every call of one of those functions in the house, with the number of its literals."""
    return list(_calls())


def _calls() -> Iterator[tuple[Path, ast.Call, int]]:
    for file in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and file != Path(language.__file__):
                name = getattr(node.func, "id", "")
                if name in LITERALS:
                    yield file, node, LITERALS[name]


@cache
def said() -> frozenset[tuple[str, ...]]:
    """The sentences of the source; one of number, as its two."""
    python = {
        tuple(str(arg.value) for arg in call.args[:literals] if isinstance(arg, ast.Constant))
        for _, call, literals in calls()
    }
    return frozenset(python.union(*map(in_script, HOUSE.rglob("*.js")), *map(in_template, HOUSE.rglob("*.html"))))


def in_script(file: Path) -> set[tuple[str, ...]]:
    """The sentences that a file of JavaScript says."""
    with file.open("rb") as opened:
        found = list(extract_javascript(opened, {"phrase": None, "phraseN": (1, 2)}, (), {}))
    return {told(literals, 2 if name == "phraseN" else 1) for _, name, literals, _ in found}


def in_template(file: Path) -> set[tuple[str, ...]]:
    """The sentences that a template of Jinja says."""
    with file.open("rb") as opened:
        found = list(babel_extract(opened, ["phrase", "phrase_n"], (), {}))
    return {told(literals, LITERALS[name]) for _, name, literals, _ in found}


def told(literals: object, many: int) -> tuple[str, ...]:
    """The first literals of a call, as Babel gives them: a text, or several with None for what is none."""
    return tuple(str(each) for each in literals)[:many] if isinstance(literals, tuple | list) else (str(literals),)


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def translations(tag: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """A catalogue's sentences and what each is there."""
    with (LOCALES / tag / "LC_MESSAGES" / "intermission.po").open("rb") as file:
        messages = [each for each in read_po(file, locale=tag, abort_invalid=True) if each.id]
    assert not any(each.fuzzy for each in messages)
    return {
        tuple(each.id) if isinstance(each.id, list | tuple) else (each.id,): tuple(each.string)
        if isinstance(each.string, list | tuple)
        else (str(each.string),)
        for each in messages
    }


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    wrong = [
        f"{file.relative_to(HOUSE)}:{call.lineno}"
        for file, call, literals in calls()
        if not all(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in call.args[:literals])
        or len(call.args) < literals
    ]
    assert wrong == []


@pytest.mark.parametrize("file", sorted(HOUSE.rglob("*.js")), ids=lambda each: each.name)
def test_every_sentence_of_a_script_can_be_found(file: Path) -> None:
    """A sentence within another's slots, or within a template literal, would not be: and no page would have it."""
    called = re.findall(r"(?<!function )\bphraseN?\(", file.read_text(encoding="utf-8"))
    with file.open("rb") as opened:
        found = list(extract_javascript(opened, {"phrase": None, "phraseN": (1, 2)}, (), {}))
    assert len(found) == len(called)


@pytest.mark.parametrize("tag", FOREIGN)
def test_every_sentence_is_in_the_catalogue_and_no_other(tag: str) -> None:
    known = translations(tag)
    numbered = {each[0] for each in said() if len(each) == 2}
    needed = {each for each in said() if len(each) == 2 or each[0] not in numbered}
    assert needed - set(known) == set()
    assert set(known) - needed == set()
    assert [each for each, told in known.items() if not all(told)] == []


@pytest.mark.parametrize("tag", FOREIGN)
def test_translations_have_the_same_slots(tag: str) -> None:
    """A sentence of number may leave out a slot of its other half: a day, {n} days."""
    wrong = {
        each: told
        for each, told in translations(tag).items()
        if any(slots(one) != slots(other) for one, other in zip(each, told, strict=True))
    }
    assert wrong == {}


def test_no_line_of_french_can_begin_with_a_colon() -> None:
    with speaking("fr"):
        told = phrase("What is worth finding out first cannot be said yet: too few courses of events were played")
        assert "d’abord\u00a0: trop peu" in told
        assert phrase("‘{name}’", name="a : b") == "«\u00a0a : b\u00a0»", "a name stays as it is"


def test_english_is_what_is_written() -> None:
    assert phrase("over {figure} %", figure=9) == "over 9 %"
    assert phrase_n("{figure} day", "{figure} days", 1, figure=1) == "1 day"
    assert phrase_n("{figure} day", "{figure} days", 1.9, figure=1.9) == "1.9 days"
    assert patterns("say(phrase('over {figure} %'))") == {}


def test_french_figures_dates_and_lists() -> None:
    with speaking("fr"):
        assert number(1234.5) == "1\u202f234"
        assert number(0.42) == "0,42"
        assert number(1.25e6) == "1,25\u00a0million"
        assert number(-2.5e9) == "−2,5\u00a0milliards"
        assert number(math.nan) == "–"
        assert money(11.3e6) == "11,3\u00a0millions de dollars"
        assert money(-1) == "−1\u00a0dollar"
        assert percent(0.846, 1) == "84,6\u202f%"
        assert percent(0.0001) == "moins de 1\u202f%"
        assert fixed(-1234.5, 1, sign=True) == "−1\u202f234,5"
        assert days(1.9) == "1,9\u00a0jour"
        assert days(2) == "2\u00a0jours"
        assert date_in_words(dt.date(2011, 2, 1)) == "1er févr. 2011"
        assert date_in_words(dt.date(2011, 8, 30)) == "30 août 2011"
        assert listed(["a", "b", "c"]) == "a, b et c"
        assert listed(["a", "b"], "or") == "a ou b"
        assert quoted("as it was") == "«\u00a0as it was\u00a0»"
    assert number(1234.5) == "1,234"


def test_a_script_is_given_the_sentences_that_it_says() -> None:
    script = "a(phrase('over {figure} %', { figure: 9 }), phraseN('{figure} day', '{figure} days', n, { figure }))"
    with speaking("fr"):
        assert patterns(script) == {
            "over {figure} %": "plus de {figure}\u202f%",
            "{figure} day": {"one": "{figure}\u00a0jour", "other": "{figure}\u00a0jours"},
        }


def test_numbers_in_slots_are_written_as_the_language_does() -> None:
    with speaking("fr"):
        assert phrase("{n:,} of {share:.1f}", n=1234, share=2.5) == "1\u202f234 of 2,5"
        assert phrase("{name}", name="1,234.5") == "1,234.5"


def test_a_sentence_of_a_table_is_said_in_the_language_of_its_call() -> None:
    sentence = Phrase("under {figure} %")
    with speaking("fr"):
        assert sentence(figure=1) == "moins de 1\u202f%"
    assert sentence(figure=1) == "under 1 %"


def test_languages_end_with_their_block_and_unknown_ones_are_named() -> None:
    with pytest.raises(ZeroDivisionError), speaking("fr"):
        _ = 1 / 0
    assert language.language() == "en"
    with pytest.raises(ValueError, match="no language 'xx'; known: en, fr"), speaking("xx"):
        pass


def test_english_imports_neither_gettext_nor_babel() -> None:
    """And asks no catalogue: what is not used costs nothing."""
    script = (
        "import sys; from sim.words import language, numbers; numbers.money(1e6);"
        "language.phrase('{a}', a=1); language.month_names();"
        "sys.exit(sum(name in sys.modules for name in ('gettext', 'babel')) + language.catalogue.cache_info().misses)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("label", "one"),
    [
        ("Hélicoptères d’attaque", "hélicoptère d’attaque"),
        ("Unités de police constituées", "unité de police constituée"),
        ("Hélicoptères de transport militaires", "hélicoptère de transport militaire"),
        ("Sections de véhicules blindés", "section de véhicules blindés"),
        ("Hôpitaux de campagne", "hôpital de campagne"),
        ("Compagnies d'infanterie", "compagnie d'infanterie"),
    ],
)
def test_one_unit_of_a_french_label(label: str, one: str) -> None:
    assert unit_name(label, 1, "fr") == unit_name(label, 0, "fr") == one
    assert unit_name(label, 2, "fr") == label[0].lower() + label[1:]


FRENCH = """
name: Deux voisins
language: fr
period: {from: 2012-01-01, to: 2012-03-31}
resources: {company: {label: Compagnies d’infanterie}}
missions: {Nord: {holds: {company: 0}}, Sud: {holds: {company: {Pakistan: 2}}}}
crises: {raid: {label: Raids, mission: Nord, on: 2012-02-01, lasts_days: 10, needs: {company: 1}}}
options: {pooling: {label: mise en commun, policy: {share: all}}}
"""
STORY = [
    "1er févr. 2012 : Nord : début de la crise « Raids » ; besoins : 1 compagnie d’infanterie.",
    "1er févr. 2012 : Nord demande à Sud le prêt de 1 compagnie d’infanterie (Pakistan) pour la crise « Raids ».",
]


def test_a_french_scenario_is_told_in_french_and_in_english_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "deux.yaml"
    file.write_text(FRENCH, encoding="utf-8")
    command = ["tell", str(file), "--option", "pooling", "--out", str(tmp_path / "out"), "--quiet"]
    french, english = (CliRunner().invoke(intermission, [*command, *more]) for more in ([], ["--language", "en"]))
    assert french.exit_code == english.exit_code == 0, french.output + english.output
    assert re.sub("[\u00a0\u202f]", " ", french.output).splitlines()[:2] == STORY
    assert english.output.splitlines()[0] == "1 Feb 2012: Nord: Raids begins and needs 1 compagnie d’infanterie."
    assert language.language() == "en"


class Masked(NullTranslations):
    """A catalogue that hides every letter of a sentence but its slots: letters that are left were never translated."""

    def gettext(self, message: str) -> str:
        return re.sub(r"\{[^}]*\}|[A-Za-z]", lambda each: each[0] if each[0].startswith("{") else "·", message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def masked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hidden = Masked()
    monkeypatch.setattr(language, "catalogue", lambda _: hidden)
    for room in (dates, axes_of_dates):
        monkeypatch.setattr(room, "month_names", lambda: ["·"] * 12)
    monkeypatch.setattr(basemap, "territory", lambda code, english: "·" * len(code + english))
    monkeypatch.setattr(names, "joined", lambda parts, _: " · ".join(parts))
    with speaking("fr"):
        yield


GREEK: dict[str, object] = {
    "name": "Δύο",
    "period": {"from": "2012-01-01", "to": "2012-06-30"},
    "resources": {"λ": {"label": "Λόχοι", "prepare_days": 1}},
    "contributors": {"Γ": {"consent_days": 3, "refuses": 0.3}},
    "missions": {
        "Α": {"at": [7, -5], "holds": {"λ": {"Γ": 1}}, "routine": {"λ": 1}},
        "Β": {"at": [6, -10], "holds": {"λ": {"Γ": 3}}, "changes": [{"on": "2012-05-01", "holds": {"λ": {"Γ": -1}}}]},
    },
    "crises": {"κ": {"mission": "Α", "every_days": 40, "lasts_days": 20, "needs": {"λ": 2}, "warning_days": 2}},
    "agreements": {
        "ν": {
            "between": ["Α", "Β"],
            "gates": {"council": {"days": 5}, "contributor": {}, "host": {"days": 2}},
            "window_days": 9,
            "renewals": {"most": 1, "days": 3, "refuses": 0.5},
        }
    },
    "options": {
        "ο": {"policy": {"share": "none"}},
        "π": {"policy": {"share": "agreements", "recall": {"notice_days": 2}}},
        "ρ": {"policy": {"share": "all"}},
    },
}
"""Names in another script than that of English, so that no Latin letter is a name's."""
GREEK_OPTIONS = ("ο", "π", "ρ")
LEFT = re.compile(r"[A-Za-z]+")
OF_COMPARISON = (
    *("answer", "coverage", "differences", "causes", "timeline", "gantt"),
    *("lending", "waterfall", "why", "risk", "regret"),
    *("map", "frontier", "response", "situation"),
)
OF_STORY = ("timeline", "gantt", "lending", "waterfall", "map")
OF_DOUBTS = ("doubts", "along")
NOT_LOOKED_AT = {"race"}
"""There is nothing to draw one of here."""


@pytest.mark.usefixtures("masked")
def test_no_english_escapes_from_a_story() -> None:
    scenario = sim.from_mapping(GREEK)
    lines = [line for number in range(6) for line in sim.tell(scenario, "π", number).lines()]
    assert len(lines) > 60
    assert [line for line in lines if LEFT.search(line)] == []


def test_every_chart_is_among_those_looked_at_or_named() -> None:
    assert {*OF_COMPARISON, *OF_STORY, *OF_DOUBTS, "sizing", "sweep", "hindcast"} | NOT_LOOKED_AT == set(charts.names())


@cache
def played(replications: int) -> Results:
    """The Greek scenario, run once for all that look at it."""
    return sim.run(sim.from_mapping(GREEK), replications=replications, workers=1)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Of the Greek scenario, with its logs."""
    folder = tmp_path_factory.mktemp("greek")
    return sim.compare(sim.run(sim.from_mapping(GREEK), replications=40, workers=1, keep_loans=2, out=folder))


def english_in(chart: Chart, *typed: str) -> list[str]:
    """What is left in any text of a figure, its finding and its description; "--" flags and what is `typed` aside."""
    texts = [chart.finding, chart.alt, *(text.get_text() for text in chart.findobj(Text) if text.get_visible())]
    return [text for text in texts if LEFT.search(without_flags(without(text, typed)))]


def without(text: str, typed: Sequence[str]) -> str:
    """A text without some of its words."""
    return re.sub("|".join(map(re.escape, typed)), "", text) if typed else text


def without_flags(text: str) -> str:
    """A text without words such as --bound, which are the same in any language."""
    return re.sub(r"--[a-z-]+", "", text)


@pytest.mark.no_cover
@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("name", OF_COMPARISON)
def test_no_english_escapes_from_a_chart_of_a_comparison(name: str, comparison: Comparison) -> None:
    assert english_in(getattr(charts, name)(comparison)) == []


@pytest.mark.parametrize("name", OF_COMPARISON)
def test_marks_in_what_is_read_aloud_are_spaced_as_in_french(name: str, comparison: Comparison) -> None:
    with speaking("fr"):
        said = chart_of(name).alt(comparison)
    assert re.findall(r"\S+(?<![\s\u00a0\u202f])[:;](?=\s|$)", said) == []


@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("replications", [1, 40, 120])
def test_no_english_escapes_from_what_a_comparison_says(replications: int) -> None:
    results = played(replications)
    for reference in GREEK_OPTIONS:
        compared = sim.compare(results, reference)
        lines = [
            *judge(compared).sentences(),
            *findings.differences_in_words(compared),
            *findings.not_significant(compared),
            *findings.what_it_costs_the_lender(compared),
            *findings.what_a_unit_day_costs(compared),
            str(compared),
        ]
        assert len(lines) > 5
        assert [line for line in lines if LEFT.search(line)] == []


@pytest.mark.usefixtures("masked")
def test_no_english_escapes_from_a_sizing() -> None:
    sizing = sim.size(sim.from_mapping(GREEK), "λ", 0.9, replications=20, workers=1)
    assert english_in(charts.sizing(sizing)) == []
    assert english_on_a_terminal(terminal.show_sizing, sizing) == []


def english_on_a_terminal(show: Callable[[Any], None], found: object, *typed: str) -> list[str]:
    """The lines of a command's tables and sentences in which letters are left; without flags and what is `typed`."""
    with redirect_stdout(io.StringIO()) as shown:
        show(found)
    lines = shown.getvalue().splitlines()
    assert len(lines) > 3
    return [line for line in lines if LEFT.search(without_flags(without(line, typed)))]


EVERY, LASTS, DAYS = "crises.κ.every_days", "crises.κ.lasts_days", "agreements.ν.gates.council.days"


@pytest.mark.no_cover
@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize(
    ("vary", "settings"),
    [
        ({EVERY: [20, 40, 80]}, None),
        ({EVERY: list(range(20, 82, 3)), LASTS: [3, 30]}, None),
        ({EVERY: [20, 40], LASTS: [5, 10], DAYS: [1, 9]}, None),
        ({"missions.Α.holds.λ.Γ": [0, 40]}, None),
        ({EVERY: [20, 80], LASTS: [5, 30]}, 20),
    ],
    ids=["one", "two", "three", "enough", "sample"],
)
def test_no_english_escapes_from_a_sweep(
    vary: dict[str, list[float]], settings: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "WIDTH_IN_A_FILE", 300)
    for reference in ("ο", "ρ"):
        found = sim.sweep(
            sim.from_mapping(GREEK), vary, settings=settings, reference=reference, replications=8, workers=1
        )
        assert english_in(charts.sweep(found)) == []
        assert english_on_a_terminal(terminal.show_sweep, found, *found.paths) == []


@pytest.mark.usefixtures("masked")
def test_no_english_escapes_from_doubts() -> None:
    """Both where one decides between the options and where there are too few worlds."""
    for worlds, many in ((5, 2), (100, 3)):
        found = in_greek(invented_doubts(3, many, sets=worlds))
        assert [line for line in map(without_flags, found.sentences()) if LEFT.search(line)] == []
        assert [text for name in OF_DOUBTS for text in english_in(getattr(charts, name)(found))] == []
        assert english_on_a_terminal(terminal.show_doubts, found, found.question) == []


def in_greek(found: Doubts) -> Doubts:
    """The same, its doubts and options with names that have no Latin letter."""
    names = {name: f"δ{number}" for number, name in enumerate(found.doubts)}
    options = {name: f"ο{number}" for number, name in enumerate(found.scenario.options)}
    scenario = sim.from_mapping(GREEK | {"options": {name: {"policy": {"share": "all"}} for name in options.values()}})
    doubts = {
        names[name]: replace(
            each, name=names[name], best_after=None if each.best_after is None else options[each.best_after]
        )
        for name, each in found.doubts.items()
    }
    return replace(
        found,
        scenario=scenario,
        options=tuple(options[name] for name in found.options),
        compared=(options[found.compared[0]], options[found.compared[1]]),
        best=options[found.best],
        doubts=doubts,
    )


SCORES = ("CRPS", "PIT")
"""What the scores are called in any language."""
HISTORY: dict[str, dict[str, object]] = {
    "α": {"requested": "2012-02-01", "authorised": "2012-02-04", "arrived": "2012-02-10", "returned": "2012-03-01"},
    "β": {
        "requested": "2012-03-02",
        "authorised": "2012-03-04",
        "arrived": {"between": ["2012-03-05", "2012-03-20"]},
        "units": 1,
    },
    "γ": {"authorised": "2012-04-01", "never": True},
    "δ": {"requested": "2012-05-01", "not_before": "2012-05-20"},
    "ε": {"returned": "2012-06-01", "units": 2, "fitted": ["units"]},
    "ζ": {"requested": "2012-06-02", "authorised": "2012-06-04", "arrived": [
        {"on": "2012-06-06", "units": 1}, {"on": "2012-06-09", "units": 1}
    ]},
}  # fmt: skip


def in_history(*names: str) -> LoadedScenario:
    """The Greek scenario with these entries of its history."""
    entries = {name: {"from": "Β", "to": "Α", "resource": "λ", **HISTORY[name]} for name in names}
    options = {"ο": {"policy": {"share": "none"}}, "π": {"policy": {"share": "all"}, "record": True}}
    return sim.from_mapping(GREEK | {"history": entries, "options": options})


@pytest.mark.no_cover
@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("names", ["α", "αβ", "γ", "ε", "αβδζ", "αβγδε"])
def test_no_english_escapes_from_a_hindcast(names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "WIDTH_IN_A_FILE", 300)
    found = sim.hindcast(in_history(*names), replications=40, workers=1)
    for each in (found, Pooled((found,))):
        assert english_in(charts.hindcast(each), *SCORES) == []
        assert english_on_a_terminal(terminal.show_hindcast, each, *SCORES) == []


@pytest.mark.no_cover
@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("name", OF_STORY)
def test_no_english_escapes_from_a_chart_of_a_story(name: str) -> None:
    assert english_in(getattr(charts, name)(sim.tell(sim.from_mapping(GREEK), "π", 1))) == []


@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("replications", [1, 40, 140])
def test_no_english_escapes_from_all_that_can_be_said(
    replications: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "WIDTH_IN_A_FILE", 300)
    results = played(replications)
    output.show(sim.decide(sim.compare(results)), as_json=False, full=True)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 12
    assert [line for line in map(without_flags, lines) if LEFT.search(line)] == []


@pytest.mark.parametrize("width", [12, 13, 16, 20, 30, 60])
def test_no_figure_of_a_table_is_broken_at_its_narrow_space(width: int) -> None:
    figures = ["2\u202f346 à 2\u202f563", "−12\u202f346", "mieux de 2\u202f563", "0,5"]
    table = Table(box=None, padding=0)
    table.add_column("un")
    table.add_row(Unbroken("\n".join([figures[0], f"[dim]{figures[1]}[/dim]", *figures[2:]])))
    shown = io.StringIO()
    Console(file=shown, width=width).print(table)
    told = [line.strip() for line in shown.getvalue().splitlines()]
    assert " ".join(told[1:]) == " ".join(figures)
    assert max(map(len, told)) <= width
    assert not any(line.endswith("à 2") or line.startswith("563") for line in told)
    assert "2\u202f563" in shown.getvalue()


@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("question", [{}, {"compare": ["π", "ο"]}, {"one_by_one": ["π", "ρ"], "against": "ο"}], ids=str)
def test_no_english_escapes_from_an_answer_and_its_table(question: dict[str, object]) -> None:
    asked = sim.from_mapping(GREEK | {"question": question})
    results = sim.run(asked, replications=120, workers=1) if question else played(120)
    lines = [line.text for line in FirstScreen(sim.decide(sim.compare(results))).lines(100)]
    flags = [line.replace("--full", "") for line in lines]
    assert [line for line in flags if LEFT.search(line)] == []
