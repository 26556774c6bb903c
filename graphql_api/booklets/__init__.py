"""The booklet: opening it, its identity, closing it."""
