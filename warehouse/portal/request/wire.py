"""One request and its answer, or the reason why there is no answer that can be taken."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies

from warehouse.errors import UsageError
from warehouse.portal.request.body import read_body
from warehouse.portal.request.deadline import BoundedAdapter
from warehouse.portal.request.failure import ERRORS, Failure, to_failure
from warehouse.portal.request.hosts import is_loopback
from warehouse.portal.request.limits import Limits

_CHUNK_BYTES = 65_536
_NEVER_KEPT = frozenset({"set-cookie", "set-cookie2"})
"""Headers of answers that may hold what lets an operator in."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer to one request; redirects (`location`) have no body here. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


class Wire:
    """A session with the portal: connections are kept, nothing else.

    Of the environment it takes the proxy alone (`https_proxy`, `no_proxy` and so on), and none to this machine.

    Raises UsageError where the file of certificates to trust is missing or has none.
    """

    def __init__(self, timeout_s: float, ca_bundle: Path | None, limits: Limits) -> None:
        if ca_bundle is not None:
            try:
                ssl.create_default_context(cafile=ca_bundle)
            except OSError:
                raise UsageError(
                    f"PRESS_PORTAL_CA_BUNDLE is “{ca_bundle}”; there is no such file of certificates."
                ) from None
        self._verify: bool | str = str(ca_bundle) if ca_bundle else True
        self._timeout_s = timeout_s
        self._limits = limits
        self._adapter = BoundedAdapter(timeout_s * limits.deadline_timeouts, limits)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.mount("https://", self._adapter)
        self._session.mount("http://", self._adapter)

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def prepare(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> requests.PreparedRequest:
        """The request as it will be sent. Raises Failure for an address or header that cannot be sent."""
        encoded = {name: value.encode() for name, value in headers.items()}
        try:
            return self._session.prepare_request(requests.Request(method, url, headers=encoded, data=body))
        except (requests.RequestException, ValueError):  # their messages may show an operator's headers
            raise Failure(f"The request to {url[:200]} cannot be sent: its address or a header is malformed.") from None

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send a request and read status and headers of its answer. Raises Failure.

        The adapter is asked, not the session: the session would read the bodies of redirects, of whatever size.
        """
        timeout = (self._limits.connect_timeout_s, self._timeout_s)
        try:
            return self._adapter.send(
                request, stream=True, timeout=timeout, verify=self._verify, proxies=_proxies(str(request.url))
            )
        except ERRORS as error:
            raise to_failure(error, self._timeout_s, is_late=self._adapter.is_late) from None

    def receive(self, response: requests.Response) -> Reply:
        """Read the body of the answer. Raises Failure where it is not whole, not in time, or not to be taken."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        headers = {name: value for name, value in headers.items() if name not in _NEVER_KEPT}
        with response:
            if response.is_redirect:
                return Reply(response.status_code, headers, location=headers["location"])
            try:
                chunks = iter(partial(response.raw.read, _CHUNK_BYTES, decode_content=False), b"")
                body = read_body(chunks, headers.get("content-encoding", ""), self._limits.body_bytes)
                if response.raw._original_response.has_excess:  # noqa: SLF001 - ours, from deadline.py
                    self.close()
                    if "content-length" in headers and "transfer-encoding" not in headers:
                        raise Failure("The answer is longer than its Content-Length.")
            except ERRORS as error:
                failure = to_failure(error, self._timeout_s, is_late=self._adapter.is_late)
                failure.status, failure.headers = response.status_code, headers
                raise failure from None
            return Reply(response.status_code, headers, body)


def _proxies(url: str) -> dict[str, str]:
    """The proxies of the environment by scheme, for an address that is not of this machine."""
    return {} if is_loopback(urlsplit(url).hostname or "") else get_environ_proxies(url)
