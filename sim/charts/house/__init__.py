"""What charts share: the look (`style`), the sheet they stand on (`sheet`), their words, scales, dates and files."""
