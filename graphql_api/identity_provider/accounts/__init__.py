"""Accounts: how people register, sign in, and look after their account (the guide's Espace Pro)."""
