"""Reminders: one letter without personal data before something expires, to those who want it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.identity_provider.accounts import accounts
from graphql_api.reminders import reminders
from graphql_api.storage.tables import LoginIdentityTable
from schema.description.dates import PartialDate
from schema.panorama.reminders import REMINDER_DAYS, REMINDER_MONTHS
from schema.typography import typeset
from tests.conftest import Caller, Here
from tests.graphql_api.booklets.closing import close
from tests.graphql_api.canaries import CANARY_IDENTITY, canaries_in, stored
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.consents.consents import change, rows
from tests.graphql_api.documents import ADD_ALL, REMOVE, REVISE, added, at_once, entry, whole
from tests.graphql_api.records.records import exported, upload
from tests.graphql_api.reminders.reminders import (
    SET,
    Post,
    expiring,
    setting,
    switched,
)
from tests.graphql_api.signing_rows import sign_rows
from tests.graphql_api.site import Site

DAY = timedelta(days=1)
OFF = {"enabled": False, "since": None, "lastLetterAt": None, "available": True}


def last_day(here: Here) -> date:
    """The last day of which a reminder tells today."""
    return PartialDate.from_date(here.clock.today).plus_months(REMINDER_MONTHS).latest


def test_reminders_are_off_until_their_owner_says_yes(
    here: Here, maelle: Caller, post: Post
) -> None:
    assert setting(maelle) == OFF
    expiring(maelle, here.clock.today + DAY)
    assert post.run().letters == 0
    on = switched(maelle, True)
    assert on == OFF | {"enabled": True, "since": on["since"]}
    assert datetime.fromisoformat(on["since"]) == here.clock()
    assert setting(maelle) == on
    assert post.run().letters == 1
    assert switched(maelle, False) == OFF | {"lastLetterAt": setting(maelle)["lastLetterAt"]}


def test_saying_yes_or_no_again_changes_nothing(here: Here, maelle: Caller, post: Post) -> None:
    assert switched(maelle, False) == OFF
    on = switched(maelle, True)
    here.clock.moved += DAY
    assert switched(maelle, True) == on
    before = whole(maelle)
    switched(maelle, False)
    assert switched(maelle, False) == OFF
    assert whole(maelle) == before


def test_a_letter_is_written_three_months_before_something_expires(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    expiring(maelle, last_day(here) + 3 * DAY)
    assert (post.run().letters, post.delivered()) == (0, [])
    here.clock.moved += 4 * DAY
    assert post.run().letters == 1
    (letter,) = post.delivered()
    assert letter.to == "maelle@example.org"
    assert datetime.fromisoformat(setting(maelle)["lastLetterAt"]) == here.clock()


def test_the_last_day_that_is_told_of_is_three_months_away(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    expiring(maelle, last_day(here) + DAY)
    assert post.run().letters == 0
    here.clock.moved += DAY
    expiring(maelle, last_day(here))
    assert post.run().letters == 1


def test_a_date_known_to_the_year_is_read_to_its_last_day(
    here: Here, maelle: Caller, post: Post
) -> None:
    here.clock.moved += timedelta(days=199)  # to 30 September
    switched(maelle, True)
    year = here.clock.today.year
    added(maelle, "accreditation", issuedOn=f"{year - 2}", validUntil=f"{year}")
    assert post.run().letters == 0
    here.clock.moved += DAY
    assert post.run().letters == 1


def test_what_is_past_renewed_or_far_away_is_not_told_of(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    today = here.clock.today
    expiring(maelle, today - DAY)
    expiring(maelle, today + 30 * DAY, accreditationType="SST")
    expiring(maelle, today + 700 * DAY, accreditationType="SST", issuedOn=today.isoformat())
    added(maelle, "accreditation", issuedOn="2001")
    added(maelle, "diploma")
    assert (post.run().looked_at, post.delivered()) == (1, [])


def test_a_driving_licence_and_what_is_kept_from_others_are_told_of(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    until = (here.clock.today + DAY).isoformat()
    added(maelle, "drivingLicence", licenceCategory="C", validUntil=until, shareable=False)
    assert post.run().letters == 1


def test_a_letter_says_nothing_of_anybody(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    made = expiring(maelle, here.clock.today + DAY, comment="canari")
    assert made["headline"]
    post.run()
    (letter,) = post.delivered()
    said = f"{letter.subject}\n{letter.text}".lower()
    words = [*CANARY_IDENTITY.values(), "maelle", "lefèvre", made["headline"], whole(maelle)["id"]]
    words += ["habilitation", "permis", "formation", "canari", str(here.clock.today.year)]
    for word in words:
        assert str(word).lower() not in said, word
    without_addresses = said.replace(here.deployment.settings.public_url, "")
    assert "livret" not in without_addresses


def test_nothing_is_told_of_twice(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    expiring(maelle, here.clock.today + 80 * DAY)
    assert [post.run().letters, post.run().letters] == [1, 0]
    here.clock.moved += (REMINDER_DAYS + 1) * DAY
    assert (post.run().looked_at, len(post.delivered())) == (1, 1)
    switched(maelle, False)
    switched(maelle, True)
    assert (post.run().looked_at, post.delivered()) == (1, [])


def test_a_date_that_moves_is_told_of_anew(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    made = expiring(maelle, here.clock.today + 50 * DAY)
    assert post.run().letters == 1
    here.clock.moved += (REMINDER_DAYS + 1) * DAY
    sent = {"accreditation": {"validUntil": (here.clock.today + 60 * DAY).isoformat()}}
    assert maelle.do(REVISE, id=made["id"], version=1, entry=sent)["__typename"] == "EntryRevised"
    assert post.run().letters == 1


def test_a_person_gets_one_letter_in_thirty_days_for_all_that_expires(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    for days in (10, 20):
        expiring(maelle, here.clock.today + days * DAY)
    assert (post.run().letters, len(post.delivered())) == (1, 1)
    expiring(maelle, here.clock.today + 80 * DAY)
    here.clock.moved += REMINDER_DAYS * DAY - timedelta(seconds=1)
    assert (post.run().looked_at, post.delivered()) == (1, [])
    here.clock.moved += DAY
    assert (post.run().letters, len(post.delivered())) == (1, 1)


def test_turning_reminders_off_and_on_brings_no_letter_sooner(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    expiring(maelle, here.clock.today + 10 * DAY)
    assert (post.run().letters, len(post.delivered())) == (1, 1)
    expiring(maelle, here.clock.today + 20 * DAY)
    switched(maelle, False)
    switched(maelle, True)
    assert (post.run().looked_at, post.delivered()) == (1, [])


def test_a_booklet_is_looked_at_once_a_day(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    assert [post.run().looked_at, post.run().looked_at] == [1, 0]
    here.clock.moved += timedelta(hours=21)
    assert post.run().looked_at == 1


def test_a_run_is_bounded_and_the_next_goes_on_with_the_others(
    here: Here, site: Site, post: Post
) -> None:
    for number in range(3):
        one = site.with_booklet(f"agent{number}")
        switched(one, True)
        expiring(one, here.clock.today + DAY)
    assert [post.run(2).letters, post.run(2).letters, post.run(2).letters] == [2, 1, 0]
    assert {letter.to for letter in post.delivered()} == {
        f"agent{number}@example.org" for number in range(3)
    }


def test_a_run_that_is_killed_in_the_middle_has_written_whole_letters_or_none(
    here: Here, site: Site, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        one = site.with_booklet(f"agent{number}")
        switched(one, True)
        expiring(one, here.clock.today + DAY)
    written, write = [], reminders.reminder_repository.write_letter

    def killed(*told: Any) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(told)
        write(*told)

    with monkeypatch.context() as patched:
        patched.setattr(reminders.reminder_repository, "write_letter", killed)
        with pytest.raises(KeyboardInterrupt):
            post.run()
    first, rolled_back = post.delivered()
    assert post.run().letters == 2
    addresses = [letter.to for letter in post.delivered()]
    assert rolled_back.to in addresses
    assert sorted([first.to, *addresses]) == [f"agent{number}@example.org" for number in range(3)]
    assert post.run().letters == 0


def test_two_runs_at_once_write_one_letter(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    expiring(maelle, here.clock.today + DAY)
    reports = at_once(post.run, post.run)
    assert sum(report.letters for report in reports) == 1
    assert sum(report.looked_at for report in reports) == 1
    assert len(post.delivered()) == 1


def test_looking_at_a_booklet_costs_as_many_statements_however_full_it_is(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    stores = (here.deployment.service.store, here.deployment.service.key_store)

    def costs() -> int:
        before = sum(store.statements for store in stores)
        assert post.run().looked_at == 1
        here.clock.moved += DAY
        return sum(store.statements for store in stores) - before

    empty = costs()
    maelle.do(ADD_ALL, entries=[entry(rubric) for rubric in ("diploma", "accreditation") * 20])
    assert costs() == empty == 7


def test_a_booklet_that_does_not_open_holds_up_nobody(here: Here, site: Site, post: Post) -> None:
    broken, whole_one = site.with_booklet("broken"), site.with_booklet("whole")
    for one in (broken, whole_one):
        switched(one, True)
        expiring(one, here.clock.today + DAY)
    id = whole(broken)["id"]
    other = f"(SELECT sealed FROM reminder WHERE booklet <> '{id}')"
    change(here, f"UPDATE reminder SET sealed = {other} WHERE booklet = '{id}'")
    report = post.run()
    assert (report.unreadable, report.letters) == (1, 1)
    assert post.run().unreadable == 0


def test_who_signs_in_elsewhere_has_no_address_and_is_told_so(
    here: Here, elsewhere: Caller
) -> None:
    assert setting(elsewhere) == OFF | {"available": False}
    answer = elsewhere.do(SET, enabled=True)
    assert (answer["__typename"], answer["code"]) == ("NoVerifiedAddress", "NO_VERIFIED_ADDRESS")
    assert setting(elsewhere) == OFF | {"available": False}
    assert rows(here, "reminder", "booklet", "enabled_at") == []


def test_a_person_of_another_issuer_who_also_has_an_account_here_has_its_address(
    here: Here, site: Site, elsewhere: Caller, post: Post
) -> None:
    account = site.account("second")
    ((person,),) = here.deployment.store.database.execute_sql(
        "SELECT person FROM identity WHERE subject = 'owner'"
    ).fetchall()
    store = here.deployment.store
    with store.writing():
        store.run(LoginIdentityTable.insert(issuer=OWN_ISSUER, subject=account, person=person))
    sign_rows(store)
    switched(elsewhere, True)
    expiring(elsewhere, here.clock.today + DAY)
    post.run()
    assert [letter.to for letter in post.delivered()] == ["second@example.org"]


def test_no_letter_goes_to_an_address_that_is_no_longer_verified(
    here: Here, site: Site, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    expiring(maelle, here.clock.today + DAY)
    desk = site.desk()
    with desk.writing():
        record = accounts.find(desk, site.account("maelle"))
        assert record is not None
        accounts.update(desk, record, record.details, proven=False)
    assert setting(maelle)["available"] is False
    assert (post.run().looked_at, post.delivered()) == (1, [])


def test_nobody_without_an_open_booklet_asks_for_reminders(here: Here, post: Post) -> None:
    newcomer = here.caller("newcomer")
    for enabled in (True, False):
        answer = newcomer.do(SET, enabled=enabled)
        assert (answer["__typename"], answer["state"]) == ("WrongState", "NONE")


def test_reminders_are_ended_under_any_charter_and_begun_under_the_one_in_force(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    change(here, "UPDATE booklet SET charter_version = 'earlier'")
    switched(maelle, False)
    assert maelle.do(SET, enabled=True)["__typename"] == "OutdatedCharter"


def test_a_closed_booklet_gets_no_letter(
    here: Here, site: Site, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    expiring(maelle, here.clock.today + DAY)
    closer = here.caller(site.account("maelle"), signed_in_at=here.clock.seconds)
    assert close(closer)["__typename"] == "BookletClosed"
    assert rows(here, "reminder", "booklet", "enabled_at") == []
    assert (post.run().looked_at, post.delivered()) == (0, [])


def test_what_is_removed_is_not_told_of(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    made = expiring(maelle, here.clock.today + DAY)
    maelle.do(REMOVE, id=made["id"], version=1)
    assert (post.run().looked_at, post.delivered()) == (1, [])


def test_the_sweep_forgets_who_has_long_wanted_no_reminders(
    here: Here, site: Site, livret: Livret
) -> None:
    maelle, other = site.with_booklet("maelle"), site.with_booklet("other")
    for one in (maelle, other):
        switched(one, True)
    switched(maelle, False)
    assert livret("sweep")[0] == 0
    assert len(rows(here, "reminder", "booklet", "enabled_at")) == 2
    change(here, f"UPDATE reminder SET looked_at = looked_at - {121 * 86_400 * 1_000_000}")
    assert livret("sweep")[0] == 0
    assert [booklet for booklet, _ in rows(here, "reminder", "booklet", "enabled_at")] == [
        whole(other)["id"]
    ]


def test_the_setting_is_in_the_record_and_stays_behind_when_it_is_imported(
    here: Here, site: Site, maelle: Caller, post: Post
) -> None:
    assert exported(maelle)["reminder"] == {"enabled": False}
    switched(maelle, True)
    expiring(maelle, here.clock.today + DAY)
    post.run()
    record = exported(maelle)
    assert set(record["reminder"]) == {"enabled", "since", "lastLetterAt"}
    other = site.with_booklet("other")
    assert upload(other, record).status_code == 200
    assert setting(other) == OFF


def test_what_was_told_is_stored_sealed(here: Here, maelle: Caller, post: Post) -> None:
    switched(maelle, True)
    made = expiring(maelle, here.clock.today + DAY, comment="canari")
    post.run()
    assert not any(canaries_in(content) for _, content in stored(here.deployment))
    kept = b"".join(bytes(row[0]) for row in rows(here, "reminder", "sealed, booklet"))
    assert made["id"].encode() not in kept


def test_the_command_tells_how_many_and_never_whose(here: Here, site: Site, livret: Livret) -> None:
    maelle = site.with_booklet("maelle")
    switched(maelle, True)
    expiring(maelle, here.clock.today + 40 * DAY)
    code, said, errors = livret("remind")
    assert (code, errors) == (0, "")
    assert said == typeset("Livrets examinés : 1 ; courriels confiés : 1.\n")
    assert livret("remind")[1] == typeset("Livrets examinés : 0 ; courriels confiés : 0.\n")
    assert livret("remind", "--most", "-1")[0] == 2


def test_an_entry_that_is_no_accreditation_expires_nowhere(
    here: Here, maelle: Caller, post: Post
) -> None:
    switched(maelle, True)
    added(maelle, "training", **entry("training")["training"])
    assert (post.run().looked_at, post.delivered()) == (1, [])
