"""Pages of accounts: their own templates, in the layout of all pages."""

from pathlib import Path

from graphql_api.web.rendering import pages_from

page = pages_from(Path(__file__).parent / "templates")
