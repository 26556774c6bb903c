"""Anonymous reads of a known id, and of ids that nothing has: the journal holds, and time tells nothing.

Times are of the processor, of both kinds in turn, as a ratio: a loaded machine changes neither.
"""

import resource
from collections.abc import Callable
from statistics import median

import pytest

from schema.sharing.access_record import REFUSALS_OF_AN_HOUR
from tests.conftest import Caller, Here
from tests.graphql_api.callers.journals import BOOKLET, DOSSIER, ids_of, journal
from tests.graphql_api.roles import absent
from tests.torture.figures import Figures

pytestmark = pytest.mark.torture


def processor_seconds() -> float:
    """The time that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def test_a_journal_holds_what_was_read_whatever_is_refused(
    here: Here, owner: Caller, figures: Figures, times: Callable[[int, int], int]
) -> None:
    booklet, dossier = ids_of(owner)
    credentials = here.deployment.service.credentials
    job = Caller(here.client, credentials.print_token(booklet, dossier), "print")
    assert job.ask(DOSSIER, id=dossier)["sharedDossier"]
    here.clock.stop(here.clock())
    nobody, asked = here.nobody(), times(100, 1_010)
    spent: dict[str, list[float]] = {"foreign": [], "absent": []}
    for _ in range(asked):
        for kind, id in (("foreign", booklet), ("absent", absent())):
            before = processor_seconds()
            nobody.post({"query": BOOKLET, "variables": {"id": id}})
            spent[kind].append(processor_seconds() - before)
    lines = journal(owner, first=100)
    figures.size("anonymous reads of a known id within an hour", f"{asked:,}")
    refused = [one for one in lines if one["outcome"] == "REFUSED"]
    figures.exactly("lines of the journal that they take", len(refused), REFUSALS_OF_AN_HOUR + 1)
    figures.exactly("refusals that these lines count", sum(one["times"] for one in refused), asked)
    read = [one for one in lines if one["outcome"] == "READ"]
    figures.exactly("readings that are still told", len(read), 1)
    ratio = median(spent["foreign"]) / median(spent["absent"])
    figures.under(
        "difference of processor time between a known and an absent id",
        abs(ratio - 1) * 100,
        25,
        "%",
    )
