"""A dossier as it is printed: read from the API, checked, numbered and cleaned."""
