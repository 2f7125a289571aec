"""What a briefing rests on: which numbers were recorded and which assumed, and how to make it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.charts.house.input_names import SAID
from sim.results.manifest import Manifest
from sim.words.dates import date_in_words
from sim.words.language import Phrase, phrase
from sim.words.names import capital, in_a_row, labelled
from sim.words.numbers import percent

if TYPE_CHECKING:
    from sim.comparison.comparison import Comparison
    from sim.scenario.nouns.history import Sourced

MEANING = {
    Phrase("verified"): Phrase("read in the document itself"),
    Phrase("secondary"): Phrase("reported by others, or fitted to reports"),
    Phrase("recalled"): Phrase("from memory, not looked up"),
    Phrase("assumed"): Phrase("a judgement, for want of a record"),
}
"""How sure a number is, from the surest to the least sure, and what that means."""
CONFIDENCES = {word.text: word for word in MEANING}
RECORDED = ("verified", "secondary")
DRAWERS = ("crises", "agreements", "contributors", "missions", "routes", "resources", "lifts", "options", "history",
           "doubts", "teams", "")  # fmt: skip
"""Parts of a scenario, those that matter most to the answer first."""
WORDS = {
    "active": Phrase("active"),
    "agreements": Phrase("agreements"),
    "change": Phrase("the change"),
    "changes": Phrase("changes"),
    "consent_given": Phrase("consent given"),
    "contributor": Phrase("contributor's consent"),
    "contributors": Phrase("contributors"),
    "cost": Phrase("cost"),
    "council": Phrase("Council's vote"),
    "crises": Phrase("crises"),
    "days": Phrase("days"),
    "doubts": Phrase("doubts"),
    "gates": Phrase("consents"),
    "history": Phrase("what really happened"),
    "host": Phrase("host's agreement"),
    "lifts": Phrase("lifts"),
    "missions": Phrase("missions"),
    "options": Phrase("options"),
    "phases": Phrase("phases"),
    "policy": Phrase("policy"),
    "renewals": Phrase("renewals"),
    "resources": Phrase("resources"),
    "routes": Phrase("routes"),
    "share": Phrase("share"),
    "spills_over": Phrase("what spills over"),
    "teams": Phrase("teams"),
    "travel": Phrase("journey"),
}
"""Words of the scenario language in a path, beside those that an input is called by."""


def confidence_names() -> list[str]:
    """The words for how sure a number is, from the surest on, in the language spoken."""
    return [word() for word in MEANING]


def meanings() -> dict[str, str]:
    """What each of them means."""
    return {word(): meaning() for word, meaning in MEANING.items()}


def meanings_in_words() -> str:
    """The same in a line."""
    return in_a_row([labelled(name, what) for name, what in meanings().items()]) + "."


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

    @property
    def called(self) -> str:
        """The part of the scenario and the blocks within it."""
        return labelled(self.drawer, self.what)

    @property
    def how_sure(self) -> str:
        """Its confidence, in the language spoken."""
        return CONFIDENCES[self.confidence]()


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
            return phrase("The scenario gives no sources: take every number as assumed")
        recorded = sum(sum(row[: len(RECORDED)]) for _, row in self.counts)
        if not recorded:
            return phrase("No note on sources in the scenario rests on a record: take every number as assumed")
        if recorded == whole:
            return phrase("All {n:,} notes on sources in the scenario rest on a record", n=whole)
        return phrase(
            "{judged:,} of the {n:,} notes on sources in the scenario rest on judgement or memory, {recorded:,} on a"
            " record",
            judged=whole - recorded,
            n=whole,
            recorded=recorded,
        )

    @property
    def set_as_code(self) -> tuple[str, ...]:
        """Names of what is typed, in `reproduction`."""
        return phrase("Command"), phrase("Fingerprint"), phrase("Code")

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
    return DRAWERS.index(first) if first in DRAWERS else len(DRAWERS)


def _drawer(path: str) -> str:
    first = path.split(".", 1)[0]
    if not first:
        return phrase("The scenario")
    return capital(word_of_path(first)) if first in DRAWERS else first.capitalize()


def _what(path: str) -> str:
    """The block's path within its drawer, in words."""
    rest = path.partition(".")[2]
    return " · ".join(map(word_of_path, rest.split("."))) if rest else phrase("all of it")


def word_of_path(step: str) -> str:
    """A step of a path: a word of the language as people say it, or a name without its underscores."""
    known = SAID.get(step) or WORDS.get(step)
    return known() if known is not None else step.replace("_", " ")


def _confidence(source: Sourced) -> str:
    """A source without a word on confidence is as good as assumed: nobody vouched for it."""
    return source.confidence or "assumed"


def _reproduction(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    results, scenario = comparison.results, comparison.scenario
    manifests = results.manifests if results is not None else ()
    seeds = [str(manifest.seed) for manifest in manifests] or [str(comparison.seed)]
    failed = results.failed if manifests and results is not None else 0
    begins, ends = (date_in_words(each) for each in (scenario.period.from_, scenario.period.to))
    n = comparison.replications
    played = phrase("{n:,} of every option", n=n)
    if failed:
        played = phrase("{n:,} of every option; {failed:,} that failed are left out", n=n, failed=failed)
    level = percent(comparison.confidence)
    said = [
        (phrase("Scenario"), scenario.name),
        (phrase("Fingerprint"), comparison.fingerprint),
        (phrase("Period"), phrase("{begins} to {ends}, {n:,.0f} days", begins=begins, ends=ends, n=scenario.days)),
        (phrase("Replications"), played),
        (phrase("Seed"), ", ".join(seeds)),
        (phrase("Intervals"), phrase("{level}, of means and of paired differences", level=level)),
    ]
    said += [(phrase("Command"), command) for command in Manifest.commands(manifests)]
    said += [(phrase("Code"), manifest.code) for manifest in manifests]
    return tuple(dict.fromkeys(said))
