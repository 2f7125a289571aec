"""The one file: template, style, scripts and data put together, under a policy that lets nothing else in or out."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

import sim
from sim.charts.house.style import lightness
from sim.charts.house.words import interval
from sim.words.dates import date_in_words
from sim.words.direction import all_readable
from sim.words.language import language, patterns, phrase, phrase_n
from sim.words.plain import explained

SCRIPTS = (
    "data.js",
    "statistics.js",
    "words.js",
    "tables.js",
    "svg.js",
    "chart_unmet.js",
    "chart_causes.js",
    "chart_cost.js",
    "chart_map.js",
    "chart_timeline.js",
    "chart_gantt.js",
    "exports.js",
    "state.js",
    "controls.js",
    "page.js",
)
"""In the order in which they need one another."""
GENERATOR = "intermission"
DARK = {
    "#ffffff": "#10161f",
    "#0b2545": "#e4eaf2",
    "#5b6470": "#a9b4c1",
    "#e3e6ea": "#2b3440",
    "#f8fbfd": "#131b26",
    "#e6eaee": "#2a3441",
    "#aeb8c2": "#5a6675",
    "#dadada": "#3f4a58",
    "#d3dae3": "#3a4553",
    "#0079ad": "#8fd6fa",
    "#6cc3e8": "#2f87b3",
    "#b9451a": "#ee8a62",
    "#b5245b": "#f07aa4",
    "#155343": "#4fae92",
    "#0a63bc": "#6aa6ee",
    "#0d3448": "#a9cbe0",
    "#5b2665": "#c08acb",
    "#565656": "#8a8f96",
    "#e8e8e8": "#56606d",
}
"""Colour on paper -> on a dark screen; the others do for both."""


def assemble(payload: dict[str, Any], question: str = "") -> str:
    """The page of a payload, as HTML, in the language spoken; `question` is what it says of what was asked, to be known
    by."""
    scripts = [_text(name) for name in SCRIPTS]
    sentences = {english: said for script in scripts for english, said in patterns(script).items()}
    payload = all_readable({"language": language(), **payload, "sentences": sentences})
    style = _text("page.css") + _dark_colours(payload)
    worlds = (payload["asked"] or {}).get("worlds") or 0
    policy = [
        "default-src 'none'",
        f"script-src {_hashes(scripts)}",
        f"style-src {_hashes([style])}",
        "img-src blob: data:",  # a chart becomes a PNG by way of an image
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    ]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    html: str = environment.from_string(_text("page.html")).render(
        policy="; ".join(policy),
        generator=f"{GENERATOR} {sim.__version__}",
        question=question,
        version=sim.__version__,
        language=payload["language"],
        phrase=phrase,
        phrase_n=phrase_n,
        scenario=payload["scenario"],
        asked=payload["asked"],
        worlds=phrase_n("{n:,} world", "{n:,} worlds", worlds),
        period=_period(payload["scenario"]),
        settings=len(payload["settings"][0]),
        replications=payload["replications"],
        seed=payload["seed"],
        interval=interval(payload["confidence"]),
        few=payload["sets"] < payload["one"]["least"],
        plain=explained("", phrase("unit-days"), phrase("replication"), *(payload["asked"] or {}).get("sentences", ())),
        style=style,
        scripts=scripts,
        data=_json(payload),
    )
    return html


def _text(name: str) -> str:
    """One of the files beside this one; ends of elements would break out of theirs."""
    found = files("sim.whatif.browser").joinpath(name).read_text(encoding="utf-8")
    assert name == "page.html" or not re.search("</(script|style)", found, re.IGNORECASE), name
    return found


def _json(payload: dict[str, Any]) -> str:
    """JSON in which nothing can be taken for markup."""
    text = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def _hashes(texts: Iterable[str]) -> str:
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)


def _dark_colours(payload: dict[str, Any]) -> str:
    """Rules that turn the colours of pictures for a dark screen, and the words that stand on them."""
    used = {*DARK, *(hue["colour"].lower() for hue in (*payload["colours"]["causes"], *payload["options"]))}
    turned = [
        f".{kind}-{colour[1:]} {{ {what}: {DARK[colour]}; }}"
        for colour in sorted(DARK)
        for kind, what in (("f", "fill"), ("s", "stroke"))
    ]
    written = [f".on-{colour[1:]} {{ fill: {_text_colour(DARK.get(colour, colour))}; }}" for colour in sorted(used)]
    return "@media screen and (prefers-color-scheme: dark) {\n" + "\n".join((*turned, *written)) + "\n}\n"


def _text_colour(colour: str) -> str:
    """Dark on light colours, light on dark ones."""
    return "#10161f" if lightness(colour) > 0.44 else "#ffffff"


def _period(scenario: dict[str, Any]) -> str:
    first, days = dt.date.fromisoformat(scenario["from"]), round(scenario["days"])
    last = first + dt.timedelta(days=days - 1)
    slots = {"first": date_in_words(first), "last": date_in_words(last), "n": days}
    return phrase_n("{first} to {last} ({n:,} day)", "{first} to {last} ({n:,} days)", days, **slots)
