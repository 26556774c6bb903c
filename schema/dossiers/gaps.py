"""What the entries of a dossier lack, for its owner to know: it is on no page that a reader gets.

Each kind is one problem, which names the first entries that it is about.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from schema.description.bounds import MAX_NAMED_ENTRIES
from schema.description.refusals import Problem, problem
from schema.description.validity import Validity
from schema.entries.entries import Competence, Entry
from schema.panorama.matrix import stands_alone
from schema.panorama.validity_items import validity_of


def gap_warnings(selected: Sequence[Entry], today: date, *, documents: bool) -> Iterator[Problem]:
    """Competences without a support, entries without a document, titles that are over.

    Supports and documents count when they are selected too; `documents` says whether the dossier
    lists its paper documents at all.
    """
    known = {entry.id for entry in selected}
    alone = [
        entry for entry in selected if isinstance(entry, Competence) and stands_alone(entry, known)
    ]
    if alone:
        are = "est" if len(alone) == 1 else "sont"
        message = f"{_count(alone, 'compétence')} {are} sans appui dans ce dossier"
        yield _said("NO_SUPPORT", message, alone)
    bare = [
        entry
        for entry in selected
        if documents
        and entry.described_by.evidence
        and entry.described_by.expects_evidence(entry, today)
        and not any(document.id in known for document in entry.attachment_list)
    ]
    if bare:
        ask = "demande" if len(bare) == 1 else "demandent"
        message = f"{_count(bare, 'élément')} {ask} une pièce qui n’est pas dans ce dossier"
        yield _said("NO_DOCUMENT", message, bare)
    over = [entry for entry, state in validity_of(selected, today) if state is Validity.EXPIRED]
    if over:
        is_over = "n’est plus valable" if len(over) == 1 else "ne sont plus valables"
        message = f"{_count(over, 'titre')} de ce dossier {is_over}"
        yield _said("EXPIRED", message, over)


def _count(entries: Sequence[Entry], noun: str) -> str:
    if len(entries) == 1:
        return f"Un{'e' if noun == 'compétence' else ''} {noun}"
    return f"{len(entries)} {noun}s"


def _said(code: str, message: str, entries: Sequence[Entry]) -> Problem:
    """The problem, with the first entries by their headlines."""
    names = [entry.described_by.headline(entry) for entry in entries[:MAX_NAMED_ENTRIES]]
    more = len(entries) - len(names)
    rest = f" et {more} autre{'s' if more > 1 else ''}" if more else ""
    return problem(
        "entries", code, f"{message} : {', '.join(f'« {name} »' for name in names)}{rest}."
    )
