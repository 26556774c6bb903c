"""The branding that the settings name: on what is printed, and refused when the service starts."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graphql_api.app import create_application
from schema.typography import typeset
from tests.client import TestClient
from tests.conftest import SERVICE, Deployment
from tests.graphql_api.dossiers.downloads import owner_of, serving
from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "print_site" / "preview" / "example" / "branding.toml"


def test_a_service_with_a_branding_prints_it_on_every_dossier(
    deploy: Callable[[str], Deployment],
) -> None:
    plain = deploy("sqlite")
    plain.empty()
    branded = replace(plain, settings=replace(plain.settings, branding=EXAMPLE))
    with serving(branded, "sqlite") as served:
        answer = served.download(*owner_of(served), form="html")
    assert answer.status_code == 200, answer.text
    assert re.search('<img src="data:image/svg[^"]*"[^>]* alt="Ville de Rivemont">', answer.text)
    assert "html:root{--accent:#7a1f3d;" in answer.text
    assert re.search('name="generator" content="Livret, édition [^"]*, habillage ', answer.text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            'name = "Lac"\naccent = "#ffff00"',
            typeset("la couleur « accent » (#ffff00) n’est pas assez lisible"),
        ),
        (None, typeset("le fichier « branding.toml » n’est pas lisible")),
    ],
)
def test_a_bad_branding_stops_the_service_when_it_starts(
    tmp_path: Path, text: str | None, why: str
) -> None:
    (tmp_path / "master.key").write_text("0f" * 32, encoding="ascii")
    if text is not None:
        (tmp_path / "branding.toml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).with_name("livret"), "serve"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "LIVRET_DATABASE_URL": f"sqlite:///{tmp_path}/livret.db",
            "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys.db",
            "LIVRET_MASTER_KEY_FILE": str(tmp_path / "master.key"),
            "LIVRET_BRANDING": str(tmp_path / "branding.toml"),
            "LIVRET_PROFILE": "development",
            "LIVRET_PORT": "0",
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(typeset("Réglage : LIVRET_BRANDING : Habillage refusé : "))
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_pages_show_the_branding_of_dossiers(deploy: Callable[[str], Deployment]) -> None:
    plain = deploy("sqlite")
    settings = replace(plain.settings, branding=EXAMPLE)
    client = TestClient(create_application(settings), base_url=SERVICE)
    page = client.get("/aide", headers={"accept": "text/html"}).text
    style, logo = re.findall('(?:href|src)="(/assets/(?:branding|logo)[^"]*)"', page)
    colours = client.get(style)
    assert colours.headers["content-type"] == "text/css; charset=utf-8"
    assert "html:root{--accent:#7a1f3d;" in colours.text
    image = client.get(logo)
    assert image.headers["content-type"] == "image/svg+xml"
    assert image.text.startswith("<svg")
    assert "default-src 'none'" in image.headers["content-security-policy"]
    assert 'alt="Ville de Rivemont"' in page


def test_pages_without_a_branding_load_none(deploy: Callable[[str], Deployment]) -> None:
    client = TestClient(create_application(deploy("sqlite").settings), base_url=SERVICE)
    page = client.get("/aide", headers={"accept": "text/html"}).text
    assert "/assets/branding" not in page
    assert "/assets/logo" not in page
    assert client.get("/assets/branding.css").status_code == 404
