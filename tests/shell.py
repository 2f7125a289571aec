"""Commands of the command line, run in this process, which is quicker than starting one for each."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import pytest

from sim import cli


class Said(NamedTuple):
    status: int
    out: str
    err: str


class Shell:
    """Runs commands, and gives their status and what they printed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:
        self.monkeypatch = monkeypatch
        self.capture = capfdbinary

    def __call__(self, *words: Any) -> Said:
        self.monkeypatch.setattr(sys, "argv", ["intermission", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = self.capture.readouterr()
        return Said(left.value.code, out.decode(), err.decode())  # type: ignore[arg-type]
