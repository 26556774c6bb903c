"""What the tests of reminders share: documents, what expires, and letters as they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from graphql_api.identity_provider import outbox
from graphql_api.reminders.reminders import ReminderReport, send_due
from graphql_api.storage.actors import Anonymous
from graphql_api.web.mail import Email
from tests.conftest import Caller, Here
from tests.graphql_api.documents import added

SETTING = "reminder { enabled since lastLetterAt available }"
READ = f"{{ booklet {{ {SETTING} }} }}"
SET = f"""mutation($enabled: Boolean!) {{ reminderSet(enabled: $enabled) {{
  __typename ... on Refusal {{ code message }} ... on WrongState {{ state }}
  ... on ReminderSet {{ {SETTING} }}
}} }}"""


@dataclass
class Post:
    """The letters that were put into the outbox of a service, and a run of what puts them there."""

    here: Here
    letters: list[Email] = field(default_factory=list)

    def run(self, most: int = 100) -> ReminderReport:
        """What `livret remind` does, at the time of the service."""
        return send_due(self.here.deployment.service.operation(Anonymous()), most)

    def delivered(self) -> list[Email]:
        """The letters since the last time."""
        found, self.letters[:] = list(self.letters), []
        return found


def posting(here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Keeps a copy of each letter that goes into the outbox."""
    post, enqueue = Post(here), outbox.enqueue

    def kept(store: Any, key: bytes, letter: Email, now: int) -> None:
        enqueue(store, key, letter, now)
        post.letters.append(letter)

    monkeypatch.setattr(outbox, "enqueue", kept)
    yield post


def switched(caller: Caller, enabled: bool) -> Any:
    answer = caller.do(SET, enabled=enabled)
    assert answer["__typename"] == "ReminderSet", answer
    return answer["reminder"]


def setting(caller: Caller) -> Any:
    return caller.ask(READ)["booklet"]["reminder"]


def expiring(caller: Caller, day: date, **changes: Any) -> Any:
    """An accreditation that is valid up to that day."""
    said = {"validUntil": day.isoformat(), "issuedOn": (day - timedelta(days=700)).isoformat()}
    return added(caller, "accreditation", **(said | changes))


def stop_address(letter: Email) -> str:
    """The path of the page that ends the reminders, as a person finds it in the letter."""
    (found,) = re.findall(r"^https?://[^/]+(/reminders/stop\S+)$", letter.text, re.MULTILINE)
    return str(found)
