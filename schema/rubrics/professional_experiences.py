"""3.1 « Expériences professionnelles »: posts held in and outside the public service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as calendar_date

from schema.codes import code_of
from schema.codes.table import Code
from schema.description.conditions import none_of, one_of, recommended
from schema.description.directives import TextFormat
from schema.description.fields import (
    choice,
    long_text,
    number,
    text,
    whole_number,
    yes_no,
)
from schema.description.overlap import overlapping
from schema.description.refusals import Problem, problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    period_of,
    text_or_empty,
)
from schema.description.shared_fields import (
    PERIOD,
    age_warnings,
    city,
    code_form,
    commune,
    country,
    organisation_group,
    organisation_name,
    period_end,
    period_errors,
    period_ongoing,
    period_start,
    siret,
)
from schema.description.territorial_fields import (
    CADRES_OF_FILIERE,
    CATEGORIES_OF_CADRE,
    SERVICE,
    WITHOUT_FILIERE,
)

ROME_PATTERN = r"[A-N][0-9]{4}"
FULL_TIME = 10_000  # hundredths of a percent
CIVIL_SERVANTS = ("TITULAIRE", "STAGIAIRE")
_TERRITORIAL = one_of("sector", ("FPT",))
_CIVIL_SERVANT = (_TERRITORIAL, one_of("status", CIVIL_SERVANTS))
MAX_NAMED = 3
# Code général de la fonction publique, articles L. 514-1 and L. 515-1: placed outside of the service.
NOT_IN_SERVICE = ("DISPONIBILITE", "CONGE_PARENTAL")


@dataclass(kw_only=True)
class ProfessionalExperienceContent:
    """A post or function (decree 2008-830, articles 1 and 4)."""

    GROUPS = (organisation_group("Employeur", "employer"), PERIOD, SERVICE)

    job_title: str | None = text(
        "Intitulé du poste / fonction", "The title of the post.", required=True,
        hint="Par exemple : « Responsable du service état civil ».",
        example="Responsable du service état civil",
    )  # fmt: skip
    sector: str | None = choice(
        "Secteur",
        "In which public service, or outside it.",
        "sector",
        required=True,
        example="FPT",
    )
    employer_name: str | None = organisation_name(
        "Employeur", "The name of the employer.", required=True,
        hint="Le nom de la collectivité, de l’établissement ou de l’entreprise.",
    )  # fmt: skip
    employer_siret: str | None = siret("employeur", "The SIRET of the employer.")
    employer_insee_commune: str | None = commune("employeur", "Where the employer is: INSEE code.")
    employer_city: str | None = city("employeur", "Where the employer is.")
    employer_country_code: str | None = country(
        "Pays (employeur)", "In which country the employer is."
    )
    employer_type: str | None = choice(
        "Type de collectivité", "What sort of local authority the employer is.", "employerType",
        hint="Pour un poste dans la fonction publique territoriale.",
        shown_when=(_TERRITORIAL,),
        example="COMMUNE",
    )  # fmt: skip
    department: str | None = text(
        "Service / direction",
        "The department within the employer.",
        max_length=150,
        example="Direction de la population",
    )
    start: str | None = period_start()
    end: str | None = period_end()
    ongoing: bool | None = period_ongoing()
    work_quota: float | None = number(
        "Quotité de travail", "Working time, as a percentage of full time.",
        maximum=100, unit="%", suggested="100",
        hint="100 pour un temps complet ; 50 pour un mi-temps ; 57,14 pour 20 heures sur 35.",
        example="80",
    )  # fmt: skip
    status: str | None = choice(
        "Statut",
        "Under which status the post was held.",
        "employmentStatus",
        recommended=True,
        example="TITULAIRE",
    )
    administrative_position: str | None = choice(
        "Position", "The statutory position of a civil servant.", "administrativePosition",
        shown_when=(one_of("status", CIVIL_SERVANTS),),
        example="ACTIVITE",
    )  # fmt: skip
    filiere: str | None = choice(
        "Filière", "The filière of the cadre d'emplois.", "filiere",
        recommended_when=(
            recommended(*_CIVIL_SERVANT, none_of("cadre_emplois", WITHOUT_FILIERE)),
        ),
        shown_when=(_TERRITORIAL,),
        example="ADM",
    )  # fmt: skip
    cadre_emplois: str | None = choice(
        "Cadre d’emplois", "The cadre d'emplois of the post.", "cadreEmplois",
        recommended_when=(recommended(*_CIVIL_SERVANT),),
        shown_when=(_TERRITORIAL,),
        depends_on=CADRES_OF_FILIERE,
        example="REDACTEURS",
    )  # fmt: skip
    grade: str | None = text(
        "Grade", "The grade held, as it was called then.",
        hint="Tel qu’il figure sur l’arrêté, même s’il a changé de nom depuis.",
        recommended_when=(recommended(*_CIVIL_SERVANT),),
        example="Rédacteur principal de 2e classe",
    )  # fmt: skip
    category: str | None = choice(
        "Catégorie", "The hierarchical category.", "hierarchicalCategory",
        recommended_when=(recommended(*_CIVIL_SERVANT),),
        depends_on=CATEGORIES_OF_CADRE,
        example="B",
    )  # fmt: skip
    permanent_job: bool | None = yes_no(
        "Emploi permanent", "Whether the post is a permanent one (the law targets these).",
        hint="Occupé par un fonctionnaire ou par un contractuel.",
        example="true",
    )  # fmt: skip
    cnfpt_job_code: str | None = text(
        "Métier (répertoire CNFPT)",
        "The trade, by the CNFPT directory: code or name.",
        example="Responsable des affaires générales",
    )
    rome_code: str | None = text(
        "Code ROME", "The trade, by the ROME directory.", max_length=5,
        hint="Une lettre et quatre chiffres.",
        normalize=code_form,
        format=TextFormat.ROME,
        pattern=ROME_PATTERN,
        pattern_message="Le code ROME comporte une lettre de A à N et quatre chiffres "
        "(par exemple K1601).",
        example="K1601",
    )  # fmt: skip
    missions: str | None = long_text(
        "Missions / activités", "What the work consisted of.", recommended=True,
        hint="Ce que vous faisiez vous-même, avec des verbes d’action.",
        example="Organiser l’accueil, établir les actes, tenir les registres.",
    )  # fmt: skip
    managed_headcount: int | None = whole_number(
        "Encadrement (effectif)", "How many people were managed.", minimum=0, maximum=100_000,
        hint="Nombre de personnes encadrées, sans les nommer.",
        example="4",
    )  # fmt: skip
    means: str | None = long_text(
        "Budget géré, moyens",
        "The budget and means managed.",
        example="Budget de fonctionnement de 30 000 euros.",
    )
    achievements: str | None = long_text(
        "Réalisations", "What was achieved.", example="Prise de rendez-vous en ligne."
    )
    place: str | None = text("Lieu", "Where the work was done.", max_length=120, example="Bordeaux")


def is_worked(content: ProfessionalExperienceContent) -> bool:
    """Whether the post is work: no placement during studies, no position outside of the service.

    A private post held during a « disponibilité » is an entry by itself, and is work. What a
    parental leave counts for in a career (CGFP, article L. 515-9) is another count.
    """
    if content.sector == "STAGE_ECOLE" or content.status == "STAGE":
        return False
    return content.administrative_position not in NOT_IN_SERVICE


def working_time(content: ProfessionalExperienceContent) -> int:
    """Working time in hundredths of a percent; one that is absent or impossible is full time."""
    quota: object = content.work_quota
    if isinstance(quota, int | float) and 0 < quota <= 100:
        return int(quota * 100 + 0.5)
    return FULL_TIME


def main_first(content: ProfessionalExperienceContent) -> tuple[int, bool]:
    """A sort key among posts held at once: by working time, a permanent one first."""
    return (-working_time(content), content.permanent_job is not True)


def professional_experience_errors(
    content: ProfessionalExperienceContent, _context: ValidationContext
) -> Iterator[Problem]:
    """The error of the period."""
    yield from period_errors(content)


def professional_experience_warnings(
    content: ProfessionalExperienceContent, context: ValidationContext
) -> Iterator[Problem]:
    """Warnings: posts held at once, a cadre d'emplois that does not fit."""
    yield from age_warnings("start", content.start, context)
    yield from _overlaps(content, context)
    yield from _cadre_warnings(content, context.today)


