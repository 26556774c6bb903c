"""A code is named by its reference: on its slip, aloud, and when it is revoked."""

import re

import pytest

from graphql_api.codes import references
from tests.conftest import Here
from tests.graphql_api.documents import raw
from tests.graphql_api.office import (
    BORDEAUX,
    FIND,
    REVOKE,
    TOURS,
    codes_seen,
    issued,
    officer,
    revoked,
    stored,
)


def test_a_reference_is_on_the_slip_in_the_answer_and_in_the_list(here: Here) -> None:
    rh = officer(here)
    batch = issued(rh, 3)
    assert all(re.fullmatch("[0-9]{4}-[0-9]{4}", one) for one in batch["references"])
    assert {row["reference"] for row in codes_seen(rh)} == set(batch["references"])
    assert all(batch["printableList"].count(one) == 1 for one in batch["references"])


@pytest.mark.parametrize("how", ["{}", " {} ", "digits", "dash", "spaces", "narrow"])
def test_a_reference_is_taken_as_people_write_it(here: Here, how: str) -> None:
    rh = officer(here)
    (reference,) = issued(rh)["references"]
    digits = reference.replace("-", "")
    typed = {
        "dash": f"{digits[:4]} – {digits[4:]}",
        "spaces": " ".join(digits),
        "narrow": reference.replace("-", "\N{NARROW NO-BREAK SPACE}"),
        "digits": digits,
    }.get(how, how.format(reference))
    assert revoked(rh, typed)["authorizationCode"]["reference"] == reference


@pytest.mark.parametrize(
    "typed", ["", "1", "1234567", "123456789", "1234-567O", "١٢٣٤٥٦٧٨", "x" * 9000]
)
def test_what_is_no_reference_names_no_code(here: Here, typed: str) -> None:
    rh = officer(here)
    issued(rh)
    before = stored(here)
    answer = rh.do(REVOKE, siret=BORDEAUX, reference=typed)
    assert (answer["__typename"], answer["path"]) == ("NotFound", "reference")
    assert rh.ask(FIND, siret=BORDEAUX, reference=typed) == {"authorizationCode": None}
    assert stored(here) == before


def test_one_code_is_revoked_by_its_reference_and_the_others_serve(here: Here) -> None:
    rh = officer(here)
    batch = issued(rh, 3)
    answer = revoked(rh, batch["references"][1])
    assert answer["authorizationCode"]["revoked"]
    left = {row["reference"] for row in codes_seen(rh) if not row["revoked"]}
    assert left == {batch["references"][0], batch["references"][2]}


def test_a_reference_that_was_given_is_drawn_again(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    rh, other = officer(here), officer(here, "other", TOURS)
    drawn = iter(["1111-1111", "1111-1111", "2222-2222", "1111-1111"])
    monkeypatch.setattr(references, "draw", lambda: next(drawn))
    assert issued(rh, 2)["references"] == ["1111-1111", "2222-2222"]
    assert issued(other, 1, siret=TOURS)["references"] == ["1111-1111"]
    revoked(rh, "1111-1111")
    assert [row["revoked"] for row in codes_seen(other, TOURS)] == [False]
    assert b'"revoked":false' in raw(other, FIND, siret=TOURS, reference="1111-1111")
