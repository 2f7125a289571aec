"""Every chart of the drawer: it draws, its words are true, touch nothing, can be read, and come out the same twice."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim.charts
from sim.charts.house import episode, words
from sim.charts.house.area_labels import name_area
from sim.charts.house.drawer import WITH_EVERY_RUN, chart_of
from sim.charts.house.point_labels import without_overlap
from sim.charts.house.saving import make_ready, picture
from sim.charts.house.style import CAUSES, HIGHLIGHT, INK, PALETTE, STEPS, house, nth_look
from sim.errors import UsageError
from sim.measures.causes import CAUSE_NAMES
from sim.operations.log import CAUSES as LOGGED
from sim.operations.log import Level
from sim.running.workers import workers_for, workers_kept
from sim.scenario.loaded import LoadedScenario
from sim.scenario.nouns.history import Sourced
from sim.scenario.nouns.scenario import Scenario
from sim.words import numbers
from sim.words.language import speaking
from sim.words.names import quoted, short_names
from sim.words.plain import explained
from tests.invented import (
    invented_comparison,
    invented_doubts,
    invented_hindcast,
    invented_race,
    invented_scenario,
    invented_sizing,
    invented_story,
    invented_sweep,
)
from tests.small import PLAN, plan
from tests.worlds import told

LATE = {"from": "2012-03-01"}


def invented_doubts_of(**case: Any) -> Any:
    """As many doubts as there are missions."""
    return invented_doubts(case.pop("options", 2), case.pop("missions", 2), **case)


def invented_hindcast_of(**case: Any) -> Any:
    """The record of as many loans as there are missions."""
    case.pop("options", None)
    return invented_hindcast(case.pop("missions", 2), **case)


OF_A_STUDY: dict[str, Callable[..., Any]] = {
    "sizing": invented_sizing,
    "sweep": invented_sweep,
    "hindcast": invented_hindcast_of,
    "race": invented_race,
    "doubts": invented_doubts_of,
    "along": invented_doubts_of,
}
OF_A_COMPARISON = [name for name in sim.charts.names() if name not in OF_A_STUDY]
FEW: dict[str, Any] = {"options": 2, "missions": 2}
MANY: dict[str, dict[str, Any]] = {
    "12 options, 2 missions, long names": {"options": 12, "missions": 2, "long": True},
    "2 options, 12 missions, long names": {"options": 2, "missions": 12, "long": True},
    "12 options, 12 missions": {"options": 12, "missions": 12},
}


def pictures(chart: str, **case: Any) -> list[tuple[Any, dict[str, Any]]]:
    """What a chart draws, with what to ask of it, for every picture that it gives."""
    if chart in OF_A_STUDY:
        two: list[tuple[Any, dict[str, Any]]] = [(invented_sweep(case["options"], 2), {})] if chart == "sweep" else []
        return [(OF_A_STUDY[chart](**case), {}), *two]
    source = invented_comparison(**case)
    return [(source, ask) for ask in chart_of(chart).variants(source).values()]


@cache
def drawn(chart: str) -> list[tuple[Any, dict[str, Any], Any]]:
    """What a chart draws of few options and missions, with its figure: drawn once, and looked at by several tests."""
    return [(source, ask, chart_of(chart).draw(source, **ask)) for source, ask in pictures(chart, **FEW)]


def crossed(
    names: Iterable[str], cases: dict[str, dict[str, Any]], quick: tuple[str, ...] = (), uncounted: tuple[str, ...] = ()
) -> list[Any]:
    """Every chart in every case; slow, but for the `quick` cases, and the first of what every run draws. The lines that
    `uncounted` cases reach are not counted: others reach them."""
    found = []
    for name, (case, given) in itertools.product(names, cases.items()):
        now = case in quick or (name in WITH_EVERY_RUN and case == next(iter(cases)))
        marks = [pytest.mark.slow] * (not now) + [pytest.mark.no_cover] * (case in uncounted)
        found.append(pytest.param(name, given, id=f"{name}-{case}", marks=marks))
    return found


def texts(figure: Figure) -> list[Text]:
    """Every text that shows."""
    shown = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    boxes = {id(text): text.get_window_extent() for text in shown}
    hidden = {
        id(label)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]
        for label in (tick.label1, tick.label2)
        if not tick.get_visible() or not _within_view(axis, tick)
    }
    return [text for text in shown if id(text) not in hidden and boxes[id(text)].width > 0]


def _within_view(axis: Any, tick: Any) -> bool:
    low, high = sorted(axis.get_view_interval())
    reach = 1e-6 * (high - low)
    return bool(low - reach <= tick.get_loc() <= high + reach)


def assert_legible(figure: Figure) -> None:
    """No two texts overlap, none leaves the sheet, none is smaller than 9 pt."""
    with house():
        found = [(text.get_text(), text.get_window_extent(), text.get_fontsize()) for text in texts(figure)]
    sheet = figure.bbox
    for said, box, size in found:
        assert float(size) >= 9, f"{said!r} has {size} pt"
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= sheet.x1 + 1 and box.y1 <= sheet.y1 + 1
        assert inside, f"{said!r} leaves the sheet: {box}"
    boxes = [(said, *box.extents) for said, box, _ in found]
    for (one, x0, y0, x1, y1), (other, left, bottom, right, top) in itertools.combinations(boxes, 2):
        wide = (x1 if x1 < right else right) - (x0 if x0 > left else left)
        tall = (y1 if y1 < top else top) - (y0 if y0 > bottom else bottom)
        assert wide < 1.5 or tall < 2.5, f"{one!r} touches {other!r}"


@pytest.mark.parametrize("name", sim.charts.names())
def test_every_chart_of_little_is_legible(name: str) -> None:
    for _, _, figure in drawn(name):
        assert_legible(figure)


@pytest.mark.parametrize(("name", "case"), crossed(sim.charts.names(), MANY, uncounted=tuple(MANY)[1:]))
def test_every_chart_of_much_is_legible(name: str, case: dict[str, Any]) -> None:
    for source, ask in pictures(name, **case):
        figure = chart_of(name).draw(source, **ask)
        assert_legible(figure)


@pytest.mark.parametrize("name", sim.charts.names())
def test_every_chart_has_words_and_numbers(name: str) -> None:
    for source, ask, figure in drawn(name):
        chart = chart_of(name)
        said = chart.alt(source, **ask)
        assert chart.finding(source, **ask) == figure.finding
        nothing = any(text.get_text() == "Nothing to draw" for text in figure.texts)
        assert figure.finding in said and figure.finding in figure.alt
        assert nothing or (figure.alt == said and len(said) > len(figure.finding) + 10)
        rows = chart.rows(source, **ask)
        assert bool(rows) != nothing
        caption = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
        assert "Seed 2012" in caption and "Contains assumed numbers" in caption
        assert nothing or re.search(r"n = \d|replication", caption)
        assert "Post-electoral crisis in Côte d'Ivoire" in caption


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=[] if each in WITH_EVERY_RUN else pytest.mark.slow) for each in sim.charts.names()],
)
def test_the_same_chart_is_the_same_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SVG has all that is drawn, in order; the PNG adds its own way of writing, at whatever size."""
    monkeypatch.setattr("sim.charts.house.saving.DOTS_PER_INCH", 40)
    _, _, once = drawn(name)[0]
    [(source, ask), *_] = pictures(name, **FEW)
    again = chart_of(name).draw(source, **ask)
    svg = picture(once, "svg")
    assert svg == picture(again, "svg")
    assert name not in WITH_EVERY_RUN or picture(once, "png") == picture(again, "png")
    assert b"<title>" in svg and b"<desc>" in svg and b'role="img"' in svg and b"<text" in svg


