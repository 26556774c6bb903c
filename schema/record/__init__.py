"""The record: the whole booklet as a JSON file, written and read back."""
