"""`/livret/donnees`: data taken along, and brought into an empty booklet."""

import json
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.agent_space.data.data_pages import CONFIRM
from graphql_api.callers.kept_forms import MOST_KEPT
from graphql_api.page_kit import kept_file
from graphql_api.web.forms import uploads
from tests.conftest import OPEN
from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM
from tests.graphql_api.agent_space.reader import Agent, PageReader, agent
from tests.graphql_api.documents import whole
from tests.graphql_api.site import Site
from tests.schema.record.record_sample import RECORD, changed

PATH = "/livret/donnees"
FILE = json.dumps(RECORD, indent=1).encode()


def sent(someone: Agent, content: bytes, *, is_tried: bool = False, **headers: str) -> Any:
    """The form of the page with this file, as a browser sends it."""
    key = someone.read(PATH).form(PATH).fields["cle"][0]
    headers = {"origin": "https://livret.test", "sec-fetch-site": "same-origin", **headers}
    return someone.browser.client.post(
        PATH,
        data={"cle": key} | ({"essai": "oui"} if is_tried else {}),
        files={"fichier": ("livret.json", content, "application/json")},
        headers=headers,
        follow_redirects=False,
    )


def test_the_page_leads_to_the_file_and_takes_one(someone: Agent) -> None:
    page = someone.read(PATH)
    assert page.links["Télécharger vos données"] == "/booklet.json"
    assert page.form(PATH).names == {"cle", "fichier", "essai"}
    assert page.links["Vos données"] == PATH


def test_a_file_that_is_only_tried_tells_what_it_would_bring(site: Site, someone: Agent) -> None:
    answer = sent(someone, FILE, is_tried=True)
    assert answer.status_code == 200
    page = PageReader(answer.text)
    assert "Ce fichier peut être repris" in page.headings
    assert "Rien n’est encore enregistré." in page.text
    assert "Titres et diplômes : 1" in page.text
    assert whole(site.bearer("owner"))["entries"] == []


def test_a_file_of_another_name_is_told_before_it_is_brought_in(site: Site, someone: Agent) -> None:
    own = PageReader(sent(someone, FILE, is_tried=True).text)
    assert "est au nom de" not in own.text
    foreign = json.dumps(changed("identity.firstName", "Soazig")).encode()
    page = PageReader(sent(someone, foreign, is_tried=True).text)
    assert "Ce fichier est au nom de Soazig Lefèvre, et votre livret au nom de Maëlle" in page.text
    assert whole(site.bearer("owner"))["entries"] == []


