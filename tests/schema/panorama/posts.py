"""Professional experiences as the panorama reads them."""

from datetime import UTC, date, datetime
from typing import Any

from schema.description.rubric import RubricName, ValidationContext
from schema.entries.entries import ProfessionalExperience

TODAY = date(2024, 6, 15)
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def post(
    start: str | None = None, end: str | None = None, **content: Any
) -> ProfessionalExperience:
    """A post with these dates."""
    return ProfessionalExperience(
        id="e", rubric=RubricName.PROFESSIONAL_EXPERIENCE, version=1, shareable=True,
        created_at=NOW, updated_at=NOW, rank=0, context=ValidationContext(today=TODAY),
        start=start, end=end, **content,
    )  # fmt: skip
