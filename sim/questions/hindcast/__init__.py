"""The record of what happened against what the model gives."""
