"""Reads the API's JSON into a dossier: texts are cleaned, entries numbered, ids become references."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from print_site.dossier.answer import LONGEST_TITLE, AnswerObject, Title
from print_site.dossier.fingerprints import canonical_json, fingerprint
from print_site.dossier.model import (
    DossierAnswer,
    LinkAnswer,
    PrintedDossier,
    PrintedLink,
    PrintedLinks,
)
from print_site.dossier.references import Reference, References, RubricReference, printed_code
from print_site.dossier.text import clean_json
from print_site.errors import PrintError, Reason

T = TypeVar("T")


class _NumberedEntry(AnswerObject, frozen=True):
    entry: str
    headline: Title
    # Checked here, since an error within `_resolve` would lack the path to the list.
    links: tuple[LinkAnswer, ...]
    attachments: tuple[str, ...]
    proves: tuple[str, ...]


class _NumberedRubric(AnswerObject, frozen=True):
    rubric: str
    code: str
    entries: tuple[_NumberedEntry, ...]


class _NumberedPart(AnswerObject, frozen=True):
    part: str
    rubrics: tuple[_NumberedRubric, ...]


class _ProfileItem(AnswerObject, frozen=True):
    supports: tuple[str, ...]


class _ProfileSection(AnswerObject, frozen=True):
    items: tuple[_ProfileItem, ...]


class _Profile(AnswerObject, frozen=True):
    sections: tuple[_ProfileSection, ...]


class _Outline(AnswerObject, frozen=True):
    parts: tuple[_NumberedPart, ...]
    profile: _Profile | None


def parse_dossier(data: dict[str, Any]) -> PrintedDossier:
    """Return the dossier of the API's JSON. Raises PrintError, whose `detail` is the path of a fault."""
    try:
        written = canonical_json(data)
        answer = _Reader(clean_json(data)).read(DossierAnswer)
    except (ValueError, RecursionError) as error:
        # Messages of other errors quote the data.
        detail = str(error) if isinstance(error, msgspec.ValidationError) else type(error).__name__
        raise PrintError(
            Reason.UNREADABLE,
            "Les données reçues ne sont pas celles d’un dossier complet.",
            detail,
        ) from None
    return PrintedDossier(
        **msgspec.structs.asdict(answer),
        canonical_json=written,
        fingerprint=fingerprint(written),
    )


class _Reader:
    """Reads structs out of one answer. Raises msgspec.ValidationError, which names a path."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.entries: dict[str, Reference] = {}
        self.rubrics: dict[str, RubricReference] = {}
        for part in self.read(_Outline).parts:
            for rubric in part.rubrics:
                self.rubrics[rubric.rubric] = RubricReference(rubric.rubric, rubric.code, part.part)
                # Numbers run within the dossier: a gap would reveal that an entry is left out.
                for rank, entry in enumerate(rubric.entries, start=1):
                    code = printed_code(rubric.code, rank)
                    self.entries[entry.entry] = Reference(code, part.part, entry.headline)

    def read(self, kind: type[T]) -> T:
        """Return the whole answer as a struct of this type."""
        return msgspec.convert(self.answer, kind, dec_hook=self._resolve)

    def _resolve(self, kind: type, value: Any) -> Any:
        if kind is References:
            ids = msgspec.convert(value, list[str])
            return References(self.entries[one] for one in ids if one in self.entries)
        if kind is PrintedLinks:
            return PrintedLinks(self._links(value))
        if not isinstance(value, str):
            raise TypeError(f"Expected `str`, got `{type(value).__name__}`")
        if kind is Title:
            return Title(value if len(value) <= LONGEST_TITLE else f"{value[: LONGEST_TITLE - 1]}…")
        held = self.rubrics if kind is RubricReference else self.entries
        if value not in held:
            raise ValueError("Expected the name of something in this dossier")
        return held[value]

    def _links(self, value: Any) -> Iterator[PrintedLink]:
        for link in msgspec.convert(value, list[LinkAnswer], dec_hook=self._resolve):
            if link.entry in self.entries:
                yield PrintedLink(self.entries[link.entry], link.relation.label, link.note or "")
