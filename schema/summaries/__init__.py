"""Summaries: what a regional site reads of a booklet whose owner consented."""
