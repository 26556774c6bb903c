"""2.2 « Concours »: competitive and professional exams, sat or passed."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes import code_of
from schema.description.conditions import filled, none_of, one_of, recommended, refused, required
from schema.description.dates import Period, latest_today
from schema.description.directives import TextFormat
from schema.description.fields import choice, date, day, is_filled, text
from schema.description.groups import group
from schema.description.refusals import Problem, problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    parse_date,
    period_at,
    text_or_empty,
)
from schema.description.shared_fields import age_warnings, code_form, date_order_problems
from schema.description.territorial_fields import (
    CADRES_OF_FILIERE,
    CATEGORIES_OF_CADRE,
    SERVICE,
    WITHOUT_FILIERE,
)

LISTED_TYPES = (
    "CONCOURS_EXTERNE",
    "CONCOURS_INTERNE",
    "TROISIEME_CONCOURS",
    "CONCOURS_UNIQUE",
    "EXAMEN_PRO_PROMOTION_INTERNE",
)
KNOWN_RESULTS = frozenset({"ADMISSIBLE", "ADMIS", "NON_ADMIS"})
MAX_LIST_MONTHS = 48
A_YEAR = "La session est une année (AAAA)."
_UNLISTED = refused(
    "NOT_EXPECTED",
    "Seuls les concours et la promotion interne donnent lieu à une liste d’aptitude.",
    filled("exam_type"),
    none_of("exam_type", LISTED_TYPES),
)
_TERRITORIAL = one_of("branch", ("FPT",))


@dataclass(kw_only=True)
class CompetitiveExamContent:
    """Exams that give access to a cadre d'emplois or a grade, whatever their result."""

    GROUPS = (
        SERVICE,
        group("organiser", "Organisateur", "organiser", "organiser_department", "organiser_name"),
        group("result", "Résultat", "session", "result", "admitted_on"),
        group("aptitudeList", "Liste d’aptitude", "aptitude_list_from", "aptitude_list_until"),
    )

    title: str | None = text(
        "Intitulé du concours / examen",
        "The title of the exam.",
        required=True,
        example="Concours interne de rédacteur territorial",
    )
    exam_type: str | None = choice(
        "Type", "What sort of exam it is.", "examType", required=True, example="CONCOURS_INTERNE"
    )
    branch: str | None = choice(
        "Versant",
        "The branch of the public service that it opens.",
        "branch",
        required=True,
        suggested="FPT",
    )
    filiere: str | None = choice(
        "Filière",
        "The filière of the post that it opens (territorial branch).",
        "filiere",
        recommended_when=(recommended(_TERRITORIAL, none_of("cadre_emplois", WITHOUT_FILIERE)),),
        shown_when=(_TERRITORIAL,),
        example="ADM",
    )
    cadre_emplois: str | None = choice(
        "Cadre d’emplois",
        "The cadre d'emplois that it opens (territorial branch).",
        "cadreEmplois",
        recommended_when=(recommended(_TERRITORIAL),),
        shown_when=(_TERRITORIAL,),
        depends_on=CADRES_OF_FILIERE,
        example="REDACTEURS",
    )
    grade: str | None = text(
        "Grade",
        "The grade that it opens, in full.",
        recommended=True,
        hint="En toutes lettres, par exemple « Rédacteur principal de 2e classe ».",
        example="Rédacteur",
    )
    category: str | None = choice(
        "Catégorie",
        "The hierarchical category that it opens.",
        "hierarchicalCategory",
        recommended=True,
        depends_on=CATEGORIES_OF_CADRE,
        example="B",
    )
    speciality: str | None = text(
        "Spécialité / option", "The speciality or option chosen.", example="Administration générale"
    )
    organiser: str | None = choice(
        "Organisateur",
        "Who organised it.",
        "organiser",
        recommended=True,
        hint="Le CNFPT organise les concours de catégorie A+.",
        example="CDG",
    )
    organiser_department: str | None = text(
        "Département du centre de gestion",
        "The department of the centre de gestion.",
        max_length=3,
        normalize=code_form,
        format=TextFormat.DEPARTMENT,
        pattern=r"[0-9]{2}|2[AB]|97[1-8]|98[678]",
        pattern_message="Le numéro du département comporte 2 ou 3 caractères (33, 2A, 974, 987).",
        shown_when=(one_of("organiser", ("CDG",)),),
        example="33",
    )
    organiser_name: str | None = text(
        "Nom de l’organisateur",
        "The name of the organiser; required when it is another one.",
        required_when=(
            required("Précisez le nom de l’organisateur.", one_of("organiser", ("AUTRE",))),
        ),
        shown_when=(one_of("organiser", ("AUTRE",)),),
        example="Service interrégional des concours",
    )
    session: str | None = date(
        "Session (année)",
        "The year of the session.",
        required=True,
        future=True,
        hint="L’année des épreuves, sur 4 chiffres.",
        pattern="[0-9]{4}",
        pattern_message=A_YEAR,
        example="2021",
    )
    result: str | None = choice(
        "Résultat", "How it ended.", "result", required=True, example="ADMIS"
    )
    admitted_on: str | None = date(
        "Date d’admission",
        "When the jury admitted the candidate; required when it did.",
        required_when=(
            required(
                "Indiquez la date d’admission : l’année suffit.", one_of("result", ("ADMIS",))
            ),
        ),
        shown_when=(one_of("result", ("ADMIS",)),),
        example="14/01/2022",
    )
    aptitude_list_from: str | None = day(
        "Liste d’aptitude : inscription",
        "The day of enrolment on the list of the admitted.",
        hint="La date d’effet de l’inscription, indiquée sur l’arrêté.",
        shown_when=(one_of("exam_type", LISTED_TYPES), one_of("result", ("ADMIS",))),
        refused_when=(_UNLISTED,),
        example="01/02/2022",
    )
    aptitude_list_until: str | None = day(
        "Liste d’aptitude : fin",
        "The last day on the list.",
        future=True,
        hint="Deux ans, renouvelables un an puis un an sur votre demande.",
        shown_when=(one_of("exam_type", LISTED_TYPES), one_of("result", ("ADMIS",))),
        refused_when=(_UNLISTED,),
        example="31/01/2024",
    )


