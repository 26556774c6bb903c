"""The errors of a sign-in at a provider: refused for good, or not possible now.

The codes are stable: pages, logs and tests speak of them. None of them holds anything of a person.
"""


class SignInRefusedError(Exception):
    """The sign-in was refused: by the person, or since the provider's answer is not valid.

    Codes: `access_denied` (the person or the provider said no), `login_required`, `refused` (any
    other error of the provider's), `state`, `expired`, `issuer`, `no_code`, `code`, `no_id_token`,
    `signature`, `claims`, `nonce`, `audience`, `lifetime`, `acr`, `auth_time`, `userinfo`,
    `userinfo_subject`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProviderUnavailableError(Exception):
    """The provider does not answer in time, or not by the protocol: try again later.

    Codes: `unreachable`, `timeout`, `too_large`, `status`, `discovery`, `discovery_issuer`,
    `discovery_address`, `keys`, `token`, `client` (the provider does not know us: a setting is
    wrong), `overloaded`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
