"""What nobody knows, and which of it is worth finding out first."""
