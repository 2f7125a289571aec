"""`ro-crate-metadata.json`: what a results folder is, for whoever finds it in an archive.

RO-Crate 1.1 (https://www.researchobject.org/ro-crate/specification/1.1/): a root dataset with its files, and the run
that made them. It holds no times but one: a deposit must say when it was published, and that is the day on which the
run ended, by the date of the manifest's file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sim
from sim.results.disk import (
    CHARTS,
    DATABASE,
    RACE,
    RULES,
    SCENARIO,
    STUDIES,
    SUMMARY,
    disk_trouble,
    no_links,
    read_whole,
    see_plain,
)
from sim.results.looks import LOOKS
from sim.results.manifest import NAME as MANIFEST
from sim.results.manifest import write_whole
from sim.results.reader import Results, read

NAME = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
CONTEXT = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
"""The words of 1.1, and the one word here that they lack."""
NO_LICENCE = "Not stated. Whoever deposits these results says here on what terms they may be used."
RUN = "#run"
SOFTWARE = "#intermission"
ABOUT = {
    MANIFEST: "What the folder holds: fingerprint, seed, versions, the command that makes it again",
    SCENARIO: "The scenario as it was run, with the sources of its numbers",
    DATABASE: "Every measure of every replication, and the logs of some: tidy tables (SQLite)",
    SUMMARY: "The comparison as one table",
    LOOKS: "At how many sets of replications the results were looked at",
    RACE: "What every option of a race (--select) gave, by replication",
}
"""What the files of a results folder are, in the order in which they are told."""
KINDS = {
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".sqlite": "application/vnd.sqlite3",
    ".csv": "text/csv",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".parquet": "application/vnd.apache.parquet",
    ".geojson": "application/geo+json",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".md": "text/markdown",
    ".py": "text/x-python",
}
WITH_THE_RESULTS = {
    CHARTS: "A chart, or the numbers behind it",
    "export": "The results for other tools",
    "briefing": "A briefing on the results",
    RULES: "Lending rules that the options use",
    **dict.fromkeys(STUDIES, "Of a study of the same scenario"),
}
"""Folders whose files are told, too, where there are any, and what these are."""
Entity = dict[str, Any]


def describe(folder: Path) -> Path:
    """Write the description of a results folder beside its manifest; its path. ResultsError where it is none."""
    results = read(folder)
    files = [_file(folder, path) for path in _files(folder)]
    graph = [_itself(), _root(results, folder, files), *files, _run(results), _software()]
    path = folder / NAME
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=2)
    with disk_trouble(folder):
        write_whole(path, text + "\n")
    return path


def _files(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in ABOUT if (folder / name).is_file())
    for name in WITH_THE_RESULTS:
        no_links(folder / name)
        yield from sorted(path for path in (folder / name).rglob("*") if path.is_file() and path.suffix in KINDS)


def _file(folder: Path, path: Path) -> Entity:
    name = path.relative_to(folder).as_posix()
    see_plain(path)
    with path.open("rb") as contents:
        digest = hashlib.file_digest(contents, "sha256").hexdigest()
    return {
        "@id": quote(name),  # a path of a URI
        "@type": "File",
        "name": path.name,
        "description": ABOUT.get(name) or WITH_THE_RESULTS[name.partition("/")[0]],
        "encodingFormat": KINDS[path.suffix],
        "contentSize": str(path.stat().st_size),
        "sha256": digest,
    }


def _itself() -> Entity:
    return {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": SPECIFICATION}}


def _root(results: Results, folder: Path, files: list[Entity]) -> Entity:
    scenario = results.scenario
    ended = dt.datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, dt.UTC).date()
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{scenario.name}: simulated sharing of units between missions",
        "description": " ".join((scenario.about or scenario.name).split()),
        "datePublished": ended.isoformat(),
        "license": _licence(folder),
        "identifier": results.fingerprint,
        "temporalCoverage": f"{scenario.period.from_.isoformat()}/{scenario.period.to.isoformat()}",
        "hasPart": [{"@id": file["@id"]} for file in files],
        "mentions": {"@id": RUN},
    }


def _licence(folder: Path) -> Any:
    """What somebody has said of the terms in the description that is there already; it is not written over."""
    try:
        graph = json.loads(read_whole(folder / NAME) or b"{}")["@graph"]
        return next(entity["license"] for entity in graph if entity["@id"] == "./")
    except (ValueError, LookupError, TypeError, StopIteration):
        return NO_LICENCE  # none, or not ours


def _run(results: Results) -> Entity:
    manifest = results.manifests[0]
    return {
        "@id": RUN,
        "@type": "CreateAction",
        "name": f"{manifest.replications:,} replications of {len(manifest.options)} options, seed {manifest.seed}",
        "description": manifest.command,
        "instrument": {"@id": SOFTWARE},
        "object": {"@id": SCENARIO},
        "result": {"@id": DATABASE},
    }


def _software() -> Entity:
    return {"@id": SOFTWARE, "@type": "SoftwareApplication", "name": "intermission", "softwareVersion": sim.__version__}
