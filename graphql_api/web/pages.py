"""The service's own pages."""


def after_sign_out(origin: str) -> tuple[str, ...]:
    """The targets of a sign-out: browsers apply the policy of a page to redirects of its form.

    The issuer may send the browser on to the provider that signed the person in.
    """
    return ("https:",) if origin.startswith("https:") else ("https:", "http:")
