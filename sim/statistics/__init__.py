"""Estimates, selection, stopping, designs, sensitivity: numbers in, numbers out; nothing here knows a scenario."""
