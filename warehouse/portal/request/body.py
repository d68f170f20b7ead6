"""The body of an answer: taken whole or not at all, and never more than a limit of it, however it is compressed."""

import zlib
from typing import Protocol

CHUNK_BYTES = 65_536
CODINGS = "gzip, deflate"
"""Content codings that are understood: the value of Accept-Encoding."""

MOST_MEMBERS = 1_000
"""Members of one gzip that are unpacked: each costs a copy of what is behind it."""


class BodyRefused(Exception):
    """A body that is too large, in a coding nobody asked for, or damaged; the message says which."""


class BodyBrokenOff(Exception):
    """A compressed body that ends too early; the message says so."""


class Chunks(Protocol):
    """Where bytes come from: urllib3's HTTPResponse."""

    def read(self, amt: int, decode_content: bool) -> bytes:  # noqa: FBT001 - urllib3's signature
        """At most `amt` bytes as sent, and none at the end."""


def read_body(chunks: Chunks, coding: str, limit: int) -> bytes:
    """All of a body, decoded from its content coding (the header's value, empty without one).

    No more than `limit` bytes and a chunk are ever held. Raises BodyRefused, BodyBrokenOff, and what `chunks` raises.
    """
    coding = coding.strip().lower()
    unpacked = None if coding in {"", "identity"} else _Unpacked(coding)
    body = bytearray()
    received = 0
    while chunk := chunks.read(CHUNK_BYTES, decode_content=False):
        received += len(chunk)
        # One byte more than there is room for tells an answer that is too large from one that is just as large.
        body += unpacked.more(chunk, limit - len(body) + 1) if unpacked else chunk
        if max(received, len(body)) > limit:
            raise BodyRefused(f"The answer is larger than {limit:,} bytes.")
    if unpacked and received and not unpacked.is_whole:
        raise BodyBrokenOff("The compressed answer ends too early.")
    return bytes(body)


class _Unpacked:
    """Unpacks gzip and deflate, chunk by chunk. Gzip may have several members, and zeros may pad them."""

    def __init__(self, coding: str) -> None:
        if coding not in {"gzip", "x-gzip", "deflate"}:
            raise BodyRefused(f"The answer has the content coding “{coding[:40]}”, which was not asked for.")
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)  # the headers of gzip and zlib are told apart
        self._may_be_bare = coding == "deflate"
        self._members_left = MOST_MEMBERS if coding != "deflate" else 1

    def more(self, chunk: bytes, room: int) -> bytes:
        """What the chunk unpacks to, or `room` bytes of it, at least one."""
        unpacked = b""
        while len(unpacked) < room:
            if self._stream.eof:
                chunk = chunk.lstrip(b"\0")
                if not chunk:
                    break
                self._begin_member(chunk)
            unpacked += self._unpacked(chunk, room - len(unpacked))
            chunk = self._stream.unused_data
            if not self._stream.eof:
                break
        return unpacked

    def _begin_member(self, chunk: bytes) -> None:
        self._members_left -= 1
        if not self._members_left or not chunk.startswith(b"\x1f"):
            raise BodyRefused("The compressed answer goes on after its end.")
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def _unpacked(self, chunk: bytes, room: int) -> bytes:
        try:
            unpacked = self._stream.decompress(chunk, room)
        except zlib.error as error:
            if not self._may_be_bare:
                raise BodyRefused(f"The compressed answer is damaged: {error}.") from None
            # Some servers send deflate without the header that its specification asks for.
            self._stream, self._may_be_bare = zlib.decompressobj(-zlib.MAX_WBITS), False
            return self._unpacked(chunk, room)
        self._may_be_bare = False
        return unpacked

    @property
    def is_whole(self) -> bool:
        """Whether the end of the compressed data was reached."""
        return self._stream.eof
