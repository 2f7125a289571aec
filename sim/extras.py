"""What to install for what: libraries that belong to an extra, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sim.errors import UsageError


def require(module: str, extra: str) -> Any:
    """A library that belongs to an extra; UsageError that says how to install it where it is missing."""
    try:
        return import_module(module)
    except ImportError:
        raise UsageError(f"this needs {module}: pip install 'intermission[{extra}]'") from None