AWKWARD: dict[str, dict[str, Any]] = {
    "one option": {"options": 1},
    "one replication": {"options": 3, "half": math.nan, "replications": 1, "kept": 1},
    "nothing kept": {"options": 3, "kept": 0},
    "no results at hand": {"options": 3, "results": False},
    "nothing unmet": {"options": 3, "scale": 0.0},
    "nothing lent": {"options": 3, "lending": False},
    "huge numbers, a name in Chinese": {
        "options": 3, "scale": 4.2e9, "name": "科特迪瓦选举后危机 $x^2$ & 100 % <b>_{i}",
    },
    "negative coverage, a name in Arabic": {
        "options": 3, "gains": [0.0, -1.5, 0.2], "name": "الأزمة في كوت ديفوار",
    },
    "nothing significant": {"options": 3, "half": 2.0},
}  # fmt: skip
"""A name goes with numbers: it stands in the headline and caption, which are the sheet's, and numbers in the chart."""


@pytest.mark.parametrize(("name", "case"), crossed(OF_A_COMPARISON, AWKWARD, quick=("nothing lent", "one option")))
def test_every_chart_stands_awkward_input(name: str, case: dict[str, Any]) -> None:
    for source, ask in pictures(name, **case):
        figure = chart_of(name).draw(source, **ask)
        assert figure.finding and figure.alt
        assert "nan" not in figure.finding and "inf " not in figure.finding
        chart_of(name).rows(source, **ask)
        assert_legible(figure)


@pytest.mark.no_cover
@pytest.mark.parametrize("days", [21, 45, 100, 400, 1100, 3653])
@pytest.mark.parametrize("name", ["timeline", "gantt"])
def test_dates_are_right_in_any_period(name: str, days: int) -> None:
    source = invented_comparison(2, days=days)
    figure = chart_of(name).draw(source)
    assert_legible(figure)
    axis = figure.axes[-1].xaxis
    import matplotlib.dates

    ticks = [matplotlib.dates.num2date(at).date() for at in axis.get_majorticklocs()]  # type: ignore[no-untyped-call]
    first, last = source.scenario.period.from_, source.scenario.period.to
    inside = [tick for tick in ticks if first <= tick <= last]
    assert 2 <= len(inside) <= 16
    labels = [label.get_text() for label in axis.get_majorticklabels()]
    for tick, label in zip(ticks, labels, strict=True):
        assert label in {f"{tick:%Y}", f"{tick:%b}", str(tick.day)}, (tick, label)


def test_the_drawer_knows_what_its_charts_are_of() -> None:
    assert [name for name in sim.charts.names() if chart_of(name).of_a_comparison] == OF_A_COMPARISON


def test_a_title_claims_no_more_than_its_interval() -> None:
    unsure = invented_comparison(4, half=2.0)
    assert all(not by["coverage"].significant for by in unsure.differences.values())
    for name in ("coverage", "differences"):
        assert "No option differs significantly from ‘no sharing’" in chart_of(name).finding(unsure)
    worse = invented_comparison(3, gains=[0.0, -0.5, -0.2])
    assert chart_of("coverage").finding(worse) == "No option covers significantly more than ‘no sharing’"
    assert "2 options are significantly worse" in chart_of("differences").finding(worse)
    single = invented_comparison(3, half=math.nan, replications=1)
    assert "cannot tell the options apart" in chart_of("differences").finding(single)
    best = invented_comparison(3)
    assert "standing clause" in chart_of("coverage").finding(best)


