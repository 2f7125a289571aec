"""One replication on the map, day by day: loans under way, gates open, and who is short of how much."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sim.briefing.animation.film import Film
from sim.briefing.animation.scene import (
    LINES,
    PANEL,
    PER_INCH,
    SEA,
    TALL,
    Scene,
    dots,
    finding,
    line_of_text,
    panel_line,
    scene,
    shortfall,
)
from sim.briefing.pictures import font_folder
from sim.charts.house import words
from sim.charts.house.basemap import LAND, LINE
from sim.charts.house.episode import NO_LOGS, Steps, episode, replication_fact
from sim.charts.house.loan_steps import GATES, STEP_NAMES, Span, life
from sim.charts.house.style import GREY, INK, MISSING, PALE, SLATE, STEPS, pen_on
from sim.errors import UsageError
from sim.words.dates import date_in_words as dated
from sim.words.language import Phrase, phrase, phrase_n

if TYPE_CHECKING:
    from sim.charts.house.episode import Episode
    from sim.comparison.comparison import Comparison
    from sim.operations.log import LoanRecord
    from sim.questions.story.story import Story

MOST_FRAMES = 400
MILLISECONDS = (50, 400)
"""A frame's shortest and longest time; a film lasts about 18 seconds where these allow it."""
LASTS = 18_000
CALM = "#8FA3B8"
SHORT = ("#EFB3C8", "#D75C8B", MISSING, "#5F0F2E")
"""A mission that is short of little to short of most: ever darker, and the number of units is written beside it."""
RESTING_SHARE = {**dict.fromkeys(GATES, 0.2), "preparing": 0.34, "lift": 0.34, "on loan": 0.8}
"""Where on its way a loan stands that is not moving, as a share of the way."""


Units = Counter[tuple[tuple[str, str], str, float]]
"""((lender, borrower), step, share of the way) -> units."""


class Lot(NamedTuple):
    """A lot and the steps of its life."""

    loan: LoanRecord
    spans: Sequence[Span]


