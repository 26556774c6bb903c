"""Revoking a code by its reference, or a batch: pages that say what it does and ask once."""

from starlette.responses import Response

from graphql_api.officer_space.batch_pages import BATCH, OFFICES
from graphql_api.officer_space.frame import FRAME, office_values, path_of, siret_of
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import FieldGroup, Form, FormField, FormProblem, new_key
from graphql_api.web.rendering import see_other
from schema.typography import typeset

CODE = stored(__file__, "code", FRAME)
CODE_REVOKE = stored(__file__, "code_revoke")
ONE_BATCH = stored(__file__, "one_batch", FRAME, BATCH)
BATCH_REVOKE = stored(__file__, "batch_revoke")
_UNKNOWN = (
    "Aucun code de cette collectivité ne porte cette référence : vérifiez-la sur votre liste."
)


async def find_code(page: PageRequest) -> Response:
    """Ask for the reference of a code, and lead to the page that revokes it."""
    typed = page.form.text("reference")
    if page.is_posted:
        data = await page.ask(CODE, siret=siret_of(page), reference=typed)
        if data["authorizationCode"] is not None:
            return see_other(_revoking_path(page, data["authorizationCode"]["reference"]))
    else:
        data = await page.ask(OFFICES)
    form = _form(typed, typeset(_UNKNOWN) if page.is_posted else "")
    return page.render(
        "find_code.html",
        422 if page.is_posted else 200,
        **office_values(page, data),
        form=form,
        problems=form.problems,
    )


async def revoke_code(page: PageRequest) -> Response:
    """Say what revoking a code does, or revoke it; a used code is answered as any other."""
    reference = page.part_of_path("reference")
    if page.is_posted:
        answer = await page.do(CODE_REVOKE, siret=siret_of(page), reference=reference)
        if refusal_of(answer) is None:
            return page.go(_lot_path(page, answer["authorizationCode"]["batch"]), "revocation")
    data = await page.ask(CODE, siret=siret_of(page), reference=reference)
    code = require(data["authorizationCode"])
    return page.render(
        "revoke_code.html",
        **office_values(page, data),
        code=code,
        path=_revoking_path(page, code["reference"]),
    )


async def revoke_batch(page: PageRequest) -> Response:
    """Say what revoking a batch does, or revoke what is left of it."""
    named = {"siret": siret_of(page), "batch": page.part_of_path("batch")}
    if page.is_posted and refusal_of(await page.do(BATCH_REVOKE, **named)) is None:
        return page.go(_lot_path(page, named["batch"]), "revocation-lot")
    data = await page.ask(ONE_BATCH, **named)
    return page.render(
        "revoke_batch.html", **office_values(page, data), batch=require(data["codeBatch"])
    )


def _lot_path(page: PageRequest, batch: str) -> str:
    return f"{path_of(siret_of(page))}/lots/{batch}"


def _revoking_path(page: PageRequest, reference: str) -> str:
    return f"{path_of(siret_of(page))}/codes/{reference}/revoquer"


def _form(typed: str, problem: str) -> Form:
    field = FormField(
        name="reference",
        label="Référence du billet",
        control="text",
        hint=typeset("Huit chiffres, par exemple 4829-1307."),
        required=True,
        values=(typed,) if typed else (),
        problem=problem,
        is_short=True,
        input_mode="numeric",
    )
    problems = (FormProblem(problem, field.name),) if problem else ()
    return Form((FieldGroup("", (field,)),), new_key(), None, problems)
