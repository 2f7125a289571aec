"""Streams (a generator for a named thing), evenly spread sets, the trace of a replication, and all later draws of loans."""