def exam_period(content: CompetitiveExamContent) -> Period:
    """The admission when there is one, otherwise the year of the session."""
    return period_at(content.admitted_on if is_filled(content.admitted_on) else content.session)


def exam_errors(content: CompetitiveExamContent, context: ValidationContext) -> Iterator[Problem]:
    """Errors: a session that is not a year or is to come, dates of the list out of order."""
    session = parse_date(content.session)
    if session is not None and session.month is not None:
        yield problem("session", "FORMAT", A_YEAR)
    elif (
        session
        and session.earliest > latest_today(context.today)
        and content.result in KNOWN_RESULTS
    ):
        yield problem(
            "session", "DATE_IN_FUTURE", "Une session à venir ne peut pas avoir de résultat."
        )
    yield from date_order_problems(
        "aptitudeListFrom",
        content.admitted_on,
        content.aptitude_list_from,
        "L’inscription sur la liste d’aptitude ne peut pas précéder l’admission.",
    )
    yield from date_order_problems(
        "aptitudeListUntil",
        content.aptitude_list_from,
        content.aptitude_list_until,
        "La fin de l’inscription ne peut pas précéder son début.",
    )


def exam_warnings(content: CompetitiveExamContent, context: ValidationContext) -> Iterator[Problem]:
    """Warnings: what a complete entry would have, and what is unlikely."""
    yield from _filiere_warnings(content)
    yield from _admission_warnings(content)
    yield from age_warnings("admittedOn", content.admitted_on, context)
    listed, until = parse_date(content.aptitude_list_from), parse_date(content.aptitude_list_until)
    if listed and until and until.latest > listed.plus_months(MAX_LIST_MONTHS).latest:
        yield problem(
            "aptitudeListUntil",
            "OVER_FOUR_YEARS",
            "L’inscription dure quatre ans au plus, hors périodes de suspension, sauf si aucun concours"
            " n’a été organisé entre-temps : vérifiez la date.",
        )


