"""`livret sweep`, killed at statements from the first to the last: the next one finishes the work."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import AccessRecordTable, AnswerTable, BookletTable
from tests.conftest import OPEN, Here, with_booklet
from tests.graphql_api.documents import whole
from tests.torture.figures import Figures
from tests.torture.killing import runner, spread
from tests.torture.test_kills_while_closing import connect_anew, environment

pytestmark = pytest.mark.torture


def test_a_sweep_that_is_killed_is_finished_by_the_next(
    here: Here, tmp_path: Path, figures: Figures, times: Callable[[int, int], int]
) -> None:
    settings, store = environment(here, tmp_path), here.deployment.store
    owner = with_booklet(here, "owner")
    before = whole(owner)
    old = to_microseconds(here.clock() - timedelta(days=400))

    def litter(number: int) -> None:
        """Rows of three kinds that have ended, one of them in both stores."""
        connect_anew(here)
        here.caller(f"begun {number}").do(OPEN, code=here.code())
        with store.writing():
            store.run(BookletTable.update(updated_at=old).where(BookletTable.state == "CODE_GIVEN"))
            answers = [(before["id"], f"{number} {one}", "x", old, b"") for one in range(20)]
            columns = (AnswerTable.booklet, AnswerTable.key_hash, AnswerTable.request_hash)
            store.run(
                AnswerTable.insert_many(
                    answers, [*columns, AnswerTable.created_at, AnswerTable.sealed]
                )
            )
            store.run(
                AccessRecordTable.insert(booklet=before["id"], id=f"{number}", at=old, sealed=b"")
            )

    def left() -> tuple[int, ...]:
        connect_anew(here)
        counted = [
            store.database.execute_sql(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]
            for table, where in (
                ("booklet", "state = 'CODE_GIVEN'"),
                ("answer", f"created_at = {old}"),
                ("access_record", f"at = {old}"),
                ("tombstone", "NOT key_destroyed"),
            )
        ]
        keys = here.deployment.key_store.database.execute_sql("SELECT count(*) FROM booklet_key")
        return (*map(int, counted), int(keys.fetchone()[0]) - 1)

    killed = unfinished = 0
    with runner() as run:
        command = ("graphql_api.commands", "sweep")
        litter(0)
        full = run.run(*command, environment=settings)
        assert not full.failed
        for number, place in enumerate(spread(full.statements, times(5, 30)), 1):
            litter(number)
            killed += run.run(*command, environment=settings, before=place).killed
            unfinished += left() != (0, 0, 0, 0, 0)
            assert not run.run(*command, environment=settings).failed
            assert left() == (0, 0, 0, 0, 0), place
    figures.at_least("kills, from the first statement to the last", killed, times(4, 25))
    figures.size("sweeps that a kill left unfinished", unfinished)
    figures.exactly("rows that the next sweep left", sum(left()), 0)
    figures.exactly("what an open booklet holds is as before", whole(owner) == before, True)
