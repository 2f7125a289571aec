"""Chance: a generator for every named thing, even sets, the trace of a replication, and the draws of its loans."""
