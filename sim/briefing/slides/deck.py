"""The deck that slides are put on, which begins as a copy of template.pptx."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.util import Inches, Length, Pt

from sim.charts.house.sheet import fitted, line_height
from sim.charts.house.style import INK, SLATE, SLIDE
from sim.words.direction import readable
from sim.words.language import language

TEMPLATE = Path(__file__).with_name("template.pptx")
"""Made by docs/slides_template.py: 16:9, the house's colours and type, a layout for the title and one for a finding."""
_rgb: Any = RGBColor  # untyped in python-pptx
TYPEFACE = "Verdana"
"""On every office computer, and as wide as the letters of the charts."""
LEFT, TOP, WIDE = 0.5, 0.42, SLIDE[0] - 1.0
EDGE = 0.3
"""Inches that a picture leaves free at either side."""
SMALLEST = 9.0
OFFICE_LANGUAGES = {"en": MSO_LANGUAGE_ID.ENGLISH_UK, "fr": MSO_LANGUAGE_ID.FRENCH}
"""Languages as Office tags a run of text with them, for its spelling and for who has it read aloud; text in any other
is tagged as none."""


class Box(NamedTuple):
    """A place on a slide, in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Length, Length, Length, Length]:
        """As python-pptx wants it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)

    def split(self, share: float, gap: float = 0.3) -> tuple[Box, Box]:
        """Two boxes side by side, the first with so much of the width."""
        first = (self.width - gap) * share
        return self._replace(width=first), self._replace(left=self.left + first + gap, width=self.width - first - gap)

    def below(self, top: float) -> Box:
        """What is left of the box below a line."""
        return self._replace(top=top, height=self.top + self.height - top)


BODY = Box(LEFT, 1.85, WIDE, 4.85)
FOOT = Box(LEFT, 6.84, WIDE - 0.9, 0.5)
NUMBER = Box(LEFT + WIDE - 0.8, 6.84, 0.8, 0.5)


def new_deck(title: str, about: str) -> Any:
    """An empty presentation with two layouts: `slide_layouts[0]` for the title, `[1]` for a finding."""
    deck: Any = Presentation(str(TEMPLATE))
    properties = deck.core_properties
    properties.title, properties.subject, properties.keywords = readable(title)[:255], readable(about)[:255], ""
    return deck


def add_slide(deck: Any, finding: str, shown: str, caption: str) -> Any:
    """A slide with its headline, the line under it, its caption and its number; the body is left empty."""
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    size, lines = _headline(finding)
    write(slide.shapes.title.text_frame, finding, size=size, bold=True)
    under = slide.placeholders[13]
    if shown:
        write(under.text_frame, shown, size=13 if line_count(shown, WIDE, 13) == 1 else 11, colour=SLATE)
        top = TOP + line_height(size) * lines + 0.06
        under.left, under.top, under.width, under.height = Box(LEFT, top, WIDE, 0.4).emu
    else:
        under._element.getparent().remove(under._element)
    for kind in ("ftr", "sldNum"):
        _copy_from_layout(slide, kind)
    foot = slide.shapes[-2]
    write(foot.text_frame, caption, size=SMALLEST + (0.5 if len(caption) < 230 else 0), colour=SLATE)
    return slide


def picture_room(finding: str, shown: str, caption: str) -> Box:
    """What the words of a slide leave for a picture, so that little of its size, and of its letters', is lost."""
    size, lines = _headline(finding)
    wraps = line_count(shown, WIDE, 13) > 1  # it is then set smaller, on as many lines as it takes
    under = line_height(11) * line_count(shown, WIDE, 11) + 0.05 if wraps else 1.3 * line_height(13)
    top = TOP + line_height(size) * lines + (0.06 + under if shown else 0.1)
    foot = FOOT.top + FOOT.height - line_height(SMALLEST + 0.5) * line_count(caption, FOOT.width, SMALLEST + 0.5)
    return Box(EDGE, top, SLIDE[0] - 2 * EDGE, foot - 0.1 - top)


def write(frame: Any, *paragraphs: str, size: float, colour: str = INK, bold: bool = False, gap: float = 0) -> None:
    """Sets the paragraphs of a text frame, as plain text; `gap` points between them."""
    frame.word_wrap = True
    for place, said in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.runs[0] if paragraph.runs else paragraph.add_run()
        run.text = readable(said)
        font = run.font
        font.size, font.bold = Pt(size), bold
        font.language_id = OFFICE_LANGUAGES.get(language(), MSO_LANGUAGE_ID.NONE)
        font.color.rgb = rgb(colour)
        if place and gap:
            paragraph.space_before = Pt(gap)


def text_box(slide: Any, box: Box, *paragraphs: str, name: str = "Text", **how: Any) -> Any:
    """A box of text."""
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = name
    without_margins(shape.text_frame)
    write(shape.text_frame, *paragraphs, **how)
    return shape


def without_margins(frame: Any) -> None:
    """No margins: what stands in boxes lines up with their edges."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def describe(shape: Any, alt: str, name: str) -> None:
    """Alternative text of a picture, chart or table."""
    said = shape._element.xpath(".//p:cNvPr")[0]
    said.set("descr", readable(alt))
    said.set("name", readable(name))


def rgb(colour: str) -> Any:
    """Of `#rrggbb`, or of white by its name."""
    return _rgb(*bytes.fromhex("FFFFFF" if colour == "white" else hex_digits(colour)))


def hex_digits(colour: str) -> str:
    """`#rrggbb` as Office files have it."""
    return colour.lstrip("#").upper()


def line_count(text: str, inches: float, size: float, weight: str = "normal") -> int:
    """Lines that a text takes; with a little to spare, since no two programs set type alike. In the house style."""
    return fitted(text, inches * 0.95, size, weight=weight, lines=99).count("\n") + 1


def _headline(finding: str) -> tuple[float, int]:
    """Points and lines: as large as fits on two lines, a little smaller where that saves a line of one word."""
    for size in (22.0, 20.0, 18.0, 16.0):
        lines = line_count(finding, WIDE, size, "bold")
        if lines <= (2 if size > 16 else 3):
            break
    if line_count(finding, WIDE, size - 2, "bold") < lines and size > 18:
        return size - 2, lines - 1
    return size, lines


def _copy_from_layout(slide: Any, kind: str) -> None:
    """Puts the layout's footer or slide number on the slide: python-pptx leaves them out."""
    for shape in slide.slide_layout.placeholders:
        if shape._element.xpath(f'.//p:ph[@type="{kind}"]'):
            copy = deepcopy(shape._element)
            taken = [int(number) for number in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]
            copy.xpath(".//p:cNvPr")[0].set("id", str(max(taken) + 1))
            for place in copy.xpath(".//p:spPr/*"):
                place.getparent().remove(place)  # it stands where the layout says
            slide.shapes._spTree.append(copy)
