"""The deck that slides are put on: 16:9, the house's colours and type, a layout for the title and one for a finding."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Length, Pt

from sim.charts.house.sheet import fitted, line_height
from sim.charts.house.style import BLUE, INK, PALETTE, SLIDE

_rgb: Any = RGBColor  # untyped in python-pptx
TYPEFACE = "Verdana"
"""On every office computer, and as wide as the letters of the charts."""
GREY = "#4A5568"
LEFT, TOP, WIDE = 0.5, 0.42, SLIDE[0] - 1.0
EDGE = 0.3
"""Inches that a picture leaves free at either side."""
SMALLEST = 9.0


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


BODY = Box(LEFT, 1.85, WIDE, 4.85)
FOOT = Box(LEFT, 6.84, WIDE - 0.9, 0.5)
NUMBER = Box(LEFT + WIDE - 0.8, 6.84, 0.8, 0.5)


def new_deck(title: str, about: str) -> Any:
    """An empty presentation with two layouts: `slide_layouts[0]` for the title, `[1]` for a finding."""
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Inches(SLIDE[0]), Inches(SLIDE[1])
    _theme(deck)
    _master(deck.slide_master)
    layouts = {layout.name: layout for layout in deck.slide_layouts}
    for name, layout in layouts.items():
        if name not in ("Title Slide", "Title Only"):
            deck.slide_layouts.remove(layout)
    _title_layout(layouts["Title Slide"])
    _finding_layout(layouts["Title Only"])
    facts = deck.core_properties
    facts.title, facts.subject, facts.author, facts.language = title[:255], about[:255], "intermission", "en-GB"
    facts.last_modified_by, facts.keywords = "intermission", ""
    for when in facts._element.xpath("dcterms:created | dcterms:modified"):
        facts._element.remove(when)  # the same results give the same file, whatever the day
    return deck


def add_slide(deck: Any, finding: str, shown: str, caption: str) -> Any:
    """A slide with its headline, the line under it, its caption and its number; the body is left empty."""
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    size, lines = _headline(finding)
    write(slide.shapes.title.text_frame, finding, size=size, bold=True)
    under = slide.placeholders[13]
    if shown:
        write(under.text_frame, shown, size=13 if lines_of(shown, WIDE, 13) == 1 else 11, colour=GREY)
        top = TOP + line_height(size) * lines + 0.06
        under.left, under.top, under.width, under.height = Box(LEFT, top, WIDE, 0.4).emu
    else:
        under._element.getparent().remove(under._element)
    for kind in ("ftr", "sldNum"):
        _take_from_layout(slide, kind)
    foot = slide.shapes[-2]
    write(foot.text_frame, caption, size=SMALLEST + (0.5 if len(caption) < 230 else 0), colour=GREY)
    return slide


def picture_room(finding: str, shown: str, caption: str) -> Box:
    """What the words of a slide leave for a picture, so that little of its size, and of its letters', is lost."""
    size, lines = _headline(finding)
    top = TOP + line_height(size) * lines + (0.06 + 1.3 * line_height(13) if shown else 0.1)
    foot = FOOT.top + FOOT.height - line_height(SMALLEST + 0.5) * lines_of(caption, FOOT.width, SMALLEST + 0.5)
    return Box(EDGE, top, SLIDE[0] - 2 * EDGE, foot - 0.1 - top)


def write(frame: Any, *paragraphs: str, size: float, colour: str = INK, bold: bool = False, gap: float = 0) -> None:
    """Sets the paragraphs of a text frame, as plain text; `gap` points between them."""
    frame.word_wrap = True
    for place, said in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.runs[0] if paragraph.runs else paragraph.add_run()
        run.text = said
        font = run.font
        font.size, font.bold, font.language_id = Pt(size), bold, MSO_LANGUAGE_ID.ENGLISH_UK
        font.color.rgb = rgb(colour)
        if place and gap:
            paragraph.space_before = Pt(gap)


def text_box(slide: Any, box: Box, *paragraphs: str, name: str = "Text", **how: Any) -> Any:
    """A box of text."""
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = name
    bare(shape.text_frame)
    write(shape.text_frame, *paragraphs, **how)
    return shape


