"""Settings: `PRESS_*` environment variables, or the same names in a `.env` file at the project's root.

Read with python-dotenv into a frozen dataclass: importing pydantic-settings takes as long as a small load.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from warehouse.errors import UsageError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """How gov.kz is asked: `PRESS_PORTAL_*`."""

    url: str = "https://www.gov.kz"
    """`PRESS_PORTAL_URL`: scheme and host of the portal."""
    user_agent: str = "press-warehouse/0.1"
    """`PRESS_PORTAL_USER_AGENT`: what the client calls itself."""
    contact: str = ""
    """`PRESS_PORTAL_CONTACT`: a mail address or page of who runs it, told to the portal beside the name."""
    interval_s: float = 1.0
    """`PRESS_PORTAL_INTERVAL_S`: seconds between two requests, at least."""
    timeout_s: float = 60.0
    """`PRESS_PORTAL_TIMEOUT_S`: seconds to wait for an answer to go on."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """`PRESS_PORTAL_HEADERS`: an operator's own, as a JSON object; never logged, never archived."""
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    """`PRESS_PORTAL_COOKIES`: likewise."""
    ca_bundle: str | None = None
    """`PRESS_PORTAL_CA_BUNDLE`: a file of certificates to trust instead of the system's."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much of the machine a load may use."""

    warehouse: Path = PROJECT / "data" / "warehouse.duckdb"
    """`PRESS_WAREHOUSE`: the DuckDB file. The archive, the published copy and staging lie in its folder."""
    seeds: Path = PROJECT / "seeds"
    """`PRESS_SEEDS`: the folder with the reference rows."""
    memory_limit_mb: int = 320
    """`PRESS_MEMORY_LIMIT_MB`: what DuckDB may use; the process itself takes about 150 MB more."""
    threads: int = 0
    """`PRESS_THREADS`: threads DuckDB may use; 0 means one for each core."""
    lock_timeout_s: float = 0.0
    """`PRESS_LOCK_TIMEOUT_S`: how long to wait for another writer before giving up."""
    portal: PortalSettings = PortalSettings()

    @property
    def home(self) -> Path:
        """The folder that everything lies in."""
        return self.warehouse.parent

    @property
    def digests(self) -> Path:
        """Every digest loaded, as received, named by its SHA-256."""
        return self.home / "archive" / "digests"

    @property
    def references(self) -> Path:
        """Every state of the reference rows that a load used, named by its SHA-256."""
        return self.home / "archive" / "reference"

    @property
    def loads(self) -> Path:
        """One JSON file for each load that went into this warehouse: what `press rebuild` replays."""
        return self.home / "archive" / "loads" / self.warehouse.name

    @property
    def answers(self) -> Path:
        """The archive of gov.kz's answers, WARC files."""
        return self.home / "archive" / "portal" / self.warehouse.name

    @property
    def pace(self) -> Path:
        """The file that tells all processes here when gov.kz was last asked."""
        return self.home / "archive" / "portal" / "pace"

    @property
    def published(self) -> Path:
        """The read-only copy for analysts."""
        return self.home / "published" / self.warehouse.name

    @property
    def staging(self) -> Path:
        """Where a load keeps its files while it runs."""
        return self.home / "staging" / self.warehouse.name

    @property
    def lock(self) -> Path:
        """The file whose lock the one writer holds."""
        return self.warehouse.with_name(self.warehouse.name + ".lock")

    def at(self, warehouse: Path | None) -> "Settings":
        """The same settings for another warehouse file; None changes nothing."""
        return self if warehouse is None else replace(self, warehouse=warehouse.expanduser().absolute())


def load_settings(environ: Mapping[str, str] = os.environ, env_file: Path = PROJECT / ".env") -> Settings:
    """Settings from the environment, then from `env_file`, then the defaults.

    Raises UsageError for a value that cannot be read, with its name.
    """
    values = {**{k: v for k, v in dotenv_values(env_file).items() if v is not None}, **environ}
    default = Settings()

    def number(name: str, fallback: float) -> float:
        try:
            value = float(values.get(name) or fallback)
        except ValueError:
            raise UsageError(f"{name} is “{values[name]}”, which is no number.") from None
        if value < 0:
            raise UsageError(f"{name} is {values[name]}; it cannot be negative.")
        return value

    def path(name: str, fallback: Path) -> Path:
        return Path(values.get(name) or fallback).expanduser().absolute()

    return Settings(
        warehouse=path("PRESS_WAREHOUSE", default.warehouse),
        seeds=path("PRESS_SEEDS", default.seeds),
        memory_limit_mb=int(number("PRESS_MEMORY_LIMIT_MB", default.memory_limit_mb)),
        threads=int(number("PRESS_THREADS", default.threads)),
        lock_timeout_s=number("PRESS_LOCK_TIMEOUT_S", default.lock_timeout_s),
        portal=PortalSettings(
            url=_portal_url(values.get("PRESS_PORTAL_URL") or default.portal.url),
            user_agent=values.get("PRESS_PORTAL_USER_AGENT") or default.portal.user_agent,
            contact=values.get("PRESS_PORTAL_CONTACT") or default.portal.contact,
            interval_s=number("PRESS_PORTAL_INTERVAL_S", default.portal.interval_s),
            timeout_s=number("PRESS_PORTAL_TIMEOUT_S", default.portal.timeout_s),
            headers=_pairs("PRESS_PORTAL_HEADERS", values),
            cookies=_pairs("PRESS_PORTAL_COOKIES", values),
            ca_bundle=values.get("PRESS_PORTAL_CA_BUNDLE") or None,
        ),
    )


def _portal_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise UsageError(f"PRESS_PORTAL_URL is “{text}”; write it like https://www.gov.kz.")
    return f"{parts.scheme}://{parts.netloc}"


def _pairs(name: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """A setting that is a JSON object of texts. What it holds is secret and told to nobody."""
    try:
        pairs = json.loads(values.get(name) or "{}")
    except ValueError:
        pairs = None
    if not isinstance(pairs, dict) or not all(isinstance(value, str) for value in pairs.values()):
        raise UsageError(f'{name} is no JSON object of texts; write it like {{"Name": "value"}}.')
    return pairs
