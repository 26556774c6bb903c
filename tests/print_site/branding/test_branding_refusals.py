"""Faulty brandings, each refused with a French sentence that says why."""

import os
import re
from pathlib import Path

import pytest

from print_site.branding.branding import read_branding
from print_site.branding.colours import contrast
from print_site.errors import PrintError, Reason
from tests.print_site.brands import DRAWING, chunk, png, svg, written

NAME = 'name = "Lac"\n'


def error_of(file: Path) -> str:
    with pytest.raises(PrintError) as refused:
        read_branding(file)
    assert refused.value.reason is Reason.BAD_BRANDING
    return refused.value.message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "« name » attend"),
        ("name = 7", "« name » attend"),
        ('name = " \\u200b "', "« name » attend"),
        (f'name = "{"x" * 121}"', "121 caractères, pour 120 au plus"),
        ("name = ", "n’est pas du TOML"),
        (f"{NAME}colour = 1", "réglage inconnu « colour ». Connus : name, logo"),
        (f"{NAME}[dark]\nlogo = 1", "réglage inconnu « dark.logo »"),
        (f"{NAME}dark = 1", "« dark » attend une table"),
        (f'{NAME}show_name = "non"', "« show_name » attend true ou false"),
        (f"{NAME}accent = 0", "« accent » attend une couleur de la forme #rrggbb"),
        (f'{NAME}accent = "red"', "#rrggbb"),
        (f'{NAME}accent = "#fff"', "#rrggbb"),
        (f'{NAME}accent = "#1234567"', "#rrggbb"),
        (f'{NAME}accent = "#12345é"', "#rrggbb"),
        (f'{NAME}accent = "#000000\\n"', "#rrggbb"),
        (f'{NAME}accent = "#000;}}x{{"', "#rrggbb"),
        (f'{NAME}logo = "missing.svg"', "n’est pas lisible"),
        (f'{NAME}logo = "../logo.svg"', "placé à côté"),
        (f'{NAME}logo = "/etc/passwd"', "placé à côté"),
        (f'{NAME}logo = ".."', "placé à côté"),
        (f'{NAME}logo = "https://example.org/x.svg"', "placé à côté"),
        (f'{NAME}logo = "a\\u0000"', "placé à côté"),
        (f"{NAME}# {'x' * 70_000}", "pèse plus de 64 Ko"),
    ],
)
def test_a_file_that_is_no_branding_is_refused(tmp_path: Path, text: str, why: str) -> None:
    message = error_of(written(tmp_path, text))
    assert message.startswith("Habillage refusé : ")
    assert why in message


@pytest.mark.parametrize(
    ("text", "mode", "ratio"),
    [
        ('attachments = "#ffffff"', "clair", "1,00"),
        ('accent = "#808080"', "clair", r"3,\d\d"),
        ('[dark]\naccent = "#101010"', "sombre", r"1,\d\d"),
    ],
)
def test_a_colour_that_cannot_be_read_is_refused_with_its_ratio(
    tmp_path: Path, text: str, mode: str, ratio: str
) -> None:
    message = error_of(written(tmp_path, NAME + text)).replace("\u202f", " ")
    assert f"en mode {mode}" in message
    assert re.search(f"est de {ratio} : 1, il faut au moins 4,50 : 1", message)


