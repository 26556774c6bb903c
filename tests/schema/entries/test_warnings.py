"""What the warnings of an entry read of the others."""

from collections.abc import Iterator

from schema.description.rubric import RubricName
from schema.entries.entries import Entry, entry_warnings, is_warned
from schema.rubrics import RUBRICS
from tests.schema.entry_samples import an_entry

COMPARING = {
    RubricName.ACCREDITATION,
    RubricName.DRIVING_LICENCE,
    RubricName.PROFESSIONAL_EXPERIENCE,
    RubricName.TUTORING_EXPERIENCE,
}
CONTENT = {
    RubricName.ACCREDITATION: {"accreditation_type": "SST", "valid_until": "2020"},
    RubricName.DRIVING_LICENCE: {"licence_category": "C", "valid_until": "2020"},
    RubricName.PROFESSIONAL_EXPERIENCE: {"start": "2015", "ongoing": True},
    RubricName.TUTORING_EXPERIENCE: {"start": "2015", "kind": "MAITRE_APPRENTISSAGE"},
}


class Others(list[Entry]):
    """The entries of a rubric, which know how often one went through them."""

    read = 0

    def __iter__(self) -> Iterator[Entry]:
        self.read += 1
        return super().__iter__()


def test_only_rules_that_compare_go_through_the_other_entries_of_a_rubric() -> None:
    read = set()
    for rubric in RUBRICS:
        one, other = (an_entry(rubric.name, id, **CONTENT.get(rubric.name, {})) for id in "ab")
        one.siblings = others = Others([one, other])
        entry_warnings(one)
        if others.read:
            read.add(rubric.name)
    assert read == COMPARING


def test_whether_an_entry_is_warned_is_known_from_its_first_warning() -> None:
    post = an_entry(RubricName.PROFESSIONAL_EXPERIENCE, start="2015", ongoing=True)
    post.siblings = others = Others([post])
    assert is_warned(post)
    assert others.read == 0
    assert entry_warnings(post)[0].code == "RECOMMENDED"
    assert others.read == 1


def test_an_entry_without_a_warning_is_not_warned() -> None:
    licence = an_entry(
        RubricName.DRIVING_LICENCE, licence_category="B", obtained_on="1999", valid_until="2033"
    )
    licence.siblings = [licence]
    assert entry_warnings(licence) == []
    assert not is_warned(licence)
