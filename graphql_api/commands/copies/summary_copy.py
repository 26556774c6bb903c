"""A regional site's copy of its summaries: a JSON file, replaced as a whole or left as it was."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from graphql_api.commands.common import replace_file
from graphql_api.terminal import CommandError

FORMAT = "livret-summaries"
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class SiteClient:
    """A site as a client of the API: the root address of the service, the client's id and secret."""

    api: str
    client_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SummaryCopy:
    """A site's copy: each summary by its id, and the `asOf` with which to ask for changes."""

    as_of: str | None = None
    summaries: dict[str, Any] = field(default_factory=dict)
    total: int = 0
    withheld: int = 0

    def without_expired(self, now: datetime) -> "SummaryCopy":
        """The copy without the summaries whose consent has ended by itself."""
        kept = {
            id: one
            for id, one in self.summaries.items()
            if datetime.fromisoformat(one["expiresAt"]) > now
        }
        return replace(self, summaries=kept)


def read_copy(path: Path, site: SiteClient, *, fresh: bool) -> SummaryCopy:
    """The copy in a file; an empty one when there is none, or when it begins anew."""
    try:
        read = orjson.loads(path.read_bytes())
        if (read["format"], read["formatVersion"]) != (FORMAT, FORMAT_VERSION):
            raise ValueError(FORMAT)
        if (read["api"], read["clientId"]) != (site.api, site.client_id):
            if fresh:
                return SummaryCopy()
            raise CommandError(f"{path} : copie d’un autre site. Pour la remplacer : --fresh.")
        return SummaryCopy(read["asOf"], {one["id"]: one for one in read["summaries"]})
    except FileNotFoundError:
        return SummaryCopy()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} : ce n’est pas une copie de résumés.") from error


def write_copy(path: Path, site: SiteClient, copy: SummaryCopy) -> None:
    """Replace the file, which its owner alone may read, whole or not at all."""
    content = {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "api": site.api,
        "clientId": site.client_id,
        "asOf": copy.as_of,
        "summaries": [copy.summaries[id] for id in sorted(copy.summaries)],
    }
    try:
        replace_file(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise CommandError(f"{path} : la copie n’a pas pu être écrite.") from error
