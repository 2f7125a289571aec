"""One replication, told as dated sentences."""
