"""Consents: which regional site may read a summary, with its receipt."""
