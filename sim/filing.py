"""What the commands leave in folders besides the replications: summary and charts of a comparison, a story's files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RunError
from sim.operations.log import CAUSES, Level, LoanRecord
from sim.study.export import as_text
from sim.study.manifest import write_whole
from sim.study.store import CHARTS
from sim.study.summary import write_summary

if TYPE_CHECKING:
    from sim.study.comparison import Comparison
    from sim.study.story import Story

STORY_CHARTS = ("gantt", "timeline")


def file_comparison(comparison: Comparison, folder: Path) -> list[Path]:
    """Write `summary.csv` and `charts/` into the folder; the charts' files. RunError where the disk does not let us."""
    from sim.charts import save_all

    with _disk_trouble(folder):
        write_summary(comparison, folder)
        return save_all(comparison, folder / CHARTS)


def file_story(story: Story, folder: Path) -> list[Path]:
    """Write the story as lines and JSON, its charts, and the event log as `loans.csv` and `levels.csv`; the files."""
    from sim.charts import save
    from sim.charts.house.saving import chart_of

    with _disk_trouble(folder):
        told = json.dumps(story.as_json(), ensure_ascii=False, allow_nan=False, indent=1)
        texts = {
            "story.txt": "\n".join(story.lines()) + "\n",
            "story.json": told + "\n",
            "loans.csv": _csv([LoanRecord._fields, *story.loans]),
            "levels.csv": _csv(_level_rows(story)),
        }
        for name, text in texts.items():
            write_whole(folder / name, text)
        written = [folder / name for name in texts]
        for name in STORY_CHARTS:
            written += save(chart_of(name).draw(story), folder / name)
    return written


def file_chart(name: str, found: object, folder: Path) -> list[Path]:
    """Draw one chart of the drawer from what a study found, into the folder; its files."""
    from sim.charts import save
    from sim.charts.house.saving import chart_of

    with _disk_trouble(folder):
        return save(chart_of(name).draw(found), folder / name)


def _level_rows(story: Story) -> Iterator[tuple[object, ...]]:
    yield ("mission", "resource", *(name for name in Level._fields if name not in ("cell", "causes")), *CAUSES)
    for level in story.levels:
        yield (*story.theatre.place(level.cell), level.day, *level[2:-1], *(level.causes or [""] * len(CAUSES)))


def _csv(rows: Iterable[Iterable[object]]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows([as_text(value) for value in row] for row in rows)
    return text.getvalue()


@contextmanager
def _disk_trouble(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise RunError(f"{error.filename or folder}: {error.strerror or error}") from error
