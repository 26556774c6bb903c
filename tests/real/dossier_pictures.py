"""Pictures of dossiers for README and docs/theme.md, of the preview's samples: `python -m tests.real.dossier_pictures`."""

import base64
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from print_site.build import build_html, build_pdf
from print_site.dossier.parsing import parse_dossier
from print_site.preview.samples import SAMPLES

from .chromium import launched
from .pictures import FOLDER

# Of each sample on paper: its pages, and the picture that shows them.
ON_PAPER = {"full": ((1, 2, 3, 8), "dossier.png"), "compact": ((1, 2, 3, 9), "dossier-compact.png")}
SHEET = """<!doctype html><title>x</title><style>body { margin: 0; padding: 5px; display: flex;
gap: 10px; background: #d7dce5; width: max-content } img { display: block }</style>"""


def take() -> None:
    """Write four pictures: pages of two PDFs, a page on a wide screen, light and dark, and on a telephone."""
    with launched() as browser, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for sample, (pages, picture) in ON_PAPER.items():
            build_pdf(parse_dossier(SAMPLES[sample]()), folder / "d.pdf")
            _join(browser, [_page(folder, page) for page in pages], 400, picture)
        build_html(parse_dossier(SAMPLES["full"]()), folder / "d.html")
        wide = [_screen(browser, folder, 1280, 920, scheme) for scheme in ("light", "dark")]
        _join(browser, wide, 812, "dossier-on-screen.png")
        narrow = [
            _screen(browser, folder, 360, 780, "light", anchor) for anchor in ("", "#panorama")
        ]
        _join(browser, narrow, 390, "dossier-on-a-telephone.png")


def _page(folder: Path, page: int) -> bytes:
    command = ["pdftoppm", "-r", "100", "-f", str(page), "-l", str(page), "-png", "-singlefile"]
    subprocess.run([*command, str(folder / "d.pdf"), str(folder / "page")], check=True)
    return (folder / "page.png").read_bytes()


def _screen(
    browser: Any, folder: Path, width: int, height: int, scheme: str, anchor: str = ""
) -> bytes:
    page = browser.new_page(
        color_scheme=scheme,
        device_scale_factor=1.25,
        viewport={"width": width, "height": height},
        bypass_csp=True,
    )
    page.goto((folder / "d.html").as_uri() + anchor)
    page.add_style_tag(content="::-webkit-scrollbar { display: none }")
    page.evaluate("document.fonts.ready.then(() => true)")
    return bytes(page.screenshot())


def _join(browser: Any, images: list[bytes], width: int, picture: str) -> None:
    held = (base64.b64encode(image).decode() for image in images)
    shown = "".join(
        f'<img alt="" width="{width}" src="data:image/png;base64,{one}">' for one in held
    )
    sheet = browser.new_page()
    sheet.set_content(SHEET + shown)
    shot = Image.open(BytesIO(sheet.locator("body").screenshot()))
    few = shot.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
    few.save(FOLDER / picture, optimize=True)


if __name__ == "__main__":
    take()
