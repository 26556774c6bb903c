"""French typography: the one rule for the spaces of the texts that people read.

Texts are typed with ordinary spaces. They are typeset once, where they become what is served: the
descriptions of this room when they are made, refusals and errors when they are raised, pages when
their templates are compiled (`graphql_api/web/rendering.py`), letters, and the lines of the command
line. What people entered is never changed by it; `print_site` sets what it prints itself.
"""

import re

NARROW = "\u202f"

_ORDINARY = "[ \u00a0]"
# A text may begin or end there, where a value follows or precedes it.
_SPACES = re.compile(rf"(?<!\s){_ORDINARY}(?=[;:!?»])|(?<=«){_ORDINARY}(?!\s)")


def typeset(text: str) -> str:
    """The text with narrow no-break spaces (U+202F) before `; : ! ?` and inside « ».

    It replaces spaces and adds none, so addresses, times and code stay as they are.
    """
    return _SPACES.sub(NARROW, text)


def quoted(words: str) -> str:
    """Somebody's own words inside « », with narrow no-break spaces; the words stay as they are."""
    return f"«{NARROW}{words}{NARROW}»"


def typeset_attributes(instance: object, *names: str) -> None:
    """Typeset these attributes of an instance that is being made: texts, and lists of texts."""
    for name in names:
        value = getattr(instance, name)
        if isinstance(value, str):
            object.__setattr__(instance, name, typeset(value))
        elif value is not None:
            object.__setattr__(instance, name, [typeset(each) for each in value])
