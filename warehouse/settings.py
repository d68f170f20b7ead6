"""Settings: `PRESS_*` environment variables, or the same names in a `.env` file.

A field's name gives the variable's: `PortalSettings.url` is `PRESS_PORTAL_URL`. Not with pydantic-settings: it reads
the environment whenever a model is built, and cannot have `PRESS_SMTP_HOST` and `PRESS_ALERT_EMAIL` in one group.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, ValidationError

from warehouse.errors import UsageError
from warehouse.project import IS_CHECKOUT, PROJECT, SHIPPED
from warehouse.values import (
    AbsolutePath,
    Count,
    Host,
    Line,
    MailAddress,
    MailAddresses,
    Megabytes,
    Port,
    PortalUrl,
    Seconds,
    Secret,
    SecretPairs,
    SecretUrl,
    Threads,
    WarehouseFile,
    folder_apart,
    refusal,
    warehouse_file,
)
from warehouse.variables import file_variables, is_ours, refuse_unknown, refuse_unknown_in_file


def workplace() -> Path:
    """The folder whose `.env` and `data` are used: the nearest at or above the current one with a `.env` of ours.

    Without one it is the checkout, or for an installed package the current folder.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise UsageError("The current folder is gone; go to another one.") from None
    for folder in (here, *here.parents):
        if IS_CHECKOUT and folder == PROJECT:
            break
        # Above the current folder a `.env` that cannot be read may be anybody's.
        with suppress(*() if folder == here else (UsageError,)):
            if is_ours(folder / ".env"):
                return folder
    return PROJECT if IS_CHECKOUT else here


def _read_from(prefix: str) -> ConfigDict:
    """Fields are read from variables with a prefix, or passed by name; the docstring below each describes it."""
    return ConfigDict(
        alias_generator=AliasGenerator(validation_alias=lambda name: prefix + name.upper()),
        validate_by_name=True,
        use_attribute_docstrings=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
    )


class PortalSettings(BaseModel):
    """The requests to gov.kz."""

    model_config = _read_from("PRESS_PORTAL_")

    url: PortalUrl = "https://www.gov.kz"
    """Scheme and host of the portal."""
    user_agent: Line = "press-warehouse/0.1"
    """The name that the client gives itself."""
    contact: Line = ""
    """A mail address or page of the operator, sent to the portal with that name."""
    interval_s: Seconds = 1.0
    """Seconds between two requests, at least."""
    timeout_s: Seconds = 60.0
    """Seconds to wait for an answer to go on."""
    headers: SecretPairs = {}
    """Headers of your own, as a JSON object; never shown, never archived."""
    cookies: SecretPairs = {}
    """Cookies of your own, as a JSON object; never shown, never archived."""
    ca_bundle: AbsolutePath | None = None
    """A file of certificates to trust in place of the system's."""


class ServerSettings(BaseModel):
    """Prefect's server, as `make serve` runs it."""

    model_config = _read_from("PRESS_SERVER_")

    host: Host = "127.0.0.1"
    """The address to listen at; any but a loopback address needs `PRESS_SERVER_AUTH`."""
    port: Port = 4200
    """The port of the UI and the API."""
    database_url: Secret = None
    """PostgreSQL for the runs in place of SQLite: `postgresql://user:password@host/prefect`; never shown."""
    auth: Secret = None
    """`user:password` that the UI and the API ask for; never shown."""


class AlertSettings(BaseModel):
    """Alerts, by webhook and mail."""

    model_config = _read_from("PRESS_")

    webhook: Annotated[SecretUrl, Field(validation_alias="PRESS_ALERT_WEBHOOK")] = None
    """The URL that gets `{"subject": …, "body": …}`; never shown, for it may hold a token."""
    email: Annotated[MailAddresses, Field(validation_alias="PRESS_ALERT_EMAIL")] = ()
    """Addresses that get alerts by mail, separated by commas."""
    smtp_host: Host = "127.0.0.1"
    """The server that takes the mail."""
    smtp_port: Port = 0
    """Its port; 0 is 587 for starttls, 465 for tls and 25 for none."""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is encrypted: `starttls`, `tls` or `none`."""
    smtp_user: Line | None = None
    """The user who logs in there; nobody does if it is empty."""
    smtp_password: Secret = None
    """The user's password; never shown."""
    sender: Annotated[MailAddress, Field(validation_alias="PRESS_SMTP_FROM")] = "press-warehouse@localhost"
    """The address that mail comes from."""


