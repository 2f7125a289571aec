"""Log → numbers, one replication at a time."""
