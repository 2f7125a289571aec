"""The what-if page in another language than English: every word of it, those included that are put together in the
browser; and names never."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.whatif.controls import controls_of
from sim.whatif.page import write_page
from sim.words import language
from sim.words.dates import date_in_words
from sim.words.language import speaking
from sim.words.names import listed, quoted
from sim.words.numbers import percent
from tests.browsing import visit
from tests.small import small
from tests.test_language import GREEK, LEFT, in_script, masked
from tests.test_page_browser import NO_CLIPBOARD, VARY, eventually, priced, words

__all__ = ["masked"]  # a fixture
CHARTS = ("unmet", "causes", "cost", "map", "timeline", "gantt")
EVERYTHING = """() => [
    document.title,
    document.body.innerText,
    ...[...document.querySelectorAll('noscript, option')].map((each) => each.textContent.replace(/<[^>]*>/g, '')),
    ...[...document.querySelectorAll('svg text, svg title')].map((each) => each.textContent),
    ...['aria-label', 'aria-valuetext', 'title', 'alt', 'placeholder'].flatMap((name) =>
        [...document.querySelectorAll(`[${name}]`)].map((each) => each.getAttribute(name))),
].flatMap((text) => text.split(/[\\n\\t]/))"""
"""All that is seen, heard and shown under a pointer, line by line."""
SCRIPTS = sorted((Path(sim.__file__).parent / "whatif" / "browser").glob("*.js"))
SAME_EVERYWHERE = {"PNG", "SVG", "CSV"}


def left_of_english(page: Any) -> list[str]:
    """Lines that have a Latin letter, but for kinds of files, and what the browser says by itself: months, lists."""
    months = sorted(language.month_names(), key=len, reverse=True)
    known = re.compile("|".join([*map(re.escape, [*months, *SAME_EVERYWHERE]), " et "]))
    return [line for line in page.evaluate(EVERYTHING) if LEFT.search(known.sub("", line))]


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("french") / "page.html"
    with speaking("fr"):
        write_page(priced(), path, vary=VARY[:2], replications=40, workers=1)
    return path


@pytest.mark.usefixtures("masked")
def test_no_english_escapes_from_the_page(browser: Any, tmp_path: Path) -> None:
    """In a scenario whose names have no Latin letter, under every option, pinned and not, with all that opens open."""
    costs = {"λ": {"label": "Λόχοι", "prepare_days": 1, "cost": {"per_unit_day_away": 1e6}}}
    scenario = sim.from_mapping({**GREEK, "resources": costs})
    write_page(scenario, tmp_path / "page.html", replications=40, workers=1)
    with visit(browser, tmp_path / "page.html") as page:
        for chart in CHARTS:
            page.locator(f"#{chart} summary").click()
        seen = left_of_english(page)
        for option in range(3):
            page.select_option("#detail", str(option))
            page.locator("input[type=radio], input[type=range]").first.press("ArrowRight")
            page.locator("#story-next").click()
            page.locator("#pin").click()
            page.locator("input[type=radio]").nth(1).check()
            seen += left_of_english(page)
            page.locator("#pin").click()
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.locator("#link").click()
        page.evaluate("document.getElementById('linked').textContent = ''")  # the address itself
        assert [*seen, *left_of_english(page)] == []


WORDS = re.compile("[A-Za-z]{2,} [a-z]{2,}")
"""Two words beside each other, as in a sentence."""
NO_WORDS = re.compile(r"sans-serif|^<\?xml")
NO_SENTENCE = {"use strict", "tools stories", "no picture"}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda each: each.name)
def test_no_sentence_of_a_script_stands_outside_the_catalogue(file: Path) -> None:
    known = {each for sentence in in_script(file) for each in sentence} | NO_SENTENCE
    source = re.sub(r"^ *(//|/?\*).*| // .*", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    literals = [each[1:-1] for each in re.findall(r"'(?:[^'\\\n]|\\.)*'|`(?:[^`\\\n]|\\.)*`", source)]
    texts = [re.sub(r"\$\{[^}]*\}", "", each).replace(r"\u00a0", "\u00a0") for each in literals]
    assert [each for each in texts if WORDS.search(each) and each not in known and not NO_WORDS.search(each)] == []


def test_a_page_says_its_language_and_opens_with_french(browser: Any, french: Path) -> None:
    with visit(browser, french) as page:
        assert page.evaluate("document.documentElement.lang") == "fr"
        assert page.title() == "Et si\u202f? Small"
        assert words(page, "h1") == "Small"
        assert "«\u00a0no sharing\u00a0»" in words(page, "#finding")
        assert words(page, "#change") == "C’est le réglage du scénario."
        assert page.locator("#unmet h3").inner_text() == "Besoin non couvert par option"
        assert page.locator("#unmet svg").get_attribute("aria-label").startswith("Besoin non couvert par option, en")
        assert "no sharing" in words(page, "#unmet"), "a name of the scenario is its own"
        eventually(page, "document.getElementById('said').textContent.includes('no sharing')")


def test_the_browser_says_numbers_dates_and_lists_as_the_program_does(browser: Any, french: Path) -> None:
    with visit(browser, french) as page, speaking("fr"):
        assert page.evaluate("number(1234.5)") == "1\u202f235"
        assert page.evaluate("number(-84.25)") == "−84,3"
        assert page.evaluate("money(1234.5)") == "1\u202f235\u00a0$"
        assert page.evaluate("money(-2.5e6)") == "−2,50\u00a0millions de dollars"
        assert page.evaluate("days(1.9)") == "1,9\u00a0jour"
        assert page.evaluate("[0, 1, 2].map((count) => units(count, 0))") == [
            "0 infantry company",
            "1 infantry company",
            "2 infantry companies",
        ]
        for share in (0, 0.004, 0.126, 0.996, 1):
            assert page.evaluate(f"percent({share})") == percent(share)
        scenario = small()
        for day in (0, 30.5, 31, 100):
            assert page.evaluate(f"date({day})") == date_in_words(scenario.date(day))
        for names in (["a"], ["a", "b"], ["a", "b", "c"]):
            assert page.evaluate(f"listed({names})") == listed(names)
        assert page.evaluate("quoted(0)") == quoted("no sharing")


def test_files_have_french_names_and_the_same_columns(browser: Any, french: Path) -> None:
    with visit(browser, french, accept_downloads=True) as page:
        page.evaluate(NO_CLIPBOARD)
        heads = {}
        for chart in CHARTS:
            with page.expect_download() as download:
                page.locator(f"#{chart} button", has_text="Chiffres (CSV)").click()
            heads[download.value.suggested_filename] = Path(download.value.path()).read_text(encoding="utf-8-sig")
        assert list(heads) == [
            "besoin-non-couvert-par-option.csv",
            "ou-sont-passes-les-jours.csv",
            "cout-et-besoin-non-couvert.csv",
            "qui-prete-a-qui.csv",
            "unites-requises-et-presentes-jour-par-jour.csv",
            "une-replication-pret-par-pret.csv",
        ]
        loans = list(csv.DictReader(io.StringIO(heads["une-replication-pret-par-pret.csv"])))
        assert {row["step"] for row in loans} <= set(page.evaluate("STEPS.map(({ name }) => name)"))
        assert all(re.fullmatch(r"2012-\d\d-\d\d", row["first_date"]) for row in loans)
        assert words(page, "#done").endswith("enregistré sous une-replication-pret-par-pret.csv.")


def test_controls_are_asked_in_french() -> None:
    with speaking("fr"):
        beforehand, holding = controls_of(small())
        assert beforehand.label == "Qui a donné son accord d’avance (both)"
        assert beforehand.names == ("Personne", "Le Conseil")
        assert holding.label == "Unités détenues par South\u00a0: infantry companies"
        own, *others = controls_of(small(), ["agreements.both.gates.council.days=1,2"])[0].names
        assert (own, others) == ("Comme dans le scénario\u00a0: de 1 à 9\u00a0jours", ["1\u00a0jour", "2\u00a0jours"])
