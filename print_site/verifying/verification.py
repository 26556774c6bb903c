"""Verifies a printed dossier: compares its data, its fingerprint and its pages.

The result says whether the file was changed. It never says that the dossier is true, nor who made it:
anyone who has the program can make a dossier that agrees with itself.
"""

import json
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from print_site.branding.branding import Branding
from print_site.build import BUILDERS
from print_site.dossier.fingerprints import canonical_json, fingerprint
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import clean, french_date
from print_site.errors import PrintError, Reason
from print_site.generator_tag import generator_tag
from print_site.pdf.fonts import fonts_digest
from print_site.verifying.load_printed import PrintedFile, load_printed

PAGES_AGREE = "Les pages sont, octet pour octet, celles que Livret tire de ces données."
OTHER_EDITION = (
    "Les pages viennent d’une autre édition de Livret ou de ses outils de mise en page, ou portent un"
    " autre habillage ou d’autres polices : elles n’ont pas été comparées aux données. Vérifiez-les avec"
    " l’édition, l’habillage (--branding) et les polices (--fonts) qui les ont faites."
)
DATA_AGREE = "L’empreinte imprimée est celle des données."
PDF_DATA_AGREE = "L’empreinte que porte le fichier est celle de ses données : comparez-la avec celle qui est imprimée."
ALTERED_PDF = (
    "Ce fichier n’est pas, octet pour octet, celui que Livret tire de ces données : il a été modifié,"
    " ou enregistré par un autre logiciel. Demandez celui que Livret a écrit."
)
NO_PROOF = (
    "Cela ne prouve ni ce que dit le dossier, ni qui l’a fait : ses informations sont déclarées par"
    " son titulaire, et chacun peut refaire un dossier qui s’accorde avec lui-même."
)
TO_COMPARE = "Comparez l’empreinte avec celle que le titulaire vous a donnée par une autre voie."
IS_EXPECTED = "L’empreinte que vous avez donnée est celle de ce dossier."
IS_ANOTHER = (
    "L’empreinte que vous avez donnée n’est pas celle de ce dossier : relisez-la, ou c’est un autre"
    " dossier de son titulaire, ou le même avec d’autres données."
)
BAD_FINGERPRINT = (
    "Une empreinte a 64 caractères, espaces non compris : des chiffres, et des lettres de a à f."
)
_FINGERPRINT = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class VerificationResult:
    """The data agree with the fingerprint. `pages_compared`: the pages agree too, byte for byte.

    `is_another`: a fingerprint was given, and it is not that of this dossier.
    `as_of` is the day of the data in French, `verify_at` where the service that laid them out
    verifies dossiers: as the data say themselves, empty when they do not.
    """

    fingerprint: str
    pages_compared: bool
    sentences: tuple[str, ...]
    is_another: bool = False
    as_of: str = ""
    verify_at: str = ""


def verify(path: Path, expected: str = "", branding: Branding | None = None) -> VerificationResult:
    """Verify a printed dossier. Raises PrintError with Reason.ALTERED when something was changed.

    Raises Reason.BAD_FINGERPRINT for an `expected` that is none, before the file is read.
    `expected` is a fingerprint that the holder gave, in hexadecimal with or without spaces;
    `branding` is that of the pages, which cannot be compared without it.
    """
    given = _given_fingerprint(expected)
    printed = load_printed(path)
    data = _data(printed)
    digest = fingerprint(canonical_json(data))
    if printed.fingerprints != {digest}:
        raise _altered_error(
            "L’empreinte imprimée n’est pas celle des données que porte le fichier :"
            " l’une ou les autres ont été changées."
        )
    compared, said = _compare_pages(printed, data, branding)
    of_given = {"": TO_COMPARE, digest: IS_EXPECTED}.get(given, IS_ANOTHER)
    sentences = (of_given, _said_of_data(printed.form, compared=compared), said, NO_PROOF)
    if not given:
        sentences = (*sentences[1:], of_given)
    place = data.get("verifyAt")
    verify_at = clean(place) if isinstance(place, str) else ""
    is_another = of_given == IS_ANOTHER
    return VerificationResult(digest, compared, sentences, is_another, _day_of(data), verify_at)


def _given_fingerprint(expected: str) -> str:
    given = re.sub(r"\s", "", expected).lower()
    if given and not _FINGERPRINT.fullmatch(given):
        raise PrintError(Reason.BAD_FINGERPRINT, BAD_FINGERPRINT)
    return given


def _day_of(data: dict[str, object]) -> str:
    try:
        return french_date(date.fromisoformat(str(data.get("asOf"))))
    except ValueError:
        return ""


def _said_of_data(form: str, *, compared: bool) -> str:
    """The printed fingerprint of a PDF is read where its pages were compared, and only there."""
    return DATA_AGREE if compared or form != "pdf" else PDF_DATA_AGREE


def _data(printed: PrintedFile) -> dict[str, object]:
    try:
        data = json.loads(printed.data)
        written = canonical_json(data)
    except (ValueError, RecursionError):
        data, written = None, ""
    if not isinstance(data, dict) or printed.data != written:
        raise _altered_error(
            "Les données du fichier ont été changées : leur écriture n’est plus la nôtre."
        )
    return data


def _compare_pages(
    printed: PrintedFile, data: dict[str, object], branding: Branding | None
) -> tuple[bool, str]:
    if printed.generator != _tag_of(printed.form, branding):
        return False, OTHER_EDITION
    rebuilt = _rebuild(printed.form, data, branding)
    if rebuilt.files == printed.files:
        return True, PAGES_AGREE
    if rebuilt.files.keys() != printed.files.keys():
        raise _altered_error("Des fichiers manquent, ou ne sont pas de ceux que Livret écrit.")
    if printed.form == "pdf":
        raise _altered_error(ALTERED_PDF)
    raise _altered_error("Les pages ne sont pas celles que Livret tire de ces données.")


def _tag_of(form: str, branding: Branding | None) -> str:
    """The generator tag that this process gives to a form."""
    fonts = fonts_digest() if form == "pdf" else ""
    return generator_tag(branding.digest if branding else "", fonts)


def _rebuild(form: str, data: dict[str, object], branding: Branding | None) -> PrintedFile:
    try:
        dossier = parse_dossier(data)
    except PrintError:
        raise _altered_error(
            "Les données du fichier ne sont pas celles d’un dossier complet."
        ) from None
    with tempfile.TemporaryDirectory(prefix="livret-verify-") as folder:
        target = Path(folder) / "again"
        BUILDERS[form](dossier, target, branding)
        return load_printed(target)


def _altered_error(message: str) -> PrintError:
    return PrintError(Reason.ALTERED, message)
