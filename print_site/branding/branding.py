"""Branding, « habillage »: the name, the logo and the colours of a collectivité, as settings.

A TOML file and a logo beside it; see docs/theme.md. Both are read once and checked whole: a
dossier never carries a colour that cannot be read, nor a logo that does more than show itself.
"""

import hashlib
import json
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from print_site.branding.colours import BACKGROUNDS, ROLES, lighten, lowest_contrast, theme_colours
from print_site.branding.logo import LARGEST_LOGO_BYTES, Logo, read_logo
from print_site.dossier.text import clean, typeset
from print_site.errors import PrintError, Reason

LEAST_CONTRAST = 4.5
LONGEST_NAME = 120
LARGEST_FILE_BYTES = 64 * 1024
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_KEYS = ("name", "logo", "show_name", *ROLES, "dark")
_BACKGROUNDS_IN_FRENCH = {"paper": "le papier", "desk": "le fond de l’écran"}


@dataclass(frozen=True, slots=True)
class Branding:
    """A collectivité's branding. `light` and `dark` hold the colours that it sets, by role.

    `digest` identifies the branding: two files that give the same pages have the same digest.
    """

    name: str
    logo: Logo | None
    show_name: bool
    light: Mapping[str, str]
    dark: Mapping[str, str]
    digest: str

    @property
    def colours_css(self) -> str:
        """Return the colours as CSS rules that override the theme's."""
        on_screen = _rule(self.dark)
        dark = f"@media screen and (prefers-color-scheme:dark){{{on_screen}}}" if on_screen else ""
        return _rule(self.light) + dark


def read_branding(file: Path) -> Branding:
    """Read and check a branding file. Raises PrintError with Reason.BAD_BRANDING."""
    try:
        given = tomllib.loads(_content(file, LARGEST_FILE_BYTES).decode("utf-8-sig"))
    except OSError:
        raise _branding_error(f"le fichier « {file.name} » n’est pas lisible.") from None
    except (ValueError, RecursionError) as why:
        where = str(why) if isinstance(why, tomllib.TOMLDecodeError) else "il n’est pas en UTF-8"
        raise _branding_error(f"le fichier « {file.name} » n’est pas du TOML ({where}).") from None
    _check_keys(given, _KEYS, "")
    logo = _logo(given.get("logo"), file.parent)
    show_name = given.get("show_name", logo is None)
    if not isinstance(show_name, bool):
        raise _branding_error("« show_name » attend true ou false.")
    light = _colours(given)
    grounds, dark_grounds = ({name: of[name] for name in BACKGROUNDS} for of in theme_colours())
    dark = given.get("dark", {})
    _check_keys(dark, ROLES, "dark.")
    dark = _colours(dark)
    for colours, on, mode in ((light, grounds, "clair"), (dark, dark_grounds, "sombre")):
        for role, colour in colours.items():
            _check_contrast(role, colour, on, mode)
    derived = {
        role: lighten(colour, tuple(dark_grounds.values())) for role, colour in light.items()
    }
    return _branding(_name(given.get("name")), logo, show_name, light, {**derived, **dark})


def as_json(branding: Branding) -> str:
    """Return a branding for pages of another program, as JSON: name, logo, colours as CSS."""
    logo = branding.logo
    return json.dumps(
        {
            "name": branding.name,
            "showName": branding.show_name,
            "css": branding.colours_css,
            "logo": logo and {"uri": logo.uri, "width": logo.width, "height": logo.height},
        }
    )


def describe(branding: Branding) -> list[str]:
    """Return lines of French text about a branding: each colour with its contrast."""
    lines = [f"Habillage valable : {branding.name} (empreinte {branding.digest})"]
    if branding.logo:
        lines.append(f"Logo affiché en {branding.logo.width} × {branding.logo.height} pixels")
    palettes = zip(("clair", "sombre"), theme_colours(), strict=True)
    for (mode, ground), colours in zip(palettes, (branding.light, branding.dark), strict=True):
        grounds = tuple(ground[name] for name in BACKGROUNDS)
        for role, colour in colours.items():
            ratio = _ratio(lowest_contrast(colour, grounds)[0])
            lines.append(f"  mode {mode:<7}{role:<13}{colour}  contraste {ratio}")
    return lines


