"""The example client of docs/front-end.md: generated, compiled and run against the service over HTTP."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from graphql_api.graphql_schema import sdl
from tests.patience import PATIENCE_SECONDS

from .http_server import losing_answers
from .node import node_for
from .service import RealService

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "typescript"
MADE = shutil.ignore_patterns("node_modules", "dist", "generated.ts")
COMPILER = "node_modules/typescript/bin/tsc"
# A mistake in main.ts: what stands there, what is written instead, what the compiler calls it.
MISTAKES = {
    "a year as a number": ('start: "2021-03" };', "start: 2021 };", "TS2322"),
    "two rubrics in one entry": ("{ training }, key);", "{ training, competence: {} }, key);", "TS2345"),
    "a field that no rubric has": ("training: { title }", "training: { titel: title }", "TS2345"),
    "no such outcome": ('=== "EntryAdded"', '=== "EntryMade"', "TS2367"),
    "a refusal taken for a success": ("refused: answer.code, message: answer.message, problems", "...answer.entry", "TS2339"),
    "what was not asked for": ("const { id, version, warnings }", "const { id, rubric, version, warnings }", "TS2339"),
    "an argument that is not there": ("{ after }", "{ before: after }", "TS2353"),
    "no branch for later values": ("    default:\n", '    case "NONE":\n', "TS2366"),
}  # fmt: skip

pytestmark = pytest.mark.real
Lines = list[dict[str, Any]]


@dataclass(frozen=True)
class Client:
    """The example, compiled in a folder of its own."""

    node: str
    folder: Path

    def call(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.node, *command],
            cwd=self.folder,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )

    def copy(self, folder: Path) -> "Client":
        """The same in another folder, where it may be changed."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Client(self.node, folder)

    def change(self, name: str, old: str, new: str) -> None:
        file = self.folder / name
        written = file.read_text("utf-8")
        assert old in written
        file.write_text(written.replace(old, new, 1), "utf-8")


@dataclass(frozen=True)
class Place:
    """The client, the address of a proxy that loses answers, and the token of an agent with an open
    booklet.
    """

    client: Client
    url: str
    token: str
    to_lose: list[str]

    def run(self, code: int = 0, **environment: str) -> Lines:
        """What the client tells, a line a step; it must end with that code."""
        told = {"LIVRET_URL": f"{self.url}/graphql", "LIVRET_TOKEN": self.token, **environment}
        run = self.client.call("dist/main.js", **told)
        assert (run.returncode, run.stderr) == (code, ""), run.stdout
        return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture(scope="module")
