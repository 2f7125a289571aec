"""The results folder: schema, writer, reader, manifest, merge, export."""
