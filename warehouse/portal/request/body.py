"""The body of an answer: taken whole or not at all, and never more than a limit of it, however it is compressed.

urllib3 and the standard library unpack within bounds too, but pass over what is wrong: urllib3 takes a stream that is
cut off, or goes on behind its end, for whole, and both go through as many members of a gzip as there are.
"""

import zlib
from collections.abc import Iterable

from warehouse.portal.request.failure import Failure

CODINGS = "gzip, deflate"
"""Content codings that are understood: the value of Accept-Encoding."""
MAX_MEMBERS = 200
"""Members of one gzip that are unpacked: each costs a copy of what is behind it."""

_FORMATS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def read_body(chunks: Iterable[bytes], coding: str, limit: int) -> bytes:
    """All of a body, decoded from its content coding (the header's value, empty without one).

    No more than `limit` bytes and a chunk are ever held, of the body as sent and as unpacked.
    Raises Failure, and what `chunks` raises.
    """
    coding = coding.strip().lower()
    if coding not in {"", "identity", *_FORMATS}:
        raise Failure(f"The answer has the content coding “{coding[:40]}”, which was not asked for.")
    sent = bytearray()
    for chunk in chunks:
        sent += chunk
        _check_size(sent, limit)
    return _unpack(bytes(sent), _FORMATS[coding], limit) if sent and coding in _FORMATS else bytes(sent)


def _unpack(packed: bytes, wbits: int, limit: int) -> bytes:
    """Unpack gzip, which may have several members and be padded with zeros, or deflate."""
    body = bytearray()
    for _ in range(MAX_MEMBERS):
        stream = zlib.decompressobj(wbits)
        try:
            # One byte more than there is room for tells a body that is too large from one that is just as large.
            body += stream.decompress(packed, limit - len(body) + 1)
        except zlib.error as error:
            if wbits == zlib.MAX_WBITS:
                # Some servers send deflate without the header that its specification asks for.
                return _unpack(packed, -zlib.MAX_WBITS, limit)
            raise Failure(f"The compressed answer is damaged: {error}.") from None
        _check_size(body, limit)
        if not stream.eof:
            raise Failure("The compressed answer ends too early.", is_broken=True)
        packed = stream.unused_data.lstrip(b"\0")
        if not packed:
            return bytes(body)
        if wbits != _FORMATS["gzip"] or not packed.startswith(b"\x1f"):
            break
    raise Failure("The compressed answer goes on after its end.")


def _check_size(body: bytearray, limit: int) -> None:
    if len(body) > limit:
        raise Failure(f"The answer is larger than {limit:,} bytes.")
