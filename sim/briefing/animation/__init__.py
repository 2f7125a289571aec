"""One replication as a moving map."""
