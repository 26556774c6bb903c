"""Dossiers as one HTML file and as PDF, over HTTP."""

from importlib.util import find_spec
from uuid import uuid4

from tests.graphql_api.dossiers.downloads import NOT_FOUND, Served, owner_of


def test_a_dossier_is_also_one_page_of_html(served: Served) -> None:
    owner, dossier = owner_of(served)
    answer = served.download(owner, dossier, form="html")
    assert answer.status_code == 200
    assert "Brevet de owner" in answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="livret.html"'
    assert served.download(owner, str(uuid4()), form="html").json() == NOT_FOUND
    assert served.download(None, dossier, form="html").status_code == 401


def test_without_the_extra_for_pdf_the_service_says_so(served: Served) -> None:
    owner, dossier = owner_of(served)
    answer = served.download(owner, dossier, form="pdf")
    if find_spec("weasyprint") and find_spec("pikepdf"):
        assert answer.content.startswith(b"%PDF-1.7")
        return
    assert answer.status_code == 501
    assert answer.json()["errors"][0]["extensions"] == {"code": "NO_PDF"}
    assert served.download(owner, str(uuid4()), form="pdf").json() == NOT_FOUND
