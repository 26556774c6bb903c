"""The protocol of the token issuer: clients, grants, tokens, and the endpoints of OAuth 2.0 and OpenID Connect."""
