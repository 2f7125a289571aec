"""What a briefing rests on: which numbers were recorded and which assumed, and how to make it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.results.manifest import Manifest
from sim.words.numbers import percent

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.scenario.nouns.history import Sourced

CONFIDENCES = ("verified", "secondary", "recalled", "assumed")
"""From the surest to the least sure."""
RECORDED = ("verified", "secondary")
MEANING = {
    "verified": "read in the document itself",
    "secondary": "reported by others, or fitted to reports",
    "recalled": "from memory, not looked up",
    "assumed": "a judgement, for want of a record",
}
DRAWERS = {
    "crises": "Crises",
    "agreements": "Agreements",
    "contributors": "Contributors",
    "missions": "Missions",
    "routes": "Routes",
    "resources": "Resources",
    "lifts": "Lifts",
    "options": "Options",
    "history": "What really happened",
}
"""Parts of a scenario, those that matter most to the answer first."""


class Note(NamedTuple):
    """Where some numbers of a scenario come from."""

    drawer: str
    """The part of the scenario, as people call it."""
    what: str
    """The blocks within it that share this source."""
    confidence: str
    source: str

    @property
    def recorded(self) -> bool:
        """Whether there is a record of it, rather than a memory or a judgement."""
        return self.confidence in RECORDED


@dataclass(frozen=True)
class Annex:
    """What a briefing rests on."""

    notes: tuple[Note, ...]
    """By drawer; blocks of one drawer with the same source are one note."""
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    """Drawer -> blocks by confidence, in the order of `CONFIDENCES`."""
    reproduction: tuple[tuple[str, str], ...]
    """What is needed to make it again: name and value."""

    @property
    def headline(self) -> str:
        """How much was assumed, in a sentence."""
        whole = sum(sum(row) for _, row in self.counts)
        if not whole:
            return "The scenario gives no sources: take every number as assumed"
        recorded = sum(sum(row[: len(RECORDED)]) for _, row in self.counts)
        if not recorded:
            return "No note on sources in the scenario rests on a record: take every number as assumed"
        if recorded == whole:
            return f"All {whole} notes on sources in the scenario rest on a record"
        judged = f"{whole - recorded} of the {whole} notes on sources in the scenario rest on judgement or memory"
        return f"{judged}, {recorded} on a record"

    def of(self, *, recorded: bool) -> list[Note]:
        """The notes that rest on a record, or those that do not."""
        return [note for note in self.notes if note.recorded == recorded]


def annex(comparison: Comparison) -> Annex:
    """The sources of a comparison's scenario, and how to make the results again."""
    sources = sorted(comparison.scenario.sources, key=lambda source: _order(source.path))
    counted = Counter((_drawer(source.path), _confidence(source)) for source in sources)
    drawers = dict.fromkeys(_drawer(source.path) for source in sources)
    counts = tuple((each, tuple(counted[each, confidence] for confidence in CONFIDENCES)) for each in drawers)
    return Annex(notes=_notes(sources), counts=counts, reproduction=_reproduction(comparison))


def _notes(sources: Sequence[Sourced]) -> tuple[Note, ...]:
    whats: dict[tuple[str, str, str], list[str]] = {}
    for source in sources:
        key = (_drawer(source.path), _confidence(source), " ".join((source.source or "").split()))
        whats.setdefault(key, []).append(_what(source.path))
    return tuple(Note(drawer, ", ".join(what), confidence, said) for (drawer, confidence, said), what in whats.items())


def _order(path: str) -> int:
    first = path.split(".", 1)[0]
    return list(DRAWERS).index(first) if first in DRAWERS else len(DRAWERS)


def _drawer(path: str) -> str:
    first = path.split(".", 1)[0]
    return DRAWERS.get(first, first.capitalize())


def _what(path: str) -> str:
    """The block's path within its drawer, in words."""
    rest = path.partition(".")[2]
    return rest.replace("_", " ").replace(".", " · ") or "all of it"


def _confidence(source: Sourced) -> str:
    """A source without a word on confidence is as good as assumed: nobody vouched for it."""
    return source.confidence or "assumed"


def _reproduction(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    results, scenario = comparison.results, comparison.scenario
    manifests = results.manifests if results is not None else ()
    seeds = [str(manifest.seed) for manifest in manifests] or [str(comparison.seed)]
    failed = results.failed if manifests and results is not None else 0
    left_out = f"; {failed} that failed are left out" if failed else ""
    said = [
        ("Scenario", scenario.name),
        ("Fingerprint", comparison.fingerprint),
        (
            "Period",
            f"{scenario.period.from_.isoformat()} to {scenario.period.to.isoformat()}, {scenario.days:,.0f} days",
        ),
        ("Replications", f"{comparison.replications:,} of every option{left_out}"),
        ("Seed", ", ".join(seeds)),
        ("Intervals", f"{percent(comparison.confidence)}, of means and of paired differences"),
    ]
    said += [("Command", command) for command in Manifest.commands(manifests)]
    said += [("Code", manifest.code) for manifest in manifests]
    return tuple(dict.fromkeys(said))
