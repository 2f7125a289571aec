"""The briefing as a tagged PDF (PDF/UA-1), set by typst: the extra `pdf`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.briefing.annex import confidence_names, meanings_in_words
from sim.briefing.headings import headings
from sim.briefing.pictures import font_folder
from sim.words.direction import all_readable
from sim.words.language import language
from sim.words.plain import glossary

if TYPE_CHECKING:
    from sim.briefing.outline import Briefing
    from sim.briefing.page import Page

TEMPLATE = Path(__file__).with_name("report.typ")
REGIONS = {"en": "gb"}
"""Where a language is written differently by country: whose way."""


def pdf(briefing: Briefing) -> bytes:
    """The whole file; the same briefing gives the same bytes. ImportError where typst is not installed."""
    import typst

    files = {f"{page.name}.svg": page.drawn.svg.encode() for page in briefing.shown if page.drawn}
    files["briefing.json"] = json.dumps(all_readable(content(briefing)), ensure_ascii=False).encode()
    files["main"] = TEMPLATE.read_bytes()
    compiled: Any = typst.compile  # its types do not know that several files can be given
    file: bytes = compiled(files, format="pdf", font_paths=[str(font_folder())], pdf_standards="ua-1")
    return file


def content(briefing: Briefing) -> dict[str, Any]:
    """What the template reads: words only, so that no name can be taken for markup."""
    annex = briefing.annex
    heading = headings(briefing)
    kinds = ((heading["recorded"], True), (heading["assumed"], False))
    return {
        "language": language(),
        "region": REGIONS.get(language()),
        "heading": heading,
        "title": briefing.title,
        "lead": briefing.lead,
        "in_short": briefing.in_short,
        "question": briefing.question,
        "about": briefing.about,
        "options": briefing.options._asdict(),
        "story": [_page(page) for page in briefing.story],
        "pages": [_page(page) for page in briefing.pages],
        "verdict": briefing.verdict,
        "annex": {
            "confidences": confidence_names(),
            "meaning": meanings_in_words(),
            "glossary": glossary(),
            "counts": [[drawer, *(str(count or "–") for count in row)] for drawer, row in annex.counts],
            "notes": [
                {
                    "kind": kind,
                    "rows": [[note.called, note.how_sure, note.source] for note in annex.of(recorded=recorded)],
                }
                for kind, recorded in kinds
            ],
            "reproduction": annex.reproduction,
        },
    }


def _page(page: Page) -> dict[str, Any]:
    words = {name: getattr(page, name) for name in ("finding", "subtitle", "caption", "alt", "remarks")}
    return words | {
        "picture": f"{page.name}.svg" if page.drawn else None,
        "table": page.table._asdict() if page.table and not page.picture else None,
    }
