"""The report in a real browser: it needs no network, runs nothing, fits a phone, and everybody can read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.briefing.html import html
from sim.briefing.outline import outline
from tests.browsing import axe, visit
from tests.small import plan

NASTY = (
    "<img src=x onerror=\"window.hacked='img'\"></script><script>window.hacked='script'</script><svg onload=alert(1)>"
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the small scenario, whose names would run if anybody let them."""
    scenario = plan()
    raids = scenario["crises"]["raids"] | {"source": NASTY, "confidence": "assumed"}
    scenario |= {"name": NASTY, "about": f"{NASTY} What does paper cost?", "crises": {NASTY: raids}}
    scenario["options"] = scenario["options"] | {NASTY: {"policy": {"share": "all"}, "about": NASTY}}
    results = sim.run(sim.from_mapping(scenario), replications=200, workers=1)
    path = tmp_path_factory.mktemp("report") / "briefing.html"
    path.write_text(html(outline(sim.compare(results))), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [390, 1280])
def test_everybody_can_read_it(browser: Any, file: Path, width: int) -> None:
    # axe has to be let in past the page's own rule that nothing runs
    with visit(browser, file, viewport={"width": width, "height": 900}, bypass_csp=True) as page:
        page.evaluate("() => document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate(axe())
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        assert [(each["id"], [node["html"][:90] for node in each["nodes"]][:3]) for each in found["violations"]] == []


def test_it_fits_a_phone(browser: Any, file: Path) -> None:
    with visit(browser, file, viewport={"width": 390, "height": 800}) as page:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_nothing_in_it_runs(browser: Any, file: Path) -> None:
    with visit(browser, file) as page:
        assert page.evaluate("() => window.hacked") is None
        assert page.locator("script, img, iframe").count() == 0
        assert NASTY in page.locator("h1").inner_text()


LAID_OUT = """() => [...document.querySelectorAll('.stacked li:has(.bar)')].map((row) => {
    const [name, figure, bar] = [...row.children].map((each) => each.getBoundingClientRect());
    return {
        above: Math.max(name.bottom, figure.bottom) <= bar.top + 1,
        inside: Math.min(name.left, bar.left) >= 0 && Math.max(name.right, figure.right, bar.right) <= innerWidth,
        filled: [...row.querySelectorAll('.bar i')].some((part) => part.getBoundingClientRect().width > 0),
    };
})"""


def test_on_a_phone_names_stand_above_their_bars(browser: Any, file: Path) -> None:
    with visit(browser, file, viewport={"width": 390, "height": 800}) as page:
        rows = page.evaluate(LAID_OUT)
        assert len(rows) >= 4 * 3, "coverage, unmet need, differences and causes of every option"
        assert all(row["above"] and row["inside"] for row in rows)
        assert sum(row["filled"] for row in rows) > len(rows) / 2
        assert not page.locator(".stackable > svg").first.is_visible()
        assert page.locator("figure:not(.stackable, .beside)").count() == 0
        assert page.locator(".panel svg").first.is_visible()
    with visit(browser, file, viewport={"width": 1280, "height": 800}) as page:
        assert page.locator(".stackable > svg").first.is_visible()
        assert not page.locator(".stacked").first.is_visible()
