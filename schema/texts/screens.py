"""What the guide says on its screens, served to every front end and to our own pages.

The words are those of the CNFPT's leaflet « Livret individuel de formation – Étapes de création de
son livret »: of its pictures of screens, and of what it writes beside them. A title that the leaflet
writes in capitals keeps them. Slips of the leaflet are corrected: an accent on a capital, « vosre »,
« Chartre ». The words of parts, rubrics and fields stand with these (`schema/entries/parts.py`,
`schema/rubrics/`, `schema/entries/identity.py`), the charter in `charter-1.md`.

It is long because it is a table: one screen after the other, as in the leaflet, so that who compares
them turns the pages of both. What a screen is stands in the first hundred lines.
"""

from enum import Enum

import strawberry

from schema.description.bounds import at_most
from schema.description.enums import member
from schema.texts import LegalSection
from schema.typography import typeset, typeset_attributes

MAX_LABELS = 20


@strawberry.enum(description="The screens of the guide, in the order in which an agent meets them.")
class ScreenName(Enum):
    """A screen of the guide that is neither a part nor a rubric."""

    SIGN_IN = member("SIGN_IN", "« Comment se connecter à son livret ? »")
    ACCOUNT = member("ACCOUNT", "The account of Espace Pro, from the form to its activation.")
    HOME = member("HOME", "Espace Pro, once signed in: « CRÉEZ VOTRE LIVRET ».")
    INTRODUCTION = member("INTRODUCTION", "The four questions, with their answers.")
    CODE = member("CODE", "« Autorisation Collectivité ».")
    CHARTER = member("CHARTER", "The words around the charter: « JE REFUSE », « J’ACCEPTE ».")
    IDENTITY = member("IDENTITY", "The words around the identity form.")
    BOOKLET = member("BOOKLET", "« Votre livret », once it is open: « À vous de jouer ! »")
    PANORAMA = member("PANORAMA", "« Panorama ».")
    COMMUNICATION = member("COMMUNICATION", "What a booklet is communicated for, and by whom.")
    PRINTING = member("PRINTING", "The printed booklet and what is joined to it.")
    CLOSING = member("CLOSING", "« Fermer son livret numérique ».")


@strawberry.type(description="A short text of a screen: a button, a link, a mark.")
class ScreenLabel:
    """One label and the name by which a client finds it."""

    key: str = strawberry.field(description="Its name, which does not change.")
    text: str = strawberry.field(description="In French, the guide's own.")

    def __post_init__(self) -> None:
        typeset_attributes(self, "text")


@strawberry.type(description="A box beside a screen: « À retenir », « À savoir », « À faire »…")
class ScreenBox:
    """A box of the guide."""

    title: str = strawberry.field(description="Its title: « À retenir ».")
    paragraphs: list[str] = strawberry.field(
        description="In order; one that starts with « - » is a list item; at most 10."
    )

    def __post_init__(self) -> None:
        typeset_attributes(self, "title", "paragraphs")


@strawberry.type(description="The guide's words for a screen.")
class Screen:
    """A screen of the guide, in words; an absent word is an empty text."""

    name: ScreenName = strawberry.field(description="Which screen.")
    title: str = strawberry.field(description="Its title.")
    announcement: str = strawberry.field(
        description="Where the agent stands: « Vous êtes sur le point de créer votre livret »."
    )
    sections: list[LegalSection] = strawberry.field(description="Its texts, in order; at most 10.")
    instruction: str = strawberry.field(
        description="What the leaflet, beside the screen, tells to do; empty when nothing."
    )
    labels: list[ScreenLabel] = strawberry.field(
        description=f"Its buttons, links and marks; {at_most(MAX_LABELS)}."
    )
    boxes: list[ScreenBox] = strawberry.field(description="The boxes beside it; at most 10.")

    def __post_init__(self) -> None:
        typeset_attributes(self, "title", "announcement", "instruction")


