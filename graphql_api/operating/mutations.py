"""The mutations of operators."""

from typing import Annotated

import strawberry

from graphql_api.operating import accounts, api_clients, appointments, site_registrations
from graphql_api.operating.account_outcomes import (
    AccountDisableResult,
    AccountEnableResult,
    AccountLookUpResult,
    ActivationResendResult,
)
from graphql_api.operating.inputs import FrontEndInput, MachineInput
from graphql_api.operating.outcomes import (
    ClientDisableResult,
    FrontEndRegisterResult,
    FrontEndReviseResult,
    MachineRegisterResult,
    MachineReviseResult,
    OfficerAppointResult,
    OfficerDismissResult,
    OperatorAppointResult,
    OperatorDismissResult,
    SiteRegisterResult,
    SiteUnregisterResult,
)
from graphql_api.operations.mutation_support import Info, argument, run_mutation

Email = Annotated[str, argument("The address that an account here has proven to be its own.")]
Address = Annotated[str, argument("The address that somebody gives as theirs.")]
Account = Annotated[strawberry.ID, argument("The account.")]
ClientId = Annotated[strawberry.ID, argument("Its `client_id`.")]
FrontEndGiven = Annotated[FrontEndInput, argument("The front end.")]
MachineGiven = Annotated[MachineInput, argument("The machine.")]
Person = Annotated[strawberry.ID, argument("The person.")]
Site = Annotated[str, argument("The code of the site.")]
Siret = Annotated[str, argument("The SIRET of the collectivité.")]


@strawberry.type(description="What those who operate the service do.")
class OperatingMutations:
    """Appoint and dismiss; register and unregister; help with an account."""

    @strawberry.mutation(description="Let a person hand out the codes of a collectivité.")
    def officer_appoint(self, info: Info, email: Email, siret: Siret) -> OfficerAppointResult:
        return run_mutation(info, None, lambda op: appointments.appoint_officer(op, email, siret))

    @strawberry.mutation(
        description="Let a person hand out codes of a collectivité no longer; the codes they issued stay."
    )
    def officer_dismiss(self, info: Info, person: Person, siret: Siret) -> OfficerDismissResult:
        return run_mutation(info, None, lambda op: appointments.dismiss_officer(op, person, siret))

    @strawberry.mutation(description="Let a person operate the service.")
    def operator_appoint(self, info: Info, email: Email) -> OperatorAppointResult:
        return run_mutation(info, None, lambda op: appointments.appoint_operator(op, email))

    @strawberry.mutation(description="Let a person operate the service no longer.")
    def operator_dismiss(self, info: Info, person: Person) -> OperatorDismissResult:
        return run_mutation(info, None, lambda op: appointments.dismiss_operator(op, person))

    @strawberry.mutation(
        description="Register a regional site, so that a machine of its own reads by consents; the secret is shown once."
    )
    def site_register(self, info: Info, site: Site) -> SiteRegisterResult:
        return run_mutation(info, None, lambda op: site_registrations.register_site(op, site))

    @strawberry.mutation(
        description="Let a regional site read nothing more; the consents given to it stay, and serve its next machine."
    )
    def site_unregister(self, info: Info, site: Site) -> SiteUnregisterResult:
        return run_mutation(info, None, lambda op: site_registrations.unregister_site(op, site))

    @strawberry.mutation(
        description="Register a front end, where people sign in; its secret, if it has one, is shown once."
    )
    def front_end_register(self, info: Info, front_end: FrontEndGiven) -> FrontEndRegisterResult:
        return run_mutation(info, None, lambda op: api_clients.register_front_end(op, front_end))

    @strawberry.mutation(description="Give a front end another name and other addresses.")
    def front_end_revise(
        self, info: Info, id: ClientId, front_end: FrontEndGiven
    ) -> FrontEndReviseResult:
        return run_mutation(info, None, lambda op: api_clients.revise_front_end(op, id, front_end))

    @strawberry.mutation(
        description="Register a machine, by its keys or with a secret that is shown once. One that reads for a regional site is registered with `siteRegister`."
    )
    def machine_register(self, info: Info, machine: MachineGiven) -> MachineRegisterResult:
        return run_mutation(info, None, lambda op: api_clients.register_machine(op, machine))

    @strawberry.mutation(
        description="Give a machine another name and, if it signs with keys, other keys."
    )
    def machine_revise(
        self, info: Info, id: ClientId, machine: MachineGiven
    ) -> MachineReviseResult:
        return run_mutation(info, None, lambda op: api_clients.revise_machine(op, id, machine))

    @strawberry.mutation(
        description="Let a front end or a machine ask for no token any more. The machine of a site"
        " ends by `siteUnregister`."
    )
    def client_disable(self, info: Info, id: ClientId) -> ClientDisableResult:
        return run_mutation(info, None, lambda op: api_clients.disable_client(op, id))

    @strawberry.mutation(
        description="Look for the account of an address, to help whoever asks: an account or a registration, never a booklet. A mutation, since looking is written to the log of operators."
    )
    def account_look_up(self, info: Info, email: Address) -> AccountLookUpResult:
        return run_mutation(info, None, lambda op: accounts.look_up(op, email))

    @strawberry.mutation(
        description="Send the letter that activates the account of a registration again; five letters an hour."
    )
    def activation_resend(self, info: Info, email: Address) -> ActivationResendResult:
        return run_mutation(info, None, lambda op: accounts.resend_activation(op, email))

    @strawberry.mutation(
        description="Let nobody sign in to an account, and end its sessions; nothing of it is deleted."
    )
    def account_disable(self, info: Info, id: Account) -> AccountDisableResult:
        return run_mutation(info, None, lambda op: accounts.disable_account(op, id))

    @strawberry.mutation(description="Let people sign in to a disabled account again.")
    def account_enable(self, info: Info, id: Account) -> AccountEnableResult:
        return run_mutation(info, None, lambda op: accounts.enable_account(op, id))
