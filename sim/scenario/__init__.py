"""The scenario language: its nouns, reading them from files, patching them, and describing them to editors and people."""