def _branding(
    name: str,
    logo: Logo | None,
    show_name: bool,
    light: dict[str, str],
    dark: dict[str, str],
) -> Branding:
    said = json.dumps(
        [name, logo and logo.uri, show_name, light, dark], sort_keys=True, ensure_ascii=True
    )
    digest = hashlib.sha256(said.encode("ascii")).hexdigest()[:12]
    return Branding(name, logo, show_name, light, dark, digest)


def _check_keys(given: Any, known: tuple[str, ...], prefix: str) -> None:
    if not isinstance(given, dict):
        raise _branding_error(f"« {prefix.rstrip('.')} » attend une table de couleurs.")
    for key in given:
        if key not in known:
            raise _branding_error(
                f"réglage inconnu « {prefix}{clean(key)[:40]} ». Connus : {_joined(known)}."
            )


def _name(given: Any) -> str:
    name = " ".join(clean(given).split()) if isinstance(given, str) else ""
    if not name:
        raise _branding_error("« name » attend le nom de la collectivité.")
    if len(name) > LONGEST_NAME:
        raise _branding_error(f"« name » a {len(name)} caractères, pour {LONGEST_NAME} au plus.")
    return typeset(name)


def _logo(given: Any, folder: Path) -> Logo | None:
    if given is None:
        return None
    plain = isinstance(given, str) and Path(given).name == given
    if not plain or given in ("", "..") or "\0" in given:
        raise _branding_error(
            "« logo » attend le nom d’un fichier SVG ou PNG placé à côté de l’habillage."
        )
    try:
        return read_logo(_content(folder / given, LARGEST_LOGO_BYTES))
    except OSError:
        raise _branding_error(f"le logo « {given} » n’est pas lisible.") from None


def _content(file: Path, most: int) -> bytes:
    # A pipe or a device could block or never end. Links are followed: mounted secrets are links.
    if not stat.S_ISREG(file.stat().st_mode):
        raise OSError
    with file.open("rb") as source:
        content = source.read(most + 1)
    if len(content) > most:
        raise _branding_error(f"le fichier « {file.name} » pèse plus de {most // 1024} Ko.")
    return content


def _colours(given: dict[str, Any]) -> dict[str, str]:
    colours = {}
    for role in ROLES:
        if role in given:
            colour = given[role]
            if not isinstance(colour, str) or not _HEX.fullmatch(colour):
                raise _branding_error(f"« {role} » attend une couleur de la forme #rrggbb.")
            colours[role] = colour.lower()
    return colours


def _check_contrast(role: str, colour: str, grounds: dict[str, str], mode: str) -> None:
    found, worst = lowest_contrast(colour, tuple(grounds.values()))
    if found < LEAST_CONTRAST:
        ground = next(_BACKGROUNDS_IN_FRENCH[name] for name in grounds if grounds[name] == worst)
        lighter = "foncée" if mode == "clair" else "claire"
        raise _branding_error(
            f"la couleur « {role} » ({colour}) n’est pas assez lisible en mode {mode} : son contraste"
            f" avec {ground} ({worst}) est de {_ratio(found)}, il faut au moins"
            f" {_ratio(LEAST_CONTRAST)}. Choisissez une couleur plus {lighter}."
        )


def _ratio(value: float) -> str:
    # Truncated, not rounded: 4.499 must not be shown as the 4.5 that is needed.
    return f"{int(value * 100) / 100:.2f}".replace(".", ",") + "\u202f:\u202f1"


def _joined(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _rule(colours: Mapping[str, str]) -> str:
    values = "".join(f"--{role}:{colour};" for role, colour in colours.items())
    # More specific than `:root`, so that the order of the two does not matter.
    return f"html:root{{{values}}}" if values else ""


def _branding_error(why: str) -> PrintError:
    return PrintError(Reason.BAD_BRANDING, f"Habillage refusé : {why}")
