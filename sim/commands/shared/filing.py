"""What the commands leave in folders besides the replications: summary and charts of a comparison, a story's files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.exporting.summary import write_summary
from sim.operations.log import CAUSES, Level, LoanRecord
from sim.results.disk import CHARTS, disk_trouble, no_links, see_room
from sim.results.manifest import Manifest, write_whole
from sim.scenario.fingerprint import fingerprint
from sim.words.cells import csv_text
from sim.words.language import ENGLISH, speaking

if TYPE_CHECKING:
    from sim.charts.house.words import Row
    from sim.comparison.comparison import Comparison
    from sim.questions.decision.decision import Decision
    from sim.questions.story.story import Story
    from sim.results.reader import Results
    from sim.scenario.loaded import LoadedScenario

STORY_CHARTS = ("gantt", "timeline")


def file_decision(found: Decision, folder: Path) -> list[Path]:
    """Write `summary.csv` and `charts/` into the folder; the charts' files."""
    from sim.charts import WITH_EVERY_RUN, save_all, save_chart
    from sim.comparison.answer import in_one_comparison
    from sim.questions.stopping.sequential import Selection

    bound = ("regret",) if found.regrets else ()
    no_links(folder / CHARTS)
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with speaking(ENGLISH):  # what a program reads is the same in any language
            write_summary(found, folder)
        if not bound:  # what was drawn of fewer replications is not left among the charts of more
            for old in (folder / CHARTS).glob("regret.*"):
                old.unlink()
        charts = save_all(in_one_comparison(found.comparison), folder / CHARTS, (*WITH_EVERY_RUN, *bound))
        if isinstance(found.stopped, Selection):
            charts += save_chart("race", found.stopped, folder / CHARTS / "race")
        return charts


def note_weights(comparison: Comparison, folder: Path) -> None:
    """Say in the folder's manifest how its sets are weighted."""
    manifest = Manifest.read(folder)
    if manifest is not None and comparison.set_weights is not None:
        with disk_trouble(folder):
            replace(manifest, weights=str(comparison.set_weights)).write(folder)


def file_story(story: Story, folder: Path) -> list[Path]:
    """Write the story as lines and JSON, its charts with what they draw as CSV, and the event log as `loans.csv` and
    `levels.csv`; the files."""
    from sim.charts import save_chart

    no_links(folder)
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
        told = json.dumps(unsigned(story.as_json()), ensure_ascii=False, allow_nan=False, indent=1)
        texts = {
            "story.txt": "\n".join(story.lines()) + "\n",
            "story.json": told + "\n",
            "loans.csv": csv_text([LoanRecord._fields, *story.loans]),
            "levels.csv": csv_text(_level_rows(story)),
        }
        for name, text in texts.items():
            write_whole(folder / name, text)
        written = [folder / name for name in texts]
        for name in STORY_CHARTS:
            written += save_chart(name, story, folder / name)
    return written


def file_study(name: str, found: Any, folder: Path, tables: Mapping[str, Sequence[Row]] | None = None) -> list[Path]:
    """Write what a study found, `<name>.json`, its chart as PNG, SVG and CSV, and tables as CSV, into the folder; the
    files."""
    from sim.charts import save_chart
    from sim.charts.house.saving import save_rows

    no_links(folder)
    with disk_trouble(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{name}.json", as_json(found.as_json()))
        written = [folder / f"{name}.json", *save_chart(name, found, folder / name)]
        return written + [save_rows(rows, folder / f"{title}.csv") for title, rows in (tables or {}).items()]


def room_for(
    name: str, scenario: LoadedScenario, folder: Path | None, question: Mapping[str, Any], *, force: bool = False
) -> None:
    """See, before anything is run, that a study may be written there.

    `question`: what its JSON says of what was asked, `seed` (None: the scenario's) among it. UsageError where the
    folder is a file, or has the same study of another scenario or question and there is no `force`.
    """
    if folder is None:
        return
    see_room(folder)
    try:
        there = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if force:
        return
    there = there if isinstance(there, dict) else {}
    asked = {**question, "fingerprint": fingerprint(scenario), "seed": scenario.experiment.seed_or(question["seed"])}
    theirs = {word: list(there[word]) if word == "options" and word in there else there.get(word) for word in asked}
    other = [word for word in asked if theirs[word] != asked[word]]
    told = "give --out another folder, or --force"
    if {"fingerprint", "seed"} & set(other):
        raise UsageError(f"{folder}: holds {name} of another scenario or seed; {told}")
    if other:
        raise UsageError(f"{folder}: holds {name} that asked something else ({', '.join(other)}); {told}")


def room_for_comparison(results: Results, folder: Path | None, *, force: bool = False) -> None:
    """See, before anything is read, that a comparison may be written there.

    UsageError where the folder is a file, or holds the results of something else and there is no `force`.
    """
    if folder is None:
        return
    see_room(folder)
    present = None if force else Manifest.read(folder)
    ours = [(manifest.fingerprint, manifest.seed) for manifest in results.manifests]
    if present is not None and [(present.fingerprint, present.seed)] != ours:
        raise UsageError(f"{folder}: holds results of something else; give --out another folder, or --force")


def as_json(told: dict[str, Any]) -> str:
    """One line of JSON: the same results are the same bytes."""
    return json.dumps(unsigned(told), ensure_ascii=False, allow_nan=False) + "\n"


def unsigned(told: Any) -> Any:
    """The same with 0 for every -0, which sums of differences leave and people take for a slip."""
    if isinstance(told, dict):
        return {word: unsigned(value) for word, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [unsigned(value) for value in told]
    return 0.0 if isinstance(told, float) and told == 0 else told


def _level_rows(story: Story) -> Iterator[tuple[object, ...]]:
    yield ("mission", "resource", *(name for name in Level._fields if name not in ("cell", "causes")), *CAUSES)
    for level in story.levels:
        yield (*story.theatre.place(level.cell), level.day, *level[2:-1], *(level.causes or [""] * len(CAUSES)))
