"""What commands share: the terminal, tables, where files go."""
