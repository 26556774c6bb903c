"""The forms of the holder: « Identité », which opens the booklet, and their current situation."""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.conflicts import changed_meanwhile
from graphql_api.agent_space.frame import FRAME, OPEN, OWN_ACCOUNT, frame_of, require_open, state_of
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import StoredDocument, stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import Form, build_form, posted_texts, stored_texts
from graphql_api.web.forms.form_values import Field, posted_input
from graphql_api.web.rendering import see_other

IDENTITY = stored(__file__, "identity", FRAME, OWN_ACCOUNT)
IDENTITY_REVISE = stored(__file__, "identity_revise")
SITUATION = stored(__file__, "situation", FRAME)
SITUATION_REVISE = stored(__file__, "situation_revise")
BOOKLET = "/livret"
_CONFIRMATION = "Confirmation"


async def identity(page: PageRequest) -> Response:
    """« Identité »: all fields of the guide, the statistics box apart."""
    guide = await guide_of(page)
    fields = guide.identity
    boxes = {field["key"] for field in fields if field["kind"] == "YES_NO"}
    is_cleared, refusal = "effacer" in page.form, None
    if page.is_posted and not is_cleared:
        refusal = await _revise(page, guide, fields, IDENTITY_REVISE, "identity")
        if refusal is None:
            return page.go(BOOKLET, "identite")
    data = await page.ask(IDENTITY)
    state = state_of(data)
    if state not in ("CHARTER_ACCEPTED", OPEN):
        return see_other(BOOKLET)
    held = data["booklet"]["identity"]
    if held:
        held = {**held, "values": _with_confirmations(fields, held["values"])}
    account = _from_account(fields, data["ownAccount"])
    form = _form(page, guide, fields, held, refusal, boxes, account)
    return page.render(
        "identity.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        screen=guide.screens["IDENTITY"],
        state=state,
        form=form,
        boxes=boxes,
        problems=form.problems,
        is_cleared=is_cleared,
        conflict=refusal is not None and refusal.is_conflict,
    )


async def situation(page: PageRequest) -> Response:
    """The current situation, by the holder's own word; nothing of it is required."""
    guide = await guide_of(page)
    refusal = None
    if page.is_posted:
        refusal = await _revise(page, guide, guide.situation, SITUATION_REVISE, "situation")
        if refusal is None:
            return page.go(BOOKLET, "situation")
    data = await page.ask(SITUATION)
    require_open(data)
    held, posts = data["booklet"]["situation"], data["booklet"]["panorama"]["currentPosts"]
    form = _form(page, guide, guide.situation, held, refusal)
    is_blank = held is None or not any(held["values"].values())
    return page.render(
        "situation.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        form=form,
        instead=posts[0] if is_blank and posts else None,
        problems=form.problems,
        conflict=refusal is not None and refusal.is_conflict,
    )


async def _revise(
    page: PageRequest,
    guide: Guide,
    fields: Sequence[Field],
    document: StoredDocument,
    argument: str,
) -> FormRefusal | None:
    """Write what was typed; why that was refused, or None."""
    content, problems = posted_input(fields, guide.tables, page.form, erase=True)
    variables = {argument: content, "version": page.version, "key": page.idempotency_key}
    return refusal_of(await page.do(document, problems, **variables), under=argument)


def _form(
    page: PageRequest,
    guide: Guide,
    fields: Sequence[Field],
    held: Mapping[str, Any] | None,
    refusal: FormRefusal | None,
    boxes: Container[str] = (),
    account: Mapping[str, str] | None = None,
) -> Form:
    """The form with what was typed, with what is stored, or emptied by who asked for it.

    One that begins has what `account` says, by field.
    """
    values = held["values"] if held else None
    texts = posted_texts(page.form) if refusal else stored_texts(values)
    if values is None and refusal is None and account:
        texts = _begun_with(account, texts)
    stored: Mapping[str, str] = {}
    if refusal is not None and refusal.is_conflict:
        stored = changed_meanwhile(fields, guide.tables, page.form, values)
    return build_form(
        fields,
        guide.tables,
        _nothing if "effacer" in page.form else texts,
        version=held["version"] if held else 0,
        problems=refusal.problems if refusal else {},
        general=refusal.lines if refusal else (),
        tick=boxes,
        stored=stored,
    )


def _from_account(fields: Sequence[Field], account: Mapping[str, Any]) -> dict[str, str]:
    """What the account says, by field: HTML's names tell which field is which."""
    told = {
        "honorific-prefix": account["civility"],
        "family-name": account["familyName"],
        "given-name": account["givenName"],
        "email": account["email"],
    }
    known = {field["key"]: told.get(field["autofill"] or "") for field in fields}
    return {key: text for key, text in _with_confirmations(fields, known).items() if text}


def _begun_with(
    account: Mapping[str, str], otherwise: Callable[[Field], list[str]]
) -> Callable[[Field], list[str]]:
    def texts(field: Field) -> list[str]:
        known = account.get(field["key"])
        return [known] if known else otherwise(field)

    return texts


def _nothing(_field: Field) -> list[str]:
    return []


def _with_confirmations(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, where the second typing of a field holds the same as the first."""
    again = {
        field["key"]: values.get(field["key"].removesuffix(_CONFIRMATION))
        for field in fields
        if field["key"].endswith(_CONFIRMATION)
    }
    return {**values, **again}
