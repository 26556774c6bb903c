"""Signing people in at an OpenID provider, as its client (OpenID Connect Core 1.0, code flow)."""
