"""All that may be said of a comparison."""
