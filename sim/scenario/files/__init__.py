"""YAML and its positions, files that extend others, patches, fingerprints."""