def test_only_significant_differences_are_filled_and_bold() -> None:
    comparison = invented_comparison(3)
    first, second = comparison.differences
    hazy = {
        measure: replace(each, low=-abs(each.low) - 1e9, high=1e9)
        for measure, each in comparison.differences[second].items()
    }
    mixed = replace(comparison, differences={first: comparison.differences[first], second: hazy})
    panel = chart_of("differences").draw(mixed).axes[0]
    faces = [line.get_markerfacecolor() for line in panel.lines if line.get_marker() == "o"]
    assert faces[1] == "white" and faces[0] != "white"
    weights = [text.get_fontweight() for text in panel.texts if text.get_text()]
    assert weights == ["bold", "normal"]


def test_an_option_keeps_its_look() -> None:
    whole = invented_comparison(5)
    part = replace(
        whole,
        options={name: whole.options[name] for name in list(whole.options)[2:4]},
        reference="standing clause",
        differences={name: whole.differences[name] for name in list(whole.options)[3:4]},
    )
    from sim.charts.house.marks import looks

    assert [each.marker for each in looks(part)] == [each.marker for each in looks(whole)[2:4]]
    assert len({as_.marker for as_ in looks(invented_comparison(12))}) == 12


def test_neighbouring_curves_differ_in_mark_and_dashes() -> None:
    looks = [nth_look(order) for order in range(48)]
    assert len({(look.marker, str(look.dashes)) for look in looks}) == 48
    assert all(one.dashes != other.dashes and one.marker != other.marker for one, other in itertools.pairwise(looks))


def test_a_cause_is_named_within_its_part_or_in_the_key() -> None:
    figure = sim.charts.causes(invented_comparison(3))
    renderer: Any = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    axes = figure.axes[0]
    parts = [patch.get_window_extent(renderer) for patch in axes.patches]
    names = [text for text in axes.texts if "\n" in text.get_text()]
    assert names
    for name in names:
        box = name.get_window_extent(renderer)
        assert any(
            part.x0 <= box.x0 and box.x1 <= part.x1 and part.y0 <= box.y0 and box.y1 <= part.y1 for part in parts
        )
    keyed = {text.get_text() for text in figure.texts}
    assert not keyed & {" ".join(text.get_text().split("\n")[:-1]) for text in names}, "said once"


def test_an_area_is_named_where_it_is_tall_enough_only() -> None:
    axes = Figure(figsize=(13.33, 7.5)).add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 10)
    x = np.arange(0.5, 100)
    nothing = np.zeros_like(x)
    assert not name_area(axes, "missing", x, (nothing, nothing + 0.01))
    assert name_area(axes, "missing", x, (nothing, np.where(x > 60, 8.0, 1.0)))
    (text,) = axes.texts
    assert text.get_position()[0] > 60 and text.get_position()[1] == 4


def test_the_panel_with_most_missing_is_the_first() -> None:
    from sim.charts.timeline import _shown

    shown = _shown(invented_comparison(3, 6), None, None, True)
    missing = [shown.missing[cell] for cell in shown.cells]
    assert missing == sorted(missing, reverse=True) and len(set(missing)) > 1


def test_no_word_of_the_trade_stands_alone() -> None:
    assert explained("n = 40 replications.", "62 unit-days") == (
        "n = 40 replications. In plain words: unit-day: one unit (a company, a police unit, a helicopter) for one day; "
        "replication: one possible course of events, played through once."
    )
    assert explained("Seed 1.", "A plot of pilots") == "Seed 1."
    once = explained("n = 40 replications.")
    assert explained(once) == once
    caption = " ".join(sim.charts.risk(invented_comparison(3)).texts[2].get_text().split())
    assert "In plain words: unit-day:" in caption


def test_options_are_in_one_ink_with_one_highlight() -> None:
    from sim.charts.house.marks import highlighted, looks

    drawn = invented_comparison(12)
    colours = dict(zip(drawn.options, (look.colour for look in looks(drawn)), strict=True))
    assert [name for name, colour in colours.items() if colour != INK] == [highlighted(drawn)]
    assert not {INK, HIGHLIGHT} & {*CAUSES.values()}, "any other colour is a cause"


def test_every_cause_has_a_colour_and_prints_as_a_grey_of_its_own() -> None:
    assert set(LOGGED) <= set(CAUSES) == set(CAUSE_NAMES)
    for colours in (CAUSES, STEPS):
        light = [_lab(colour)[0] for colour in colours.values()]
        assert min(abs(one - other) for one, other in itertools.pairwise(light)) >= 15, "neighbours in a bar"
    light = [_lab(colour)[0] for colour in CAUSES.values()]
    assert min(abs(one - other) for one, other in itertools.pairwise(sorted(light))) >= 5, (
        "any two that may become neighbours"
    )


def test_causes_are_told_apart_without_red_or_green() -> None:
    for blind in (DEUTERANOPIA, PROTANOPIA):
        seen = [_lab(colour, blind) for colour in CAUSES.values()]
        nearest = min(np.linalg.norm(one - other) for one, other in itertools.pairwise(seen))
        assert nearest >= 20, "neighbours in a bar, as a distance in CIE Lab"
        assert min(np.linalg.norm(one - other) for one, other in itertools.combinations(seen, 2)) >= 5


DEUTERANOPIA = np.array([[0.3673, 0.8606, -0.228], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]])
PROTANOPIA = np.array([[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.052]])
"""How a colour, linear in light, is seen by those who lack a cone (Machado, Oliveira & Fernandes 2009)."""


