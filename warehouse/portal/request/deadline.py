"""Sockets whose reads all end in time and size: a limit for each wait does not end an answer that drips.

The seams used are those of requests (an adapter's pool manager), urllib3 (a pool's connection class) and http.client
(a connection's `response_class`), so that headers are read under the same limit as bodies, with and without TLS.
"""

import io
import math
import socket
import time
from http.client import SWITCHING_PROTOCOLS, HTTPResponse, RemoteDisconnected, parse_headers
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class TooMuch(OSError):
    """More bytes came for one answer than any answer has; the message is a sentence."""


class Deadline:
    """When the answer under way must have ended, and how many bytes may come for it."""

    def __init__(self, header_bytes: int, body_bytes: int) -> None:
        self.header_bytes = header_bytes
        self.body_bytes = body_bytes
        self._ends = math.inf

    def begin(self, seconds: float) -> None:
        """Count from now."""
        self._ends = time.monotonic() + seconds

    @property
    def left_s(self) -> float:
        """Seconds left; not above 0 when it is over."""
        return self._ends - time.monotonic()


class DeadlineAdapter(HTTPAdapter):
    """requests' adapter with one connection for each host, whose reads end with the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(pool_connections=4, pool_maxsize=1)

        class Answering(_Answering):
            until = deadline

        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, Answering),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, Answering),
        }


def _pool(pool: type[Any], connection: type[Any], response: type["_Answering"]) -> type[Any]:
    return type(
        pool.__name__,
        (pool,),
        {"ConnectionCls": type(connection.__name__, (connection,), {"response_class": response})},
    )


class _Answering(HTTPResponse):
    """http.client's response over `_Reads`."""

    until: Deadline

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.reads = _Reads(self.fp.detach(), sock, self.until)
        self.fp = io.BufferedReader(self.reads)

    def _read_status(self) -> tuple[str, int, str]:
        """The status of the answer: hints that come before it (103) are passed over, for http.client only knows 100."""
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 < status < 200 or status == SWITCHING_PROTOCOLS:
                return version, status, reason
            parse_headers(self.fp)

    def begin(self) -> None:
        """Read status and headers."""
        super().begin()
        if self.reads.has_ended:  # http.client takes that for the end of the headers
            raise RemoteDisconnected("The headers break off.")
        if self.fp is not None:
            self.reads.expect(None if self.chunked else self.length, self.fp)


class _Reads(io.RawIOBase):
    """A socket's reads, none of which waits beyond the deadline, or goes on for ever.

    Without a limit of bytes http.client would, after a chunk of size -1 or with one "100 Continue" behind the other.

    `has_excess` says that more bytes came than Content-Length told of, so that the body is cut: no library looks.
    `has_ended` says that the connection was at its end when it was last read.
    """

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, until: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._until = until
        self._wait_s = sock.gettimeout()
        self._may_read = True
        self._owed: int | None = None
        self._received = 0
        self._is_body = False
        self.has_ended = False
        self.has_excess = False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read what is there into the buffer. Raises TimeoutError and TooMuch."""
        if not self._may_read:
            return 0
        left_s = self._until.left_s
        if left_s <= 0:
            raise TimeoutError("deadline")
        self._sock.settimeout(left_s if self._wait_s is None else min(left_s, self._wait_s))
        count = self._raw.readinto(buffer)
        self.has_ended = count == 0
        self._received += count or 0
        self._weigh()
        if self._owed is not None and count:
            self._owed -= count
        return count

    def expect(self, length: int | None, buffered: io.BufferedReader) -> None:
        """From now on the body is read: so long, if that was told, and some of it is in the buffer already."""
        self._may_read = False
        self._received = len(buffered.peek())
        self._may_read = self._is_body = True
        self._owed = length - self._received if length else None

    def close(self) -> None:
        """End the reading, and see whether more came than was told of."""
        if not self.closed and self._owed is not None:
            self.has_excess = self._owed < 0 or (self._owed == 0 and self._goes_on())
        self._raw.close()
        super().close()

    def _weigh(self) -> None:
        part, limit = "body", self._until.body_bytes
        if not self._is_body:
            part, limit = "headers", self._until.header_bytes
        if self._received > limit:
            raise TooMuch(f"The answer's {part} came with more than {limit:,} bytes.")

    def _goes_on(self) -> bool:
        try:
            self._sock.settimeout(0)
            return bool(self._sock.recv(1))
        except OSError:  # nothing there, which is as it should be, or no connection any more
            return False
