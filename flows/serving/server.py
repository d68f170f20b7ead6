"""Prefect's server as `make serve` runs it: its address, its environment, whether it answers."""

import ipaddress
import json
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from warehouse.errors import UsageError
from warehouse.portal.request.hosts import is_loopback
from warehouse.report.text import short, visible
from warehouse.settings import ServerSettings, Settings

HEARTBEAT_S = 30
"""How often a served run says that it is alive."""

WAIT_FOR_WRITER_S = 300
"""How long a served run waits for another writer, where `PRESS_LOCK_TIMEOUT_S` does not say."""

LEAST_AUTH = 8
"""Characters that `PRESS_SERVER_AUTH` has at least."""

KEPT_S = {
    "prefect.artifact-collection.updated": 3600,
    "prefect.artifact-collection.created": 3600,
    "prefect.flow-run.heartbeat": 3600,
    "prefect.task-run.Pending": 86400,
    "prefect.task-run.Running": 86400,
    "prefect.task-run.Completed": 86400,
}
"""How many seconds the server keeps events that repeat what runs and artifacts say, and take most of its database; it
keeps others for a week."""


_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Opens addresses of this machine, by none of the environment's proxies."""


def refuse_open_door(server: ServerSettings) -> None:
    """Raise UsageError for an address that others can reach without a password, and for a password that is none."""
    if server.auth is not None:
        user, colon, password = server.auth.partition(":")
        if not (user and colon and password) or len(server.auth) < LEAST_AUTH or not server.auth.isascii():
            raise UsageError(
                f"PRESS_SERVER_AUTH must be a name, a colon and a password: {LEAST_AUTH} or more ASCII characters."
            )
    elif not is_loopback(server.host):
        raise UsageError(
            f"PRESS_SERVER_HOST is {server.host}, which other machines can reach: set PRESS_SERVER_AUTH to "
            "user:password first, or listen at 127.0.0.1."
        )
    if not 1 <= server.port <= 65535:
        raise UsageError(f"PRESS_SERVER_PORT is {server.port}; a port is between 1 and 65535.")


def url(server: ServerSettings) -> str:
    """Where a browser or program of this machine finds the server."""
    try:
        address = ipaddress.ip_address(server.host)
    except ValueError:
        return f"http://{server.host}:{server.port}"
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")
    return f"http://{address if address.version == 4 else f'[{address}]'}:{server.port}"


def prefect_home(settings: Settings, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of Prefect's own files: `PREFECT_HOME`, or `prefect` beside the warehouse."""
    return Path(environ.get("PREFECT_HOME") or settings.home / "prefect").expanduser().absolute()


def client_environment(settings: Settings) -> dict[str, str]:
    """What a program needs to speak to the server: its address, and the password where there is one."""
    environ = {
        "PREFECT_HOME": str(prefect_home(settings)),
        "PREFECT_API_URL": f"{url(settings.server)}/api",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    return environ | ({"PREFECT_API_AUTH_STRING": settings.server.auth} if settings.server.auth else {})


def server_environment(settings: Settings) -> dict[str, str]:
    """What the server itself needs besides."""
    server = settings.server
    environ = {
        "PREFECT_SERVER_API_HOST": server.host,
        "PREFECT_SERVER_API_PORT": str(server.port),
        "PREFECT_SERVER_UI_API_URL": f"{url(server)}/api",
        # By default any page in the user's browser may speak to it.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url(server),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # The newer UI asks Amplitude, who measures audiences, for its settings, whatever analytics is set to.
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        # Logs and artifacts of runs that `maintain` removes go with them.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,orphans",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_EVENT_RETENTION_OVERRIDES": json.dumps(KEPT_S),
    }
    if server.auth:
        environ["PREFECT_SERVER_API_AUTH_STRING"] = server.auth
    if server.database_url:
        environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = _for_asyncpg(server.database_url)
    return client_environment(settings) | environ


def runner_environment(settings: Settings) -> dict[str, str]:
    """What the process that runs deployments needs besides, and by it every run."""
    wait_s = settings.lock_timeout_s or WAIT_FOR_WRITER_S
    environ = {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S), "PRESS_LOCK_TIMEOUT_S": f"{wait_s:g}"}
    return client_environment(settings) | environ


def _for_asyncpg(database_url: str) -> str:
    """The URL of a PostgreSQL database, as everybody writes it, with the driver that Prefect needs."""
    scheme, separator, rest = database_url.partition("://")
    if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise UsageError("PRESS_SERVER_DATABASE_URL is no URL like postgresql://user:password@host/prefect.")
    return f"postgresql+asyncpg://{rest}"


def database_place(settings: Settings) -> str:
    """Where the server keeps its runs, without any password."""
    if not settings.server.database_url:
        return f"SQLite, {short(prefect_home(settings) / 'prefect.db')}"
    rest = settings.server.database_url.partition("://")[2].partition("?")[0]
    return f"PostgreSQL, {visible(rest.rpartition('@')[2])}"


def is_healthy(server: ServerSettings, timeout_s: float = 2.0) -> bool:
    """Whether a Prefect server answers at the address."""
    try:
        with _DIRECTLY.open(f"{url(server)}/api/health", timeout=timeout_s) as answer:
            return bool(json.load(answer) is True)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def is_free(server: ServerSettings) -> bool:
    """Whether the port can be listened at. Raises UsageError for an address that is none of this machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            server.host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise UsageError(f"PRESS_SERVER_HOST is {server.host}, which is no address: {error.strerror}.") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as error:
            raise UsageError(f"Port {server.port} may not be listened at by this user.") from error
        except OSError as error:
            if error.errno == socket.errno.EADDRNOTAVAIL:  # type: ignore[attr-defined]
                message = f"PRESS_SERVER_HOST is {server.host}, which is no address of this machine."
                raise UsageError(message) from error
            return False
    return True
