"""Officers and operators: who has these rights, giving them, taking them back."""

from starlette.responses import Response

from graphql_api.operator_space.forms import EMAIL_FIELD, SIRET_FIELD, filled
from graphql_api.operator_space.frame import (
    FRAME,
    FRAME_ONLY,
    OFFICERS_PATH,
    OPERATORS_PATH,
    frame_of,
)
from graphql_api.operator_space.rights import do_recently
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require

PERSON = stored(__file__, "person")
OFFICER_LIST = stored(__file__, "officer_list", FRAME, PERSON)
OFFICER = stored(__file__, "officer", FRAME, PERSON)
OFFICER_APPOINT = stored(__file__, "officer_appoint")
OFFICER_DISMISS = stored(__file__, "officer_dismiss")
OPERATOR_LIST = stored(__file__, "operator_list", FRAME, PERSON)
OPERATOR_APPOINT = stored(__file__, "operator_appoint")
OPERATOR_DISMISS = stored(__file__, "operator_dismiss")
AFTER = "suite"


async def officer_list(page: PageRequest) -> Response:
    """Show who hands out the codes of which collectivité."""
    after = page.query(AFTER)
    data = await page.ask(OFFICER_LIST, after=after or None)
    return page.render(
        "officer_list.html",
        frame=frame_of(page, data),
        path=OFFICERS_PATH,
        officers=data["officers"]["nodes"],
        page_info=data["officers"]["pageInfo"],
        is_first_page=not after,
    )


async def appoint_officer(page: PageRequest) -> Response:
    """Show the form, or let a person hand out the codes of a collectivité."""
    refusal = None
    if page.is_posted:
        typed = {name: page.form.text(name) for name in ("email", "siret")}
        refusal = refusal_of(await do_recently(page, OFFICER_APPOINT, **typed))
        if refusal is None:
            return page.go(OFFICERS_PATH, "agent-rh")
    data = await page.ask(FRAME_ONLY)
    form = filled(page, (EMAIL_FIELD, SIRET_FIELD), refusal)
    return page.render(
        "appoint_officer.html",
        422 if refusal else 200,
        frame=frame_of(page, data),
        path=OFFICERS_PATH,
        form=form,
        problems=form.problems,
    )


async def dismiss_officer(page: PageRequest) -> Response:
    """Say what dismissing an officer does, or do it."""
    named = {name: page.part_of_path(name) for name in ("siret", "person")}
    if page.is_posted and refusal_of(await do_recently(page, OFFICER_DISMISS, **named)) is None:
        return page.go(OFFICERS_PATH, "retrait")
    data = await page.ask(OFFICER, **named)
    return page.render(
        "dismiss_officer.html",
        frame=frame_of(page, data),
        path=OFFICERS_PATH,
        officer=require(data["officer"]),
    )


async def operator_list(page: PageRequest) -> Response:
    """Show who operates the service."""
    data = await page.ask(OPERATOR_LIST)
    return page.render(
        "operator_list.html",
        frame=frame_of(page, data),
        path=OPERATORS_PATH,
        operators=data["operators"],
    )


async def appoint_operator(page: PageRequest) -> Response:
    """Show the form, or let a person operate the service."""
    refusal = None
    if page.is_posted:
        refusal = refusal_of(
            await do_recently(page, OPERATOR_APPOINT, email=page.form.text("email"))
        )
        if refusal is None:
            return page.go(OPERATORS_PATH, "exploitant")
    data = await page.ask(FRAME_ONLY)
    form = filled(page, (EMAIL_FIELD,), refusal)
    return page.render(
        "appoint_operator.html",
        422 if refusal else 200,
        frame=frame_of(page, data),
        path=OPERATORS_PATH,
        form=form,
        problems=form.problems,
    )


async def dismiss_operator(page: PageRequest) -> Response:
    """Say what dismissing an operator does, or do it; whoever dismisses themselves goes home."""
    person = page.part_of_path("person")
    if page.is_posted:
        answer = await do_recently(page, OPERATOR_DISMISS, person=person)
        if refusal_of(answer) is None:
            return page.go("/") if answer["isCaller"] else page.go(OPERATORS_PATH, "retrait")
    data = await page.ask(OPERATOR_LIST)
    found = [one for one in data["operators"] if one["id"] == person]
    return page.render(
        "dismiss_operator.html",
        frame=frame_of(page, data),
        path=OPERATORS_PATH,
        appointed=require(found[0] if found else None),
        is_last=len(data["operators"]) == 1,
    )
