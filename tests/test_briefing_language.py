"""A briefing in another language than English: no sentence escapes, no name is translated, a file says its tongue."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from pptx import Presentation

import sim
from sim.briefing.animation import animation
from sim.briefing.animation.scene import line_of_text
from sim.briefing.html import html
from sim.briefing.outline import Briefing, names, outline
from sim.briefing.pdf import content as on_paper
from sim.briefing.slides.slides import pptx
from sim.charts.house.saving import save_chart
from sim.charts.house.sheet import write
from sim.cli import intermission
from sim.comparison.comparison import Comparison
from sim.scenario import shipped
from sim.words.language import speaking
from tests.test_language import FRENCH, GREEK, LEFT, masked

__all__ = ["masked"]
UNTOLD = re.compile(
    r"intermission [^\n<]*|(sha256:)?[0-9a-f]{12,}|\bscenario\.yaml\b|--[a-z-]+|https?:\S+|\bhtml\b|\bpdf\b"
)
"""What is typed, not said."""
NOTED = {"source": "πηγή", "confidence": "secondary"}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Of the Greek scenario with notes on its sources, doubts and its logs."""
    noted = {
        "about": "Ποιος;",
        "resources": {"λ": {"label": "Λόχοι", "prepare_days": 1, "cost": {"per_unit_day_away": 2000}, **NOTED}},
        "doubts": {"δ": {"path": "crises.κ.lasts_days", "is": {"uniform": {"low": 10, "high": 30}}, "source": "πηγή"}},
    }
    folder = tmp_path_factory.mktemp("greek")
    return sim.compare(sim.run(sim.from_mapping(GREEK | noted), replications=120, workers=1, keep_loans=2, out=folder))


@pytest.fixture(scope="module")
def briefed(comparison: Comparison) -> dict[str, Briefing]:
    """Its briefing in English and in French."""
    told = {}
    for tag in ("en", "fr"):
        with speaking(tag):
            told[tag] = outline(comparison)
    return told


class Seen(HTMLParser):
    """What a reader of a page sees or hears."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.words += [value or "" for name, value in attrs if name in ("aria-label", "alt", "title", "data-head")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.inside.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "code"} & set(self.inside[-3:]) and data.strip():
            self.words.append(data.strip())


def in_deck(file: bytes) -> list[str]:
    """Every text of a deck: on slides, in charts and tables, in notes, and what is read aloud for pictures."""
    said: list[str] = []
    with ZipFile(io.BytesIO(file)) as deck:
        for part in deck.namelist():
            if re.match(r"ppt/(slides|charts|notesSlides)/[^/]*\.xml", part):
                xml = deck.read(part).decode()
                said += re.findall(r"<a:t>([^<]+)</a:t>", xml) + re.findall(r'descr="([^"]+)"', xml)
                said += re.findall(r"<c:pt [^>]*><c:v>([^<]+)</c:v>", xml)
    return said


def every_text(value: object) -> Iterator[str]:
    """Texts of maps and lists, without the keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in every_text(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in every_text(each))


def english_in(texts: list[str]) -> list[str]:
    """Those with letters that no catalogue has hidden."""
    return [text for text in texts if LEFT.search(UNTOLD.sub("", text))]


def of_all_pages(comparison: Comparison) -> list[Briefing]:
    """As a deck of its own accord is, and one of every page that can be asked for."""
    return [outline(comparison), outline(comparison, names())]