class Settings(BaseModel):
    """The warehouse, and how much of the machine a load may use."""

    model_config = _read_from("PRESS_")

    warehouse: WarehouseFile = Field(default_factory=lambda: workplace() / "data" / "warehouse.duckdb")
    """The DuckDB file; archive, published copy and staging lie in its folder."""
    seeds: AbsolutePath = SHIPPED / "seeds"
    """The folder with the reference rows."""
    memory_limit_mb: Megabytes = 320
    """Megabytes that DuckDB may use; a load of a million releases takes 800 MB in all."""
    threads: Threads = 0
    """Threads that DuckDB may use; 0 is one for each core."""
    lock_timeout_s: Seconds = 0.0
    """Seconds to wait for another writer before giving up."""
    inbox_folder: Annotated[AbsolutePath | None, Field(validation_alias="PRESS_INBOX")] = None
    """The folder in which digests arrive; beside the warehouse by default."""
    inbox_settle_s: Seconds = 10.0
    """A file that changed within so many seconds is still arriving."""
    backups_folder: Annotated[AbsolutePath | None, Field(validation_alias="PRESS_BACKUPS")] = None
    """The folder for backups, best on another disk; beside the warehouse by default."""
    keep_backups: Count = 4
    """How many backups are kept."""
    state_folder: Annotated[AbsolutePath | None, Field(validation_alias="XDG_STATE_HOME")] = None
    """Where programs of this user remember what is not data; `~/.local/state` by default."""
    cache_folder: Annotated[AbsolutePath | None, Field(validation_alias="XDG_CACHE_HOME")] = None
    """Where programs of this user keep what they can make again; `~/.cache` by default."""
    portal: PortalSettings = PortalSettings()
    server: ServerSettings = ServerSettings()
    alerts: AlertSettings = AlertSettings()

    @property
    def inbox(self) -> Path:
        """Where digests arrive. Raises UsageError for a folder that the warehouse has for itself."""
        return self._folder("inbox", self.inbox_folder)

    @property
    def backups(self) -> Path:
        """Where backups are kept. Raises UsageError for a folder that the warehouse has for itself."""
        return self._folder("backups", self.backups_folder)

    def _folder(self, name: str, chosen: Path | None) -> Path:
        """The folder that somebody chose in place of that of this name beside the warehouse."""
        try:
            return folder_apart(chosen or self.home / name, self.home / name)
        except ValueError as error:
            raise UsageError(f"PRESS_{name.upper()} {error}") from None

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
        """The file with the time of the last request to a portal, for all processes of this user and all warehouses.

        Raises UsageError where the user has no home to keep it in.
        """
        name = re.sub(r"[^\w.-]", "-", urlsplit(self.portal.url).netloc.lower().removeprefix("www."))
        try:
            state = self.state_folder or Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser()
        except RuntimeError:
            raise UsageError("This user has no home; set XDG_STATE_HOME to a folder that may be written.") from None
        return state / "press-warehouse" / f"pace-{name}"

    @property
    def cache(self) -> Path | None:
        """The folder for what can be made again, for all warehouses of this user; None where the user has no home."""
        try:
            cache = self.cache_folder or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
        except RuntimeError:
            return None
        return cache / "press-warehouse"

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
        """The same settings for another warehouse file; None changes nothing. Raises UsageError for what is no file."""
        if warehouse is None:
            return self
        try:
            return self.model_copy(update={"warehouse": warehouse_file(warehouse)})
        except ValueError as error:
            raise UsageError(f"The warehouse {error}") from None


NAMES = tuple(
    str(field.validation_alias)
    for group in (Settings, PortalSettings, ServerSettings, AlertSettings)
    for name, field in group.model_fields.items()
    if name not in ("portal", "server", "alerts")
)
"""The variables that are read."""

Group = TypeVar("Group", bound=BaseModel)


def load_settings(environ: Mapping[str, str] = os.environ, env_file: Path | None = None) -> Settings:
    """Settings from the environment, then from `env_file`, then the defaults; an empty value is the default.

    `env_file` is the `.env` of `workplace()` if None; its relative paths start at its own folder. Raises UsageError
    for a value that cannot be read, with the variable's name, and for a name that is none.
    """
    refuse_unknown(environ, NAMES)
    values = {**_file_values(env_file or workplace() / ".env"), **environ}
    try:
        portal, server, alerts = (_read(group, values) for group in (PortalSettings, ServerSettings, AlertSettings))
        return _read(Settings, values, portal=portal, server=server, alerts=alerts)
    except ValidationError as error:
        raise UsageError(refusal(error)) from None  # not as its cause: that would repeat what may be secret


def _file_values(env_file: Path) -> dict[str, str]:
    variables = file_variables(env_file)
    refuse_unknown_in_file(variables, env_file, NAMES)
    values = {variable.name: variable.value for variable in variables if variable.value}
    for field in (*Settings.model_fields.values(), *PortalSettings.model_fields.values()):
        name = str(field.validation_alias)
        if field.annotation in (Path, AbsolutePath | None) and not values.get(name, "~").startswith("~"):
            values[name] = str(env_file.absolute().parent / values[name])
    return values


def _read(model: type[Group], values: Mapping[str, str], **groups: BaseModel) -> Group:
    variables = [str(field.validation_alias) for name, field in model.model_fields.items() if name not in groups]
    return model.model_validate({name: values[name] for name in variables if values.get(name)} | groups)
