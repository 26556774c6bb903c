"""Public answers: kept by caches, asked for again by their ETag, compressed; no other answer is."""

import gzip
from typing import Any

import pytest

from graphql_api.web.assets import CONTENTS
from tests.graphql_api.site import OURS, Site

TABLES = {"query": "{ codeTables { name codes { code label } } }"}
FILES = ["/schema.graphql", "/reference.json", "/assets/style.css"]


@pytest.fixture
def client(site: Site) -> Any:
    return site.browser().client


@pytest.mark.parametrize("path", FILES)
def test_a_public_file_is_asked_for_again_by_its_etag(client: Any, path: str) -> None:
    first = client.get(path)
    assert first.headers["cache-control"].startswith("public, max-age=")
    etag = first.headers["etag"]
    for known in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"]
    other = client.get(path, headers={"if-none-match": '"x"'})
    assert (other.status_code, other.text) == (200, first.text)


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("*, gzip;q=0.000", False),
        ("identity", False),
    ],
)
def test_a_public_file_is_compressed_for_those_who_take_it(
    client: Any, path: str, accepted: str, compressed: bool
) -> None:
    with client.stream("GET", path, headers={"accept-encoding": accepted}) as answer:
        body = b"".join(answer.iter_raw())
    assert (answer.headers.get("content-encoding") == "gzip") is compressed
    assert "accept-encoding" in answer.headers["vary"].lower()
    whole = gzip.decompress(body) if compressed else body
    assert not compressed or len(body) < len(whole) / 2
    assert path != "/assets/style.css" or whole == CONTENTS["style.css"]


def test_reference_data_is_compressed_for_those_without_credentials(client: Any) -> None:
    gzipped = {"accept-encoding": "gzip"}
    public = client.post("/graphql", json=TABLES, headers=gzipped)
    plain = client.post("/graphql", json=TABLES, headers={"accept-encoding": "identity"})
    assert public.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in public.headers["vary"].lower()
    assert public.json() == plain.json()
    assert int(public.headers["content-length"]) < len(plain.content) / 3
    assert public.headers["cache-control"] == "no-store"
    small = client.post("/graphql", json={"query": "{ __typename }"}, headers=gzipped)
    assert "content-encoding" not in small.headers


def test_an_answer_to_credentials_is_not_compressed(site: Site) -> None:
    browser, caller = site.browser(), site.with_booklet("owner")
    browser.sign_in("owner")
    by_cookie = browser.client.post("/graphql", json=TABLES, headers=OURS)
    bearer = {"authorization": f"Bearer {caller.token}"}
    by_token = site.browser().client.post("/graphql", json=TABLES, headers=bearer)
    record = site.browser().client.get("/booklet.json", headers=bearer)
    page = browser.get("/account")
    for answer in (by_cookie, by_token, record, page):
        assert answer.status_code == 200
        assert len(answer.content) > 900
        assert "content-encoding" not in answer.headers
