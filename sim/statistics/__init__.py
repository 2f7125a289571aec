"""Estimates, intervals over sets, races, selection, weights, designs: numbers in, numbers out; no scenario is known."""