def test_to_try_the_file_comes_first_until_it_is_tried(
    someone: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def buttons(html: str) -> list[str]:
        return [
            given.get("name", "reprise")
            for tag, given in PageReader(html).attributes
            if tag == "button" and given.get("type") == "submit"
        ]

    assert buttons(someone.get(PATH).text)[-2:] == ["essai", "reprise"]
    assert buttons(sent(someone, FILE, is_tried=True).text)[-2:] == ["reprise", "essai"]
    monkeypatch.setattr(kept_file, "MAX_FORM_BYTES", 100)
    answer = sent(someone, FILE, is_tried=True)
    assert buttons(answer.text)[-2:] == ["reprise", "essai"]
    assert "Choisissez de nouveau ce fichier" in PageReader(answer.text).text
    assert "set-cookie" not in answer.headers
    assert CONFIRM not in PageReader(answer.text).form(PATH).names


def confirmed(someone: Agent, tried: str) -> Any:
    """The button that takes the file which was tried, as that page has it."""
    (fields,) = [one.fields for one in PageReader(tried).forms if CONFIRM in one.names]
    assert set(fields) == {"cle", CONFIRM}
    return someone.browser.client.post(
        PATH,
        files={name: (None, value) for name, (value,) in fields.items()},
        headers={"origin": "https://livret.test", "sec-fetch-site": "same-origin"},
        follow_redirects=False,
    )


def test_a_file_that_was_tried_is_brought_in_without_choosing_it_again(
    site: Site, someone: Agent
) -> None:
    tried = sent(someone, FILE, is_tried=True).text
    assert "gardé une demi-heure, chiffré" in PageReader(tried).text
    store = site.here.deployment.store
    (row,) = store.database.execute_sql("SELECT * FROM kept_form").fetchall()
    sealed = b"".join(bytes(one) for one in row if isinstance(one, bytes | memoryview))
    assert 0 < len(sealed) < len(FILE)
    assert "Lef" not in str(row)
    assert someone.get("/reprise").headers["location"] == PATH  # no form that is sent again
    for _ in range(2):  # the second time by a reload, which its key makes harmless
        answer = confirmed(someone, tried)
        assert (answer.status_code, answer.headers["location"]) == (303, "/livret?fait=reprise")
    assert len(whole(site.bearer("owner"))["entries"]) == len(RECORD["entries"])


def test_a_file_that_was_tried_is_kept_for_half_an_hour(site: Site, someone: Agent) -> None:
    tried = sent(someone, FILE, is_tried=True).text
    site.here.clock.moved += timedelta(minutes=20)
    someone.read(PATH)  # the session goes on
    site.here.clock.moved += timedelta(minutes=11)
    answer = confirmed(someone, tried)
    assert answer.status_code == 422
    assert "Votre fichier n’est plus gardé ici" in PageReader(answer.text).text
    assert PageReader(answer.text).form(PATH).names == {"cle", "fichier", "essai"}
    assert whole(site.bearer("owner"))["entries"] == []


def test_a_file_that_was_tried_is_for_nobody_else(site: Site, someone: Agent) -> None:
    tried = sent(someone, FILE, is_tried=True).text
    kept = someone.browser.client.cookies["__Host-livret-form"]
    other = agent(site, "other")
    other.browser.client.cookies.set("__Host-livret-form", kept)
    assert confirmed(other, tried).status_code == 422
    assert whole(site.bearer("other"))["entries"] == []
    assert confirmed(someone, tried).status_code == 422  # it is destroyed, as a form is


def test_the_file_that_a_page_tried_is_not_another_that_was_tried_since(
    site: Site, someone: Agent
) -> None:
    tried = sent(someone, FILE, is_tried=True).text
    foreign = json.dumps(changed("identity.firstName", "Soazig")).encode()
    tried_since = sent(someone, foreign, is_tried=True).text  # in another tab
    answer = confirmed(someone, tried)
    assert answer.status_code == 422
    assert "Votre fichier n’est plus gardé ici" in PageReader(answer.text).text
    assert whole(site.bearer("owner"))["entries"] == []
    assert confirmed(someone, tried_since).status_code == 303


def test_what_is_kept_of_a_person_is_bounded(site: Site, someone: Agent) -> None:
    for _ in range(MOST_KEPT + 2):
        tried = sent(someone, FILE, is_tried=True).text
    store = site.here.deployment.store
    ((rows,),) = store.database.execute_sql("SELECT count(*) FROM kept_form").fetchall()
    assert rows == MOST_KEPT
    assert confirmed(someone, tried).status_code == 303


def test_a_file_is_brought_in_whole(site: Site, someone: Agent) -> None:
    answer = sent(someone, FILE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/livret?fait=reprise")
    assert "Vos données sont reprises" in someone.read(answer.headers["location"]).text
    assert len(whole(site.bearer("owner"))["entries"]) == len(RECORD["entries"])


def test_what_was_taken_along_is_brought_into_another_booklet(site: Site, someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    taken = someone.browser.get("/booklet.json", sec_fetch_site="same-origin")
    assert taken.status_code == 200
    other = agent(site, "other")
    # Ids stay those of the file: another booklet may have them, not the same one twice.
    assert sent(other, taken.content).status_code == 303
    (entry,) = whole(site.bearer("other"))["entries"]
    assert entry["headline"] == DIPLOMA["title"]


def test_a_booklet_that_holds_something_takes_no_file(site: Site, someone: Agent) -> None:
    key = someone.read(PATH).form(PATH).fields["cle"][0]
    someone.fill(FORM, **DIPLOMA)
    page = someone.read(PATH)
    assert "Le vôtre contient déjà 1 élément." in page.text
    assert not [form for form in page.forms if form.action == PATH]
    answer = someone.browser.client.post(
        PATH,
        data={"cle": key},
        files={"fichier": ("livret.json", FILE)},
        headers={"origin": "https://livret.test", "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 422
    assert len(whole(site.bearer("owner"))["entries"]) == 1


@pytest.mark.parametrize("is_tried", [True, False])
def test_a_spoilt_file_is_refused_with_line_path_and_sentence(
    site: Site, someone: Agent, is_tried: bool
) -> None:
    spoilt = json.dumps(changed("entries.3.content.title", ""), indent=1).encode()
    answer = sent(someone, spoilt, is_tried=is_tried)
    assert answer.status_code == 422
    page = PageReader(answer.text)
    line = next(
        number
        for number, text in enumerate(spoilt.decode().split("\n"), start=1)
        if '"title": ""' in text
    )
    assert f"{line} " in page.text
    assert "entries[3].content.title" in page.text
    assert "record.entries" not in page.text
    assert page.form(PATH).names == {"cle", "fichier", "essai"}
    assert whole(site.bearer("owner"))["entries"] == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Aucun fichier n’est choisi"),
        (b"{", "ligne 1, colonne 2"),
        (b'{"a": 1, "a": 2}', "Cette clé est répétée"),
        (b"\xff\xfe", "n’est pas du texte en UTF-8"),
        (b"[]", "rien n’a été importé"),
        (b'{"format": "livret", "formatVersion": 1, "entries": "\\u0000"}', "rien n’a été importé"),
    ],
)
def test_what_is_no_record_is_refused_with_a_sentence(
    someone: Agent, content: bytes, told: str
) -> None:
    answer = sent(someone, content)
    assert answer.status_code == 422
    assert told in PageReader(answer.text).text


def test_a_file_that_is_too_large_is_refused(
    someone: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE_BYTES", 1_000)
    answer = sent(someone, b" " * 30_000)
    assert answer.status_code == 413
    assert "dépasse 8 Mo" in PageReader(answer.text).text


def test_a_form_without_a_file_part_is_refused(someone: Agent) -> None:
    assert someone.send(PATH, {"cle": "k"}).status_code == 422


def test_a_second_click_brings_the_file_in_once(site: Site, someone: Agent) -> None:
    key = someone.read(PATH).form(PATH).fields["cle"][0]
    form = {
        "data": {"cle": key},
        "files": {"fichier": ("livret.json", FILE)},
        "headers": {"origin": "https://livret.test", "sec-fetch-site": "same-origin"},
        "follow_redirects": False,
    }
    first = someone.browser.client.post(PATH, **form)
    second = someone.browser.client.post(PATH, **form)
    assert [first.status_code, second.status_code] == [303, 303]
    assert len(whole(site.bearer("owner"))["entries"]) == len(RECORD["entries"])


def test_another_site_brings_nothing_in(site: Site, someone: Agent) -> None:
    answer = sent(someone, FILE, origin="https://evil.test", **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert whole(site.bearer("owner"))["entries"] == []


def test_a_file_of_somebody_whose_session_ended_is_not_kept(site: Site, someone: Agent) -> None:
    key = someone.read(PATH).form(PATH).fields["cle"][0]
    someone.browser.secret = "x" * 43
    answer = someone.browser.client.post(
        PATH,
        data={"cle": key},
        files={"fichier": ("livret.json", FILE)},
        headers={"origin": "https://livret.test", "sec-fetch-site": "same-origin"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == "/sign-in?next=%2Flivret%2Fdonnees"
    assert whole(site.bearer("owner"))["entries"] == []


def test_before_the_booklet_is_open_data_go_out_only(site: Site) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    assert newcomer.get(PATH).headers["location"] == "/livret"
    site.bearer("newcomer").do(OPEN, code=site.here.code())
    page = newcomer.read(PATH)
    assert "Quand votre livret sera ouvert" in page.text
    assert page.links["Télécharger vos données"] == "/booklet.json"
