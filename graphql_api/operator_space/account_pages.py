"""Help with an account: look for it by its address, send its activation again, disable, enable.

The address stays in forms: no path and no query has it. Every look is written to the log: the pages
that ask whether to disable or enable look no second time, and show the address that was found.
"""

from typing import Any

from starlette.responses import Response

from graphql_api.operator_space.forms import ACCOUNT_FIELD, filled
from graphql_api.operator_space.frame import ACCOUNTS_PATH, FRAME_ONLY, frame_of
from graphql_api.operator_space.rights import do_recently
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import FieldGroup, Form, FormProblem, new_key

ACCOUNT = stored(__file__, "account")
ACCOUNT_LOOK_UP = stored(__file__, "account_look_up", ACCOUNT)
ACTIVATION_RESEND = stored(__file__, "activation_resend")
ACCOUNT_DISABLE = stored(__file__, "account_disable")
ACCOUNT_ENABLE = stored(__file__, "account_enable")
_EMAIL = "email"
# What the button of the page that asks sends.
_SURE = "sur"


async def find_account(page: PageRequest) -> Response:
    """Show the form, or what there is at the address."""
    refusal, answer = None, None
    if page.is_posted:
        answer = await page.do(ACCOUNT_LOOK_UP, email=page.form.text(_EMAIL))
        refusal = refusal_of(answer)
    data = await page.ask(FRAME_ONLY)
    is_found = answer is not None and refusal is None and answer.get("account") is not None
    form = filled(page, (ACCOUNT_FIELD,), refusal)
    if is_found:  # the card has the address: the form is for the next
        form = Form((FieldGroup("", (ACCOUNT_FIELD,)),), new_key())
    return page.render(
        "find_account.html",
        422 if refusal else 200,
        frame=frame_of(page, data),
        path=ACCOUNTS_PATH,
        form=form,
        problems=form.problems,
        is_answered=answer is not None and refusal is None,
        account=answer.get("account") if answer else None,
    )


async def resend_activation(page: PageRequest) -> Response:
    """Send the letter of a registration again."""
    if not page.is_posted:
        return await _to_the_form(page)
    refusal = refusal_of(await page.do(ACTIVATION_RESEND, email=page.form.text(_EMAIL)))
    if refusal is None:
        return page.go(ACCOUNTS_PATH, "activation")
    return await _again(page, refusal)


async def disable_account(page: PageRequest) -> Response:
    """Say what disabling an account does, or do it."""
    return await _switch(page, ACCOUNT_DISABLE, "disable_account.html", "desactive")


async def enable_account(page: PageRequest) -> Response:
    """Say what enabling an account does, or do it."""
    return await _switch(page, ACCOUNT_ENABLE, "enable_account.html", "reactive")


async def _switch(page: PageRequest, document: Any, template: str, done: str) -> Response:
    """Show the account that the form names with one button; do what the button says."""
    if not page.is_posted:
        return await _to_the_form(page)
    id, email = page.form.text("compte"), page.form.text(_EMAIL)
    if not id:
        return await _to_the_form(page)
    if _SURE in page.form:
        refusal = refusal_of(await do_recently(page, document, id=id))
        if refusal is None:
            return page.go(ACCOUNTS_PATH, done)
        return await _again(page, refusal)
    frame = frame_of(page, await page.ask(FRAME_ONLY))
    return page.render(template, frame=frame, path=ACCOUNTS_PATH, id=id, email=email)


async def _to_the_form(page: PageRequest) -> Response:
    """The way to the form, for an operator who opens the address of another step."""
    frame_of(page, await page.ask(FRAME_ONLY))
    return page.go(ACCOUNTS_PATH)


async def _again(page: PageRequest, refusal: FormRefusal) -> Response:
    """The form of the address, with what was refused above it."""
    data = await page.ask(FRAME_ONLY)
    lines = [*refusal.lines, *map(FormProblem, refusal.problems.values())]
    return page.render(
        "find_account.html",
        422,
        frame=frame_of(page, data),
        path=ACCOUNTS_PATH,
        form=filled(page, (ACCOUNT_FIELD,)),
        problems=lines,
        is_answered=False,
        account=None,
    )
