"""The embedded OpenID provider: the issuer of the API's tokens, with its own tables and keys."""
