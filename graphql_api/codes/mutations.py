"""The mutations of codes, for HR officers."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import strawberry

from graphql_api.callers.officers import require_officer
from graphql_api.codes import batches, codes
from graphql_api.codes.code_sheet import printable_list
from graphql_api.codes.codes import Batch
from graphql_api.codes.limits import (
    MAX_PER_BATCH,
    MAX_USES,
    MAX_VALIDITY,
    USUAL_VALIDITY,
    may_expire_on,
)
from graphql_api.codes.outcomes import (
    CodeBatchRevoked,
    CodeBatchRevokeResult,
    CodeRevoked,
    CodeRevokeResult,
    CodesIssued,
    CodesIssueResult,
)
from graphql_api.operations.idempotency import MAX_KEY_LENGTH, check_key
from graphql_api.operations.mutation_support import Info, argument, run_mutation
from graphql_api.storage.operation import Operation
from schema.description.refusals import InvalidEntry, NotFound, Problem, Refused, problem

Siret = Annotated[str, argument("The SIRET of a collectivité for which the caller is an officer.")]
Reference = Annotated[
    str, argument("The code's reference, as its slip says it; spaces and dashes do not matter.")
]


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
        idempotency_key: Annotated[
            str | None,
            argument(
                f"At most {MAX_KEY_LENGTH} characters: codes are made once under the same key."
            ),
        ] = None,
    ) -> CodesIssueResult:
        def verb(op: Operation) -> CodesIssued:
            require_officer(op, siret)
            check_key(idempotency_key)
            if problems := list(_problems(op, count, uses, expires_on)):
                raise Refused(InvalidEntry(problems=problems))
            batch = codes.issue(
                op, siret, count, uses=uses, expires_on=expires_on, key=idempotency_key
            )
            return _issued(batch, op.public_url)

        return run_mutation(info, None, verb)

    @strawberry.mutation(
        description="Let a code serve no more. The answer is the same whether it was used or not, and no booklet changes."
    )
    def code_revoke(self, info: Info, siret: Siret, reference: Reference) -> CodeRevokeResult:
        def verb(op: Operation) -> CodeRevoked:
            require_officer(op, siret)
            found = codes.revoke(op, siret, reference)
            if found is None:
                message = "Aucun code de cette collectivité ne porte cette référence."
                raise Refused(NotFound(path="reference", message=message))
            return CodeRevoked(authorization_code=found)

        return run_mutation(info, None, verb)

    @strawberry.mutation(
        description="Let no code of a batch serve any more, as when the list of slips was lost. No booklet changes."
    )
    def code_batch_revoke(
        self, info: Info, siret: Siret, id: Annotated[strawberry.ID, argument("The batch.")]
    ) -> CodeBatchRevokeResult:
        def verb(op: Operation) -> CodeBatchRevoked:
            require_officer(op, siret)
            found = batches.revoke(op, siret, id)
            if found is None:
                message = "Ce lot n’existe pas dans cette collectivité."
                raise Refused(NotFound(path="id", message=message))
            return CodeBatchRevoked(code_batch=found)

        return run_mutation(info, None, verb)


def _problems(op: Operation, count: int, uses: int, expires_on: date | None) -> Iterator[Problem]:
    if not 1 <= count <= MAX_PER_BATCH:
        yield problem("count", "OUT_OF_RANGE", f"Demandez entre 1 et {MAX_PER_BATCH} codes.")
    if not 1 <= uses <= MAX_USES:
        yield problem("uses", "OUT_OF_RANGE", f"Un code sert à ouvrir 1 à {MAX_USES} livrets.")
    if expires_on is not None and not may_expire_on(expires_on, op.today):
        message = f"La date limite se situe entre aujourd’hui et dans {MAX_VALIDITY.in_french}."
        yield problem("expiresOn", "DATE_OUT_OF_RANGE", message)


def _issued(batch: Batch, public_url: str) -> CodesIssued:
    return CodesIssued(
        batch=strawberry.ID(batch.id),
        local_authority=batch.local_authority,
        expires_at=batch.expires_at,
        last_day=batch.last_day,
        uses=batch.uses,
        codes=batch.codes,
        printable_list=printable_list(batch, public_url),
    )
