"""Pages of upstream sign-ins: their own templates, in the accounts' layout."""

from pathlib import Path

from graphql_api.web.rendering import pages_from

page = pages_from(Path(__file__).parent / "templates")
