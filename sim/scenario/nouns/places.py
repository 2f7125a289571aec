"""Places on the globe: latitude and longitude in degrees."""

from __future__ import annotations

import math

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def great_circle_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Distance in km between two places given as (latitude, longitude) in degrees, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(place[0]), math.radians(place[1])) for place in (here, there))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