def bare(frame: Any) -> None:
    """No margins: what stands in boxes lines up with their edges."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def describe(shape: Any, alt: str, name: str) -> None:
    """Alternative text of a picture, chart or table."""
    said = shape._element.xpath(".//p:cNvPr")[0]
    said.set("descr", alt)
    said.set("name", name)


def rgb(colour: str) -> Any:
    """Of `#rrggbb`, or of white by its name."""
    return _rgb.from_string("FFFFFF" if colour == "white" else hexed(colour))


def hexed(colour: str) -> str:
    """`#rrggbb` as Office files have it."""
    return colour.lstrip("#").upper()


def lines_of(text: str, inches: float, size: float, weight: str = "normal") -> int:
    """Lines that a text takes; with a little to spare, since no two programs set type alike. In the house style."""
    return fitted(text, inches * 0.95, size, weight=weight, lines=99).count("\n") + 1


def _headline(finding: str) -> tuple[float, int]:
    """Points and lines: as large as fits on two lines."""
    for size in (22.0, 20.0, 18.0, 16.0):
        lines = lines_of(finding, WIDE, size, "bold")
        if lines <= (2 if size > 16 else 3):
            break
    return size, lines


def _theme(deck: Any) -> None:
    """The house's colours and type in the place where PowerPoint looks for them."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = part.blob.decode("utf-8")
    theme = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{TYPEFACE}", theme)
    colours = dict(zip((f"accent{n}" for n in range(1, 7)), PALETTE, strict=True)) | {"dk2": INK, "hlink": BLUE}
    for name, colour in colours.items():
        new = f'<a:{name}><a:srgbClr val="{hexed(colour)}"/></a:{name}>'
        theme = re.sub(rf"<a:{name}>.*?</a:{name}>", new, theme, flags=re.DOTALL)
    part._blob = theme.replace('name="Office Theme"', 'name="intermission"').encode("utf-8")


def _master(master: Any) -> None:
    places = {1: Box(LEFT, TOP, WIDE, 1.0), 2: BODY, 15: FOOT, 13: NUMBER}
    for shape in list(master.placeholders):
        place = places.get(int(shape.placeholder_format.type))
        if place is None:
            shape._element.getparent().remove(shape._element)  # dates change from day to day
            continue
        shape.left, shape.top, shape.width, shape.height = place.emu
        bare(shape.text_frame)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if place in (FOOT, NUMBER) else MSO_ANCHOR.TOP
    styles = master._element.find(qn("p:txStyles"))
    for level in styles.find(qn("p:titleStyle")):
        level.set("algn", "l")
    for shape in master.placeholders:
        if int(shape.placeholder_format.type) == 15:
            for level in shape._element.iter(qn("a:lvl1pPr")):
                level.set("algn", "l")
    master.shapes._spTree.insert(2, _band(Box(0, 0, SLIDE[0], 0.12), BLUE))


def _title_layout(layout: Any) -> None:
    layout.name = "Title"
    _background(layout, INK)
    layout._element.set("showMasterSp", "0")
    layout.shapes._spTree.insert(2, _band(Box(LEFT, 3.95, 1.6, 0.08), BLUE))
    for shape in list(layout.placeholders):
        place = {0: Box(LEFT, 1.2, WIDE, 2.5), 1: Box(LEFT, 4.25, WIDE, 2.6)}.get(shape.placeholder_format.idx)
        if place is None:
            shape._element.getparent().remove(shape._element)
            continue
        shape.left, shape.top, shape.width, shape.height = place.emu
        bare(shape.text_frame)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if place.top < 2 else MSO_ANCHOR.TOP
        for level in shape._element.iter(qn("a:lvl1pPr")):
            level.set("algn", "l")


def _finding_layout(layout: Any) -> None:
    layout.name = "Finding"
    for shape in list(layout.placeholders):
        if shape.placeholder_format.idx == 10:
            shape._element.getparent().remove(shape._element)
    layout.shapes._spTree.append(_line_under_title())


def _line_under_title() -> Any:
    """A text placeholder without bullets, for the line under the headline."""
    left, top, width, height = Box(LEFT, 1.3, WIDE, 0.4).emu
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="20" name="Line under the headline"/><p:cNvSpPr>'
        '<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="body" sz="quarter" idx="13"/></p:nvPr></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm></p:spPr>'
        '<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0"><a:normAutofit/></a:bodyPr>'
        '<a:lstStyle><a:lvl1pPr marL="0" indent="0"><a:buNone/><a:defRPr sz="1300"/></a:lvl1pPr></a:lstStyle>'
        '<a:p><a:r><a:rPr lang="en-GB"/><a:t>What is shown</a:t></a:r></a:p></p:txBody></p:sp>'
    )


def _band(box: Box, colour: str) -> Any:
    """A bar of colour, which says nothing."""
    left, top, width, height = box.emu
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="30" name="Band"/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        f'<a:srgbClr val="{hexed(colour)}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _background(layout: Any, colour: str) -> None:
    fill = layout.background.fill
    fill.solid()
    fill.fore_color.rgb = rgb(colour)


def _take_from_layout(slide: Any, kind: str) -> None:
    """Puts the layout's footer or slide number on the slide: python-pptx leaves them out."""
    for shape in slide.slide_layout.placeholders:
        if shape._element.xpath(f'.//p:ph[@type="{kind}"]'):
            copy = deepcopy(shape._element)
            taken = [int(number) for number in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]
            copy.xpath(".//p:cNvPr")[0].set("id", str(max(taken) + 1))
            for place in copy.xpath(".//p:spPr/*"):
                place.getparent().remove(place)  # it stands where the layout says
            slide.shapes._spTree.append(copy)
