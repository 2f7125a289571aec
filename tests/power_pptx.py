"""Runs the tests with power-pptx in python-pptx's place: `pytest -p tests.power_pptx tests/test_briefing.py`.

It is a fork that goes on where python-pptx stands still. Whether a swap is still a change of names only is seen
by trying. It has to be installed for that; `nox -s slides` does so.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Any


class _Instead(MetaPathFinder, Loader):
    """Gives power_pptx wherever pptx is imported."""

    def find_spec(self, fullname: str, _: Any = None, __: ModuleType | None = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "pptx":
            return None
        return spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return importlib.import_module(f"power_{spec.name}")

    def exec_module(self, module: ModuleType) -> None:
        """It was run when it was created."""


sys.meta_path.insert(0, _Instead())
