"""What a user waits for: help, import, the main job, and the memory of a long run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

WEST_AFRICA = Path(__file__).parents[2] / "scenarios" / "west_africa_2010.yaml"
WATCH = """
import resource, sys
from pathlib import Path
from sim.cli import main
try:
    main()
finally:
    mine, its = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print("cpu", mine.ru_utime + mine.ru_stime, its.ru_utime + its.ru_stime, file=sys.stderr)
    # Linux counts to a process what its parent held before it began; the high water mark is its own.
    own = next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
    print("peak", max(int(own), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024, file=sys.stderr)
"""


def timed(*words: str) -> tuple[float, float, str]:
    """(wall seconds, CPU seconds, stderr) of a Python process."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before, started = os.times(), time.perf_counter()
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, env=environment, check=False)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - started, cpu, done.stderr


def report() -> Iterator[str]:
    """Wall and CPU seconds; MiB."""
    for what, words in (("--help", ("-m", "sim", "--help")), ("import sim", ("-c", "import sim"))):
        timed(*words)
        found = min(timed(*words)[1] for _ in range(5))
        yield f"{what}: {found:.2f} s CPU"
    with tempfile.TemporaryDirectory() as folder:
        five = [word for name in FIVE for word in ("--option", name)]
        wall, cpu, _ = timed("-m", "sim", "run", str(WEST_AFRICA), "--replications", "1000", "--out", folder, *five)
        yield f"1,000 replications × 5 options of west_africa_2010.yaml, with charts: {wall:.0f} s ({cpu:.0f} s CPU)"
    with tempfile.TemporaryDirectory() as folder:
        wall, _, told = timed("-c", WATCH, "run", str(WEST_AFRICA), "--out", folder, "--workers", "2")
        own, workers = (float(word) for word in told.splitlines()[-2].split()[1:])
        # A machine that does something else as well lengthens the wall time several times, CPU time by a tenth or two.
        at_best = f"{own + workers / 2:.1f} s where two cores have nothing else to do"
        yield f"README's first command: {own:.1f} s CPU, {workers:.1f} s by two workers: {at_best} (took {wall:.0f} s)"
    for count in (1000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            one = ("--option", "as it was", "--option", "no sharing")
            _, _, told = timed(
                "-c", WATCH, "run", str(WEST_AFRICA), "--replications", str(count), "--out", folder, *one
            )
            yield f"peak memory of any process at {count:,} replications: {told.split()[-1]} MiB"


FIVE = (
    "no sharing",
    "as it was",
    "standing clause in the memorandum",
    "planned from the start",
    "regional pool with a reserve",
)
