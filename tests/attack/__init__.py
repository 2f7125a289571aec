"""Attacks by seed: one integer makes a mutant of a scenario file, or a scenario of extreme numbers.

A mutant is read, or refused with places and in single lines. An extreme scenario is refused, or runs to its end with
measures that are numbers and add up. `python -m tests.attack` plays thousands of each, and counts.
"""
