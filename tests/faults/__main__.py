"""Play schedules of faults by hand: `python -m tests.faults [--first SEED] [--count N]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults.schedules import play, run


def main() -> None:
    """Stops at the first schedule after which resuming does not end in the same bytes, and names its seed."""
    ask = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    ask.add_argument("--first", type=int, default=0, metavar="SEED")
    ask.add_argument("--count", type=int, default=2000, metavar="N")
    words = ask.parse_args()
    faults: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        run(Path(place) / "whole")
        for seed in range(words.first, words.first + words.count):
            faults.update(play(seed, Path(place), Path(place) / "whole"))
    told = ", ".join(f"{count:,} {name}" for name, count in sorted(faults.items()))
    sys.stdout.write(f"{words.count:,} schedules from seed {words.first}: the same bytes after each ({told})\n")


if __name__ == "__main__":
    main()
