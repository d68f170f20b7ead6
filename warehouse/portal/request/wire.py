"""One request and its answer, or the reason why there is no answer that can be taken."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException

import requests
from urllib3.exceptions import HTTPError, LocationParseError

from warehouse.errors import UsageError
from warehouse.portal.request.body import BodyBrokenOff, BodyRefused, read_body
from warehouse.portal.request.deadline import BoundedAdapter
from warehouse.portal.request.limits import Limits

_CHUNK_BYTES = 65_536
_NEVER_KEPT = frozenset({"set-cookie", "set-cookie2"})
"""Headers of answers that may hold what lets an operator in."""
_ERRORS = (BodyRefused, BodyBrokenOff, requests.RequestException, HTTPError, HTTPException, OSError, ValueError)
"""What sending a request and reading its answer raise."""


class Failure(Exception):
    """No answer, or none that can be taken: the message is a sentence.

    `is_broken` says that the connection broke; `status` and `headers` are what came before that.
    """

    def __init__(self, sentence: str, *, is_broken: bool = False, status: int | None = None) -> None:
        super().__init__(sentence)
        self.is_broken = is_broken
        self.status = status
        self.headers: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer to one request; redirects (`location`) have no body here. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


class Wire:
    """A session with the portal: connections are kept, nothing else; nothing is taken from the environment.

    Raises UsageError where the file of certificates to trust is missing or has none.
    """

    def __init__(self, timeout_s: float, ca_bundle: str | None, limits: Limits) -> None:
        if ca_bundle is not None:
            try:
                ssl.create_default_context(cafile=ca_bundle)
            except OSError:
                raise UsageError(
                    f"PRESS_PORTAL_CA_BUNDLE is “{ca_bundle}”; there is no such file of certificates."
                ) from None
        self._verify: bool | str = ca_bundle or True
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
            return self._adapter.send(request, stream=True, timeout=timeout, verify=self._verify)
        except _ERRORS as error:
            raise self._failure(error) from None

    def receive(self, response: requests.Response) -> Reply:
        """Read the body of the answer. Raises Failure where it is not whole, not in time, or not to be taken."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        headers = {name: value for name, value in headers.items() if name not in _NEVER_KEPT}
        with response:
            if response.is_redirect:
                return Reply(response.status_code, headers, location=headers["location"])
            try:
                return Reply(response.status_code, headers, self._read(response, headers))
            except _ERRORS as error:
                failure = self._failure(error)
                failure.status, failure.headers = response.status_code, headers
                raise failure from None

    def _read(self, response: requests.Response, headers: Mapping[str, str]) -> bytes:
        """The body of the answer, taken as sent and then unpacked."""
        chunks = iter(partial(response.raw.read, _CHUNK_BYTES, decode_content=False), b"")
        body = read_body(chunks, headers.get("content-encoding", ""), self._limits.body_bytes)
        if response.raw._original_response.has_excess:  # noqa: SLF001 - ours, from deadline.py
            self.close()
            if "content-length" in headers and "transfer-encoding" not in headers:
                raise BodyRefused("The answer is longer than its Content-Length.")
        return body

    def _failure(self, error: BaseException) -> Failure:
        """An error of the libraries as a sentence: of what happened, and never of what was sent."""
        causes = list(_causes(error))

        def is_any(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        reasons = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
        reason = reasons[-1] if reasons else "what came is no HTTP/1.1"
        untrusted = [cause.verify_message for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)]
        if isinstance(error, BodyRefused | BodyBrokenOff):
            return Failure(str(error), is_broken=isinstance(error, BodyBrokenOff))
        if untrusted:
            return Failure(f"The portal's certificate is not trusted: {untrusted[0]}.")
        if is_any(socket.gaierror, LocationParseError):
            return Failure("The portal's name is not known to the network (DNS).")
        if is_any(TimeoutError):
            sentence = f"Nothing came for {self._timeout_s:g} s, or no connection was to be had."
            return Failure("The answer was not whole in time." if self._adapter.is_late else sentence)
        if is_any(ssl.SSLError) and not is_any(ssl.SSLEOFError):
            return Failure(f"TLS failed: {reason}.")
        return Failure(f"The connection broke: {reason}.", is_broken=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was raised for, down to the system's."""
    while error is not None:
        yield error
        error = error.__context__
