"""Streams (a generator for a named thing), even sets, the trace of a replication, and all later draws of its loans."""
