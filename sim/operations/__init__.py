"""One replication: a world that acts, checks itself, and leaves one log."""
