"""Verifying a dossier that somebody received: the page, and the process apart that does it."""
