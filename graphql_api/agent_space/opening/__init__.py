"""The way to a booklet: introduction, code, charter; identity and situation of its holder."""
