"""The entries of a booklet, and the links between them."""
