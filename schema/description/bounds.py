"""Bounds that several rooms share, and how an SDL description writes a bound.

A bound that only one module enforces is a constant of that module. Descriptions and messages take
every bound from its constant; `schema/limits.py` lists the bounds that clients should know.
"""

MAX_ENTRIES = 1_000  # of a booklet: the bound of every list of its entries, links and documents
MAX_SECTION_BYTES = 4_000_000  # of a part of a booklet as JSON, with all that its entries say
MAX_ADDED = 100  # entries in one mutation
MAX_LINES = 60  # of an entry, and of its warnings
MAX_FORM_LINES = 30  # of the identity and of a request for exemption
MAX_SITUATION_LINES = 20
MAX_PROBLEMS = 500  # of one answer
MAX_NAMED_ENTRIES = 5  # that a problem is about
MAX_PAGE = 100  # items of one page of a connection

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def at_most(bound: int) -> str:
    """The bound as descriptions write it: `at most 1,000`."""
    return f"at most {bound:,}"


def in_words(number: int) -> str:
    """A number up to twelve in English words."""
    return _WORDS[number]


BEGUN_BOOKLET_DAYS = 30  # until one whose charter nobody accepted is erased
ANSWER_DAYS = 7  # an answer is kept for its idempotency key at least
