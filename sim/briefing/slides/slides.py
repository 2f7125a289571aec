"""The briefing as slides: a title, the story that tells the answer, and its sources; or the charts asked for."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from pptx.util import Inches

from sim.briefing.annex import confidence_names, meanings_in_words
from sim.briefing.bars import EXPOSURE, UNMET, causes, differences, labels, means
from sim.briefing.page import left_out
from sim.briefing.slides import native_charts as native
from sim.briefing.slides.deck import (
    BODY,
    SMALLEST,
    Box,
    add_slide,
    describe,
    line_count,
    new_deck,
    picture_room,
    text_box,
    write,
)
from sim.briefing.slides.native_charts import Marks
from sim.briefing.slides.reproducible import without_dates
from sim.briefing.slides.tables import MOST_ROWS, FigureTable, TextTable, figure_table, fits, text_table
from sim.charts.frontier import efficient
from sim.charts.house import words
from sim.charts.house.marks import looks
from sim.charts.house.sheet import line_height
from sim.charts.house.style import house
from sim.measures.catalogue import PRINTED
from sim.measures.figures import difference_in_figures, in_millions, unsure
from sim.words.direction import readable
from sim.words.language import phrase
from sim.words.names import capital, labelled
from sim.words.plain import glossary

LEAD_WIDTH = 12.3
"""Inches of the title slide's text."""
MOST_LEAD_LINES = 5
"""Lines of it in large type; longer text is set smaller."""
GAP = 6
"""Points between paragraphs under a table."""
ABOVE = 0.35
"""Inches between a table and the sentences under it."""
UNDER = (16.0, 14.0, 12.0)
"""Points of these sentences, the largest first that leaves room for all of them."""
GLOSSARY = (14.0, 13.0, 12.0, 11.0, 10.0, SMALLEST)
"""Points of the glossary, the largest first."""
FEWEST_ROWS = 3
"""Rows that a table keeps however much is said below it."""

if TYPE_CHECKING:
    from sim.briefing.outline import Briefing
    from sim.briefing.page import Page, Table
    from sim.briefing.pictures import Picture
    from sim.comparison.comparison import Comparison, Estimate


def pptx(briefing: Briefing) -> bytes:
    """The whole file; the same briefing gives the same bytes."""
    deck = new_deck(briefing.title, briefing.about)
    with house():  # text is measured in its letters
        _title(deck, briefing)
        if not briefing.story:
            _question(deck, briefing)
        for page in briefing.story or briefing.pages:
            _finding(deck, briefing.comparison, page)
        _sources(deck, briefing)
        if not briefing.story:
            _made(deck, briefing)
    whole = io.BytesIO()
    deck.save(whole)
    return without_dates(whole.getvalue())


def _title(deck: Any, briefing: Briefing) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    fits_in = (size for size in (40.0, 34.0, 28.0, 24.0) if line_count(briefing.title, LEAD_WIDTH, size, "bold") <= 3)
    size = next(fits_in, 20.0)
    write(slide.shapes.title.text_frame, briefing.title, size=size, colour="#FFFFFF", bold=True)
    told = list(briefing.answer) or ([briefing.lead] if briefing.lead else [])
    lead = [*told, capital(briefing.facts)]
    frame = slide.placeholders[1].text_frame
    long = sum(line_count(each, LEAD_WIDTH, 20.0) for each in told) > MOST_LEAD_LINES
    write(frame, *lead, size=14 if long else 20, colour="#FFFFFF", gap=8 if long else 14)
    for run in frame.paragraphs[0].runs if briefing.answer else ():
        run.font.bold = True
    for run in frame.paragraphs[-1].runs:
        run.font.size = Inches(14 / 72)
    _notes(slide, *briefing.in_short)


def _question(deck: Any, briefing: Briefing) -> None:
    comparison = briefing.comparison
    reference = words.quoted(comparison.options[comparison.reference].label)
    caption = words.caption(comparison, phrase("Reference: {name}", name=reference))
    shown = phrase("What was compared: {facts}", facts=briefing.facts)
    slide = add_slide(deck, briefing.question, shown, caption)
    rows = [(f"{name} ({mark})" if mark else name, about) for name, about, mark in briefing.options.rows]
    head = (phrase("Option"), phrase("What it is"))
    text_table(slide, BODY, TextTable(phrase("What was compared"), head, rows, (0.32, 0.68)))
    _notes(slide, briefing.about, *briefing.in_short)


def _finding(deck: Any, comparison: Comparison, page: Page) -> None:
    slide = add_slide(deck, page.finding, page.subtitle, page.caption)
    draw = NATIVE.get(page.name)
    if draw is not None and len(comparison.options) <= MOST_ROWS and _has_all_numbers(comparison, page.name):
        draw(slide, comparison, page)
    elif page.visible_picture is not None:
        _picture(slide, page.visible_picture, picture_room(page.finding, page.subtitle, page.caption))
    elif page.beside is not None and page.table is not None and not page.beside.empty:
        _map_and_table(slide, page, page.beside, page.table)
    elif page.table is not None:
        shares = WORDS.get(page.name) or [1 / len(page.table.head)] * len(page.table.head)
        numbers = page.name not in WORDS
        table, room = _with_room_below(page, page.table) if page.name == "decision" else (page.table, BODY)
        left = text_table(slide, room, TextTable(page.finding, *table, shares, numbers=numbers))
        _under(slide, BODY.below(left.top), page.remarks)
    _notes(slide, page.alt, *page.remarks, page.caption)


