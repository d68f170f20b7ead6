"""A copy of the project, served by `make serve`, with a few days behind it; for tests of the UI and for pictures.

    with serve_story(folder) as story, chromium() as browser, person(browser) as somebody:
        somebody.new_page().goto(story.page("/runs"))

Four days ago the seed arrived, and beside it a copy of it whose upload broke off. Nothing came since, which is odd from
the third day on. Today a file arrived that is no digest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.desk.digests import SEED
from tests.desk.documents import Copy
from tests.desk.ports import free_port
from tests.desk.serving import Serving, until
from tests.desk.warehouse import Desk
from warehouse.settings import Settings

ENDED = ("Completed", "Failed", "Crashed", "Cancelled")
BROKEN_OFF_AT = 12_345
"""After how many bytes the upload broke off, in the middle of an item."""


@dataclass(frozen=True)
class Story:
    """What is served, and the ids of its runs: by what is to be seen of them."""

    serving: Serving
    runs: dict[str, str]
    failing_since: datetime

    def page(self, path: str) -> str:
        """The address of a page of the UI."""
        return f"http://127.0.0.1:{self.serving.port}{path}"

    def run_page(self, run: str) -> str:
        return self.page(f"/runs/flow-run/{self.runs[run]}")

    def artifact(self, key: str, run: str) -> str:
        """The address of what a run left under a key."""
        chosen = {"artifacts": {"key": {"any_": [key]}, "flow_run_id": {"any_": [self.runs[run]]}}}
        (artifact,) = self.serving.api("/artifacts/filter", chosen)
        return self.page(f"/artifacts/artifact/{artifact['id']}")


def tab(page: Page, name: str) -> None:
    """Open a tab of a page of the UI."""
    page.get_by_role("tablist").get_by_text(name, exact=True).click()


@contextmanager
def person(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody at a desk in Almaty, whose pages have the UI's own colours: dark ones."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Asia/Almaty")
    try:
        yield context
    finally:
        context.close()


@contextmanager
def serve_story(folder: Path) -> Iterator[Story]:
    """Serve it for as long as the block lasts, in a folder that is made."""
    project = Copy.at(folder / "press").folder
    # Alerts go to an address that nobody listens at.
    settings = {
        "PYTHONPATH": str(project),
        "PRESS_INBOX_SETTLE_S": "0.1",
        "PRESS_ALERT_WEBHOOK": "http://127.0.0.1:9/alerts",
    }
    desk = Desk(project, Settings(warehouse=project / "data" / "warehouse.duckdb"))
    serving = Serving(
        desk, free_port(), "", settings, home_name="data/prefect", command=["make", "serve"], project=project
    ).start()
    try:
        today = datetime.now(UTC).replace(second=0, microsecond=0)
        yield Story(serving, _days(serving, today), today - timedelta(days=1))
    finally:
        serving.terminal.stop()


def _days(serving: Serving, today: datetime) -> dict[str, str]:
    """Let the days go by; returns the runs."""
    # A quarter of an hour may be over at any moment, and its run would come between these.
    _pause(serving, is_paused=True)
    inbox = serving.desk.settings.inbox
    (inbox / SEED.name).write_bytes(SEED.read_bytes())
    (inbox / "law-2025-05-21-broken-off.txt").write_bytes(SEED.read_bytes()[:BROKEN_OFF_AT])
    runs = {"loaded": _run(serving, "ingest-inbox", today - timedelta(days=4))}
    runs["warning"] = _run(serving, "ingest-inbox", today - timedelta(days=1))
    (inbox / "holiday.jpg.txt").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)))
    runs["failed"] = _run(serving, "ingest-inbox", today)
    _pause(serving, is_paused=False)
    until(lambda: len(_scheduled(serving)) == len(serving.deployments()), lambda: _scheduled(serving))
    return runs


def _pause(serving: Serving, *, is_paused: bool) -> None:
    for deployment in serving.deployments().values():
        serving.api(f"/deployments/{deployment['id']}/{'pause' if is_paused else 'resume'}_deployment", {})


def _scheduled(serving: Serving) -> set[str]:
    return {run["deployment_id"] for run in serving.runs(type=["SCHEDULED"])}


def _run(serving: Serving, deployment: str, as_of: datetime) -> str:
    parameters = {**serving.deployments()[deployment]["parameters"], "as_of": as_of.isoformat()}
    run = serving.run(deployment, parameters=parameters)
    until(lambda: serving.state(run)[0] in ENDED, lambda: (serving.state(run), serving.log()))
    return run
