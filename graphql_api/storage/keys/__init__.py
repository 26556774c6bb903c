"""The keys: what seals and authenticates, where each key lies, and whether two stores belong together."""
