"""Names of downloaded files: what a person reads in a folder, and what HTTP carries of it.

A dossier is named by what it is for and by the title that its owner chose, never by who the owner is.
"""

import re
import unicodedata
from urllib.parse import quote

MAX_CHARACTERS = 100
_SEPARATOR = " - "
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')  # of Windows, which is the strictest


def dossier_file_name(purpose: str, title: str, form: str) -> str:
    """The name of a dossier's file, from the French label of its purpose and its title."""
    words = ["Livret"]
    for text in map(_cleaned, (purpose, title)):
        if text and not any(text.casefold() in word.casefold() for word in words):
            words = [word for word in words if word.casefold() not in text.casefold()]
            words.append(text)
    return f"{_cut(_SEPARATOR.join(words))}.{form}"


def attachment(name: str) -> str:
    """The Content-Disposition of a download of that name (RFC 6266), also for what reads ASCII only."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "'").replace("œ", "oe"))
    ascii_name = re.sub(r"[\"%\\]", "", plain.encode("ascii", "ignore").decode())
    if ascii_name == name:
        return f'attachment; filename="{name}"'
    stem, dot, form = ascii_name.rpartition(".")
    ascii_name = f"{' '.join(stem.split()).rstrip(' -') or 'Livret'}{dot}{form}"
    # quoted as attr-char of RFC 5987, which the value of filename* may hold
    encoded = quote(name, safe="!#$&+-.^_`|~")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{encoded}"


def _cut(name: str) -> str:
    """A name of at most `MAX_CHARACTERS`, which ends with a whole word unless it is one long word."""
    if len(name) <= MAX_CHARACTERS:
        return name.rstrip(" .-")
    kept = name[: MAX_CHARACTERS - 1]
    whole = kept if name[len(kept)] == " " else kept.rpartition(" ")[0]
    return f"{(whole if len(whole) > len(kept) // 2 else kept).rstrip(' .-,;’')}…"


def _cleaned(text: str) -> str:
    """A text without what file systems refuse, and without marks that hide how a name ends."""
    kept = "".join(
        " " if unicodedata.category(one)[0] in "CZ" else one
        for one in unicodedata.normalize("NFC", text)
    )
    return " ".join(_NOT_IN_NAMES.sub(" ", kept).split()).strip(" .-")
