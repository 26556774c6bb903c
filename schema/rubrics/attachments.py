"""« Pièces jointes »: the list of paper documents that can be joined to the printed booklet."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.description.fields import choice, date, text
from schema.description.refusals import Problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    period_at,
    text_or_empty,
)
from schema.description.shared_fields import age_warnings


@dataclass(kw_only=True)
class AttachmentContent:
    """A paper document (decree 2008-830, article 5); its number is its place in the list."""

    title: str | None = text(
        "Intitulé",
        "What the document is.",
        required=True,
        example="Copie du BTS Comptabilité et gestion",
    )
    kind: str | None = choice(
        "Nature",
        "What sort of document it is.",
        "attachmentKind",
        required=True,
        example="COPIE_DIPLOME",
    )
    document_date: str | None = date(
        "Date du document", "The date that the document bears.", example="07/2012"
    )


def attachment_warnings(
    content: AttachmentContent, context: ValidationContext
) -> Iterator[Problem]:
    """A warning on an unlikely date."""
    yield from age_warnings("documentDate", content.document_date, context)


HELP = Help(
    what_it_is=(
        "Cette rubrique vous permet de dresser la liste des documents « papier » que vous pouvez "
        "joindre à la version imprimée de votre livret."
    ),
    to_enter=(
        "Une ligne par document, puis rattachez-le aux diplômes, formations ou expériences qu’il "
        "justifie. Aucun fichier n’est déposé : gardez l’original et joignez une copie à la "
        "version imprimée. N’y portez ni pièce d’identité, ni numéro de sécurité sociale, ni "
        "document médical, ni bulletin de paie."
    ),
    examples=[
        "Copie du brevet de technicien supérieur Gestion et protection de la nature, juillet 2008.",
        "Attestation de présence à la formation d’intégration, CNFPT, 12/03/2016.",
        "Attestation d’activité bénévole de l’association sportive, 2019.",
    ],
    documents=[
        "Vos diplômes et titres",
        "Vos attestations de formation, de travail, de stages, d’activité bénévole",
        "Vos arrêtés, certificats de travail et fiches de poste",
    ],
    legal=(
        "Décret n° 2008-830 du 22 août 2008, article 5 : « Une copie des titres, des diplômes et "
        "des certificats de qualification et une attestation des formations et des stages suivis "
        "ainsi que des emplois occupés mentionnés dans le livret individuel de formation sont "
        "jointes en annexe de ce document. »"
    ),
    notes=[
        (
            "À retenir : selon l’utilisation du livret, vous pourrez être amené à produire des preuves "
            "des éléments déclarés."
        ),
        (
            "À savoir : le numéro de la pièce est sa place dans votre liste ; vous pouvez changer "
            "l’ordre."
        ),
        "À noter : un même document peut justifier plusieurs lignes de votre livret.",
    ],
)

ATTACHMENT = Rubric(
    name=RubricName.ATTACHMENT,
    code="P",
    part=Part.ATTACHMENTS,
    label="Pièces jointes",
    one="une pièce jointe",
    content=AttachmentContent,
    help=HELP,
    headline=lambda content: text_or_empty(content.title),
    headline_keys=("title",),
    period=lambda content: period_at(content.document_date),
    period_keys=("documentDate",),
    columns=("kind",),
    warnings=attachment_warnings,
    owner_ordered=True,
)
