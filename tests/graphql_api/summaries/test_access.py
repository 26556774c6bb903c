"""Who may read summaries, that owners are told, and what the rest of the world learns: nothing."""

from datetime import timedelta
from typing import cast

import pytest

from graphql_api.callers import sites
from graphql_api.serving import build_service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.communicated import access_record_repository
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import AccessRecordTable
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.booklets.closing import close, print_job
from tests.graphql_api.callers.journals import BOOKLET, journal, rows
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.consents.consents import WITHDRAW
from tests.graphql_api.documents import whole
from tests.graphql_api.roles import EVERYTHING
from tests.graphql_api.summaries.summaries import PAGE, ids, read, registered


def test_whoever_is_no_registered_site_is_refused(here: Here, owner: Caller) -> None:
    site = registered(here)
    consent(here, owner)
    everything = here.caller("agent", EVERYTHING)
    assert here.nobody().error(PAGE) == "UNAUTHENTICATED"
    assert owner.error(PAGE) == "INSUFFICIENT_SCOPE"
    assert everything.error(PAGE) == "FORBIDDEN"
    assert print_job(here, owner).error(PAGE) == "FORBIDDEN"
    assert here.machine(site.name, "livret:read").error(PAGE) == "INSUFFICIENT_SCOPE"
    assert here.machine("another machine").error(PAGE) == "FORBIDDEN"
    assert here.caller(site.name, EVERYTHING).error(PAGE) == "FORBIDDEN"
    assert rows(here) == 0


def test_a_machine_that_is_no_site_learns_nothing_from_what_it_asks(here: Here) -> None:
    machine, site = here.machine("another machine"), registered(here)
    consent(here, with_booklet(here, "owner"))
    cursor = read(site)["pageInfo"]["endCursor"]
    since = (here.clock() - timedelta(days=1)).isoformat()
    asked: tuple[dict[str, object], ...] = (
        *({}, {"first": 0}, {"after": "x"}, {"since": "0001-01-01T00:00:00Z"}),
        *({"after": cursor}, {"since": since}),
    )
    answers = {machine.post({"query": PAGE, "variables": variables}).content for variables in asked}
    assert len(answers) == 1
    assert b'"code":"FORBIDDEN"' in answers.pop()


def test_a_site_that_was_removed_reads_nothing_and_its_successor_reads_on(
    here: Here, owner: Caller
) -> None:
    site = registered(here)
    id = consent(here, owner)
    here.clock.stop(here.clock())
    assert ids(read(site)) == [id]
    service = build_service(here.deployment.settings)
    with service.store.writing():
        sites.unregister(service.operation(Anonymous()), "75")
    service.close()
    assert site.error(PAGE) == "FORBIDDEN"
    assert ids(read(registered(here))) == [id]
    assert site.error(PAGE) == "INVALID_TOKEN"


def test_a_booklet_without_consent_is_like_no_booklet(here: Here) -> None:
    site = registered(here)
    before = without_time(read(site))
    owner = with_booklet(here, "owner")
    assert without_time(read(site)) == before
    since = read(site)["asOf"]
    close(owner)
    assert without_time(read(site, since=since)) == before
    assert rows(here) == 0


def without_time(page: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in page.items() if key != "asOf"}


def test_every_reading_of_a_summary_is_told_to_its_owner_with_the_name_of_the_site(
    here: Here, owner: Caller
) -> None:
    site, institute = registered(here), registered(here, "INSET_NANCY")
    other = with_booklet(here, "other")
    id = consent(here, owner)
    read(site)
    assert read(institute)["nodes"] == []
    (record,) = journal(owner)
    assert record["who"] == "La délégation Nouvelle-Aquitaine du CNFPT"
    assert (record["what"], record["outcome"]) == ("Le résumé de votre livret", "READ")
    words = ", la délégation Nouvelle-Aquitaine du CNFPT a lu le résumé de votre livret."
    assert record["sentence"].endswith(words)
    consent(here, owner, "COUNTS", site="INSET_NANCY")
    read(institute)
    assert journal(owner)[0]["who"] == "L’INSET de Nancy"
    read(site, since=(here.clock() - timedelta(days=1)).isoformat())
    assert len(journal(owner)) == 3
    owner.do(WITHDRAW, id=id)
    read(site)
    assert len(journal(owner)) == 3
    assert journal(other) == []


