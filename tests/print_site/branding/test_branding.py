"""A branding on HTML pages: what it changes, what it keeps, and how it is verified."""

import json
import re
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from print_site import build
from print_site.__main__ import main
from print_site.branding.branding import Branding, read_branding
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import typeset_marks
from print_site.settings import TYPST
from print_site.verifying import verification
from tests.print_site.brands import EXAMPLE, example, png, svg, written
from tests.print_site.outlines import Outline, words
from tests.print_site.shells import ROOT, shell

FORMS = [
    *("html", "zip", "folder"),
    "pdf",
]


def page_with(branding: Branding | None, data: dict[str, Any], folder: Path) -> str:
    build.build_html(parse_dossier(data), folder / "page.html", branding)
    return (folder / "page.html").read_text(encoding="utf-8")


def test_the_logo_is_in_the_page_and_says_the_name(tmp_path: Path, short: Any) -> None:
    outline = Outline(page_with(example(), short, tmp_path))
    (logo,) = [found for tag, found in outline.elements if tag == "img"]
    assert logo["alt"] == "Ville de Rivemont"
    kind, _, encoded = str(logo["src"]).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert b64decode(encoded) == (EXAMPLE.parent / "rivemont.svg").read_bytes()


def test_a_name_without_a_logo_is_printed(tmp_path: Path, short: Any) -> None:
    branding = read_branding(written(tmp_path, 'name = "Communauté « Val-d’Or » & <b>"'))
    html = page_with(branding, short, tmp_path)
    assert "Communauté « Val-d’Or » & <b>" in words(html)
    assert "<img" not in html
    assert "img-src" not in html


def test_a_name_beside_its_logo_is_not_said_twice(tmp_path: Path, short: Any) -> None:
    file = written(tmp_path, 'name = "Département du Lac"\nshow_name = true', png())
    html = page_with(read_branding(file), short, tmp_path)
    assert words(html).count("Département du Lac") == 1
    assert 'alt="Logo"' in html


def test_the_colours_are_in_the_style_that_the_policy_admits(tmp_path: Path, short: Any) -> None:
    html = page_with(example(), short, tmp_path)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    assert "html:root{--accent:#7a1f3d;--formations:#0b5c70;" in style[1]
    assert "@media screen and (prefers-color-scheme:dark){html:root{--accent:#e9a3b8;" in style[1]
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert policy[1].replace("&#39;", "'") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    assert Outline(html).values("style") == []


def test_colours_that_are_not_given_stay_those_of_the_theme(tmp_path: Path, short: Any) -> None:
    branding = read_branding(written(tmp_path, 'name = "Lac"\naccent = "#004040"'))
    assert branding.colours_css.count("--accent:") == 2
    assert "--formations" not in branding.colours_css
    alone = read_branding(written(tmp_path, 'name = "Lac"\n[dark]\naccent = "#ffffff"'))
    assert "html:root{--accent" not in alone.colours_css.partition("@media")[0]


def test_the_data_and_their_fingerprint_do_not_know_of_it(tmp_path: Path, short: Any) -> None:
    plain = page_with(None, short, tmp_path)
    branded = page_with(example(), short, tmp_path)
    data = re.compile('<template id="donnees"[^>]*>.*?</template>')
    shown = re.compile('<code data-livret="empreinte">.*?</code>')
    assert data.findall(plain) == data.findall(branded)
    assert shown.findall(plain) == shown.findall(branded)
    assert "Rivemont" not in plain
    assert "img-src" not in plain


