"""`livret serve`, but it reads another issuer's keys again whenever a token names an unknown one."""

import sys
from datetime import timedelta

import pytest

from graphql_api.callers import token_keys
from graphql_api.commands.cli import main

with pytest.MonkeyPatch.context() as patched:  # which complains of a name that is not there
    patched.setattr(token_keys, "ELSEWHERE_PAUSE", timedelta())
    code = main(["serve"])
sys.exit(code)
