"""The generator tag of a page: within one edition of print_site, the same data give the same bytes.

The edition is a digest of this package's files and of the versions of the libraries that shape every
page, so that nobody has to remember to change a number.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

_PACKAGE = Path(__file__).parent
_READ = frozenset({".py", ".html", ".css", ".woff2", ".graphql", ".typ", ".ttf"})
_LIBRARIES = ("jinja2", "markupsafe", "pelican", "pikepdf", "segno", "typst")


def _edition() -> str:
    digest = hashlib.sha256()
    files = {path.relative_to(_PACKAGE).as_posix(): path for path in _PACKAGE.rglob("*.*")}
    for name in sorted(name for name, path in files.items() if path.suffix in _READ):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(files[name].read_bytes()).digest())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    return digest.hexdigest()[:12]


GENERATOR_TAG = f"Livret, édition {_edition()}"


def generator_tag(branding: str = "", fonts: str = "") -> str:
    """Return the tag. `branding` and `fonts` are digests of what else shapes the pages."""
    more = (("habillage", branding), ("polices", fonts))
    return GENERATOR_TAG + "".join(f", {what} {digest}" for what, digest in more if digest)
