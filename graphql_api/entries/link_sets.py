"""The verbs of links that set all those of one entry at once, from either end.

What is listed is there afterwards, what is not listed is gone, and what is there as it was asked is
left alone. A link belongs to its competence or attachment: the versions that rise are those of the
entry that was named and of the owners whose links changed; where nothing changed, none does. The
statements do not grow with the number of links.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strawberry import UNSET

from graphql_api.booklets.booklets import require_open
from graphql_api.entries.entries import next_version, require_version
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.content.booklet_repository import booklet_of
from graphql_api.storage.content.booklet_writer import save
from graphql_api.storage.content.damage import parts_of, refuse_if_damaged
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.operation import Operation
from schema.booklet import Booklet
from schema.damage import Damaged, StoredKind
from schema.description.bounds import MAX_ENTRIES
from schema.description.refusals import InvalidEntry, Problem, Refused, problem
from schema.description.rubric import RubricName
from schema.description.validation import clean_value, note_errors
from schema.entries.entries import NOTE_LENGTH, Entry, LinkRelation
from schema.entries.inputs import CompetenceLinkInput
from schema.entries.links import EvidenceRecord, LinkRecord

_NO_SUPPORT = "Une compétence se relie à une formation ou à une expérience."
_NO_PROOF = "Une pièce jointe justifie un élément qui n’est pas une pièce jointe."


def set_competence_links(
    op: Operation,
    entry: str,
    version: int,
    sent: Sequence[CompetenceLinkInput],
    evidence: Sequence[str] | None = None,
) -> tuple[Booklet, str]:
    """Set the links of a competence, or those of an entry that supports competences.

    Of a link that is there, an absent note stays. `evidence` are the documents that prove the entry
    afterwards; without it they stay as they are. Refused with `NotFound`, `Conflict`, or
    `InvalidEntry`, which names every problem.
    """
    loaded = require_open(op)
    named = require_version(op, loaded, entry, version, "entry")
    owns = named.rubric is RubricName.COMPETENCE
    if not owns and not _supports(named):
        raise Refused(InvalidEntry(problems=[problem("entry", "NOT_LINKABLE", _NO_SUPPORT)]))
    links = loaded.links  # first, so that those that do not open are known
    for part in parts_of(op, loaded.id):
        if part.kind is StoredKind.COMPETENCE_LINK and entry in part.id.split(":"):
            raise Refused(Damaged(part=part))
    before = {
        link.target if owns else link.competence: (link.relation, link.note)
        for link in links
        if (link.competence if owns else link.target) == entry
    }
    paths = {f"links[{at}].other": one.other for at, one in enumerate(sent)}
    fits = _supports if owns else _is_of(RubricName.COMPETENCE)
    problems = _end_problems(op, loaded, "links", paths, fits, _NO_SUPPORT)
    after: dict[str, tuple[LinkRelation, str | None]] = {}
    for at, one in enumerate(sent):
        known = before.get(one.other)
        note: object = known[1] if known else None
        if one.note is not UNSET:
            note = clean_value(one.note)
        problems += note_errors(f"links[{at}].note", note, NOTE_LENGTH)
        after[one.other] = (one.relation, note if isinstance(note, str) else None)
    proofs = _ProofChange(loaded, named, evidence)
    problems += proofs.problems(op, "evidence")
    refuse_if_any(problems)
    kept = [one for one in links if entry not in (one.competence, one.target)]
    new = [
        LinkRecord(*((entry, other) if owns else (other, entry)), *said)
        for other, said in after.items()
    ]
    owners = _owners(entry, owns, _changed(before, after)) | proofs.owners
    return _write(op, loaded, named, owners, links=(*kept, *new), evidence=proofs.after)


def set_evidence_links(
    op: Operation, entry: str, version: int, others: Sequence[str]
) -> tuple[Booklet, str]:
    """Set what a paper document proves, or the documents that prove an entry.

    Refused with `NotFound`, `Conflict`, or `InvalidEntry`, which names every problem.
    """
    loaded = require_open(op)
    named = require_version(op, loaded, entry, version, "entry")
    proofs = _ProofChange(loaded, named, others)
    refuse_if_any(proofs.problems(op, "others"))
    return _write(op, loaded, named, proofs.owners, evidence=proofs.after)


@dataclass(frozen=True, slots=True)
class _ProofChange:
    """What proves an entry, or what a document proves, as it shall be; all stays if `others` is None."""

    loaded: LoadedBooklet
    named: Entry
    others: Sequence[str] | None

    @property
    def _owns(self) -> bool:
        return self.named.rubric is RubricName.ATTACHMENT

    def problems(self, op: Operation, argument: str) -> list[Problem]:
        """The problems of the other ends, under the argument that names them."""
        paths = {f"{argument}[{at}]": other for at, other in enumerate(self.others or ())}
        return _end_problems(op, self.loaded, argument, paths, self._fits, _NO_PROOF)

    def _fits(self, other: Entry) -> bool:
        return (other.rubric is RubricName.ATTACHMENT) != self._owns

    @property
    def owners(self) -> set[str]:
        """Whose version rises."""
        if self.others is None:
            return set()
        id, owns = self.named.id, self._owns
        before = {
            link.entry if owns else link.attachment: True
            for link in self.loaded.evidence
            if (link.attachment if owns else link.entry) == id
        }
        return _owners(id, owns, _changed(before, dict.fromkeys(self.others, True)))

    @property
    def after(self) -> tuple[EvidenceRecord, ...]:
        """All that documents of the booklet prove afterwards."""
        if self.others is None:
            return tuple(self.loaded.evidence)
        id, owns = self.named.id, self._owns
        kept = [one for one in self.loaded.evidence if id not in (one.attachment, one.entry)]
        new = [EvidenceRecord(*((id, other) if owns else (other, id))) for other in self.others]
        return (*kept, *new)


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The other ends whose link differs between two sets of links."""
    ends = before.keys() | after.keys()
    return {one for one in ends if before.get(one) != after.get(one)}


