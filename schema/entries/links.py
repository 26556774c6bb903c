"""The links between entries: as they are stored, and attached to the entries at both ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from schema.entries.entries import Attachment, Competence, CompetenceLink, Entry, LinkRelation
from schema.entries.sorting import sort_entries


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
        entry.attached_links, entry.attached_documents, entry.attached_proved = [], [], []
        entry.attach = None
    by_id: dict[str, Entry] = {entry.id: entry for entry in sorted_entries}
    places: dict[str, int] = {entry.id: place for place, entry in enumerate(sorted_entries)}
    number_attachments(sorted_entries)
    for link in sorted(
        links, key=lambda link: (places.get(link.competence, 0), places.get(link.target, 0))
    ):
        competence, target = by_id.get(link.competence), by_id.get(link.target)
        if isinstance(competence, Competence) and target is not None:
            attached = CompetenceLink(
                competence=competence, target=target, relation=link.relation, note=link.note
            )
            competence.attached_links.append(attached)
            target.attached_links.append(attached)
    for record in sorted(
        evidence, key=lambda record: (places.get(record.attachment, 0), places.get(record.entry, 0))
    ):
        document, proved = by_id.get(record.attachment), by_id.get(record.entry)
        if isinstance(document, Attachment) and proved is not None:
            proved.attached_documents.append(document)
            document.attached_proved.append(proved)
    return sorted_entries


def number_attachments(sorted_entries: Iterable[Entry]) -> None:
    """Number the attachments among sorted entries, from 1."""
    attachments = (entry for entry in sorted_entries if isinstance(entry, Attachment))
    for number, attachment in enumerate(attachments, start=1):
        attachment.number = number
