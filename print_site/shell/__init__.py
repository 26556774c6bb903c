"""The command line, many dossiers at once, and the worker that the service starts."""
