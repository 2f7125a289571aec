"""How far an option stays from the least that anyone could have reached."""