@strawberry.type(description="A line of the menu of Espace Pro, with the lines below it.")
class MenuEntry:
    """« livret individuel de formation », and « consulter/modifier » below it."""

    key: str = strawberry.field(description="Its name, which does not change.")
    text: str = strawberry.field(description="In French, the guide's own.")
    entries: list[ScreenLabel] = strawberry.field(description="The lines below it; at most 5.")

    def __post_init__(self) -> None:
        typeset_attributes(self, "text")


def _section(heading: str, *paragraphs: str) -> LegalSection:
    return LegalSection(heading=typeset(heading), paragraphs=[typeset(one) for one in paragraphs])


def _labels(**texts: str) -> list[ScreenLabel]:
    return [ScreenLabel(key=key, text=text) for key, text in texts.items()]


def _screen(
    name: ScreenName,
    title: str,
    announcement: str,
    *sections: LegalSection,
    instruction: str = "",
    labels: list[ScreenLabel] | None = None,
    boxes: list[ScreenBox] | None = None,
) -> Screen:
    return Screen(
        name=name,
        title=title,
        announcement=announcement,
        sections=list(sections),
        instruction=instruction,
        labels=labels or [],
        boxes=boxes or [],
    )


TO_REMEMBER = ScreenBox(
    title="À retenir",
    paragraphs=[
        (
            "Le livret individuel de formation est un document personnel dont vous êtes le seul à "
            "posséder le code d’accès."
        )
    ],
)
TO_KNOW = ScreenBox(
    title="À savoir",
    paragraphs=[
        "Loi du 19 février 2007, article 1",
        (
            "« Tout agent de la fonction publique territoriale, occupant un emploi permanent, reçoit "
            "un livret individuel de formation."
        ),
        (
            "Ce livret retrace les formations et bilans de compétences dont l’agent bénéficie, dans "
            "les conditions fixées par décret. »"
        ),
    ],
)
TO_DO = ScreenBox(
    title="À faire",
    paragraphs=[
        "Munissez-vous préalablement à la saisie du livret de :",
        "- vos diplômes et titres",
        "- votre CV",
        "- vos attestations de formations, de stages, d’emploi.",
    ],
)
TO_NOTE = ScreenBox(
    title="À noter",
    paragraphs=[
        (
            "Votre DRH est une précieuse ressource pour vous accompagner dans l’élaboration de votre "
            "livret individuel de formation."
        )
    ],
)

_OWN_INITIATIVE = (
    "Le livret de formation est établi à votre initiative. Il vous appartient et vous en conservez "
    "la responsabilité d’utilisation et de mise à jour."
)
_USES = (
    "Le livret individuel de formation peut servir, si l’agent le souhaite, tout au long de la "
    "carrière dans le cas d’une demande de mutation, de détachement, de dispense de la durée des "
    "formations d’intégration et de professionnalisation ou dans le cadre d’une démarche de bilan "
    "de compétences ou de VAE..."
)
_TO_BE_CREATED = "Vous êtes sur le point de créer votre livret"
_TO_BE_FILLED = "Vous êtes sur le point de remplir votre livret individuel de formation."
_BACK_AND_CONFIRM = {"back": "RETOUR", "confirm": "VALIDER"}