def _owners(named: str, owns: bool, changed: set[str]) -> set[str]:
    """The entry that was named and those that own the links that changed; none if none did."""
    if not changed:
        return set()
    return {named} if owns else {named, *changed}


def _supports(entry: Entry) -> bool:
    return entry.described_by.supports_competences


def _is_of(rubric: RubricName) -> Callable[[Entry], bool]:
    return lambda entry: entry.rubric is rubric


def _end_problems(
    op: Operation,
    loaded: LoadedBooklet,
    argument: str,
    ends: Mapping[str, str],
    fits: Callable[[Entry], bool],
    message: str,
) -> list[Problem]:
    """The problems of the other ends, by their paths: too many, twice, not there, not fitting."""
    if len(ends) > MAX_ENTRIES:
        return [problem(argument, "TOO_MANY", f"{MAX_ENTRIES} éléments au plus.")]
    entries: dict[str, Entry] = {one.id: one for one in loaded.entries}
    problems, seen = [], set()
    for path, id in ends.items():
        other = entries.get(id)
        if id in seen:
            problems.append(problem(path, "DUPLICATE", "Cet élément est répété."))
        elif other is None:
            refuse_if_damaged(op, loaded.id, StoredKind.ENTRY, id)
            problems.append(problem(path, "NOT_FOUND", "Élément introuvable dans votre livret."))
        elif not fits(other):
            problems.append(problem(path, "NOT_LINKABLE", message))
        seen.add(id)
    return problems


def _write(
    op: Operation,
    loaded: LoadedBooklet,
    named: Entry,
    owners: set[str],
    **links: tuple[Any, ...],
) -> tuple[Booklet, str]:
    """Write the links of the named entry, if any has owners whose version rises.

    A link counts as a write to the competence or attachment that owns it.
    """
    if not owners:
        return booklet_of(op, loaded), named.id
    entries = [next_version(one) for one in loaded.entries if one.id in owners]
    after = loaded.with_replaced(entries).changed(**links)
    return booklet_of(op, save(op, loaded, after)), named.id
