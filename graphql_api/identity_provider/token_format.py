"""What every signed token keeps to, whoever checks it: its algorithms and its length."""

ALGORITHMS = ["ES256", "RS256", "PS256", "Ed25519"]
LONGEST_TOKEN = 8_192
