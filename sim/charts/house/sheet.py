"""The sheet a chart stands on: finding on top, what is shown under it, caption at the foot, and room between for axes.

All lengths here are inches from the sheet's lower left corner; text is measured before it is set, so nothing overlaps.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from sim.charts.house.style import GREY, INK, SLATE, SLIDE, Chart, blank
from sim.words.language import phrase
from sim.words.names import short_names
from sim.words.plain import explained

MARGIN = 0.45
LONG_NAME = 44
"""Letters of a name beside a row beyond which words that it shares with all other long ones are left out."""
SMALLEST = 9.0
"""Points: nothing is set smaller."""
SMALL = 9.5
"""Points: the least of what is drawn, so that 9 are left on a slide whose headline takes more room."""


class Area(NamedTuple):
    """A rectangle of the sheet, in inches."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def inset(self, left: float = 0, bottom: float = 0, right: float = 0, top: float = 0) -> Area:
        """The area with some of its edges moved inwards."""
        return Area(self.left + left, self.bottom + bottom, self.right - right, self.top - top)

    def cell(self, place: int, across: int, wide: float, tall: float) -> Area:
        """The `place`-th (from 0) of cells of that size, `across` in a row, the first at the upper left."""
        row, column = divmod(place, across)
        left, top = self.left + column * wide, self.top - row * tall
        return Area(left, top - tall, left + wide, top)


@functools.cache
def _pen() -> Any:
    pen: Any = RendererAgg  # untyped in matplotlib
    return pen(8, 8, 144)


@functools.cache
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Inches that a line of text takes, with 3 % to spare; call it in the house style."""
    font = FontProperties(size=size, weight=weight)
    return 1.03 * float(_pen().get_text_width_height_descent(text, font, False)[0]) / 144


def line_height(size: float) -> float:
    """Inches from one line to the next."""
    return size * 1.25 / 72


def _shortened(text: str, inches: float, size: float, weight: str) -> str:
    """`text` with an ellipsis for words in its middle, so that it fits: names often differ at their ends only.

    A word is cut only where not even one fits, and a number at the end stays whole.
    """
    words = text.split(" ")
    for count in range(len(words) - 1, 1, -1):
        tail = max(1, count // 3)
        cut = f"{' '.join(words[: count - tail])} … {' '.join(words[-tail:])}"
        if text_width(cut, size, weight) <= inches:
            return cut
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(_cut(text, middle), size, weight) <= inches:
            low = middle
        else:
            high = middle - 1
    return _cut(text, low)


def _cut(text: str, letters: int) -> str:
    """So many of its letters: two thirds from the front, the rest from the end; no number is cut there."""
    tail = letters // 3
    while 0 < tail < len(text) and text[-tail].isdigit() and text[-tail - 1].isdigit():
        tail -= 1
    return text[: letters - tail].rstrip() + "…" + (text[-tail:].lstrip() if tail else "")


def _pieces(word: str, inches: float, size: float, weight: str) -> list[str]:
    """A word in pieces that each fit (a script without spaces, a very long name)."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, weight) > inches:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def fitted(text: str, inches: float, size: float, *, weight: str = "normal", lines: int = 1) -> str:
    """`text` wrapped into at most `lines` lines of `inches`; an ellipsis where it must be cut."""
    wrapped: list[str] = [""]
    wide, space = 0.0, text_width(" ", size, weight)
    for word in text.split(" "):
        alone = text_width(word, size, weight)
        whole, together = (f"{wrapped[-1]} {word}", wide + space + alone) if wrapped[-1] else (word, alone)
        # A line is as wide as its words but for kerning: it is measured itself, which is slow, only where that counts.
        if together <= 0.98 * inches or (together <= 1.02 * inches and text_width(whole, size, weight) <= inches):
            wrapped[-1], wide = whole, together
            continue
        pieces = [word] if alone <= inches else _pieces(word, inches, size, weight)
        wrapped += pieces if wrapped[-1] else []
        if not wrapped[-len(pieces) - 1 :][0]:
            wrapped[-1:] = pieces
        wide = text_width(wrapped[-1], size, weight)
    if len(wrapped) > lines:
        wrapped[lines - 1 :] = [_shortened(" ".join(wrapped[lines - 1 :]), inches, size, weight)]
    return "\n".join(wrapped)


