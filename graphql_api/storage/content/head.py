"""The head of a booklet: its sections as they were last written, and the counts of its entries.

A section that is older than the head says, or is none of those that it names, was put back.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graphql_api.storage.content.damage import check_shape
from graphql_api.storage.content.sections import SECTION_NAMED, Section, rubrics_in, tag_of
from schema.damage import StoredKind
from schema.description.rubric import RubricName

HEAD_SHAPE = 1
_RUBRICS = {rubric.value: rubric for rubric in RubricName}


@dataclass(frozen=True, slots=True)
class RubricSize:
    """How many entries a rubric has, and how many of those a summary may count."""

    entries: int
    disclosable: int


@dataclass(frozen=True, slots=True)
class Head:
    """`version` counts the writes of sections; `seals` has the version and the tag of each section."""

    version: int = 0
    seals: Mapping[Section, tuple[int, bytes]] = field(default_factory=dict)
    sizes: Mapping[RubricName, RubricSize] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        """How many entries the booklet has."""
        return sum(size.entries for size in self.sizes.values())

    def names(self, section: Section, version: int, sealed: bytes) -> bool:
        """Whether a stored section is the one that was last written."""
        return self.seals.get(section) == (version, tag_of(sealed))

    def with_sections(
        self, version: int, sealed: Mapping[Section, bytes], sizes: Mapping[RubricName, RubricSize]
    ) -> "Head":
        """The head once these sections are written under its next version."""
        new = {section: (version, tag_of(one)) for section, one in sealed.items()}
        return Head(version, dict(self.seals) | new, dict(self.sizes) | dict(sizes))

    def without(self, section: Section) -> "Head":
        """The head without a section that its owner removed."""
        seals = {one: seal for one, seal in self.seals.items() if one is not section}
        gone = rubrics_in(section)
        sizes = {rubric: size for rubric, size in self.sizes.items() if rubric not in gone}
        return replace(self, seals=seals, sizes=sizes)


def head_document(head: Head) -> dict[str, Any]:
    """A head as it is stored; its version stands beside it."""
    return {
        "shape": HEAD_SHAPE,
        "sections": {
            section.value: [version, b64encode(tag).decode()]
            for section, (version, tag) in head.seals.items()
        },
        "sizes": {
            rubric.value: [size.entries, size.disclosable] for rubric, size in head.sizes.items()
        },
    }


def head_of(booklet: str, version: int, document: dict[str, Any]) -> Head:
    """A stored head. Raises one of `UNREADABLE`, and `NewerShapeError`."""
    check_shape(StoredKind.HEAD, booklet, document["shape"], HEAD_SHAPE)
    return Head(
        version,
        {
            SECTION_NAMED[name]: (of, b64decode(tag))
            for name, (of, tag) in document["sections"].items()
        },
        {_RUBRICS[name]: RubricSize(*size) for name, size in document["sizes"].items()},
    )
