"""The briefing as slides: a title, the question, a finding a slide with its chart, and an annex."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pptx.util import Inches

from sim.briefing.annex import CONFIDENCES, MEANING
from sim.briefing.slides import native_charts as native
from sim.briefing.slides.deck import BODY, Box, add_slide, describe, lines_of, new_deck, picture_room, write
from sim.briefing.slides.native_charts import Bars, Marks, Stacks
from sim.briefing.slides.reproducible import steady
from sim.briefing.slides.tables import MOST_ROWS, Figures, Told, figures_table, told_table
from sim.charts.causes import SAID
from sim.charts.frontier import efficient
from sim.charts.house import words
from sim.charts.house.marks import looks
from sim.charts.house.style import CAUSES, house
from sim.measures.catalogue import PRINTED
from sim.measures.figures import difference_in_figures, in_figures, in_millions
from sim.words import numbers

if TYPE_CHECKING:
    from sim.briefing.outline import Briefing, Page
    from sim.briefing.pictures import Picture
    from sim.comparison.comparison import Comparison, Estimate

UNMET = "unmet_unit_days"


def pptx(briefing: Briefing) -> bytes:
    """The whole file; the same briefing gives the same bytes."""
    deck = new_deck(briefing.title, briefing.about)
    with house():  # text is measured in its letters
        _title(deck, briefing)
        _question(deck, briefing)
        for page in briefing.pages:
            _finding(deck, briefing.comparison, page)
        _sources(deck, briefing)
        _made(deck, briefing)
    whole = io.BytesIO()
    deck.save(whole)
    return steady(whole.getvalue())


def _title(deck: Any, briefing: Briefing) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    size = next((size for size in (40.0, 34.0, 28.0, 24.0) if lines_of(briefing.title, 12.3, size, "bold") <= 3), 20.0)
    write(slide.shapes.title.text_frame, briefing.title, size=size, colour="#FFFFFF", bold=True)
    lead = [*([briefing.lead] if briefing.lead else []), briefing.facts[:1].upper() + briefing.facts[1:]]
    frame = slide.placeholders[1].text_frame
    write(frame, *lead, size=20, colour="#FFFFFF", gap=14)
    for run in frame.paragraphs[-1].runs:
        run.font.size = Inches(14 / 72)
    _notes(slide, *briefing.in_short)


def _question(deck: Any, briefing: Briefing) -> None:
    comparison = briefing.comparison
    caption = words.caption(comparison, f"Reference: {words.quoted(comparison.options[comparison.reference].label)}")
    slide = add_slide(deck, briefing.question, f"What was compared: {briefing.facts}", caption)
    names, abouts, marks = zip(*briefing.options.rows, strict=True)
    rows = [
        (f"{name} ({mark})" if mark else name, about) for name, about, mark in zip(names, abouts, marks, strict=True)
    ]
    told_table(slide, BODY, Told("What was compared", ("Option", "What it is"), rows, (0.32, 0.68)))
    _notes(slide, briefing.about, *briefing.in_short)


def _finding(deck: Any, comparison: Comparison, page: Page) -> None:
    slide = add_slide(deck, page.finding, page.shown, page.caption)
    draw = NATIVE.get(page.name)
    if draw is not None and len(comparison.options) <= MOST_ROWS and _known(comparison, page.name):
        draw(slide, comparison, page)
    elif page.drawn is not None:
        _picture(slide, page.drawn, picture_room(page.finding, page.shown, page.caption))
    elif page.table is not None:
        shares = [1 / len(page.table.head)] * len(page.table.head)
        told_table(slide, BODY, Told(page.finding, *page.table, shares, numbers=True))
    _notes(slide, page.alt, *page.said, page.caption)


def _known(comparison: Comparison, name: str) -> bool:
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
    shares, unmet = _estimates(comparison, "coverage"), _estimates(comparison, UNMET)
    most = 1.0 if all(each.high <= 1 for each in shares) else None
    names, drawn = _labels(comparison), looks(comparison)
    native.bars(slide, left, Bars("Coverage", page.alt, names, shares, drawn, figures="0%", most=most, named=0.5))
    native.bars(slide, middle, Bars("Unmet need (unit-days)", page.alt, names, unmet, drawn))
    rows = [[in_figures("coverage", share), in_figures(UNMET, each)] for share, each in zip(shares, unmet, strict=True)]
    figures_table(slide, right, Figures("Means, with their intervals", [PRINTED["coverage"], PRINTED[UNMET]], rows))


def _differences(slide: Any, comparison: Comparison, page: Page) -> None:
    left, right = BODY.split(0.5, 0.15)
    apart = [by[UNMET] for by in comparison.differences.values()]
    order = dict(zip(comparison.options, looks(comparison), strict=True))
    drawn = Bars(
        "Unmet need (unit-days)",
        page.alt,
        [" ".join(comparison.options[name].label.split()) for name in comparison.differences],
        apart,
        [order[name] for name in comparison.differences],
        named=0.42,
        hollow=[place for place, each in enumerate(apart) if not each.significant],
    )
    native.bars(slide, left, drawn)
    measures = [UNMET, *(measure for measure in PRINTED if measure not in (UNMET, "coverage"))]
    differences = list(comparison.differences.values())
    tell = partial(difference_in_figures, millions=in_millions(differences))
    rows = [[tell(each, by[each]) for each in measures] for by in differences]
    heads = [PRINTED[measure] for measure in measures]
    figures_table(slide, right, Figures("Differences, with their intervals", heads, rows))


def _causes(slide: Any, comparison: Comparison, page: Page) -> None:
    options = list(comparison.options.values())
    parts = {cause: [float(option.unmet_by_cause[cause].mean) for option in options] for cause in CAUSES}
    parts = {cause: values for cause, values in parts.items() if any(value > 0 for value in values)}
    whole = [numbers.number(each.mean) for each in _estimates(comparison, UNMET)]
    names = [f"{label}: {unmet}" for label, unmet in zip(_labels(comparison), whole, strict=True)]
    said = {SAID[cause]: values for cause, values in parts.items()}
    hues = {SAID[cause]: CAUSES[cause] for cause in parts}
    native.stacks(slide, BODY, Stacks("Unmet need (unit-days)", page.alt, names, said, hues))


def _frontier(slide: Any, comparison: Comparison, page: Page) -> None:
    points = list(zip(_estimates(comparison, "cost_usd"), _estimates(comparison, UNMET), strict=True))
    names = list(comparison.options)
    line = [names.index(name) for name in efficient(comparison)]
    titles = ("Cost of loans (US$)", "Unmet need (unit-days)")
    native.scatter(slide, BODY, Marks(titles, page.alt, _labels(comparison), points, looks(comparison), line))


def _exposure(slide: Any, comparison: Comparison, page: Page) -> None:
    left, right = BODY.split(0.66, 0.15)
    exposed, names = _estimates(comparison, "exposure_unit_days"), _labels(comparison)
    title = "Lenders' exposure (unit-days)"
    native.bars(slide, left, Bars(title, page.alt, names, exposed, looks(comparison), named=0.36))
    rows = []
    for each, whole in zip(exposed, _estimates(comparison, UNMET), strict=True):
        share = words.percent(each.mean / whole.mean) if whole.mean > 0 else "–"
        rows.append([in_figures("exposure_unit_days", each), (share, "")])
    figures_table(slide, right, Figures("Exposure, with its intervals", ["Unit-days", "Share of unmet need"], rows))


NATIVE: dict[str, Callable[[Any, Comparison, Page], None]] = {
    "coverage": _coverage,
    "differences": _differences,
    "causes": _causes,
    "frontier": _frontier,
    "exposure": _exposure,
}
"""Pages that PowerPoint draws itself; the others are pictures."""


def _sources(deck: Any, briefing: Briefing) -> None:
    annex = briefing.annex
    meanings = "; ".join(f"{name}: {MEANING[name]}" for name in CONFIDENCES)
    shown = "Annex: what was recorded and what was assumed" if annex.counts else "Annex"
    slide = add_slide(deck, annex.headline, shown, f"{meanings[:1].upper()}{meanings[1:]}." if annex.counts else "")
    if not annex.counts:
        return
    left, right = BODY.split(0.46)
    counts = [(drawer, *(str(count) if count else "–" for count in row)) for drawer, row in annex.counts]
    head, shares = ("Part of the scenario", *CONFIDENCES), (0.27, 0.17, 0.2, 0.18, 0.18)
    told_table(slide, left, Told("Notes on sources by how sure they are", head, counts, shares, 10.0, numbers=True))
    half = right._replace(height=right.height / 2 - 0.1)
    for name, recorded in (("Recorded", True), ("Assumed or recalled", False)):
        rows = [(f"{note.drawer}: {note.what}", note.source or "–") for note in annex.of(recorded=recorded)]
        if rows:
            told_table(slide, half, Told(name, (name, "Source"), rows, (0.42, 0.58), 10.0, short=True))
            half = half._replace(top=half.top + half.height + 0.2)
    _notes(slide, *(f"{note.drawer}, {note.what} ({note.confidence}): {note.source}" for note in annex.notes))


def _made(deck: Any, briefing: Briefing) -> None:
    finding, shown = "The same numbers can be made again, to the last digit", "Annex: how, from the folder of results"
    slide = add_slide(deck, finding, shown, "A difference is called significant where its interval leaves out 0.")
    told_table(slide, BODY, Told("How to make it again", ("", ""), briefing.annex.made, (0.16, 0.84), 11.0))
    _notes(slide, *briefing.verdict)


def _estimates(comparison: Comparison, measure: str) -> list[Estimate]:
    return [option.measures[measure] for option in comparison.options.values()]


def _labels(comparison: Comparison) -> Sequence[str]:
    return [" ".join(option.label.split()) for option in comparison.options.values()]


def _notes(slide: Any, *said: str) -> None:
    """What the speaker may add; the numbers behind the picture, for those who cannot see it."""
    slide.notes_slide.notes_text_frame.text = "\n".join(line for line in said if line)