@pytest.mark.parametrize(
    ("colour", "ratio"),
    # As WCAG's own examples and every calculator on line give them, on white.
    [("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48), ("#ff0000", 4.0), ("#0000ff", 8.59)],
)
def test_contrast_is_measured_as_everybody_does(colour: str, ratio: float) -> None:
    assert contrast(colour, "#ffffff") == pytest.approx(ratio, abs=0.005)


def test_a_colour_is_measured_on_every_ground_on_which_it_stands(tmp_path: Path) -> None:
    message = error_of(written(tmp_path, f'{NAME}accent = "#767676"'))
    assert "le fond de l’écran" in message


def test_a_ratio_that_only_just_fails_never_reads_as_enough(tmp_path: Path) -> None:
    for grey in range(0x60, 0x80):
        file = written(tmp_path, f'{NAME}accent = "#{grey:02x}{grey:02x}{grey:02x}"')
        try:
            read_branding(file)
        except PrintError as refused:
            found = re.search(r"est de (\d+,\d\d)", refused.message)
            assert found
            assert float(found[1].replace(",", ".")) < 4.5


@pytest.mark.parametrize("colour", ["#000000", "#1f3a5f", "#7a1f3d", "#a00000", "#4b4b00"])
def test_a_dark_colour_that_is_not_given_is_derived_so_that_it_can_be_read(
    tmp_path: Path, colour: str
) -> None:
    derived = read_branding(written(tmp_path, f'{NAME}accent = "{colour}"')).dark["accent"]
    # Given as it is, it passes the check of what is given.
    read_branding(written(tmp_path, f'{NAME}[dark]\naccent = "{derived}"'))


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("<script>alert(1)</script>", "un script"),
        ("<foreignObject/>", "un script ou un objet étranger"),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "« html » n’y est pas admis"),
        ('<script xmlns="http://www.w3.org/1999/xhtml"/>', "« script » n’y est pas admis"),
        ('<g onload="alert(1)"/>', "attribut d’événement"),
        ('<g OnClick="alert(1)"/>', "attribut d’événement"),
        ('<image href="https://example.org/x.png"/>', "« image » n’y est pas admis"),
        ('<a href="https://example.org/"/>', "« a » n’y est pas admis"),
        ('<animate attributeName="x"/>', "« animate » n’y est pas admis"),
        ('<use xlink:href="https://example.org/x.svg#a"/>', "autre chose que lui-même"),
        ('<use href="x.svg#a"/>', "autre chose que lui-même"),
        ('<g xml:base="https://example.org/"/>', "autre chose que lui-même"),
        ('<path fill="url(https://example.org/x)" d=""/>', "autre chose que lui-même"),
        ('<path fill="url( \'x.svg#a\' )" d=""/>', "autre chose que lui-même"),
        ('<path style="fill:url(&quot;//example.org/x&quot;)" d=""/>', "autre chose"),
        ('<path style="fill:u\\72l(x)" d=""/>', "autre chose que lui-même"),
        ("<style>@import 'x.css';</style>", "autre chose que lui-même"),
        ("<style>.a{background:url(x.png)}</style>", "autre chose que lui-même"),
        ("<style>.a{background:image-set('x.png' 1x)}</style>", "autre chose"),
        ("<text>Lac</text>", "convertissez-le en tracés"),
        ("<g>" * 80 + "</g>" * 80, "trop imbriqués"),
        ("<g/>" * 5_001, "trop d’éléments"),
        ('<g id="a"><use href="#a"/></g>', "se répètent trop"),
        (
            "".join(
                f'<g id="g{n}">{f"<use href={chr(34)}#g{n + 1}{chr(34)}/>" * 9}</g>'
                for n in range(9)
            ),
            "se répètent trop",
        ),
        ("<!-- " + "x" * 210_000 + " -->", "pèse plus de 200 Ko"),
    ],
)
def test_an_svg_that_is_more_than_a_drawing_is_refused(
    tmp_path: Path, inside: str, why: str
) -> None:
    assert why in error_of(written(tmp_path, NAME, svg(inside)))


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE svg>",
        '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<?xml-stylesheet href="https://example.org/x.css"?>',
    ],
)
def test_an_svg_that_declares_something_is_refused(tmp_path: Path, before: str) -> None:
    assert "DOCTYPE" in error_of(written(tmp_path, NAME, svg(before=before)))


@pytest.mark.parametrize(
    ("logo", "why"),
    [
        (svg(attributes=""), "viewBox"),
        (svg(attributes='width="100%" height="50%"'), "viewBox"),
        (svg(attributes='viewBox="0 0 nan 10"'), "viewBox"),
        (svg(attributes='viewBox="0 0 400 10"'), "trop allongé"),
        (b"<svg viewBox='0 0 40 10'/>", "ni un SVG ni un PNG"),
        (b"<html></html>", "ni un SVG ni un PNG"),
        (b"GIF89a", "ni un SVG ni un PNG"),
        (b"", "ni un SVG ni un PNG"),
        (b'<?xml version="1.0" encoding="utf-99"?>' + svg(), "ni un SVG ni un PNG"),
        (png()[:-20], "abîmé"),
        (png() + b"<script>", "abîmé"),
        (png().replace(b"IDAT", b"IDAX"), "abîmé"),
        (png(0, 10), "abîmé"),
        (png(20, 50, chunk(b"IDAT", b"garbage")), "abîmé"),
        (b"\x89PNG\r\n\x1a\n", "abîmé"),
        (png(20, 50, chunk(b"acTL", bytes(8))), "animé"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\1\0\0\0\1\0\0\x08\6\0\0\0") + chunk(b"IEND", b""),
         "trop de pixels"),
    ],
)  # fmt: skip
def test_an_image_that_is_no_logo_is_refused(tmp_path: Path, logo: bytes, why: str) -> None:
    assert why in error_of(written(tmp_path, NAME, logo))


@pytest.mark.parametrize(
    "inside",
    [
        DRAWING,
        '<clipPath id="c"><use xlink:href="#a"/></clipPath><path id="a" clip-path="url( \'#g\')" d=""/>',
        "<style>.st0{fill:url(#g)}</style><path class='st0' d='M0 0h9v9z'/>",
        '<metadata><inkscape:note href="https://example.org/" at="@"/></metadata>' + DRAWING,
        "<title>Lac</title><desc>https://example.org/</desc>" + DRAWING,
    ],
)
def test_what_drawing_programs_write_is_admitted(tmp_path: Path, inside: str) -> None:
    file = written(tmp_path, NAME, svg(inside, before='<?xml version="1.0" encoding="utf-8"?>\n'))
    assert read_branding(file).logo is not None


@pytest.mark.parametrize(
    "logo",
    [
        svg(attributes='viewBox="0 0 600 60"'),
        svg(attributes='width="30mm" height="30mm"'),
        svg(attributes='viewBox="0,0,10,40"'),
        png(20, 90),
    ],
)
def test_logos_of_every_shape_find_room_above_the_title(tmp_path: Path, logo: bytes) -> None:
    found = read_branding(written(tmp_path, NAME, logo)).logo
    assert found is not None
    assert 15 <= found.width <= 280
    assert 20 <= found.height <= 88


def test_a_pipe_is_not_waited_for_and_a_link_is_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "n’est pas lisible" in error_of(tmp_path / "pipe")
    (tmp_path / "link.toml").symlink_to(written(tmp_path, NAME))
    assert read_branding(tmp_path / "link.toml").name == "Lac"
