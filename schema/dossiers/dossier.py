"""A dossier as its owner sees it: a purpose, and what of the booklet it communicates.

A dossier without a selection communicates nothing, except the built-in one, which communicates
everything.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from itertools import chain

import strawberry

from schema.codes.table import CodeLabel
from schema.damage import PARTS_OF_THE_GUIDE, DamagedPart, StoredKind
from schema.description.bounds import (
    MAX_ENTRIES,
    MAX_FORM_LINES,
    MAX_NAMED_ENTRIES,
    MAX_PROBLEMS,
    at_most,
)
from schema.description.fields import fields_of
from schema.description.refusals import Problem, problem
from schema.description.rubric import Part, RubricName
from schema.dossiers.dispense import (
    Dispense,
    DispenseContent,
    dispense_errors,
    dispense_warnings,
    lacks_level,
)
from schema.dossiers.gaps import gap_warnings
from schema.dossiers.printable import (
    Printable,
    bundled_printable,
    texts_of,
    unprintable_warnings,
)
from schema.dossiers.purposes import DISPENSE, Annex, DossierForm
from schema.dossiers.selection import Selection, selected_with_rubric
from schema.entries.entries import Attachment, Entry
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from schema.sharing.share_link import ENDED_LINK_MONTHS, MAX_LISTED_LINKS, ShareLink
from schema.typography import quoted

MAX_DOSSIERS = 50  # beside the built-in one
WHOLE_BOOKLET = "LIVRET_COMPLET"
WHOLE_BOOKLET_TITLE = "Livret individuel de formation"
# Names are in every dossier; the consent to statistics is in none.
NAMES = ("lastName", "firstName")
IDENTITY_FIELDS = tuple(
    each.key for each in fields_of(IdentityContent) if each.key not in (*NAMES, "statsConsent")
)


@strawberry.type(
    description="A saved selection of a booklet, made for a purpose. It communicates the entries that are named one by one, and those of the parts and rubrics that are chosen whole. A whole part or rubric also takes the entries that are added to it later; it never takes those that are not shareable, nor skills assessments, recommendations, union or family activities, which are communicated only when named."
)
class Dossier:
    """What the owner prints or shares."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    version: int = strawberry.field(
        description="Counts the revisions; give it back when saving or removing."
    )
    title: str = strawberry.field(description="The French title on its cover.")
    purpose: CodeLabel = strawberry.field(description="What it is for.")
    built_in: bool = strawberry.field(
        description="Whether it is the whole booklet, with all that is kept from new dossiers, which exists from the start and can be neither changed nor removed."
    )
    sought_post: str | None = strawberry.field(
        default=None, description="The post that its owner applies for, as they wrote it."
    )
    recipient: str | None = strawberry.field(
        default=None, description="Whom it is addressed to, as its owner wrote it."
    )
    parts: list[Part] = strawberry.field(
        default_factory=list, description=f"The parts that are chosen whole; {at_most(len(Part))}."
    )
    rubrics: list[RubricName] = strawberry.field(
        default_factory=list,
        description=f"The rubrics that are chosen whole; {at_most(len(RubricName))}.",
    )
    identity_fields: list[str] = strawberry.field(
        default_factory=list,
        description=f"The identity fields that it communicates beside the names, by key; {at_most(MAX_FORM_LINES)}.",
    )
    situation: bool = strawberry.field(
        default=False, description="Whether it communicates the current situation."
    )
    annexes: list[Annex] = strawberry.field(
        default_factory=list,
        description=f"What is printed besides the entries; {at_most(len(Annex))}.",
    )
    form: DossierForm = strawberry.field(
        default=DossierForm.FULL, description="How it is laid out; the whole booklet is FULL."
    )
    dispense: Dispense | None = strawberry.field(
        default=None,
        description="The request for an exemption from statutory training; of that purpose only.",
    )
    named_entries: strawberry.Private[tuple[str, ...]] = ()
    read_entries: strawberry.Private[Callable[[], list[Entry]]] = list
    today: strawberry.Private[date] = date.min
    link_lists: strawberry.Private[Callable[[], Mapping[str, list[ShareLink]]]] = dict
    holder: strawberry.Private[IdentityContent | None] = None
    holder_situation: strawberry.Private[SituationContent | None] = None
    printable: strawberry.Private[Printable] = field(default_factory=bundled_printable)

    @property
    def entry_list(self) -> list[Entry]:
        """The entries of its booklet, sorted; read when they are first asked for."""
        return self.read_entries()

    @property
    def selection(self) -> Selection:
        """What it takes of a booklet."""
        return Selection(
            parts=frozenset(self.parts),
            rubrics=frozenset(self.rubrics),
            entries=frozenset(self.named_entries),
            everything=self.built_in,
        )

    def needs(self, part: DamagedPart, entries: Iterable[Entry]) -> bool:
        """Whether what it communicates of these entries would be incomplete without that part."""
        match part.kind:
            case StoredKind.IDENTITY | StoredKind.HEAD:
                return True
            case StoredKind.SITUATION:
                return self.situation
            case kind if kind in PARTS_OF_THE_GUIDE:  # what it names may stand there
                known = {entry.id for entry in entries}
                is_named = not known.issuperset(self.named_entries)
                return is_named or self.selection.may_include_of(Part[kind.name])
            case StoredKind.ENTRY:
                return self.selection.may_include(part.id, part.rubric)
            case StoredKind.COMPETENCE_LINK:
                selected = {entry.id for entry in self.selection.filter(entries)}
                return selected.issuperset(part.id.split(":"))
        return False

    @strawberry.field(
        description=f"The entries that are named one by one; those removed since are gone from here too; {at_most(MAX_ENTRIES)}."
    )
    def entries(self) -> list[strawberry.ID]:
        known = {entry.id for entry in self.entry_list}
        return [strawberry.ID(id) for id in self.named_entries if id in known]

    @strawberry.field(
        description=f"The entries of `entries` themselves, in its order; {at_most(MAX_ENTRIES)}."
    )
    def entry_nodes(self) -> list[Entry]:
        known: dict[str, Entry] = {entry.id: entry for entry in self.entry_list}
        return [known[id] for id in self.named_entries if id in known]

    @strawberry.field(
        description=f"Every entry that it communicates as things stand, in the booklet's order; {at_most(MAX_ENTRIES)}."
    )
    def selected_entries(self) -> list[strawberry.ID]:
        return [entry.id for entry in self.selection.filter(self.entry_list)]

    @strawberry.field(
        description=f"The entries of `selectedEntries` themselves, in its order; {at_most(MAX_ENTRIES)}."
    )
    def selected_entry_nodes(self) -> list[Entry]:
        return self.selection.filter(self.entry_list)

    @strawberry.field(
        description=f"Of `annexes`, those that have nothing to show as things stand, and are left out; {at_most(len(Annex))}."
    )
    def empty_annexes(self) -> list[Annex]:
        return empty_among(self.annexes, self.selection.filter(self.entry_list))

    @strawberry.field(
        description=f"What its owner should look at before communicating it; never blocks; {at_most(MAX_PROBLEMS)}."
    )
    def warnings(self) -> list[Problem]:
        return [] if self.built_in else dossier_warnings(self, self.entry_list, self.today)

    @strawberry.field(
        description=f"The links by which it is read, the newest first: live ones, and those that ended within {ENDED_LINK_MONTHS} months; {at_most(MAX_LISTED_LINKS)}."
    )
    def share_links(self) -> list[ShareLink]:
        return self.link_lists().get(self.id, [])


