"""Fetching GraphiQL's files anew: `python -m graphql_api.engine.graphiql.renew`, with npm installed.

GraphiQL 4 and React 18 are the last versions whose packages hold files that a browser runs without
a build; GraphiQL 3 is smaller and does the same. Left out are source maps, and the fonts, which are
seven eighths of the style sheet and have other licences.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

VERSIONS = {
    "graphiql": "3.9.0",
    "react": "18.3.1",
    "react-dom": "18.3.1",
    # These are within GraphiQL's file without being installed with it; for their licences.
    "graphql": "16.15.0",
    "graphql-ws": "5.16.2",
    "@babel/runtime": "7.28.4",
    "@radix-ui/react-use-escape-keydown": "1.1.1",
}
STATIC = Path(__file__).parent / "static"
_COPIED = {
    "graphiql.js": "graphiql/graphiql.min.js",
    "graphiql.css": "graphiql/graphiql.min.css",
    "react.js": "react/umd/react.production.min.js",
    "react-dom.js": "react-dom/umd/react-dom.production.min.js",
}
_SOURCE_MAP = "graphiql/graphiql.min.js.map"
_PACKAGE = re.compile(r".*node_modules/((?:@[^/]+/)?[^/]+)/")
_LICENCE = re.compile(r"licen[cs]e", re.IGNORECASE)
_FONT = re.compile(r"@font-face\{[^}]*\}")
_MAP_COMMENT = re.compile(r"\n?//# sourceMappingURL=.*\n?$")


def renew() -> None:
    """Write the files of `static/` that come from npm. Raises `CalledProcessError` when npm fails."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = [f"{name}@{version}" for name, version in VERSIONS.items()]
        npm = shutil.which("npm") or "npm"
        subprocess.run(  # noqa: S603 - npm, with the names above
            [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted],
            cwd=folder,
            check=True,
        )
        packages = Path(folder) / "node_modules"
        for name, source in _COPIED.items():
            text = (packages / source).read_text(encoding="utf-8")
            kept = _FONT.sub("", _MAP_COMMENT.sub("\n", text))
            (STATIC / name).write_text(kept, encoding="utf-8")
        (STATIC / "LICENSES.txt").write_text(_licences(packages), encoding="utf-8")


def _licences(packages: Path) -> str:
    """The licence texts of all packages within the files, each after the packages that have it."""
    sources = json.loads((packages / _SOURCE_MAP).read_text(encoding="utf-8"))["sources"]
    names = {found[1] for source in sources if (found := _PACKAGE.match(source))}
    names |= {*VERSIONS, "scheduler", "@graphiql/react", "@graphiql/toolkit"}
    names |= {"codemirror-graphql", "graphql-language-service"}
    holders: dict[str, list[str]] = {}
    for name in sorted(names):
        holders.setdefault(_licence(packages / name), []).append(name)
    return "\n".join(f"{', '.join(users)}\n\n{text}\n{'-' * 72}" for text, users in holders.items())


def _licence(package: Path) -> str:
    """The licence text of a package, or the name of its licence if the package has no text."""
    for file in sorted(package.iterdir()):
        if file.is_file() and _LICENCE.match(file.name):
            return file.read_text(encoding="utf-8").strip()
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    return (
        f"{about.get('license')}; {about.get('author') or about.get('homepage') or about['name']}"
    )


if __name__ == "__main__":
    renew()
