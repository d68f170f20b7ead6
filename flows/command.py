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
    """Raise PressError where `PREFECT_API_URL` names a server that does not answer; without it a run starts its own."""
    if PREFECT_API_URL.value():
        with server() as client:
            client.api_version()


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
        status = error.response.status_code
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            message = f"The Prefect server at {url} asks for another password: set PRESS_SERVER_AUTH."
            raise PressError(message) from None
        if status == HTTPStatus.NOT_FOUND:
            raise PressError(f"There is no Prefect API at {url}: correct PREFECT_API_URL.") from None
        raise
    except ValueError:  # an answer that is no JSON
        raise PressError(f"What answers at {url} is no Prefect server: correct PREFECT_API_URL.") from None
