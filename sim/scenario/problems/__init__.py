"""All that can be wrong with a file, found at once and said in its author's words."""
