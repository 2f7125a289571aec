"""How a number, a name, a date, a list is said: the only place. Only the standard library; knows no scenario."""