def _lab(colour: str, seen: Any = None) -> Any:
    """A colour of sRGB as L*, a*, b* (CIE 1976, D65), seen by an eye that has all cones or through a matrix."""
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    if seen is not None:
        linear = np.clip(seen @ linear, 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
    )
    x, y, z = np.cbrt(np.maximum(to_xyz @ linear / (0.95047, 1.0, 1.08883), 1e-9))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_numbers_that_nobody_vouches_for_are_said_to_be_assumed() -> None:
    plan = invented_scenario(assumed=False)
    assert words.assumed(plan), "no sources at all"
    vouched: dict[Any, bool] = {"verified": False, "secondary": False, "recalled": True, None: True}
    for confidence, assumed in vouched.items():
        sources = [Sourced(path="crises", source="a letter", confidence=confidence)]
        assert words.assumed(LoadedScenario.of(plan, {}, sources=sources)) == assumed


def test_no_option_is_grey_or_pale() -> None:
    for colour in PALETTE:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        assert max(parts) - min(parts) > 0.2, f"{colour} is a grey, like axes and whatever is not shown"
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 3, f"{colour} is too pale on white (WCAG 2.2, 1.4.11)"


def test_names_are_not_formulas() -> None:
    comparison = invented_comparison(2, name="$x^2$ & 100 % _of_ <it>")
    figure = sim.charts.coverage(comparison)
    assert any("$x^2$ & 100 % _of_ <it>" in text.get_text() for text in figure.texts)
    assert b"$x^2$ &amp; 100 % _of_ &lt;it&gt;" in picture(figure, "svg")


def test_charts_of_a_story_need_no_results() -> None:
    story = invented_story(missions=3)
    for name in ("gantt", "timeline", "waterfall", "lending", "map"):
        figure = chart_of(name).draw(story)
        assert_legible(figure)
        assert chart_of(name).rows(story)
    assert "Replication 3" in " ".join(text.get_text() for text in sim.charts.gantt(story).texts)


def test_gates_that_take_turns_follow_one_another() -> None:
    lending = """
        missions: {North: {}, South: {holds: {company: 5}}}
        crises: {raid: {mission: North, on: day 10, lasts_days: 40, needs: {company: 2}}}
        agreements: {pact: {between: any, order: ORDER, gates: {council: {days: 5}, contributor: {days: 2}}}}
    """
    spans = {
        order: [(row["step"], row["from_day"], row["to_day"]) for row in chart_of("gantt").rows(story)][:2]
        for order in ("together", "in turn")
        for story in [told(lending.replace("ORDER", order))]
    }
    assert spans["together"] == [("council", 10, 15), ("contributor", 10, 12)]
    assert spans["in turn"] == [("council", 10, 15), ("contributor", 15, 17)]


def test_the_waterfall_adds_up() -> None:
    rows = chart_of("waterfall").rows(invented_comparison(3))
    assert sum(row["mean_days"] for row in rows[:-1]) == pytest.approx(rows[-1]["mean_days"])


def test_the_lending_matrix_counts_from_departure_to_home() -> None:
    story = invented_story()
    days = sum(
        loan.units * ((story.scenario.days if loan.home_day is None else loan.home_day) - loan.departed_day)
        for loan in story.loans
        if loan.departed_day is not None
    )
    assert sum(row["unit_days"] for row in chart_of("lending").rows(story)) == pytest.approx(days)


def test_answers_are_the_plain_share_without_censoring() -> None:
    import numpy as np

    from sim.charts.response import ANSWERED, CUT_OFF, ENDED, answered

    times, share = answered(np.array([0.0, 5.0, 5.0, 9.0]), np.array([ANSWERED, ANSWERED, ENDED, ENDED]))
    assert times.tolist() == [0, 5, 9] and share.tolist() == pytest.approx([0.25, 0.5, 0.5])
    # one of four is lost from sight on day 2: those that are left stand for it
    times, share = answered(np.array([0.0, 2.0, 5.0, 9.0]), np.array([ANSWERED, CUT_OFF, ANSWERED, ENDED]))
    assert share.tolist() == pytest.approx([0.25, 0.25, 0.25 + 0.75 / 2, 0.625])


def test_the_frontier_leaves_out_what_is_beaten() -> None:
    comparison = invented_comparison(4, gains=[0.0, 0.6, 0.3, 0.7], results=False)
    costly = dict(comparison.options)
    name = list(costly)[2]
    measures = dict(costly[name].measures)
    measures["cost_usd"] = replace(measures["cost_usd"], mean=1e9, low=0.9e9, high=1.1e9)
    costly[name] = replace(costly[name], measures=measures)
    rows = chart_of("frontier").rows(replace(comparison, options=costly))
    assert [row["efficient"] for row in rows] == [True, True, False, True]
    said = chart_of("frontier").finding(replace(comparison, options=costly))
    label = comparison.options[name].label
    assert said == f"On average ‘{label}’ is beaten: another option costs no more and leaves no more need unmet"


def test_the_frontier_makes_no_finding_of_a_tie() -> None:
    """Two options leave the same unmet but for luck, and one costs more."""
    comparison = invented_comparison(3, gains=[0.0, 0.6, 0.599], results=False)
    doubtful = dict(comparison.options)
    name, other = list(doubtful)[2], list(doubtful)[1]
    cost = replace(doubtful[other].measures["cost_usd"], mean=doubtful[other].measures["cost_usd"].mean + 1)
    doubtful[name] = replace(doubtful[name], measures=dict(doubtful[name].measures) | {"cost_usd": cost})
    tied = replace(comparison, options=doubtful)
    assert [row["efficient"] for row in chart_of("frontier").rows(tied)] == [True, True, False]
    assert chart_of("frontier").finding(tied) == (
        f"‘{name}’ cannot be told apart from the options that cost less or leave less need unmet on average"
    )


