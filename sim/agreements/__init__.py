"""Legal terms of a loan, and the way it travels: places, routes, journeys."""
