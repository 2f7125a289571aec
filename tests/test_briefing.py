"""Briefings: what they say, that everybody can read them, that no name does harm, and that they come out the same."""

from __future__ import annotations

import io
import re
import runpy
import shutil
import subprocess
import weakref
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from matplotlib.text import Text
from PIL import Image, ImageSequence
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn

import sim
from sim.briefing import pack
from sim.briefing.animation.animation import film
from sim.briefing.animation.film import HOLD, gif
from sim.briefing.html import html
from sim.briefing.outline import PAGES, Briefing, names, outline
from sim.briefing.page import left_out
from sim.briefing.phone import stacked
from sim.briefing.pictures import Picture
from sim.briefing.slides.deck import TEMPLATE
from sim.briefing.slides.reproducible import without_dates
from sim.briefing.slides.slides import pptx
from sim.charts.house.drawer import chart_of
from sim.charts.house.saving import save_chart
from sim.charts.house.style import ASIDE
from sim.comparison.comparison import Comparison
from sim.errors import UsageError
from sim.words.language import speaking
from sim.words.visible import OBEYED
from tests.invented import estimate, invented_comparison, invented_story
from tests.small import plan

MARKUP = '<script>alert("1")</script><img src=x onerror=alert(1)>&amp;{{7*7}}{% raw %}]]>#panic("x")\\$x$*b*=1+1 '
EVIL, SHOWN = MARKUP + "\u202e\x1b[31m\x07\u2067", MARKUP + r"\u202e\x1b[31m\x07\u2067"
VOID = {"meta", "br", "img", "hr", "input", "link"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder of the small scenario, with sources."""
    scenario = plan()
    noted = {"source": "a report", "confidence": "secondary"}
    scenario["missions"] = scenario["missions"] | {"North": scenario["missions"]["North"] | noted}
    raids = scenario["crises"]["raids"] | {"source": "a guess", "confidence": "assumed"}
    scenario |= {"resources": {"infantry_company": {"cost": {"per_unit_day_away": 6000}}}}
    scenario |= {"crises": {"raids": raids}, "about": "Two missions and raids. What does paper cost?"}
    place = tmp_path_factory.mktemp("briefing") / "small"
    sim.run(sim.from_mapping(scenario), replications=200, out=place, workers=1)
    return place


@pytest.fixture(scope="module")
def comparison(folder: Path) -> Comparison:
    return sim.compare(sim.read(folder))


@pytest.fixture(scope="module")
def briefing(comparison: Comparison) -> Briefing:
    return outline(comparison)


@pytest.fixture(scope="module")
def atlas(comparison: Comparison) -> Briefing:
    """All the charts that a report has in its annex, asked for as slides."""
    return outline(comparison, PAGES)


@pytest.fixture(scope="module")
def report(briefing: Briefing) -> str:
    """The briefing as HTML."""
    return html(briefing)


@pytest.fixture(scope="module")
def deck(briefing: Briefing) -> bytes:
    """The briefing as slides."""
    return pptx(briefing)


@pytest.fixture(scope="module")
def atlas_deck(atlas: Briefing) -> bytes:
    """All the charts as slides."""
    return pptx(atlas)


@pytest.fixture(scope="module")
def atlas_slides(atlas_deck: bytes) -> list[Any]:
    """Those slides, for whoever changes none."""
    return list(Presentation(io.BytesIO(atlas_deck)).slides)


def invented(*what: Any, **more: Any) -> Comparison:
    """An invented comparison of results that lie in no folder."""
    made = invented_comparison(*what, **more)
    if made.results is not None:
        made.results.manifests, made.results.failed = (), 0  # type: ignore[misc]
    return made


def deck_of(briefing: Briefing) -> Any:
    return Presentation(io.BytesIO(pptx(briefing)))


def texts(shapes: Any) -> Iterator[str]:
    for shape in shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text_frame.text for row in shape.table.rows for cell in row.cells)


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


# What is said


def test_every_page_is_a_finding_computed_from_the_numbers(briefing: Briefing) -> None:
    assert [page.name for page in briefing.pages] == list(PAGES)
    for page in briefing.pages:
        assert page.finding and page.alt and page.caption and page.subtitle, page.name
        assert "30" in page.caption or "replication" in page.caption, page.name
        assert "Seed 7" in page.caption, page.name
    assert briefing.question == "What does paper cost?"
    assert "200 replications" in briefing.facts


def test_deck_and_report_open_with_the_answer() -> None:
    briefing = outline(invented(3), only=["coverage"])
    found = sim.answer(briefing.comparison)
    assert briefing.answer == (found.question, *found.sentences)
    assert briefing.lead == f"{found.question} {' '.join(found.sentences)}"
    text = html(briefing)
    assert text.index(found.question) < text.index("In short")


def test_it_says_what_was_assumed_what_was_recorded_and_how_to_make_it_again(briefing: Briefing) -> None:
    annex = briefing.annex
    assert [note.what for note in annex.of(recorded=True)] == ["North"]
    assert [note.what for note in annex.of(recorded=False)] == ["raids"]
    assert annex.headline.startswith("1 of the 2 notes")
    made = dict(annex.reproduction)
    assert made["Fingerprint"] == briefing.comparison.fingerprint
    assert made["Seed"] == "7"
    assert made["Command"].startswith("intermission run scenario.yaml --seed 7 --replications 200")


def test_without_sources_all_is_assumed() -> None:
    said = outline(invented(assumed=False), ["coverage"]).annex
    assert said.headline == "The scenario gives no sources: take every number as assumed"


def test_it_never_claims_more_than_the_intervals_allow() -> None:
    unsure = invented(4, half=3.0)
    said = outline(unsure, ["coverage", "differences"])
    for page in said.pages:
        assert page.finding.startswith("No option"), page.finding
    assert any("no significant difference in unmet need" in line for line in said.pages[1].remarks)
    slides = deck_of(said).slides
    assert all(" n.s." in text for text in texts(slides[3].shapes) if re.match(r"^−\d", text) and "to" not in text)


def test_pages_with_nothing_to_show_are_left_out() -> None:
    def shown(**case: Any) -> list[str]:
        return [page.name for page in outline(invented(**case)).pages]

    assert shown(options=1, lending=False) == ["coverage", "causes", "timeline"]
    assert not {"timeline", "map", "gantt"} & set(shown(options=2, kept=0))
    assert not {"timeline", "map", "gantt"} & set(shown(options=2, results=False))


def test_only_the_pages_that_are_asked_for(comparison: Comparison) -> None:
    assert [page.name for page in outline(comparison, ["risk", "exposure"]).pages] == ["risk", "exposure"]
    assert [page.name for page in outline(comparison, ["timeline"]).pages] == ["timeline", "timeline_one"]
    with pytest.raises(UsageError, match="no page 'cover'; did you mean 'coverage'"):
        outline(comparison, ["cover"])
    with pytest.raises(UsageError, match="no option 'best'; known: no sharing"):
        outline(comparison, option="best")
    assert {"coverage", "exposure", "risk"} < set(names())
    assert "sweep" not in names()


def test_the_option_shown_can_be_chosen(comparison: Comparison) -> None:
    page = outline(comparison, ["gantt"], option="as it was", replication=2).pages[0]
    assert "‘As it was’" in page.finding
    assert "Replication 2 " in page.caption


# Pictures


def test_pictures_are_cut_to_what_is_drawn(comparison: Comparison) -> None:
    chart = chart_of("coverage").draw(comparison)
    picture = Picture("coverage", chart)
    wide, tall = picture.inches
    assert tall < chart.get_figheight() - 1, "headline and caption are set by the format"
    assert wide <= chart.get_figwidth()
    assert Image.open(io.BytesIO(picture.png)).size == pytest.approx((wide * 200, tall * 200), abs=2)
    words = re.findall(r"<text[^>]*>([^<]*)", picture.svg)
    assert "Coverage" in words
    assert not any(picture.caption[:40] in each for each in words)
    assert all(text.get_visible() for text in chart.texts), "the chart itself is left as it was"


# HTML


def test_html_can_be_read_by_everybody_and_stands_alone(briefing: Briefing, report: str) -> None:
    page = Page(report)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(svg["role"] == "img" for svg in page.all("svg"))
    drawn = [svg for svg in page.all("svg") if "aria-label" not in svg]  # not a phone's
    assert len(drawn) == sum(page.drawn is not None for page in briefing.shown)
    for svg in drawn:
        assert set((svg["aria-labelledby"] or "").split()) <= set(ids)
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe", "object")]
    for _, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in ("href", "src", "xlink:href"):
                assert (value or "").startswith("#"), "nothing is fetched"
    assert "default-src 'none'" in report
    said = "".join(page.text)
    for words in ("How to make it again", "What was assumed", "What was recorded", briefing.comparison.fingerprint):
        assert words in said


def test_html_shows_the_numbers_behind_a_chart(report: str) -> None:
    page = Page(report)
    assert len(page.all("details")) >= 4
    assert all(attributes["scope"] for attributes in page.all("th"))


# Slides


def test_slides_are_few_and_each_has_a_headline(briefing: Briefing, deck: bytes) -> None:
    shown = Presentation(io.BytesIO(deck))
    assert 6 <= len(shown.slides) <= 8
    assert shown.slide_width / shown.slide_height == pytest.approx(16 / 9, abs=0.001)
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    assert titles[0] == "Small"
    assert [page.finding for page in briefing.story] == titles[1:-1]
    assert all(titles)
    for slide in shown.slides:
        assert slide.notes_slide.notes_text_frame.text, "the speaker has something to say"


def test_dollars_of_a_column_have_one_unit_on_slides_and_in_the_report() -> None:
    made = invented(4)
    costs = [estimate(6_200_000, 90_000), estimate(951_200, 60_000), estimate(-4_200, 3_000)]
    apart = {
        name: {**found, "cost_usd": cost}
        for (name, found), cost in zip(made.differences.items(), costs, strict=True)
    }  # fmt: skip
    told = outline(replace(made, differences=apart), ["differences"])
    cells = list(texts(deck_of(told).slides[2].shapes))
    column = [cell.split("\n")[0] for cell in cells if re.match(r"[+−].* M", cell)]
    assert column == ["+6.20 M", "+0.95 M", "−0.0042 M"]
    table = told.pages[0].table
    assert table is not None and not any("million" in cell for row in table.rows for cell in row)
    assert any("6,200,000" in row for row in table.rows) and any("951,200" in row for row in table.rows)


def test_the_checked_in_template_is_what_its_script_makes() -> None:
    made = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "slides_template.py"))["template"]()
    with ZipFile(TEMPLATE) as kept, ZipFile(io.BytesIO(made)) as new:
        changed = [part for part in new.namelist() if part.startswith("ppt/") and kept.read(part) != new.read(part)]
        assert kept.namelist() == new.namelist() and changed == [], "run docs/slides_template.py again"


def test_letters_of_pictures_are_not_lost_on_slides(atlas: Briefing, atlas_slides: list[Any]) -> None:
    shown = {
        shape.name: shape
        for slide in atlas_slides
        for shape in slide.shapes
        if shape.shape_type == MSO_SHAPE_TYPE.PICTURE
    }
    drawn = {
        page.name: page.visible_picture
        for page in atlas.pages
        if page.visible_picture is not None and page.name in shown
    }
    assert len(drawn) >= 2
    for name, picture in drawn.items():
        scale = shown[name].width / 914400 / picture.inches[0]
        with picture._without_words():
            sizes = [
                text.get_fontsize() for text in picture.chart.findobj(Text) if text.get_visible() and text.get_text()
            ]
        assert scale * min(sizes) >= 9, f"{name} is shown at {scale:.2f} of its size"


def test_axes_of_slides_hold_the_whole_intervals(atlas_slides: list[Any]) -> None:
    seen = 0
    for slide in atlas_slides:
        for shape in slide.shapes:
            if not shape.has_chart or shape.chart.chart_type != XL_CHART_TYPE.BAR_CLUSTERED:
                continue
            [bars] = shape.chart.plots[0].series
            above = [float(v.text) for v in bars._element.findall(f".//{qn('c:plus')}//{qn('c:v')}")]
            ends = [mean + up for mean, up in zip(bars.values, above, strict=True)] if above else list(bars.values)
            assert (shape.chart.value_axis.maximum_scale or 0.0) >= max(ends) - 1e-9
            seen += 1
    assert seen >= 3


def test_every_picture_chart_and_table_has_words_for_it(atlas_slides: list[Any]) -> None:
    for slide in atlas_slides:
        for shape in slide.shapes:
            if shape._element.tag in (qn("p:pic"), qn("p:graphicFrame")):
                assert shape._element.xpath(".//p:cNvPr/@descr")[0], shape.name


def test_charts_are_native_where_powerpoint_has_them(atlas: Briefing, atlas_slides: list[Any]) -> None:
    kinds = {}
    for slide, page in zip(atlas_slides[2:], atlas.pages, strict=False):
        charts = [shape.chart for shape in slide.shapes if getattr(shape, "has_chart", False)]
        kinds[page.name] = [chart.chart_type.name for chart in charts]
    assert kinds["coverage"] == ["BAR_CLUSTERED"] * 2
    assert kinds["differences"] == ["BAR_CLUSTERED"]
    assert kinds["causes"] == ["BAR_STACKED"]
    assert kinds["frontier"] == ["XY_SCATTER"]
    assert kinds["exposure"] == ["BAR_CLUSTERED"]
    assert kinds["timeline"] == kinds["map"] == kinds["gantt"] == []


def test_marks_of_beaten_options_are_grey_on_slides(briefing: Briefing) -> None:
    costs = {name: option.measures["cost_usd"] for name, option in briefing.comparison.options.items()}
    last = list(costs)[-1]
    options = dict(briefing.comparison.options)
    worse = {each: replace(options[last].measures[each], mean=1e9) for each in ("cost_usd", "unmet_unit_days")}
    options[last] = replace(options[last], measures=dict(options[last].measures) | worse)
    deck = deck_of(outline(replace(briefing.comparison, options=options), ["frontier"]))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if getattr(shape, "has_chart", False)]
    line, *marks = next(chart for chart in charts if chart.chart_type.name == "XY_SCATTER").plots[0].series
    assert "grey: another costs" in line.name
    filled = [str(mark.marker.format.fill.fore_color.rgb) != ASIDE.lstrip("#") for mark in marks]
    assert not filled[-1] and any(filled)


def test_bars_carry_their_intervals_and_stand_in_the_tables_order(atlas: Briefing, atlas_slides: list[Any]) -> None:
    chart = next(shape.chart for shape in atlas_slides[2].shapes if shape.has_chart)
    series = chart.plots[0].series[0]
    estimates = [option.measures["coverage"] for option in atlas.comparison.options.values()]
    assert list(series.values) == [pytest.approx(each.mean) for each in estimates]
    bars = series._element.find(qn("c:errBars"))
    assert bars.getnext().tag == qn("c:cat"), "where the standard wants them"
    plus = [float(value.text) for value in bars.find(qn("c:plus")).iter(qn("c:v"))]
    assert plus == [pytest.approx(each.high - each.mean) for each in estimates]
    assert chart.category_axis.reverse_order, "the first option is on top"


@pytest.fixture(scope="module")
def asked_for_less() -> Briefing:
    """A question about an option that another one beats, and that brings new causes of its own."""
    text = (Path(__file__).parents[1] / "scenarios" / "minimal.yaml").read_text(encoding="utf-8")
    text += "  held in reserve: {policy: {share: agreements, keep: {infantry_company: {units: 2}}}}\n"
    text += "question: {ask: 'What does holding back cost?', compare: [held in reserve, no sharing]}\n"
    results = sim.run(sim.from_mapping(yaml.safe_load(text)), replications=120, workers=1)
    return outline(sim.compare(results))


def test_what_is_asked_comes_first_and_what_is_better_is_said_with_it(asked_for_less: Briefing) -> None:
    said = {page.name: page.finding.replace("\u00a0", " ") for page in asked_for_less.story}
    assert said["decision"] == (
        "To decide: ‘held in reserve’ instead of ‘no sharing’, though ‘paper beforehand’ leaves less unmet"
    )
    assert asked_for_less.in_short[0].startswith("‘held in reserve’ saves ")
    assert any("‘paper beforehand’" in sentence for sentence in asked_for_less.in_short[1:])
    found = re.fullmatch(
        r"Under ‘held in reserve’ ([\d.]+) unit-days less are missing for one reason: .*;"
        r" ([\d.]+) less in all, since others grew",
        said["why"],
    )
    assert found is not None and float(found[1]) > float(found[2])
    in_all = re.match(r"‘held in reserve’ saves ([\d.]+) of", asked_for_less.in_short[0].replace("\u00a0", " "))
    assert in_all is not None and in_all[1] == found[2]


def test_a_decision_that_asks_for_much_keeps_its_figures_on_the_slide(asked_for_less: Briefing) -> None:
    *others, page = asked_for_less.story
    assert page.name == "decision" and page.table is not None
    much = ("Agree beforehand, in the agreement between the two missions, that the host's consent is given", "Liberia")
    table = left_out(page.table._replace(rows=(much,) * 9), 17)
    deck = deck_of(replace(asked_for_less, story=(*others, replace(page, table=table, more=17))))
    slide = deck.slides[len(others) + 1]
    texts = {shape.name: shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    for remark in page.remarks:
        assert remark in texts["Beside the table"].split("\n")
    rows = [row.cells[0].text for shape in slide.shapes if shape.has_table for row in shape.table.rows][1:]
    assert 3 < len(rows) < 10 and rows[-1] == f"and {17 + 9 - (len(rows) - 1)} more"


def test_the_glossary_is_as_large_as_there_is_room(asked_for_less: Briefing) -> None:
    slide = deck_of(asked_for_less).slides[len(asked_for_less.story) + 1]
    [box] = [shape for shape in slide.shapes if shape.name == "In plain words"]
    assert box.text_frame.paragraphs[0].runs[0].font.size.pt == 14
    assert box.width > 0.9 * (slide.part.package.presentation_part.presentation.slide_width - 2 * box.left)


@pytest.mark.parametrize("options", [2, 7, 12, 13])
def test_slides_hold_many_options_with_long_names(options: int) -> None:
    deck = deck_of(outline(invented(options, 3, long=True), ["coverage", "frontier"]))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width + 1
            assert shape.top + shape.height <= deck.slide_height + 1
        sizes = [float(run.font.size.pt) for s in slide.shapes if s.has_text_frame
                 for p in s.text_frame.paragraphs for run in p.runs if run.font.size]  # fmt: skip
        assert min(sizes) >= 9
    charts = [shape for shape in deck.slides[2].shapes if getattr(shape, "has_chart", False)]
    assert bool(charts) == (options <= 12), "more are drawn as a picture"
    for shape in charts:
        assert len(set(shape.chart.plots[0].categories)) == options, "cut names are still told apart"


def test_the_data_behind_a_chart_hold_the_intervals_and_run_nothing(atlas_slides: list[Any]) -> None:
    chart = next(shape.chart for shape in atlas_slides[2].shapes if shape.has_chart)
    with ZipFile(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)) as book:
        sheet, words = (book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "sharedStrings"))
    assert "<f>" not in sheet, "the option called =paper is text"
    assert "=paper" in words and "interval above" in words
    formula = chart.plots[0].series[0]._element.find(f"{qn('c:errBars')}/{qn('c:plus')}//{qn('c:f')}")
    assert formula.text == "Sheet1!$C$2:$C$4"


# Harmless whatever the names


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Briefing:
    """A briefing on a scenario whose every name is an attack."""
    scenario = plan()
    north, south = scenario["missions"].values()
    scenario |= {
        "name": EVIL,
        "about": f"{EVIL} Is it harmless?",
        "missions": {EVIL: north | {"source": EVIL, "confidence": "assumed"}, "South": south},
        "crises": {EVIL: scenario["crises"]["raids"] | {"mission": EVIL}},
        "agreements": {"both": scenario["agreements"]["both"] | {"between": [EVIL, "South"]}},
        "options": {"no": {}, EVIL: {"label": EVIL, "about": EVIL, "policy": {"share": "agreements"}}},
    }
    out = tmp_path_factory.mktemp("hostile") / "evil"
    return outline(sim.compare(sim.run(sim.from_mapping(scenario), replications=200, out=out, workers=1)))


def test_names_are_text_in_the_report(hostile: Briefing) -> None:
    page = Page(html(hostile))
    assert not page.all("script") and not page.all("img")
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    said = "".join(page.text)
    assert SHOWN in said and not OBEYED.search(said.replace("\r", "")), "shown, not obeyed"


def test_names_are_text_on_slides(hostile: Briefing) -> None:
    made = pptx(hostile)
    slides = Presentation(io.BytesIO(made)).slides
    said = "\n".join(
        text for slide in slides for text in [*texts(slide.shapes), slide.notes_slide.notes_text_frame.text]
    )
    assert SHOWN in said
    with ZipFile(io.BytesIO(made)) as parts:
        for name in parts.namelist():
            if name.endswith(".xml"):
                assert not OBEYED.search(parts.read(name).decode().replace("\r", "")), name


def test_names_are_text_in_the_pdf(hostile: Briefing) -> None:
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    from sim.briefing.pdf import pdf

    assert pdf(hostile).startswith(b"%PDF")


def test_nothing_is_written_through_a_link(comparison: Comparison, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("briefing.html", "coverage.svg", "coverage.csv"):
        (out / name).symlink_to(precious)
        with pytest.raises(UsageError, match=f"{name}: is a link, and nothing is written through one"):
            sim.brief(comparison, out, ["html", "svg"], only=["coverage"])
        assert precious.read_text() == "mine" and [path.name for path in out.iterdir()] == [name]
        (out / name).unlink()


def test_a_chart_takes_the_place_of_a_link(comparison: Comparison, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for suffix in ("png", "svg", "csv"):
        (tmp_path / f"coverage.{suffix}").symlink_to(precious)
    written = save_chart("coverage", comparison, tmp_path / "coverage")
    assert len(written) == 3 and not any(path.is_symlink() for path in written)
    assert precious.read_text() == "mine"


# PDF


def test_pdf_is_tagged(briefing: Briefing) -> None:
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    from sim.briefing.pdf import pdf

    made = pdf(briefing)
    assert b"pdfuaid" in made, "PDF/UA: typst refuses to say so where a picture has no words"
    assert made == pdf(briefing)


@pytest.mark.no_cover
def test_nothing_is_printed_over_a_footer(monkeypatch: pytest.MonkeyPatch) -> None:
    typst = pytest.importorskip("typst", reason="the extra pdf is not installed")
    from sim.briefing.pdf import pdf

    compiled, inch = typst.compile, 50

    def as_pictures(files: Any, *, font_paths: Any, **_: Any) -> Any:
        return compiled(files, format="png", font_paths=font_paths, ppi=inch)

    monkeypatch.setattr(typst, "compile", as_pictures)
    many: Any = pdf(outline(invented(12, 3, long=True)))
    assert len(many) > 8
    for page in many:
        picture = Image.open(io.BytesIO(page)).convert("L")
        foot, footer = (picture.height - round(mm / 25.4 * inch) for mm in (14.5, 11.5))
        assert picture.crop((0, foot, picture.width, footer)).getextrema() == (255, 255), "between text and footer"


# Animation


def test_animation_has_a_frame_a_day_and_one_palette() -> None:
    story = invented_story(3, days=21)
    shown = film(story)
    assert len(shown.days) == 21
    made = gif(shown)
    whole = Image.open(io.BytesIO(made))
    assert whole.info["comment"].startswith(b"Map, day by day")
    lasts = sum(frame.info["duration"] for frame in ImageSequence.Iterator(whole))
    assert lasts == 20 * shown.milliseconds + HOLD
    assert not any(_local_palettes(made)), "colours do not flicker from frame to frame"


def test_an_animation_holds_few_frames_at_once() -> None:
    shown = film(invented_story(3, days=30))
    alive: set[int] = set()
    most = 0

    def watched(day: float) -> Image.Image:
        nonlocal most
        frame = shown.draw(day)
        alive.add(id(frame))
        weakref.finalize(frame, alive.discard, id(frame))
        most = max(most, len(alive))
        return frame

    assert gif(shown._replace(draw=watched)) == gif(shown)
    assert most <= 3, "a year of frames held at once fills gigabytes"


def _local_palettes(file: bytes) -> Iterator[bool]:
    """Whether each frame of a GIF brings colours of its own (GIF89a, sections 18 to 23)."""
    at = 13 + 3 * 2 ** ((file[10] & 7) + 1)
    while file[at] != 0x3B:
        if file[at] == 0x2C:
            yield bool(file[at + 9] & 0x80)
            at += 11 + (3 * 2 ** ((file[at + 9] & 7) + 1) if file[at + 9] & 0x80 else 0)
        else:
            at += 2
        while file[at]:
            at += file[at] + 1
        at += 1


def test_a_film_is_a_film_too(tmp_path: Path) -> None:
    frames = pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    [path] = sim.brief(invented_story(2, days=21), tmp_path / "film.mp4")
    count, seconds = frames.count_frames_and_secs(str(path))
    assert count >= 21
    assert seconds > HOLD / 1000


def test_long_periods_take_no_more_frames_than_people_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.briefing.animation.animation.MOST_FRAMES", 12)
    assert len(film(invented_story(2, days=1000)).days) == 12


def test_animation_needs_places_and_a_log() -> None:
    with pytest.raises(UsageError, match="No replication's log was kept"):
        film(invented(3, kept=0))
    nowhere = invented_story(2)
    for mission in nowhere.scenario.missions.values():
        mission.__dict__["at"] = None
    with pytest.raises(UsageError, match="has a place"):
        film(nowhere)


# Files


def test_the_same_results_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    formats = ["html", "pptx", "svg"]
    first = [path.read_bytes() for path in sim.brief(folder, tmp_path / "one", formats, only=["coverage", "causes"])]
    later = [path.read_bytes() for path in sim.brief(folder, tmp_path / "two", formats, only=["coverage", "causes"])]
    assert first == later


def test_office_files_carry_no_dates(atlas_deck: bytes) -> None:
    with ZipFile(io.BytesIO(atlas_deck)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        books = [parts.read(name) for name in parts.namelist() if name.endswith(".xlsx")]
        assert books
        for core in [
            parts.read("docProps/core.xml"),
            *(ZipFile(io.BytesIO(b)).read("docProps/core.xml") for b in books),
        ]:
            assert b"created" not in core and b"modified" not in core
        assert without_dates(books[0]) == books[0]


def test_a_file_or_a_folder(comparison: Comparison, tmp_path: Path) -> None:
    assert sim.brief(comparison, tmp_path / "a.html", only=["coverage"]) == [tmp_path / "a.html"]
    written = sim.brief(comparison, tmp_path / "pack", ["html", "png"], only="coverage")
    assert [path.name for path in written] == ["briefing.html", "coverage.png", "coverage.csv"]
    with pytest.raises(UsageError, match=r"ends with \.html, \.pptx, \.pdf, \.gif, \.mp4, or a folder"):
        sim.brief(comparison, tmp_path / "a.docx")
    with pytest.raises(UsageError, match="no format 'docx'; known: html,"):
        sim.brief(comparison, tmp_path, ["docx"])
    with pytest.raises(UsageError, match="a story is of one replication"):
        sim.brief(invented_story(2), tmp_path / "a.html")


def test_a_missing_extra_is_one_line(comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "find_spec", lambda _: None)
    for form, extra in (("pdf", "pdf"), ("mp4", "video")):
        with pytest.raises(UsageError, match=rf"^{form}: \w+ is not installed; .*'intermission\[{extra}\]'$") as told:
            sim.brief(comparison, tmp_path / f"a.{form}")
        assert "\n" not in str(told.value)
    assert not list(tmp_path.iterdir())


def test_the_command_writes_what_it_can(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim import cli

    monkeypatch.setattr(pack, "find_spec", lambda _: None)
    words = ["brief", folder, "--format", "svg,pdf", "--only", "coverage", "--out", tmp_path / "out"]
    monkeypatch.setattr("sys.argv", ["intermission", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    said = capsys.readouterr()
    assert left.value.code == 2
    assert said.out.splitlines() == [str(tmp_path / "out" / name) for name in ("coverage.svg", "coverage.csv")]
    assert said.err.startswith("pdf: typst is not installed") and said.err.count("\n") == 1
    monkeypatch.setattr("sys.argv", ["intermission", "brief", str(folder), "--format", "pdf"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert (left.value.code, *capsys.readouterr()) == (2, "", said.err), "where there is nothing else, just as clearly"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice) to open the slides")
def test_another_program_opens_the_slides(deck: bytes, tmp_path: Path) -> None:
    (tmp_path / "briefing.pptx").write_bytes(deck)
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*convert, str(tmp_path / "briefing.pptx")], check=True, capture_output=True, timeout=180)
    pages = (tmp_path / "briefing.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) == len(Presentation(str(tmp_path / "briefing.pptx")).slides)


def bold_figures(shapes: Any) -> Iterator[tuple[str, bool]]:
    """Differences in the tables of a slide, and whether they are bold."""
    for shape in shapes:
        if getattr(shape, "has_table", False) and shape.has_table:
            for cell in (cell for row in list(shape.table.rows)[1:] for cell in row.cells):
                first = cell.text_frame.paragraphs[0].runs[0]
                yield first.text, bool(first.font.bold)


@pytest.mark.parametrize("tag", ["en", "fr"])
def test_a_difference_that_is_not_significant_is_not_bold_in_any_language(
    tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.measures.figures.phrase", lambda text, **slots: text.replace("n.s.", "?").format(**slots))
    with speaking(tag):
        for half, bold in ((3.0, False), (0.001, True)):
            deck = deck_of(outline(invented(3, half=half), ["differences"]))
            found = dict(figure for slide in deck.slides for figure in bold_figures(slide.shapes))
            signed = {said: is_bold for said, is_bold in found.items() if said.startswith("−")}
            assert signed and all(is_bold == (" ?" not in said) for said, is_bold in signed.items())
            assert bold in signed.values()


def test_slides_in_a_language_that_office_is_not_told_of_are_tagged_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.briefing.slides.deck.OFFICE_LANGUAGES", {})
    deck = deck_of(outline(invented(2), ["coverage"]))
    runs = [run for slide in deck.slides for run in slide.shapes.title.text_frame.paragraphs[0].runs]
    assert runs and all(run._r.get_or_add_rPr().get("lang") is None for run in runs)


def test_a_chart_that_no_phone_knows_is_shown_as_it_is(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    [page] = outline(comparison, ["coverage"]).pages
    variant = replace(page, name="coverage_by_day")
    assert stacked(comparison, variant) == stacked(comparison, page) != []
    monkeypatch.setattr("sim.briefing.phone.names", lambda: ("coverage", "coverage_by_day", "new_one"))
    for name in ("coverage_by_day", "coverage_by_day_all", "new_one", "new_one_all", "coverages"):
        new = replace(page, name=name)
        assert stacked(comparison, new) == []
        assert 'class="stackable"' not in html(replace(outline(comparison, ["coverage"]), pages=(new,)))


def test_a_step_whose_gain_is_not_known_has_no_bar_on_a_phone(comparison: Comparison) -> None:
    [page] = outline(comparison, ["answer"]).pages
    unknown = dict.fromkeys(("gain", "gain_low", "gain_high"))
    [shown] = stacked(comparison, replace(page, rows=tuple(row | unknown for row in page.rows)))
    assert shown.rows and all(row.figure == "–" and all(part.kind for part in row.parts) for row in shown.rows)


@pytest.mark.parametrize("name", [name for name in names() if name != "exposure"])
def test_every_chart_has_something_to_show_on_a_phone(comparison: Comparison, name: str) -> None:
    for page in outline(comparison, only=name).pages:
        if page.visible_picture:
            shown = stacked(comparison, page)
            assert shown and all(each.rows or each.panels for each in shown)
            lengths = [part for each in shown for row in each.rows for part in row.parts if not part.kind]
            assert all(part.left >= -1e-6 and part.left + part.width <= 100 + 1e-6 for part in lengths)
