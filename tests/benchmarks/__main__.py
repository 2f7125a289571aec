"""Run every benchmark of the drawer, or those named: `python -m tests.benchmarks engine memory`."""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys

import tests.benchmarks


def main(wanted: list[str]) -> None:
    """Print each benchmark's report as it comes."""
    known = [found.name for found in pkgutil.iter_modules(tests.benchmarks.__path__) if not found.name.startswith("_")]
    drawer = [name for name in known if hasattr(importlib.import_module(f"tests.benchmarks.{name}"), "report")]
    unknown = set(wanted) - set(drawer)
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(drawer)}")
    print(f"CPython {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for name in wanted or drawer:
        print(f"\n{name}")
        for line in importlib.import_module(f"tests.benchmarks.{name}").report():
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