def _filiere_warnings(content: CompetitiveExamContent) -> Iterator[Problem]:
    """The warning of a cadre d'emplois of another filière."""
    cadre = code_of("cadreEmplois", text_or_empty(content.cadre_emplois))
    if cadre and cadre.group and is_filled(content.filiere) and cadre.group != content.filiere:
        yield problem(
            "filiere",
            "FILIERE_MISMATCH",
            "Ce cadre d’emplois relève d’une autre filière : vérifiez.",
        )


def _admission_warnings(content: CompetitiveExamContent) -> Iterator[Problem]:
    yield from date_order_problems(
        "admittedOn",
        content.session,
        content.admitted_on,
        "L’admission précède l’année de la session : vérifiez les dates.",
    )
    if not is_filled(content.result) or content.result == "ADMIS":
        return
    dates = (
        ("admittedOn", content.admitted_on),
        ("aptitudeListFrom", content.aptitude_list_from),
        ("aptitudeListUntil", content.aptitude_list_until),
    )
    for key, value in dates:
        if is_filled(value):
            yield problem(
                key, "NOT_EXPECTED", "Cette date suppose une admission : vérifiez le résultat."
            )


COMPETITIVE_EXAM = Rubric(
    name=RubricName.COMPETITIVE_EXAM,
    code="F2",
    part=Part.FORMATIONS,
    label="Concours",
    one="un concours",
    content=CompetitiveExamContent,
    headline=lambda content: text_or_empty(content.title),
    headline_keys=("title",),
    period=exam_period,
    period_keys=("admittedOn", "session"),
    columns=("organiser", "result"),
    errors=exam_errors,
    warnings=exam_warnings,
    supports_competences=True,
    help=Help(
        what_it_is=(
            "Les concours que vous avez passés ou obtenus, et les examens professionnels de"
            " promotion interne ou d’avancement de grade, dans la fonction publique territoriale ou"
            " dans une autre fonction publique."
        ),
        to_enter=(
            "Saisissez une fiche par concours et par session : intitulé, type, cadre d’emplois et"
            " grade visés, organisateur, résultat. Une admissibilité ou un échec peut aussi être"
            " mentionné : la préparation a compté. La formation de préparation elle-même se saisit"
            " dans « Autres formations »."
        ),
        examples=[
            (
                "Concours interne de rédacteur territorial, session 2021, centre de gestion de la"
                " Gironde, admis le 14/01/2022, inscrit sur la liste d’aptitude le 01/02/2022."
            ),
            (
                "Examen professionnel d’avancement au grade d’adjoint technique principal de 2e classe,"
                " session 2018, admis : pas de liste d’aptitude, mais un tableau d’avancement."
            ),
            "Troisième concours d’animateur territorial, session 2023, admissible.",
        ],
        documents=[
            "La lettre ou l’attestation de résultat",
            "L’arrêté d’inscription sur la liste d’aptitude",
        ],
        legal=(
            "Le code général de la fonction publique (articles L. 325-38 et L. 325-39) prévoit que la"
            " réussite à un concours territorial conduit à l’inscription sur une liste d’aptitude,"
            " valable deux ans et renouvelable deux fois un an sur demande, soit quatre ans ou, si"
            " aucun concours n’a été organisé dans ce délai, jusqu’au prochain concours. Un examen"
            " professionnel d’avancement conduit à un tableau d’avancement."
        ),
        notes=[
            (
                "À retenir : l’inscription sur une liste d’aptitude ne vaut pas recrutement ; notez sa"
                " date de fin pour demander à temps son renouvellement."
            ),
            (
                "À savoir : le décompte des quatre ans est suspendu dans certains cas (congé parental ou"
                " de maternité, par exemple), et l’inscription est prolongée jusqu’au prochain concours"
                " si aucun n’a été organisé : indiquez la date donnée par l’organisateur."
            ),
        ],
    ),
)
