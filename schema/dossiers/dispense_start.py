"""What a new request for exemption starts with: what the booklet says already of employer and post.

Its owner sees it in the form, and overwrites it or not: only what they save is stored. A day of
appointment is never guessed from the day on which a post began.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from schema.description.fields import is_filled
from schema.description.input_values import input_values
from schema.description.rubric import text_or_empty
from schema.dossiers.dispense import OUTSIDE_CADRES, DispenseContent
from schema.entries.entries import Entry, ProfessionalExperience
from schema.entries.shapes import fill_missing
from schema.entries.situation import SituationContent
from schema.panorama.current_posts import current_posts_of

_SHARED = ("employer_name", "employer_siret", "cadre_emplois", "grade")


def dispense_start(
    situation: SituationContent | None, entries: Iterable[Entry], today: date
) -> dict[str, Any]:
    """The values of the form by key, of the situation and of a present post with the same employer.

    None for a field that neither says. A situation that names no employer has the main post of the
    territorial public service.
    """
    posts = [post for post in current_posts_of(entries, today) if post.sector == "FPT"]
    post = next((post for post in posts if _is_of(post, situation)), None)
    values = {
        name: next((value for value in _told(name, situation, post) if is_filled(value)), None)
        for name in _SHARED
    }
    if values["cadre_emplois"] in OUTSIDE_CADRES:
        values["cadre_emplois"] = None
    values["duties"] = post.missions if post else None
    content = DispenseContent(**fill_missing(DispenseContent, values))
    return input_values(content, DispenseContent)


def _told(name: str, *sources: object) -> Iterable[Any]:
    return (getattr(source, name) for source in sources if source is not None)


def _is_of(post: ProfessionalExperience, situation: SituationContent | None) -> bool:
    """Whether the post is held with the employer of the situation, by its SIRET or else its name."""
    if situation is None or not is_filled(situation.employer_name):
        return True
    if is_filled(situation.employer_siret) and is_filled(post.employer_siret):
        return situation.employer_siret == post.employer_siret
    return _name(post) == _name(situation)


def _name(employer: ProfessionalExperience | SituationContent) -> str:
    return text_or_empty(employer.employer_name).casefold()
