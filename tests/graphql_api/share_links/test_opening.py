"""Opening a share link: what lets in, what does not and says nothing, what the owner is told."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from schema.typography import NARROW, quoted
from tests.conftest import Caller, Here, with_booklet
from tests.cookies import parsed
from tests.graphql_api.consents.consents import change, rows
from tests.graphql_api.documents import at_once
from tests.graphql_api.dossiers.dossiers import made_for
from tests.graphql_api.share_links.share_links import (
    NOT_VALID,
    OURS,
    REVOKE,
    SESSION_NAME,
    WRONG_PIN,
    Reader,
    fresh,
    issued,
    lasting,
    links,
    outcomes,
    reader,
    told,
)

TITLE = "Livret individuel de formation"


def not_the_pin(link: dict[str, str]) -> str:
    return "000000" if link["pin"] != "000000" else "111111"


def test_the_page_of_a_link_is_the_same_whether_it_serves_exists_or_not(
    here: Here, owner: Caller
) -> None:
    states = {
        "live": issued(owner),
        "with a PIN": issued(owner, withPin=True),
        "revoked": issued(owner),
        "used up": issued(owner, views=1),
        "locked": issued(owner, withPin=True),
    }
    owner.do(REVOKE, id=states["revoked"]["link"]["id"])
    assert reader(here, states["used up"]).has_opened()
    for _ in range(5):
        reader(here, states["locked"]).open(not_the_pin(states["locked"]))
    browser = fresh(here)
    pages = [lasting(reader(here, one).get()) for one in states.values()]
    pages += [lasting(browser.get(f"/s/{uuid4()}"))]
    here.clock.moved += timedelta(days=9)
    pages += [lasting(reader(here, states["live"]).get())]
    assert all(one == pages[0] for one in pages)
    assert pages[0][0] == 200


@dataclass(frozen=True)
class Ended:
    """Links that do not serve, by why; `expired` does not once its days are over."""

    revoked: dict[str, Any]
    spent: dict[str, Any]
    locked: dict[str, Any]
    expired: dict[str, Any]


def ended(here: Here, owner: Caller) -> Ended:
    """Such links, of which one was opened before and one had five wrong PINs."""
    made = Ended(issued(owner), issued(owner, views=1), issued(owner, withPin=True), issued(owner))
    owner.do(REVOKE, id=made.revoked["link"]["id"])
    assert reader(here, made.spent).has_opened()
    for _ in range(5):
        assert not reader(here, made.locked).has_opened(not_the_pin(made.locked))
    return made


def test_whatever_does_not_serve_is_refused_with_one_answer(here: Here, owner: Caller) -> None:
    pinned, those = issued(owner, withPin=True), ended(here, owner)
    revoked, spent, locked, expired = those.revoked, those.spent, those.locked, those.expired
    other = "A" * 43
    answers = [
        reader(here, pinned).open(not_the_pin(pinned), secret=other),
        reader(here, pinned).open(pinned["pin"], secret=other),
        reader(here, revoked).open(secret=other),
        reader(here, spent).open(secret=other),
        fresh(here).post(f"/s/{uuid4()}", data={"secret": other}, headers=OURS),
    ]
    assert all(lasting(one) == lasting(answers[0]) for one in answers)
    here.clock.moved += timedelta(days=9)
    right = [
        reader(here, pinned).open(not_the_pin(pinned)),
        reader(here, pinned).open(pinned["pin"]),
        reader(here, pinned).open(),
        reader(here, revoked).open(),
        reader(here, spent).open(),
        reader(here, locked).open(locked["pin"]),
        reader(here, expired).open(),
    ]
    same = {
        (one.status_code, re.sub(r'value="[\w-]{43}"', "", one.text), one.headers.get("set-cookie"))
        for one in (*right, *answers)
    }
    assert len(same) == 1
    assert (right[0].status_code, NOT_VALID in right[0].text) == (403, True)


def test_an_opening_shows_whose_dossier_it_is(here: Here, owner: Caller) -> None:
    made = made_for(owner, "MUTATION")
    reading = reader(here, issued(owner, made["id"], name="Ville de Pau"))
    answer = reading.open()
    assert answer.status_code == 303
    assert answer.content == b""
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_NAME}{reading.path[3:]}=")
    expected = {"path=/", "httponly", "secure", "samesite=strict", "max-age=1800"}
    assert parsed(cookie)[2] == expected
    page = reading.get("/opened")
    assert page.status_code == 200
    assert "Maëlle Lefèvre" in page.text
    assert made["title"] in page.text
    assert "Ville de Pau" not in page.text
    assert f'href="{reading.path}/dossier" target="_blank"' in page.text
    who = f"Quelqu’un qui a suivi le lien de partage {quoted('Ville de Pau')}"
    assert told(owner) == [(who, f"Votre dossier {quoted(made['title'])}", "OPENED")]


def test_a_get_uses_nothing_up_and_tells_nobody(here: Here, owner: Caller) -> None:
    link = issued(owner, views=1)
    reading = reader(here, link)
    for _ in range(3):
        assert reading.get().status_code == 200
        assert reading.get(f"?secret={reading.secret}").status_code == 200
        assert reading.get("/opened").status_code == 403
    assert links(owner) == [link["link"]]
    assert told(owner) == []
    assert reading.has_opened()


def test_the_whole_address_may_be_pasted(here: Here, owner: Caller) -> None:
    link = issued(owner, withPin=True)
    for pasted in (link["url"], f"  {link['url']} ", link["url"].partition("#")[2]):
        pin = f" {link['pin'][:3]} {link['pin'][3:]} "
        assert reader(here, link).open(pin, secret=pasted).status_code == 303


def test_the_views_are_counted_and_reloading_is_none(here: Here, owner: Caller) -> None:
    link = issued(owner, views=2)
    first, second, third = (reader(here, link) for _ in range(3))
    assert first.has_opened()
    assert [first.get("/opened").status_code for _ in range(3)] == [200] * 3
    assert links(owner)[0]["viewsLeft"] == 1
    assert second.has_opened()
    assert not third.has_opened()
    assert links(owner)[0]["state"] == "USED_UP"
    assert first.get("/opened").status_code == 200
    assert outcomes(owner) == ["OPENED", "OPENED", "REFUSED"]


def test_the_last_view_is_given_to_one_of_many_at_once(here: Here, owner: Caller) -> None:
    link = issued(owner, views=1)
    readers = [reader(here, link) for _ in range(12)]
    assert sum(at_once(*[one.has_opened for one in readers])) == 1
    assert links(owner)[0]["viewsLeft"] == 0
    assert Counter(outcomes(owner)) == {"OPENED": 1, "REFUSED": 11}
    assert sum(one.get("/opened").status_code == 200 for one in readers) == 1


def test_a_pin_is_asked_for_and_five_wrong_ones_lock_the_link(here: Here, owner: Caller) -> None:
    link = issued(owner, withPin=True)
    reading, wrong = reader(here, link), not_the_pin(link)
    assert not reading.has_opened()
    assert links(owner)[0]["wrongPins"] == 0
    for _ in range(4):
        assert not reading.has_opened(wrong)
    assert links(owner)[0]["wrongPins"] == 4
    assert reading.has_opened(link["pin"])
    assert not reader(here, link).has_opened(wrong)
    assert links(owner)[0]["state"] == "LOCKED"
    assert not reader(here, link).has_opened(link["pin"])
    here.clock.moved += timedelta(days=6)
    assert not reader(here, link).has_opened(link["pin"])
    assert outcomes(owner) == ["REFUSED"] * 4 + ["OPENED"] + ["REFUSED"] * 3


def test_whoever_has_the_secret_is_told_that_a_pin_is_asked_for_and_how_many_tries_are_left(
    here: Here, owner: Caller
) -> None:
    link = issued(owner, withPin=True)
    reading, wrong = reader(here, link), not_the_pin(link)
    asked = reading.open()
    assert asked.status_code == 200
    assert "Il vous reste 5 essais" in asked.text
    assert 'role="alert"' not in asked.text
    assert outcomes(owner) == []
    for left in ("4 essais", "3 essais", "2 essais", "un seul essai"):
        answer = reading.open(wrong)
        assert answer.status_code == 403
        assert f"{WRONG_PIN} Il vous reste {left}\u202f; ensuite" in answer.text
        assert '<a href="#pin">' in answer.text
        assert f'value="{wrong}"' not in answer.text
    locked = reading.open(wrong)
    assert (locked.status_code, "Lien bloqué" in locked.text) == (403, True)
    assert NOT_VALID in reading.open(link["pin"]).text


@pytest.mark.parametrize("typed", ["", "  ", "12345", "1234567", "é", "٠١٢٣٤٥"])
def test_what_no_pin_can_be_is_asked_for_again_and_counts_as_no_attempt(
    here: Here, owner: Caller, typed: str
) -> None:
    link = issued(owner, withPin=True)
    reading = reader(here, link)
    for _ in range(6):
        answer = reading.open(typed)
        assert answer.status_code == 422
        assert '<a href="#pin">Entrez les six chiffres du code.</a>' in answer.text
        assert "Il vous reste 5 essais" in answer.text
        assert WRONG_PIN not in answer.text
    assert links(owner)[0]["wrongPins"] == 0
    assert told(owner) == []
    answer = reading.open(typed, secret="A" * 43)
    assert (answer.status_code, NOT_VALID in answer.text) == (403, True)
    assert reading.has_opened(link["pin"])


def test_an_empty_code_is_nothing_to_a_link_without_one(here: Here, owner: Caller) -> None:
    assert reader(here, issued(owner)).has_opened("")


def test_a_wrong_secret_learns_nothing_of_a_pin(here: Here, owner: Caller) -> None:
    links = (issued(owner), issued(owner, withPin=True))
    answers = [
        lasting(reader(here, link).open(pin, secret="A" * 43))
        for link in links
        for pin in (None, "", "12345", "123456", links[1]["pin"])
    ]
    assert len({repr(answer) for answer in answers}) == 1


def test_a_pin_where_the_link_is_asked_for_is_told_apart(here: Here, owner: Caller) -> None:
    link = issued(owner, withPin=True)
    for pin in (link["pin"], not_the_pin(link), "000 000"):  # right or wrong: nothing is learnt
        answer = reader(here, link).open(secret=pin)
        assert answer.status_code == 422
        assert "C’est sans doute le code à six chiffres" in answer.text
    assert told(owner) == []
    assert reader(here, link).has_opened(link["pin"])


def test_a_pin_given_with_the_secret_opens_at_once(here: Here, owner: Caller) -> None:
    link = issued(owner, withPin=True)
    assert reader(here, link).has_opened(link["pin"])


def test_no_form_sends_to_an_address_with_the_secret(here: Here, owner: Caller) -> None:
    reading = reader(here, issued(owner, withPin=True))
    for page in (reading.get(), reading.open()):
        assert '<form method="post" action="?"' in page.text


def test_a_pin_tried_by_many_at_once_locks_after_five(here: Here, owner: Caller) -> None:
    link = issued(owner, withPin=True)
    wrong = [pin for n in range(16) if (pin := f"{n:06}") != link["pin"]][:12]
    readers = [(reader(here, link), pin) for pin in wrong]
    assert not any(at_once(*[lambda one=one, pin=pin: one.has_opened(pin) for one, pin in readers]))
    (seen,) = links(owner)
    assert (seen["wrongPins"], seen["state"]) == (5, "LOCKED")
    assert not reader(here, link).has_opened(link["pin"])
    assert outcomes(owner) == ["REFUSED"] * 13


def test_without_the_secret_nobody_locks_a_link(here: Here, owner: Caller) -> None:
    link = issued(owner, withPin=True)
    stranger = Reader(fresh(here), reader(here, link).path, "B" * 43)
    for _ in range(8):
        assert not stranger.has_opened("123456")
    assert links(owner)[0]["wrongPins"] == 0
    assert reader(here, link).has_opened(link["pin"])


def test_a_link_whose_pin_opens_another_does_not_open(here: Here, owner: Caller) -> None:
    """A mark that was moved to another row is that of no PIN there."""
    first, second = issued(owner, withPin=True), issued(owner, withPin=True)
    ((mark,),) = [
        row[1:]
        for row in rows(here, "share_link", "id", "pin_mark")
        if row[0] == first["link"]["id"]
    ]
    change(here, f"UPDATE share_link SET pin_mark = '{mark}' WHERE id = '{second['link']['id']}'")
    assert not reader(here, second).has_opened(first["pin"])
    assert reader(here, first).has_opened(first["pin"])


def test_a_form_of_another_site_opens_nothing(here: Here, owner: Caller) -> None:
    link = issued(owner, views=1)
    reading = reader(here, link)
    for headers in (
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.test"},
        {"origin": "null"},
    ):
        answer = reading.client.post(reading.path, data={"secret": reading.secret}, headers=headers)
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert links(owner) == [link["link"]]
    own = {"origin": "https://livret.test"}
    answer = reading.client.post(reading.path, data={"secret": reading.secret}, headers=own)
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"secret=a&secret=b", "application/x-www-form-urlencoded"),
        (b"secret=%ff", "application/x-www-form-urlencoded"),
        (b"secret=%00", "application/x-www-form-urlencoded"),
        (b"secret=" + b"a" * 5_000, "application/x-www-form-urlencoded"),
        (b"a=1&" * 100, "application/x-www-form-urlencoded"),
        (b"x" * 40_000, "application/x-www-form-urlencoded"),
        (b'{"secret": "a"}', "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    here: Here, owner: Caller, body: bytes, kind: str
) -> None:
    reading = reader(here, issued(owner))
    headers = {"content-type": kind, **OURS}
    answer = reading.client.post(reading.path, content=body, headers=headers)
    assert answer.status_code == 400
    assert told(owner) == []


def test_an_odd_secret_is_refused_like_any_other(here: Here, owner: Caller) -> None:
    reading = reader(here, issued(owner))
    for secret in (
        "é" * 43,
        "<script>alert(1)</script>",
        "a" * 4_000,
        reading.secret[:-1],
    ):
        answer = reading.open(secret=secret)
        assert (answer.status_code, NOT_VALID in answer.text) == (403, True)
        assert "<script>alert" not in answer.text


def test_an_address_without_its_key_is_asked_for(here: Here, owner: Caller) -> None:
    link = issued(owner)
    reading = reader(here, link)
    for pasted in ("", "  ", "#", link["url"].partition("#")[0] + "#"):
        answer = reading.open(secret=pasted)
        assert answer.status_code == 422
        assert '<a href="#secret">Collez l’adresse entière que vous avez reçue' in answer.text
        assert NOT_VALID not in answer.text
    assert told(owner) == []


def test_an_address_of_another_link_opens_nothing_and_tells_nothing(
    here: Here, owner: Caller
) -> None:
    """An address is whole: the id of one link with the key of another opens neither."""
    live, revoked = issued(owner, withPin=True), issued(owner)
    theirs = issued(with_booklet(here, "other"))
    owner.do(REVOKE, id=revoked["link"]["id"])
    known = (live, revoked, theirs)
    answers = []
    for link in known:
        page = reader(here, link)
        others = {one["link"]["id"] for one in known if one is not link} | {str(uuid4())}
        for id in others:
            for pasted in (f"https://livret.test/s/{id}#{page.secret}", f"/S/{id.upper()}#"):
                answer = page.open(link["pin"] or "", secret=pasted)
                assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)
                assert "Cette adresse est celle d’un autre lien" in answer.text
                answers.append(answer.text.replace(pasted, ""))
    assert (len(answers), len(set(answers))) == (18, 1)
    assert [one["wrongPins"] for one in links(owner)] == [0, 0]
    assert told(owner) == []
    assert reader(here, live).open(live["pin"], secret=live["url"]).is_redirect


def test_the_key_of_one_link_opens_no_other(here: Here, owner: Caller) -> None:
    mine, revoked = issued(owner), issued(owner)
    theirs = issued(with_booklet(here, "other"))
    owner.do(REVOKE, id=revoked["link"]["id"])
    readers = [reader(here, link) for link in (mine, revoked, theirs)]
    paths = [one.path for one in readers] + [f"/s/{uuid4()}"]
    expected = Reader(fresh(here), paths[-1], "A" * 43).open().text.replace("A" * 43, "")
    for one in readers:
        for path in paths:
            if path != one.path:
                answer = Reader(fresh(here), path, one.secret).open()
                assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
                assert answer.text.replace(one.secret, "") == expected


@pytest.mark.parametrize("path", ["x", "", "%2e%2e", "%00", "00000000-0000-0000-0000-00000000000g"])
def test_what_is_no_id_is_not_there(here: Here, path: str) -> None:
    assert fresh(here).get(f"/s/{path}").status_code == 404


def test_the_owner_alone_learns_why_a_link_did_not_serve(here: Here, owner: Caller) -> None:
    those = ended(here, owner)
    for link in (those.revoked, those.spent, those.locked):
        assert not reader(here, link).has_opened()
    assert not reader(here, those.spent).open(secret="A" * 43).is_redirect
    here.clock.moved += timedelta(days=9)
    assert not reader(here, those.expired).has_opened()

    found = owner.ask("{ booklet { accessRecords { nodes { shareLink refusal } } } }")
    reasons: dict[str, list[str | None]] = {}
    for one in reversed(found["booklet"]["accessRecords"]["nodes"]):
        reasons.setdefault(one["shareLink"], []).append(one["refusal"])
    assert reasons == {
        those.revoked["link"]["id"]: ["REVOKED"],
        those.spent["link"]["id"]: [None, "USED_UP", "WRONG_ADDRESS"],
        those.locked["link"]["id"]: ["WRONG_PIN"] * 5 + ["LOCKED"],
        those.expired["link"]["id"]: ["EXPIRED"],
    }


def test_only_so_many_refusals_an_hour_are_written_of_a_link(here: Here, owner: Caller) -> None:
    """Whoever knows an address without its secret cannot push the rest out of the journal."""
    here.clock.stop(here.clock())
    link = issued(owner)
    stranger = Reader(fresh(here), reader(here, link).path, "B" * 43)
    for _ in range(52):
        assert not stranger.has_opened()
    assert len(rows(here, "access_record")) == 20 + 1  # one counts the others
    assert reader(here, link).has_opened()
    here.clock.stop(here.clock() + timedelta(hours=1))
    assert not stranger.has_opened()
    assert len(rows(here, "access_record")) == 20 + 3


def test_the_sentence_of_the_journal_names_the_link_and_the_dossier(
    here: Here, owner: Caller
) -> None:
    link = issued(owner, name="Jury « VAE »")
    reading = reader(here, link)
    assert reading.has_opened()
    assert not reading.open(secret="x").is_redirect  # mistyped: nothing to tell
    assert not reading.open(secret="x" * 43).is_redirect
    query = "{ booklet { accessRecords { nodes { sentence } } } }"
    refused, opened = (
        one["sentence"] for one in owner.ask(query)["booklet"]["accessRecords"]["nodes"]
    )
    who = f"quelqu’un qui a suivi le lien de partage {quoted('Jury « VAE »')}"
    thing = f"votre dossier {quoted(TITLE)}"
    assert opened.endswith(f", {who} a ouvert {thing}.")
    why = f"{NARROW}: refusé, car l’adresse n’était pas la bonne."
    assert refused.endswith(f", {who} a demandé à lire {thing}{why}")
