"""The legal terms of a loan, and the journeys between missions: what a scenario says, worked out for one pair."""
