"""The still part of an animation: the map with its missions, the key, the strip of time; and where things are on it.

Lengths are inches of the sheet until they become dots of the picture.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image, ImageChops

from sim.charts.house import words
from sim.charts.house.basemap import LAND, NOTE, land
from sim.charts.house.dates import first_day, time_axis
from sim.charts.house.episode import Steps
from sim.charts.house.mission_map import (
    Frame,
    Spots,
    circle_places,
    frame_of,
    ground,
    locations_of,
    mission_labels,
    names_on_map,
    radii_of,
    to_own_place,
    units_held,
    write_name,
)
from sim.charts.house.saving import picture
from sim.charts.house.sheet import MARGIN, SMALLEST, Area, axes_in, fitted, write
from sim.charts.house.style import GREY, INK, MISSING, PALE, SLATE, SLIDE, blank, house
from sim.charts.map import great_circle
from sim.words.dates import date_in_words
from sim.words.language import Phrase, phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.charts.house.episode import Episode
    from sim.charts.house.style import Chart

WIDE, TALL = 1278, 720
"""Dots of the picture; even, as films want it."""
PER_INCH = TALL / SLIDE[1]
MAP = Area(MARGIN, 1.95, 9.6, 6.2)
PANEL = Area(9.85, 1.95, SLIDE[0] - MARGIN, 6.2)
STRIP = Area(MARGIN + 0.35, 0.85, SLIDE[0] - MARGIN, 1.5)
LINE = 0.3
"""Inches from one line of the panel to the next."""
LINES = int((PANEL.height - 0.6) / LINE)
SHOWN = Phrase(
    "On the ways: units, by the step that their loan is in. Missions: the darker, the more units are missing (−n); "
    "a ring: a crisis is under way."
)
SEA = "#D6EBF7"
BEND = 0.12
"""How far an arc lies to the right of the straight way, as a share of its length: the way back lies beside it."""

Point = tuple[float, float]


class Scene(NamedTuple):
    """What stays while days go by."""

    pale: Image.Image
    """The whole picture, with the strip of time still to come."""
    past: Image.Image
    """The same with the strip as it looks when time has passed."""
    names: Image.Image
    """Where the missions' names are: they stay on top of what is drawn on the map."""
    missions: dict[str, Point]
    """Where each mission lies, in dots."""
    radii: dict[str, float]
    """Dots; larger where more units are held."""
    arcs: dict[tuple[str, str], NDArray[np.float64]]
    """(lender, borrower) -> the way in dots, shape (n, 2)."""
    strip: tuple[float, float]
    """First and last dot of the strip of time, across."""


def scene(story: Episode, caption: str, steps: list[str]) -> Scene:
    """The still picture of one replication; `steps` are the lines of the panel's key."""
    places = locations_of(story.scenario)
    frame = frame_of(MAP, places, 9.0, (1.45, 1.5))
    pairs = {(loan.lender, loan.borrower) for loan in story.loans}
    held = {name: units_held(story.scenario, name) for name in places}
    radii = radii_of(held, max([1, *held.values()]), 0.2, 0.07)
    drawn = circle_places(frame, places, radii)
    arcs = {pair: _arc(frame, *(drawn[end] for end in pair)) for pair in sorted(pairs) if {*pair} <= {*places}}
    plan = _Plan(story, frame, places, drawn, radii, caption, steps)
    with house():
        pale, past, bare = (
            _image(_sheet(plan, past=past, named=named))
            for past, named in ((False, True), (True, True), (False, False))
        )
    names = ImageChops.difference(pale, bare).convert("L").point(lambda grey: min(255, 4 * grey))
    missions = {name: dots(*frame.place(*at)) for name, at in drawn.items()}
    in_dots = {name: inches * PER_INCH for name, inches in radii.items()}
    return Scene(pale, past, names, missions, in_dots, arcs, (STRIP.left * PER_INCH, STRIP.right * PER_INCH))


def dots(x: float, y: float) -> Point:
    """Inches from the lower left corner as dots from the upper left one."""
    return x * PER_INCH, (SLIDE[1] - y) * PER_INCH


def panel_line(number: int) -> Point:
    """Where a line of the panel begins, in inches."""
    return PANEL.left, PANEL.top - 0.75 - LINE * number


