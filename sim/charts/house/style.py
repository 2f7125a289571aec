"""The look of every chart: its colours, and the drawing of a figure under the house style without touching pyplot."""

from __future__ import annotations

import functools
import io
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

_mpl: Any = matplotlib  # its types know every setting by name, so that a plain dict is none of them

BLUE, INK, ORANGE, BROWN, TEAL, PURPLE = PALETTE = ("#009EDB", "#0B2545", "#E37222", "#8C2D19", "#00685E", "#7a21dd")
"""The options' colours: they tell apart under every colour-blindness, and have a contrast with white of at least 3."""
GREY = "#7F7F7F"
"""Of axes, reference lines and what is not shown or not sure: never of an option."""
PALE = "#E3E6EA"
PALE_BLUE = "#BFE6F6"
PAPER = "white"

HATCHES = ("", "///", "...", "\\\\\\", "xxx", "---")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h", "*")
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)))
SLIDE = (13.33, 7.5)
"""Inches of a 16:9 slide."""

OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "WenQuanYi Zen Hei",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "Hiragino Sans GB",
    "PingFang SC",
    "Noto Sans Devanagari",
    "Noto Sans Ethiopic",
    "Noto Sans Bengali",
    "Noto Sans Thai",
)
"""Fonts tried, where installed, for letters that DejaVu Sans lacks."""


class Look(NamedTuple):
    """How an option is drawn, in every chart."""

    colour: str
    hatch: str
    marker: str
    dashes: Any

    @property
    def fill(self) -> dict[str, Any]:
        """How matplotlib fills its bars."""
        return {"facecolor": self.colour, "hatch": self.hatch, "edgecolor": PAPER, "lw": 0}


class Hue(NamedTuple):
    """How a cause or a step of a loan is drawn; the hatch is white on dark and ink on light hues."""

    colour: str
    hatch: str = ""

    @property
    def pen(self) -> str:
        """Colour of a number written on it."""
        return INK if lightness(self.colour) > 0.44 else "white"

    @property
    def stroke(self) -> str:
        """Colour of its hatch."""
        return GREY if lightness(self.colour) > 0.7 else "white"

    @property
    def fill(self) -> dict[str, Any]:
        """How matplotlib fills its bars."""
        return {"facecolor": self.colour, "hatch": self.hatch, "edgecolor": self.stroke, "lw": 0}


STEPS: Mapping[str, Hue] = {
    "council": Hue("#E37222"),
    "contributor": Hue("#8C2D19"),
    "host": Hue("#F6C79B", "///"),
    "preparing": Hue("#7a21dd"),
    "lift": Hue("#CDB4F2", "..."),
    "in transit": Hue("#009EDB"),
    "on loan": Hue("#9DB2CC"),
    "home journey": Hue("#9ADAF2", "\\\\\\"),
    "recovering": Hue("#DADADA"),
}
"""The steps of a loan: paper warm, making ready purple, the road blue."""

CAUSES: Mapping[str, Hue] = {
    "in transit": STEPS["in transit"],
    "lift": STEPS["lift"],
    "preparing": STEPS["preparing"],
    "council": STEPS["council"],
    "contributor": STEPS["contributor"],
    "host": STEPS["host"],
    "refused": Hue("#2F2F2F"),
    "kept": Hue("#6E6E6E", "..."),
    "ceiling": Hue("#8C8C8C", "xxx"),
    "not permitted": Hue("#B5B5B5", "///"),
    "no way there": Hue("#C9C9C9", "\\\\\\"),
    "given up": Hue("#575757", "+++"),
    "nobody had any": Hue("#E0E0E0"),
}
"""Why units are missing: a step that they are in has its hue; grey where none was coming."""


def nth_look(order: int) -> Look:
    """The look of the option that stands at `order` (from 0) in its scenario; 72 of them before one comes again."""
    return Look(
        PALETTE[order % 6],
        HATCHES[order // 6 % len(HATCHES)],
        MARKERS[order % len(MARKERS)],
        DASHES[order // 6 % len(DASHES)],
    )


def lightness(colour: str) -> float:
    """How light a colour prints in grey, 0 to 1."""
    red, green, blue = (int(colour.lstrip("#")[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


@functools.cache
def _rules() -> dict[str, Any]:
    """Every setting of matplotlib: its own default, or the house's; never the user's matplotlibrc."""
    rules: dict[str, Any] = dict(_mpl.rcParamsDefault)
    for private in [name for name in rules if "backend" in name or name.startswith(("interactive", "webagg", "tk."))]:
        del rules[private]
    house = Path(__file__).with_name("house.mplstyle")
    rules |= _mpl.rc_params_from_file(house, use_default_template=False)
    installed = set(font_manager.fontManager.get_font_names())
    rules["font.family"] = ["sans-serif", *(name for name in OTHER_SCRIPTS if name in installed)]
    return rules


@contextmanager
def house() -> Iterator[None]:
    """Within it, matplotlib draws in the house style; letters without a glyph become boxes without a warning."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        dict.update(_mpl.rcParams, _rules())  # they are valid already: matplotlib would check all 300 again
        yield


class Chart(Figure):
    """A matplotlib figure that knows its finding and its alternative text, and shows itself in a notebook."""

    finding: str = ""
    """The title: what the numbers say."""
    alt: str = ""
    """What the picture shows, for those who cannot see it."""

    def _repr_png_(self) -> bytes:
        picture = io.BytesIO()
        with house():
            self.savefig(picture, format="png", dpi=80, metadata={"Software": None})
        return picture.getvalue()


def blank(height: float = SLIDE[1]) -> Chart:
    """An empty sheet of slide width, `height` inches tall."""
    chart = Chart(figsize=(SLIDE[0], height))
    FigureCanvasAgg(chart)
    return chart


P = ParamSpec("P")


def housed(draw: Callable[P, Chart]) -> Callable[P, Chart]:
    """A `draw` that runs in the house style."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Chart:
        with house():
            chart = draw(*args, **kwargs)
            chart.draw_without_rendering()  # matplotlib makes ticks late: here they still get the house style
            return chart

    return drawn
