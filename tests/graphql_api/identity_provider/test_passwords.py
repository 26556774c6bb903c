"""Passwords: the rules that they meet, their hashes, their verification."""

import random
import string
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest

from graphql_api.identity_provider.passwords import (
    GUESSABLE,
    INVISIBLE,
    TOO_LONG,
    TOO_SIMPLE,
    find_weakness,
    hash_password,
    needs_rehash,
    verify,
)

ABOUT = ("maelle.lefevre@example.org", "Maëlle", "Le Fèvre-Guéguen")


@pytest.mark.parametrize(
    "password",
    [
        "Xk9$mPq2vLw7",
        "kT7qz9WmB2xYc4",
        "Trottinette42!Verte",
        "le chat de ma voisine dort sur le toit",
        "J’ai vu où naît le ruisseau, près du gué",
        "Ъ7ж$Ыщ2Эюфя9",
        "xK1998$mPq2vLw",
        "Maelle-" + "kT7$qz9!mB",
        "abcdefghijklmnopqrstuvwxyz987654" + "Kq7$mZx2!vLw",
    ],
)
def test_a_good_password_has_no_fault(password: str) -> None:
    assert find_weakness(password, ABOUT) is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Xk9$mPq2vLw",
        "xk9$mpq2vlw7",
        "XK9$MPQ2VLW7",
        "Xk;$mPq/vLw!",
        "kT7qz9WmB2xYc",
        "chat voisine dort toit rue soir",
        "le le le le le le le le",
        "a b c d e f g h",
    ],
)
def test_a_password_that_is_short_or_of_one_kind_is_refused(password: str) -> None:
    assert find_weakness(password) == TOO_SIMPLE


@pytest.mark.parametrize(
    "password",
    [
        "Motdepasse2026!",
        "M0tD3P@sse2026!",
        "Azertyuiop123!",
        "Mlkjhgfdsq1!",
        "Qwerty123456Az!",
        "P@ssw0rd12345",
        "Bonjour-Soleil-12",
        "Été.Printemps.2026",
        "Juillet2026!!!!",
        "Christophe1985!",
        "Livret-CNFPT-2026!",
        "MonEspacePro31!",
        "Aaaaaaaaaaa1!",
        "aB1!aB1!aB1!aB1!aB1!",
        "abcABC123!abcABC123!",
        "987654321Aa!",
        "un deux trois quatre cinq six sept",
    ],
)
def test_a_password_that_composes_well_but_is_known_is_refused(password: str) -> None:
    assert find_weakness(password) == GUESSABLE


@pytest.mark.parametrize(
    "password",
    ["Lefevre.Maelle2026", "MAËLLE-guéguen-1980", "L3f3vr3_M@elle_31", "Maelle2025&2026!"],
)
def test_a_password_made_of_the_person_is_refused(password: str) -> None:
    assert find_weakness(password, ("maelle.lefevre@example.org", "Maëlle", "Guéguen")) == GUESSABLE


def test_what_is_known_of_one_person_says_nothing_of_another() -> None:
    assert find_weakness("Kerguelen.Xynthia.31", ("Xynthia", "Kerguelen")) == GUESSABLE
    assert find_weakness("Kerguelen.Xynthia.31") is None


def test_people_choose_at_the_same_time_without_harm() -> None:
    def choose(number: int) -> str | None:
        return find_weakness(
            f"Kerguelen.Xynthia.{number % 7}", ("Xynthia", "Kerguelen") * (number % 2)
        )

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(choose, range(120)))
    assert [one == GUESSABLE for one in found] == [number % 2 == 1 for number in range(120)]


def test_a_password_has_128_characters_at_most() -> None:
    longest = "".join(random.Random(1).choices(string.ascii_letters, k=126)) + "7$"
    assert find_weakness(longest) is None
    assert find_weakness(unicodedata.normalize("NFD", longest.replace("e", "é"))) is None
    assert find_weakness(f"{longest}x") == TOO_LONG
    assert find_weakness("é" * 200_000) == TOO_LONG


@pytest.mark.parametrize("character", ["\0", "\n", "\t", "\x7f", "\ud800"])
def test_a_character_that_nobody_can_type_is_refused(character: str) -> None:
    password = f"Xk9$mPq2{character}vLw7"
    assert find_weakness(password) == INVISIBLE
    assert not verify(hash_password("Xk9$mPq2vLw7"), password)


@pytest.mark.parametrize(
    "unit", ["4@8({[<369!|17+$5%20Aa", "(A)a{3}[1]<4>%", "1A!a", "qWe1!", "ab1!ABcd"]
)
def test_no_password_takes_long_to_judge(unit: str) -> None:
    began = time.thread_time()
    find_weakness((unit * 128)[:128], ABOUT)
    assert time.thread_time() - began < 0.2


def test_a_password_is_recognised_and_another_is_not() -> None:
    kept = hash_password("Xk9$mPq2vLw7")
    assert verify(kept, "Xk9$mPq2vLw7")
    assert not verify(kept, "Xk9$mPq2vLw8")
    assert not verify(kept, " Xk9$mPq2vLw7")
    assert not verify(kept, "")


def test_a_password_is_the_same_from_every_keyboard() -> None:
    kept = hash_password("près du gué où ça naît")
    assert verify(kept, "pre\u0300s du gue\u0301 ou\u0300 c\u0327a nai\u0302t")
    assert verify(kept, "près\u00a0du\u202fgué où ça naît")
    assert not verify(kept, "pres du gue ou ca nait")


def test_a_hash_tells_neither_the_password_nor_who_has_the_same() -> None:
    one, other = hash_password("Xk9$mPq2vLw7"), hash_password("Xk9$mPq2vLw7")
    assert one.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert "Xk9" not in one
    assert one != other


def test_a_hash_of_other_parameters_still_opens_and_asks_to_be_made_anew() -> None:
    old = (
        "$argon2id$v=19$m=19456,t=2,p=1$c2VsLWRlLWwtZXNzYWk$"
        "+uHK9PzroZGyUDtUe9hEgPvFKb4V0SPQS8UpODg3QHI"
    )
    assert verify(old, "Xk9$mPq2vLw7")
    assert needs_rehash(old)
    assert not needs_rehash(hash_password("Xk9$mPq2vLw7"))


def test_no_account_takes_as_long_as_a_wrong_password() -> None:
    kept = hash_password("Xk9$mPq2vLw7")

    def seconds(hash: str | None) -> float:
        began = time.thread_time()
        assert not verify(hash, "autre chose")
        return time.thread_time() - began

    wrong = min(seconds(kept) for _ in range(3))
    nobody = min(seconds(None) for _ in range(3))
    assert 0.5 < nobody / wrong < 2