def empty_among(annexes: Iterable[Annex], entries: Collection[Entry]) -> list[Annex]:
    """The annexes that these entries leave empty: a panorama of nothing, a list without documents."""
    empty = set() if entries else {Annex.PANORAMA}
    if not any(isinstance(entry, Attachment) for entry in entries):
        empty.add(Annex.CHECKLIST)
    return [annex for annex in annexes if annex in empty]


def with_booklet(
    dossier: Dossier,
    entries: Callable[[], list[Entry]],
    today: date,
    link_lists: Callable[[], Mapping[str, list[ShareLink]]],
    *,
    holder: IdentityContent | None,
    situation: SituationContent | None,
    printable: Printable,
) -> Dossier:
    """The dossier with the entries of its booklet (sorted, with their links), its holder and their
    situation, the day, its share links, and what its PDF can draw.

    Entries and share links are read when they are asked for.
    """
    return replace(
        dossier,
        read_entries=entries,
        today=today,
        link_lists=link_lists,
        holder=holder,
        holder_situation=situation,
        printable=printable,
    )


def sort_dossiers(dossiers: Iterable[Dossier]) -> list[Dossier]:
    """The built-in one first, then by title."""
    return sorted(dossiers, key=lambda one: (not one.built_in, one.title.casefold(), one.id))


