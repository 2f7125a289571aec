"""Paired differences between options, and what they allow one to say."""
