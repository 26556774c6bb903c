"""`/livret/rappels`: whether the agent gets a letter before something expires."""

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, frame_of, require_open
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest

REMINDER = stored(__file__, "reminder", FRAME)
REMINDER_SET = stored(__file__, "reminder_set")
REMINDER_PATH = "/livret/rappels"
CHOICE, YES = "rappels", "oui"


async def reminders(page: PageRequest) -> Response:
    """Show the setting with its one button, or set it."""
    guide, refusal = await guide_of(page), None
    if page.is_posted:
        enabled = page.form.text(CHOICE) == YES
        refusal = refusal_of(await page.do(REMINDER_SET, enabled=enabled))
        if refusal is None:
            return page.go(REMINDER_PATH, "rappels" if enabled else "sans-rappels")
    data = await page.ask(REMINDER)
    booklet = require_open(data)
    return page.render(
        "reminders.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        path=REMINDER_PATH,
        choice=CHOICE,
        setting=booklet["reminder"],
        problems=refusal.lines if refusal else (),
    )
