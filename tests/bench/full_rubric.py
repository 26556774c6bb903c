"""What a page costs in a booklet that is as full as it may be, with nearly all entries in one rubric."""

from graphql_api.demo.callers import caller_named
from graphql_api.demo.client import DemoClient
from graphql_api.demo.folder import DemoFolder
from graphql_api.demo.loading import load_booklet
from graphql_api.demo.tokens import token_named
from graphql_api.serving import build_service
from schema.description.bounds import MAX_ADDED, MAX_ENTRIES
from tests.bench.pages import print_page_figures

# Each request reads the whole booklet: fewer are enough.
REQUESTS = 4
_ADD = """mutation ($entries: [EntryInput!]!) { entriesAdd(entries: $entries) {
  ... on EntriesAdded { entries { id } } ... on Refusal { code message } } }"""


def print_full_rubric_figures(place: DemoFolder, port: int, process: int) -> None:
    """Fill the booklet of another agent, and print the figures of its pages."""
    token, trainings = _fill(place)
    print(
        f"\nOf a booklet of {MAX_ENTRIES} entries, {trainings} of them in « Autres formations » :"
    )
    print_page_figures(port, token, process, REQUESTS)


def _fill(place: DemoFolder) -> tuple[str, int]:
    """A token of the owner, and how many trainings fill the booklet up."""
    service = build_service(place.settings())
    try:
        agent = caller_named("other-agent")
        token = token_named(agent.name, place)
        missing = MAX_ENTRIES - len(load_booklet(service, token, agent.booklet))
        client = DemoClient(service, token)
        for first in range(0, missing, MAX_ADDED):
            numbers = range(first, min(first + MAX_ADDED, missing))
            client.do(_ADD, entries=[_training(number) for number in numbers])
    finally:
        service.close()
    return token, missing


def _training(number: int) -> dict[str, object]:
    year = 1990 + number % 35
    return {
        "training": {
            "title": f"Formation n° {number}",
            "role": "STAGIAIRE",
            "start": f"{year}-03-15",
            "end": f"{year}-03-17",
            "providerName": "CNFPT",
            "content": "Seuils, procédures, critères, exécution : deux jours d’exercices.",
        }
    }
