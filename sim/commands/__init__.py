"""The drawer of commands: one file, one command of the same name; no registry to edit.

A file holds one thin function, `command`, which reads its arguments, calls one public word of `sim`, and prints. What
is slow to import is imported inside it. A folder is a group of commands, of the same make. What commands share (flags,
tables, the terminal, where files go) is in `shared/`.
"""
