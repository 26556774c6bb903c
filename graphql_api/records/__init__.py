"""The record: the whole booklet taken along as a file, and brought in again."""
