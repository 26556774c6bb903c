"""Backups of the two stores, their restoring, and what a restore leaves to compare and to mend."""
