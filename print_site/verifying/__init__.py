"""Checks a printed dossier against the data that it carries."""
