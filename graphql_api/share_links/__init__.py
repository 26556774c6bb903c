"""Share links: who reads a dossier by a link, until when, and what its owner learns."""
