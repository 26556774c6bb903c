"""Reminders by e-mail: a letter before something expires, for those who want it."""
