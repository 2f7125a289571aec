"""A chart as a briefing shows it: without title and caption, which each format sets in type of its own."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from sim.charts.house.saving import DOTS_PER_INCH, picture
from sim.charts.house.style import house

if TYPE_CHECKING:
    from sim.charts.house.style import Chart

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
MARGIN = 0.06
"""Inches left around what is drawn."""
DRAWN = {"d", "points", "x", "y", "width", "height"}
"""Attributes that are nothing but numbers."""


@dataclass(frozen=True)
class Picture:
    """One chart, cut to what is drawn between its headline and its caption."""

    name: str
    """Unique within a briefing: ids in the SVG begin with it."""
    chart: Chart

    @property
    def finding(self) -> str:
        """The headline."""
        return self.chart.finding

    @property
    def alt(self) -> str:
        """The chart in words."""
        return self.chart.alt

    @property
    def empty(self) -> bool:
        """Whether there was nothing to draw."""
        return not self.chart.axes

    @cached_property
    def subtitle(self) -> str:
        """The line under the headline: what is drawn."""
        return _one_line(self._words[1]) if len(self._words) > 2 else ""

    @cached_property
    def caption(self) -> str:
        """The foot: n, interval, seed, scenario."""
        return _one_line(self._words[-1]) if self._words else ""

    @cached_property
    def inches(self) -> tuple[float, float]:
        """Width and height of what is drawn."""
        left, bottom, right, top = self._box
        return right - left, top - bottom

    @cached_property
    def png(self) -> bytes:
        """At 200 dots an inch."""
        left, bottom, right, top = (round(inches * DOTS_PER_INCH) for inches in self._box)
        whole = Image.open(io.BytesIO(self._render("png")))
        cut = io.BytesIO()
        whole.crop((left, whole.height - top, right, whole.height - bottom)).convert("RGB").save(cut, "png")
        return cut.getvalue()

    @cached_property
    def svg(self) -> str:
        """With real text, title and description; it may stand in one page with others."""
        for prefix, space in (("", SVG), ("xlink", XLINK)):
            ET.register_namespace(prefix, space.strip("{}"))
        root = ET.fromstring(self._render("svg"))
        for metadata in root.findall(f"{SVG}metadata"):
            root.remove(metadata)
        left, bottom, right, top = (72 * inches for inches in self._box)
        tall = 72 * self.chart.get_figheight()
        root.set("viewBox", f"{left:.2f} {tall - top:.2f} {right - left:.2f} {top - bottom:.2f}")
        root.set("width", f"{right - left:.2f}pt")
        root.set("height", f"{top - bottom:.2f}pt")
        for what in ("title", "desc"):
            for element in root.findall(f"{SVG}{what}"):
                element.set("id", what)
        root.set("aria-labelledby", "title desc")
        for element in root.iter():
            _tidy(element, self.name)
        return ET.tostring(root, encoding="unicode")

    @cached_property
    def _words(self) -> list[Any]:
        """The texts of headline, what is shown (where it is said) and caption, in this order."""
        texts: list[Any] = list(self.chart.texts)  # their alignment is untyped in matplotlib
        feet = (place for place, text in enumerate(texts) if text.get_va() == "bottom")
        return texts[: next(feet, -1) + 1]

    @cached_property
    def _box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of what is drawn, in inches."""
        wide, tall = self.chart.get_figwidth(), self.chart.get_figheight()
        with house(), self._without_words():
            box = self.chart.get_tightbbox()
        left, bottom = (max(0.0, float(edge) - MARGIN) for edge in (box.x0, box.y0))
        right, top = (min(most, float(edge) + MARGIN) for edge, most in ((box.x1, wide), (box.y1, tall)))
        return left, bottom, right, top

    def _render(self, kind: str) -> bytes:
        with self._without_words():
            return picture(self.chart, kind)

    @contextmanager
    def _without_words(self) -> Iterator[None]:
        for text in self._words:
            text.set_visible(False)
        try:
            yield
        finally:
            for text in self._words:
                text.set_visible(True)


def font_folder() -> Path:
    """The folder of the fonts that charts are set in, DejaVu Sans among them."""
    found = find_spec("matplotlib")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _one_line(text: Any) -> str:
    return re.sub("[ \n]+", " ", text.get_text()).strip()  # a space that no line breaks at stays what it is


def _tidy(element: ET.Element, prefix: str) -> None:
    """Ids of its own, and numbers to a hundredth of a point."""
    for name, value in element.attrib.items():
        element.set(name, _tidy_value(name, value, prefix))


def _tidy_value(name: str, value: str, prefix: str) -> str:
    if name in DRAWN:
        return re.sub(r"-?\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", " ".join(value.split()))
    if name == "id":
        return f"{prefix}-{value}"
    if name == "aria-labelledby":
        return " ".join(f"{prefix}-{each}" for each in value.split())
    if name == f"{XLINK}href":
        return value.replace("#", f"#{prefix}-", 1)
    return value.replace("url(#", f"url(#{prefix}-")