def client(service: RealService, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The example, with types made from what a running service serves."""
    made = Client(node_for(EXAMPLE, "typescript"), tmp_path_factory.mktemp("client") / "typescript")
    shutil.copytree(EXAMPLE, made.folder, ignore=MADE)
    (made.folder / "node_modules").symlink_to(EXAMPLE / "node_modules")
    for command in (["generate.mjs", f"{service.url}/schema.graphql"], [COMPILER]):
        run = made.call(*command)
        assert run.returncode == 0, run.stdout + run.stderr
    (made.folder / "schema.graphql").write_text(sdl(), "utf-8")
    return made


@pytest.fixture
def place(client: Client, service: RealService, request: pytest.FixtureRequest) -> Iterator[Place]:
    with (
        service.owner(request.node.name) as owner,
        losing_answers(service.url) as (proxy, to_lose),
    ):
        assert owner.token
        yield Place(client, proxy, owner.token, to_lose)


def by_step(told: Lines) -> dict[str, dict[str, Any]]:
    """The last line of each step."""
    return {line["step"]: {k: v for k, v in line.items() if k != "step"} for line in told}


def test_the_client_does_its_round_and_tells_no_secret(place: Place) -> None:
    told = place.run()
    lines = by_step(told)
    assert [line["step"] for line in told] == [
        "listed", "form", "decision", "added", "added again", "same key, another entry", "invalid", "revised",
        "conflict", "revised", "saved", "issued", "issued again", "revoked", "listed", "accesses",
    ]  # fmt: skip
    assert told[0] == {"step": "listed", "state": "Livret ouvert", "headlines": []}
    assert lines["listed"]["headlines"] == ["La commande publique durable"]
    assert lines["accesses"] == {"sentences": []}
    assert "/s/" not in json.dumps(told)
    assert place.token not in json.dumps(told)

    assert lines["form"] == {
        "legend": "Reconnaissance des acquis et VAE",
        "required": ["kind", "title", "start"],
        "then": ["kind", "title", "start", "end", "decision"],
        "faults": [
            "Indiquez une date de fin ou cochez «\u202fEn cours\u202f».",
            "La démarche est terminée\u202f: indiquez la décision.",
        ],
    }
    assert lines["decision"] == {"shown": False, "offered": ["FAVORABLE", "DEFAVORABLE"]}

    assert lines["added"]["version"] == 1
    assert lines["added again"] == lines["added"]
    assert lines["same key, another entry"]["refused"] == "IDEMPOTENCY_MISMATCH"

    assert lines["invalid"]["refused"] == "INVALID_ENTRY"
    assert [(one["path"], one["code"]) for one in lines["invalid"]["problems"]] == [
        ("entry.training.title", "REQUIRED"),
        ("entry.training.role", "REQUIRED"),
        ("entry.training.start", "INVALID_DATE"),
    ]

    first, conflict, second = (line for line in told if line["step"] in ("revised", "conflict"))
    assert (first["version"], first["headline"]) == (2, "Les marchés publics")
    assert (conflict["sent"], conflict["current"]) == (1, 2)
    assert conflict["now"] == "Les marchés publics"
    assert (second["version"], second["headline"]) == (3, "La commande publique durable")

    issued = lines["issued"]
    assert lines["saved"]["selectedEntries"] == [lines["added"]["id"]]
    assert (issued["state"], issued["hasAddress"]) == ("LIVE", True)
    assert lines["issued again"] == {"id": issued["id"], "hasAddress": False}
    assert (lines["revoked"]["id"], lines["revoked"]["state"]) == (issued["id"], "REVOKED")


def test_a_lost_answer_is_asked_for_again_and_nothing_is_done_twice(place: Place) -> None:
    place.to_lose.extend(["AddEntry", "AddEntry", "ReviseEntry", "SaveDossier", "RevokeShareLink"])
    lines = by_step(place.run())
    assert place.to_lose == []
    assert lines["added"]["version"] == 1
    assert lines["revised"]["version"] == 3
    assert lines["listed"]["headlines"] == ["La commande publique durable"]
    assert lines["saved"]["version"] == 1
    assert lines["revoked"]["state"] == "REVOKED"


def test_a_service_that_goes_on_failing_is_an_error_with_its_status(place: Place) -> None:
    place.to_lose.extend(["AddEntry"] * 3)
    assert place.run(code=1)[-1] == {"step": "failed", "code": "HTTP_503", "status": 503}


@pytest.mark.parametrize("token", ["", "no token"])
def test_a_caller_who_is_not_known_gets_one_error(place: Place, token: str) -> None:
    told = place.run(code=1, LIVRET_TOKEN=token)
    assert told == [{"step": "failed", "code": "INVALID_TOKEN", "status": 401}]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_compiler_finds(client: Client, tmp_path: Path, mistake: str) -> None:
    right, wrong, code = MISTAKES[mistake]
    copy = client.copy(tmp_path / "typescript")
    copy.change("src/main.ts", right, wrong)
    run = copy.call(COMPILER, "--noEmit")
    assert run.returncode != 0
    assert f"error {code}" in run.stdout


def test_a_scalar_that_the_map_does_not_know_stops_the_generator(
    client: Client, tmp_path: Path
) -> None:
    copy = client.copy(tmp_path / "typescript")
    copy.change("scalars.json", '  "DateTime": "string",\n', "")
    run = copy.call("generate.mjs", "schema.graphql")
    assert run.returncode != 0
    assert "DateTime" in run.stderr
