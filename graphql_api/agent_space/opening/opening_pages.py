"""The way to a booklet: the four questions, the code (asked once), and the charter."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, FRAME_ONLY, OWN_ACCOUNT, frame_of, state_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import FieldGroup, Form, FormField, FormProblem, new_key
from graphql_api.web.rendering import see_other

BOOKLET_OPEN = stored(__file__, "booklet_open")
CHARTER = stored(__file__, "charter", FRAME, OWN_ACCOUNT)
CHARTER_ACCEPT = stored(__file__, "charter_accept")
CHARTER_REFUSE = stored(__file__, "charter_refuse")
HOME, BOOKLET = "/", "/livret"
CODE_PATH, CHARTER_PATH, IDENTITY_PATH = "/livret/code", "/livret/charte", "/livret/identite"
_WRONG_STATE = "WRONG_STATE"


async def introduction(page: PageRequest) -> Response:
    """« Introduction »: the four questions with their answers."""
    data = await page.ask(FRAME_ONLY)
    guide = await guide_of(page)
    return page.render(
        "introduction.html",
        frame=frame_of(page, guide, data),
        screen=guide.screens["INTRODUCTION"],
        state=state_of(data),
        code_path=CODE_PATH,
    )


async def authorization_code(page: PageRequest) -> Response:
    """« Autorisation Collectivité »: take the code that the collectivité handed out."""
    typed, refusal = page.form.text("code"), None
    if page.is_posted:
        answer = await page.do(BOOKLET_OPEN, code=typed)
        refusal = refusal_of(answer)
        if refusal is None:
            return see_other(CHARTER_PATH)
        if refusal.code == _WRONG_STATE:  # asked once: it was given before
            return see_other(BOOKLET)
    data = await page.ask(FRAME_ONLY)
    if state_of(data) != "NONE":
        return see_other(BOOKLET)
    guide = await guide_of(page)
    screen = guide.screens["CODE"]
    form = _code_form(screen, typed, refusal)
    return page.render(
        "authorization_code.html",
        422 if refusal else 200,
        frame=frame_of(page, guide, data),
        screen=screen,
        form=form,
        problems=form.problems,
    )


async def charter(page: PageRequest) -> Response:
    """« Charte d’engagement »: show it, and take « J’accepte » or « Je refuse »."""
    refusal = None
    if page.is_posted:
        if page.form.text("choix") == "refuse":
            refusal = refusal_of(await page.do(CHARTER_REFUSE))
            if refusal is None or refusal.code == _WRONG_STATE:
                return page.go(HOME, "refus")
        else:
            answer = await page.do(CHARTER_ACCEPT, version=page.form.text("version-charte"))
            refusal = refusal_of(answer)
            if refusal is None or refusal.code == _WRONG_STATE:
                return see_other(BOOKLET if page.form.text("encore") else IDENTITY_PATH)
    data = await page.ask(CHARTER)
    state, text = state_of(data), data["charter"]
    guide = await guide_of(page)
    accepted = (data["booklet"] or {}).get("charterVersion")
    return page.render(
        "charter.html",
        409 if refusal else 200,
        frame=frame_of(page, guide, data),
        screen=guide.screens["CHARTER"],
        charter=text,
        is_asked=state == "CODE_GIVEN" or (accepted is not None and accepted != text["version"]),
        is_new=accepted is not None and accepted != text["version"],
        state=state,
        problems=refusal.lines if refusal else (),
    )


def _code_form(screen: Mapping[str, Any], typed: str, refusal: FormRefusal | None) -> Form:
    """The form of one field; whatever the service refuses, it refuses the code."""
    message = refusal.general[0] if refusal else ""
    field = FormField(
        name="code",
        label=screen["labels"]["code"],
        hint=screen["instruction"],
        control="text",
        required=True,
        values=(typed,),
        problem=message,
    )
    problems = (FormProblem(message, "code"),) if message else ()
    return Form((FieldGroup("", (field,)),), new_key(), None, problems)
