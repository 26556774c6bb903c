"""The one table: who may do what. `docs/access.md` is this table, and `guard` enforces it.

Whoever signed in is one and the same kind of caller; owner, officer and operator are what a person
may be at once, and the verb looks for the right that it needs. So a cell says what that role is
answered when it asks with its own token for something of the owner's; tests execute every cell.
Scopes are a ceiling above it. What is nested needs no decision of its own: views are types, and a
root field shows the types of its views only.
"""

from dataclasses import dataclass
from enum import Enum

from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Actor, Agent, Anonymous, Machine, PrintJob


class Role(Enum):
    """Who asks, in the order of the table's columns."""

    ANONYMOUS = "no token"
    OWNER = "the owner of the booklet, signed in"
    OTHER_AGENT = "an agent with a booklet of their own, who is not its owner"
    NEWCOMER = "an agent without a booklet"
    PRINT_JOB = "the print workshop, with the token of one dossier"
    OFFICER = "an HR officer of a collectivité, with the scope to hand out codes"
    OPERATOR = "somebody who operates the service, signed in to read"
    SITE = "a regional site: a machine, with the scope for summaries"

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of the token with which the role asks."""
        return frozenset(_SCOPES.get(self, "").split())


_SCOPES = {
    Role.OWNER: "livret:read livret:write",
    Role.OTHER_AGENT: "livret:read livret:write",
    Role.NEWCOMER: "livret:read livret:write",
    Role.OFFICER: "rh:codes",
    Role.OPERATOR: "livret:read",
    Role.SITE: "livret:summary",
}


class View(Enum):
    """What a type is there to show."""

    PUBLIC = "the guide, code tables and legal texts; refusals that tell nothing of a booklet"
    OWNER = "a whole booklet, to its owner"
    DOSSIER = "what the owner chose to communicate"
    CONTENT = "what the owner's view and the dossier's have in common, computed from each"
    OFFICER = "authorization codes: used or unused"
    SUMMARY = "the sections that a consent opens to a regional site"
    STATISTICS = "the published statistics, which identify nobody"


class Answer(Enum):
    """What a role is answered: data, null, or a top-level error."""

    ALLOW = "allow"
    NULL = "null"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Cell:
    """A decision and why. `code` is that of the error, when it refuses."""

    answer: Answer
    why: str
    code: str = ""


OPEN = Cell(Answer.ALLOW, "public")
OWN = Cell(Answer.ALLOW, "it is theirs")
INTO = Cell(Answer.ALLOW, "into their own booklet; what is another's is not there")
BEGIN = Cell(Answer.ALLOW, "to open a booklet; the rest is refused as data until then")
TOKEN = Cell(Answer.ALLOW, "the dossier of the token")
OFFICE = Cell(Answer.ALLOW, "for their own collectivité")
CONSENTED = Cell(Answer.ALLOW, "if registered as a site: where a live consent is for it")
NOT_THEIRS = Cell(Answer.NULL, "not theirs is not there")
NOBODY = Cell(Answer.REFUSE, "nobody signed in", "UNAUTHENTICATED")
NO_SCOPE = Cell(Answer.REFUSE, "the token lacks the scope", "INSUFFICIENT_SCOPE")
PUBLISHED = Cell(Answer.ALLOW, "for whoever operates the service: tables, never rows")
NOT_OPERATED = Cell(Answer.NULL, "for whoever does not operate the service there are none")
NOT_ITS = Cell(Answer.REFUSE, "not what its token is for", "FORBIDDEN")


class Act(Enum):
    """What can be done: a row of the table."""

    READ_PUBLIC = "read what is public"
    READ_OWN_BOOKLET = "read one's booklet"
    READ_DOSSIER = "read a dossier"
    WRITE_OWN_BOOKLET = "write one's booklet"
    HAND_OUT_CODES = "hand out codes"
    READ_SUMMARIES = "read summaries"
    READ_STATISTICS = "read statistics"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the scope that a token needs, a cell for each role, what is shown, the root fields."""

    scope: str
    cells: tuple[Cell, ...]
    shows: tuple[View, ...]
    fields: str

    def cell(self, role: Role) -> Cell:
        """The decision for a role."""
        return self.cells[tuple(Role).index(role)]


