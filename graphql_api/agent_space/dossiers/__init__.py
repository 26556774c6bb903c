"""Dossiers, and the share links that show them."""
