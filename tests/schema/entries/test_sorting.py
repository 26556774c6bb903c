"""The order of entries, and entries that are put in their places one by one."""

from itertools import permutations

import pytest

from schema.entries.entries import Competence, Diploma, Training
from schema.entries.sorting import insert_entries, sort_entries
from tests.schema.panorama.panorama_sample import entry, post

ENTRIES = (
    entry(Competence, "first", label="Rédiger un marché"),
    entry(Competence, "second", label="Animer une réunion"),
    entry(Diploma, "undated", title="Licence"),
    entry(Training, "to-the-year", title="Budget", start="2019"),
    post("going-on", start="2020", ongoing=True),
    post("going-on-too", start="2021", ongoing=True),
)


@pytest.mark.parametrize("count", [0, 3, len(ENTRIES)])
def test_entries_that_are_inserted_stand_where_sorting_puts_them(count: int) -> None:
    wanted = [one.id for one in sort_entries(ENTRIES)]
    for order in permutations(ENTRIES):
        inserted = insert_entries(sort_entries(order[:count]), order[count:])
        assert [one.id for one in inserted] == wanted
