"""Attack by hand: `python -m tests.attack [--first SEED] [--mutants N] [--extremes N]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.attack import extremes, mutants


def main() -> None:
    """Plays all, names every attack that succeeds by its seed, and ends with the counts; status 1 where any did."""
    ask = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    ask.add_argument("--first", type=int, default=0, metavar="SEED")
    ask.add_argument("--mutants", type=int, default=5000, metavar="N")
    ask.add_argument("--extremes", type=int, default=1000, metavar="N")
    words = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="attack-") as place:
        nest = mutants.Nest(Path(place))
        succeeded = _counted("mutants", lambda seed: mutants.play(seed, nest), words.first, words.mutants)
    succeeded += _counted("extreme scenarios", extremes.play, words.first, words.extremes)
    sys.exit(1 if succeeded else 0)


def _counted(what: str, play: Callable[[int], str], first: int, count: int) -> int:
    """Prints how they ended; how many attacks succeeded."""
    ends: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            ends[play(seed)] += 1
        except AssertionError as error:
            ends["SUCCEEDED"] += 1
            sys.stdout.write(f"{error}\n")
    told = ", ".join(f"{number:,} {end}" for end, number in sorted(ends.items()))
    sys.stdout.write(f"{count:,} {what} from seed {first}: {told or 'none'}\n")
    return ends["SUCCEEDED"]


if __name__ == "__main__":
    main()