def _map_and_table(slide: Any, page: Page, drawn: Picture, table: Table) -> None:
    """A picture at the left and a table beside it; of a table that is too long the report tells, and there the picture
    has the whole slide."""
    left, right = BODY.split(0.42, 0.3)
    content = TextTable(page.finding, *table, BESIDE, 13.0)
    if page.alone is None or fits(content, right, SMALLEST):
        _picture(slide, drawn, left)
        _under(slide, text_table(slide, right, content), page.remarks)
    else:
        _picture(slide, page.alone, picture_room(page.finding, page.subtitle, page.caption))


def _with_room_below(page: Page, table: Table) -> tuple[Table, Box]:
    """The page's table with as many rows as leave room for all its remarks, and the room that it has; its last row says
    how many are left out."""
    tall = sum(line_height(UNDER[-1]) * line_count(each, BODY.width, UNDER[-1]) + GAP / 72 for each in page.remarks)
    room = BODY._replace(height=BODY.height - ABOVE - tall) if page.remarks else BODY
    whole = table.rows[: len(table.rows) - bool(page.more)]
    for kept in range(len(whole), FEWEST_ROWS, -1):
        fewer = left_out(table._replace(rows=whole[:kept]), page.more + len(whole) - kept)
        if fits(TextTable(page.finding, *fewer, WORDS[page.name]), room, UNDER[-1]):
            return fewer, room
    return left_out(table._replace(rows=whole[:FEWEST_ROWS]), page.more + len(whole[FEWEST_ROWS:])), room


def _under(slide: Any, room: Box, said: Sequence[str]) -> None:
    """Sentences that go with a table, below it, as far as there is room for whole ones."""
    room = room._replace(top=room.top + ABOVE, height=room.height - ABOVE)
    for size in UNDER:
        tall = [line_height(size) * line_count(each, room.width, size) + GAP / 72 for each in said]
        if sum(tall) <= room.height:
            break
    kept = [each for each, used in zip(said, accumulate(tall), strict=True) if used <= room.height]
    if kept:
        text_box(slide, room, *kept, name="Beside the table", size=size, gap=GAP)


def _has_all_numbers(comparison: Comparison, name: str) -> bool:
    """Whether every option has the numbers that the page's native chart needs; pictures can do without."""
    options = comparison.options.values()
    if name == "causes":
        parts = [part.mean for option in options for part in option.unmet_by_cause.values()]
        return all(map(math.isfinite, parts)) and any(parts)
    if name == "frontier":
        return all(math.isfinite(option.measures[each].mean) for option in options for each in ("cost_usd", UNMET))
    return name != "differences" or bool(comparison.differences)


def _picture(slide: Any, drawn: Picture, room: Box) -> None:
    """The chart as large as there is room, though no larger than it was made, in the middle."""
    wide, tall = drawn.inches
    scale = min(1.0, room.width / wide, room.height / tall)
    wide, tall = wide * scale, tall * scale
    box = Box(room.left + (room.width - wide) / 2, room.top + (room.height - tall) / 2, wide, tall)
    describe(slide.shapes.add_picture(io.BytesIO(drawn.png), *box.emu), drawn.alt, drawn.name)


def _coverage(slide: Any, comparison: Comparison, page: Page) -> None:
    left, right = BODY.split(0.74, 0.15)
    left, middle = left.split(0.6, 0.1)
    shares = means(comparison, "coverage", phrase("Coverage"))
    unmet = means(comparison, UNMET, phrase("Unmet need (unit-days)"))
    native.bars(slide, left, shares, page.alt, named=0.5)
    native.bars(slide, middle, unmet, page.alt)
    rows = list(zip(shares.figures, unmet.figures, strict=True))
    heads = [PRINTED["coverage"](), PRINTED[UNMET]()]
    figure_table(slide, right, FigureTable(phrase("Means, with their intervals"), heads, rows))


def _differences(slide: Any, comparison: Comparison, page: Page) -> None:
    left, right = BODY.split(0.5, 0.15)
    native.bars(slide, left, differences(comparison), page.alt, named=0.42)
    measures = [UNMET, *(measure for measure in PRINTED if measure not in (UNMET, "coverage"))]
    by_option = list(comparison.differences.values())
    figures = partial(difference_in_figures, millions=in_millions(by_option))
    rows = [[figures(each, by[each]) for each in measures] for by in by_option]
    light = {
        (row, column)
        for row, by in enumerate(by_option)
        for column, measure in enumerate(measures)
        if unsure(by[measure])
    }
    heads = [PRINTED[measure]() for measure in measures]
    figure_table(slide, right, FigureTable(phrase("Differences, with their intervals"), heads, rows, frozenset(light)))


