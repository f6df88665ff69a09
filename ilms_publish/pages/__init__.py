"""The pages: one kind per module, the catalogue in, finished text out."""
