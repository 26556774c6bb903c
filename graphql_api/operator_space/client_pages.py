"""Front ends and machines that may ask for tokens: which there are, registering, changing, disabling.

The secret is the answer to the form itself: the API tells it once, and no page shows it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from graphql_api.operator_space.forms import (
    FRONT_END_FIELDS,
    KEYS_FIELD,
    NAME_FIELD,
    SECRET_FIELD,
    filled,
    lines_of,
)
from graphql_api.operator_space.frame import (
    CLIENTS_PATH,
    FRAME,
    FRAME_ONLY,
    SITES_PATH,
    frame_of,
)
from graphql_api.operator_space.rights import do_recently
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import StoredDocument, stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import FormField

CLIENT_LIST = stored(__file__, "client_list", FRAME)
CLIENT_DISABLE = stored(__file__, "client_disable")
FRONT_END_REGISTER = stored(__file__, "front_end_register")
FRONT_END_REVISE = stored(__file__, "front_end_revise")
MACHINE_REGISTER = stored(__file__, "machine_register")
MACHINE_REVISE = stored(__file__, "machine_revise")
_LISTS = ("redirectUris", "postLogoutRedirectUris", "origins")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of application: the argument that describes it, its fields and its mutations."""

    argument: str
    title: str
    fields: tuple[FormField, ...]
    register: StoredDocument
    revise: StoredDocument


FRONT_END = Kind(
    "frontEnd", "un site", (*FRONT_END_FIELDS, SECRET_FIELD), FRONT_END_REGISTER, FRONT_END_REVISE
)
MACHINE = Kind("machine", "une machine", (NAME_FIELD, KEYS_FIELD), MACHINE_REGISTER, MACHINE_REVISE)


async def client_list(page: PageRequest) -> Response:
    """Show who may ask for tokens."""
    data = await page.ask(CLIENT_LIST)
    return page.render(
        "client_list.html",
        frame=frame_of(page, data),
        path=CLIENTS_PATH,
        sites_path=SITES_PATH,
        clients=data["apiClients"],
    )


async def register_front_end(page: PageRequest) -> Response:
    """Show the form, or register a front end and show its secret this once."""
    return await _register(page, FRONT_END)


async def register_machine(page: PageRequest) -> Response:
    """Show the form, or register a machine and show its secret this once."""
    return await _register(page, MACHINE)


async def revise_client(page: PageRequest) -> Response:
    """Show the form of a client, or change it. A site's machine has its site's name."""
    data, client = await _client(page)
    kind: Kind = FRONT_END
    fields: tuple[FormField, ...] = FRONT_END_FIELDS
    if not client["isFrontEnd"]:
        has_keys = client["authentication"] == "private_key_jwt"
        kind, fields = MACHINE, (NAME_FIELD, KEYS_FIELD) if has_keys else (NAME_FIELD,)
    refusal = None
    if page.is_posted:
        given = {kind.argument: _given(page, fields)}
        refusal = refusal_of(await do_recently(page, kind.revise, id=client["id"], **given))
        if refusal is None:
            return page.go(CLIENTS_PATH, "application-modifiee")
    form = filled(page, fields, refusal, _stored(client))
    return page.render(
        "revise_client.html",
        422 if refusal else 200,
        frame=frame_of(page, data),
        path=CLIENTS_PATH,
        client=client,
        form=form,
        problems=form.problems,
    )


async def disable_client(page: PageRequest) -> Response:
    """Say what disabling a client does, or do it. A site's machine goes with its site."""
    data, client = await _client(page)
    if page.is_posted:
        answer = await do_recently(page, CLIENT_DISABLE, id=client["id"])
        if refusal_of(answer) is None:
            return page.go(CLIENTS_PATH, "application")
    return page.render(
        "disable_client.html", frame=frame_of(page, data), path=CLIENTS_PATH, client=client
    )


async def _register(page: PageRequest, kind: Kind) -> Response:
    refusal: FormRefusal | None = None
    if page.is_posted:
        given = {kind.argument: _given(page, kind.fields)}
        answer = await do_recently(page, kind.register, **given)
        refusal = refusal_of(answer)
        if refusal is None:
            frame = frame_of(page, await page.ask(FRAME_ONLY))
            name = page.form.text("name")
            return page.render(
                "client_secret.html", frame=frame, path=CLIENTS_PATH, made=answer, name=name
            )
    data = await page.ask(FRAME_ONLY)
    form = filled(page, kind.fields, refusal)
    return page.render(
        "register_client.html",
        422 if refusal else 200,
        frame=frame_of(page, data),
        path=CLIENTS_PATH,
        action=page.path,
        kind=kind.title,
        form=form,
        problems=form.problems,
    )


async def _client(page: PageRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data of the list, and the client of the path. Raises `PageNotFoundError`."""
    data = await page.ask(CLIENT_LIST)
    id = page.part_of_path("client")
    found = [one for one in data["apiClients"] if one["id"] == id and not one["site"]]
    return data, require(found[0] if found else None)


def _given(page: PageRequest, fields: tuple[FormField, ...]) -> dict[str, Any]:
    """What the form describes: lists by their lines, a box by whether it is ticked."""
    given: dict[str, Any] = {}
    for field in fields:
        text = page.form.text(field.name)
        if field.control == "check":
            given[field.name] = text == "oui"
        else:
            given[field.name] = lines_of(page, field.name) if field.name in _LISTS else text
    return given


def _stored(client: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"name": (client["name"],)} | {name: tuple(client[name]) for name in _LISTS}