def test_merged_countries_have_no_line_between_them() -> None:
    from sim.charts.house.basemap import land

    found = land()
    assert len(found.countries) == 64 and len(found.unsettled) >= 4
    assert {"Somalia", "Cyprus", "South Sudan"} <= {country.name for country in found.names}
    assert not {"Somaliland", "N. Cyprus"} & {country.name for country in found.names}


def test_land_around_the_maps_countries_is_not_sea() -> None:
    from sim.charts.house.basemap import elsewhere, land

    rome, atlantic, juba = (12.5, 42.2), (-30.0, 40.0), (31.6, 4.9)
    assert elsewhere().contains_points([rome, atlantic, juba]).tolist() == [True, False, True]
    assert not any(country.contains_points([rome]).any() for country in land().countries)


def test_no_name_of_a_country_stands_in_another() -> None:
    from sim.charts.house.basemap import land

    named = {country.name: country for country in land().names}
    figure = sim.charts.map(invented_comparison(2, missions=2))
    moved = [text for text in figure.texts if " ".join(text.get_text().split()) in named]
    assert moved
    west, east = figure.axes[0].get_xlim()
    south, north = figure.axes[0].get_ylim()
    box = figure.axes[0].get_position()
    for text in moved:
        x, y = text.get_position()
        at = west + (x - box.x0) / box.width * (east - west), south + (y - box.y0) / box.height * (north - south)
        assert named[" ".join(text.get_text().split())].outline.contains_point(at)


def test_a_map_says_whose_borders_they_are_not(tmp_path: Path) -> None:
    figure = sim.charts.map(invented_comparison(2))
    assert any("do not imply official endorsement" in text.get_text().replace("\n", " ") for text in figure.texts)
    with pytest.raises(UsageError, match="cannot be read as GeoJSON"):
        sim.charts.map(invented_comparison(2), basemap=str(tmp_path / "nothing.geojson"))


def test_save_all_writes_pictures_and_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.charts.house.saving.DOTS_PER_INCH", 40)
    comparison = invented_comparison(2)
    files = sim.charts.save_all(comparison, tmp_path / "charts")
    stems = {file.name for file in files}
    for name in ("coverage", "differences", "causes", "timeline", "timeline_one", "gantt"):
        assert {f"{name}.png", f"{name}.svg", f"{name}.csv"} <= stems
    with (tmp_path / "charts" / "coverage.csv").open(encoding="utf-8") as sheet:
        rows = list(csv.DictReader(sheet))
    assert [row["option"] for row in rows] == list(comparison.options)
    assert float(rows[0]["unmet_unit_days"]) == comparison.options["no sharing"].measures["unmet_unit_days"].mean
    only = sim.charts.save_all(comparison, tmp_path / "some", ["map"])
    assert {file.name for file in only} == {"map.png", "map.svg", "map.csv"}


def test_workers_that_are_at_hand_draw_the_same(tmp_path: Path) -> None:
    comparison, asked = invented_comparison(2), ("timeline", "coverage")
    here = sim.charts.save_all(comparison, tmp_path / "here", asked)
    with workers_kept(), workers_for(2) as pool, speaking("fr"):
        assert pool is not None
        pool.start()
        make_ready()
        there = sim.charts.save_all(comparison, tmp_path / "there", asked)
    assert [file.name for file in there] == [file.name for file in here]
    with speaking("fr"):
        here = sim.charts.save_all(comparison, tmp_path / "here", asked)
    assert [file.read_bytes() for file in there] == [file.read_bytes() for file in here]


def test_unknown_charts_are_answered(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no chart 'pie'; known: along, answer, causes"):
        sim.charts.save_all(invented_comparison(2), tmp_path, ["pie"])
    with pytest.raises(UsageError, match="not of a comparison"):
        sim.charts.save_all(invented_comparison(2), tmp_path, ["sizing"])
    with pytest.raises(UsageError, match="no picture format 'gif'"):
        sim.charts.save(sim.charts.coverage(invented_comparison(2)), tmp_path / "a", ("gif",))
    with pytest.raises(AttributeError, match="known: along, answer, causes"):
        getattr(sim.charts, "pie")  # noqa: B009


def test_a_figure_shows_itself_in_a_notebook() -> None:
    assert sim.charts.coverage(invented_comparison(2))._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (0.421, "0.421"), (12.34, "12.3"), (1234.5, "1,234"), (-56, "−56"), (1.234e6, "1.23 million"),
     (999_999, "1 million"), (5e9, "5 billion"), (math.nan, "–"), (-0.0001, "−0.0001")],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(value: float, said: str) -> None:
    assert numbers.number(value) == said


@pytest.mark.parametrize("most", [0.5, 90, 15_000, 45_000, 3.2e6, 8e9, 5e13])
def test_axes_say_what_their_ticks_count(most: float) -> None:
    figure = sim.charts.coverage(invented_comparison(2, scale=most))
    axis = figure.axes[1].xaxis
    in_units_of = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
    factor = next((each for word, each in in_units_of.items() if word in axis.get_label_text()), 1.0)
    for at, label in zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True):
        assert float(label.get_text().replace(",", "").replace("−", "-")) * factor == pytest.approx(at)


