"""Figures, as ratios within one interleaved run; nothing here asserts a time."""