def _overlaps(
    content: ProfessionalExperienceContent, context: ValidationContext
) -> Iterator[Problem]:
    if not is_worked(content):
        return
    titles = [
        f"« {text_or_empty(other.job_title)} »"
        for other, _ in overlapping(content, context)
        if is_worked(other)
    ]
    if titles:
        named = ", ".join(titles[:MAX_NAMED]) + ("…" if len(titles) > MAX_NAMED else "")
        yield problem(
            "start",
            "OVERLAP",
            f"Cette période en chevauche une autre : {named}. Le cumul d’emplois est possible ; "
            "vérifiez les dates et les quotités.",
        )


def _cadre_warnings(
    content: ProfessionalExperienceContent, today: calendar_date
) -> Iterator[Problem]:
    """Warnings on a post held today: categories and filières of the past may have been others."""
    period = period_of(content)
    held_today = period.ongoing or (period.end is not None and period.end.latest >= today)
    cadre = _cadre(content.cadre_emplois)
    if not held_today or cadre is None:
        return
    category, filiere = text_or_empty(content.category), text_or_empty(content.filiere)
    # A+ is a use of category A, not a category of the statute: neither contradicts the other.
    if category and cadre.category and category.rstrip("+") != cadre.category.rstrip("+"):
        yield problem(
            "category",
            "CATEGORY_MISMATCH",
            f"Le cadre d’emplois « {cadre.label} » relève de la catégorie {cadre.category} : "
            "vérifiez la catégorie.",
        )
    if filiere and cadre.group and filiere != cadre.group:
        yield problem(
            "filiere",
            "FILIERE_MISMATCH",
            f"Le cadre d’emplois « {cadre.label} » appartient à une autre filière : vérifiez-la.",
        )