def test_shares_never_round_to_all_or_nothing() -> None:
    assert words.percent(0.9996) == "over\u00a099\u00a0%"
    assert words.percent(1.0) == "100\u00a0%"
    assert words.percent(0.0004) == "under\u00a01\u00a0%"
    assert words.percent(-1.25) == "−125\u00a0%"
    assert words.both("coverage", 0.9112, 0.9113) == ("91.12\u00a0%", "91.13\u00a0%")


def test_charts_round_as_the_terminal_does() -> None:
    from sim.measures.figures import figure

    for value in (0.6545, 0.65, 0.9112):
        assert words.figure("coverage", value) == figure("coverage", value).replace(" ", "\u00a0")
    assert words.figure("coverage", 0.6545) == "65.5\u00a0%" == words.both("coverage", 0.6545, 0.2)[0]
    assert words.figure("cost_usd", 6.25e6, sign=True) == "+$6.25\u00a0M"
    assert words.figure("cost_usd", -900, sign=True) == "−$900"
    assert words.figure("unmet_unit_days", 4.83) == "4.8"


def test_what_rounds_to_nothing_has_no_sign_and_dollars_of_a_panel_one_unit() -> None:
    from sim.charts.differences import _values

    assert words.figure("exposure_unit_days", -0.03, sign=True) == "0.0"
    said = [each.replace("\u00a0", " ") for each in _values("cost_usd", [-4.41e6, 306_287.0, -1_880.0, 0.0, math.nan])]
    assert said == ["−$4.41 M", "+$0.31 M", "−$1,880", "$0", "–"]
    assert _values("cost_usd", [306_287.0]) == ["+$306,287"]


def test_the_largest_pair_is_not_called_most() -> None:
    finding = chart_of("lending").finding(invented_comparison(2, missions=3)).replace("\u00a0", " ")
    share = int(re.search(r"(\d+) % of all$", finding)[1])  # type: ignore[index]
    assert ("most of what is lent goes from" in finding) == (share > 50)
    assert ("no pair lends more than" in finding) == (share <= 50)


def test_groups_of_units_are_counted_as_people_count_them() -> None:
    plan = invented_scenario(2, resources={"vehicle": {"label": "Protected vehicles (columns of ten)"}})
    assert words.units(plan, 1, "vehicle") == "1 column of ten protected vehicles"
    assert words.units(plan, 3, "vehicle") == "3 columns of ten protected vehicles"
    assert plan.units_name("infantry_company") == "infantry companies"


def test_one_replication_is_not_told_as_all() -> None:
    comparison = invented_comparison(2)
    for finding in (
        chart_of("gantt").finding(comparison),
        chart_of("timeline").finding(comparison, mean=False),
        chart_of("gantt").finding(invented_story()),
    ):
        assert finding.startswith("In one replication of ‘")


def test_a_single_best_option_is_named() -> None:
    comparison = invented_comparison(3, results=False)
    name = list(comparison.options)[-1]
    cheap = dict(comparison.options)
    free = type(comparison.options[name].measures["cost_usd"])(0, 0, 0, 0, 200)
    cheap[name] = replace(cheap[name], measures=dict(cheap[name].measures) | {"cost_usd": free})
    finding = chart_of("frontier").finding(replace(comparison, options=cheap))
    assert finding == f"On average no option costs less or leaves less need unmet than ‘{name}’"


def test_no_last_word_of_a_name_stands_alone() -> None:
    from sim.charts.house.sheet import row_names

    with house():
        names = row_names(["units and warning shared, 14 days"] * 5, 4.0, 2.7).lines
    assert names == ["units and warning\nshared, 14 days"] * 5


def test_labels_of_an_axis_keep_apart() -> None:
    from sim.charts.house.scale import scaled_axis
    from sim.charts.house.sheet import Area, axes_in
    from sim.charts.house.style import blank

    with house():
        figure = blank()
        axes = axes_in(figure, Area(1, 1, 2, 6))
        axes.set_xlim(-13_000, 500)
        scaled_axis(axes, "unit-days", "", ticks=3)
        figure.draw_without_rendering()
    assert_legible(figure)


def test_things_are_called_by_their_labels() -> None:
    missions = {
        "A": {"label": "Mission in Alphaland", "at": [6, -10], "holds": {"es": 3, "attack_helicopter": 2}},
        "UNOCI": {"label": "United Nations Operation in Côte d'Ivoire", "at": [5, -4]},
    }
    crises = {"c": {"mission": "A", "label": "The vote", "every_days": 90, "lasts_days": 9, "needs": {"es": 1}}}
    resources = {"es": {"label": "Engineer squadrons"}}
    model = Scenario.model_validate(
        {"period": {"from": "2010-10-01", "to": "2011-09-30"}, "missions": missions, "crises": crises}
        | {"resources": resources, "options": {"no sharing": {}}}
    )
    plan = LoadedScenario.of(model, {})
    called = [words.label(plan, name) for name in ("A", "UNOCI", "c", "es")]
    assert called == ["Mission in Alphaland", "UNOCI", "The vote", "Engineer squadrons"]
    assert words.units(plan, 2, "es") == "2 engineer squadrons"
    assert words.units(plan, 1, "es") == "1 engineer squadron"
    assert words.units(plan, 2, "attack_helicopter") == "2 attack helicopters"


def test_differences_show_the_price_to_lenders_and_no_made_up_axis() -> None:
    whole = invented_comparison(3)
    titles = [axes.get_title("left") for axes in sim.charts.differences(whole).axes]
    assert titles == ["Unmet need", "Response time", "Lenders' exposure", "Cost of loans"]
    nil = {
        name: dict(by) | {"cost_usd": type(by["cost_usd"])(0, 0, 0, 0, 200)} for name, by in whole.differences.items()
    }
    figure = sim.charts.differences(replace(whole, differences=nil))
    assert [axes.get_title("left") for axes in figure.axes] == titles[:3]
    assert any("No costs are given" in text.get_text().replace("\n", " ") for text in figure.texts)


