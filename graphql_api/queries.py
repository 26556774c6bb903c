"""The queries: verb, answer. `authorization` checks who may ask, before a resolver runs."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from graphql_api.booklets import booklets
from graphql_api.callers import officers as rights
from graphql_api.callers import sites as site_register
from graphql_api.codes import batches, codes
from graphql_api.codes.form import codes_guide
from graphql_api.codes.local_authority import local_authorities
from graphql_api.codes.mutations import Reference
from graphql_api.codes.outcomes import (
    AuthorizationCode,
    CodeBatch,
    LocalAuthority,
)
from graphql_api.consents.mutations import TermsArgument, show_notice
from graphql_api.consents.outcomes import ConsentNoticeResult
from graphql_api.dossiers import dossiers
from graphql_api.engine.encoding import PublicError
from graphql_api.operating import api_clients as registered_clients
from graphql_api.operating import appointments, service_state
from graphql_api.operating import site_registrations as registered_sites
from graphql_api.operating.api_clients import MAX_CLIENTS
from graphql_api.operating.outcomes import (
    ApiClient,
    AppointedPerson,
    CharterVersion,
    OfficerAppointment,
    ServiceState,
    SiteRegistration,
)
from graphql_api.operating.service_state import MAX_LISTED
from graphql_api.operations.mutation_support import Info, argument
from graphql_api.records import records
from graphql_api.statistics import statistics
from graphql_api.summaries import summaries
from schema import texts
from schema.booklet import Booklet
from schema.closing import CLOSING_WORDS, ClosingWords
from schema.codes import CODE_TABLES
from schema.codes.table import CodeTable
from schema.description.bounds import MAX_FORM_LINES, MAX_PAGE, MAX_SITUATION_LINES, at_most
from schema.description.connection import Connection
from schema.description.field_guide import FieldGuide
from schema.description.rubric import Part, RubricName
from schema.dossiers.purposes import PURPOSES, DossierPurpose
from schema.dossiers.shared_dossier import SharedDossier
from schema.guide import (
    PartGuide,
    RubricGuide,
    consent_guide,
    dispense_guide,
    dossier_guide,
    dossier_identity_guide,
    identity_guide,
    part_guides,
    rubric_guides,
    share_link_guide,
    situation_guide,
)
from schema.reference import reference_version
from schema.rubrics import RUBRICS
from schema.sharing.site import SITES, Site
from schema.statistics import StatisticsRelease
from schema.summaries.summary import BookletSummaryConnection
from schema.texts import DECREE, LegalText
from schema.texts.screens import MENU, SCREENS, MenuEntry, Screen, ScreenName, screen_of

MAX_NAMES = 100


@strawberry.type(description="What can be read.")
class Query:
    """Public: the guide, the code tables, the texts. To its owner: the booklet and its dossiers."""

    @strawberry.field(
        description="The caller's own booklet; null when there is none, or when the id is not its id."
    )
    def booklet(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, argument("Only if it has this id.")] = None,
    ) -> Booklet | None:
        return booklets.get(info.context, id)

    @strawberry.field(
        description="The complete record of the caller's own booklet, to take along: all that is stored of them, as docs/record.md describes it; null when there is none, or when the id is not its id. As a file: /booklet.json."
    )
    def booklet_record(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, argument("Only if it has this id.")] = None,
    ) -> JSON | None:
        record = records.export(info.context, id)
        return None if record is None else JSON(record)

    @strawberry.field(
        description="A dossier as its reader sees it; null when it does not exist or is not the caller's."
    )
    def shared_dossier(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("The dossier.")],
    ) -> SharedDossier | None:
        return dossiers.get(info.context, id)

    @strawberry.field(
        description="The collectivités for which the caller is an HR officer, by SIRET; at most 1,000."
    )
    def officer_of(self, info: Info) -> list[LocalAuthority]:
        return local_authorities(info.context)

    @strawberry.field(
        description="The batches of authorization codes of a collectivité, the newest first, for one of its officers."
    )
    def code_batches(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
    ) -> Connection[CodeBatch]:
        return batches.page(info.context, siret, first, after)

    @strawberry.field(
        description="A batch of authorization codes of a collectivité, for one of its officers; null when there is none."
    )
    def code_batch(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        id: Annotated[strawberry.ID, argument("The batch.")],
    ) -> CodeBatch | None:
        return batches.get(info.context, siret, id)

    @strawberry.field(
        description="The code of a collectivité that has a reference, for one of its officers; null when there is none."
    )
    def authorization_code(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        reference: Reference,
    ) -> AuthorizationCode | None:
        return codes.get(info.context, siret, reference)

    @strawberry.field(
        description="The authorization codes of a collectivité, or of one batch, the newest first, for one of its officers."
    )
    def authorization_codes(
        self,
        info: Info,
        siret: Annotated[str, argument("The collectivité.")],
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
        batch: Annotated[strawberry.ID | None, argument("Only the codes of this batch.")] = None,
    ) -> Connection[AuthorizationCode]:
        return codes.page(info.context, siret, first, after, batch)

    @strawberry.field(
        description="For a regional site: the summaries of the booklets whose owners consented, whole in the order of ids or, with `changedSince`, what has changed. docs/regional-sites.md says how to keep a copy."
    )
    def booklet_summaries(
        self,
        info: Info,
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
        changed_since: Annotated[
            datetime | None,
            strawberry.argument(
                description=f"The `asOf` of an earlier reading, at most {summaries.OLDEST.days} days old: only what changed or ended since."
            ),
        ] = None,
    ) -> BookletSummaryConnection:
        return summaries.page(info.context, first, after, changed_since)

    @strawberry.field(
        description=f"The regional sites to which a consent may be given: those that are registered; {at_most(len(SITES))}."
    )
    def sites(self, info: Info) -> list[Site]:
        return site_register.list_registered(info.context)

    @strawberry.field(
        description="What is to be shown before somebody consents to these terms, or renews such a consent."
    )
    def consent_notice(self, info: Info, consent: TermsArgument) -> ConsentNoticeResult:
        return show_notice(info.context, consent)

    @strawberry.field(
        description="For somebody who operates the service: the statistics of a month, of those who ticked the box; null when there are none, and for anybody else."
    )
    def statistics(
        self,
        info: Info,
        month: Annotated[
            str | None,
            argument("YYYY-MM; the last one published when absent."),
        ] = None,
    ) -> StatisticsRelease | None:
        return statistics.get(info.context, month)

    @strawberry.field(description="Whether the caller operates the service.")
    def is_operator(self, info: Info) -> bool:
        return rights.is_operator(info.context)

    @strawberry.field(
        description="The HR officers of all collectivités, by SIRET, for somebody who operates the service."
    )
    def officers(
        self,
        info: Info,
        first: Annotated[int, argument(f"How many; {at_most(MAX_PAGE)}.")] = 50,
        after: Annotated[str | None, argument("The `endCursor` of the page before.")] = None,
    ) -> Connection[OfficerAppointment]:
        return appointments.page_of_officers(info.context, first, after)

    @strawberry.field(
        description="One officer of a collectivité, for somebody who operates the service; null when the person is none."
    )
    def officer(
        self,
        info: Info,
        person: Annotated[strawberry.ID, argument("The person.")],
        siret: Annotated[str, argument("The collectivité.")],
    ) -> OfficerAppointment | None:
        return appointments.officer(info.context, person, siret)

    @strawberry.field(
        description=f"Those who operate the service, for one of them; {at_most(appointments.MAX_OPERATORS)}."
    )
    def operators(self, info: Info) -> list[AppointedPerson]:
        return appointments.operators(info.context)

    @strawberry.field(
        description="The state of the service, for somebody who operates it: numbers and versions, nothing of a person."
    )
    def service_state(self, info: Info) -> ServiceState:
        return service_state.service_state(info.context)

    @strawberry.field(
        description=f"The versions of the charter, the one in force first, for somebody who operates the service; {at_most(MAX_LISTED)}."
    )
    def charter_versions(self, info: Info) -> list[CharterVersion]:
        return service_state.charter_versions(info.context)

    @strawberry.field(
        description=f"The months whose statistics are published, the last one first, for somebody who operates the service; {at_most(MAX_LISTED)}."
    )
    def statistics_months(self, info: Info) -> list[str]:
        return service_state.statistics_months(info.context)

    @strawberry.field(
        description=f"The regional sites, registered or not, for somebody who operates the service; {at_most(len(SITES))}."
    )
    def site_registrations(self, info: Info) -> list[SiteRegistration]:
        return registered_sites.site_registrations(info.context)

    @strawberry.field(
        description=f"The front ends and machines that may ask for tokens, by name, for somebody who operates the service; {at_most(MAX_CLIENTS)}."
    )
    def api_clients(self, info: Info) -> list[ApiClient]:
        return registered_clients.api_clients(info.context)

    @strawberry.field(
        description=f"The screens of the guide that are neither a part nor a rubric, with its words, in the order in which an agent meets them; {len(ScreenName)}."
    )
    def screens(self) -> list[Screen]:
        return list(SCREENS)

    @strawberry.field(description="One screen of the guide, with its words.")
    def screen(self, name: Annotated[ScreenName, argument("Which screen.")]) -> Screen:
        return screen_of(name)

    @strawberry.field(description=f"The menu of Espace Pro; {len(MENU)}.")
    def menu(self) -> list[MenuEntry]:
        return list(MENU)

    @strawberry.field(description=f"The parts of a booklet with the guide's words; {len(Part)}.")
    def parts(self) -> list[PartGuide]:
        return part_guides()

    @strawberry.field(
        description=f"The rubrics with their help and fields, in the guide's order: enough to build every form; {len(RUBRICS)}."
    )
    def rubrics(self) -> list[RubricGuide]:
        return rubric_guides()

    @strawberry.field(description="One rubric with its help and fields: enough to build its form.")
    def rubric(self, name: Annotated[RubricName, argument("Which rubric.")]) -> RubricGuide:
        return next(guide for guide in rubric_guides() if guide.rubric is name)

    @strawberry.field(
        description=f"The fields of the identity form, in order; {at_most(MAX_FORM_LINES)}."
    )
    def identity_form(self) -> list[FieldGuide]:
        return identity_guide()

    @strawberry.field(
        description=f"The fields of the current situation, in order; none is required; {at_most(MAX_SITUATION_LINES)}."
    )
    def situation_form(self) -> list[FieldGuide]:
        return situation_guide()

    @strawberry.field(
        description=f"The fields of a dossier (`DossierInput`) beside its choice, in order: its cover, and what surrounds the entries; a new one starts with what its purpose does; {at_most(MAX_FORM_LINES)}."
    )
    def dossier_form(self) -> list[FieldGuide]:
        return dossier_guide()

    @strawberry.field(
        description=f"The fields of the identity that a dossier may communicate beside the names (`DossierInput.identityFields`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def dossier_identity_form(self) -> list[FieldGuide]:
        return dossier_identity_guide()

    @strawberry.field(
        description=f"The fields of a request for exemption (`DispenseInput`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def dispense_form(self) -> list[FieldGuide]:
        return dispense_guide()

    @strawberry.field(
        description=f"The fields by which a share link is asked for (`shareLinkIssue`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def share_link_form(self) -> list[FieldGuide]:
        return share_link_guide()

    @strawberry.field(
        description=f"The fields of a consent (`ConsentInput`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def consent_form(self) -> list[FieldGuide]:
        return consent_guide()

    @strawberry.field(
        description=f"The fields by which an HR officer asks for codes (`codesIssue`), in order; {at_most(MAX_FORM_LINES)}."
    )
    def codes_form(self) -> list[FieldGuide]:
        return codes_guide()

    @strawberry.field(
        description="The purposes of dossiers, with what a new one starts with; at most 20."
    )
    def dossier_purposes(self) -> list[DossierPurpose]:
        return list(PURPOSES)

    @strawberry.field(
        description="The version of what is the same for everybody: the guide, the forms of agents, the code tables, the purposes, the texts. It changes exactly when one of them does: keep them as long as it is the same. All of them in one file: /reference.json."
    )
    def reference_version(self) -> str:
        return reference_version()

    @strawberry.field(description=f"The code tables, or those named; {at_most(MAX_NAMES)}.")
    def code_tables(
        self,
        names: Annotated[
            list[str] | None,
            strawberry.argument(
                description=f"Only the tables of these names; {at_most(MAX_NAMES)}."
            ),
        ] = None,
    ) -> list[CodeTable]:
        if names is not None and len(names) > MAX_NAMES:
            raise PublicError(f"Au plus {MAX_NAMES} tables à la fois.", "BAD_USER_INPUT")
        return [table for table in CODE_TABLES if names is None or table.name in names]

    @strawberry.field(description="The charter in force, which opening a booklet asks to accept.")
    def charter(self) -> LegalText:
        return texts.CHARTER

    @strawberry.field(description="Decree 2008-830, of which every booklet contains a copy.")
    def decree(self) -> LegalText:
        return DECREE

    @strawberry.field(description="The words that closing a booklet or an account asks for.")
    def closing_words(self) -> ClosingWords:
        return CLOSING_WORDS
