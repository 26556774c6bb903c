"""The code tables: closed lists of codes with their French labels, served by the API.

Codes are stored; labels are looked up when shown. A retired code stays readable and can no
longer be chosen in forms, though old entries that hold it remain valid.
"""

from functools import cache

from schema.codes.accreditations import TABLES as ACCREDITATIONS
from schema.codes.common import TABLES as COMMON
from schema.codes.competences import TABLES as COMPETENCES
from schema.codes.dossiers import TABLES as DOSSIERS
from schema.codes.experiences import TABLES as EXPERIENCES
from schema.codes.formations import TABLES as FORMATIONS
from schema.codes.sharing import TABLES as SHARING
from schema.codes.table import Code, CodeTable
from schema.codes.territorial import TABLES as TERRITORIAL

CODE_TABLES: tuple[CodeTable, ...] = (
    *FORMATIONS,
    *ACCREDITATIONS,
    *TERRITORIAL,
    *EXPERIENCES,
    *COMPETENCES,
    *COMMON,
    *DOSSIERS,
    *SHARING,
)


@cache
def code_table(name: str) -> CodeTable:
    """The code table of that name; KeyError when there is none."""
    return {known.name: known for known in CODE_TABLES}[name]


@cache
def _codes(name: str) -> dict[str, Code]:
    return {code.code: code for code in code_table(name).codes}


def code_of(name: str, code: str) -> Code | None:
    """The code in the table of that name, or None when the table does not have it."""
    return _codes(name).get(code)


def label_of(name: str, code: str) -> str:
    """The French label of a code; the code itself when the table does not have it."""
    found = code_of(name, code)
    return found.label if found else code
