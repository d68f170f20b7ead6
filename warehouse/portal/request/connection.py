"""A connection to a host, over which requests and their answers pass by HTTP/1.1.

h11 knows the protocol; the socket is read here, so that an answer ends in time and size however it is sent. A limit for
each wait does not end one that drips, and a limit for the body does not end headers, hints (103) or framing of chunks.
"""

import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import h11
from urllib3.util import parse_url

from warehouse.portal.request.body import BodyRefused
from warehouse.portal.request.limits import Limits

_CHUNK_BYTES = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NEVER_KEPT = frozenset({"set-cookie", "set-cookie2"})
"""Headers of answers that may hold what lets an operator in."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request; redirects (`location`) have no body here. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def location(self) -> str | None:
        """Where the answer sends the client."""
        return self.headers.get("location") if self.status in _REDIRECTS else None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it is sent; `url` has the form that `hosts.normal_url` gives."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Connection:
    """A connection to a host (scheme, name, port), and what HTTP knows of it; no read waits beyond the deadline.

    Raises OSError.
    """

    def __init__(self, address: tuple[str, str, int], tls: ssl.SSLContext, limits: Limits) -> None:
        self.address = address
        self.has_ended = False
        self._limits = limits
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.header_bytes)
        scheme, host, port = address
        try:
            self.socket = socket.create_connection((host, port), limits.connect_timeout_s)
        except UnicodeError:
            raise socket.gaierror(f"no host can be called {host[:200]}") from None
        if scheme == "https":
            self.socket = tls.wrap_socket(self.socket, server_hostname=host)

    def begin(self, ends: float, timeout_s: float) -> None:
        """Begin an exchange that must end at a moment of the monotonic clock, and wait so long for each part of it."""
        if self._http.our_state is h11.DONE:
            self._http.start_next_cycle()
        self._ends, self._timeout_s = ends, timeout_s
        self._received, self._limit = 0, self._limits.header_bytes

    @property
    def is_reusable(self) -> bool:
        """Whether another request may follow the answer that was read."""
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    def send(self, request: HttpRequest) -> Reply:
        """Send a request and read status and headers; hints that come before them are passed over."""
        parsed = parse_url(request.url)
        headers = {"Host": parsed.netloc or "", **request.headers}
        if request.body is not None:
            headers["Content-Length"] = str(len(request.body))
        event = h11.Request(
            method=request.method,
            target=parsed.request_uri,
            headers=[(name.encode(), value.encode()) for name, value in headers.items()],
        )
        sent = self._http.send(event) or b""
        sent += (self._http.send(h11.Data(data=request.body)) or b"") if request.body else b""
        sent += self._http.send(h11.EndOfMessage()) or b""
        self.socket.settimeout(self._timeout_s)
        self.socket.sendall(sent)
        while not isinstance(response := self._next(), h11.Response):
            pass
        if not response.http_version.startswith(b"1."):
            raise h11.RemoteProtocolError("the answer is of another HTTP")
        self._limit = self._received + 2 * self._limits.body_bytes
        received: dict[str, str] = {}
        for name, value in response.headers:
            key, text = name.decode("ascii"), value.decode("latin-1")
            if key not in _NEVER_KEPT:
                received[key] = f"{received[key]}, {text}" if key in received else text
        return Reply(response.status_code, received)

    def body(self) -> Iterator[bytes]:
        """The body, as it comes."""
        while isinstance(event := self._next(), h11.Data):
            yield bytes(event.data)

    def more(self) -> bytes | None:
        """What came behind the answer: nothing where the connection is at its end, None where it is just quiet."""
        if trailing := self._http.trailing_data[0]:
            return trailing
        self.socket.settimeout(0)
        try:
            return self.socket.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        except OSError:
            return b""

    def _next(self) -> object:
        """The next event of the answer. Raises TimeoutError, OSError, BodyRefused and h11.RemoteProtocolError."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._received > self._limit:
                raise BodyRefused(f"The answer came with more than {self._limit:,} bytes.")
            left_s = self._ends - time.monotonic()
            if left_s <= 0:
                raise TimeoutError
            self.socket.settimeout(min(left_s, self._timeout_s))
            data = self.socket.recv(_CHUNK_BYTES)
            self._received += len(data)
            self.has_ended = not data
            self._http.receive_data(data)
        return event
