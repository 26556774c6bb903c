"""Closing a booklet, then the account: what goes, the export first, the words, and the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.data.closing_receipt import (
    read_receipt,
    receipt_cookie,
    written_receipt,
)
from graphql_api.agent_space.frame import FRAME, OWN_ACCOUNT, frame_of
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import StoredDocument, stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import FieldGroup, Form, FormField, FormProblem, new_key
from graphql_api.web.rendering import see_other
from schema.typography import typeset

CLOSING = stored(__file__, "closing", FRAME, OWN_ACCOUNT)
BOOKLET_CLOSE = stored(__file__, "booklet_close")
ACCOUNT_CLOSE = stored(__file__, "account_close")
CLOSING_PATH, ACCOUNT_PATH = "/livret/fermer", "/livret/fermer/compte"
RECEIPT_PATH = "/livret/fermer/recu"
CONFIRMATION = "confirmation"
# The refusal after which a person signs in again, and comes back here.
SIGN_IN_REQUIRED = "RECENT_SIGN_IN_REQUIRED"


@dataclass(frozen=True, slots=True)
class Loss:
    """A number of things that go."""

    number: int
    one: str
    several: str

    def __str__(self) -> str:
        return typeset(f"{self.number} {self.several if self.number > 1 else self.one}")


async def close_booklet(page: PageRequest) -> Response:
    """Say what goes with the booklet, or close it."""
    refusal = None
    if page.is_posted:
        answer, refusal = await _close(page, BOOKLET_CLOSE)
        if refusal is None:
            return _go_to_receipt(page, {"booklet": answer["receipt"]})
    data = await page.ask(CLOSING)
    booklet = data["booklet"]
    if booklet is None:  # perhaps by a second click: then there is a receipt
        closed = read_receipt(receipt_cookie(page.site.origin), page.http)
        return see_other(RECEIPT_PATH if closed else "/livret")
    notice = booklet["closing"]
    return await _show(
        page,
        "booklet_close.html",
        data,
        refusal,
        words=data["closingWords"]["booklet"],
        sign_in_needed=notice["signInNeeded"],
        losses=_losses(notice),
    )


async def close_account(page: PageRequest) -> Response:
    """Say what goes with the account, or end it."""
    refusal = None
    if page.is_posted:
        answer, refusal = await _close(page, ACCOUNT_CLOSE)
        if refusal is None:
            closed = {"booklet": answer["bookletReceipt"], "account": answer["closedAt"]}
            return _go_to_receipt(page, closed)
    data = await page.ask(CLOSING)
    booklet = data["booklet"]
    needed = booklet["closing"]["signInNeeded"] if booklet else False
    return await _show(
        page,
        "account_close.html",
        data,
        refusal,
        words=data["closingWords"]["account"],
        sign_in_needed=needed or (refusal is not None and refusal.code == SIGN_IN_REQUIRED),
        has_booklet=booklet is not None,
    )


async def closing_receipt(page: PageRequest) -> Response:
    """Show the receipt of what was just closed, to whoever closed it."""
    found = read_receipt(receipt_cookie(page.site.origin), page.http)
    if found is None:
        return see_other("/")
    return page.render(
        "closing_receipt.html",
        booklet=found.get("booklet"),
        account=found.get("account"),
        account_path=ACCOUNT_PATH,
    )


async def _close(
    page: PageRequest, document: StoredDocument
) -> tuple[Mapping[str, Any], FormRefusal | None]:
    answer = await page.do(document, confirmation=page.form.text(CONFIRMATION))
    return answer, refusal_of(answer)


def _go_to_receipt(page: PageRequest, closed: Mapping[str, Any]) -> Response:
    response = see_other(RECEIPT_PATH)
    receipt_cookie(page.site.origin).set(response, written_receipt(closed))
    return response


async def _show(
    page: PageRequest,
    template: str,
    data: Mapping[str, Any],
    refusal: FormRefusal | None,
    **values: Any,
) -> Response:
    guide = await guide_of(page)
    form = _form(values["words"], refusal)
    return page.render(
        template,
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        screen=guide.screens["CLOSING"],
        form=form,
        problems=form.problems,
        path=page.path,
        sign_in_path=f"/sign-in?again=1&next={page.path}",
        **values,
    )


def _form(words: str, refusal: FormRefusal | None) -> Form:
    """The one field, for the words that are to be typed; what was typed is typed anew."""
    problems = dict(refusal.problems) if refusal else {}
    field = FormField(
        name=CONFIRMATION,
        label=typeset(f"Pour confirmer, tapez ces mots : {words}"),
        control="text",
        hint="En majuscules ou non.",
        required=True,
        problem=problems.get(CONFIRMATION, ""),
    )
    lines = [FormProblem(message, name) for name, message in problems.items()]
    return Form(
        groups=(FieldGroup("", (field,)),),
        key=new_key(),
        problems=(*(refusal.lines if refusal else ()), *lines),
    )


def _losses(notice: Mapping[str, Any]) -> list[Loss]:
    """What there is of each kind, nothing of what there is not."""
    kinds = (
        ("entries", "élément de votre livret", "éléments de votre livret"),
        ("ties", "lien entre éléments", "liens entre éléments"),
        ("drafts", "brouillon", "brouillons"),
        ("dossiers", "dossier que vous avez composé", "dossiers que vous avez composés"),
        (
            "shareLinks",
            "lien de partage, qui n’ouvrira plus rien",
            "liens de partage, qui n’ouvriront plus rien",
        ),
        (
            "consents",
            "consentement donné à un site régional, qui devra oublier votre résumé",
            "consentements donnés à des sites régionaux, qui devront oublier votre résumé",
        ),
    )
    losses = (Loss(notice[key], one, several) for key, one, several in kinds)
    return [loss for loss in losses if loss.number]
