"""What a booklet holds and the service cannot read: set aside, never overwritten, told to its owner.

A stored value is damaged when it does not open: altered, cut, moved or missing. The rest of the
booklet reads without it. Its owner removes it, or the operator restores it.
"""

from enum import Enum

import strawberry

from schema.description.enums import member
from schema.description.refusals import Refusal
from schema.description.rubric import RubricName

DAMAGED = "DAMAGED"
MAX_DAMAGED = 1_000
WHAT_HELPS = (
    "Demandez à l’exploitant du service de restaurer cette partie depuis une sauvegarde,"
    " ou supprimez-la vous-même."
)
WITHHELD = (
    "Une partie du livret est endommagée et ne peut pas être lue :"
    " ce dossier n’est pas communiqué, pour ne rien dire de faux."
)


@strawberry.enum(description="The kinds of what a booklet holds.")
class StoredKind(Enum):
    """What is stored under a seal of its own, or was, until the sections held it."""

    HEAD = member("HEAD", "The head: which sections the booklet has, as they were last written.")
    IDENTITY = member("IDENTITY", "The identity.")
    SITUATION = member("SITUATION", "The current situation.")
    FORMATIONS = member("FORMATIONS", "All entries of « Mes formations ».")
    EXPERIENCES = member("EXPERIENCES", "All entries of « Mes expériences ».")
    COMPETENCES = member("COMPETENCES", "All entries of « Mes compétences », and their links.")
    ATTACHMENTS = member(
        "ATTACHMENTS", "All « Pièces jointes » with what they prove, and all « Préconisations »."
    )
    DOSSIERS = member("DOSSIERS", "All dossiers.")
    ENTRY = member("ENTRY", "An entry.")
    COMPETENCE_LINK = member("COMPETENCE_LINK", "The link of a competence and an entry.")
    DOSSIER = member("DOSSIER", "A dossier.")
    DRAFT = member("DRAFT", "A draft.")
    CONSENT = member("CONSENT", "A consent.")
    SHARE_LINK = member("SHARE_LINK", "A share link.")
    REMINDER = member("REMINDER", "The setting of reminders.")
    ACCESS_RECORD = member("ACCESS_RECORD", "A record of the journal of accesses.")
    ANSWER = member("ANSWER", "The answer that is kept for an idempotency key.")


PARTS_OF_THE_GUIDE = (
    StoredKind.FORMATIONS,
    StoredKind.EXPERIENCES,
    StoredKind.COMPETENCES,
    StoredKind.ATTACHMENTS,
)
# A part of the first kind may stand in a section of each of the others.
HOLDING = {
    StoredKind.ENTRY: PARTS_OF_THE_GUIDE,
    StoredKind.COMPETENCE_LINK: (StoredKind.COMPETENCES,),
    StoredKind.DOSSIER: (StoredKind.DOSSIERS,),
}
LABELS = {
    StoredKind.HEAD: "Le sommaire de votre livret",
    StoredKind.IDENTITY: "Votre identité",
    StoredKind.SITUATION: "Votre situation actuelle",
    StoredKind.FORMATIONS: "Vos formations",
    StoredKind.EXPERIENCES: "Vos expériences",
    StoredKind.COMPETENCES: "Vos compétences",
    StoredKind.ATTACHMENTS: "Vos pièces jointes et les préconisations",
    StoredKind.DOSSIERS: "Vos dossiers",
    StoredKind.ENTRY: "Un élément du livret",
    StoredKind.COMPETENCE_LINK: "Le lien d’une compétence",
    StoredKind.DOSSIER: "Un dossier",
    StoredKind.DRAFT: "Un brouillon",
    StoredKind.CONSENT: "Un consentement",
    StoredKind.SHARE_LINK: "Un lien de partage",
    StoredKind.REMINDER: "Le réglage de vos rappels",
    StoredKind.ACCESS_RECORD: "Une ligne du journal des accès",
    StoredKind.ANSWER: "La réponse gardée pour une demande déjà faite",
}


@strawberry.type(
    description="A part of a booklet that cannot be read. It is absent from every list, or null; nothing overwrites it."
)
class DamagedPart:
    """Which part, without a word of what it said."""

    kind: StoredKind = strawberry.field(description="What kind of part.")
    id: strawberry.ID = strawberry.field(
        description="Which one: the id of the entry, dossier, draft…; the two ids with « : » between for a link; the booklet's own id for what it has once, its sections among them."
    )
    rubric: RubricName | None = strawberry.field(
        default=None, description="The rubric of an entry, when it is known."
    )

    @strawberry.field(description="What it is, in French.")
    def label(self) -> str:
        return LABELS[self.kind]


@strawberry.type(
    description="What was asked would need, or overwrite, a part that cannot be read. `damagedPartRemove` removes it for good."
)
class Damaged(Refusal):
    """The part stays as it is until it is restored or removed."""

    part: DamagedPart = strawberry.field(description="The part that cannot be read.")
    code: str = strawberry.field(default=DAMAGED, description="A stable code.")
    message: str = strawberry.field(
        default=f"Cette partie de votre livret est endommagée : rien n’a été enregistré. {WHAT_HELPS}",
        description="A French sentence for people.",
    )
