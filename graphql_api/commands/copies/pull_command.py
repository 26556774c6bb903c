"""`livret pull`: keeps a regional site's copy of its summaries, as any client of the API would.

The copy is a JSON file for the site's programs. It is replaced as a whole or left as it was.
Summaries that may no longer be kept leave it first, whether the service answers or not.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import orjson

from graphql_api.clock import utc_now
from graphql_api.commands.common import may_carry_secrets
from graphql_api.commands.copies.summary_copy import SiteClient, SummaryCopy, read_copy, write_copy
from graphql_api.demo.callers import MACHINES, SITE_SCOPE
from graphql_api.demo.folder import FOLDER, DemoFolder
from graphql_api.terminal import CommandError, say

PAGE = 100
# The service counts all consents for `totalCount`: the first page of a reading asks for it.
DOCUMENT = """query ($first: Int!, $after: String, $since: DateTime, $counts: Boolean!) {
  bookletSummaries(first: $first, after: $after, changedSince: $since) {
    nodes {
      id sections expiresAt changedAt
      holder { civility { code label } lastName firstName }
      counts { rubric label count }
      currentPosts {
        fromSituation jobTitle employerName employerSiret department status filiere cadreEmplois
        grade category permanentJob since
      }
      trainingTitles { rubric title }
      competences { kind label domain selfLevel languageCode cefr lastUsed codes }
      authorisations { accreditationType title categories licenceCategory validUntil validity }
      experienceTitles { rubric title }
    }
    gone { id } withheld
    pageInfo { hasNextPage endCursor } asOf totalCount @include(if: $counts)
  }
}"""
_TIMEOUT = httpx2.Timeout(30.0, connect=5.0)
_TRIES = 5
_LONGEST_WAIT_SECONDS = 10.0
_TOO_OLD = "RESYNCHRONISATION_REQUIRED"
_WORDS = {
    "FORBIDDEN": "ce client n’est pas celui d’un site régional inscrit.",
    "INSUFFICIENT_SCOPE": f"ce client n’a pas la portée {SITE_SCOPE}.",
}


class PullError(CommandError):
    """The service did not answer as it should; the message, in French, says how."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


