"""One folder a question."""
