"""Posts a stored document to the API with the caller's credential; answers are complete or refused.

The address may name the GraphQL endpoint or the root of the API. Proxy settings of the
environment serve the shell only: a worker's token must not pass through a proxy.
"""

import atexit
import json
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx2

from print_site.errors import PrintError, Reason

QUERIES = Path(__file__).parents[1] / "queries"
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
KEPT_OPEN_SECONDS = 2.0  # shorter than servers do, so that no connection closes as we use it
WHOLE_ANSWER_SECONDS = 30.0
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024
TOKEN = re.compile(r"[\x21-\x7e]+")
NOT_OPEN_YET = (
    "Votre livret n’est pas encore ouvert : acceptez la charte, puis validez votre identité."
)
NOT_ENTITLED = frozenset({"UNAUTHENTICATED", "FORBIDDEN", "INSUFFICIENT_SCOPE"})


def fetch_dossier(
    url: str, token: str, dossier: str, *, through_proxies: bool = False
) -> dict[str, Any]:
    """Return the complete JSON of one dossier. Raises PrintError, also when there is no such dossier."""
    data = post_document(
        url, token, "shared_dossier", {"id": dossier}, through_proxies=through_proxies
    )
    return _required(data, "sharedDossier", "Ce dossier n’existe pas, ou il n’est pas le vôtre.")


def list_dossiers(url: str, token: str, *, through_proxies: bool = False) -> list[dict[str, Any]]:
    """Return the caller's dossiers: id, title, builtIn, purpose. Raises PrintError."""
    data = post_document(url, token, "my_dossiers", {}, through_proxies=through_proxies)
    booklet = _required(data, "booklet", "Vous n’avez pas encore de livret.")
    if booklet.get("state") != "OPEN":
        raise PrintError(Reason.NOT_FOUND, NOT_OPEN_YET)
    dossiers = booklet.get("dossiers")
    if not isinstance(dossiers, list) or not all(isinstance(item, dict) for item in dossiers):
        raise _unreadable()
    return dossiers


def post_document(
    url: str,
    token: str,
    document: str,
    variables: dict[str, str],
    *,
    through_proxies: bool = False,
) -> dict[str, Any]:
    """Post a stored document and return its `data`. Raises PrintError when any of it is missing."""
    if not TOKEN.fullmatch(token):
        raise PrintError(Reason.REFUSED, "Le jeton d’accès est vide ou illisible.")
    status, body = _post(
        _endpoint(url),
        {"Authorization": f"Bearer {token}", "Accept": "application/graphql-response+json"},
        {"query": _read_document(document), "variables": variables},
        through_proxies,
    )
    _check_status(status)
    return _complete_data(body)


def _endpoint(url: str) -> str:
    parts = re.fullmatch(r"(https?://[^\s?#]+)", url)
    if not parts:
        raise PrintError(Reason.UNREACHABLE, "L’adresse de l’API doit commencer par http(s)://.")
    address = parts[1].rstrip("/")
    return address if address.endswith("/graphql") else f"{address}/graphql"


@cache
def _read_document(document: str) -> str:
    return (QUERIES / f"{document}.graphql").read_text(encoding="utf-8")


@cache
def _client(through_proxies: bool) -> httpx2.Client:
    """Return the client of this process: loading certificates takes longer than printing."""
    client = httpx2.Client(
        timeout=TIMEOUT,
        limits=httpx2.Limits(keepalive_expiry=KEPT_OPEN_SECONDS),
        follow_redirects=False,
        trust_env=through_proxies,
    )
    atexit.register(client.close)
    return client


def _post(
    endpoint: str, headers: dict[str, str], payload: dict[str, Any], through_proxies: bool
) -> tuple[int, bytes]:
    client = _client(through_proxies)
    try:
        with client.stream("POST", endpoint, headers=headers, json=payload) as response:
            return response.status_code, b"".join(_limited(response.iter_bytes()))
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        # The cause may quote the request; it is dropped so that no log shows a credential.
        raise PrintError(Reason.UNREACHABLE, "L’API ne répond pas à cette adresse.") from None
    finally:
        client.cookies.clear()  # cookies of one caller must not reach the next


def _limited(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass the chunks on. Raises PrintError when the answer is too slow or too large."""
    deadline, size = time.monotonic() + WHOLE_ANSWER_SECONDS, 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_ANSWER_BYTES or time.monotonic() > deadline:
            raise PrintError(Reason.UNREADABLE, "La réponse de l’API est trop longue.")
        yield chunk


def _check_status(status: int) -> None:
    if status in (401, 403):
        raise _token_refused()
    if status == 429 or status >= 500:
        raise PrintError(
            Reason.UNREACHABLE, "L’API est momentanément indisponible : réessayez plus tard."
        )
    if status != 200:
        raise PrintError(Reason.UNREADABLE, f"L’API a répondu par un code inattendu ({status}).")


def _complete_data(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(answer, dict):
        raise _unreadable()
    if answer.get("errors"):
        if _error_codes(answer["errors"]) & NOT_ENTITLED:
            raise _token_refused()
        if Reason.DAMAGED in _error_codes(answer["errors"]):
            raise PrintError(
                Reason.DAMAGED,
                "Une partie du livret est endommagée : le dossier, qui en dépend, n’est pas communiqué.",
            )
        raise PrintError(
            Reason.PARTIAL, "L’API n’a pas pu tout lire : un dossier incomplet n’est pas écrit."
        )
    data = answer.get("data")
    if not isinstance(data, dict):
        raise _unreadable()
    return data


def _error_codes(errors: object) -> set[str]:
    if not isinstance(errors, list):
        return set()
    extensions = [error.get("extensions") for error in errors if isinstance(error, dict)]
    return {str(item.get("code")) for item in extensions if isinstance(item, dict)}


def _required(data: dict[str, Any], field: str, absent: str) -> dict[str, Any]:
    if field in data and data[field] is None:
        raise PrintError(Reason.NOT_FOUND, absent)
    value = data.get(field)
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def _token_refused() -> PrintError:
    return PrintError(Reason.REFUSED, "L’API a refusé ce jeton d’accès : il est inconnu ou périmé.")


def _unreadable() -> PrintError:
    return PrintError(Reason.UNREADABLE, "La réponse de l’API n’est pas celle d’un livret.")