def test_intervals_show_beside_their_marks() -> None:
    figure = sim.charts.differences(invented_comparison(3))
    for axes in figure.axes:
        marks = [line.get_markersize() for line in axes.lines if line.get_marker() == "o"]
        ends = [line.get_markersize() for line in axes.lines if line.get_marker() == "|"]
        assert len(ends) == len(marks) == 2 and min(ends) > 1.5 * max(marks)


def test_few_loans_make_a_shorter_sheet() -> None:
    story = invented_story()
    full, short = sim.charts.gantt(story).get_figheight(), story
    short.loans = story.loans[:2]
    assert sim.charts.gantt(short).get_figheight() < full - 1


def test_a_timeline_says_which_panels_it_leaves_out() -> None:
    comparison = invented_comparison(2, missions=12)
    assert "the 12 panels with most missing and borrowed, of" in _shown_text(sim.charts.timeline(comparison))
    assert "panels" not in _shown_text(sim.charts.timeline(invented_comparison(2)))


def test_a_timeline_names_what_is_missing_most_only_where_it_stands_out() -> None:
    few, many = (
        chart_of("timeline").finding(invented_comparison(2, missions=count)).replace("\u00a0", " ") for count in (1, 12)
    )
    assert re.search(r"\d+ % of all unit-days missing are", few)
    assert re.search(r"shortfalls are spread over 24 pairs of mission and resource; none has over \d %", many)


def test_a_timeline_says_how_much_is_missing_and_cuts_no_name() -> None:
    label = "Protected vehicles (columns of ten)"
    labelled = {"attack_helicopter": {"label": label}, "infantry_company": {}}
    comparison = invented_comparison(2, missions=12, resources=labelled)
    for mean in (True, False):
        said = [text.get_text() for text in texts(sim.charts.timeline(comparison, mean=mean))]
        assert any(re.fullmatch(r"[\d,]+ unit-days missing", text) for text in said)
        assert label in said


def test_a_gantt_chart_speaks_of_papers_only_where_any_was_awaited() -> None:
    story = invented_story()
    assert "the Council's, the contributor's, the host's" in _shown_text(sim.charts.gantt(story))
    gates = ("council_day", "contributor_day", "host_day")
    story.loans = [loan._replace(**dict.fromkeys(gates, loan.requested_day)) for loan in story.loans]
    assert "Council" not in _shown_text(sim.charts.gantt(story))


def test_a_race_without_a_winner_names_in_quotes_who_is_left() -> None:
    race = invented_race(2)
    left = replace(race, chosen=None, alive=tuple(race.means))
    expected = "Undecided: ‘no sharing’ and ‘as it was’ are too close to be told apart yet"
    assert chart_of("race").finding(left) == expected


def test_whole_units_have_whole_ticks() -> None:
    swept = invented_sweep(2)
    few = tuple(replace(each, inputs={swept.paths[0]: n}) for n, each in enumerate(swept.settings[:4]))
    ticks = sim.charts.sweep(replace(swept, settings=few)).axes[0].get_xticks()
    assert all(float(tick).is_integer() for tick in ticks)


def _shown_text(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.texts[:2]).replace("\n", " ")


def test_causes_have_one_name_in_title_and_key() -> None:
    from sim.measures.causes import CAUSE_NAMES

    comparison = invented_comparison(3)
    figure = sim.charts.causes(comparison)
    said = {text.get_text() for text in figure.texts}  # the key
    said |= {" ".join(text.get_text().split("\n")[:-1]) for text in figure.axes[0].texts}  # above a share
    assert {CAUSE_NAMES["contributor"](), CAUSE_NAMES["not permitted"]()} <= said
    assert not {"contributor", "kept", "not permitted"} & said


def test_inputs_are_said_as_people_say_them() -> None:
    from sim.charts.house.input_names import input_name

    path = "contributors.Ukraine.consent_days"
    asked: dict[str, Any] = {"page": {"inputs": {"Kyiv's answer": {"path": path, "values": [7, 14]}}}}
    plan = invented_scenario(2, **asked)
    assert input_name(plan, path) == "Kyiv's answer (days)"
    plan = invented_scenario(2)
    assert input_name(plan, path) == "Ukraine: days to consent"
    assert input_name(plan, "missions.MISSION0.holds.attack_helicopter.Ukraine") == (
        "MISSION0: attack helicopters, held, Ukraine"
    )
    assert input_name(plan, "options.hub.policy.notice_hours") == "hub: notice hours"
    assert input_name(plan, "agreements.pact.gates.council.by_severity.4") == (
        "pact: council, factor on days for severity 4"
    )


def test_before_a_mission_opens_nothing_is_drawn_there() -> None:
    late = plan() | {"missions": PLAN["missions"] | {"North": PLAN["missions"]["North"] | {"active": LATE}}}
    scenario = sim.from_mapping(late)
    comparison = sim.compare(sim.run(scenario, replications=3, workers=1))
    story = sim.tell(scenario, "as it was")
    for source, how in ((story, {}), (comparison, {"mean": False}), (comparison, {})):
        table = [row for row in chart_of("timeline").rows(source, **how) if row["mission"] == "North"]
        before = [row for row in table if row["date"] < "2012-03-01"]
        assert before and before[0]["day"] < 1
        assert all(not value for row in before for value in list(row.values())[4:])
        assert any(row.get("requirement", row.get("requirement_mean")) for row in table)
    steps = episode.Steps.of([Level(60.0, 0, 3, 3, 1, 0, 0, 2, None)])
    assert steps.at(np.array([0.0, 59.9, 60.0]), steps.shortfall).tolist() == [0, 0, 2]


