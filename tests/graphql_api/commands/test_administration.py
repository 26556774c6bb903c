"""The operator's commands: officers, operators, codes; and the words of the command line."""

import re
import stat
from pathlib import Path

import pytest

from graphql_api.callers.officers import add_officer
from graphql_api.commands.french_parser import in_french
from graphql_api.storage.actors import Agent
from schema.typography import typeset
from tests.conftest import OPEN, SERVICE, Here
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.office import (
    BORDEAUX,
    OFFICER_SCOPE,
    TOURS,
    codes_seen,
    issued,
    officer,
    offices,
    stored,
)
from tests.graphql_api.site import Site

CODE = r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}"
ENGLISH = re.compile(
    r"usage: |positional|optional|show this|error|invalid|required|expected|unrecognized|choose",
    re.IGNORECASE,
)


def who(site: Site, name: str) -> tuple[str, ...]:
    """The options that name somebody's account by its subject."""
    return ("--subject", site.account(name))


def test_an_officer_is_added_listed_and_removed_by_e_mail(site: Site, livret: Livret) -> None:
    rh = site.here.caller(site.account("rh"), OFFICER_SCOPE)
    assert livret("officers", "list") == (0, "", "")
    named = ("--email", "RH@example.org", "--siret", BORDEAUX)
    said = f"RH@example.org remet les codes de la collectivité {BORDEAUX}.\n"
    assert livret("officers", "add", *named) == (0, said, "")
    assert offices(rh) == [BORDEAUX]
    line = f"{BORDEAUX}  rh@example.org  {site.account('rh')}  (livret)\n"
    assert livret("officers", "list") == (0, line, "")
    assert livret("officers", "remove", *named)[0] == 0
    assert offices(rh) == []
    assert livret("officers", "list") == (0, "", "")