def dossier_errors(dossier: Dossier, entries: list[Entry], today: date) -> list[Problem]:
    """What refuses a dossier of these entries, by the law of its purpose.

    Paths are relative to the dossier: `dispense.ground`; `entries[3]` for an entry that is named,
    `rubrics` or `parts` for an entry that is selected with its rubric or part.
    """
    if dossier.purpose.code != DISPENSE:
        return []
    if dossier.dispense is None:
        message = "Une demande de dispense comporte un formulaire : remplissez-le."
        return [problem("dispense", "REQUIRED", message)]
    selected = dossier.selection.filter(entries)
    form_errors = [
        replace(each, path=f"dispense.{each.path}")
        for each in dispense_errors(dossier.dispense, selected, today)
    ]
    diplomas: dict[str, list[Entry]] = {}
    for entry, path in _with_paths(dossier, entries):
        if lacks_level(entry):
            diplomas.setdefault(path, []).append(entry)
    return [
        problem(
            path,
            "LEVEL_REQUIRED",
            _level_required(path, found),
            entries=(one.id for one in found),
        )
        for path, found in diplomas.items()
    ] + form_errors


def _level_required(path: str, diplomas: list[Entry]) -> str:
    """Which diplomas have no level, by their headlines, and what to do."""
    names = ", ".join(quoted(one.headline()) for one in diplomas[:MAX_NAMED_ENTRIES])
    more = len(diplomas) - MAX_NAMED_ENTRIES
    if more > 0:
        names += " et un autre" if more == 1 else f" et {more} autres"
    it = "indiquez-le" if len(diplomas) == 1 else "indiquez-les"
    instead = "décochez ce diplôme" if path.startswith("entries") else "cochez les diplômes un à un"
    return f"Dans une demande de dispense, le niveau de chaque diplôme est obligatoire ; il manque pour {names} : {it}, ou {instead}."


def dossier_warnings(dossier: Dossier, entries: list[Entry], today: date) -> list[Problem]:
    """What the owner should look at: errors as of now, missing fields, sensitive entries, gaps."""
    selected = dossier.selection.filter(entries)
    warnings = dossier_errors(dossier, entries, today)
    if not selected:
        warnings.append(
            problem("entries", "EMPTY", "Ce dossier ne communique encore aucun élément.")
        )
    message = "Cet élément n’est communiqué que parce que vous l’avez choisi : vérifiez-le."
    warnings += [
        problem(path, "SENSITIVE", message)
        for entry, path in _with_paths(dossier, entries)
        if not selected_with_rubric(entry)
    ]
    warnings += unprintable_warnings(_typed(dossier, entries), dossier.printable)
    warnings += gap_warnings(selected, today, documents=Annex.CHECKLIST in dossier.annexes)
    if dossier.dispense is not None:
        warnings += [
            replace(each, path=f"dispense.{each.path}")
            for each in dispense_warnings(dossier.dispense, selected)
        ]
    return warnings[:MAX_PROBLEMS]


def _typed(dossier: Dossier, entries: list[Entry]) -> Iterator[tuple[str, Iterable[str]]]:
    """What the owner typed of what the dossier communicates, with the path of each choice."""
    yield "title", [dossier.title]
    yield "soughtPost", [dossier.sought_post or ""]
    yield "recipient", [dossier.recipient or ""]
    if dossier.dispense is not None:
        yield "dispense", texts_of(dossier.dispense, DispenseContent)
    if dossier.holder is not None:
        yield "identityFields", _identity_texts(dossier.holder, dossier.identity_fields)
    if dossier.situation and dossier.holder_situation is not None:
        yield "situation", texts_of(dossier.holder_situation, SituationContent)
    ids = {entry.id for entry in dossier.selection.filter(entries)}
    for entry, path in _with_paths(dossier, entries):
        notes = (link.note or "" for link in entry.link_list if link.target.id in ids)
        told = notes if entry.rubric is RubricName.COMPETENCE else ()
        yield path, chain(texts_of(entry, entry.described_by.content), told)


def _identity_texts(identity: IdentityContent, chosen: Collection[str]) -> Iterator[str]:
    for each in fields_of(IdentityContent):
        text = getattr(identity, each.name)
        if isinstance(text, str) and (each.key in NAMES or each.key in chosen):
            yield text


def _with_paths(dossier: Dossier, entries: list[Entry]) -> list[tuple[Entry, str]]:
    """The selected entries, each with the path of the choice that selects it."""
    known = {entry.id for entry in entries}
    places = {id: at for at, id in enumerate(id for id in dossier.named_entries if id in known)}
    return [
        (
            entry,
            f"entries[{places[entry.id]}]"
            if entry.id in places
            else "rubrics"
            if entry.rubric in dossier.rubrics
            else "parts",
        )
        for entry in dossier.selection.filter(entries)
    ]
