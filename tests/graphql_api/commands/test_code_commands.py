"""The operator's commands of authorization codes, and the names of collectivités."""

import re

import pytest

from schema.typography import typeset
from tests.conftest import OPEN, Here
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.documents import ACCEPT, CODE
from tests.graphql_api.office import (
    BORDEAUX,
    TOURS,
    batches_seen,
    codes_seen,
    issued,
    officer,
    stored,
)


def use(here: Here, code: str) -> None:
    agent = here.caller(f"agent-{code}")
    agent.do(OPEN, code=code)
    assert agent.do(ACCEPT, version="1")["__typename"] == "CharterAccepted"


def test_codes_are_listed_by_batch_without_saying_which_were_used(
    here: Here, livret: Livret
) -> None:
    rh = officer(here)
    assert livret("codes", "list", "--siret", BORDEAUX) == (0, "", "")
    small, large = issued(rh, 2), issued(rh, 11, uses=3)
    issued(officer(here, "other", TOURS), 1, siret=TOURS)
    before = livret("codes", "list", "--siret", BORDEAUX)
    use(here, small["codes"][0])
    assert livret("codes", "list", "--siret", BORDEAUX) == before
    use(here, large["codes"][0])
    code, said, wrong = livret("codes", "list", "--siret", BORDEAUX)
    assert (code, wrong) == (0, "")
    heads = [line for line in said.splitlines() if not line.startswith("  ")]
    told = r"^Lot du [0-9/]{10} : 11 codes, valables jusqu’au [0-9/]{10}, 3 livrets par code, 1 utilisé$"
    assert re.match(told, heads[0])
    assert re.match(r"^Lot du [0-9/]{10} : 2 codes, valables jusqu’au [0-9/]{10}$", heads[1])
    listed = re.findall(r"^  ([0-9]{4}-[0-9]{4})$", said, re.MULTILINE)
    assert set(listed) == {*small["references"], *large["references"]}


def test_one_code_is_revoked_by_its_reference_in_the_same_words_if_used(
    here: Here, livret: Livret
) -> None:
    made = issued(officer(here), 3)
    use(here, made["codes"][0])
    for reference in (*made["references"][:2], made["references"][0]):
        words = ("codes", "revoke", "--siret", BORDEAUX, "--reference", reference)
        assert livret(*words) == (0, f"Le code {reference} ne sert plus.\n", "")
    assert here.caller("late").do(CODE, code=made["codes"][1])["code"] == "INVALID_CODE"
    said = livret("codes", "list", "--siret", BORDEAUX)[1]
    assert ", 2 révoqués\n" in said
    assert len(re.findall("-[0-9]{4}  révoqué$", said, re.MULTILINE)) == 2


def test_a_whole_batch_is_revoked_by_the_reference_of_one_of_its_codes(
    here: Here, livret: Livret
) -> None:
    rh = officer(here)
    made, kept = issued(rh, 3), issued(rh, 1)
    words = ("codes", "revoke", "--siret", BORDEAUX, "--reference", made["references"][1])
    code, said, _ = livret(*words, "--whole-batch")
    assert (code, "ni ceux qui ont été délivrés avec lui" in said) == (0, True)
    left = [row["reference"] for row in codes_seen(rh) if not row["revoked"]]
    assert left == kept["references"]


@pytest.mark.parametrize("reference", ["0000-0000", "x", "", "1234"])
def test_a_reference_that_names_no_code_revokes_nothing(
    here: Here, livret: Livret, reference: str
) -> None:
    issued(officer(here), 1)
    before = stored(here)
    code, said, wrong = livret("codes", "revoke", "--siret", BORDEAUX, "--reference", reference)
    assert (code, said) == (1, "")
    assert "aucun code de cette collectivité" in wrong
    assert stored(here) == before


def test_the_reference_of_another_collectivite_names_no_code(here: Here, livret: Livret) -> None:
    rh = officer(here)
    (reference,) = issued(rh)["references"]
    assert livret("codes", "revoke", "--siret", TOURS, "--reference", reference)[0] == 1
    assert not codes_seen(rh)[0]["revoked"]


def test_what_has_expired_is_listed_as_such(here: Here, livret: Livret) -> None:
    rh = officer(here)
    issued(rh)
    database = here.deployment.store.database
    database.execute_sql("UPDATE authorization_code SET expires_at = 1")
    assert batches_seen(rh)[0]["expired"]
    assert "1 code, expiré après le" in livret("codes", "list", "--siret", BORDEAUX)[1]


def test_a_collectivite_is_named_listed_and_named_anew(here: Here, livret: Livret) -> None:
    assert livret("collectivites", "list") == (0, "", "")
    for name in ("Bordeaux", " Ville\N{NO-BREAK SPACE}de Bordeaux "):
        code, said, wrong = livret("collectivites", "name", "--siret", BORDEAUX, "--name", name)
        assert (code, wrong) == (0, "")
    assert said == typeset(f"La collectivité {BORDEAUX} s’appelle « Ville de Bordeaux ».\n")
    assert livret("collectivites", "list") == (0, f"{BORDEAUX}  Ville de Bordeaux\n", "")
    assert issued(officer(here))["localAuthority"]["label"] == "Ville de Bordeaux"


@pytest.mark.parametrize(
    "words",
    [
        ("--siret", BORDEAUX),
        ("--name", "x"),
        ("--siret", BORDEAUX, "--name", ""),
        ("--siret", BORDEAUX, "--name", "x" * 121),
        ("--siret", BORDEAUX, "--name", "a\x07"),
    ],
)
def test_a_name_that_is_none_is_not_given(
    here: Here, livret: Livret, words: tuple[str, ...]
) -> None:
    assert livret("collectivites", "name", *words)[0] == 2
    assert livret("collectivites", "list") == (0, "", "")