def test_what_a_site_asks_of_a_booklet_by_its_id_is_refused_and_told(
    here: Here, owner: Caller
) -> None:
    site = registered(here)
    assert site.error(BOOKLET, id=whole(owner)["id"]) == "FORBIDDEN"
    (record,) = journal(owner)
    assert (record["what"], record["outcome"]) == ("Votre livret", "REFUSED")


def test_a_summary_that_cannot_be_told_to_its_owner_is_not_read(here: Here, owner: Caller) -> None:
    site = registered(here)
    id = consent(here, owner)
    database = here.deployment.store.database
    for is_kept in (False, True):
        database.execute_sql("ALTER TABLE access_record RENAME TO gone")
        try:
            answer = site.post({"query": PAGE})
            assert id not in answer.text
            assert "Lefèvre" not in answer.text
        finally:
            database.execute_sql("ALTER TABLE gone RENAME TO access_record")
        assert len(journal(owner)) == is_kept
        assert ids(read(site)) == [id]


def test_a_page_of_which_one_record_cannot_be_written_is_told_to_nobody(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, owners = registered(here), [with_booklet(here, f"agent {number}") for number in range(3)]
    told = {consent(here, owner) for owner in owners}
    sealed = access_record_repository.sealed_site_read
    made: list[object] = []

    def spoilt(sealer: Sealer, code: str) -> tuple[str, bytes]:
        id, content = sealed(sealer, code)
        made.append(id)
        return (
            (id, content) if len(made) % 3 else (cast(str, None), content)
        )  # which the table refuses

    with monkeypatch.context() as spoiling:
        spoiling.setattr(access_record_repository, "sealed_site_read", spoilt)
        answer = site.post({"query": PAGE})
    assert answer.status_code >= 500
    assert not any(id in answer.text for id in told)
    assert len(made) == len(owners)
    assert rows(here) == 0
    assert set(ids(read(site))) == told
    assert [len(journal(owner)) for owner in owners] == [1, 1, 1]


def test_what_a_site_read_stays_a_year_however_much_there_is(here: Here) -> None:
    site = registered(here)
    owners = [with_booklet(here, name) for name in ("full", "old", "new")]
    booklets = [whole(owner)["id"] for owner in owners]
    for owner in owners:
        consent(here, owner)
    read(site)
    now = to_microseconds(here.clock())
    year = timedelta(days=365) // timedelta(microseconds=1)
    ages = {booklets[0]: range(1, 1_501), booklets[1]: (year + 1, year + 2, 5)}
    columns = [
        AccessRecordTable.booklet,
        AccessRecordTable.id,
        AccessRecordTable.at,
        AccessRecordTable.sealed,
    ]
    store = here.deployment.store
    for booklet, old in ages.items():
        made = [(booklet, f"{booklet[:20]}-{age}", now - age, b"") for age in old]
        with store.writing():
            store.run(AccessRecordTable.insert_many(made, columns))
    read(site)
    assert access_record_repository.delete_old(store, now) == 2
    counted = dict(
        store.database.execute_sql(
            "SELECT booklet, count(*) FROM access_record GROUP BY booklet"
        ).fetchall()
    )
    assert [counted[booklet] for booklet in booklets] == [1_502, 3, 2]


def test_a_booklet_whose_key_was_destroyed_is_as_if_it_were_not_there(here: Here) -> None:
    site = registered(here)
    owners = [with_booklet(here, name) for name in ("owner", "other")]
    given = [consent(here, owner) for owner in owners]
    gone = whole(owners[0])["id"]
    here.deployment.key_store.database.execute_sql(
        f"DELETE FROM booklet_key WHERE booklet = '{gone}'"
    )
    assert ids(read(site)) == [given[1]]
    assert rows(here) == 1


@pytest.mark.parametrize("alias", ["", "again: "])
def test_nothing_of_one_document_escapes_the_journal(here: Here, owner: Caller, alias: str) -> None:
    site = registered(here)
    consent(here, owner)
    count = "bookletSummaries { totalCount }"
    site.ask(f"{{ {count} {alias}bookletSummaries {{ totalCount }} }}")
    assert len(journal(owner)) == (2 if alias else 1)
