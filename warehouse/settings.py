"""Settings: `PRESS_*` environment variables, or the same names in a `.env` file at the project's root.

Read with python-dotenv into a frozen dataclass: importing pydantic-settings takes as long as a small load.
"""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

from warehouse.errors import UsageError

Word = TypeVar("Word", bound=str)

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
class ServerSettings:
    """Where Prefect's server is reached and keeps its runs: `PRESS_SERVER_*`."""

    host: str = "127.0.0.1"
    """`PRESS_SERVER_HOST`: the address to listen at; any but a loopback one needs `PRESS_SERVER_AUTH`."""
    port: int = 4200
    """`PRESS_SERVER_PORT`: the port of its UI and API."""
    database_url: str | None = field(default=None, repr=False)
    """`PRESS_SERVER_DATABASE_URL`: PostgreSQL in place of SQLite; may hold a password, so it is told to nobody."""
    auth: str | None = field(default=None, repr=False)
    """`PRESS_SERVER_AUTH`: `user:password` that the UI and the API ask for; told to nobody."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """Who is told of what goes wrong, and how: `PRESS_ALERT_*` and `PRESS_SMTP_*`."""

    webhook: str | None = field(default=None, repr=False)
    """`PRESS_ALERT_WEBHOOK`: the URL that is sent `{"subject": …, "body": …}`; may hold a token, told to nobody."""
    email: tuple[str, ...] = ()
    """`PRESS_ALERT_EMAIL`: addresses that get mail, parted by commas."""
    smtp_host: str = "127.0.0.1"
    """`PRESS_SMTP_HOST`: the server that takes the mail."""
    smtp_port: int = 0
    """`PRESS_SMTP_PORT`: its port; 0 is 587 for starttls, 465 for tls and 25 for none."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """`PRESS_SMTP_SECURITY`: starttls, tls or none."""
    smtp_user: str | None = None
    """`PRESS_SMTP_USER`: who logs in there; nobody does if empty."""
    smtp_password: str | None = field(default=None, repr=False)
    """`PRESS_SMTP_PASSWORD`: told to nobody."""
    sender: str = "press-warehouse@localhost"
    """`PRESS_SMTP_FROM`: the address that mail comes from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much of the machine a load may use."""

    warehouse: Path = PROJECT / "data" / "warehouse.duckdb"
    """`PRESS_WAREHOUSE`: the DuckDB file. The archive, the published copy and staging lie in its folder."""
    seeds: Path = PROJECT / "seeds"
    """`PRESS_SEEDS`: the folder with the reference rows."""
    memory_limit_mb: int = 320
    """`PRESS_MEMORY_LIMIT_MB`: what DuckDB may use; a load of a million releases takes 800 MB in all."""
    threads: int = 0
    """`PRESS_THREADS`: threads DuckDB may use; 0 means one for each core."""
    lock_timeout_s: float = 0.0
    """`PRESS_LOCK_TIMEOUT_S`: how long to wait for another writer before giving up."""
    portal: PortalSettings = PortalSettings()
    server: ServerSettings = ServerSettings()
    alerts: AlertSettings = AlertSettings()
    inbox_folder: Path | None = None
    """`PRESS_INBOX`: where digests arrive; `inbox` beside the warehouse if None."""
    inbox_settle_s: float = 10.0
    """`PRESS_INBOX_SETTLE_S`: a file that changed within so many seconds is still arriving."""
    backups_folder: Path | None = None
    """`PRESS_BACKUPS`: where backups go, best on another disk; `backups` beside the warehouse if None."""
    keep_backups: int = 4
    """`PRESS_KEEP_BACKUPS`: how many backups are kept."""
    state_folder: Path | None = None
    """`XDG_STATE_HOME`: where programs of this user remember what is not data; `~/.local/state` if None."""

    @property
    def inbox(self) -> Path:
        """Where digests arrive."""
        return self.inbox_folder or self.home / "inbox"

    @property
    def backups(self) -> Path:
        """Where backups are kept."""
        return self.backups_folder or self.home / "backups"

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
        """The file that tells all processes of this user when a portal was last asked, whatever warehouse they fill."""
        host = self.portal.url.split("://")[-1].split("/")[0].rpartition("@")[2].lower().removeprefix("www.")
        name = "".join(letter if letter.isalnum() or letter in ".-" else "-" for letter in host)
        return (self.state_folder or _user_state()) / "press-warehouse" / f"pace-{name}"

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
        if not math.isfinite(value):
            raise UsageError(f"{name} is “{values[name]}”, which is no number to count with.")
        if value < 0:
            raise UsageError(f"{name} is {values[name]}; it cannot be negative.")
        return value

    def path(name: str, fallback: Path) -> Path:
        return Path(values.get(name) or fallback).expanduser().absolute()

    def folder(name: str) -> Path | None:
        return Path(values[name]).expanduser().absolute() if values.get(name) else None

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
        server=ServerSettings(
            host=values.get("PRESS_SERVER_HOST") or default.server.host,
            port=int(number("PRESS_SERVER_PORT", default.server.port)),
            database_url=values.get("PRESS_SERVER_DATABASE_URL") or None,
            auth=values.get("PRESS_SERVER_AUTH") or None,
        ),
        alerts=AlertSettings(
            webhook=_web_address("PRESS_ALERT_WEBHOOK", values),
            email=tuple(part.strip() for part in (values.get("PRESS_ALERT_EMAIL") or "").split(",") if part.strip()),
            smtp_host=values.get("PRESS_SMTP_HOST") or default.alerts.smtp_host,
            smtp_port=int(number("PRESS_SMTP_PORT", default.alerts.smtp_port)),
            smtp_security=_one_of("PRESS_SMTP_SECURITY", ("starttls", "tls", "none"), values),
            smtp_user=values.get("PRESS_SMTP_USER") or None,
            smtp_password=values.get("PRESS_SMTP_PASSWORD") or None,
            sender=values.get("PRESS_SMTP_FROM") or default.alerts.sender,
        ),
        inbox_folder=folder("PRESS_INBOX"),
        inbox_settle_s=number("PRESS_INBOX_SETTLE_S", default.inbox_settle_s),
        backups_folder=folder("PRESS_BACKUPS"),
        keep_backups=int(number("PRESS_KEEP_BACKUPS", default.keep_backups)),
        state_folder=folder("XDG_STATE_HOME"),
    )


def _user_state() -> Path:
    named = os.environ.get("XDG_STATE_HOME")
    return Path(named) if named else Path("~/.local/state").expanduser()


def _portal_url(text: str) -> str:
    if "@" in text:  # not shown: it may be a password
        raise UsageError("PRESS_PORTAL_URL names a user; write it like https://www.gov.kz.")
    try:
        parts = urlsplit(text)
        is_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_host = False
    if not is_host or parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query:
        raise UsageError(f"PRESS_PORTAL_URL is “{text}”; write it like https://www.gov.kz.")
    return f"{parts.scheme}://{parts.netloc}"


def _web_address(name: str, values: Mapping[str, str]) -> str | None:
    """A setting that is a URL; what it holds may be secret, so that the message does not repeat it."""
    text = values.get(name)
    if not text:
        return None
    told = f"{name} is no URL; write it like https://chat.example.kz/hooks/…."
    try:
        parts = urlsplit(text)
        is_complete = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # Not as its cause: that would repeat it.
        raise UsageError(told) from None
    if not is_complete:
        raise UsageError(told)
    return text


def _one_of(name: str, choices: tuple[Word, ...], values: Mapping[str, str]) -> Word:
    """A setting that is one of some words; the first is its default."""
    chosen = values.get(name) or choices[0]
    for choice in choices:
        if choice == chosen:
            return choice
    raise UsageError(f"{name} is “{chosen}”; it can be {', '.join(choices)}.")


def _pairs(name: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """A setting that is a JSON object of texts. What it holds is secret and told to nobody."""
    try:
        pairs = json.loads(values.get(name) or "{}")
    except ValueError:
        pairs = None
    if not isinstance(pairs, dict) or not all(isinstance(value, str) for value in pairs.values()):
        raise UsageError(f'{name} is no JSON object of texts; write it like {{"Name": "value"}}.')
    return pairs
