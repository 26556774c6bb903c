"""docs/settings.md: the settings of the service as a page for those who operate it."""

from graphql_api.settings import SETTINGS
from graphql_api.unsafe_settings import UNSAFE

_HEAD = """# Settings

The service reads its settings from environment variables, once, when it starts. This page is made
by `make docs` from the same list as `livret serve --help`; the meanings are in French, for the
people who operate the service.

| Variable | Sens | Par défaut |
|---|---|---|
"""

_REFUSED = """
## Refused at start

`livret serve` does not start with any of these, and names all that it finds at once, each with its
remedy; `livret check settings` says the same without starting, and ends with 2. A variable
`LIVRET_…` that is no setting is refused too, with the nearest name. What is marked « production »
is free in the profile `development`, which is for this machine.

| Variable | Faute | Remède | Profil |
|---|---|---|---|
"""


def settings_page() -> str:
    """The page, in Markdown."""
    rows = (
        f"| `{variable}` | {meaning} | {default} |\n"
        for setting in SETTINGS.values()
        for variable, meaning, default in setting.explained
    )
    refused = (
        f"| `{row.variables[0]}` | {row.fault} | {row.remedy} | {' et '.join(row.profiles)} |\n"
        for row in UNSAFE
    )
    return "".join((_HEAD, *rows, _REFUSED, *refused))
