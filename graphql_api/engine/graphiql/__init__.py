"""GraphiQL, where developers try queries: its page, its files, and how they are renewed."""
