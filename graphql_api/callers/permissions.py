"""The one table: who may do what. `docs/access.md` is this table, and `authorization` enforces it.

Everybody who signed in is the same kind of caller; one person may be owner, officer and operator at
once, and the verb looks for the right that it needs. So a decision says what a role is answered
when it asks, with its own token, for something of the owner's; tests execute every decision.
Scopes are a ceiling above it. A nested field needs no decision: views are types, and a root field
shows the types of its views only.
"""

from dataclasses import dataclass
from enum import Enum

from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Actor, Agent, Anonymous, Machine, PrintJob


class CallerRole(Enum):
    """The roles of callers, in the order of the columns of `docs/access.md`."""

    ANONYMOUS = "no token"
    OWNER = "the owner of the booklet, signed in"
    OTHER_AGENT = "an agent with a booklet of their own, who is not its owner"
    NEWCOMER = "an agent without a booklet"
    PRINT_JOB = "the print workshop, with the token of one dossier"
    OFFICER = "an HR officer of a collectivité, with the scope to hand out codes"
    OPERATOR = "somebody who operates the service, with the scope for that"
    SITE = "a regional site: a machine, with the scope for summaries"

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of the token with which this role asks."""
        return frozenset(_SCOPES.get(self, "").split())


_SCOPES = {
    CallerRole.OWNER: "livret:read livret:write",
    CallerRole.OTHER_AGENT: "livret:read livret:write",
    CallerRole.NEWCOMER: "livret:read livret:write",
    CallerRole.OFFICER: "rh:codes",
    CallerRole.OPERATOR: "livret:read livret:operate",
    CallerRole.SITE: "livret:summary",
}


class View(Enum):
    """What the types of a view show."""

    PUBLIC = "the guide, code tables and legal texts; refusals that tell nothing of a booklet"
    OWNER = "a whole booklet, to its owner"
    ACCOUNT = "who signed in, to themselves"
    DOSSIER = "what the owner chose to communicate"
    CONTENT = "what the owner's view and the dossier's have in common, computed from each"
    OFFICER = "authorization codes, without saying which were used"
    SUMMARY = "the sections that a consent opens to a regional site"
    STATISTICS = "the published statistics, which identify nobody"
    OPERATOR = "who is appointed, and the state of the service"


class Effect(Enum):
    """What a decision does: answer with data, with null, or with a top-level error."""

    ALLOW = "allow"
    NULL = "null"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a role is answered and why. `code` is that of the error, for a refusal."""

    effect: Effect
    why: str
    code: str = ""


ALLOW_PUBLIC = Decision(Effect.ALLOW, "public")
ALLOW_OWN = Decision(Effect.ALLOW, "it is theirs")
ALLOW_INTO_OWN = Decision(Effect.ALLOW, "into their own booklet; what is another's is not there")
ALLOW_SELF = Decision(Effect.ALLOW, "their own, of which another is not told")
ALLOW_OPENING = Decision(Effect.ALLOW, "to open a booklet; the rest is refused as data until then")
ALLOW_TOKEN_DOSSIER = Decision(Effect.ALLOW, "the dossier of the token")
ALLOW_OWN_OFFICE = Decision(Effect.ALLOW, "for their own collectivité")
ALLOW_CONSENTED = Decision(Effect.ALLOW, "if registered as a site: where a live consent is for it")
NULL_NOT_OWN = Decision(Effect.NULL, "not theirs is not there")
REFUSE_ANONYMOUS = Decision(Effect.REFUSE, "nobody signed in", "UNAUTHENTICATED")
REFUSE_SCOPE = Decision(Effect.REFUSE, "the token lacks the scope", "INSUFFICIENT_SCOPE")
ALLOW_OPERATOR = Decision(Effect.ALLOW, "for whoever operates the service: tables, never rows")
ALLOW_OPERATING = Decision(Effect.ALLOW, "for whoever operates the service; never a booklet")
NULL_NOT_OPERATOR = Decision(Effect.NULL, "for whoever does not operate the service there are none")
REFUSE_FORBIDDEN = Decision(Effect.REFUSE, "not what its token is for", "FORBIDDEN")


