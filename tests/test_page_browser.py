"""The what-if page in a real browser: what a planner sees, sets, compares and takes along."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import sim
from sim.comparison.comparison import compare
from sim.results.reader import Results
from sim.scenario.loaded import LoadedScenario
from sim.whatif.page import write_page
from tests.browsing import PATIENCE, axe, visit
from tests.small import PLAN

VARY = (
    "agreements.both.gates.council.days={uniform: {low: 1, high: 9}},20",  # radio buttons
    "missions.South.routine.infantry_company=6,8,10",  # a slider
    "missions.North.holds.infantry_company=10,9,8,11,12,13",  # a list to choose from
)
REPLICATIONS = 160
"""Enough for intervals, most of them."""
WIDTHS = {"phone": 390, "tablet": 820, "desk": 1440}
CHARTS = ("unmet", "causes", "cost", "map", "timeline", "gantt")
AS_IT_WAS = 1

NASTY = (
    "<img src=x onerror=\"window.hacked='img'\">",
    "</script><script>window.hacked='script'</script>",
    '"><svg onload="window.hacked=\'svg\'">',
    "'-alert(1)-' {{ 7 * 7 }} ${7 * 7} &lt;b&gt;",
    "javascript:alert(1)//]]>\u2028-->",
)


def priced() -> LoadedScenario:
    """The small scenario, where a loan costs something: else nothing would be drawn of its price."""
    return sim.from_mapping(PLAN | {"resources": {"infantry_company": {"cost": {"per_unit_day_away": 1000}}}})


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(priced(), path, vary=VARY, replications=REPLICATIONS)
    return path


@pytest.fixture(scope="module")
def results() -> Results:
    return sim.run(priced(), replications=REPLICATIONS, workers=1)


def words(page: Any, selector: str) -> str:
    return str(page.locator(selector).inner_text())


def eventually(page: Any, script: str) -> None:
    """Wait until the script is true; Playwright's own way needs `eval`, which the page's policy refuses."""
    for _ in range(20 * PATIENCE):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {script}")


@pytest.fixture(scope="module")
def opened(browser: Any, file: Path) -> Iterator[Any]:
    """The page as it opens, for tests that set nothing."""
    with visit(browser, file) as page:
        yield page


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_the_first_thing_seen_is_the_answer(opened: Any) -> None:
    page = opened
    assert page.title() == "What if? Small"
    explained = "replication: one possible course of events, played through once"
    assert explained in words(page, "#answer"), "the one word for it, explained once"
    assert page.evaluate("document.body.innerText").count("course of events") == 1
    assert "leaves the least unmet" in words(page, "#finding") or "cannot be told apart" in words(page, "#finding")
    assert "95\u00a0% interval" in words(page, "#finding")
    assert words(page, "#change") == "This is the scenario’s own setting."
    assert "36 settings that were computed" in words(page, "#settings")
    for chart in CHARTS:
        assert page.locator(f"#{chart} svg").count() == 1
        assert page.locator(f"#{chart} svg").get_attribute("aria-label")
    eventually(page, "document.getElementById('said').textContent.includes('unit-days')")


def test_its_numbers_are_those_of_compare(opened: Any, results: Results) -> None:
    found = compare(results)
    for place, (name, option) in enumerate(found.options.items()):
        for column, script in (
            ("unmet_unit_days", "estimate(unmetOf({}, DATA.start))"),
            ("coverage", "coverageOf({}, DATA.start)"),
        ):
            shown, expected = opened.evaluate(script.format(place)), option.measures[column]
            for end in ("mean", "low", "high"):
                assert shown[end] == pytest.approx(getattr(expected, end), rel=2e-3, abs=2e-3)
        if name != found.reference:
            apart = opened.evaluate(f"difference(unmetOf({place}, DATA.start), unmetOf(DATA.reference, DATA.start))")
            expected = found.differences[name]["unmet_unit_days"]
            assert apart["low"] == pytest.approx(expected.low, rel=2e-3)
            assert apart["high"] == pytest.approx(expected.high, rel=2e-3)


def test_lots_and_crises_are_those_of_the_replication(opened: Any, results: Results) -> None:
    number = opened.evaluate("DATA.stories[0]")
    told = opened.evaluate(f"story({AS_IT_WAS}, DATA.start, 0)")
    shown = [(lot["lender"], lot["units"], lot["requested"], lot["why"]) for lot in told["lots"]]
    loans = results.loans("as it was", number)
    logged = [(loan.lender, loan.units, round(loan.requested_day, 1), loan.why_ended or "") for loan in loans]
    assert sorted(shown) == sorted(logged)
    assert len(told["crises"]) == sum(crisis.happened for crisis in results.crises("as it was", number))


# What a sentence may claim, from made-up samples of ten sets of replications by option.
LUCK = "[-4, -3, -2, -1, 0, 0, 1, 2, 3, 4]"
CLAIMS = [
    (
        "[100, 60, 20]",
        "‘=paper <beforehand>’ leaves the least unmet: 20 unit-days on average, 80 fewer than ‘no sharing’",
    ),
    ("[100, 20, 20]", "does exactly as well"),
    ("[100, 100, 100]", "All options leave the same unmet, whatever comes: 100 unit-days on average."),
    ("[100, 150, 170]", "No option leaves significantly less unmet than ‘no sharing’; ‘As it was’ and"),
]


def test_the_finding_follows_the_samples(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        for levels, claim in CLAIMS:
            page.evaluate(f"window.unmetOf = (option) => {LUCK}.map((luck) => {levels}[option] * (1 + luck / 100))")
            assert claim in page.evaluate("optionsInWords(DATA.start)")


def test_the_finding_never_claims_more_than_the_interval_allows(browser: Any, file: Path) -> None:
    made_up = f"""window.unmetOf = (option, values) => {LUCK}.map((luck, i) =>
        [100, 101, 99][option] + luck * (option + 1) + (values === DATA.start ? 0 : (i % 2 ? 3 : -2) + luck / 100))"""
    with visit(browser, file) as page:
        page.evaluate(made_up)
        assert (
            page.evaluate("optionsInWords(DATA.start)")
            == "No option leaves significantly less unmet than ‘no sharing’."
        )
        change = page.evaluate("changeInWords(1, [1, 1, 1], DATA.start, 'the first')")
        assert change.startswith("Under ‘As it was’ there is no significant difference from the first (+0.5 unit-days")
        page.evaluate(
            f"window.unmetOf = (option) => {LUCK}.map((luck) => [100, 50, 49][option] + luck * [2, 1, -1][option])"
        )
        said = page.evaluate("optionsInWords(DATA.start)")
        assert "It cannot be told apart from ‘As it was’: what differs may be chance." in said


def test_of_too_few_replications_nothing_is_said_for_or_against(browser: Any, tmp_path: Path) -> None:
    """The page says of 40 replications what `run` says of them: no answer; and it speaks of no interval."""
    write_page(priced(), tmp_path / "page.html", vary=VARY[:1], replications=40, workers=1)
    with visit(browser, tmp_path / "page.html") as page:
        assert words(page, "#finding") == (
            "Whether any option leaves less unmet than ‘no sharing’ cannot be said: 40 replications are too few."
        )
        page.select_option("#detail", str(AS_IT_WAS))
        page.locator("#controls input[type=radio]").nth(1).check()
        assert words(page, "#change").startswith(
            "Under ‘As it was’ it cannot be said whether this setting differs from"
        )
        assert "cannot be told" in words(page, "#changes")
        assert "cannot be said" in words(page, "#cost .says")
        shown = page.locator("body").inner_text() + " ".join(page.locator("svg text").all_text_contents())
        assert "significant" not in shown and "95\u00a0% interval" not in shown
        assert "40 replications are too few for an interval" in shown


def test_where_nobody_says_what_anything_costs_no_price_is_drawn(browser: Any, tmp_path: Path) -> None:
    asked = sim.from_mapping(PLAN | {"question": {"ask": "Who pays?", "compare": ["as it was", "no sharing"]}})
    write_page(asked, tmp_path / "page.html", vary=VARY[:1], replications=40, workers=1)
    with visit(browser, tmp_path / "page.html") as page:
        shown = page.eval_on_selector_all("#charts figure", "all => all.map((each) => each.id)")
        assert shown == [chart for chart in CHARTS if chart != "cost"]
        page.locator("#controls input[type=radio]").nth(1).check()
        assert not page.locator("#change-of-cost").is_visible()
        assert page.locator("#changes tbody tr").first.locator("th, td").count() == 2
        assert "nobody says it" not in page.locator("body").inner_text()


def test_options_with_and_without_an_interval_are_told_apart(browser: Any, file: Path) -> None:
    made_up = f"""window.unmetOf = (option) => {LUCK}.map((luck, i) =>
        [100, 103 + luck / 10, i ? 100 : 90][option])"""
    with visit(browser, file) as page:
        page.evaluate(made_up)
        assert page.evaluate("optionsInWords(DATA.start)") == (
            "No option leaves significantly less unmet than ‘no sharing’; ‘As it was’ leaves significantly more."
            " Of ‘=paper <beforehand>’ this cannot be said: too few of the 160 replications differ enough."
        )


# --- controls ---------------------------------------------------------------------------------------------------------


def focus_by_tab(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    page.evaluate("document.activeElement.blur()")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"{selector} cannot be reached by Tab")


def test_every_control_works_by_keyboard(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        focus_by_tab(page, "input[type=radio]")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("state.values[0]") == 1
        focus_by_tab(page, "input[type=range]")
        assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "8 (as in the scenario)"
        page.keyboard.press("End")
        assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "10"
        focus_by_tab(page, "#input-2")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("state.values") == [1, 2, 1]
        assert "South" in words(page, "#setting")
        focus_by_tab(page, "#detail")
        page.keyboard.press("Home")
        assert "Under ‘no sharing’ nobody lends anything." in words(page, "#map")
        focus_by_tab(page, "#story-next")
        page.keyboard.press("Enter")
        assert page.evaluate("state.story") == 1
        focus_by_tab(page, "#story-before")
        page.keyboard.press("Space")
        assert page.evaluate("state.story") == 0
        focus_by_tab(page, "#gantt summary")
        page.keyboard.press("Enter")
        assert page.locator("#gantt details").get_attribute("open") is not None
        focus_by_tab(page, "#reset")
        page.keyboard.press("Enter")
        assert page.evaluate("state.values") == page.evaluate("DATA.start")


def test_a_change_is_seen_and_announced(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        before = {chart: page.locator(f"#{chart} svg").evaluate("svg => svg.outerHTML") for chart in CHARTS}
        page.locator("input[type=radio]").nth(1).check()  # twenty days of council: a great change
        page.locator("#input-2").select_option("2")
        after = {chart: page.locator(f"#{chart} svg").evaluate("svg => svg.outerHTML") for chart in CHARTS}
        assert [chart for chart in CHARTS if before[chart] == after[chart]] == []
        assert "than the scenario’s own setting" in words(page, "#change")
        eventually(page, "document.getElementById('said').textContent.includes('own setting')")
        assert page.locator("#said").get_attribute("aria-live") == "polite"


def test_a_pinned_setting_stands_beside_the_other(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        focus_by_tab(page, "#pin")
        page.keyboard.press("Enter")
        assert words(page, "#change") == "This is the pinned setting."
        page.locator("#input-2").select_option("2")
        for chart in CHARTS:
            assert page.locator(f"#{chart} svg").count() == 2
            assert page.locator(f"#{chart} .panel-name b").all_inner_texts() == ["Pinned", "Now"]
        left, right = (page.locator("#unmet svg").nth(n).bounding_box() for n in (0, 1))
        assert abs(left["y"] - right["y"]) < 2
        assert left["x"] + left["width"] <= right["x"]
        told = page.locator("#changes tbody tr").nth(AS_IT_WAS).inner_text()
        apart = page.evaluate(f"difference(unmetOf({AS_IT_WAS}, state.values), unmetOf({AS_IT_WAS}, state.pinned))")
        assert page.evaluate(f"number({apart['mean']}, {{ sign: true }})") in told
        page.locator("#pin").click()
        assert page.locator("#unmet svg").count() == 1


# --- the link ---------------------------------------------------------------------------------------------------------


def test_a_link_brings_back_the_setting(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        page.locator("#input-2").select_option("3")
        page.locator("#pin").click()
        page.locator("#input-1").fill("0")
        page.locator("#detail").select_option("2")
        page.locator("#story-next").click()
        link, state = page.evaluate("link()"), page.evaluate("state")
        assert page.url == link
    with visit(browser, file, "#" + link.split("#")[1]) as page:
        assert page.evaluate("state") == state
        assert page.locator("#input-2").input_value() == "3"
        page.evaluate("window.location.hash = '#s=0.0.0&o=0&r=0'")
        eventually(page, "state.values.every((value) => value === 0) && state.pinned === null")
        assert words(page, "#setting").endswith("10")


MEANINGLESS = ("#s=0.0", "#s=-1.0.0", "#answer", "#s=<img src=x onerror=alert(1)>", "#s=1e0.0.0", "#=&&=", "#p=0.0.0")
FOLLOWED = """(link) => new Promise((done) => {
    window.addEventListener('hashchange', () => done(), { once: true });
    window.location.hash = link;
})"""


def test_a_link_that_means_nothing_is_passed_over(browser: Any, file: Path) -> None:
    with visit(browser, file, "#s=9.9.9") as page:
        for link in ("", *MEANINGLESS):
            if link:
                page.evaluate(FOLLOWED, link)
            assert page.evaluate("state.values") == page.evaluate("DATA.start"), link
            assert page.evaluate("state.pinned") is None


def test_the_link_can_be_copied_or_read(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        page.locator("#link").click()
        assert words(page, "#linked") == page.evaluate("link()")


# --- taking charts along ----------------------------------------------------------------------------------------------


def saved(page: Any, chart: str, button: str) -> bytes:
    """What the button saves where there is no clipboard."""
    with page.expect_download() as download:
        page.locator(f"#{chart} button", has_text=button).click()
    return Path(download.value.path()).read_bytes()


NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined, configurable: true })"


@pytest.mark.parametrize("charts", [CHARTS[:3], CHARTS[3:]])  # Chromium lets one visit save ten files at a stretch
def test_charts_are_saved_whole_where_there_is_no_clipboard(browser: Any, file: Path, charts: tuple[str, ...]) -> None:
    with visit(browser, file, "#s=0.1.2&o=1&r=0&p=0.1.0", accept_downloads=True) as page:
        page.evaluate(NO_CLIPBOARD)
        for chart in charts:
            picture = saved(page, chart, "Copy PNG")
            assert picture.startswith(b"\x89PNG")
            assert int.from_bytes(picture[16:20]) == 1440  # twice 720
            drawing = ElementTree.fromstring(saved(page, chart, "Copy SVG"))
            told = " ".join(" ".join(drawing.itertext()).split())
            assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
            title = page.locator(f"#{chart} h3").inner_text()
            for said in ("Pinned", "Now", "Small.", "160 replications, seed 7", title):
                assert said in told
            assert ("do not imply official endorsement" in told) == (chart == "map")


def test_numbers_are_saved_as_a_spreadsheet_can_read_them(browser: Any, file: Path) -> None:
    with visit(browser, file, "#s=0.1.2&o=1&r=0&p=0.1.0", accept_downloads=True) as page:
        text = saved(page, "unmet", "Numbers").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["option"] for row in rows] == 2 * ["no sharing", "As it was", "'=paper <beforehand>"]
        assert [row["North: infantry company, held"] for row in rows] == 3 * ["10"] + 3 * ["8"]
        found = page.evaluate("estimate(unmetOf(1, state.values))")
        assert float(rows[4]["unmet_unit_days"]) == pytest.approx(found["mean"], abs=0.051)
        assert rows[4]["significant"] in ("yes", "no")
        for chart in CHARTS:
            head, *body = csv.reader(io.StringIO(saved(page, chart, "Numbers").decode("utf-8-sig")))
            assert body and all(len(row) == len(head) for row in body)


def test_a_clipboard_gets_the_picture(browser: Any, file: Path) -> None:
    recorder = """window.copied = [];
        Object.defineProperty(Navigator.prototype, 'clipboard', { value: {
            write: async ([item]) => copied.push([...item.types, (await item.getType('image/png')).size]),
            writeText: async (text) => copied.push(text.slice(0, 5)) } })"""
    with visit(browser, file) as page:
        page.evaluate(recorder)
        page.locator("#unmet button", has_text="Copy PNG").click()
        eventually(page, "copied.length === 1")
        page.locator("#unmet button", has_text="Copy SVG").click()
        eventually(page, "copied.length === 2")
        (kind, size), drawing = page.evaluate("copied")
        assert (kind, drawing) == ("image/png", "<?xml")
        assert size > 5000
        eventually(page, "document.getElementById('said').textContent === 'Unmet need by option: copied as SVG.'")
        assert words(page, "#done") == "Unmet need by option: copied as SVG."


@pytest.mark.parametrize("width", [390, 1440])
def test_a_confirmation_is_seen_and_moves_nothing(browser: Any, file: Path, width: int) -> None:
    with visit(browser, file, viewport={"width": width, "height": 900}) as page:
        page.evaluate(
            "Object.defineProperty(Navigator.prototype, 'clipboard', { value: { writeText: async () => {} } })"
        )
        places = "[...document.querySelectorAll('#settings *, figure')].map((each) => each.getBoundingClientRect().top)"
        before = page.evaluate(places)
        page.locator("#link").click()
        eventually(page, "!document.getElementById('done').hidden")
        assert words(page, "#done") == "Link copied."
        assert page.evaluate(places) == before


# --- safety -----------------------------------------------------------------------------------------------------------


def nasty() -> LoadedScenario:
    """A scenario that calls everything by markup and script."""
    mission, other, option, crisis, resource = NASTY
    return sim.from_mapping(
        {
            "name": NASTY[1],
            "about": " ".join(NASTY),
            "period": {"from": "2012-01-01", "to": "2012-03-31"},
            "resources": {resource: {"label": NASTY[0], "cost": {"per_unit_day_away": 10}}},
            "missions": {
                mission: {"at": [7.0, -5.0], "holds": {resource: {NASTY[2]: 1}}, "routine": {resource: 1}},
                other: {"at": [6.2, -10.4], "holds": {resource: {NASTY[1]: 3}}},
            },
            "crises": {crisis: {"mission": mission, "every_days": 20, "lasts_days": 9, "needs": {resource: 2}}},
            "agreements": {
                option: {"between": [mission, other], "gates": {"contributor": {"days": 3}}, "window_days": 20}
            },
            "options": {
                option: {"label": NASTY[0], "about": NASTY[1], "policy": {"share": "none"}},
                crisis: {"label": NASTY[1], "about": NASTY[2], "policy": {"share": "agreements"}},
            },
            "page": {
                "inputs": {
                    NASTY[0]: {
                        "path": f"missions.{other}.holds.{resource}",
                        "values": {NASTY[1]: 3, NASTY[2]: 1},
                        "about": NASTY[3],
                    },
                    NASTY[2]: {"path": f"crises.{crisis}.every_days", "values": [10, 20, 30], "about": NASTY[4]},
                }
            },
        }
    )


@pytest.fixture(scope="module")
def nasty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nasty") / "nasty.html"
    write_page(nasty(), path, replications=5, workers=1)
    return path


@pytest.mark.parametrize("button", ["Copy SVG", "Copy PNG"])
def test_names_that_are_markup_and_script_stay_names(browser: Any, nasty_file: Path, button: str) -> None:
    with visit(browser, nasty_file, accept_downloads=True) as page:
        page.locator("input[type=radio]").nth(1).check()
        page.locator("#pin").click()
        page.locator("input[type=range]").fill("0")
        page.locator("#detail").select_option("1")
        page.locator("#story-next").click()
        for chart in CHARTS:
            page.locator(f"#{chart} summary").click()
            page.evaluate(NO_CLIPBOARD)
            picture = saved(page, chart, button)
            assert picture.startswith(b"\x89PNG") or ElementTree.fromstring(picture).tag.endswith("svg")
        assert page.evaluate("window.hacked") is None
        assert page.locator("img, iframe, object, embed").count() == 0
        assert page.locator("script").count() == page.evaluate("document.scripts.length")
        assert words(page, "h1") == " ".join(NASTY[1].split())
        assert NASTY[0] in page.locator("#changes").inner_text()
        assert page.locator("svg [onload], svg script, svg foreignObject").count() == 0


ATTEMPTS = (
    "const it = document.createElement('script'); it.textContent = 'window.hacked = 1'; document.body.append(it);",
    "document.body.insertAdjacentHTML('beforeend', '<b>x</b>'); window.hacked = 2;",
    "window.hacked = eval('3');",
)


def test_the_policy_stops_scripts_that_are_not_the_pages_own(browser: Any, file: Path) -> None:
    with visit(browser, file, quiet=False) as page:
        for attempt in ATTEMPTS:
            page.evaluate(f"() => {{ setTimeout(() => {{ {attempt} }}) }}")  # later: what a test runs may do anything
        page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))")
        assert page.evaluate("window.hacked") is None
        asked = "fetch('https://example.org/').then(() => 'sent', () => 'stopped')"
        assert page.evaluate(asked) == "stopped"


# --- for everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_it_is_accessible(browser: Any, file: Path, width: int) -> None:
    source = axe()
    how: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "bypass_csp": True}
    how["reduced_motion"] = "reduce"  # no colour is caught half way from light to dark
    with visit(browser, file, "#s=1.2.1&o=1&r=0&p=0.1.0", **how) as page:
        for chart in CHARTS:
            page.locator(f"#{chart} summary").click()
        page.evaluate(source)
        for scheme, only in (("light", ""), ("dark", ", runOnly: ['color-contrast']")):  # a dark screen changes colours
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate(f"axe.run(document, {{ resultTypes: ['violations']{only} }})")
            wrong = [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]]
            assert wrong == [], scheme


TEXTS = "[...document.querySelectorAll('svg text')]"
SPILLS = """[...document.querySelectorAll('#charts svg')].flatMap((svg) => {
    const whole = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < whole.left - 2 || box.right > whole.right + 2 || box.bottom > whole.bottom + 2;
    }).map((text) => `${svg.closest('figure').id}: ${text.textContent}`);
})"""


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_everything_fits_at_every_width(browser: Any, file: Path, width: int) -> None:
    with visit(browser, file, viewport={"width": width, "height": 800}) as page:
        for panels, link in ((1, ""), (2, "#s=1.2.1&o=1&r=0&p=0.1.0")):
            if link:
                page.evaluate(FOLLOWED, link)
            assert page.locator("#unmet svg").count() == panels
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(SPILLS) == []
            sizes = f"{TEXTS}.map((text) => parseFloat(getComputedStyle(text).fontSize))"
            assert page.evaluate(f"Math.min(...{sizes})") >= 11


def test_areas_over_time_begin_at_zero(opened: Any) -> None:
    assert opened.evaluate("BOUNDS.every(({ low }) => low === 0)")


def test_bold_is_for_what_is_significant(browser: Any, file: Path) -> None:
    with visit(browser, file, "#s=1.2.1&o=1&r=0") as page:
        cells = [each.inner_html() for each in page.locator("#changes td").all()]
        assert cells
        assert not [each for each in cells if "<b>" in each and ("not significant" in each or "the same" in each)]


def test_fingers_find_what_they_touch(browser: Any, file: Path) -> None:
    with visit(browser, file, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as page:
        for each in page.locator("button, select, input[type=range], fieldset label").all():
            assert each.bounding_box()["height"] >= 32
        page.locator("fieldset label").nth(1).tap()
        assert page.evaluate("state.values[0]") == 1
        assert words(page, "#glance").startswith("‘=paper <beforehand>’: ")


def test_it_prints_on_a4(browser: Any, file: Path, tmp_path: Path) -> None:
    with visit(browser, file, viewport={"width": 390, "height": 844}, color_scheme="dark") as page:
        page.emulate_media(media="print")
        assert not page.locator("#settings").is_visible()
        assert not page.locator("#unmet .tools").is_visible()
        assert page.locator("#setting").is_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        document = page.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
        assert 2 <= document.count(b"/Type /Page\n") <= 6


def test_tall_pictures_of_pinned_settings_are_printed_one_below_the_other(browser: Any, file: Path) -> None:
    with visit(browser, file, "#s=1.2.1&o=1&r=0&p=0.1.0") as page:
        assert page.locator("#gantt .beside").count() == 1
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        for chart in ("timeline", "gantt"):
            first, second = (page.locator(f"#{chart} svg").nth(n).bounding_box() for n in (0, 1))
            assert first["y"] + first["height"] <= second["y"], "a browser breaks no row of two between pages"


SHARES = {"0": "0", "0.004": "under 1", "-0.004": "−under 1", "0.996": "over 99", "1": "100", "-0.126": "−13"}


@pytest.mark.parametrize(("share", "said"), SHARES.items())
def test_what_is_nearly_nothing_or_everything_is_not_said_to_be(opened: Any, share: str, said: str) -> None:
    assert opened.evaluate(f"percent({share})") == f"{said}\u00a0%"


def test_dark_screens_get_light_ink(browser: Any, file: Path) -> None:
    with visit(browser, file, color_scheme="dark") as page:
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 22, 31)"
        ink = page.evaluate("getComputedStyle(document.querySelector('#unmet svg text')).fill")
        assert ink in ("rgb(228, 234, 242)", "rgb(169, 180, 193)")


ANSWERED = """(place) => {
    const figures = [...document.querySelectorAll('figure .panels')];
    const watching = new MutationObserver(() => {});
    figures.forEach((each) => watching.observe(each, {childList: true}));
    document.querySelectorAll('input[type=radio]')[place].click();
    const seen = watching.takeRecords();
    watching.disconnect();
    return figures.map((each) => seen.filter((one) => one.target === each).length);
}"""
"""Sets a control; gives how often each figure was drawn by the time that the click was over."""


def work_of(tools: Any) -> tuple[int, int]:
    """Calls of the page's functions since it was asked last, and layouts of the page since it was opened."""
    scripts = tools.send("Profiler.takePreciseCoverage")["result"]
    calls = sum(function["ranges"][0]["count"] for script in scripts for function in script["functions"])
    metrics = tools.send("Performance.getMetrics")["metrics"]
    return calls, next(int(each["value"]) for each in metrics if each["name"] == "LayoutCount")


