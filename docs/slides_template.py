"""Makes the empty deck that slides are put on: python docs/slides_template.py

It writes sim/briefing/slides/template.pptx: 16:9, the house's colours and type, a layout for the title and one for a
finding. Run it after a change of the palette, of a box in `deck.py` or of what stands below; the same code and the same
python-pptx give the same bytes.
"""

from __future__ import annotations

import io
import re
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from sim.briefing.slides.deck import (
    BODY,
    FOOT,
    LEFT,
    NUMBER,
    TEMPLATE,
    TOP,
    TYPEFACE,
    WIDE,
    Box,
    hex_digits,
    rgb,
    without_margins,
)
from sim.briefing.slides.reproducible import without_dates
from sim.charts.house.style import ASIDE, BLUE, GREY, INK, MISSING, PALETTE, SLIDE

ACCENTS = (*PALETTE, BLUE, MISSING, ASIDE, GREY)
"""What PowerPoint offers first: the options' ink and highlight, what is lent and missing, and greys."""


def template() -> bytes:
    """The empty deck, as a file."""
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
    properties = deck.core_properties
    properties.title, properties.subject, properties.keywords = "", "", ""
    properties.author = properties.last_modified_by = "intermission"
    properties.language = "en-GB"
    for date in properties._element.xpath("dcterms:created | dcterms:modified"):
        properties._element.remove(date)  # the same results give the same file, whatever the day
    whole = io.BytesIO()
    deck.save(whole)
    return without_dates(whole.getvalue())


def _theme(deck: Any) -> None:
    """The house's colours and type in the place where PowerPoint looks for them."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = part.blob.decode("utf-8")
    theme = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{TYPEFACE}", theme)
    colours = dict(zip((f"accent{n}" for n in range(1, 7)), ACCENTS, strict=True)) | {"dk2": INK, "hlink": BLUE}
    for name, colour in colours.items():
        new = f'<a:{name}><a:srgbClr val="{hex_digits(colour)}"/></a:{name}>'
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
        without_margins(shape.text_frame)
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
        without_margins(shape.text_frame)
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
        f'<a:srgbClr val="{hex_digits(colour)}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )


def _background(layout: Any, colour: str) -> None:
    fill = layout.background.fill
    fill.solid()
    fill.fore_color.rgb = rgb(colour)


if __name__ == "__main__":
    TEMPLATE.write_bytes(template())