class Permission(Enum):
    """What a caller may be permitted to do: a row of the table."""

    READ_PUBLIC = "read what is public"
    READ_OWN_BOOKLET = "read one's booklet"
    READ_OWN_ACCOUNT = "read one's account"
    READ_DOSSIER = "read a dossier"
    WRITE_OWN_BOOKLET = "write one's booklet"
    HAND_OUT_CODES = "hand out codes"
    READ_SUMMARIES = "read summaries"
    READ_STATISTICS = "read statistics"
    OPERATE_SERVICE = "operate the service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row: the scope that a token needs, the decision for each role, the views and root fields."""

    scope: str
    anonymous: Decision
    owner: Decision
    other_agent: Decision
    newcomer: Decision
    print_job: Decision
    officer: Decision
    operator: Decision
    site: Decision
    shows: tuple[View, ...]
    fields: str

    def decision(self, role: CallerRole) -> Decision:
        """The decision for a role."""
        decision: Decision = getattr(self, role.name.lower())
        return decision


TABLE: dict[Permission, Rule] = {
    Permission.READ_PUBLIC: Rule(
        scope="",
        anonymous=ALLOW_PUBLIC,
        owner=ALLOW_PUBLIC,
        other_agent=ALLOW_PUBLIC,
        newcomer=ALLOW_PUBLIC,
        print_job=ALLOW_PUBLIC,
        officer=ALLOW_PUBLIC,
        operator=ALLOW_PUBLIC,
        site=ALLOW_PUBLIC,
        shows=(View.PUBLIC,),
        fields="Query.screens Query.screen Query.menu"
        " Query.parts Query.rubrics Query.rubric Query.identityForm Query.situationForm Query.dossierForm"
        " Query.dossierIdentityForm Query.dispenseForm Query.shareLinkForm Query.consentForm Query.codesForm"
        " Query.dossierPurposes Query.codeTables Query.referenceVersion Query.charter Query.decree Query.sites"
        " Query.consentNotice Query.closingWords",
    ),
    Permission.READ_OWN_BOOKLET: Rule(
        scope="livret:read",
        anonymous=REFUSE_ANONYMOUS,
        owner=ALLOW_OWN,
        other_agent=NULL_NOT_OWN,
        newcomer=NULL_NOT_OWN,
        print_job=REFUSE_FORBIDDEN,
        officer=REFUSE_SCOPE,
        operator=NULL_NOT_OWN,
        site=REFUSE_FORBIDDEN,
        shows=(View.OWNER, View.CONTENT, View.PUBLIC),
        fields="Query.booklet Query.bookletRecord",
    ),
    Permission.READ_OWN_ACCOUNT: Rule(
        scope="livret:read",
        anonymous=REFUSE_ANONYMOUS,
        owner=ALLOW_SELF,
        other_agent=ALLOW_SELF,
        newcomer=ALLOW_SELF,
        print_job=REFUSE_FORBIDDEN,
        officer=REFUSE_SCOPE,
        operator=ALLOW_SELF,
        site=REFUSE_FORBIDDEN,
        shows=(View.ACCOUNT,),
        fields="Query.ownAccount",
    ),
    Permission.READ_DOSSIER: Rule(
        scope="livret:read",
        anonymous=REFUSE_ANONYMOUS,
        owner=ALLOW_OWN,
        other_agent=NULL_NOT_OWN,
        newcomer=NULL_NOT_OWN,
        print_job=ALLOW_TOKEN_DOSSIER,
        officer=REFUSE_SCOPE,
        operator=NULL_NOT_OWN,
        site=REFUSE_FORBIDDEN,
        shows=(View.DOSSIER, View.CONTENT, View.PUBLIC),
        fields="Query.sharedDossier",
    ),
    Permission.WRITE_OWN_BOOKLET: Rule(
        scope="livret:write",
        anonymous=REFUSE_ANONYMOUS,
        owner=ALLOW_OWN,
        other_agent=ALLOW_INTO_OWN,
        newcomer=ALLOW_OPENING,
        print_job=REFUSE_FORBIDDEN,
        officer=REFUSE_SCOPE,
        operator=REFUSE_SCOPE,
        site=REFUSE_FORBIDDEN,
        shows=(View.OWNER, View.CONTENT, View.PUBLIC),
        fields="Mutation.bookletOpen Mutation.charterAccept Mutation.charterRefuse"
        " Mutation.identityRevise Mutation.damagedPartRemove"
        " Mutation.situationRevise Mutation.reminderSet Mutation.draftSave Mutation.draftDelete"
        " Mutation.entryAdd Mutation.entriesAdd Mutation.entryRevise"
        " Mutation.entryRemove"
        " Mutation.entryMove Mutation.competenceLink Mutation.competenceUnlink"
        " Mutation.competenceLinksSet Mutation.evidenceLinksSet"
        " Mutation.evidenceLink Mutation.evidenceUnlink Mutation.bookletClose Mutation.accountClose"
        " Mutation.bookletImport Mutation.consentGive Mutation.consentNarrow"
        " Mutation.consentRenew Mutation.consentWithdraw Mutation.dossierSave Mutation.dossierRemove"
        " Mutation.shareLinkIssue Mutation.shareLinkRevoke",
    ),
    Permission.HAND_OUT_CODES: Rule(
        scope="rh:codes",
        anonymous=REFUSE_ANONYMOUS,
        owner=REFUSE_SCOPE,
        other_agent=REFUSE_SCOPE,
        newcomer=REFUSE_SCOPE,
        print_job=REFUSE_FORBIDDEN,
        officer=ALLOW_OWN_OFFICE,
        operator=REFUSE_SCOPE,
        site=REFUSE_FORBIDDEN,
        shows=(View.OFFICER, View.PUBLIC),
        fields="Query.officerOf Query.codeBatches Query.codeBatch Query.authorizationCodes Query.authorizationCode"
        " Mutation.codesIssue Mutation.codeRevoke Mutation.codeBatchRevoke",
    ),
    Permission.READ_SUMMARIES: Rule(
        scope="livret:summary",
        anonymous=REFUSE_ANONYMOUS,
        owner=REFUSE_SCOPE,
        other_agent=REFUSE_SCOPE,
        newcomer=REFUSE_SCOPE,
        print_job=REFUSE_FORBIDDEN,
        officer=REFUSE_SCOPE,
        operator=REFUSE_SCOPE,
        site=ALLOW_CONSENTED,
        shows=(View.SUMMARY, View.CONTENT, View.PUBLIC),
        fields="Query.bookletSummaries",
    ),
    Permission.READ_STATISTICS: Rule(
        scope="livret:read",
        anonymous=REFUSE_ANONYMOUS,
        owner=NULL_NOT_OPERATOR,
        other_agent=NULL_NOT_OPERATOR,
        newcomer=NULL_NOT_OPERATOR,
        print_job=REFUSE_FORBIDDEN,
        officer=REFUSE_SCOPE,
        operator=ALLOW_OPERATOR,
        site=REFUSE_FORBIDDEN,
        shows=(View.STATISTICS, View.PUBLIC),
        fields="Query.statistics",
    ),
    Permission.OPERATE_SERVICE: Rule(
        scope="livret:operate",
        anonymous=REFUSE_ANONYMOUS,
        owner=REFUSE_SCOPE,
        other_agent=REFUSE_SCOPE,
        newcomer=REFUSE_SCOPE,
        print_job=REFUSE_FORBIDDEN,
        officer=REFUSE_SCOPE,
        operator=ALLOW_OPERATING,
        site=REFUSE_FORBIDDEN,
        shows=(View.OPERATOR, View.PUBLIC),
        fields="Query.isOperator Query.officers Query.officer Query.operators Query.serviceState Query.charterVersions Query.statisticsMonths Query.siteRegistrations Query.apiClients Query.operatorActs Mutation.officerAppoint"
        " Mutation.officerDismiss Mutation.operatorAppoint Mutation.operatorDismiss Mutation.siteRegister Mutation.siteUnregister Mutation.clientDisable"
        " Mutation.frontEndRegister Mutation.frontEndRevise Mutation.machineRegister Mutation.machineRevise"
        " Mutation.accountLookUp Mutation.activationResend Mutation.accountDisable Mutation.accountEnable",
    ),
}

