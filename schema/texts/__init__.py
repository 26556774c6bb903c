"""The texts that a booklet quotes: the charter that opens it and the decree that it contains.

The charter is the guide's, word for word, and so keeps its straight apostrophes and its unaccented
headings. One slip is corrected: the guide's screen heads it « CHARTRE D'ENGAGEMENT », while the
guide elsewhere, and French, say « charte ». A revised charter is a new file with a new version, and the
accepted versions stay readable. The decree is the official text; its article 2 wants a copy of it
in every booklet.

A text is a file: `# title`, `> source`, `## heading`, and paragraphs set apart by blank lines.
"""

from importlib.resources import files

import strawberry

from schema.typography import typeset


@strawberry.type(description="A titled part of a legal text.")
class LegalSection:
    """An article, or a chapter of the charter."""

    heading: str = strawberry.field(
        description="As in the text; empty for what precedes the first heading."
    )
    paragraphs: list[str] = strawberry.field(
        description="Verbatim, in order; one that starts with « - » is a list item; at most 20."
    )


@strawberry.type(description="A legal text, verbatim.")
class LegalText:
    """The charter or the decree."""

    version: str = strawberry.field(description="Which edition of the text it is.")
    title: str = strawberry.field(description="Its title.")
    source: str = strawberry.field(description="Where it comes from, in French.")
    sections: list[LegalSection] = strawberry.field(description="In order; at most 20.")


def load_text(name: str, version: str) -> LegalText:
    """The text in a file of this package."""
    return parse_text(read_text(name), version)


def read_text(name: str) -> str:
    """What is written in a file of this package, typeset."""
    return typeset(files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8"))


def parse_text(written: str, version: str) -> LegalText:
    """Parse a text; the module describes its form."""
    text = LegalText(version=version, title="", source="", sections=[])
    for block in _blocks(written):
        if block.startswith("# "):
            text.title = block.removeprefix("# ")
        elif block.startswith("> "):
            text.source = block.removeprefix("> ")
        elif block.startswith("## "):
            text.sections.append(LegalSection(heading=block.removeprefix("## "), paragraphs=[]))
        else:
            if not text.sections:
                text.sections.append(LegalSection(heading="", paragraphs=[]))
            text.sections[-1].paragraphs.append(block)
    return text


def _blocks(written: str) -> list[str]:
    """The blocks of a text: every paragraph, heading and list item is one line."""
    return [line.strip() for line in written.splitlines() if line.strip()]


CHARTERS: dict[str, LegalText] = {"1": load_text("charter-1", "1")}
CHARTER = CHARTERS["1"]
DECREE = load_text("decree-2008-830", "2008-830")

NOTICE = typeset(
    "Informations déclarées par l’agent, sans validation du CNFPT. « Le fait que ces informations "
    "apparaissent dans le livret mis à disposition par le CNFPT ne leur procure aucune validation "
    "de quelque forme que ce soit. L'inscription dans le livret ne constitue pas une preuve de la "
    "véracité de ces informations. » (charte d’engagement)"
)
