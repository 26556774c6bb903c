"""Consents: what regional sites may read."""
