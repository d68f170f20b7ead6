"""A warehouse beside the portal of the tests: visits it, and says what is known afterwards."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.desk.digests import SEED, Item, digest
from tests.desk.portal_releases import Release, invent
from tests.desk.portal_server import Portal
from tests.desk.warehouse import Desk, dump, press_here
from warehouse.portal.visits.plan import Wishes
from warehouse.runs import refetch
from warehouse.runs.discover import discover
from warehouse.runs.load_run import LoadRun
from warehouse.runs.pages import small_run
from warehouse.settings import PortalSettings

INTERVAL_S = 0.001
LOADED = "2025-05-21T12:00:00Z"
CODE = "990844"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class PortalDesk:
    """A warehouse in a folder of its own, and the portal that its releases are on."""

    desk: Desk
    portal: Portal

    @classmethod
    def at(cls, folder: Path, portal: Portal, **settings: Any) -> "PortalDesk":
        desk = Desk.at(folder)
        of_portal = PortalSettings(**{"url": portal.url, "interval_s": INTERVAL_S, "timeout_s": 5.0, **settings})
        return cls(replace(desk, settings=desk.settings.model_copy(update={"portal": of_portal})), portal)

    def load_digest(self, *items: Item, as_of: str = LOADED) -> LoadRun:
        """Load a digest of these items, or the seed's."""
        path = write_digest(self.desk, *items, as_of=as_of) if items else SEED
        return self.desk.load(path, as_of=as_of)

    def visit(self, as_of: str, only: str = "due", *, kill: bool = False, **wishes: Any) -> LoadRun:
        """A run; `kill` leaves it when all is fetched and nothing loaded, as a killed process would."""
        settings, chosen = self.desk.settings, Wishes(only, **wishes)
        if not kill:
            return refetch.refetch(settings, chosen, as_of)
        with small_run(settings, as_of, "refetch") as run:
            refetch.fetch(run, refetch.plan(run, chosen))
        return run.load_run

    def discover(self, as_of: str, *slugs: str, **wishes: Any) -> LoadRun:
        return discover(self.desk.settings, slugs, as_of=as_of, **wishes)

    def ask(self, query: str) -> Rows:
        return self.desk.ask(query)

    def outcomes(self, what: str = "outcome") -> dict[str, int]:
        """How many attempts had which outcome."""
        return dict(self.ask(f"select {what}, count(*) from fact_fetch where {what} is not null group by 1"))

    def page_requests(self) -> list[tuple[str, str | None, str]]:
        return [(asked.route, asked.code, asked.language) for asked in self.portal.requests()]

    def command(self, *arguments: object) -> list[str]:
        return self.desk.command(*arguments)

    @property
    def environ(self) -> dict[str, str]:
        portal = self.desk.settings.portal
        return self.desk.environ | {
            "PRESS_PORTAL_URL": portal.url,
            "PRESS_PORTAL_INTERVAL_S": str(portal.interval_s),
            "PRESS_PORTAL_TIMEOUT_S": str(portal.timeout_s),
            "PRESS_PORTAL_HEADERS": json.dumps(dict(portal.headers)),
            "PRESS_PORTAL_COOKIES": json.dumps(dict(portal.cookies)),
        }

    def press_here(self, *arguments: object, status: int = 0) -> str:
        """What the command line, inside this process, prints; on standard error where it fails."""
        done = press_here(self.environ, *arguments)
        assert done.returncode == status, done
        return done.stderr if status else done.stdout

    def answer(self, *arguments: object) -> list[dict[str, Any]]:
        """What a question of the command line is answered with."""
        return list(json.loads(self.press_here(*arguments, "--format", "json")))


@contextmanager
def one_release(folder: Path, *items: Item, **settings: Any) -> Iterator[PortalDesk]:
    """The portal and a warehouse that know one release, CODE, or those of the items."""
    named = items or (Item(CODE),)
    with Portal(releases_of(*named)) as portal:
        desk = PortalDesk.at(folder, portal, **settings)
        # What a digest's load does does not depend on the portal.
        shutil.copytree(load_once(*named).name, folder, dirs_exist_ok=True)
        yield desk


@cache
def load_once(*items: Item) -> "TemporaryDirectory[str]":
    """A desk's folder with a digest of these items, loaded: tests begin with a copy."""
    folder = TemporaryDirectory()
    desk = Desk.at(Path(folder.name))
    desk.load(write_digest(desk, *items), as_of=LOADED)
    return folder


def write_digest(desk: Desk, *items: Item, as_of: str = LOADED) -> Path:
    """A digest of these items in the desk's folder, named by the day and their number."""
    return desk.write(f"{as_of[:10]}-{len(items)}.txt", digest(*items))


def releases_of(*items: Item) -> dict[str, Release]:
    return {item.code: invent(item.code, item.slug, datetime(2025, 5, 20, 6, tzinfo=UTC)) for item in items}


def rows_of(desk: PortalDesk | Desk) -> Mapping[str, Rows]:
    """All rows of all tables and views but the attempts written down: what must not depend on how they came about."""
    settings = desk.desk.settings if isinstance(desk, PortalDesk) else desk.settings
    return dump(settings.warehouse)
