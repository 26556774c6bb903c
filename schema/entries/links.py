"""The links between entries: as they are stored, and attached to the entries at both ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TypeVar

from schema.entries.entries import Attachment, Competence, CompetenceLink, Entry, LinkRelation
from schema.entries.sorting import sort_entries

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A stored link: which competence, which entry, how."""

    competence: str
    target: str
    relation: LinkRelation
    note: str | None


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """A stored link between an attachment and an entry that it proves."""

    attachment: str
    entry: str


def attach_links(
    entries: Iterable[Entry],
    links: Iterable[LinkRecord],
    evidence: Iterable[EvidenceRecord],
    *,
    are_sorted: bool = False,
) -> list[Entry]:
    """The entries, sorted, each with its links, its documents and what it proves.

    `are_sorted` spares sorting those that are.

    The entries are those given, which forget the links that they had: copies of them would cost a
    fifth of the time in which a booklet is read. A link to an entry that is not among them is left
    out: a selection shows nothing of the rest.
    """
    sorted_entries = list(entries) if are_sorted else sort_entries(entries)
    for entry in sorted_entries:
        entry.attached_links = entry.attached_documents = entry.attached_proved = ()
        entry.attach = None
    number_attachments(sorted_entries)
    places = {str(entry.id): place for place, entry in enumerate(sorted_entries)}
    attached_links: dict[int, list[CompetenceLink]] = {}
    for at, to, link in _placed(((one.competence, one.target, one) for one in links), places):
        competence = sorted_entries[at]
        if isinstance(competence, Competence):
            target = sorted_entries[to]
            attached = CompetenceLink(
                competence=competence, target=target, relation=link.relation, note=link.note
            )
            attached_links.setdefault(at, []).append(attached)
            attached_links.setdefault(to, []).append(attached)
    documents: dict[int, list[Attachment]] = {}
    proved: dict[int, list[Entry]] = {}
    for at, to, _ in _placed(((one.attachment, one.entry, one) for one in evidence), places):
        document = sorted_entries[at]
        if isinstance(document, Attachment):
            documents.setdefault(to, []).append(document)
            proved.setdefault(at, []).append(sorted_entries[to])
    for place, found in attached_links.items():
        sorted_entries[place].attached_links = found
    for place, listed in documents.items():
        sorted_entries[place].attached_documents = listed
    for place, entries_proved in proved.items():
        sorted_entries[place].attached_proved = entries_proved
    return sorted_entries


def _placed(
    records: Iterable[tuple[str, str, _Record]], places: Mapping[str, int]
) -> list[tuple[int, int, _Record]]:
    """Records with the places of both their ends, in the order of these; without those that lack one."""
    placed = [
        (places[one], places[other], record)
        for one, other, record in records
        if one in places and other in places
    ]
    placed.sort(key=itemgetter(0, 1))
    return placed


def number_attachments(sorted_entries: Iterable[Entry]) -> None:
    """Number the attachments among sorted entries, from 1."""
    attachments = (entry for entry in sorted_entries if isinstance(entry, Attachment))
    for number, attachment in enumerate(attachments, start=1):
        attachment.number = number