def inside(text: str, wide: float, tall: float) -> str | None:
    """`text` in SMALL letters wrapped into a box of so many inches, no word of it cut; None where there is no room."""
    lines = int((tall - 0.04) / line_height(SMALL))
    if not lines or any(text_width(word, SMALL) > wide - 0.1 for word in text.split()):
        return None
    wrapped = fitted(text, wide - 0.1, SMALL, lines=lines)
    return None if wrapped.split() != text.split() else balanced(text, wide - 0.1, SMALL, lines=lines)


def _headline(finding: str, inches: float) -> tuple[str, float]:
    """The finding wrapped into lines of like length, and its size: 21 pt on two lines, smaller on three where long."""
    for size, most in ((21.0, 2), (18.0, 2), (16.0, 3)):
        wrapped = fitted(finding, inches, size, weight="bold", lines=99)
        count = wrapped.count("\n") + 1
        if count <= most:
            break
    else:
        return fitted(finding, inches, 16.0, weight="bold", lines=3), 16.0
    return balanced(finding, inches, size, weight="bold"), size


def balanced(text: str, inches: float, size: float, *, weight: str = "normal", lines: int = 99) -> str:
    """`text` wrapped as `fitted` does, into lines of like length: no last word stands alone."""
    wrapped = fitted(text, inches, size, weight=weight, lines=lines)
    for narrower in range(1, 12):
        closer = fitted(text, inches * (1 - 0.05 * narrower), size, weight=weight, lines=99)
        if closer.count("\n") > wrapped.count("\n") or wrapped.count("…") > text.count("…"):
            break
        wrapped = closer
    return wrapped


def sheet(finding: str, shown: str, caption: str, *, alt: str, height: float = SLIDE[1]) -> tuple[Chart, Area]:
    """A sheet with its words on it, and the area that is left for axes."""
    chart = blank(height)
    chart.finding, chart.alt = finding, alt
    wide = SLIDE[0] - 2 * MARGIN
    headline, size = _headline(finding, wide)
    top = height - 0.35
    write(chart, (MARGIN, top), headline, size=size, weight="bold", va="top", linespacing=1.15)
    top -= line_height(size) * (headline.count("\n") + 1) + 0.06
    if shown:
        shown = fitted(shown, wide, 12, lines=2)
        write(chart, (MARGIN, top), shown, size=12, colour=SLATE, va="top")
        top -= line_height(12) * (shown.count("\n") + 1) + 0.05
    caption = balanced(explained(caption, finding, shown), wide, SMALLEST, lines=4)
    write(chart, (MARGIN, 0.2), caption, size=SMALLEST, colour=SLATE, va="bottom", linespacing=1.2)
    foot = 0.2 + line_height(SMALLEST) * (caption.count("\n") + 1) + 0.15
    return chart, Area(MARGIN, foot, SLIDE[0] - MARGIN, top - 0.12)


def write(chart: Chart, at: tuple[float, float], text: str, *, size: float, colour: str = INK, **how: Any) -> None:
    """Sets text at a place in inches."""
    chart.text(at[0] / SLIDE[0], at[1] / chart.get_figheight(), text, fontsize=size, color=colour, **how)


def haloed(chart: Chart, at: tuple[float, float], text: str, *, size: float, **how: Any) -> None:
    """Writes upon a picture: around the letters its ground, or whatever is `pen`, keeps lines off them."""
    how = {"weight": "normal", "colour": INK, "pen": "white"} | how
    halo = [withStroke(linewidth=3, foreground=how.pop("pen"))]
    write(chart, at, text, size=size, ha="center", va="center", path_effects=halo, linespacing=1.1, **how)


def axes_in(chart: Chart, area: Area, **how: Any) -> Axes:
    """Axes that fill an area (without their labels: inset it for these)."""
    tall = chart.get_figheight()
    box = (area.left / SLIDE[0], area.bottom / tall, area.width / SLIDE[0], area.height / tall)
    return chart.add_axes(box, **how)


