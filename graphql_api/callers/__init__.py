"""Who may do what: credentials, sessions, permissions, and the log of what others read."""
