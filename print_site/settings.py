"""Pelican's settings as code, a new dict for each build, with every feature of a blog off."""

from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

from print_site.dossier.model import PrintedDossier

THEME = Path(__file__).parent / "theme"
STATIC = THEME / "static"
SHEETS = (
    "base.css",
    "cover.css",
    "brand.css",
    "panorama.css",
    "parts.css",
    "screens.css",
    "print.css",
)
FONTS = ("public-sans-400.woff2", "public-sans-700.woff2")
ASSETS = (*SHEETS, *(f"fonts/{font}" for font in FONTS), "fonts/OFL.txt")
PAGED = THEME / "paged"
FALLBACK_FONT = PAGED / "fonts" / "livret-fallback.woff2"
_FEEDS = ("FEED_ALL_ATOM", "CATEGORY_FEED_ATOM", "AUTHOR_FEED_ATOM", "AUTHOR_FEED_RSS")


class Form(Enum):
    """What a page is made for: a folder, a file of its own, or to be cut into pages of paper."""

    FOLDER = "folder"
    SINGLE_FILE = "single file"
    PAGED = "paged"


def settings_for(
    dossier: PrintedDossier, output: Path, plugin: ModuleType, form: Form
) -> dict[str, Any]:
    """Settings for one build. Pelican rewrites what it is given: never share this dict."""
    return {
        "PATH": str(THEME),
        "THEME": str(THEME),
        "OUTPUT_PATH": str(output),
        "PLUGINS": [plugin],
        "LIVRET_DOSSIER": dossier,
        "LIVRET_FORM": form,
        "SITEURL": "",
        "SITENAME": "Livret individuel de formation",
        "TIMEZONE": "UTC",
        "DEFAULT_LANG": "fr",
        "LOCALE": ["C.UTF-8", "C"],
        # For any generator but ours, which shares one environment: Pelican would not escape.
        "JINJA_ENVIRONMENT": {"autoescape": True, "auto_reload": False},
        "ARTICLE_PATHS": [],
        "PAGE_PATHS": [],
        "STATIC_PATHS": [],
        "THEME_STATIC_PATHS": [],
        "DIRECT_TEMPLATES": [],
        "PAGINATED_TEMPLATES": {},
        "READERS": {"rst": None, "html": None},
        "CACHE_CONTENT": False,
        "LOAD_CONTENT_CACHE": False,
        "TRANSLATION_FEED_ATOM": None,
        **dict.fromkeys(_FEEDS),
    }
