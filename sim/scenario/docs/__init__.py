"""What describes the language: JSON Schema, reference, starter."""
