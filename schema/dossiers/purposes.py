"""The purposes of dossiers, and the defaults of a new dossier for each purpose.

No default selects the home address or extra-professional activities. Skills assessments,
recommendations and union activity are only selected by name (see `selection`), so that no default
selects them either. An owner who wants them chooses them. Legal texts are no default: article 2 of
decree 2008-830 wants them in the booklet, not in what is made of it for a purpose.
"""

from enum import Enum

import strawberry

from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_FORM_LINES, at_most
from schema.description.enums import member
from schema.description.rubric import Part, RubricName

DISPENSE = "DISPENSE_FORMATION"
# Those whose dossier may name the post that is sought.
FOR_A_POST = ("MUTATION", "DETACHEMENT", "CANDIDATURE")
_EXPERIENCES_FIRST = (Part.EXPERIENCES, Part.COMPETENCES, Part.FORMATIONS, Part.ATTACHMENTS)
_COMPETENCES_FIRST = (Part.COMPETENCES, Part.EXPERIENCES, Part.FORMATIONS, Part.ATTACHMENTS)
_GUIDE = tuple(Part)


@strawberry.enum(
    description="What a dossier adds to the entries. The notice that nothing is proof always stands on it."
)
class Annex(Enum):
    """What is printed besides the entries."""

    PANORAMA = member("PANORAMA", "What is computed from the entries of the dossier.")
    CHECKLIST = member("CHECKLIST", "The list of its paper documents, with boxes to tick.")
    CHARTER = member("CHARTER", "The charter that the owner accepted.")
    DECREE = member("DECREE", "Decree 2008-830, whose article 2 wants a copy in every booklet.")


@strawberry.enum(description="How a dossier is laid out for its reader.")
class DossierForm(Enum):
    """How much a dossier says, and in which order."""

    COMPACT = member(
        "COMPACT",
        "What a jury or a recruiter reads: a page of profile, then the detail, in the order of the purpose.",
    )
    FULL = member(
        "FULL",
        "What its owner keeps: every rubric in the guide's order, with the links from both ends.",
    )


@strawberry.type(description="A purpose, and what a new dossier made for it starts with.")
class DossierPurpose:
    """The defaults of one purpose.

    For a `new_employer`, some accreditations have to be reissued. `competences_beside` tells links
    beside what supports a competence, not beside the competence.
    """

    purpose: CodeLabel = strawberry.field(description="The purpose, a code of the `purpose` table.")
    title: str = strawberry.field(description="The French title that it starts with.")
    rubrics: list[RubricName] = strawberry.field(
        description=f"The rubrics that it starts with; {at_most(len(RubricName))}."
    )
    identity_fields: list[str] = strawberry.field(
        description=f"The identity fields that it starts with, by key, beside the names; {at_most(MAX_FORM_LINES)}."
    )
    situation: bool = strawberry.field(
        default=True, description="Whether the current situation stands on the cover."
    )
    annexes: list[Annex] = strawberry.field(
        default_factory=lambda: [Annex.PANORAMA, Annex.CHECKLIST],
        description=f"The annexes that it starts with; {at_most(len(Annex))}.",
    )
    form: DossierForm = strawberry.field(
        default=DossierForm.COMPACT, description="The form that it starts with."
    )
    order: list[Part] = strawberry.field(
        default_factory=lambda: list(_EXPERIENCES_FIRST),
        description=f"The order of the parts in the COMPACT form; {len(Part)}.",
    )
    asks_dispense: bool = strawberry.field(
        default=False, description="Whether it has the form of a request for exemption."
    )
    new_employer: strawberry.Private[bool] = False
    competences_beside: strawberry.Private[bool] = False


_CONTACT = ("civility", "email", "phoneMobile")
_CIVILITY = ("civility",)
_CAREER = [
    RubricName.DIPLOMA,
    RubricName.COMPETITIVE_EXAM,
    RubricName.TRAINING,
    RubricName.ACCREDITATION,
    RubricName.PROFESSIONAL_EXPERIENCE,
    RubricName.TUTORING_EXPERIENCE,
    RubricName.COMPETENCE,
    RubricName.PRIOR_LEARNING_RECOGNITION,
    RubricName.ATTACHMENT,
]
_ELSEWHERE = [*_CAREER[:4], RubricName.DRIVING_LICENCE, *_CAREER[4:]]
_REVIEW = [
    RubricName.TRAINING,
    RubricName.ACCREDITATION,
    RubricName.PROFESSIONAL_EXPERIENCE,
    RubricName.TUTORING_EXPERIENCE,
    RubricName.COMPETENCE,
]
_EXEMPTING = [
    RubricName.DIPLOMA,
    RubricName.TRAINING,
    RubricName.PROFESSIONAL_EXPERIENCE,
    RubricName.PRIOR_LEARNING_RECOGNITION,
    RubricName.ATTACHMENT,
]
_LEAST = [RubricName.DIPLOMA, RubricName.TRAINING, RubricName.PROFESSIONAL_EXPERIENCE]


def _purpose(
    code: str,
    title: str,
    rubrics: list[RubricName],
    *,
    identity: tuple[str, ...] = _CONTACT,
    situation: bool = True,
    annexes: tuple[Annex, ...] = (Annex.PANORAMA, Annex.CHECKLIST),
    order: tuple[Part, ...] = _EXPERIENCES_FIRST,
    asks_dispense: bool = False,
    new_employer: bool = False,
    competences_beside: bool = False,
) -> DossierPurpose:
    return DossierPurpose(
        purpose=CodeLabel(code=code, label=label_of("purpose", code)),
        title=title,
        rubrics=rubrics,
        identity_fields=list(identity),
        situation=situation,
        annexes=list(annexes),
        order=list(order),
        asks_dispense=asks_dispense,
        new_employer=new_employer,
        competences_beside=competences_beside,
    )


PURPOSES: tuple[DossierPurpose, ...] = (
    _purpose("PROMOTION_INTERNE", "Dossier de promotion interne", _CAREER, identity=_CIVILITY),
    _purpose("AVANCEMENT_GRADE", "Dossier d’avancement de grade", _CAREER, identity=_CIVILITY),
    _purpose("MUTATION", "Dossier de mutation", _ELSEWHERE, new_employer=True),
    _purpose("DETACHEMENT", "Dossier de détachement", _ELSEWHERE, new_employer=True),
    _purpose(
        DISPENSE, "Demande de dispense de formation", _EXEMPTING,
        annexes=(Annex.CHECKLIST,), order=_GUIDE, asks_dispense=True,
    ),
    _purpose(
        "BILAN_COMPETENCES", "Dossier pour un bilan de compétences", _ELSEWHERE,
        order=_COMPETENCES_FIRST,
    ),
    _purpose(
        "VAE", "Dossier de validation des acquis de l’expérience", _ELSEWHERE,
        competences_beside=True,
    ),
    _purpose(
        "ENTRETIEN_PROFESSIONNEL", "Dossier pour l’entretien professionnel", _REVIEW,
        identity=_CIVILITY,
    ),
    _purpose("CANDIDATURE", "Dossier de candidature", _ELSEWHERE),
    _purpose("AUTRE", "Dossier", _LEAST, identity=(), situation=False),
)  # fmt: skip
_BY_CODE = {each.purpose.code: each for each in PURPOSES}


def purpose_of(code: str) -> DossierPurpose | None:
    """The purpose of a code; None for the built-in dossier's, which cannot be chosen."""
    return _BY_CODE.get(code)
