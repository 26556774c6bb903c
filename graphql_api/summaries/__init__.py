"""Summaries: what regional sites read, page by page."""
