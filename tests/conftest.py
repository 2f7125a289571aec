"""Generated examples are the same on every machine, and however busy it is; `HYPOTHESIS_PROFILE=hunt` looks further."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("hunt", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
