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

INK = "#0B2545"
HIGHLIGHT = "#B9451A"
"""Of the one option that the answer is about, and of what a picture wants to be seen first."""
PALETTE = (INK, HIGHLIGHT)
"""The options' colours: one ink, and one highlight. Any other colour is a cause."""
BLUE, MISSING = "#009EDB", "#B5245B"
"""Of what is lent, and of what is missing: never of an option or a cause."""
GREY = "#7F7F7F"
"""Of axes, reference lines and what is not shown or not sure: never of an option."""
SLATE = "#4A5568"
"""Of small words beside a picture: its caption, heads of columns."""
PALE = "#E3E6EA"
"""Of a ground, or a line between parts."""
ASIDE = "#B8BEC8"
"""Of what stands there for comparison only: a range, a bound, a package."""
PALE_BLUE = "#BFE6F6"
PAPER = "white"

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
    marker: str
    dashes: Any


CAUSES: Mapping[str, str] = {
    "in repair": "#155343",
    "in transit": "#23A3F3",
    "lift": "#0A63BC",
    "preparing": "#0D3448",
    "council": "#FAA930",
    "contributor": "#B66D3D",
    "host": "#EFD792",
    "refused": "#5B2665",
    "kept": "#C39ECB",
    "ceiling": "#9E54AD",
    "not permitted": "#C9C9C9",
    "no way there": "#565656",
    "given up": "#8D8D8D",
    "nobody had any": "#E8E8E8",
}
"""Why units are missing, in the order in which a bar stacks them: repairs green, the road blue, paper warm, what is
kept back purple, and grey where there was nothing to send. Each prints as a grey of its own, 5 steps of L* from any
other and 22 from its neighbours, so that nothing depends on the hue, and no hatch is needed."""

STEPS: Mapping[str, str] = {
    "council": CAUSES["council"],
    "contributor": CAUSES["contributor"],
    "host": CAUSES["host"],
    "preparing": CAUSES["preparing"],
    "lift": CAUSES["lift"],
    "in transit": CAUSES["in transit"],
    "on loan": "#D1D8E1",
    "home journey": "#5D9CC9",
    "recovering": "#DADADA",
}
"""The steps of a loan: one that keeps units away has the colour of that cause."""


def nth_look(order: int) -> Look:
    """The look of the option that stands at `order` (from 0) in its scenario; 48 of them before one comes again, and
    neighbours differ in both mark and dashes."""
    return Look(INK, MARKERS[order % len(MARKERS)], DASHES[(order + order // len(MARKERS)) % len(DASHES)])


def lightness(colour: str) -> float:
    """How light a colour prints in grey, 0 to 1: its brightness as sent to a screen."""
    red, green, blue = (int(colour.lstrip("#")[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def pen_on(colour: str) -> str:
    """The colour of a number that is written on a cause's or a step's."""
    return INK if lightness(colour) > 0.44 else "white"


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


def house_style(draw: Callable[P, Chart]) -> Callable[P, Chart]:
    """A `draw` that runs in the house style."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Chart:
        with house():
            chart = draw(*args, **kwargs)
            chart.draw_without_rendering()  # matplotlib makes ticks late: here they still get the house style
            return chart

    return drawn
