"""Writes briefings: a file, or a folder with the same briefing in several formats; nothing is simulated again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sim.charts.house.saving import save, save_rows
from sim.comparison.comparison import Comparison, compare
from sim.errors import UsageError
from sim.results.disk import disk_trouble, no_links, see_room
from sim.results.manifest import written_whole
from sim.results.reader import Results, read
from sim.words.language import ENGLISH, speaking
from sim.words.suggestions import unknown

if TYPE_CHECKING:
    from sim.briefing.outline import Briefing
    from sim.questions.story.story import Story

REPORTS = ("html", "pptx", "pdf")
PICTURES = ("png", "svg")
MOVING = ("gif", "mp4")
CHECKLIST = "stress"
FORMATS = (*REPORTS, *PICTURES, *MOVING, CHECKLIST)
DEFAULT_FORMATS = ("html", "pptx")
"""What is written where nothing else is asked for: every installation can."""
EXTRAS = {"pdf": ("typst", "pdf"), "mp4": ("imageio_ffmpeg", "video")}
"""Formats that need an extra: the library, and the extra that brings it."""


def brief(  # noqa: PLR0913  # a briefing is asked for by name
    source: Comparison | Results | Story | str | Path,
    to: str | Path,
    formats: Iterable[str] | None = None,
    *,
    only: Iterable[str] | None = None,
    option: str | None = None,
    replication: int | None = None,
) -> list[Path]:
    """Write the briefing on `source`, a comparison, results or their folder; gives the files.

    `to` is a file (.html, .pptx, .pdf; .gif or .mp4 for one replication on the map, day by day) or a folder, into which
    the `formats` go (default: html and pptx; png and svg are a picture and a CSV a chart; stress is
    the STRESS-DES checklist in Markdown). `only` names the pages,
    `option` and `replication` what is shown where there is room for one. A story gives .gif and .mp4 only. UsageError
    for what is not there, formats whose extra is not installed included.
    """
    to = Path(to)
    wanted, as_file = _requested_formats(to, formats)
    no_links(to)
    if not as_file:
        see_room(to)
    compared = _compared(source)
    with disk_trouble(to):
        written = [
            _write(
                to if as_file else to / _animation_name(form, option, replication),
                _animation(compared, form, option, replication),
            )
            for form in wanted
            if form in MOVING
        ]
        if CHECKLIST in wanted:
            written.append(_write(to / "stress.md", _checklist(compared)))
        rest = [form for form in wanted if form not in (*MOVING, CHECKLIST)]
        if rest:
            if not isinstance(compared, Comparison):
                raise UsageError("a story is of one replication: it gives .gif and .mp4, and compares nothing")
            from sim.briefing.outline import outline

            briefing = outline(compared, only, option=option, replication=replication)
            written += _files(briefing, to, rest, as_file=as_file)
    return written


def _compared(source: Comparison | Results | Story | str | Path) -> Comparison | Story:
    """The comparison of results or of their folder; a comparison or a story as it is."""
    results = read(source) if isinstance(source, str | Path) else source
    return compare(results) if isinstance(results, Results) else results


def missing(form: str) -> str | None:
    """What to say of a format whose extra is not installed; None where it is."""
    library, extra = EXTRAS.get(form, ("", ""))
    if not library or find_spec(library) is not None:
        return None
    return f"{form}: {library} is not installed; it comes with pip install 'intermission[{extra}]'"


def _requested_formats(to: Path, formats: Iterable[str] | None) -> tuple[list[str], bool]:
    """The formats asked for, and whether `to` is the file of the only one rather than a folder."""
    suffix = to.suffix.lower().lstrip(".")
    if formats is None and suffix in (*REPORTS, *MOVING):
        _see_installed([suffix])
        return [suffix], True
    if formats is None and suffix and not to.is_dir():
        known = ", ".join(f".{form}" for form in (*REPORTS, *MOVING))
        raise UsageError(f"{to}: a briefing is a file that ends with {known}, or a folder")
    wanted = (
        [formats] if isinstance(formats, str) else list(dict.fromkeys(DEFAULT_FORMATS if formats is None else formats))
    )
    if not wanted:
        raise UsageError(f"no format is asked for; there are {', '.join(FORMATS)}")
    for form in wanted:
        if form not in FORMATS:
            raise UsageError(unknown("format", form, FORMATS))
    _see_installed(wanted)
    return wanted, False


def _see_installed(formats: Iterable[str]) -> None:
    """UsageError for formats whose extra is not installed, all of them at once."""
    lacking = [said for form in formats if (said := missing(form))]
    if lacking:
        raise UsageError("\n".join(lacking))


def _files(briefing: Briefing, to: Path, forms: list[str], *, as_file: bool) -> Iterator[Path]:
    for form in forms:
        if form in REPORTS:
            yield _write(to if as_file else to / f"briefing.{form}", _report(briefing, form))
    pictures = [form for form in forms if form in PICTURES]
    for page in briefing.pages if pictures else ():
        if page.picture is not None:
            yield from save(page.picture.chart, to / page.name, pictures)
        yield save_rows(page.data or page.rows, to / f"{page.name}.csv")


def _report(briefing: Briefing, form: str) -> bytes:
    if form == "html":
        from sim.briefing.html import html

        return html(briefing).encode()
    if form == "pdf":
        from sim.briefing.pdf import pdf

        return pdf(briefing)
    from sim.briefing.slides.slides import pptx

    return pptx(briefing)


def _checklist(compared: Comparison | Story) -> bytes:
    if not isinstance(compared, Comparison):
        raise UsageError("a story is of one replication: the checklist is on a whole comparison")
    from sim.briefing.stress import stress

    with speaking(ENGLISH):  # the standard's own text is in no other language
        return stress(compared).encode()


def _animation_name(form: str, option: str | None, replication: int | None) -> str:
    """A name of its own where an option or a replication is asked for, so that none replaces another."""
    asked = "-".join(str(each) for each in ("animation", option, replication) if each is not None)
    return re.sub(r"[^\w-]+", "_", asked) + f".{form}"


def _animation(source: Comparison | Story, form: str, option: str | None, replication: int | None) -> bytes:
    from sim.briefing.animation.animation import film
    from sim.briefing.animation.film import gif, mp4

    shown = film(source, option, replication)
    return mp4(shown) if form == "mp4" else gif(shown)


def _write(path: Path, contents: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as half:
        half.write_bytes(contents)
    return path
