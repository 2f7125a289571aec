"""Chance: a generator for every named thing, the trace of a replication, and the draws of its loans."""
