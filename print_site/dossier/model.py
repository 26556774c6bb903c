"""One dossier as it is printed: codes and cross references. Frozen, read from the JSON.

Raises PrintError when the JSON is not that of a dossier.
"""

from dataclasses import dataclass
from typing import Any

from print_site.dossier import text
from print_site.dossier.fingerprints import canonical_json, fingerprint
from print_site.dossier.json_fields import label, optional, string, title
from print_site.dossier.panorama import Panorama, read_panorama
from print_site.dossier.references import Reference, References, part_anchor, printed_code, slug
from print_site.dossier.shape import check_shape
from print_site.errors import PrintError, Reason

# A row of a page has six columns; this many characters fill one, two, three, four of them.
COLUMNS = 6
FILLED = (12, 28, 44, 61)
LABEL_FILLED = 18
LONGEST_FACT = 100


@dataclass(frozen=True)
class Line:
    """A label and its display text."""

    label: str
    text: str

    @property
    def is_text(self) -> bool:
        """Whether it is prose, which stands alone and may go on overleaf."""
        return "\n" in self.text or len(self.text) > LONGEST_FACT

    @property
    def columns(self) -> int:
        """How many columns of a row it takes."""
        text = next((n for n, most in enumerate(FILLED, 1) if len(self.text) <= most), COLUMNS)
        return max(text, min(-(-len(self.label) // LABEL_FILLED), COLUMNS))


@dataclass(frozen=True)
class Link:
    """The other end of a link between a competence and what supports it."""

    to: Reference
    relation: str
    note: str


@dataclass(frozen=True)
class Entry:
    """One entry; `links` and `attachments` lead away from it, `proves` leads from an attachment."""

    code: str
    anchor: str
    headline: str
    when: str
    lines: tuple[Line, ...]
    links: tuple[Link, ...]
    attachments: tuple[Reference, ...]
    proves: tuple[Reference, ...]


@dataclass(frozen=True)
class Rubric:
    """A rubric and its entries, in the order of the dossier."""

    name: str
    code: str
    anchor: str
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Part:
    """One of the parts of the booklet (« volet »)."""

    name: str
    anchor: str
    label: str
    introduction: str
    rubrics: tuple[Rubric, ...]

    @property
    def filled(self) -> tuple[Rubric, ...]:
        return tuple(rubric for rubric in self.rubrics if rubric.entries)

    @property
    def empty(self) -> tuple[Rubric, ...]:
        return tuple(rubric for rubric in self.rubrics if not rubric.entries)


@dataclass(frozen=True)
class Holder:
    """Whose booklet it is, the identity lines that are communicated, and where they work now."""

    civility: str
    last_name: str
    first_name: str
    lines: tuple[Line, ...]
    situation: tuple[Line, ...]


@dataclass(frozen=True)
class Section:
    """One article or chapter of a legal text."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class LegalText:
    """A text that is printed word for word."""

    title: str
    version: str
    source: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Dispense:
    """The request for exemption that a dossier is made for, and who signs it."""

    lines: tuple[Line, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True)
class Dossier:
    """Everything that the pages say. `canonical` is the JSON of all data, `fingerprint` its SHA-256.

    `annexes` names what the holder wants printed: PANORAMA, CHECKLIST, CHARTER, DECREE.
    """

    title: str
    purpose: str
    recipient: str
    as_of: str
    holder: Holder
    parts: tuple[Part, ...]
    panorama: Panorama
    notice: str
    annexes: frozenset[str]
    dispense: Dispense | None
    charter: LegalText
    decree: LegalText
    canonical_json: str
    fingerprint: str

    @property
    def about(self) -> tuple[Line, ...]:
        """What it is for, to whom it goes, and when it was made."""
        lines = (
            Line("Objet du dossier", self.purpose),
            Line("Destinataire", self.recipient),
            Line("Édité le", self.as_of),
        )
        return tuple(line for line in lines if line.text)

    @property
    def legal_texts(self) -> tuple[tuple[str, LegalText], ...]:
        """The texts to print, each with its anchor."""
        texts = (("CHARTER", "charte", self.charter), ("DECREE", "decret", self.decree))
        return tuple((anchor, legal) for annex, anchor, legal in texts if annex in self.annexes)

    @property
    def first_entry(self) -> Entry | None:
        entries = (rubric.entries[0] for part in self.parts for rubric in part.filled)
        return next(entries, None)


def read(data: dict[str, Any]) -> Dossier:
    """The dossier of the API's JSON. Raises PrintError when it is not complete."""
    try:
        check_shape(data)
        return _dossier(text.clean_json(data), canonical_json(data))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        # The cause quotes the data, which no log may show.
        raise PrintError(
            Reason.UNREADABLE, "Les données reçues ne sont pas celles d’un dossier complet."
        ) from None


def _dossier(data: dict[str, Any], canonical_json: str) -> Dossier:
    references = _references(data["parts"])
    holder = data["holder"]
    return Dossier(
        title=title(data, "title"),
        purpose=title(data["purpose"], "label"),
        recipient=optional(data, "recipient"),
        as_of=text.french_date(string(data, "asOf")),
        holder=Holder(
            civility=label(holder, "civility"),
            last_name=title(holder, "lastName"),
            first_name=title(holder, "firstName"),
            lines=_lines(holder["lines"]),
            situation=_lines(holder["situation"]),
        ),
        parts=tuple(_part(part, references) for part in data["parts"]),
        panorama=read_panorama(data["panorama"], data["parts"], string(data, "asOf"), references),
        notice=string(data, "notice"),
        annexes=frozenset(data["annexes"]),
        dispense=_dispense(data["dispense"]),
        charter=_legal(data["charter"]),
        decree=_legal(data["decree"]),
        canonical_json=canonical_json,
        fingerprint=fingerprint(canonical_json),
    )


def _references(parts: list[dict[str, Any]]) -> References:
    """Numbers within the dossier, without gaps: a gap would tell that something is withheld."""
    return {
        entry["id"]: Reference(
            code, part_anchor(string(part, "part")), slug(code), title(entry, "headline")
        )
        for part in parts
        for rubric in part["rubrics"]
        for rank, entry in enumerate(rubric["entries"], start=1)
        for code in (printed_code(string(rubric, "code"), rank),)
    }


def _part(part: dict[str, Any], references: References) -> Part:
    return Part(
        name=string(part, "part"),
        anchor=part_anchor(string(part, "part")),
        label=title(part, "label"),
        introduction=string(part, "introduction"),
        rubrics=tuple(
            Rubric(
                name=string(rubric, "rubric"),
                code=string(rubric, "code"),
                anchor=f"rubrique-{slug(rubric['code'])}",
                label=title(rubric, "label"),
                entries=tuple(_entry(entry, references) for entry in rubric["entries"]),
            )
            for rubric in part["rubrics"]
        ),
    )


def _entry(entry: dict[str, Any], references: References) -> Entry:
    own = references[entry["id"]]
    return Entry(
        code=own.code,
        anchor=own.anchor,
        headline=title(entry, "headline"),
        when=title(entry, "when"),
        lines=_lines(entry["lines"]),
        links=tuple(
            Link(
                references[link["entry"]], title(link["relation"], "label"), optional(link, "note")
            )
            for link in entry["links"]
            if link["entry"] in references
        ),
        attachments=_selected(entry["attachments"], references),
        proves=_selected(entry["proves"], references),
    )


def _selected(ids: list[str], references: References) -> tuple[Reference, ...]:
    return tuple(references[identifier] for identifier in ids if identifier in references)


def _lines(lines: list[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(Line(title(line, "label"), string(line, "text")) for line in lines)


def _dispense(form: dict[str, Any] | None) -> Dispense | None:
    if form is None:
        return None
    return Dispense(_lines(form["lines"]), tuple(form["signatures"]))


def _legal(legal: dict[str, Any]) -> LegalText:
    return LegalText(
        title=title(legal, "title"),
        version=string(legal, "version"),
        source=title(legal, "source"),
        sections=tuple(
            Section(title(section, "heading"), tuple(section["paragraphs"]))
            for section in legal["sections"]
        ),
    )