def shortfall(cells: Sequence[Steps]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(days, units missing over all the cells) whenever that changes."""
    days = np.unique(np.concatenate([np.zeros(1), *(cell.day for cell in cells)]))
    return days, np.sum([cell.at(days, cell.shortfall) for cell in cells], axis=0) if cells else np.zeros(1)


@functools.lru_cache(maxsize=64)
def line_of_text(text: str, colour: str = INK) -> Image.Image:
    """A line for the panel, in whatever script, on white."""
    with house():
        chart = blank(LINE)
        write(chart, (0, 0.09), fitted(text, PANEL.width, SMALLEST + 1), size=SMALLEST + 1, colour=colour)
        whole = _image(chart, LINE)
    return whole.crop((0, 0, int(PANEL.width * PER_INCH), whole.height))


def _arc(frame: Frame, one: Point, other: Point) -> NDArray[np.float64]:
    """The great circle, bent a little to its right."""
    way = np.array([dots(*frame.place(*point)) for point in great_circle(one, other, 48)])
    along = way[-1] - way[0]
    share = np.linspace(0, 1, len(way))[:, None]
    bent: NDArray[np.float64] = way + 4 * share * (1 - share) * BEND * np.array([-along[1], along[0]])
    return bent


class _Plan(NamedTuple):
    """What the still picture is drawn from."""

    story: Episode
    frame: Frame
    places: dict[str, Point]
    drawn: dict[str, Point]
    """Where their circles are: beside their places where several would lie upon one another."""
    radii: dict[str, float]
    caption: str
    steps: list[str]


def finding(story: Episode) -> str:
    """What the film shows, in a sentence: when most units are missing, and how many."""
    name = words.quoted(words.label(story.scenario, story.option))
    days, missing = shortfall(_cells(story))
    most = int(missing.max())
    if not most:
        return phrase("Under {name} no unit is missing on any day of this film", name=name)
    when = date_in_words(story.scenario.date(float(days[int(missing.argmax())])))
    return phrase("Under {name} most units are missing on {when}: {n:,}", name=name, when=when, n=most)


def _cells(story: Episode) -> list[Steps]:
    return [Steps.of(levels) for levels in story.levels.values() if levels]


def _sheet(plan: _Plan, *, past: bool, named: bool) -> Chart:
    chart, story = blank(), plan.story
    said = fitted(finding(story), SLIDE[0] - 2 * MARGIN, 18, weight="bold")
    write(chart, (MARGIN, SLIDE[1] - 0.35), said, size=18, weight="bold", va="top")
    write(chart, (MARGIN, SLIDE[1] - 0.8), SHOWN(), size=11, colour=SLATE, va="top")
    foot = fitted(f"{plan.caption} {NOTE()}", SLIDE[0] - 2 * MARGIN, SMALLEST, lines=3)
    write(chart, (MARGIN, 0.12), foot, size=SMALLEST, colour=SLATE, va="bottom", linespacing=1.15)
    _map(chart, plan, named=named)
    for number, step in enumerate(plan.steps):
        x, y = panel_line(number)
        write(chart, (x + 0.3, y), step, size=11, va="center")
    _strip(chart, story, past=past)
    return chart


def _map(chart: Chart, plan: _Plan, *, named: bool) -> None:
    frame = plan.frame
    axes = ground(chart, frame, sea=SEA)
    to_own_place(axes, plan.places, plan.drawn)
    if not named:
        return
    reach = {name: radius + 0.12 for name, radius in plan.radii.items()}
    names = names_on_map(plan.story.scenario, plan.drawn)
    labels = mission_labels(Spots(frame, plan.drawn, reach, land().names), names)
    for at, label in zip(plan.drawn.values(), labels, strict=True):
        if label is not None:
            write_name(chart, frame, at, label, pen=LAND)


def _strip(chart: Chart, story: Episode, *, past: bool) -> None:
    """Units missing everywhere, over time."""
    axes = axes_in(chart, STRIP)
    time_axis(axes, story.scenario, STRIP.width)
    days, missing = shortfall(_cells(story))
    x = first_day(story.scenario) + np.append(days, story.scenario.days)
    colour = MISSING if past else PALE
    axes.fill_between(x, 0, np.append(missing, missing[-1]), step="post", color=colour, lw=0)
    axes.set_ylim(0, max(1.0, float(missing.max())) * 1.05)
    axes.set_yticks([0, int(missing.max())] if missing.max() >= 1 else [0])
    axes.tick_params(axis="y", labelsize=SMALLEST)
    axes.tick_params(axis="x", labelsize=SMALLEST)
    axes.xaxis.offsetText.set_visible(False)
    write(chart, (MARGIN, STRIP.top + 0.1), phrase("Units missing, all missions"), size=SMALLEST + 1, colour=GREY)


def _image(chart: Chart, height: float = SLIDE[1]) -> Image.Image:
    whole = Image.open(io.BytesIO(picture(chart, "png"))).convert("RGB")
    size = round(SLIDE[0] * PER_INCH), round(height * PER_INCH)
    return whole.resize(size, Image.Resampling.LANCZOS).crop((0, 0, WIDE, size[1]))