def add_commands(commands: Any) -> None:
    """Add `pull` to the commands of `livret`."""
    pulling = commands.add_parser("pull")
    pulling.add_argument("--api", metavar="ADRESSE", help="adresse du service")
    pulling.add_argument("--client-id", metavar="ID", help="identifiant de la machine du site")
    pulling.add_argument(
        "--client-secret-file", type=Path, metavar="FICHIER", help="fichier qui contient son secret"
    )
    pulling.add_argument(
        "--demo",
        choices=[machine.name for machine in MACHINES],
        help="en tant que site de la démonstration, qui doit être en marche",
    )
    pulling.add_argument(
        "--into", type=Path, required=True, metavar="FICHIER.json", help="la copie à tenir à jour"
    )
    pulling.add_argument("--fresh", action="store_true", help="relit tout depuis le début")
    pulling.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Bring the copy up to date, or at least forget what has expired."""
    site = _site_client(options)
    before = read_copy(options.into, site, fresh=options.fresh)
    kept = before.without_expired(utc_now())
    try:
        with httpx2.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
            after = pull(client, site, SummaryCopy() if options.fresh else kept)
    except PullError:
        if len(kept.summaries) < len(before.summaries):
            write_copy(options.into, site, kept)
        raise
    write_copy(options.into, site, after)
    forgotten = len(before.summaries.keys() - after.summaries.keys())
    told = f"Résumés dans la copie : {len(after.summaries)} ; oubliés : {forgotten}."
    if after.withheld:
        told += f"\nRésumés retenus par le service, où un livret est endommagé : {after.withheld}."
    elif len(after.summaries) != after.total:
        told += f"\nLe service en compte {after.total} : relancez, ou relisez tout avec --fresh."
    say(told)
    return 0


def pull(client: httpx2.Client, site: SiteClient, copy: SummaryCopy) -> SummaryCopy:
    """Bring a copy up to date: with the changes since, or from nothing when it is too old.

    Everything is read first, then what changed meanwhile. Raises `PullError`.
    """
    try:
        if copy.as_of is not None:
            return _followed(client, site, copy)
    except PullError as failed:
        if failed.code != _TOO_OLD:
            raise
    return _followed(client, site, _followed(client, site, SummaryCopy()))


def _followed(client: httpx2.Client, site: SiteClient, copy: SummaryCopy) -> SummaryCopy:
    summaries, as_of, total, withheld = dict(copy.summaries), copy.as_of, 0, 0
    for page in _pages(client, site, copy.as_of):
        for one in page["gone"]:
            summaries.pop(one["id"], None)
        summaries |= {one["id"]: one for one in page["nodes"]}
        as_of, total = page["asOf"], page.get("totalCount", total)
        withheld += len(page["withheld"])
    if withheld:  # ask for the same changes again, until they are told
        as_of = copy.as_of
    return SummaryCopy(as_of, summaries, total, withheld)


def _pages(client: httpx2.Client, site: SiteClient, since: str | None) -> Iterator[Any]:
    token, after = _token(client, site), None
    while True:
        variables = {"first": PAGE, "after": after, "since": since, "counts": after is None}
        answer = _asked(client, site, token, variables)
        if answer.status_code == 401:  # ten minutes are over
            token = _token(client, site)
            answer = _asked(client, site, token, variables)
        page = _page(answer)
        yield page
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _asked(
    client: httpx2.Client, site: SiteClient, token: str, variables: dict[str, Any]
) -> httpx2.Response:
    headers = {
        "authorization": f"Bearer {token}",
        "accept": "application/graphql-response+json",
    }
    body = {"query": DOCUMENT, "variables": variables}
    return _sent(client, f"{site.api}/graphql", json=body, headers=headers)


def _token(client: httpx2.Client, site: SiteClient) -> str:
    """An access token by client credentials (RFC 6749, section 4.4)."""
    form = {"grant_type": "client_credentials", "scope": SITE_SCOPE}
    proof = (site.client_id, site.secret)
    answer = _sent(client, f"{site.api}/oauth/token", data=form, auth=proof)
    if answer.status_code != 200:
        raise PullError("le service a refusé l’identifiant ou le secret de ce site.")
    try:
        return str(orjson.loads(answer.content)["access_token"])
    except (ValueError, KeyError, TypeError) as error:
        raise PullError("la réponse n’est pas celle d’un service Livret.") from error


def _sent(client: httpx2.Client, url: str, **request: Any) -> httpx2.Response:
    """The answer to a request, sent again while the service says that it is busy."""
    try:
        for _ in range(_TRIES - 1):
            answer = client.post(url, **request)
            if answer.status_code not in (429, 503):
                return answer
            time.sleep(_wait(answer.headers.get("retry-after", "")))
        return client.post(url, **request)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise PullError("le service ne répond pas à cette adresse.") from error


def _wait(retry_after: str) -> float:
    asked = float(retry_after) if retry_after.isdecimal() else 1.0
    return min(asked, _LONGEST_WAIT_SECONDS)


def _page(answer: httpx2.Response) -> Any:
    if answer.status_code in (429, 503):
        raise PullError("le service est momentanément indisponible.")
    try:
        body = orjson.loads(answer.content)
        if errors := body.get("errors"):
            code = str(errors[0]["extensions"]["code"])
            raise PullError(_WORDS.get(code, f"lecture refusée ({code})."), code)
        return body["data"]["bookletSummaries"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PullError("la réponse n’est pas celle d’un service Livret.") from error


def _site_client(options: argparse.Namespace) -> SiteClient:
    if options.demo:
        folder = DemoFolder(FOLDER.resolve())
        if not folder.is_loaded:
            raise CommandError("lancez d’abord la démonstration : make demo")
        machine = folder.machines[options.demo]
        return SiteClient(
            folder.settings().public_url, machine["client_id"], machine["client_secret"]
        )
    if not (options.api and options.client_id and options.client_secret_file):
        raise CommandError("--api, --client-id et --client-secret-file sont nécessaires.")
    if not may_carry_secrets(options.api):
        raise CommandError("--api : une adresse https:// est attendue.")
    try:
        secret = options.client_secret_file.read_text("utf-8-sig").strip()
    except (OSError, ValueError) as error:
        raise CommandError(f"{options.client_secret_file} : fichier illisible.") from error
    return SiteClient(options.api.rstrip("/"), options.client_id, secret)