def _cadre(code: object) -> Code | None:
    return code_of("cadreEmplois", code) if isinstance(code, str) else None


def professional_experience_headline(content: ProfessionalExperienceContent) -> str:
    """The post and its employer."""
    known = (text_or_empty(content.job_title), text_or_empty(content.employer_name))
    return " – ".join(part for part in known if part)


HELP = Help(
    what_it_is=(
        "Les fonctions et les postes que vous avez occupés, dans et hors de la fonction publique : "
        "emplois publics, emplois privés, activité indépendante, stages en cours d’études."
    ),
    to_enter=(
        "Une ligne par poste : si vous changez de fonctions chez le même employeur, créez une "
        "nouvelle ligne. Indiquez les dates, l’employeur et les missions réellement exercées ; la "
        "quotité de travail sert à compter votre durée d’expérience. Ne saisissez ni votre salaire, "
        "ni un motif de santé, ni le nom de collègues ou d’usagers. Les actions de tutorat et les "
        "activités bénévoles ont leurs propres rubriques."
    ),
    examples=[
        (
            "Responsable de la bibliothèque municipale, commune de 6 000 habitants, depuis septembre "
            "2015, assistante de conservation principale, catégorie B, encadrement de 3 agents."
        ),
        (
            "Adjoint technique chargé des espaces verts, communauté de communes, de 2009 à 2014, "
            "temps non complet (80 %) : tonte, taille, arrosage, entretien du matériel."
        ),
        (
            "Vendeuse en jardinerie, secteur privé, d’avril 2006 à août 2008 : conseil aux clients, "
            "tenue de caisse, gestion des stocks."
        ),
    ],
    documents=[
        "Votre CV",
        "Vos attestations d’emploi et certificats de travail",
        "Vos arrêtés de nomination et vos contrats",
        "Vos fiches de poste",
    ],
    legal=(
        "Décret n° 2008-830 du 22 août 2008 : le livret recense « le ou les emplois tenus et les "
        "connaissances, les compétences et les aptitudes professionnelles mises en œuvre dans le "
        "cadre de ces emplois » (article 1) ; la date, la durée ainsi qu’éventuellement le niveau "
        "des emplois sont mentionnés (article 4) ; une attestation des emplois occupés est jointe "
        "en annexe (article 5)."
    ),
    notes=[
        (
            "À retenir : deux postes peuvent se chevaucher, par exemple deux temps non complets. Le "
            "livret le signale sans l’empêcher."
        ),
        (
            "À savoir : une dispense de formation fondée sur l’expérience suppose au moins trois ans "
            "d’expérience ; la durée est calculée à partir des dates et de la quotité."
        ),
        (
            "À noter : votre DRH est une précieuse ressource pour vous accompagner dans "
            "l’élaboration de votre livret individuel de formation."
        ),
    ],
)

PROFESSIONAL_EXPERIENCE = Rubric(
    name=RubricName.PROFESSIONAL_EXPERIENCE,
    code="E1",
    part=Part.EXPERIENCES,
    label="Expériences professionnelles",
    one="une expérience professionnelle",
    content=ProfessionalExperienceContent,
    help=HELP,
    headline=professional_experience_headline,
    headline_keys=("jobTitle", "employerName"),
    period=period_of,
    precedence=main_first,
    errors=professional_experience_errors,
    warnings=professional_experience_warnings,
    supports_competences=True,
    evidence="Attestation de l’emploi occupé (attestation de l’employeur ou certificat de travail)",
)
