"""The deck: native charts and tables where PowerPoint has them, pictures elsewhere."""
