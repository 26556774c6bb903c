"""Pictures of an agent's pages for README, of a running demo: `python -m tests.real.pictures URL EMAIL PASSWORD`."""

import base64
import sys
from pathlib import Path

from .chromium import launched

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDE = (("/livret", 1120, 700), ("/livret/panorama#frise", 1120, 700))
ON_A_TELEPHONE = ("/livret", "/livret/competences/competences", "/livret/dossiers")
ROW = """<!doctype html><title>x</title><style>body { margin: 0; padding: 16px; display: flex;
gap: 16px; background: #e3e7ee; width: max-content } img { border-radius: 10px }</style>"""


def take(url: str, email: str, password: str) -> None:
    """Sign in, and write two pictures: pages side by side on a wide screen, and on telephones."""
    with launched() as browser:
        context = browser.new_context(color_scheme="light", is_mobile=True)  # no scroll bars
        page = context.new_page()
        page.goto(f"{url}/sign-in")
        page.fill("#email", email)
        page.fill("#password", password)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{url}/")

        def shot(path: str, width: int, height: int) -> str:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{url}{path}")
            page.evaluate("document.fonts.ready.then(() => true)")
            data = base64.b64encode(page.screenshot()).decode()
            shown = width // 2 if width > 400 else width * 2 // 3
            return f'<img alt="" width="{shown}" src="data:image/png;base64,{data}">'

        wide = [shot(*one) for one in WIDE]
        narrow = [shot(path, 360, 700) for path in ON_A_TELEPHONE]
        for name, images in (("pages.png", wide), ("pages-on-a-telephone.png", narrow)):
            sheet = browser.new_page(device_scale_factor=1.25)
            sheet.set_content(ROW + "".join(images))
            sheet.locator("body").screenshot(path=FOLDER / name)


if __name__ == "__main__":
    take(*sys.argv[1:4])