SCREENS: tuple[Screen, ...] = (
    _screen(
        ScreenName.SIGN_IN,
        "Comment se connecter à son livret ?",
        "",
        _section(
            "",
            "Connectez-vous sur le site Internet de votre délégation régionale. Retrouvez les "
            "sites Internet régionaux du CNFPT sur le www.cnfpt.fr, entrée « Les délégations "
            "régionales et les écoles du CNFPT ». Sur la page d’accueil du site Internet, cliquez "
            "sur Livret individuel de formation.",
            "1. Entrez votre identifiant et votre mot de passe reçu par un deuxième courriel",
            "2. Connectez-vous",
            "3. Cliquez sur livret individuel de formation",
        ),
        instruction="Si vous n’avez pas de compte Espace pro, cliquez sur « créer votre compte »",
    ),
    _screen(
        ScreenName.ACCOUNT,
        "créer votre compte",
        "Vous êtes sur le point de créer votre compte Espace pro.",
        _section(
            "",
            "Votre demande a bien été enregistrée. Vous allez recevoir un courriel pour activer "
            "votre compte",
            "La clé d’activation s’affiche automatiquement Cliquez sur Valider",
            "L’activation de votre compte s’est déroulée avec succès. Cliquez sur retour à "
            "l’accueil",
        ),
        instruction="Remplissez le formulaire et validez",
    ),
    _screen(
        ScreenName.HOME,
        "EspacePro",
        "Vous êtes à présent sur Espace Pro, les services en ligne formation du CNFPT",
        instruction="Cliquez sur « créer votre livret »",
        labels=_labels(
            service="les services en ligne formation",
            to_content="aller au contenu",
            to_menu="aller au menu",
            accessibility="accessibilité",
            agent="AGENT :",
            profile="Votre profil",
            sign_out="Déconnexion",
            create="CRÉEZ VOTRE LIVRET",
        ),
    ),
    _screen(
        ScreenName.INTRODUCTION,
        "Introduction",
        _TO_BE_CREATED,
        _section(
            "1 • Qu’est ce que le livret individuel de formation ?",
            "Le livret individuel de formation est personnel et sécurisé. Vous êtes la seule "
            "personne à en posséder le code d’accès (identifiant Espace Pro).",
            "Le livret individuel de formation vous permet de conserver sur un même support "
            "l’ensemble des éléments constituant votre parcours professionnel et extra "
            "professionnel.",
            "Vous pouvez y consigner également l’ensemble des formations suivies et présenter sous "
            "une forme synthétique vos connaissances, aptitudes et compétences.",
            _OWN_INITIATIVE,
        ),
        _section(
            "2 • À quoi sert-il ?",
            "Le livret individuel de formation permet de lister les formations et les diverses "
            "expériences professionnelles et extra-professionnelles réalisées. Il sert aussi à "
            "identifier et à présenter sous une forme synthétique les connaissances, aptitudes et "
            "compétences : il permet de conserver dans un même endroit toutes ces informations sur "
            "le parcours suivi.",
            _USES,
        ),
        _section(
            "3 • Comment est-il organisé ?",
            "Le livret individuel de formation proposé par le CNFPT comporte trois volets :",
            "- Mes formations qui comprend des informations sur les diplômes obtenus et leurs "
            "contenus et les actions de formation suivies.",
            "- Mes expériences qui regroupe le parcours personnel et professionnel, fonctions et "
            "postes occupés dans et hors de la fonction publique, activités professionnelles et "
            "extraprofessionnelles (bénévolat, action syndicale...).",
            "- Mes compétences qui comprend des informations sur les compétences acquises au cours "
            "du parcours personnel, professionnel et formatif.",
        ),
        _section(
            "4 • Quand et comment compléter son livret ?",
            f"{_TO_BE_FILLED} Nous vous conseillons de le remplir de manière progressive en vous "
            "appuyant sur les différents documents relatifs à vos parcours de formation et professionnel. Des "
            "rubriques d’aides vous aideront à remplir votre livret tout au long de la saisie.",
            "Le livret individuel de formation peut être complété par l’agent tout au long de sa "
            "carrière.",
        ),
        boxes=[TO_REMEMBER, TO_KNOW, TO_DO, TO_NOTE],
    ),
    _screen(
        ScreenName.CODE,
        "Autorisation Collectivité",
        "Vous êtes sur le point de créer votre livret individuel de formation",
        _section(
            "",
            "Pour ouvrir votre livret individuel de formation vous devez saisir le code "
            "d’autorisation qui vous a été fourni par votre collectivité.",
        ),
        instruction=(
            "Entrez le « code collectivité » remis par votre employeur (il ne vous sera demandé "
            "qu’une seule fois), puis cliquez sur Suivant"
        ),
        labels=_labels(code="Code d’autorisation", next="Suivant >>"),
        boxes=[TO_REMEMBER],
    ),
    _screen(
        ScreenName.CHARTER,
        "CHARTE D’ENGAGEMENT",
        "",
        instruction=(
            "Avant de pouvoir créer votre livret, vous devez accepter la charte d’engagement"
        ),
        labels=_labels(refuse="JE REFUSE", accept="J’ACCEPTE"),
    ),
    _screen(
        ScreenName.IDENTITY,
        "Identité",
        "Vous êtes sur le point de saisir vos informations personnelles",
        _section(
            "De quoi s’agit-il ?",
            "Vous avez la possibilité de compléter ou de modifier les informations permettant de "
            "vous identifier.",
        ),
        instruction=(
            "À ce stade, il vous est encore possible de compléter ou modifier vos informations "
            "personnelles, puis Validez"
        ),
        labels=_labels(
            revise="Modifier mon identité",
            required="Champ obligatoire",
            clear="Effacer tous les contenus du formulaire",
            **_BACK_AND_CONFIRM,
            booklet="Votre livret",
            under_way="en cours de création",
        ),
    ),
    _screen(
        ScreenName.BOOKLET,
        "Votre livret",
        _TO_BE_FILLED,
        _section(
            "",
            _OWN_INITIATIVE,
            "Votre livret est un vrai journal de bord retraçant votre formation, votre expérience "
            "et vos compétences.",
        ),
        instruction=(
            "Vous pouvez maintenant créer votre livret individuel de formation. Naviguez dans les "
            "différents onglets de la barre de navigation afin de renseigner vos formations, vos "
            "expériences et vos compétences. À vous de jouer !"
        ),
        labels=_labels(
            booklet="LIVRET INDIVIDUEL DE FORMATION",
            introduction="Introduction",
            identity="Identité",
            recap="Récapitulatif",
            panorama="Panorama",
        ),
        boxes=[TO_DO, TO_NOTE],
    ),
    _screen(
        ScreenName.PANORAMA,
        "Panorama",
        "Votre livret est un vrai journal de bord retraçant votre formation, votre expérience et "
        "vos compétences.",
    ),
    _screen(
        ScreenName.COMMUNICATION,
        "Communiquer tout ou partie de mon livret",
        "",
        _section(
            "",
            _USES,
            "Les informations enregistrées sont réservées à la constitution du livret individuel "
            "de formation et seul l’agent propriétaire du livret peut en communiquer tout ou "
            "partie à un tiers.",
        ),
        instruction=(
            "En fonction de l’utilisation qu’il voudra faire de ce livret, l’agent pourra être "
            "amené à devoir produire des preuves des éléments déclarés dont il est le seul garant."
        ),
    ),
    _screen(
        ScreenName.PRINTING,
        "Version imprimée de mon livret",
        "",
        _section(
            "",
            "Cette rubrique vous permet de dresser la liste des documents « papier » que vous "
            "pouvez joindre à la version imprimée de votre livret.",
            "Par exemple : diplômes et titres, attestations de formation de travail, de stages, "
            "d’activité bénévole...",
        ),
    ),
    _screen(
        ScreenName.CLOSING,
        "Fermer mon livret",
        "",
        _section(
            "",
            "Il peut également décider de fermer son livret numérique. Les données saisies seront "
            "alors immédiatement supprimées.",
        ),
    ),
)

MENU: tuple[MenuEntry, ...] = (
    MenuEntry(key="home", text="accueil Espace Pro", entries=[]),
    MenuEntry(
        key="catalogue",
        text="catalogue de formation",
        entries=_labels(
            search="recherche", selection="votre sélection", feeds="liste des flux RSS"
        ),
    ),
    MenuEntry(
        key="initial_training",
        text="parcours de formation initiale",
        entries=_labels(paths="suivi des parcours"),
    ),
    MenuEntry(
        key="booklet",
        text="livret individuel de formation",
        entries=_labels(open="consulter/modifier"),
    ),
    MenuEntry(
        key="distance_learning",
        text="formation à distance",
        entries=_labels(trainings="accès aux formations"),
    ),
)


def screen_of(name: ScreenName) -> Screen:
    """The guide's words for a screen."""
    return next(screen for screen in SCREENS if screen.name is name)
