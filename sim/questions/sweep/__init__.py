"""The comparison as inputs vary."""
