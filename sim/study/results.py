"""What an experiment left behind, to be read as often as one likes: samples by replication, and the kept logs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.operations.log import CrisisRecord, Level, LoanRecord

if TYPE_CHECKING:
    from sim.scenario.nouns import Scenario

Cell = tuple[str, str]


class Results:
    """The results of one experiment: a folder, read on demand."""

    scenario: Scenario
    """As resolved when it ran."""
    fingerprint: str
    seed: int
    options: tuple[str, ...]
    """Names, in the scenario's order."""
    folder: Path

    @property
    def replications(self) -> int:
        """Replications that every option finished."""
        raise NotImplementedError

    @property
    def kept(self) -> int:
        """Replications 0 … kept − 1 have their logs (`loans`, `levels`, `crises`)."""
        raise NotImplementedError

    def cells(self, option: str) -> tuple[Cell, ...]:
        """Every (mission, resource) that the option ever needs or holds, in the scenario's order."""
        raise NotImplementedError

    def sample(self, option: str, column: str, mission: str = "*", resource: str = "*") -> np.ndarray:
        """One value per replication that every option finished, in order of replication, so samples are paired.

        `column` is one of `sim.study.measures.COLUMNS` (`unmet_unit_days`, `cause:council`, …).
        """
        raise NotImplementedError

    def loans(self, option: str, replication: int) -> list[LoanRecord]:
        """The loans of a kept replication, in the order of the log."""
        raise NotImplementedError

    def levels(self, option: str, replication: int) -> dict[Cell, list[Level]]:
        """The levels of a kept replication by (mission, resource), each list in order of day; the first at day 0."""
        raise NotImplementedError

    def crises(self, option: str, replication: int) -> list[CrisisRecord]:
        """The crises of a kept replication, in the order of the log (`phases` and `given_up` included)."""
        raise NotImplementedError