@pytest.mark.parametrize(("asked", "ended"), [(355.0, 363.0), (364.0, 364.5), (0.0, 364.0)])
def test_a_gantt_chart_says_how_a_loan_ended_at_the_very_end_too(asked: float, ended: float) -> None:
    story = invented_story()
    never = dict.fromkeys(("departed_day", "arrived_day", "landed_day", "left_day", "home_day", "recovered_day"))
    lot = story.loans[0]._replace(requested_day=asked, ended_day=ended, why_ended="cancelled", **never)
    story.loans = [lot._replace(council_day=None, contributor_day=None, host_day=None, refused_by=None)]
    chart = sim.charts.gantt(story)
    [axes] = chart.axes[-1:]
    [note] = [text for text in texts(chart) if text.get_text() == "cancelled"]
    chart.canvas.draw()
    extent = note.get_window_extent()
    bar_ends = max(patch.get_window_extent().x1 for patch in axes.patches)
    assert bar_ends <= extent.x0 and extent.x1 <= chart.bbox.x1, "behind the loan, and on the sheet"


def test_a_gantt_chart_of_many_loans_reaches_over_the_whole_period() -> None:
    story = invented_story(days=3650)
    lot = next(loan for loan in story.loans if loan.departed_day is not None)
    dated = {name: day for name, day in lot._asdict().items() if name.endswith("_day") and day is not None}

    def later(days: int) -> Any:
        return lot._replace(**{name: day - lot.requested_day + days for name, day in dated.items()})

    story.loans = [later(days) for days in range(0, 3600, 30)]
    drawn = chart_of("gantt").rows(story)
    assert max(row["from_day"] for row in drawn) > 3400 and max(row["row"] for row in drawn) == 26


def test_missions_upon_one_another_are_pulled_apart_to_their_own_sides() -> None:
    points = [(1.0, 1.0, 0.2), (1.1, 1.0, 0.1), (1.0, 0.9, 0.1), (1.0, 1.0, 0.1)]
    moved = without_overlap(points)
    for (x, y, r), (u, v, q) in itertools.combinations(moved, 2):
        assert math.hypot(x - u, y - v) >= r + q
    assert moved[1][0] > moved[0][0] and moved[2][1] < moved[0][1]
    assert without_overlap([(0.0, 0.0, 0.1), (1.0, 0.0, 0.1)]) == [(0.0, 0.0, 0.1), (1.0, 0.0, 0.1)]


def test_names_keep_what_tells_them_apart() -> None:
    days = [f"Arrangement régional permanent avec préavis de {n} jours des contributeurs" for n in (3, 14)]
    assert short_names([*days, "no sharing"], 40) == [
        "Arrangement régional … 3 …",
        "Arrangement régional … 14 …",
        "no sharing",
    ]
    assert short_names(days[:1], 40) == days[:1]
    assert short_names(["b a x y z", "b a x z y"], 3) == ["b a x y z", "b a x z y"], "the order alone differs"
    assert "14" in quoted(days[1], 50), "words are cut, never numbers"
    arabic = "قوة الأمم المتحدة المؤقتة في لبنان ومراقبة الهدنة في فلسطين"
    assert set(quoted(arabic, 40).strip("‘’").split()) <= {*arabic.split(), "…"}


def test_a_caption_says_why_this_replication_is_shown() -> None:
    comparison = invented_comparison(2)

    def said(**ask: Any) -> str:
        return " ".join(" ".join(text.get_text() for text in sim.charts.gantt(comparison, **ask).texts).split())

    assert "the nearest to the median unmet need of" in said()
    option = episode.option_shown(comparison)
    other = next(one for one in episode.kept_replications(comparison) if one != episode.typical(comparison, option))
    assert ": one of" in said(replication=other)


def test_the_situation_weighs_what_missions_hold_against_what_they_need() -> None:
    comparison = invented_comparison(2, missions=4)
    shares = import_module("sim.charts.situation").shares(comparison)
    assert sum(share.held for share in shares.values()) == pytest.approx(1)
    assert sum(share.needed for share in shares.values()) == pytest.approx(1)
    held = {
        name: sum(sum(each.holdings(what).values()) for what in each.holds)
        for name, each in comparison.scenario.missions.items()
    }
    assert [shares[name].held for name in held] == pytest.approx(
        [units / sum(held.values()) for units in held.values()]
    )
    most = max(shares, key=lambda name: shares[name].needed)
    assert f"falls on {most}, which holds {words.percent(shares[most].held)} of the units" in chart_of(
        "situation"
    ).finding(comparison)
    drawn = sim.charts.situation(comparison), import_module("sim.charts.situation").beside_a_table(comparison)
    whole, beside = (each.axes[0].get_position() for each in drawn)
    assert beside.width < 0.5 * whole.width


def test_a_long_word_of_a_missions_name_is_not_cut() -> None:
    from sim.charts.house.mission_map import names_on_map

    scenario = invented_scenario(1, missions=2)
    missions = {"Multidimensionalintegrated": scenario.missions["MISSION0"], "X": scenario.missions["MISSION1"]}
    renamed = scenario.model_copy(update={"missions": missions})
    with house():
        assert names_on_map(renamed, missions)[0] == "Multidimensionalintegrated"
