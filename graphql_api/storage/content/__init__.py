"""The content of booklets: its rows, opened and written; drafts; what is damaged."""
