"""What a form needs to know of its fields: the fragment that every document of a form spreads."""

from graphql_api.page_kit.stored_documents import stored

FIELD = stored(__file__, "field")
