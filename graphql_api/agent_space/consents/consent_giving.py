"""Giving a consent, and renewing one: the terms first, then the notice of these terms, then the word.

The steps before the word write nothing, so that they are answered without a redirect, and no term
stands in an address. What is sent with the word is the hash of the notice that was shown: when it is
no longer that of these terms, the notice is shown anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.consents.consent_pages import CONSENTS, TERMS, consent_of
from graphql_api.agent_space.frame import FRAME, OPEN, frame_of, require_open, state_of
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.guide_fields import FIELD
from graphql_api.page_kit.refusals import UNREAD, FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import Form, build_form, new_key, posted_texts, stored_texts
from graphql_api.web.forms.form_values import Field, posted_input, without_unread_days
from graphql_api.web.rendering import see_other

CONSENT_FIELDS = stored(__file__, "consent_fields", FIELD)
CONSENT_FORM = stored(__file__, "consent_form", FRAME)
CONSENT_NOTICE = stored(__file__, "consent_notice", FRAME, TERMS)
CONSENT_GIVE = stored(__file__, "consent_give")
CONSENT_RENEW = stored(__file__, "consent_renew")
NEW = f"{CONSENTS}/nouveau"
# The steps, in the field of that name: from the terms to the notice, the word, back to the terms.
STEP, READ, CONSENT_NOW, CHANGE = "etape", "lire", "consentir", "modifier"
_LAST_DAY = "expiresOn"
_KINDS = {"DELEGATION": "Délégations régionales", "INSTITUTE": "Instituts"}
_INVALID = "INVALID_ENTRY"


async def give_consent(page: PageRequest) -> Response:
    """Show the form, the notice of what was typed, or give the consent."""
    fields, guide = await _fields(page), await guide_of(page)
    terms, problems = _terms(page, fields, guide)
    refusal = FormRefusal(problems) if problems and page.is_posted else None
    if page.form.text(STEP) == CONSENT_NOW and not problems:
        answer = await page.do(
            CONSENT_GIVE,
            consent=terms,
            notice=page.form.text("notice"),
            replaces=page.form.text("remplace") or None,
            key=page.idempotency_key,
        )
        refusal = refusal_of(answer, under="consent")
        if refusal is None:
            return page.go(f"{CONSENTS}/{answer['consent']['id']}", "consentement")
    is_faulty = refusal is not None and refusal.code == _INVALID
    if page.form.text(STEP) in (READ, CONSENT_NOW) and not is_faulty:
        data = await page.ask(CONSENT_NOTICE, consent=terms)
        invalid = refusal_of({**data["consentNotice"], UNREAD: problems}, under="consent")
        if state_of(data) == OPEN and invalid is None:
            return _notice_page(page, guide, data, refusal, terms, path=NEW)
        refusal = invalid or refusal
    data = await page.ask(CONSENT_FORM)
    require_open(data)
    form = _form(page, fields, {**guide.tables, "region": _sites(data["sites"])}, refusal)
    return page.render(
        "consent_form.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        has_sites=bool(data["sites"]),
        form=form,
        problems=form.problems,
    )


async def renew_consent(page: PageRequest) -> Response:
    """Ask for the new last day, show the notice with it, or renew the consent."""
    guide, data_and_consent = await guide_of(page), await consent_of(page)
    data, found = data_and_consent
    path = f"{CONSENTS}/{found['id']}"
    if found["endedBy"] is not None:
        return see_other(path)
    fields = [one for one in await _fields(page) if one["key"] == _LAST_DAY]
    typed, problems = _terms(page, fields, guide)
    refusal = FormRefusal(problems) if problems and page.is_posted else None
    terms = _terms_of(found) | {_LAST_DAY: typed[_LAST_DAY]}
    if page.form.text(STEP) == CONSENT_NOW and refusal is None:
        answer = await page.do(
            CONSENT_RENEW,
            id=found["id"],
            version=page.version,
            expiresOn=terms[_LAST_DAY],
            notice=page.form.text("notice"),
            key=page.idempotency_key,
        )
        refusal = refusal_of(answer)
        if refusal is None:
            return page.go(path, "consentement-prolonge")
    is_faulty = refusal is not None and refusal.code in ("", _INVALID)
    if page.form.text(STEP) in (READ, CONSENT_NOW) and not is_faulty:
        shown = await page.ask(CONSENT_NOTICE, consent=terms)
        invalid = refusal_of(shown["consentNotice"], under="consent")
        if invalid is None:
            there = f"{path}/prolonger"
            return _notice_page(
                page, guide, shown, refusal, terms, path=there, version=found["version"]
            )
        refusal = invalid
    form = _form(page, fields, guide.tables, refusal)
    return page.render(
        "consent_renew.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        consent=found,
        path=path,
        form=form,
        problems=form.problems,
    )


async def _fields(page: PageRequest) -> list[Field]:
    return await page.public(CONSENT_FIELDS, lambda data: list(data["consentForm"]))


def _terms(
    page: PageRequest, fields: Sequence[Field], guide: Guide
) -> tuple[dict[str, Any], dict[str, str]]:
    """The terms that were typed, and the problems of what GraphQL cannot take.

    A day that is missing is one that the API refuses, with its bounds.
    """
    typed, problems = posted_input(fields, guide.tables, page.form, erase=False)
    typed, days = without_unread_days(fields, typed)
    known = {one["code"] for one in guide.tables["summarySection"]}
    terms = {
        "site": typed.get("site", ""),
        "sections": [one for one in typed.get("sections", ()) if one in known],
        "purpose": typed.get("purpose", ""),
        "purposeText": typed.get("purposeText"),
        _LAST_DAY: typed.get(_LAST_DAY, date.min.isoformat()),
    }
    return terms, problems | days


def _terms_of(consent: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "site": consent["site"]["code"],
        "sections": consent["sections"],
        "purpose": consent["purpose"]["code"],
        "purposeText": consent["purposeText"],
    }


def _notice_page(
    page: PageRequest,
    guide: Guide,
    data: Any,
    refusal: FormRefusal | None,
    terms: Mapping[str, Any],
    *,
    path: str,
    version: int | None = None,
) -> Response:
    """The notice with the word to say; `version` is that of the consent that is renewed, if any is."""
    live = [
        one
        for one in data["booklet"]["consents"]
        if one["endedBy"] is None and one["site"]["code"] == terms["site"]
    ]
    return page.render(
        "consent_notice.html",
        409 if refusal else 200,
        frame=frame_of(page, guide, data),
        notice_text=data["consentNotice"]["text"],
        sha256=data["consentNotice"]["sha256"],
        terms=terms,
        path=path,
        version=version,
        replaced=live[0] if live and version is None else None,
        key=new_key(),
        problems=refusal.lines if refusal else (),
    )


def _form(
    page: PageRequest,
    fields: Sequence[Field],
    tables: Mapping[str, Any],
    refusal: FormRefusal | None,
) -> Form:
    return build_form(
        fields,
        tables,
        posted_texts(page.form) if page.is_posted else stored_texts(None),
        problems=refusal.problems if refusal else {},
        general=refusal.lines if refusal else (),
    )


def _sites(sites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sites as the codes of a table, grouped by kind."""
    return [
        {
            "code": one["code"],
            "label": one["name"],
            "retired": False,
            "groupLabel": _KINDS[one["kind"]],
        }
        for one in sorted(sites, key=lambda one: list(_KINDS).index(one["kind"]))
    ]
