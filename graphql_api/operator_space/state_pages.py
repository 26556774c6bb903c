"""The state of the service, and the versions of the charter."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from graphql_api.operator_space.frame import FRAME, frame_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from schema.typography import typeset

STATE = stored(__file__, "state", FRAME)
CHARTERS = stored(__file__, "charters", FRAME)


async def state(page: PageRequest) -> Response:
    """Show versions, stores and queues: numbers, nothing of a person."""
    data = await page.ask(STATE)
    told = data["serviceState"]
    return page.render(
        "state.html",
        frame=frame_of(page, data),
        state=told,
        is_well=all(one["isReachable"] and not one["pending"] for one in told["stores"])
        and not told["letters"]["failing"]
        and not (told["lastSweep"] or {}).get("failed")
        and not any(one["finishedAt"] and one["isOverdue"] for one in told["backups"]),
        waits=_waits(told),
    )


def _waits(told: Mapping[str, Any]) -> list[str]:
    """What has never been done yet, a sentence each."""
    never = [one["name"].lower() for one in told["backups"] if one["finishedAt"] is None]
    waits = [
        f"La base des {name} n’a pas encore été sauvegardée (livret backup)." for name in never
    ]
    if told["lastSweep"] is None:
        waits.append("Le ménage n’a pas encore été fait (livret sweep).")
    return [typeset(one) for one in waits]


async def charters(page: PageRequest) -> Response:
    """Show the version in force, and those that booklets still hold."""
    data = await page.ask(CHARTERS)
    return page.render(
        "charters.html",
        frame=frame_of(page, data),
        versions=data["charterVersions"],
        charter=data["charter"],
    )
