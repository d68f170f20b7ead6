"""Runs of the client against the portal of the tests."""

import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.desk.portal_server import Portal
from warehouse.portal.exchange import Answer, PortalRequest, Target
from warehouse.portal.read import html
from warehouse.portal.request.client import Client
from warehouse.portal.request.limits import Limits
from warehouse.project import PROJECT
from warehouse.settings import PortalSettings

STARTED = datetime(2025, 6, 1, 12, 0)  # noqa: DTZ001 - UTC without zone, as in the warehouse
CODE = "997859"
TARGET = Target(1, CODE, "mfa", "ru")
WORD = "министерстве"
INTERVAL_S = 0.005


@dataclass
class Run:
    """A run against a portal: how it asks, and what it was told to wait between retries."""

    portal: Portal
    pace_file: Path
    settings: dict[str, Any] = field(default_factory=dict)
    limits: Limits | None = None
    waits: list[float] = field(default_factory=list)

    def client(self, **settings: Any) -> Client:
        values = {"url": self.portal.url, "interval_s": INTERVAL_S, "timeout_s": 5.0, **self.settings, **settings}
        return Client(
            PortalSettings(**values),
            pace_file=self.pace_file,
            started_at=STARTED,
            sleep=self.waits.append,
            limits=self.limits,
        )

    def page(self, code: str = CODE) -> PortalRequest:
        return html.page_request(self.portal.url, Target(1, code, "mfa", "ru"))

    def ask(self, request: PortalRequest | None = None, **settings: Any) -> Answer:
        """The answer of a run that asks one thing."""
        with self.client(**settings) as client:
            return client.ask(request or self.page())


ANOTHER_PROCESS = """
import sys
from datetime import datetime
from pathlib import Path
from warehouse.portal.request.client import Client
from warehouse.portal.exchange import PortalRequest
from warehouse.settings import PortalSettings

url, pace_file, name, count = sys.argv[1:]
settings = PortalSettings(url=url, user_agent=name, interval_s=0.05)
with Client(settings, pace_file=Path(pace_file), started_at=datetime(2025, 6, 1)) as client:
    for n in range(int(count)):
        client.ask(PortalRequest("html", f"{url}/{name}/{n}"))
"""


def another_process(run: Run, name: str, *, count: int) -> subprocess.Popen[bytes]:
    """Asks so many pages, 0.05 s apart."""
    arguments = [run.portal.url, str(run.pace_file), name, str(count)]
    return subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS, *arguments], cwd=PROJECT)
