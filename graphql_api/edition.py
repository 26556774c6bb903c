"""Which edition of the code runs: a digest of its files, which changes with every change of them.

The number of a release does not change on a developer's machine, nor where a fix is put in place.
"""

import hashlib
from pathlib import Path
from types import ModuleType


def edition_of(*packages: ModuleType) -> str:
    """The digest of the code and the data of packages. Ask at the start.

    Files may be replaced while the process still runs what they were. What the interpreter compiles
    is no part of it, nor a file of another name that it is being written to.
    """
    found = hashlib.sha256()
    for package in packages:
        for path in sorted(Path(package.__path__[0]).rglob("*")):
            if path.parent.name != "__pycache__" and path.is_file():
                found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]
