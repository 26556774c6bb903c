"""docs/settings.md: the settings of the service as a page for those who operate it."""

from graphql_api.settings import SETTINGS

_HEAD = """# Settings

The service reads its settings from environment variables, once, when it starts. This page is made
by `make docs` from the same list as `livret serve --help`; the meanings are in French, for the
people who operate the service.

| Variable | Sens | Par défaut |
|---|---|---|
"""


def settings_page() -> str:
    """The page, in Markdown."""
    rows = (
        f"| `{setting.variable}` | {setting.meaning} | {setting.default_in_french} |\n"
        for setting in SETTINGS.values()
    )
    return _HEAD + "".join(rows)
