"""Measurements, run by hand: `python -m tests.benchmarks [name …]`. Each file of the drawer has `report()`, which yields lines."""
