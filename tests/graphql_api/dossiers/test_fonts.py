"""The fonts that the settings name: printed with, no more warned of, and refused when the service starts."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from graphql_api.app import create_application
from graphql_api.configuration.settings import SettingError
from tests.conftest import Deployment
from tests.graphql_api.documents import added
from tests.graphql_api.dossiers.dossiers import saved
from tests.graphql_api.dossiers.downloads import owner_of, serving
from tests.print_site.font_files import write_font
from tests.print_site.pdf_tree import Tree


def test_a_service_with_more_fonts_prints_their_letters_and_does_not_warn_of_them(
    deploy: Callable[[str], Deployment], tmp_path: Path
) -> None:
    write_font(tmp_path / "japonais.ttf", "日本")
    plain = deploy("sqlite")
    plain.empty()
    wider = replace(plain, settings=replace(plain.settings, fonts=tmp_path))
    with serving(wider, "sqlite") as served:
        owner, _ = owner_of(served)
        entry = added(owner, "training", title="Stage au 日本")["id"]
        dossier = saved(owner, purpose="MUTATION", entries=[entry], annexes=[])
        assert dossier["warnings"] == []
        other = saved(owner, purpose="MUTATION", entries=[entry], annexes=[], title="Vers 漢")
        assert [one["path"] for one in other["warnings"]] == ["title"]
        answer = served.download(owner, dossier["id"], form="pdf")
    assert answer.status_code == 200, answer.text
    assert "Stage au 日本" in Tree(BytesIO(answer.content)).heard()


def test_fonts_that_cannot_be_used_stop_the_service_when_it_starts(
    deploy: Callable[[str], Deployment], tmp_path: Path
) -> None:
    settings = replace(deploy("sqlite").settings, fonts=tmp_path)
    with pytest.raises(SettingError, match="LIVRET_FONTS : Polices refusées"):
        create_application(settings)
