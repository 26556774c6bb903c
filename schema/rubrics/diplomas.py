"""2.1 « Titres et diplômes »: what is sanctioned by a title."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes.formations import LEVELS_OF_LEGACY
from schema.description.conditions import (
    CodesFor,
    DependentCodes,
    filled,
    is_yes,
    none_of,
    not_yes,
    one_of,
    refused,
    required,
)
from schema.description.dates import Period
from schema.description.directives import TextFormat
from schema.description.fields import FieldRole, choice, date, is_filled, long_text, text, yes_no
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
from schema.description.shared_fields import (
    age_warnings,
    city,
    code_form,
    commune,
    country,
    date_order_problems,
    organisation_group,
    organisation_name,
    siret,
)

_LEVELS_BY_LEGACY = DependentCodes(
    "legacy_level",
    tuple(CodesFor(legacy, levels, strict=False) for legacy, levels in LEVELS_OF_LEGACY.items()),
)


@dataclass(kw_only=True)
class DiplomaContent:
    """Titles and diplomas, initial or of continuing training (decree 2008-830, articles 1 and 4)."""

    GROUPS = (
        group("level", "Niveau", "level", "legacy_level"),
        group("award", "Obtention", "outcome", "awarded_on", "route"),
        organisation_group("Établissement / organisme", "institution"),
        group("studies", "Études", "study_start", "study_end", "study_ongoing"),
    )

    title: str | None = text(
        "Intitulé",
        "The title, as written on the diploma.",
        required=True,
        hint="Tel qu’il figure sur le diplôme ou le titre.",
        example="BTS Comptabilité et gestion",
    )
    kind: str | None = choice(
        "Nature", "What sort of title it is.", "diplomaKind", required=True, example="DIPLOME"
    )
    speciality: str | None = text(
        "Spécialité / mention / option",
        "Its speciality, mention or option.",
        example="Option finances publiques",
    )
    level: str | None = choice(
        "Niveau",
        "Its level in the national framework (CEC), 1 to 8, or NONE.",
        "level",
        recommended=True,
        hint="Le niveau actuel, de 1 à 8 ; il est indispensable pour une demande de dispense.",
        depends_on=_LEVELS_BY_LEGACY,
        example="5",
    )
    legacy_level: str | None = choice(
        "Ancien niveau (I à VI)",
        "Its level in the former framework (VI to I).",
        "legacyLevel",
        hint="Seulement si vous ne connaissez que l’ancien niveau.",
        example="III",
    )
    outcome: str | None = choice(
        "Obtenu",
        "Whether it was awarded.",
        "diplomaOutcome",
        required=True,
        example="OBTENU",
    )
    awarded_on: str | None = date(
        "Date d’obtention",
        "When it was awarded; required when it was.",
        hint="L’année suffit si vous ne connaissez pas le jour.",
        required_when=(
            required(
                "Indiquez la date d’obtention : l’année suffit.", one_of("outcome", ("OBTENU",))
            ),
        ),
        refused_when=(
            refused(
                "NOT_EXPECTED",
                "Une préparation en cours n’a pas de date d’obtention.",
                one_of("outcome", ("EN_COURS",)),
            ),
        ),
        shown_when=(none_of("outcome", ("EN_COURS", "NIVEAU")),),
        example="07/2012",
    )
    route: str | None = choice(
        "Voie d’obtention",
        "How it was prepared.",
        "route",
        required=True,
        example="FORMATION_INITIALE",
    )
    institution_name: str | None = organisation_name(
        "Établissement / organisme",
        "Where it was prepared.",
        recommended=True,
        example="Lycée Gustave-Eiffel",
    )
    institution_siret: str | None = siret("établissement", "The SIRET of the institution.")
    institution_insee_commune: str | None = commune(
        "établissement", "The INSEE code of the institution's commune."
    )
    institution_city: str | None = city("établissement", "The city of the institution.")
    institution_country_code: str | None = country(
        "Pays (établissement)", "The country of the institution."
    )
    awarding_body: str | None = text(
        "Autorité de délivrance",
        "Who awarded it.",
        hint="Par exemple : académie, université, ministère chargé du travail.",
        example="Académie de Bordeaux",
    )
    study_start: str | None = date("Début des études", "When the studies began.", example="09/2010")
    study_end: str | None = date(
        "Fin des études",
        "When the studies ended, or are due to end.",
        future=True,
        refused_when=(
            refused(
                "ONGOING_WITH_END",
                "Indiquez une date de fin ou « Études en cours », pas les deux.",
                is_yes("study_ongoing"),
            ),
        ),
        shown_when=(not_yes("study_ongoing"),),
        example="06/2012",
    )
    study_ongoing: bool | None = yes_no(
        "Études en cours", "Whether the studies still go on.", role=FieldRole.ONGOING
    )
    content: str | None = long_text(
        "Contenu (matières, mémoire)",
        "What was studied: subjects, dissertation.",
        hint="Les matières principales, le sujet du mémoire ou du projet.",
        example="Comptabilité, gestion, droit, informatique.",
    )
    certification_code: str | None = text(
        "Code RNCP / RS",
        "Its code in the national registers of certifications.",
        max_length=10,
        normalize=code_form,
        format=TextFormat.CERTIFICATION,
        pattern=r"(RNCP|RS)[0-9]{1,6}",
        pattern_message="Le code commence par RNCP ou RS, suivi de 1 à 6 chiffres.",
        hint="RNCP ou RS suivi du numéro, sans espace.",
        example="RNCP38363",
    )
    enic_naric_ref: str | None = text(
        "Reconnaissance France (diplôme étranger)",
        "The reference of the ENIC-NARIC comparability statement of a foreign diploma.",
        max_length=50,
        hint="La référence de l’attestation de comparabilité ENIC-NARIC.",
        shown_when=(
            filled("institution_country_code"),
            none_of("institution_country_code", ("FR",)),
        ),
        example="2019-12345",
    )


def diploma_period(content: DiplomaContent) -> Period:
    """The award when dated; otherwise the studies, still going on while they are being followed."""
    if is_filled(content.awarded_on):
        return period_at(content.awarded_on)
    end = parse_date(content.study_end)
    ongoing = content.study_ongoing is True or (content.outcome == "EN_COURS" and end is None)
    return Period(parse_date(content.study_start), end, ongoing)


def diploma_errors(content: DiplomaContent, _context: ValidationContext) -> Iterator[Problem]:
    """The error of studies that end before they begin."""
    studies = Period(parse_date(content.study_start), parse_date(content.study_end))
    if studies.ends_before_it_starts:
        yield problem(
            "studyEnd", "END_BEFORE_START", "La fin des études ne peut pas précéder leur début."
        )


def diploma_warnings(content: DiplomaContent, context: ValidationContext) -> Iterator[Problem]:
    """Warnings: levels that differ, unlikely dates, and the « Reconnaissance des acquis » of a VAE."""
    yield from _level_warnings(content)
    if content.outcome == "NIVEAU" and is_filled(content.awarded_on):
        yield problem(
            "awardedOn",
            "NOT_EXPECTED",
            "Un niveau suivi sans obtention n’a pas de date d’obtention : vérifiez.",
        )
    yield from age_warnings("awardedOn", content.awarded_on, context)
    yield from date_order_problems(
        "awardedOn",
        content.study_start,
        content.awarded_on,
        "L’obtention précède le début des études : vérifiez les dates.",
    )
    yield from age_warnings("studyStart", content.study_start, context)
    if content.route == "VAE":
        yield problem(
            "route",
            "SUGGESTED_ENTRY",
            "Pensez à décrire aussi votre démarche dans « Reconnaissance des acquis et VAE ».",
        )


def _level_warnings(content: DiplomaContent) -> Iterator[Problem]:
    """Warnings on the former level: it differs from the present one, or the holder has to choose."""
    legacy, level = text_or_empty(content.legacy_level), text_or_empty(content.level)
    meant = LEVELS_OF_LEGACY.get(legacy, ())
    if not meant or level in meant:
        return
    now = " ou ".join(
        "à « Sans niveau »" if code == "NONE" else f"au niveau {code}" for code in meant
    )
    known = f"L’ancien niveau {legacy.replace('_BIS', ' bis')} correspond aujourd’hui {now}"
    if level:
        yield problem("legacyLevel", "LEVELS_DIFFER", f"{known} : vérifiez les deux niveaux.")
    else:
        choose = "choisissez lequel" if len(meant) > 1 else "renseignez « Niveau »"
        yield problem("level", "LEVEL_TO_CHOOSE", f"{known} : {choose}.")


DIPLOMA = Rubric(
    name=RubricName.DIPLOMA,
    code="F1",
    part=Part.FORMATIONS,
    label="Titres et diplômes",
    one="un titre ou un diplôme",
    content=DiplomaContent,
    headline=lambda content: text_or_empty(content.title),
    headline_keys=("title",),
    period=diploma_period,
    period_keys=("awardedOn", "studyStart", "studyEnd"),
    columns=("level", "institutionName"),
    errors=diploma_errors,
    warnings=diploma_warnings,
    supports_competences=True,
    evidence="Copie du diplôme ou du titre",
    expects_evidence=lambda content, today: content.outcome in ("OBTENU", "PARTIEL"),
    help=Help(
        what_it_is=(
            "Les formations sanctionnées par un titre : diplômes de votre formation initiale, mais"
            " aussi diplômes, titres professionnels et certificats de qualification obtenus plus"
            " tard, par la formation continue, l’apprentissage ou la validation des acquis de"
            " l’expérience (VAE). Une formation suivie sans titre à la clé se saisit dans « Autres"
            " formations »."
        ),
        to_enter=(
            "Saisissez une fiche par titre : intitulé exact, niveau, date et voie d’obtention,"
            " établissement, puis le contenu (matières, mémoire). Un diplôme préparé mais non"
            " obtenu, ou obtenu en partie, a aussi sa place : dites-le dans « Obtenu ». Ne saisissez"
            " ici ni les concours, ni les stages, ni les habilitations et permis : chacun a sa"
            " rubrique."
        ),
        examples=[
            (
                "CAP Accompagnant éducatif petite enfance, niveau 3, obtenu en 2019 par la VAE, alors"
                " que vous étiez agente sociale en crèche."
            ),
            (
                "Licence professionnelle Métiers des bibliothèques, niveau 6, obtenue en juin 2012 à"
                " l’université, avec le sujet du mémoire dans « Contenu »."
            ),
            (
                "BTS Gestion de l’eau suivi jusqu’en 2008 sans obtention : choisissez « Non (niveau"
                " suivi sans obtention) »."
            ),
        ],
        documents=[
            "Vos diplômes et titres",
            "À défaut, vos relevés de notes ou attestations de réussite",
            "Pour un diplôme étranger, l’attestation de comparabilité ENIC-NARIC",
        ],
        legal=(
            "Décret n° 2008-830 du 22 août 2008, article 1 (diplômes, titres et certifications"
            " recensés par le livret), article 4 : « La date d’obtention des titres, des diplômes et"
            " des certificats de qualification est précisée. », et article 5 (copie jointe en"
            " annexe). Les niveaux 1 à 8 sont ceux du décret n° 2019-14 du 8 janvier 2019."
        ),
        notes=[
            (
                "À retenir : l’ancien niveau I correspond au niveau 7 (master) ou au niveau 8"
                " (doctorat). Vous seul pouvez dire lequel."
            ),
            (
                "À savoir : le niveau et la date d’obtention sont examinés lors d’une demande de"
                " dispense de la durée des formations d’intégration et de professionnalisation."
            ),
            (
                "À noter : inscrivez la copie de chaque diplôme dans « Pièces jointes », pour la joindre"
                " à la version imprimée de votre livret."
            ),
        ],
    ),
)
