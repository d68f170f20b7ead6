"""What the commands of the flows share: wrong settings, or a server that does not answer, are one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import PrefectHTTPStatusError
from prefect.settings import PREFECT_API_URL

from warehouse.errors import PressError, UsageError
from warehouse.report.text import one_line
from warehouse.settings import load_settings

NOT_LET_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@contextmanager
def command() -> Iterator[None]:
    """Run a command of its own process: it ends with 2 for wrong settings, and with 1 for other errors on purpose."""
    try:
        load_settings()
        yield
    except PressError as error:
        print(f"press: {one_line(error)}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)


def reach_server() -> None:
    """Raise PressError where `PREFECT_API_URL` names no server that works; without it a run starts its own."""
    if not (url := PREFECT_API_URL.value()):
        return
    with server() as client:
        try:
            client.api_version()
        except ValueError:  # an answer that is no JSON
            raise PressError(f"What answers at {url} is no Prefect server: correct PREFECT_API_URL.") from None
        except PrefectHTTPStatusError as error:
            if (status := error.response.status_code) in NOT_LET_IN:
                raise
            message = f"What answers at {url} is no Prefect server (status {status}): correct PREFECT_API_URL."
            raise PressError(message) from None


@contextmanager
def server() -> Iterator[SyncPrefectClient]:
    """A client of the server; raises PressError where none answers, or where it asks for another password."""
    url = PREFECT_API_URL.value()
    try:
        with get_client(sync_client=True) as client:
            yield client
    except (httpx.TransportError, httpx.InvalidURL):
        message = f"No Prefect server answers at {url}: start it with `make serve`, or correct PREFECT_API_URL."
        raise PressError(message) from None
    except PrefectHTTPStatusError as error:
        if error.response.status_code not in NOT_LET_IN:
            raise
        raise PressError(f"The Prefect server at {url} asks for another password: set PRESS_SERVER_AUTH.") from None
