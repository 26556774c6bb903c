"""Dossiers: saved selections, printed by processes apart and downloaded."""
