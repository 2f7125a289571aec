"""How far a lot of a loan has come."""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """From the request to the end, in the order in which a shortfall is attributed to what is on its way.

    Up to `HOST` a lot has not arrived, and what is furthest along comes first (`CAUSE_OF_STAGE`). Units on their way
    home pass through `PREPARING`, `LIFT` and `TRANSIT` of their own mission.
    """

    TRANSIT = 0
    LIFT = 1
    """It waits for a lift."""
    PREPARING = 2
    COUNCIL = 3
    CONTRIBUTOR = 4
    HOST = 5
    ON_LOAN = 6
    LEAVING = 7
    """Called back or released, but still there."""
    HOMEWARD = 8
    """On its way home, or recovering there."""
    OVER = 9


TRANSIT, LIFT, PREPARING, COUNCIL, CONTRIBUTOR, HOST, ON_LOAN, LEAVING, HOMEWARD, OVER = Stage
CAUSE_OF_STAGE = ("in transit", "lift", "preparing", "council", "contributor", "host")
"""What a unit is missing for while it is on its way, by stage."""
COMING = len(CAUSE_OF_STAGE)
"""Stages that come before arrival."""
STAGE_OF_GATE = {"council": COUNCIL, "contributor": CONTRIBUTOR, "host": HOST}
