"""Takes a sample from the data of a dossier, so that the same booklet gives the same file each time.

What differs from one run of a service to the next is replaced: ids by their rank, the address of the
service by an example, the instant of the last change by the day of the dossier.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

VERIFY_AT = "https://livret.example/verifier"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def sample_of(data: dict[str, Any]) -> str:
    """Return the data of a dossier as the text of a sample."""
    steady = data | {"verifyAt": VERIFY_AT}
    if data["panorama"]["lastUpdate"]:
        steady["panorama"] = data["panorama"] | {"lastUpdate": f"{data['asOf']}T12:00:00+00:00"}
    ranks: dict[str, int] = {}
    text = json.dumps(steady, ensure_ascii=False, indent=1)
    return _ID.sub(lambda found: _ranked(ranks.setdefault(found[0], len(ranks) + 1)), text) + "\n"


def _ranked(rank: int) -> str:
    return f"00000000-0000-4000-8000-{rank:012}"


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    target.write_text(sample_of(json.loads(source.read_text(encoding="utf-8"))), encoding="utf-8")