@pytest.mark.parametrize(
    "issuer",
    [(), ("--issuer", "livret"), ("--issuer", SERVICE), ("--issuer", f"{SERVICE}/")],
    ids=["none", "stored", "address", "slash"],
)
def test_every_name_of_the_service_s_own_issuer_appoints_the_same_person(
    site: Site, livret: Livret, issuer: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVRET_PUBLIC_URL", SERVICE)
    rh = site.here.caller(site.account("rh"), OFFICER_SCOPE)
    assert livret("officers", "add", *issuer, *who(site, "rh"), "--siret", BORDEAUX)[0] == 0
    assert offices(rh) == [BORDEAUX]
    assert livret("operators", "add", *issuer, *who(site, "rh"))[0] == 0
    assert livret("operators", "list")[1].startswith("rh@example.org  ")
    assert livret("operators", "remove", *issuer, *who(site, "rh"))[0] == 0
    assert livret("operators", "list") == (0, "", "")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--email", "nobody@example.org"), "aucun compte activé n’a cette adresse"),
        (("--email", "not an address"), "aucun compte activé n’a cette adresse"),
        (("--subject", "nobody"), "aucun compte n’a cet identifiant"),
        (("--issuer", SERVICE, "--subject", "nobody"), "aucun compte n’a cet identifiant"),
        (("--issuer", "https://other.example", "--subject", "x"), "n’ouvre rien ici"),
    ],
)
def test_whoever_cannot_sign_in_is_not_appointed(
    here: Here,
    livret: Livret,
    options: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIVRET_PUBLIC_URL", SERVICE)
    before = stored(here)
    for words in (
        ("officers", "add", *options, "--siret", BORDEAUX),
        ("operators", "add", *options),
    ):
        code, out, wrong = livret(*words)
        assert (code, out) == (1, "")
        assert said in wrong
    assert stored(here) == before


def test_a_right_that_reaches_nobody_is_listed_as_such_and_taken_back(
    here: Here, livret: Livret
) -> None:
    service = here.deployment.service
    for issuer, subject in ((SERVICE, "rh"), ("livret", "gone")):
        agent = Agent(issuer, subject, frozenset())
        with service.store.writing():
            add_officer(service.operation(agent), agent, BORDEAUX)
    lines = livret("officers", "list")[1].splitlines()
    assert [("sans effet" in line) for line in lines] == [True, True]
    for options in (("--issuer", SERVICE, "--subject", "rh"), ("--subject", "gone")):
        assert livret("officers", "remove", *options, "--siret", BORDEAUX)[0] == 0
    assert livret("officers", "list") == (0, "", "")


def test_a_subject_of_another_issuer_is_taken_as_it_is_written(
    here: Here, livret: Livret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVRET_TOKEN_ISSUER", "https://sso.example")
    assert livret("operators", "add", "--subject", "op")[0] == 0
    assert livret("operators", "list")[1] == "op  (https://sso.example)\n"
    code, _, wrong = livret("operators", "add", "--email", "op@example.org")
    assert code == 1
    assert "--issuer et --subject" in wrong


def test_people_find_their_subject_on_the_page_of_their_account(site: Site) -> None:
    browser = site.browser()
    browser.be("rh")
    assert site.account("rh") in browser.get("/account").text


def test_an_officer_who_is_removed_is_forgotten_and_their_codes_stay(
    site: Site, livret: Livret
) -> None:
    here, account = site.here, site.account("rh")
    before = stored(here)
    rh = officer(here, account)
    issued(rh, 2)
    livret("officers", "remove", *who(site, "rh"), "--siret", BORDEAUX)
    after = stored(here)
    assert len(after.pop("authorization_code")) == 2
    assert after == {name: rows for name, rows in before.items() if name in after}


def test_an_owner_who_was_an_officer_keeps_their_booklet(site: Site, livret: Livret) -> None:
    site.with_booklet("rh")
    before = stored(site.here)
    officer(site.here, site.account("rh"))
    livret("officers", "remove", *who(site, "rh"), "--siret", BORDEAUX)
    assert stored(site.here) == before


def test_adding_twice_is_adding_once(site: Site, livret: Livret) -> None:
    rh, operator = who(site, "rh"), who(site, "op")
    for _ in range(2):
        assert livret("officers", "add", *rh, "--siret", "213 300 635 00017")[0] == 0
        assert livret("operators", "add", *operator)[0] == 0
    livret("officers", "add", *rh, "--siret", TOURS)
    assert [line[:14] for line in livret("officers", "list")[1].splitlines()] == [BORDEAUX, TOURS]
    assert len(livret("operators", "list")[1].splitlines()) == 1
    assert livret("officers", "remove", *rh, "--siret", BORDEAUX)[0] == 0
    caller = site.here.caller(site.account("rh"), OFFICER_SCOPE)
    assert offices(caller) == [TOURS]


def test_an_operator_is_added_listed_and_removed(site: Site, livret: Livret) -> None:
    operator = who(site, "op")
    before = stored(site.here)
    assert livret("operators", "add", *operator)[0] == 0
    assert livret("operators", "list")[1].startswith("op@example.org  ")
    assert livret("operators", "remove", *operator)[0] == 0
    assert livret("operators", "list") == (0, "", "")
    assert stored(site.here) == before


def test_removing_a_right_that_nobody_has_fails_and_says_so(here: Here, livret: Livret) -> None:
    officer(here, "rh", TOURS)
    before = stored(here)
    for words in (
        ("officers", "remove", "--subject", "rh", "--siret", BORDEAUX),
        ("officers", "remove", "--subject", "nobody", "--siret", TOURS),
        ("operators", "remove", "--subject", "rh"),
        ("operators", "remove", "--subject", "nobody"),
    ):
        assert livret(*words) == (1, "", "Personne de ce nom n’a ce droit.\n")
    assert stored(here) == before


@pytest.mark.parametrize(
    "siret", ["21330063500018", "2133006350001", "", "x" * 14, "٢١٣٣٠٠٦٣٥٠٠٠١٧"]
)
def test_a_siret_is_checked(here: Here, livret: Livret, siret: str) -> None:
    for words in (("officers", "add", "--subject", "rh"), ("codes", "issue")):
        code, said, wrong = livret(*words, "--siret", siret)
        assert (code, said) == (2, "")
        assert wrong.startswith(typeset("--siret : ce SIRET n’est pas valide.\n"))
    assert livret("officers", "list") == (0, "", "")


def test_what_is_missing_is_named(here: Here, livret: Livret) -> None:
    both = ("--email", "a@example.org", "--subject", "x")
    for action in ("add", "remove"):
        assert livret("officers", action, "--subject", "rh")[0] == 2
        assert livret("officers", action, "--siret", BORDEAUX)[0] == 2
        for words in ((), both):
            code, _, wrong = livret("operators", action, *words)
            assert code == 2
            assert wrong.startswith("Précisez --email, ou --subject")


def test_codes_are_printed_once_and_open_booklets(here: Here, livret: Livret) -> None:
    code, said, wrong = livret("codes", "issue", "--siret", BORDEAUX, "--count", "3", "--uses", "2")
    assert (code, wrong) == (0, "")
    codes = re.findall(rf"^[0-9]{{4}}-[0-9]{{4}}  ({CODE})$", said, re.MULTILINE)
    assert len(codes) == len(said.splitlines()) == 3
    assert here.caller("agent").do(OPEN, code=codes[2])["__typename"] == "BookletOpened"
    rows = codes_seen(officer(here))
    assert len({row["batch"] for row in rows}) == 1


def test_the_list_to_print_is_a_new_file_for_its_owner_alone(
    here: Here, livret: Livret, tmp_path: Path
) -> None:
    file = tmp_path / "liste.html"
    code, said, _ = livret(
        "codes", "issue", "--siret", BORDEAUX, "--count", "4", "--html", str(file)
    )
    assert code == 0
    assert not re.search(CODE, said)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_bytes()
    assert len(set(re.findall(CODE, written.decode()))) == 4
    for place in (file, tmp_path / "absent" / "liste.html", tmp_path):
        code, said, wrong = livret("codes", "issue", "--siret", BORDEAUX, "--html", str(place))
        assert (code, said) == (1, "")
        assert "ne peut pas être écrit" in wrong
    assert file.read_bytes() == written
    assert len(stored(here)["authorization_code"]) == 4


@pytest.mark.parametrize(
    "words",
    [
        ("--count", "0"),
        ("--count", "501"),
        ("--count", "-1"),
        ("--count", "1e2"),
        ("--count", "²"),
        ("--uses", "1001"),
        ("--uses", "0"),
        ("--until", "demain"),
        ("--until", "2026-02-30"),
        ("--cou", "3"),
        ("3",),
    ],
)
def test_wrong_numbers_and_days_make_no_codes(
    here: Here, livret: Livret, words: tuple[str, ...]
) -> None:
    code, said, wrong = livret("codes", "issue", "--siret", BORDEAUX, *words)
    assert (code, said) == (2, "")
    assert not ENGLISH.search(wrong)
    assert stored(here)["authorization_code"] == []


@pytest.mark.parametrize("day", ["2020-01-01", "2999-12-31"])
def test_a_last_day_out_of_reach_makes_no_codes(here: Here, livret: Livret, day: str) -> None:
    code, said, wrong = livret("codes", "issue", "--siret", BORDEAUX, "--until", day)
    assert (code, said) == (1, "")
    assert "--until" in wrong
    assert stored(here)["authorization_code"] == []


def test_databases_that_were_not_migrated_are_said_so(
    livret: Livret, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVRET_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    monkeypatch.setenv("LIVRET_KEY_STORE_URL", f"sqlite:///{tmp_path}/keys.db")
    for words in (("officers", "list"), ("codes", "issue", "--siret", BORDEAUX)):
        code, said, wrong = livret(*words)
        assert (code, said) == (1, "")
        assert "livret migrate" in wrong


def test_the_demo_must_have_run_for_its_codes(livret: Livret) -> None:
    code, _, wrong = livret("codes", "issue", "--siret", BORDEAUX, "--demo")
    assert code == 1
    assert "make demo" in wrong


@pytest.mark.parametrize(
    "words",
    [
        [],
        *(
            [name]
            for name in [
                "serve",
                "migrate",
                "check",
                "demo",
                "token",
                "officers",
                "operators",
                "codes",
                "sdl",
            ]
        ),
    ],
)
def test_help_is_in_french(livret: Livret, words: list[str]) -> None:
    code, said, wrong = livret(*words, "--help")
    assert (code, wrong) == (0, "")
    assert said.startswith("usage\u202f: livret")
    assert "affiche cette aide" in said
    assert not ENGLISH.search(said)


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        [],
        ["officers"],
        ["officers", "destroy"],
        ["codes"],
        ["codes", "issue"],
        ["codes", "issue", "--siret"],
        ["token", "x"],
        ["sdl", "x"],
        ["sdl", "--x"],
        ["codes", "issue", "--siret", BORDEAUX, "--demo=1"],
    ],
)
def test_a_wrong_command_is_answered_in_french(livret: Livret, words: list[str]) -> None:
    code, said, wrong = livret(*words)
    assert (code, said) == (2, "")
    assert not ENGLISH.search(wrong)
    assert "Commande mal formée" not in wrong
    assert re.search(typeset(r"\nVoir : livret.* --help\n$"), wrong)


def test_the_codes_of_sites_are_told_as_people_write_them(livret: Livret) -> None:
    code, _, wrong = livret("sites", "add", "999")
    assert code == 2
    assert typeset("« 999 » n’existe pas (au choix : ") in wrong
    assert "24, " in wrong
    assert "'" not in wrong


def test_an_error_that_is_not_known_is_still_in_french() -> None:
    assert in_french("conflicting subparser: x") == "Commande mal formée."
    assert in_french("argument --html: ce chemin est faux.") == "--html : ce chemin est faux."