def film(source: Comparison | Story, option: str | None = None, replication: int | None = None) -> Film:
    """The frames of one replication: of a story, or of one that results have kept.

    A frame a day, or fewer where the period is longer than 400 days. UsageError where no log was kept, or no mission
    has a place.
    """
    story = episode(source, option, replication)
    if story is None:
        raise UsageError(NO_LOGS())
    if not any(mission.at for mission in story.scenario.missions.values()):
        raise UsageError(
            "no mission of the scenario has a place (at: [latitude, longitude]), so there is no map to draw"
        )
    lots = [Lot(loan, life(loan, story.scenario.days)) for loan in story.loans]
    used = {span.step for lot in lots for span in lot.spans}
    steps = [step for step in STEPS if step in used]
    still = scene(story, words.caption(source, replication_fact(source, story)), [_step_name(step) for step in steps])
    count = min(MOST_FRAMES, max(1, round(story.scenario.days)))
    days = (np.arange(count) + 0.5) * story.scenario.days / count
    drawn = _Drawing(story, lots, still, steps)
    low, high = MILLISECONDS
    pace = min(high, max(low, LASTS // count // 10 * 10))
    inks = [INK, GREY, SLATE, *SHORT, CALM, LINE, *(STEPS[step] for step in steps)]
    return Film(drawn.frame, days.tolist(), pace, _alt(story), inks, ("#FFFFFF", LAND, SEA, PALE))


class _Drawing:
    """Draws a day."""

    def __init__(self, story: Episode, lots: list[Lot], still: Scene, steps: list[str]) -> None:
        self.story, self.lots, self.still, self.steps = story, lots, still, steps
        self.short: dict[str, list[Steps]] = {}
        for (mission, _), levels in story.levels.items():
            if levels:
                self.short.setdefault(mission, []).append(Steps.of(levels))
        self.worst = max([1.0, *(shortfall(cells)[1].max() for cells in self.short.values())])

    def frame(self, day: float) -> Image.Image:
        """The picture of a day."""
        picture = self.still.pale.copy()
        left, right = self.still.strip
        now = round(left + (right - left) * day / self.story.scenario.days)
        top = round(TALL * 0.79)
        picture.paste(self.still.past.crop((0, top, now, TALL)), (0, top))
        pen = ImageDraw.Draw(picture)
        pen.line([(now, round(TALL * 0.8)), (now, round(TALL * 0.888))], fill=INK, width=2)
        active = [(lot, span) for lot in self.lots for span in lot.spans if span.first <= day < span.last]
        units = self._units(day, active)
        self._ways(picture, units)
        picture.paste(self.still.pale, (0, 0), self.still.names)
        self._tokens(picture, units)
        self._missions(picture, day)
        self._panel(picture, day, active)
        return picture

    def _units(self, day: float, active: list[tuple[Lot, Span]]) -> Units:
        """Units by their way, the step that will last longest of those they are in, and how far along they are."""
        units: Units = Counter()
        for lot, span in active:
            pair = (lot.loan.lender, lot.loan.borrower)
            last = max(other.last for it, other in active if it is lot)
            if pair in self.still.arcs and span.step != "recovering" and span.last == last:
                units[pair, span.step, _share_of_way(span, day)] += lot.loan.units
        return units

    def _ways(self, picture: Image.Image, units: Units) -> None:
        for pair, step in dict.fromkeys((pair, step) for pair, step, _ in units):
            way = tuple((float(x), float(y)) for x, y in self.still.arcs[pair])
            line, corner = _line(way, STEPS[step], step in GATES)
            picture.paste(line, corner, line)

    def _tokens(self, picture: Image.Image, units: Units) -> None:
        for (pair, step, along), count in sorted(units.items(), key=lambda one: (one[0][0], one[0][2], one[0][1])):
            way = self.still.arcs[pair]
            place = way[min(len(way) - 1, round(along * (len(way) - 1)))]
            _stamp(picture, place, _disc(11, STEPS[step], str(count), pen_on(STEPS[step])))

    def _missions(self, picture: Image.Image, day: float) -> None:
        at_work = {crisis.mission for crisis in self.story.crises if _under_way(crisis, day)}
        for mission, place in self.still.missions.items():
            cells = self.short.get(mission, [])
            missing = int(sum(cell.at(np.asarray(day), cell.shortfall) for cell in cells))
            shade = SHORT[min(len(SHORT) - 1, int(len(SHORT) * (missing - 1) / self.worst))] if missing else CALM
            radius = round(self.still.radii[mission])
            _stamp(picture, place, _disc(radius, shade, "", "white", ring=mission in at_work))
            if missing:
                beside = (place[0], place[1] - radius - 11)
                _stamp(picture, beside, _tag(f"−{missing}"))

    def _panel(self, picture: Image.Image, day: float, active: list[tuple[Lot, Span]]) -> None:
        pen = ImageDraw.Draw(picture)
        left, top = dots(PANEL.left, PANEL.top)
        pen.text((left, top - 4), dated(self.story.scenario.date(day)), fill=INK, font=_font(30))
        counts: Counter[str] = Counter()
        for lot, span in active:
            counts[span.step] += lot.loan.units
        for number, step in enumerate(self.steps):
            x, y = dots(*panel_line(number))
            _stamp(picture, (x + 10, y), _disc(8, STEPS[step], "", "white"))
            pen.text((PANEL.right * PER_INCH, y), str(counts[step]), fill=INK, font=_font(17), anchor="rm")
        crises = list(dict.fromkeys(c.name for c in self.story.crises if _under_way(c, day)))
        lines = [(phrase("Crises under way:") if crises else phrase("No crisis under way"), GREY)]
        room = LINES - len(self.steps) - 2
        lines += [(name, INK) for name in (crises if len(crises) <= room else crises[: room - 1])]
        if len(crises) > room:
            lines.append((phrase("and {n:,} more", n=len(crises) - room + 1), GREY))
        for number, (line, colour) in enumerate(lines, len(self.steps) + 1):
            x, y = dots(*panel_line(number))
            picture.paste(line_of_text(line, colour), (round(x), round(y - 14)))


_WAITING = {
    "council": Phrase("waiting for the Council"),
    "contributor": Phrase("waiting for the contributor"),
    "host": Phrase("waiting for the host"),
    "home journey": Phrase("on the way home"),
}


def _step_name(step: str) -> str:
    return (_WAITING.get(step) or STEP_NAMES[step])()


def _share_of_way(span: Span, day: float) -> float:
    """How far along its way a lot is drawn, as a share to a hundredth."""
    if span.step in RESTING_SHARE:
        return RESTING_SHARE[span.step]
    share = (day - span.first) / (span.last - span.first)
    return round(1 - share if span.step == "home journey" else share, 2)


def _under_way(crisis: Any, day: float) -> bool:
    return bool(crisis.happened and crisis.onset_day <= day and (crisis.end_day is None or day < crisis.end_day))


def _alt(story: Episode) -> str:
    name = words.quoted(words.label(story.scenario, story.option))
    return phrase_n(
        "Map, day by day, of {name}, replication {number}: {n:,} loan asked for. {finding}",
        "Map, day by day, of {name}, replication {number}: {n:,} loans asked for. {finding}",
        len(story.loans),
        name=name,
        number=story.replication,
        finding=finding(story),
    )


def _stamp(picture: Image.Image, place: Sequence[float], stamp: Image.Image) -> None:
    """Puts a small picture on a large one, its middle at `place`."""
    at = round(place[0] - stamp.width / 2), round(place[1] - stamp.height / 2)
    picture.paste(stamp, at, stamp)


@functools.lru_cache(maxsize=512)
def _disc(radius: int, colour: str, text: str, pen: str, *, ring: bool = False) -> Image.Image:
    """A disc with a white edge, drawn four times as large for the sake of its edge; a ring where a crisis is."""
    size = 4 * (2 * radius + 14)
    large = Image.new("RGBA", (size, size), (255, 255, 255, 0))
    draw = ImageDraw.Draw(large)
    middle = size / 2
    for edge, fill in ((7, INK if ring else None), (4.5, "white" if ring else None), (1.5, "white"), (0, colour)):
        reach = 4 * (radius + edge)
        if fill:
            draw.ellipse((middle - reach, middle - reach, middle + reach, middle + reach), fill=fill)
    if text:
        draw.text((middle, middle), text, fill=pen, font=_font(4 * (14 if len(text) < 3 else 10)), anchor="mm")
    return large.resize((size // 4, size // 4), Image.Resampling.LANCZOS)


@functools.lru_cache(maxsize=256)
def _tag(text: str) -> Image.Image:
    """A number on a white ground."""
    font = _font(16)
    wide = round(font.getlength(text)) + 8
    tag = Image.new("RGBA", (wide, 20), (255, 255, 255, 215))
    ImageDraw.Draw(tag).text((wide / 2, 10), text, fill=SHORT[-1], font=font, anchor="mm")
    return tag


@functools.lru_cache(maxsize=512)
def _line(way: tuple[tuple[float, float], ...], colour: str, dashed: bool) -> tuple[Image.Image, tuple[int, int]]:
    """A way as a line, cut to its size, and where it belongs."""
    left, top = (int(min(point[axis] for point in way)) - 4 for axis in (0, 1))
    wide, tall = (int(max(point[axis] for point in way)) + 5 - edge for axis, edge in ((0, left), (1, top)))
    large = Image.new("RGBA", (3 * wide, 3 * tall), (255, 255, 255, 0))
    draw = ImageDraw.Draw(large)
    points = [(3 * (x - left), 3 * (y - top)) for x, y in way]
    if dashed:
        for place in range(0, len(points) - 1, 2):
            draw.line(points[place : place + 2], fill=colour, width=9)
    else:
        draw.line(points, fill=colour, width=9, joint="curve")
    return large.resize((wide, tall), Image.Resampling.LANCZOS), (left, top)


@functools.cache
def _font(size: int) -> Any:
    return ImageFont.truetype(str(font_folder() / "DejaVuSans-Bold.ttf"), size)
