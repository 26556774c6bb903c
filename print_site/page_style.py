"""The style, security policy, data and generator tag of one HTML page."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from print_site.branding.branding import Branding
from print_site.dossier.fingerprints import packed_data
from print_site.dossier.model import PrintedDossier
from print_site.generator_tag import generator_tag
from print_site.settings import FONTS, SHEETS, STATIC

# Of all pages, and of the first, which has no running header.
_COMPACT_MARGINS = ("margin:20mm 18mm 18mm;", "margin-block:11mm 10mm;")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class PageStyle:
    """`inline` goes in <style>, `sheets` are linked; `policy` is the CSP's text.

    `data` is what a single file carries, packed; `generator` is its generator tag.
    """

    inline: Markup
    sheets: tuple[str, ...]
    policy: str
    data: Markup
    generator: str


def page_style(
    dossier: PrintedDossier, branding: Branding | None = None, *, single_file: bool
) -> PageStyle:
    """Return the style of an HTML page: a folder links sheets, a single file contains them."""
    own = _own_rules(dossier, branding)
    inline = inlined_sheets() + own if single_file else own
    digest = base64.b64encode(hashlib.sha256(inline.encode("utf-8")).digest()).decode("ascii")
    style, font = ("", "data:") if single_file else ("'self' ", "'self'")
    image = "img-src data:; " if branding and branding.logo else ""
    return PageStyle(
        inline=Markup(inline),  # noqa: S704, our own sheets, and names escaped as CSS strings
        sheets=() if single_file else SHEETS,
        policy=(
            f"default-src 'none'; style-src {style}'sha256-{digest}'; font-src {font}; {image}"
            "base-uri 'none'; form-action 'none'"
        ),
        data=packed_data(dossier.canonical_json) if single_file else Markup(),
        generator=generator_tag(_digest(branding)),
    )


def _digest(branding: Branding | None) -> str:
    return branding.digest if branding else ""


def _own_rules(dossier: PrintedDossier, branding: Branding | None) -> str:
    return (branding.colours_css if branding else "") + _running_header(dossier)


def _running_header(dossier: PrintedDossier) -> str:
    name = dossier.holder.name
    margins, first = _COMPACT_MARGINS if dossier.is_compact else ("", "")
    return (
        f"@page{{{margins}@top-left{{content:{css_string(dossier.title)}}}"
        f"@top-right{{content:{css_string(name)}}}"
        f"@bottom-left{{content:{css_string(f'Édité le {dossier.as_of}')}}}}}"
        f"@page:first{{{first}@top-left{{content:none}}@top-right{{content:none}}"
        "@bottom-left{content:none}}"
    )


def css_string(text: str, most: int = 80, longest_word: int = 36) -> str:
    """Return a CSS string with every character escaped, so that no name becomes a rule.

    Margin boxes know no `overflow-wrap`: a word that would run into its neighbour is cut.
    """
    words = (
        word if len(word) <= longest_word else f"{word[: longest_word - 1]}…"
        for word in text.split(" ")
    )
    shown = " ".join(words)
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    return '"' + "".join(f"\\{ord(character):06x}" for character in shown) + '"'


@cache
def inlined_sheets() -> str:
    """Return the style sheets with their fonts inside, without comments and indents, for a single file."""
    sheets = "".join((STATIC / sheet).read_text(encoding="utf-8") for sheet in SHEETS)
    sheets = _INDENT.sub("\n", _COMMENT.sub("", sheets)).strip()
    for font in FONTS:
        data = base64.b64encode((STATIC / "fonts" / font).read_bytes()).decode("ascii")
        sheets = sheets.replace(f"fonts/{font}", f"data:font/woff2;base64,{data}")
    return sheets