TYPES: dict[View, str] = {
    View.PUBLIC: "PageInfo Screen ScreenLabel ScreenBox MenuEntry PartGuide RubricGuide FieldGuide FieldGroup FieldRule FieldCondition FieldDependency DependentCodes Help CodeTable Code CodeLabel LegalText"
    " LegalSection DossierPurpose Refusal InvalidEntry Problem NotFound IdempotencyMismatch InvalidCode"
    " OutdatedCharter NoVerifiedAddress TooManyAttempts LimitReached RecentSignInRequired"
    " Site LocalAuthority ConsentNotice OutdatedNotice ClosingWords",
    View.OWNER: "Booklet Identity Situation CharterAcceptance Formations Experiences Competences"
    " Recap RecapGroup Dossier Dispense CompetenceLink AccessRecordConnection AccessRecordEdge AccessRecord"
    " EntryConnection EntryEdge Entry Diploma CompetitiveExam Training Accreditation DrivingLicence ProfessionalExperience"
    " ExtraProfessionalExperience TutoringExperience Competence PriorLearningRecognition"
    " Attachment Recommendation Conflict WrongState BookletOpened CharterAccepted CharterRefused"
    " IdentityRevised SituationRevised DamagedPart Damaged DamagedPartRemoved Reminder ReminderSet Draft DraftSaved DraftDeleted EntryAdded EntriesAdded EntryRevised EntryRemoved EntryMoved TieWritten"
    " DossierSaved DossierRemoved ClosingNotice BookletClosed AccountClosed ClosingReceipt BookletImported BookletNotEmpty"
    " ShareLink ShareLinkIssued ShareLinkRevoked"
    " Consent ConsentAlreadyGiven ConsentGiven ConsentNarrowed ConsentRenewed ConsentWithdrawn"
    " Panorama PanoramaEntry CompetenceMatrix MatrixColumn MatrixRow MatrixCell EvidenceCoverage"
    " TimelineSpan ValidityItem",
    View.ACCOUNT: "OwnAccount",
    View.CONTENT: "Line RubricCount ExperienceTotal TrainingDays",
    View.DOSSIER: "SharedDossier Holder SharedPart SharedRubric SharedEntry SharedLink SharedColumn"
    " SharedDispense DispenseSupport Profile ProfileSection ProfileItem"
    " SharedPanorama SharedPanoramaEntry SharedCompetenceMatrix SharedMatrixColumn SharedMatrixRow"
    " SharedMatrixCell SharedEvidenceCoverage SharedTimelineSpan SharedValidityItem",
    View.OFFICER: "CodeBatchConnection CodeBatchEdge CodeBatch"
    " AuthorizationCodeConnection AuthorizationCodeEdge AuthorizationCode"
    " CodesIssued IssuedCode CodesAlreadyIssued CodeRevoked CodeBatchRevoked",
    View.SUMMARY: "BookletSummaryConnection BookletSummaryEdge BookletSummary SummaryHolder SummaryPost SummaryTitle"
    " SummaryCompetence SummaryAuthorisation SummaryTombstone",
    View.OPERATOR: "OperatorActConnection OperatorActEdge OperatorAct HelpedAccount AccountLookedUp ActivationResent AccountDisabled AccountEnabled ClientRegistered ClientRevised"
    " ApiClient ClientDisabled SiteRegistration SiteRegistered SiteUnregistered ServiceState Sweep Backup MigratedStore LetterQueue CharterVersion AppointedPerson OfficerAppointmentConnection OfficerAppointmentEdge"
    " OfficerAppointment OfficerAppointed OfficerDismissed OperatorAppointed OperatorDismissed",
    View.STATISTICS: "StatisticsRelease StatisticsTable StatisticsFigure",
}

FIELDS: dict[str, Permission] = {
    field: permission for permission, rule in TABLE.items() for field in rule.fields.split()
}
VIEW_OF: dict[str, View] = {name: view for view, names in TYPES.items() for name in names.split()}


def check_permission(actor: Actor, permission: Permission) -> None:
    """Refuse a caller who is not entitled with a top-level error that says no more than that."""
    rule = TABLE[permission]
    if not isinstance(actor, Agent):
        decision = rule.decision(_ROLE[type(actor)])
        if decision.effect is Effect.REFUSE:
            raise PublicError(_MESSAGES[decision.code], decision.code)
    if isinstance(actor, Agent | Machine) and rule.scope and rule.scope not in actor.scopes:
        raise PublicError(f"Ce jeton ne permet pas cela ({rule.scope} manque).", REFUSE_SCOPE.code)


_ROLE: dict[type[Actor], CallerRole] = {
    Anonymous: CallerRole.ANONYMOUS,
    Machine: CallerRole.SITE,
    PrintJob: CallerRole.PRINT_JOB,
}
_MESSAGES = {
    REFUSE_ANONYMOUS.code: "Connectez-vous pour continuer.",
    REFUSE_FORBIDDEN.code: "Vous ne pouvez pas faire cela.",
}
