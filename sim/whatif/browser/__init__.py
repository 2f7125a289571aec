"""What runs in the reader's browser: JavaScript, page and style."""
