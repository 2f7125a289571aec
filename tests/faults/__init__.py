"""Faults by seed: one integer makes a schedule of what goes wrong while a results folder is written.

Workers die, runs are interrupted, terminated or killed, the disk is full, the folder is renamed away, writes fail or
are torn, batches come late or twice, a second run writes into the same folder. After each schedule `--resume` must end
in the same bytes as a run that nothing happened to. `python -m tests.faults` plays thousands of them.
"""
