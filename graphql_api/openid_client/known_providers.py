"""The settings of providers that French public services use.

Sources: the partners' documentation of ProConnect (« Implémentation technique », « Données
fournies ») and of FranceConnect (« Endpoints », version 2), and Keycloak's server guide. Only the
names and the e-mail are asked for: nobody is known here by an employer, which changes.
"""

from collections.abc import Mapping
from typing import Any

_EIDAS = ("eidas1", "eidas2", "eidas3")

PRESETS: Mapping[str, Mapping[str, Any]] = {
    # ProConnect refuses a state or nonce shorter than 32 characters, and parameters that it does
    # not know; it signs userinfo with the algorithm that was chosen when the client registered.
    "proconnect": {
        "name": "proconnect",
        "label": "ProConnect",
        "issuer": "https://proconnect.gouv.fr/api/v2",
        "auth_method": "client_secret_post",
        "scopes": ["openid", "given_name", "usual_name", "email"],
        "userinfo": "signed",
        "acr_values": ["eidas1"],
        "accepted_acr": list(_EIDAS),
        "claim_map": {"family_name": "usual_name"},
    },
    # FranceConnect lists no PKCE method, and asks for a nonce and a level of guarantee.
    "franceconnect": {
        "name": "franceconnect",
        "label": "FranceConnect",
        "issuer": "https://oidc.franceconnect.gouv.fr/api/v2",
        "auth_method": "client_secret_post",
        "scopes": ["openid", "given_name", "family_name", "preferred_username", "email"],
        "pkce": False,
        "userinfo": "signed",
        "acr_values": ["eidas1"],
        "accepted_acr": list(_EIDAS),
    },
    # Keycloak's issuer names the realm: https://host/realms/agents
    "keycloak": {
        "name": "keycloak",
        "label": "Keycloak",
        "scopes": ["openid", "profile", "email"],
        "userinfo": "any",
    },
}
