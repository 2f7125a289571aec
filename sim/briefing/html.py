"""The briefing as one HTML file: works offline, prints well, runs nothing, and shows every name as plain text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.briefing.annex import confidence_names, meanings
from sim.briefing.headings import headings
from sim.briefing.phone import stacked
from sim.words.direction import readable
from sim.words.language import language, phrase
from sim.words.names import labelled
from sim.words.plain import in_plain_words

if TYPE_CHECKING:
    from sim.briefing.outline import Briefing

HERE = Path(__file__).parent


def html(briefing: Briefing) -> str:
    """The whole file. Style sheet and SVGs were made here: they are all that the template takes for safe."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: readable(value) if type(value) is str else value,  # not what is marked as safe
    )
    drawn = {page.name: page.drawn.svg for page in briefing.shown if page.drawn}
    stacks = {page.name: stacked(briefing.comparison, page) for page in briefing.shown if page.drawn}
    style = (HERE / "report.css").read_text(encoding="utf-8")
    return environment.get_template("report.html").render(
        briefing=briefing,
        drawn=drawn,
        stacks=stacks,
        style=style,
        language=language(),
        heading=headings(briefing),
        confidences=confidence_names(),
        meaning=meanings(),
        plain=in_plain_words(),
        colon=labelled("", ""),
        semicolon=phrase("{first}; {then}", first="", then=""),
    )
