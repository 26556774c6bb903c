"""The service's own pages."""

# What a sign-out gives the provider as `state`, which comes back to the home page: OpenID Connect
# RP-Initiated Logout 1.0, section 3.
SIGNED_OUT = "deconnexion"


def after_sign_out(origin: str) -> tuple[str, ...]:
    """The targets of a sign-out: browsers apply the policy of a page to redirects of its form.

    The issuer may send the browser on to the provider that signed the person in.
    """
    return ("https:",) if origin.startswith("https:") else ("https:", "http:")
