"""Measurements, run by hand: `python -m tests.benchmarks [name …]`. Each file with a `report()` is one of them."""
