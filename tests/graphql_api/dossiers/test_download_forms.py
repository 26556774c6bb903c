"""Dossiers as one HTML file and as PDF, over HTTP."""

from uuid import uuid4

from tests.graphql_api.dossiers.downloads import NOT_FOUND, WHOLE, Served, owner_of


def test_a_dossier_is_also_one_page_of_html(served: Served) -> None:
    owner, dossier = owner_of(served)
    answer = served.download(owner, dossier, form="html")
    assert answer.status_code == 200
    assert "Brevet de owner" in answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{WHOLE}.html"'
    assert served.download(owner, str(uuid4()), form="html").json() == NOT_FOUND
    assert served.download(None, dossier, form="html").status_code == 401


def test_a_dossier_is_also_a_pdf(served: Served) -> None:
    owner, dossier = owner_of(served)
    answer = served.download(owner, dossier, form="pdf")
    assert answer.content.startswith(b"%PDF-1.7")
    assert answer.headers["content-disposition"] == f'attachment; filename="{WHOLE}.pdf"'
    assert served.download(owner, str(uuid4()), form="pdf").json() == NOT_FOUND


def test_a_browser_that_follows_a_link_is_refused_by_a_page(served: Served) -> None:
    owner, dossier = owner_of(served)
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for caller, id, status, said in (
        (None, dossier, 401, "Se connecter"),
        (owner, str(uuid4()), 404, "Dossier introuvable."),
    ):
        answer = served.download(caller, id, form="html", accept=browser)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-store"
        assert said in answer.text
    page = served.download(None, dossier, form="html", accept=browser).text
    assert f'href="/sign-in?next=/dossiers/{dossier}.html"' in page
    for accept in ("*/*", "application/json", "application/json, text/html;q=0.5", "text/html;q=0"):
        answer = served.download(None, dossier, form="html", accept=accept)
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


def test_what_the_owner_downloads_is_not_told_to_the_owner(served: Served) -> None:
    owner, dossier = owner_of(served)
    assert served.download(owner, dossier, form="html").status_code == 200
    nodes = "{ booklet { accessRecords(first: 9) { nodes { sentence } } } }"
    assert owner.ask(nodes)["booklet"]["accessRecords"]["nodes"] == []


def test_a_preview_is_the_dossier_as_a_page_that_only_ours_frame_and_that_runs_nothing(
    served: Served,
) -> None:
    owner, dossier = owner_of(served)
    headers = {"authorization": f"Bearer {owner.token}", "accept": "text/html"}
    answer = served.client.get(f"/dossiers/{dossier}/apercu", headers=headers)
    assert answer.status_code == 200
    assert "Brevet de owner" in answer.text
    assert "content-disposition" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("; sandbox; frame-ancestors 'self'")
    assert "default-src 'none'" in policy
    other = served.client.get(f"/dossiers/{uuid4()}/apercu", headers=headers)
    assert other.status_code == 404
    assert "frame-ancestors 'self'" in other.headers["content-security-policy"]
    assert served.client.get(f"/dossiers/{dossier}/apercu").status_code == 401