@pytest.mark.usefixtures("masked")
def test_no_english_escapes_from_a_briefing(comparison: Comparison) -> None:
    for briefing in of_all_pages(comparison):
        assert english_in(in_deck(pptx(briefing))) == []
        assert english_in(Seen(html(briefing)).words) == []
        paper = dict(on_paper(briefing))
        typed = {paper.pop("language"), paper.pop("region")}
        assert typed == {"fr", None}
        files = {f"{page.name}.svg" for page in briefing.shown}
        assert english_in([text for text in every_text(paper) if text not in files]) == []


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.usefixtures("masked")
@pytest.mark.parametrize("name", [name for name in shipped.paths() if "/" not in name])
def test_only_what_a_scenario_says_itself_is_left_of_its_briefing(name: str) -> None:
    """Of those that come with the program, whose own words are in Latin letters; and these are all there."""
    scenario = sim.load(shipped.paths()[name])
    notes = [f"{each.path} {each.source} {each.confidence}" for each in scenario.sources]
    own = words_of(" ".join([scenario.name, json.dumps(scenario.raw, default=as_plain), *notes]).replace("_", " "))
    briefing = outline(sim.compare(sim.run(scenario, replications=20, workers=1)))
    page = [*Seen(html(briefing)).words]
    left = [text for text in [*in_deck(pptx(briefing)), *page] if words_of(UNTOLD.sub("", text)) - own]
    assert left == []
    assert {" ".join(option.label.split()) for option in briefing.comparison.options.values()} <= set(page)


def words_of(text: str) -> set[str]:
    """Words of two Latin letters or more: of one, such as n, a catalogue has no need."""
    return set(re.findall("[a-z]{2,}", text.lower()))


def as_plain(value: object) -> object:
    """What JSON does not know: frozen maps as maps, dates as they are written."""
    return dict(value) if isinstance(value, Mapping) else str(value)


@pytest.mark.usefixtures("masked")
def test_no_english_escapes_from_an_animation(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def heard(draw: Callable[..., Any], place: int) -> Callable[..., Any]:
        def drawn(*args: Any, **how: Any) -> Any:
            said.append(args[place])
            return draw(*args, **how)

        return drawn

    monkeypatch.setattr("sim.briefing.animation.animation.line_of_text", heard(line_of_text, 0))
    monkeypatch.setattr("sim.briefing.animation.scene.write", heard(write, 2))
    shown = animation.film(comparison, "π")
    for day in shown.days[::30]:
        shown.draw(day)
    assert len(said) > 12
    assert english_in([shown.alt, *said]) == []


def test_files_say_their_language_and_names_stay_as_they_are(briefed: dict[str, Briefing]) -> None:
    for tag, office in (("en", "en-GB"), ("fr", "fr-FR")):
        with speaking(tag):
            briefing = briefed[tag]
            page, deck = html(briefing), pptx(briefing)
            assert on_paper(briefing)["language"] == tag
        assert f'<html lang="{tag}">' in page
        runs = [run for slide in Presentation(io.BytesIO(deck)).slides for shape in slide.shapes if shape.has_text_frame
                for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]  # fmt: skip
        assert {run._r.rPr.get("lang") for run in runs if run._r.rPr is not None} == {office}
        for name in ("Α", "Β", "Λόχοι", "λόχοι", "π", "ρ", "πηγή"):
            assert name in page, name
    assert {row["label"] for row in briefing.pages[0].rows} == {"ο", "π", "ρ"}


def test_a_csv_is_the_same_in_any_language(
    comparison: Comparison, briefed: dict[str, Briefing], tmp_path: Path
) -> None:
    with speaking("fr"):
        save_chart("answer", comparison, tmp_path / "french")
    save_chart("answer", comparison, tmp_path / "english")
    french, english = briefed["fr"], briefed["en"]
    assert [page.data for page in french.shown] == [page.data for page in english.shown]
    assert (tmp_path / "french.csv").read_bytes() == (tmp_path / "english.csv").read_bytes()
    assert (tmp_path / "french.svg").read_bytes() != (tmp_path / "english.svg").read_bytes()


def test_a_scenario_in_french_is_briefed_in_french(tmp_path: Path) -> None:
    (tmp_path / "deux.yaml").write_text(FRENCH, encoding="utf-8")
    results = str(tmp_path / "results")
    run = ["run", str(tmp_path / "deux.yaml"), "--replications", "20", "--workers", "1", "--quiet", "--out", results]
    assert CliRunner().invoke(intermission, run).exit_code == 0
    for tag, said in (((), "Comment reproduire ces résultats"), (("--language", "en"), "How to make it again")):
        written = CliRunner().invoke(intermission, ["brief", results, "--format", "html", *tag])
        assert written.exit_code == 0, written.output
        assert said in (tmp_path / "results" / "briefing" / "briefing.html").read_text(encoding="utf-8")
