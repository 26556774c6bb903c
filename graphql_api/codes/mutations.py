"""What HR officers may do: hand out authorization codes, and see which were used."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_api.callers.officers import require_officer, sirets_of
from graphql_api.codes import codes
from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.codes import (
    MAX_LISTED,
    MAX_PER_BATCH,
    MAX_USES,
    MAX_VALIDITY,
    USUAL_VALIDITY,
    Batch,
    CodeRow,
)
from graphql_api.operations.mutation_support import Info, argument, run_mutation
from graphql_api.storage.operation import Operation
from schema.description.refusals import InvalidEntry, NotFound, Problem, Refused, problem


@strawberry.type(description="Codes just made. They are shown this once: only hashes are kept.")
class CodesIssued:
    """A new secret comes back once."""

    batch: strawberry.ID = strawberry.field(description="Names the codes made together.")
    siret: str = strawberry.field(description="The collectivité that hands them out.")
    expires_at: datetime = strawberry.field(description="Until when they serve (UTC).")
    uses: int = strawberry.field(description="How many booklets each may open.")
    codes: list[str] = strawberry.field(
        description=f"The codes, as people type them; at most {MAX_PER_BATCH}."
    )
    printable_list: str = strawberry.field(
        description="A standalone page of HTML, in French, that prints as slips to cut out."
    )


@strawberry.type(description="A code as its collectivité sees it later: used or not, and no more.")
class AuthorizationCode:
    """Neither the code itself, nor who used it, nor what became of it."""

    id: strawberry.ID = strawberry.field(description="Names the code; it does not open anything.")
    batch: strawberry.ID = strawberry.field(description="Which codes it was made with.")
    created_at: datetime = strawberry.field(description="When it was made (UTC).")
    expires_at: datetime = strawberry.field(description="Until when it serves (UTC).")
    used: bool = strawberry.field(description="Whether it was used.")
    revoked: bool = strawberry.field(description="Whether it was revoked.")


@strawberry.type(description="A page of codes.")
class AuthorizationCodes:
    """The newest first."""

    nodes: list[AuthorizationCode] = strawberry.field(
        description=f"The codes; at most {MAX_LISTED}."
    )
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` for the next page; null when there is none."
    )


@strawberry.type(description="The code serves no more. Booklets that it opened stay.")
class CodeRevoked:
    """The code at its new state."""

    authorization_code: AuthorizationCode = strawberry.field(description="The code as it is now.")


CodesIssueResult = Annotated[
    CodesIssued | InvalidEntry,
    strawberry.union("CodesIssueResult", description="What codesIssue answers."),
]
CodeRevokeResult = Annotated[
    CodeRevoked | NotFound,
    strawberry.union("CodeRevokeResult", description="What codeRevoke answers."),
]
Siret = Annotated[str, argument("The SIRET of a collectivité for which the caller is an officer.")]


@strawberry.type(description="Authorization codes, for HR officers.")
class CodeMutations:
    """Issue and revoke."""

    @strawberry.mutation(description="Make authorization codes for a collectivité.")
    def codes_issue(
        self,
        info: Info,
        siret: Siret,
        count: Annotated[int, argument(f"How many; 1 to {MAX_PER_BATCH}.")],
        uses: Annotated[int, argument(f"How many booklets each may open; 1 to {MAX_USES:,}.")] = 1,
        expires_on: Annotated[
            date | None,
            argument(
                f"The last day on which they serve: in {MAX_VALIDITY.in_english} at most; in {USUAL_VALIDITY.in_english} by default."
            ),
        ] = None,
    ) -> CodesIssueResult:
        def verb(op: Operation) -> CodesIssued:
            require_officer(op, siret)
            if problems := list(_problems(op, count, uses, expires_on)):
                raise Refused(InvalidEntry(problems=problems))
            return _issued(codes.issue(op, siret, count, uses=uses, expires_on=expires_on))

        return run_mutation(info, None, verb)

    @strawberry.mutation(description="Let a code serve no more.")
    def code_revoke(
        self, info: Info, id: Annotated[strawberry.ID, argument("The code's id.")]
    ) -> CodeRevokeResult:
        def verb(op: Operation) -> CodeRevoked:
            found = codes.revoke(op, id, sirets_of(op))
            if found is None:
                raise Refused(NotFound(path="id", message="Code introuvable."))
            return CodeRevoked(authorization_code=_shown(found))

        return run_mutation(info, None, verb)


def list_codes(op: Operation, siret: str, first: int, after: str | None) -> AuthorizationCodes:
    """A page of a collectivité's codes, for one of its officers."""
    require_officer(op, siret)
    most = max(0, min(first, MAX_LISTED))
    found = codes.listed(op, siret, most + 1, after)
    return AuthorizationCodes(
        nodes=[_shown(row) for row in found[:most]],
        end_cursor=found[most - 1].id if len(found) > most > 0 else None,
    )


def _problems(op: Operation, count: int, uses: int, expires_on: date | None) -> Iterator[Problem]:
    if not 1 <= count <= MAX_PER_BATCH:
        yield problem("count", "OUT_OF_RANGE", f"Demandez entre 1 et {MAX_PER_BATCH} codes.")
    if not 1 <= uses <= MAX_USES:
        yield problem("uses", "OUT_OF_RANGE", f"Un code sert à ouvrir 1 à {MAX_USES} livrets.")
    if expires_on is not None and not codes.may_expire_on(expires_on, op.today):
        message = f"La date limite se situe entre aujourd’hui et dans {MAX_VALIDITY.in_french}."
        yield problem("expiresOn", "DATE_OUT_OF_RANGE", message)


def _issued(batch: Batch) -> CodesIssued:
    return CodesIssued(
        batch=strawberry.ID(batch.id),
        siret=batch.siret,
        expires_at=batch.expires_at,
        uses=batch.uses,
        codes=batch.codes,
        printable_list=printable_list(batch),
    )


def _shown(row: CodeRow) -> AuthorizationCode:
    return AuthorizationCode(
        id=strawberry.ID(row.id),
        batch=strawberry.ID(row.batch),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used=row.used,
        revoked=row.revoked,
    )
