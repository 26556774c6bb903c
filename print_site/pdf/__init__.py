"""The PDF of a dossier, laid out by Typst, and read back."""
