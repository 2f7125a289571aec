"""Measure what the intervals promise and print it as Markdown: `python -m tests.statistics [EXPERIMENTS] [SECTION…]`.

1,000 experiments (the default) take a quarter of an hour; what they print is in
`docs/explanation/what_the_intervals_promise.md`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator

from tests.statistics import candidates, weighing
from tests.statistics.measuring import RACES, Told, false_alarms, intervals, raced, together, weighted
from tests.statistics.worlds import disaster, frequent_against_rare, kinds

WAYS = ((True, "even"), (False, "independent"))


def of_single_intervals(experiments: int) -> Iterator[str]:
    """Means, differences and ratios, five kinds of outcome, 10 and 50 sets."""
    yield "| outcome | sets | draws | mean: given | holds | difference: given | holds | ratio: given | holds |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for world in kinds():
        for sets in (10, 50):
            for even, draws in WAYS:
                found = " | ".join(_shares(each) for each in intervals(world, sets, experiments, even=even))
                yield f"| {world.name} | {sets} | {draws} | {found} |"


def of_candidates(experiments: int) -> Iterator[str]:
    """How often each of the intervals that were tried holds the mean, whatever the sample."""
    yield "| outcome | sets | " + " | ".join(candidates.ALL) + " |"
    yield "| --- | ---: |" + " ---: |" * len(candidates.ALL)
    for world in kinds():
        for sets in (10, 50):
            losses = world.drawn(experiments, sets, seed=1).losses[..., 0]
            held = [each(losses, float(world.means[0])).mean() for each in candidates.ALL.values()]
            yield f"| {world.name} | {sets} | " + " | ".join(f"{100 * each:.1f}" for each in held) + " |"


def of_simultaneous_intervals(experiments: int) -> Iterator[str]:
    """All pairs of 3 and 6 options at once, and all against the best."""
    told = "pairs given | all hold | against the best"
    yield f"| outcome | sets | draws | 3 options: {told} | 6 options: {told} |"
    yield "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for world in kinds():
        for sets in (10, 50):
            for even, draws in WAYS:
                cells = []
                for options in (3, 6):
                    pairs, best = together(world, sets, max(100, experiments // 2), options, even=even)
                    cells += [f"{100 * pairs.given:.0f}", f"{100 * pairs.covered:.1f}", f"{100 * best.covered:.1f}"]
                yield f"| {world.name} | {sets} | {draws} | " + " | ".join(cells) + " |"


def of_five_looks(experiments: int) -> Iterator[str]:
    """How often five looks at nothing find something."""
    yield "| outcome | draws | Student's t at each look | every look | every look, traces known |"
    yield "| --- | --- | ---: | ---: | ---: |"
    others = (frequent_against_rare(50, "asymmetric, 50 years"), frequent_against_rare(100, "asymmetric, 100 years"))
    for world in (*kinds(), *others):
        for even, draws in WAYS:
            found = false_alarms(world, experiments, even=even)
            shares = (found.fixed, found.every_look, found.with_traces)
            yield f"| {world.name} | {draws} | " + " | ".join(f"{100 * each:.1f}" for each in shares) + " |"


def of_races(experiments: int) -> Iterator[str]:
    """How often a race chooses the best."""
    yield "| world | zone | draws | traces known | chose the best | undecided | sets (median) |"
    yield "| --- | ---: | --- | --- | ---: | ---: | ---: |"
    for world, zone in RACES:
        for even, draws in WAYS:
            for traces in (True, False):
                found = raced(world, zone, experiments // 2, even=even, traces=traces)
                shares = f"{100 * found.right:.1f} | {100 * found.undecided:.1f} | {found.sets:g}"
                yield f"| {world.name} | {zone:g} | {draws} | {'yes' if traces else 'no'} | {shares} |"


def of_weights(experiments: int) -> Iterator[str]:
    """What weighting the sets to the known requirement is worth, and whether intervals still hold."""
    yield "| outcome | sets | weighted | times fewer sets | given | holds |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for world in (*kinds()[:2], disaster(50, "disaster in 50 years")):
        for sets in (25, 50):
            found = weighted(world, sets, experiments // 2, even=True)
            shares = f"{100 * found.taken:.0f} | {found.factor:.1f} | {_shares(found.told)}"
            yield f"| {world.name} | {sets} | {shares} |"


def of_the_choice_of_weights(experiments: int) -> Iterator[str]:
    """Whether intervals hold after the variables were chosen by the same sets, without doubts and with them."""
    quantities = ("mean of the first", "mean of the last", "difference", "ratio")
    yield "| requirement | doubts | sets | weighted | width | " + " | ".join(quantities) + " |"
    yield "| --- | ---: | ---: | ---: | ---: |" + " ---: |" * len(quantities)
    for kind in weighing.KINDS:
        for doubts in (False, True):
            for sets in (25, 50):
                found = weighing.chosen(kind, sets, experiments, doubts=doubts)
                held = " | ".join(f"{100 * each.covered:.1f}" for each in found.told)
                told = f"{weighing.DOUBTS if doubts else 0} | {sets} | {100 * found.taken:.0f} | {found.width:.2f}"
                yield f"| {kind.name} | {told} | {held} |"


SECTIONS: dict[str, Callable[[int], Iterator[str]]] = {
    "intervals": of_single_intervals,
    "candidates": of_candidates,
    "simultaneous": of_simultaneous_intervals,
    "looks": of_five_looks,
    "races": of_races,
    "weights": of_weights,
    "choice": of_the_choice_of_weights,
}


def main(wanted: list[str]) -> None:
    """Print each table as it comes."""
    experiments = int(wanted.pop(0)) if wanted and wanted[0].isdigit() else 1_000
    unknown = set(wanted) - set(SECTIONS)
    if unknown or experiments < 100:
        sys.exit(f"100 experiments at least, of {', '.join(SECTIONS)}; not {experiments} of {', '.join(wanted)}")
    for name in wanted or SECTIONS:
        section = SECTIONS[name]
        print(f"\n### {(section.__doc__ or name).rstrip('.')}\n", flush=True)
        for line in section(experiments):
            print(line, flush=True)


def _shares(found: Told) -> str:
    held = "–" if math.isnan(found.covered) else f"{100 * found.covered:.1f}"
    return f"{100 * found.given:.0f} | {held}"


if __name__ == "__main__":
    main(sys.argv[1:])
