"""Links are attached to copies: the entries that were read stay as they were."""

from schema.description.rubric import RubricName
from schema.entries.entries import Attachment, Competence, Entry, LinkRelation
from schema.entries.links import EvidenceRecord, LinkRecord, attach_links
from tests.schema.entry_samples import an_entry

LINK = LinkRecord("skill", "course", LinkRelation.ACQUIRED, None)
EVIDENCE = EvidenceRecord("paper", "course")


def read() -> list[Entry]:
    return [
        an_entry(RubricName.COMPETENCE, "skill"),
        an_entry(RubricName.ATTACHMENT, "paper"),
        an_entry(RubricName.TRAINING, "course"),
    ]


def test_links_and_documents_are_known_from_both_ends() -> None:
    course, skill, paper = attach_links(read(), [LINK], [EVIDENCE])
    assert isinstance(skill, Competence)
    assert isinstance(paper, Attachment)
    (link,) = course.link_list
    assert skill.link_list == [link]
    assert (link.competence, link.target) == (skill, course)
    assert (course.attachment_list, paper.proved_list) == ([paper], [course])
    assert paper.number == 1


def test_entries_that_are_linked_twice_have_each_link_once() -> None:
    entries = read()
    attach_links(entries, [LINK], [EVIDENCE])
    again = attach_links(entries, [LINK], [EVIDENCE])
    assert [len(entry.link_list) for entry in again] == [1, 1, 0]
    assert [len(entry.attachment_list) for entry in again] == [1, 0, 0]
    skill, paper, _ = entries
    alone = attach_links([skill, paper], [LINK], [EVIDENCE])
    assert [(entry.link_list, entry.proved_list) for entry in alone] == [((), ()), ((), ())]


def test_a_link_to_an_entry_that_was_not_selected_is_left_out() -> None:
    skill, paper, _ = read()
    linked = attach_links([skill, paper], [LINK], [EVIDENCE])
    assert [entry.id for entry in linked] == ["skill", "paper"]
    assert [(entry.link_list, entry.proved_list) for entry in linked] == [((), ()), ((), ())]
