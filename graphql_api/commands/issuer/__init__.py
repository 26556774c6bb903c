"""Commands for the embedded issuer: applications, machines, signing keys, the master key."""
