"""Runs that stop by themselves: a precision is reached, or a race is decided."""
