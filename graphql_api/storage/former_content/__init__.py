"""Booklets that a row for each entry, link and dossier held: read once more, and carried over."""
