"""One request and its answer, or the reason why there is no answer that can be taken."""

import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace

import certifi
import h11
from urllib3.util import parse_url

from warehouse.errors import UsageError
from warehouse.portal.request.body import BodyBrokenOff, BodyRefused, read_body
from warehouse.portal.request.connection import Connection, HttpRequest, Reply
from warehouse.portal.request.hosts import PORTS
from warehouse.portal.request.limits import Limits


class Failure(Exception):
    """No answer, or none that can be taken: the message is a sentence.

    `is_broken` says that the connection broke; `status` and `headers` are what came before that.
    """

    def __init__(self, sentence: str, *, is_broken: bool = False, status: int | None = None) -> None:
        super().__init__(sentence)
        self.is_broken = is_broken
        self.status = status
        self.headers: Mapping[str, str] = {}


class Wire:
    """The way to the portal: the last connection is kept, nothing else; nothing is taken from the environment.

    Raises UsageError where the certificates to trust are missing.
    """

    def __init__(self, timeout_s: float, ca_bundle: str | None, limits: Limits) -> None:
        try:
            self._tls = ssl.create_default_context(cafile=ca_bundle or certifi.where())
        except OSError:
            raise UsageError(
                f"PRESS_PORTAL_CA_BUNDLE is “{ca_bundle}”; there is no such file of certificates."
            ) from None
        self._timeout_s = timeout_s
        self._limits = limits
        self._connection: Connection | None = None
        self._ends = 0.0

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.socket.close()
        self._connection = None

    def send(self, request: HttpRequest) -> Reply:
        """Send a request and read status and headers of its answer. Raises Failure."""
        self._ends = time.monotonic() + self._timeout_s * self._limits.deadline_timeouts
        try:
            return self._connect(request.url).send(request)
        except (OSError, h11.ProtocolError, BodyRefused) as error:
            raise self._failure(error) from None

    def receive(self, head: Reply) -> Reply:
        """Read the body of the answer. Raises Failure where it is not whole, not in time, or not to be taken."""
        connection = self._connection
        assert connection is not None
        if head.location is not None:  # of whatever size its body is
            self.close()
            return head
        try:
            body = read_body(connection.body(), head.headers.get("content-encoding", ""), self._limits.body_bytes)
            more = connection.more()
            if more and "content-length" in head.headers and "transfer-encoding" not in head.headers:
                raise BodyRefused("The answer is longer than its Content-Length.")
        except (OSError, h11.ProtocolError, BodyRefused, BodyBrokenOff) as error:
            failure = self._failure(error)
            failure.status, failure.headers = head.status, head.headers
            raise failure from None
        if more is not None or not connection.is_reusable:
            self.close()
        return replace(head, body=body)

    def _connect(self, url: str) -> Connection:
        """The connection that is open to the host of an address, or a new one."""
        parsed = parse_url(url)
        scheme, host = str(parsed.scheme), str(parsed.host)
        address = (scheme, host.strip("[]").rstrip("."), parsed.port or PORTS[scheme])
        known = self._connection
        if known is None or known.address != address or known.more() is not None:
            self.close()
            known = self._connection = Connection(address, self._tls, self._limits)
        known.begin(self._ends, self._timeout_s)
        return known

    def _failure(self, error: Exception) -> Failure:
        """An error as a sentence: of what happened, and never of what was sent."""
        ended = self._connection is not None and self._connection.has_ended
        self.close()
        is_broken = False
        if isinstance(error, BodyRefused):
            sentence = str(error)
        elif isinstance(error, ssl.SSLCertVerificationError):
            sentence = f"The portal's certificate is not trusted: {error.verify_message}."
        elif isinstance(error, socket.gaierror):
            sentence = "The portal's name is not known to the network (DNS)."
        elif isinstance(error, TimeoutError):
            sentence = f"Nothing came for {self._timeout_s:g} s, or no connection was to be had."
            if time.monotonic() >= self._ends:
                sentence = "The answer was not whole in time."
        elif isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            sentence = f"TLS failed: {error.strerror}."
        elif isinstance(error, h11.LocalProtocolError):  # its message may show an operator's headers
            sentence = "The request cannot be sent: a header is malformed."
        else:
            is_broken = True
            reason = "it ended within the answer" if ended else "what came is no HTTP/1.1"
            if isinstance(error, OSError):
                reason = error.strerror or type(error).__name__
            sentence = str(error) if isinstance(error, BodyBrokenOff) else f"The connection broke: {reason}."
        return Failure(sentence, is_broken=is_broken)
