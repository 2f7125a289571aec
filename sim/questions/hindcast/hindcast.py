"""The record against the model: the `history` of scenarios, fact by fact, under the option that stands for what
really happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.operations.log import LoanRecord
from sim.questions.hindcast.answers import values
from sim.questions.hindcast.disguise import disguise
from sim.questions.hindcast.documented import documented
from sim.questions.hindcast.facts import facts_of
from sim.questions.hindcast.record import Judgement, Recorded
from sim.running.experiment import run
from sim.running.runner import Progress
from sim.scenario.fingerprint import fingerprint
from sim.scenario.loaded import LoadedScenario, with_option

REPLICATIONS = 500
"""Replications where the call does not say how many: enough for a percentile to settle within a day or two."""


@dataclass(frozen=True)
class Hindcast:
    """Every fact of a scenario's history beside the model."""

    scenario: LoadedScenario
    option: str
    replications: int
    seed: int
    entries: tuple[Recorded, ...]

    @cached_property
    def judgement(self) -> Judgement:
        """What they say together."""
        return Judgement(self.entries, documented(entry.fact for entry in self.entries))

    def rows(self) -> list[dict[str, Any]]:
        """The table, and what the chart draws: dates as ISO text, None where the model has no value."""
        return [entry.as_json() for entry in self.entries]

    def as_json(self) -> dict[str, Any]:
        """`inside` and `of` count every fact, those with `_not_fitted` only what no parameter was fitted to."""
        apart = [entry.inside for entry in self.entries if not entry.fitted]
        return {
            "scenario": self.scenario.name,
            "fingerprint": fingerprint(self.scenario),
            "option": self.option,
            "replications": self.replications,
            "seed": self.seed,
            "entries": self.rows(),
            "inside": sum(entry.inside for entry in self.entries),
            "of": len(self.entries),
            "inside_not_fitted": sum(apart),
            "of_not_fitted": len(apart),
            **self.judgement.as_json(),
        }

    def headline(self) -> str:
        """The finding in a sentence."""
        return self.judgement.band()

    def warnings(self) -> list[str]:
        """The facts that the scenario says itself, though the history does not call them so."""
        return [
            f"{self.scenario.name}: history.{name}: {entry.quantity} is an input in disguise, "
            f"and no proof of the model: {entry.why}; write kind: {{{entry.fact.word}: input}}"
            for entry in self.entries
            if entry.why
            for name in entry.fact.entries[:1]
        ]


@dataclass(frozen=True)
class Pooled:
    """The facts of several scenarios. One that two of them tell is counted once: in the first to which it is
    independent, since that one did not know it, else in the first."""

    hindcasts: tuple[Hindcast, ...]

    @cached_property
    def entries(self) -> tuple[Recorded, ...]:
        """Every fact once."""
        return tuple(entry for _, entry in self.told())

    @cached_property
    def judgement(self) -> Judgement:
        """What they say together, each against the delays of all."""
        return Judgement(self.entries, documented(entry.fact for each in self.hindcasts for entry in each.entries))

    def told(self) -> Iterator[tuple[Hindcast, Recorded]]:
        """Every fact once, with the hindcast that it is of."""
        every = [(each, entry) for each in self.hindcasts for entry in each.entries]
        unknown = [(each, entry) for each, entry in every if entry.kind == "independent"]
        known = [(each, entry) for each, entry in every if entry.kind != "independent"]
        counted: list[tuple[Hindcast, Recorded]] = []
        for some in (unknown, known):
            before = list(counted)
            for home, entry in some:
                others = [other for each, other in counted if each is not home] + [other for _, other in before]
                if not any(entry.fact.same(other.fact) for other in others):
                    counted.append((home, entry))
        chosen = {id(entry) for _, entry in counted}
        yield from ((each, entry) for each, entry in every if id(entry) in chosen)

    def as_json(self) -> dict[str, Any]:
        """The whole first, then every scenario by itself."""
        return {**self.judgement.as_json(), "scenarios": [each.as_json() for each in self.hindcasts]}

    def headline(self) -> str:
        """The finding in a sentence."""
        return self.judgement.band()

    def warnings(self) -> list[str]:
        """Those of every scenario."""
        return [line for each in self.hindcasts for line in each.warnings()]


def pool(hindcasts: Sequence[Hindcast]) -> Pooled:
    """The facts of several scenarios together. UsageError without any."""
    if not hindcasts:
        raise UsageError("no scenario has a history to be held against; say what happened under 'history'")
    return Pooled(tuple(hindcasts))


def hindcast(  # noqa: PLR0913  # the Python twin of a command has as many arguments as it has flags
    scenario: LoadedScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    rules: str | Path | None = None,
    progress: Progress | None = None,
) -> Hindcast:
    """Hold the record against the option with `record: true`.

    In each replication the loan that answers an entry is the first of its lender, borrower, resource and, where it says
    one, contributor that departed, whatever its dates. `workers`, `cluster` and `rules` are as for `run`. UsageError
    where the scenario has no history or no such option.
    """
    if not scenario.history:
        raise UsageError(f"{scenario.name}: has no history to be held against; say what happened under 'history'")
    option = next((name for name, each in scenario.options.items() if each.record), None)
    if option is None:
        raise UsageError(f"{scenario.name}: no option says record: true, so none stands for what really happened")
    count = REPLICATIONS if replications is None else replications
    results = run(
        scenario,
        options=[option],
        replications=count,
        seed=seed,
        workers=workers,
        cluster=cluster,
        rules=rules,
        keep_loans=count,
        progress=progress,
    )
    logs = [results.loans(option, number) for number in results.kept_replications]
    return Hindcast(scenario, option, len(logs), results.seed, tuple(_beside(scenario, option, logs)))


def _beside(scenario: LoadedScenario, option: str, logs: Sequence[Sequence[LoanRecord]]) -> Iterator[Recorded]:
    """Every fact of the history beside what the logs of the replications give for it."""
    world = with_option(scenario, option)
    for fact in facts_of(scenario):
        found = values(fact, scenario.history, logs)
        why = disguise(world, fact, found.values) if fact.kind == "independent" else ""
        yield Recorded(fact, found.values, found.made, len(logs), scenario.period.from_, why)