def statement(finding: str, caption: str, *, shown: str = "") -> Chart:
    """A sheet with nothing to draw on it: it says so."""
    chart, area = sheet(finding, shown, caption, alt=finding + ".")
    middle = SLIDE[0] / 2, (area.bottom + area.top) / 2
    write(chart, middle, phrase("Nothing to draw"), size=16, colour=GREY, ha="center")
    return chart


class Names(NamedTuple):
    """Names of rows, wrapped, with the inches that they take at the left and their size in points."""

    lines: list[str]
    inches: float
    size: float


def row_names(names: Sequence[str], tall: float, widest: float = 3.4, *, shorten: bool = True) -> Names:
    """Names for rows that share `tall` inches: as large as lets each stand whole. Where not all can, long ones lose the
    words that do not tell them apart (unless `shorten` is false), and only then is anything cut."""
    each = 0.94 * tall / max(1, len(names))
    for said in (names, short_names(names, LONG_NAME) if shorten else names):
        for size, most in ((13.0, 1), (12.0, 1), (13.0, 3), (12.0, 3), (11.0, 3), (10.0, 3), (SMALL, 3)):
            lines = min(most, int(each / line_height(size)))
            if lines and all(fitted(name, widest, size, lines=99).count("\n") < lines for name in said):
                break
        else:
            continue
        break
    wrapped = [balanced(name, widest, size, lines=max(1, lines)) for name in said]
    inches = max((text_width(line, size) for name in wrapped for line in name.split("\n")), default=0.0)
    return Names(wrapped, inches + 0.15, size)


def rows_axis(axes: Axes, names: Names | None, count: int) -> None:
    """So many rows, the first on top; with their names, or without (where another panel shows them)."""
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks(range(count), names.lines if names else [""] * count, fontsize=names.size if names else None)
    axes.spines["left"].set_visible(False)


def row_axes(chart: Chart, area: Area, names: Names, *, right: float = 0.0) -> Axes:
    """Axes with a row for each of `names`, which stand at their left; `right` inches are left for what follows."""
    axes = axes_in(chart, area.inset(left=names.inches, right=right))
    rows_axis(axes, names, len(names.lines))
    return axes


class Sign(NamedTuple):
    """An entry of a key: a patch, or a line, with its meaning."""

    label: str
    colour: str = "none"
    hatch: str = ""
    pen: str = "white"
    marker: str = ""
    dashes: Any = None
    filled: bool = True


def _swatch(chart: Chart, sign: Sign, x: float, y: float, size: float) -> None:
    tall = chart.get_figheight()
    wide, high = 0.32, size * 0.85 / 72
    if sign.marker or sign.dashes is not None:
        line = Line2D(
            [x / SLIDE[0], (x + wide / 2) / SLIDE[0], (x + wide) / SLIDE[0]],
            [(y - high * 0.55) / tall] * 3,
            color=sign.colour,
            linestyle="none" if sign.dashes is None else sign.dashes,
            marker=sign.marker or None,
            markevery=[1],
            markerfacecolor=sign.colour if sign.filled else "white",
            transform=chart.transFigure,
        )
        chart.add_artist(line)
        return
    patch = Rectangle(
        (x / SLIDE[0], (y - high * 1.05) / tall),
        wide / SLIDE[0],
        high / tall,
        facecolor=sign.colour,
        hatch=sign.hatch,
        edgecolor=sign.pen,
        linewidth=1.2 if sign.colour in ("white", "none") else 0,
        transform=chart.transFigure,
    )
    chart.add_artist(patch)


def key(chart: Chart, signs: Sequence[Sign], area: Area) -> Area:
    """Sets a key along the top of `area`, in as many rows as it takes; gives the area below it."""
    x, y, size = area.left, area.top, 10.5
    for sign in signs:
        text = fitted(sign.label, area.width - 0.5, size)
        wide = 0.42 + text_width(text, size) + 0.28
        if x > area.left and x + wide - 0.28 > area.right:
            x, y = area.left, y - line_height(size) * 1.15
        _swatch(chart, sign, x, y, size)
        write(chart, (x + 0.42, y), text, size=size, va="top")
        x += wide
    return area.inset(top=area.top - y + line_height(size) + 0.12) if signs else area
