"""The scopes: a ceiling on the rights of a token's bearer, never a right by themselves."""

OFFLINE = "offline_access"
OPENID = "openid"
FRONT_END_SCOPES = (
    "livret:read",
    "livret:write",
    "rh:codes",
    OPENID,
    "email",
    "profile",
    OFFLINE,
)
MACHINE_SCOPES = ("livret:summary",)
SCOPES = (*FRONT_END_SCOPES, *MACHINE_SCOPES)

CLAIMS = {
    "email": ("email", "email_verified"),
    "profile": ("name", "given_name", "family_name", "locale", "updated_at"),
}


def split_scope(scope: str) -> list[str]:
    """Split a scope parameter: its scopes, each once, in its order."""
    return list(dict.fromkeys(scope.split()))
