"""How many units each option needs to reach a coverage."""
