"""Drafts of entries: what is half-known."""
