"""Take the pictures of the README again: `make pictures`.

The brief of the seed's last day, as somebody sees it on a desk and in a hand, and Prefect's UI after a few served days,
from a real Chromium.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.desk.browser import chromium
from tests.desk.digests import SEED
from tests.desk.story import Story, person, serve_story, tab
from tests.desk.warehouse import Desk
from warehouse.project import PROJECT
from warehouse.report.brief.edition import read, write

PICTURES = PROJECT / "docs" / "img"
LOADED = "2025-05-21T12:00:00Z"
DRAWN_MS = 1500
"""How long charts and their movements take to come to rest."""


def of_brief(browser: Browser, page: Path, to: str, scheme: Literal["light", "dark"], size: tuple[int, int]) -> None:
    """Take a picture of the top of a page, so small (`size` in pixels) that a repository can keep it."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(page.as_uri())
    keep(opened.screenshot(), to)
    context.close()


def of_ui(page: Page, story: Story) -> None:
    """Take pictures of the UI: when what runs, what came in, what is wrong, what is held, and the alerts."""
    inbox = story.serving.deployments()["ingest-inbox"]["id"]
    page.goto(story.page(f"/deployments/deployment/{inbox}"))
    shoot(page, "ui-deployment.png", 800)
    page.goto(story.run_page("loaded"))
    tab(page, "Artifacts")
    # So wide that what came in, the description of a tile, is read to its end.
    shoot(page, "ui-run.png", 1000, width=1440)
    page.goto(story.artifact("quality-checks", "failed"))
    shoot(page, "ui-quality-checks.png", 640)
    page.goto(story.artifact("coverage", "loaded"))
    shoot(page, "ui-coverage.png", 590)
    page.goto(story.page("/automations"))
    shoot(page, "ui-automations.png", 800)


def shoot(page: Page, to: str, height: int, width: int = 1280) -> None:
    """Take a picture of so many pixels of a page, from its top, when it has come to rest."""
    page.set_viewport_size({"width": width, "height": max(height, 800)})
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(DRAWN_MS)
    keep(page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}), to)


def keep(picture: bytes, to: str) -> None:
    """Write a PNG where the README looks for it."""
    path = PICTURES / to
    path.write_bytes(picture)
    print(f"wrote {path.relative_to(PROJECT)}, {path.stat().st_size // 1024} KB")


def main() -> None:
    """Take all of them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser:
        desk = Desk.at(Path(folder))
        desk.load(SEED, as_of=LOADED)
        page = write(desk.settings, read(desk.settings))
        of_brief(browser, page, "brief-desktop.png", "light", (760, 1010))
        of_brief(browser, page, "brief-phone.png", "dark", (390, 1010))
        with serve_story(Path(folder) / "served") as story, person(browser) as somebody:
            of_ui(somebody.new_page(), story)


if __name__ == "__main__":
    main()
