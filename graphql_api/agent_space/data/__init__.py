"""The agent's data: journal of accesses, export and import, reminders, closing."""
