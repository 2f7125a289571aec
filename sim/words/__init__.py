"""How a number, a name, a date, a list is said: the only place."""