def _causes(slide: Any, comparison: Comparison, page: Page) -> None:
    native.stacks(slide, BODY, causes(comparison), page.alt)


def _frontier(slide: Any, comparison: Comparison, page: Page) -> None:
    points = list(zip(_estimates(comparison, "cost_usd"), _estimates(comparison, UNMET), strict=True))
    names = list(comparison.options)
    line = [names.index(name) for name in efficient(comparison)]
    titles = (phrase("Cost of loans (US$)"), phrase("Unmet need (unit-days)"))
    native.scatter(slide, BODY, Marks(titles, page.alt, labels(comparison), points, looks(comparison), line))


def _exposure(slide: Any, comparison: Comparison, page: Page) -> None:
    left, right = BODY.split(0.66, 0.15)
    exposed = means(comparison, EXPOSURE, phrase("Lenders' exposure (unit-days)"))
    native.bars(slide, left, exposed, page.alt, named=0.36)
    rows = []
    for each, figure, unmet in zip(exposed.estimates, exposed.figures, _estimates(comparison, UNMET), strict=True):
        rows.append([figure, (words.percent(each.mean / unmet.mean) if unmet.mean > 0 else "–", "")])
    heads = [phrase("Unit-days"), phrase("Share of unmet need")]
    figure_table(slide, right, FigureTable(phrase("Exposure, with its intervals"), heads, rows))


NATIVE: dict[str, Callable[[Any, Comparison, Page], None]] = {
    "coverage": _coverage,
    "differences": _differences,
    "causes": _causes,
    "frontier": _frontier,
    "exposure": _exposure,
}
"""Pages that PowerPoint draws itself; the others are pictures."""
WORDS = {"situation": (0.16, 0.36, 0.48), "doubts": (0.28, 0.12, 0.6), "decision": (0.66, 0.34)}
"""Pages whose tables are words, with the shares of their columns."""
BESIDE = (0.17, 0.46, 0.37)
"""The same of a table that has a map beside it."""


def _sources(deck: Any, briefing: Briefing) -> None:
    annex = briefing.annex
    meanings = meanings_in_words()
    shown = phrase("Annex: what was recorded and what was assumed") if annex.counts else phrase("Annex")
    slide = add_slide(deck, annex.headline, shown, capital(meanings) if annex.counts else "")
    if not annex.counts:
        return
    left, right = BODY.split(0.46)
    counts = [(drawer, *(str(count) if count else "–" for count in row)) for drawer, row in annex.counts]
    head, shares = (phrase("Part of the scenario"), *confidence_names()), (0.27, 0.17, 0.2, 0.18, 0.18)
    how_sure = TextTable(phrase("Notes on sources by how sure they are"), head, counts, shares, 10.0, numbers=True)
    used = text_table(slide, left._replace(height=0.62 * left.height), how_sure)
    free, half = [left.below(used.top + 0.2)], right._replace(height=right.height / 2 - 0.1)
    for name, recorded in ((phrase("Recorded"), True), (phrase("Assumed or recalled"), False)):
        rows = [(note.called, note.source or "–") for note in annex.of(recorded=recorded)]
        if rows:
            notes = TextTable(name, (name, phrase("Source")), rows, (0.42, 0.58), 10.0, short=True)
            used = text_table(slide, half, notes)
            half = half._replace(top=half.top + half.height + 0.2)
            free = [free[0], right.below(used.top + 0.2)]
    _glossary(slide, [BODY.below(max(each.top for each in free)), *free])
    sources = (phrase("{what} ({sure}): {source}", what=note.called, sure=note.how_sure, source=note.source)
               for note in annex.notes)  # fmt: skip
    made = (labelled(name, value) for name, value in annex.reproduction)
    _notes(slide, *sources, *((*briefing.verdict, *made) if briefing.story else ()))


def _glossary(slide: Any, rooms: Sequence[Box]) -> None:
    """What the words of the trade mean, in the room that lets it be largest."""
    meant = phrase("In plain words: {meanings}.", meanings=glossary().removesuffix("."))

    def points(room: Box) -> float:
        sizes = (each for each in GLOSSARY if line_height(each) * line_count(meant, room.width, each) <= room.height)
        return next(sizes, SMALLEST)

    room = max(rooms, key=points)
    text_box(slide, room, meant, name="In plain words", size=points(room))


def _made(deck: Any, briefing: Briefing) -> None:
    finding = phrase("The same numbers can be made again, to the last digit")
    shown = phrase("Annex: how, from the folder of results")
    foot = phrase("A difference is called significant where its interval leaves out 0.")
    slide = add_slide(deck, finding, shown, foot)
    name = phrase("How to make it again")
    text_table(slide, BODY, TextTable(name, ("", ""), briefing.annex.reproduction, (0.16, 0.84), 11.0))
    _notes(slide, *briefing.verdict)


def _estimates(comparison: Comparison, measure: str) -> list[Estimate]:
    return [option.measures[measure] for option in comparison.options.values()]


def _notes(slide: Any, *said: str) -> None:
    """What the speaker may add; the numbers behind the picture, for those who cannot see it."""
    slide.notes_slide.notes_text_frame.text = readable("\n".join(line for line in said if line))