def test_a_control_is_answered_at_once(browser: Any, file: Path) -> None:
    """In the click itself, every figure drawn once, with so little work that nobody waits for it."""
    with visit(browser, file) as page:
        tools = page.context.new_cdp_session(page)
        tools.send("Performance.enable")
        tools.send("Profiler.enable")
        tools.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
        for place in (1, 0, 1, 0):
            _, before = work_of(tools)
            assert page.evaluate(ANSWERED, place) == [1] * len(CHARTS)
            calls, after = work_of(tools)
            assert 1_000 < calls < 45_000  # 15,000 today
            assert after - before <= 4  # 2 today: one for all figures' widths, one for what was drawn


def test_numbers_of_any_size_stand_whole_beside_their_panel(browser: Any, tmp_path: Path) -> None:
    missions = {
        name: block | {"holds": {"infantry_company": 12_500}, "routine": {"infantry_company": 12_499}}
        for name, block in PLAN["missions"].items()
    }
    write_page(sim.from_mapping(PLAN | {"missions": missions}), tmp_path / "page.html", vary=VARY[:1], replications=2)
    with visit(browser, tmp_path / "page.html") as page:
        left = "Math.min(...[...document.querySelectorAll('#timeline svg text')].map((each) => each.getBBox().x))"
        assert page.evaluate(left) >= 0


def test_who_lends_to_whom_is_said_whatever_a_mission_is_called(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        page.select_option("#detail", label="As it was")
        eventually(page, "/unit-days go from South to North on average/.test(document.querySelector('#map').innerText)")
