"""The algorithms and the longest length of signed tokens, for all that verify them."""

ALGORITHMS = ["ES256", "RS256", "PS256", "Ed25519"]
LONGEST_TOKEN = 8_192
