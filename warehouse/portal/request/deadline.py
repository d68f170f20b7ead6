"""requests' adapter within bounds: an answer ends in time and size, however it is sent, and none is cut short.

A limit for each wait does not end an answer that drips, and a limit for the body does not end headers, hints (103) or
framing of chunks. So http.client reads through `_Reads`. The seams are urllib3's: a pool manager's classes of pools and
a pool's class of connections; and http.client's: a connection's class of responses.
"""

import errno
import io
import math
import socket
import time
from contextlib import suppress
from http.client import HTTPResponse, parse_headers
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.util.response import assert_header_parsing

from warehouse.portal.request.failure import Failure
from warehouse.portal.request.limits import Limits


class BoundedAdapter(HTTPAdapter):
    """An adapter whose answers are whole within a deadline (`deadline_s` after sending) and within `limits`.

    `send`, and reading the body from `Response.raw`, also raise Failure and http.client's errors.
    """

    def __init__(self, deadline_s: float, limits: Limits) -> None:
        super().__init__()
        self._deadline_s = deadline_s
        self._limits = limits
        self._ends = 0.0
        self._bind(self.poolmanager)

    @property
    def is_late(self) -> bool:
        """Whether the deadline of the request that was sent last is over."""
        return time.monotonic() >= self._ends

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send a request; the deadline counts from here."""
        self._ends = time.monotonic() + self._deadline_s
        return super().send(request, *args, **kwargs)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """The pools of a proxy, within the same bounds."""
        is_new = proxy not in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if is_new:
            self._bind(manager)
        return manager

    def _bind(self, manager: Any) -> None:
        pools: dict[str, Any] = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._bounded(pool) for scheme, pool in pools.items()}

    def _bounded(self, pool: type[Any]) -> type[Any]:
        connection = type("Connection", (pool.ConnectionCls,), {"response_class": self._respond})
        return type("Pool", (pool,), {"ConnectionCls": connection})

    def _respond(self, sock: socket.socket, **options: Any) -> "_BoundedResponse":
        return _BoundedResponse(sock, self._ends, self._limits, **options)


class _BoundedResponse(HTTPResponse):
    """http.client's response over `_Reads`; `has_excess` says that bytes came behind its end."""

    has_excess = False

    def __init__(self, sock: socket.socket, ends: float, limits: Limits, **options: Any) -> None:
        super().__init__(sock, **options)
        self._sock = sock
        self._reads = _Reads(self.fp.detach(), sock, ends, limits.header_bytes)
        self._body_bytes = 2 * limits.body_bytes  # with the framing of chunks
        self.fp = io.BufferedReader(self._reads)

    def _read_status(self) -> tuple[str, int, str]:
        """The status of the answer; http.client passes over no hint before it but 100."""
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 < status < 200:
                return version, status, reason
            parse_headers(self.fp)

    def begin(self) -> None:
        """Read status and headers; urllib3 only logs lines that are no headers."""
        super().begin()
        assert_header_parsing(self.headers)
        self._reads.limit = self._reads.received + self._body_bytes
        self._reads.may_end = not {"content-length", "transfer-encoding"} & {name.lower() for name in self.headers}

    def _close_conn(self) -> None:
        """Let go of the connection, after a look behind the answer without waiting: no library looks there."""
        timeout_s = self._sock.gettimeout()
        self._reads.wait_s = 0.0
        with suppress(OSError, Failure):
            self.has_excess = bool(self.fp.peek(1))
        with suppress(OSError):
            self._sock.settimeout(timeout_s)  # behind a proxy's consent, TLS begins on the same socket
        super()._close_conn()  # type: ignore[misc]


class _Reads(io.RawIOBase):
    """A socket's reads: none waits longer than `wait_s` or beyond the deadline, and none begins above `limit` bytes.

    Where an answer cannot end with its connection (`may_end`) that is an error: http.client would take the headers, or
    the last chunk, for whole.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, ends: float, limit: int) -> None:
        self._raw = raw
        self._sock = sock
        self._ends = ends
        self.wait_s = sock.gettimeout() or math.inf
        self.limit = limit
        self.received = 0
        self.may_end = False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there into the buffer. Raises OSError and Failure."""
        if self.received > self.limit:
            raise Failure(f"The answer came with more than {self.limit:,} bytes.")
        left_s = self._ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._sock.settimeout(min(left_s, self.wait_s))
        count = self._raw.readinto(buffer)
        if count == 0 and not self.may_end:
            raise ConnectionAbortedError(errno.ECONNABORTED, "it ended within the answer")
        self.received += count or 0
        return count

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()
