"""One replication: parts that act on one another through an agenda, check themselves, and leave one log."""
