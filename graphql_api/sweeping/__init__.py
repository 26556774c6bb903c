"""Deleting what has an end: every kind in one tuple, on command and on a timer."""
