"""What the peer is asked: for each row of the bench, what the service is asked for.

The whole booklet is one list of entries with all columns, empty or not: a list for each rubric with
its own columns costs the peer and its database more, though the answer is shorter.
"""

from collections.abc import Iterable

from tests.bench.peer_server import PlainRows

SMALL = "{ ownBooklet { rowId version } }"
ADD = """mutation ($entry: EntryInput!) {
  createEntry(input: { entry: $entry }) { entry { rowId version } }
}"""
_TIES = """targetsList { target relation note } competencesList { competence relation note }
    provedList { entry } proofsList { attachment }"""
_LISTS = {
    "TITLE": ("rubric", "title", "job_title"),
    "COMPETENCE": (
        *("kind", "label", "domain", "self_level", "language_code", "cefr", "last_used", "codes"),
    ),
    "AUTHORISATION": (
        *("accreditation_type", "title", "categories", "licence_category", "valid_until"),
    ),
}
_HOLDER = ("civility", "last_name", "first_name")


def whole(rows: PlainRows) -> str:
    """A query for everything that the peer stores of a booklet."""
    holder = " ".join(map(_camel, rows.holder_columns))
    columns = " ".join(_camel(name) for name in rows.entry_columns if name != "id")
    return f"""{{ ownBooklet {{ rowId version {holder} dossiersList {{ rowId title }}
      entriesList {{ rowId {columns} {_TIES} }} }} }}"""


def page(rows: PlainRows, first: int) -> str:
    """A query for a page of the booklets that a site may read, with what a summary is made of."""
    post = [name for name in rows.holder_columns if name.startswith("post_")]
    holder = " ".join(map(_camel, (*_HOLDER, *post)))
    lists = "\n".join(
        f'{kind.lower()}: entriesList(condition: {{ summarised: "{kind}" }}) {{ {_columns(names)} }}'
        for kind, names in _LISTS.items()
    )
    return f"""{{ allConsents(first: {first}, condition: {{ site: "75" }}) {{
      nodes {{ rowId booklet {{ {holder} {lists} }} }}
      pageInfo {{ hasNextPage endCursor }} }} }}"""


def _columns(names: Iterable[str]) -> str:
    return " ".join(map(_camel, names))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