@pytest.mark.parametrize("form", FORMS)
def test_a_branded_dossier_is_compared_with_its_branding_only(
    tmp_path: Path, short: Any, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier, printed = parse_dossier(short), tmp_path / "printed"
    build.BUILDERS[form](dossier, printed, example())
    assert main(["verify", str(printed), "--branding", str(EXAMPLE)]) == 0
    assert "octet pour octet" in capsys.readouterr().out
    assert main(["verify", str(printed)]) == 12
    assert (
        typeset_marks("d’autres polices : elles n’ont pas été comparées") in capsys.readouterr().out
    )
    other = written(tmp_path, 'name = "Lac"')
    assert main(["verify", str(printed), "--branding", str(other)]) == 12
    assert dossier.fingerprint in capsys.readouterr().out


def test_a_plain_dossier_is_not_compared_with_a_branding(tmp_path: Path, short: Any) -> None:
    page_with(None, short, tmp_path)
    assert not verification.verify(tmp_path / "page.html", "", example()).pages_compared
    assert verification.verify(tmp_path / "page.html").pages_compared


def test_a_touched_logo_is_refused(
    tmp_path: Path, short: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    html = page_with(example(), short, tmp_path)
    other = b64encode(svg()).decode()
    touched = re.sub('(data:image/svg[^,]*,)[^"]*', rf"\g<1>{other}", html)
    assert touched != html
    (tmp_path / "page.html").write_text(touched, encoding="utf-8")
    assert main(["verify", str(tmp_path / "page.html"), "--branding", str(EXAMPLE)]) == 11


def test_what_a_comment_says_changes_no_page_and_a_colour_does(tmp_path: Path) -> None:
    said = 'name = "Lac"\naccent = "#004040"'
    one = read_branding(written(tmp_path, said))
    assert read_branding(written(tmp_path, f"# une note\n{said.upper().lower()}")) != one
    assert read_branding(written(tmp_path, f"# une note\n{said}")) == one
    assert read_branding(written(tmp_path, said.replace("4040", "4041"))).digest != one.digest


def test_the_shell_builds_one_dossier_and_many_with_a_branding(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    (tmp_path / "list").write_text(f"{booklet['id']}\n", encoding="ascii")
    for which, out in (("--dossier", "d.html"), ("--dossiers", "many")):
        named = booklet["id"] if which == "--dossier" else str(tmp_path / "list")
        done = shell(
            *("build", "--api", api.url, which, named, "--out", str(tmp_path / out)),
            *("--branding", str(EXAMPLE)),
            token=token,
        )
        assert done.returncode == 0, done.stderr
    one = (tmp_path / "d.html").read_bytes()
    assert one == (tmp_path / "many" / "0001.html").read_bytes()
    assert b"Ville de Rivemont" in one


def test_the_worker_prints_with_the_branding_that_it_was_started_with(
    api: Any, token: str, booklet: Any, tmp_path: Path
) -> None:
    job = {"id": "1", "url": api.url, "token": token, "dossier": booklet["id"]}
    done = shell(
        *("worker", "--branding", str(EXAMPLE)),
        given=json.dumps({**job, "html": str(tmp_path / "d.html")}) + "\n",
    )
    assert json.loads(done.stdout)["ok"], done.stderr
    assert verification.verify(tmp_path / "d.html", "", example()).pages_compared


@pytest.mark.parametrize("command", ["worker", "build", "verify"])
def test_a_bad_branding_stops_a_command_before_it_begins(
    tmp_path: Path, command: str, token: str
) -> None:
    file = written(tmp_path, 'name = "Lac"\naccent = "#ffff00"')
    needed = {
        "worker": (),
        "build": ("--api", "http://127.0.0.1:1", "--out", str(tmp_path / "d")),
        "verify": (str(tmp_path / "nothing"),),
    }
    done = shell(command, *needed[command], "--branding", str(file), given="{}\n", token=token)
    assert (done.returncode, done.stdout) == (13, "")
    assert done.stderr.startswith(
        typeset_marks("Habillage refusé : la couleur « accent » (#ffff00)")
    )


def test_the_template_of_the_pdf_has_no_colour_of_its_own() -> None:
    for file in TYPST.glob("*.typ"):
        assert not re.search('rgb\\("|luma|#[0-9a-f]{6}\\b', file.read_text(encoding="utf-8")), file


def test_the_example_is_valid_as_it_stands_and_its_colours_are_told() -> None:
    done = shell("branding", str(EXAMPLE))
    assert (done.returncode, done.stderr) == (0, "")
    assert typeset_marks("Habillage valable : Ville de Rivemont") in done.stdout
    assert re.search("mode clair +accent +#7a1f3d +contraste 8,80", done.stdout)
    assert re.search("mode sombre +formations +#[0-9a-f]{6} +contraste [7-9],", done.stdout)


def test_the_documents_show_the_example_as_it_is() -> None:
    page = (ROOT / "docs" / "theme.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert shown == EXAMPLE.read_text(encoding="utf-8")
