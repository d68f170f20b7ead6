"""Take the pictures of the README anew: `make pictures`.

The brief of the seed's last day, as somebody sees it on a desk and in a hand, from a real Chromium.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser

from tests.browser import chromium
from tests.conftest import SEED, Desk
from warehouse.brief.edition import read, write
from warehouse.settings import PROJECT

PICTURES = PROJECT / "docs" / "img"
LOADED = "2025-05-21T12:00:00Z"


def take(browser: Browser, page: Path, to: Path, scheme: Literal["light", "dark"], size: tuple[int, int]) -> None:
    """Take a picture of the top of a page, so small (`size` in pixels) that a repository can keep it."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(page.as_uri())
    opened.screenshot(path=to)
    context.close()
    print(f"wrote {to.relative_to(PROJECT)}, {to.stat().st_size // 1024} KB")


def main() -> None:
    """Take all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser:
        desk = Desk.at(Path(folder))
        desk.load(SEED, as_of=LOADED)
        page = write(desk.settings, read(desk.settings)).path
        take(browser, page, PICTURES / "brief-desktop.png", "light", (760, 1010))
        take(browser, page, PICTURES / "brief-phone.png", "dark", (390, 1010))


if __name__ == "__main__":
    main()
