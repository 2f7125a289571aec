"""The scenario language: its nouns, reading them from files, patching them, describing them to editors and people."""
