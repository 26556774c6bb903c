"""Dossiers: what is selected of a booklet for a purpose, and what the reader sees of it."""
