"""Experiments: options × replications, what is measured, what is compared, and where it is kept."""
