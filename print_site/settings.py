"""The files of the theme, and Pelican's settings for one build, without the features of a blog."""

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
    "compact.css",
    "screens.css",
    "print.css",
)
FONTS = ("public-sans-400.woff2", "public-sans-700.woff2")
ASSETS = (*SHEETS, *(f"fonts/{font}" for font in FONTS), "fonts/OFL.txt")
TYPST = THEME / "typst"
PDF_FONTS = TYPST / "fonts"
_FEEDS = ("FEED_ALL_ATOM", "CATEGORY_FEED_ATOM", "AUTHOR_FEED_ATOM", "AUTHOR_FEED_RSS")


class Form(Enum):
    """The form of a page: part of a folder, or a single file."""

    FOLDER = "folder"
    SINGLE_FILE = "single file"


def settings_for(
    dossier: PrintedDossier, output: Path, plugin: ModuleType, form: Form
) -> dict[str, Any]:
    """Return new settings for one build. Pelican changes them, so they are never shared."""
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
        # For other generators than ours, which has its environment: Pelican does not escape by default.
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
