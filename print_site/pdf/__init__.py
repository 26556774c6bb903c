"""The PDF of a dossier, written and read; all of it needs the extra `livret[pdf]`."""