TABLE: dict[Act, Rule] = {
    # cells: anonymous, owner, other agent, newcomer, print job, officer, operator, site
    Act.READ_PUBLIC: Rule(
        "", (OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN, OPEN),
        (View.PUBLIC,),
        "Query.parts Query.rubrics Query.identityForm Query.situationForm Query.dispenseForm"
        " Query.dossierPurposes Query.codeTables Query.charter Query.decree Query.sites"
        " Query.consentNotice",
    ),
    Act.READ_OWN_BOOKLET: Rule(
        "livret:read", (NOBODY, OWN, NOT_THEIRS, NOT_THEIRS, NOT_ITS, NO_SCOPE, NOT_THEIRS, NOT_ITS),
        (View.OWNER, View.CONTENT, View.PUBLIC),
        "Query.booklet Query.bookletRecord",
    ),
    Act.READ_DOSSIER: Rule(
        "livret:read", (NOBODY, OWN, NOT_THEIRS, NOT_THEIRS, TOKEN, NO_SCOPE, NOT_THEIRS, NOT_ITS),
        (View.DOSSIER, View.CONTENT, View.PUBLIC),
        "Query.sharedDossier",
    ),
    Act.WRITE_OWN_BOOKLET: Rule(
        "livret:write", (NOBODY, OWN, INTO, BEGIN, NOT_ITS, NO_SCOPE, NO_SCOPE, NOT_ITS),
        (View.OWNER, View.CONTENT, View.PUBLIC),
        "Mutation.bookletOpen Mutation.charterAccept Mutation.charterRefuse Mutation.identityRevise"
        " Mutation.situationRevise Mutation.entryAdd Mutation.entryRevise Mutation.entryRemove"
        " Mutation.entryMove Mutation.competenceLink Mutation.competenceUnlink"
        " Mutation.evidenceLink Mutation.evidenceUnlink Mutation.bookletClose Mutation.accountClose"
        " Mutation.bookletImport Mutation.consentGive Mutation.consentNarrow"
        " Mutation.consentRenew Mutation.consentWithdraw Mutation.dossierSave Mutation.dossierRemove"
        " Mutation.shareLinkIssue Mutation.shareLinkRevoke",
    ),
    Act.HAND_OUT_CODES: Rule(
        "rh:codes", (NOBODY, NO_SCOPE, NO_SCOPE, NO_SCOPE, NOT_ITS, OFFICE, NO_SCOPE, NOT_ITS),
        (View.OFFICER, View.PUBLIC),
        "Query.officerOf Query.authorizationCodes Mutation.codesIssue Mutation.codeRevoke",
    ),
    Act.READ_SUMMARIES: Rule(
        "livret:summary",
        (NOBODY, NO_SCOPE, NO_SCOPE, NO_SCOPE, NOT_ITS, NO_SCOPE, NO_SCOPE, CONSENTED),
        (View.SUMMARY, View.CONTENT, View.PUBLIC),
        "Query.bookletSummaries",
    ),
    Act.READ_STATISTICS: Rule(
        "livret:read",
        (NOBODY, NOT_OPERATED, NOT_OPERATED, NOT_OPERATED, NOT_ITS, NO_SCOPE, PUBLISHED, NOT_ITS),
        (View.STATISTICS, View.PUBLIC),
        "Query.statistics",
    ),
}  # fmt: skip

TYPES: dict[View, str] = {
    View.PUBLIC: "PartGuide RubricGuide FieldGuide Help CodeTable Code CodeLabel LegalText"
    " LegalSection DossierPurpose Refusal InvalidEntry Problem NotFound IdempotencyMismatch InvalidCode"
    " OutdatedCharter TooManyAttempts LimitReached RecentSignInRequired"
    " Site ConsentNotice OutdatedNotice",
    View.OWNER: "Booklet Identity Situation CharterAcceptance Formations Experiences Competences"
    " Recap RecapGroup Dossier Dispense CompetenceLink AccessRecordConnection AccessRecord"
    " Entry Diploma CompetitiveExam Training Accreditation DrivingLicence ProfessionalExperience"
    " ExtraProfessionalExperience TutoringExperience Competence PriorLearningRecognition"
    " Attachment Recommendation Conflict WrongState BookletOpened CharterAccepted CharterRefused"
    " IdentityRevised SituationRevised EntryAdded EntryRevised EntryRemoved EntryMoved TieWritten"
    " DossierSaved DossierRemoved BookletClosed AccountClosed ClosingReceipt BookletImported BookletNotEmpty"
    " ShareLink ShareLinkIssued ShareLinkRevoked"
    " Consent ConsentGiven ConsentNarrowed ConsentRenewed ConsentWithdrawn",
    View.CONTENT: "Line Panorama PanoramaEntry RubricCount CompetenceMatrix MatrixColumn MatrixRow"
    " MatrixCell EvidenceCoverage ExperienceTotal TimelineSpan TrainingDays ValidityItem",
    View.DOSSIER: "SharedDossier Holder SharedPart SharedRubric SharedEntry SharedLink SharedDispense",
    View.OFFICER: "AuthorizationCodes AuthorizationCode CodesIssued CodeRevoked",
    View.SUMMARY: "BookletSummaryConnection BookletSummary SummaryHolder SummaryPost SummaryTitle"
    " SummaryCompetence SummaryAuthorisation SummaryTombstone",
    View.STATISTICS: "StatisticsRelease StatisticsTable StatisticsFigure",
}

FIELDS: dict[str, Act] = {
    field: act for act, rule in TABLE.items() for field in rule.fields.split()
}
VIEW_OF: dict[str, View] = {name: view for view, names in TYPES.items() for name in names.split()}


def check_may(actor: Actor, act: Act) -> None:
    """Refuse whoever is not entitled, with a top-level error that says no more than that."""
    rule = TABLE[act]
    if not isinstance(actor, Agent):
        cell = rule.cell(_ROLE[type(actor)])
        if cell.answer is Answer.REFUSE:
            raise PublicError(_WORDS[cell.code], cell.code)
    if isinstance(actor, Agent | Machine) and rule.scope and rule.scope not in actor.scopes:
        raise PublicError(f"Ce jeton ne permet pas cela ({rule.scope} manque).", NO_SCOPE.code)


_ROLE: dict[type[Actor], Role] = {
    Anonymous: Role.ANONYMOUS,
    Machine: Role.SITE,
    PrintJob: Role.PRINT_JOB,
}
_WORDS = {
    NOBODY.code: "Connectez-vous pour continuer.",
    NOT_ITS.code: "Vous ne pouvez pas faire cela.",
}
