"""What the portal of the tests can do wrong: `TROUBLES`, and certificates that nobody vouches for.

Options of a trouble are the keywords of its function.
"""

import gzip
import ipaddress
import json
import socket
import struct
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

NO_HEADERS: Mapping[str, str] = {}
SHELL = (
    '<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>GOV.KZ - Единая платформа</title>'
    f"<script>{'var a=1;' * 90}</script></head><body><noscript>Включите JavaScript</noscript>"
    '<div id="root"></div><script src="/static/js/main.js"></script></body></html>'
)


@dataclass(frozen=True)
class Reply:
    """An answer before it is sent."""

    status: int
    kind: str
    body: bytes


class Answering(BaseHTTPRequestHandler):
    """Sends answers, right and wrong ones. `right` makes the right one; `known` is what If-None-Match said."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    right: Callable[[], Reply]
    closing: Event
    known: str | None = None

    def send(self, reply: Reply, headers: Mapping[str, str] = NO_HEADERS, *, length: int | None = None) -> None:
        """Send an answer, or 304 to who knows it; `length` is told in place of the right one."""
        tag = headers.get("ETag")
        if reply.status == 200 and tag and self.known == tag:
            reply = Reply(304, reply.kind, b"")
        self.send_response(reply.status)
        if reply.status != 304:
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def drip(self, data: bytes, every_s: float) -> None:
        """Send byte by byte, until all is sent, the client leaves or the portal closes."""
        for byte in data:
            self.wfile.write(bytes([byte]))
            if self.closing.wait(every_s):
                break
        self.close_connection = True


def json_reply(value: object, status: int = 200) -> Reply:
    return Reply(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())


def _status(
    handler: Answering,
    status: int,
    headers: Mapping[str, str] | Callable[[], Mapping[str, str]] = NO_HEADERS,
    body: bytes = b"<html><body>nginx</body></html>",
    kind: str = "text/html",
) -> None:
    """Any status; `headers` may be made at the time."""
    handler.send(Reply(status, kind, body), headers() if callable(headers) else headers)


def _html_for_json(handler: Answering) -> None:
    handler.send(Reply(200, "text/html", b"<!doctype html><html><body><h1>Service</h1><p>Try later</p></body></html>"))


def _object_for_list(handler: Answering) -> None:
    news = json.loads(handler.right().body)["data"]["news"]
    handler.send(json_reply({"data": {"news": news[0] if news else {}}}))


def _graphql_errors(handler: Answering, message: str = 'Cannot query field "id"') -> None:
    handler.send(json_reply({"errors": [{"message": message}]}))


def _shell(handler: Answering) -> None:
    handler.send(Reply(200, "text/html; charset=utf-8", SHELL.encode()))


def _ticket(handler: Answering) -> None:
    handler.send(json_reply({"error": "browserTicketMissing"}, 400))


def _not_allowed(handler: Answering) -> None:
    handler.send(Reply(400, "text/plain", b"notAllowed"))


def _truncated(handler: Answering, status: int = 200, headers: Mapping[str, str] = NO_HEADERS) -> None:
    """Half of the body, and then nothing."""
    reply = handler.right()
    handler.send(Reply(status, reply.kind, reply.body[: len(reply.body) // 2]), headers, length=len(reply.body))
    handler.close_connection = True


def _understated(handler: Answering, headers: Mapping[str, str] = NO_HEADERS) -> None:
    """A Content-Length below that of the body."""
    reply = handler.right()
    handler.send(reply, headers, length=len(reply.body) // 2)


def _cut_chunks(handler: Answering, size: bytes = b"400", sent: bytes = b"x" * 100) -> None:
    """Chunks without the last one; `size` is what the first one says of itself, in hex."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    with suppress(OSError):
        handler.wfile.write(size + b"\r\n" + sent)
    handler.close_connection = True


def _drip(handler: Answering, every_s: float = 0.05) -> None:
    """The body byte by byte."""
    reply = handler.right()
    handler.send_response(200)
    handler.send_header("Content-Type", reply.kind)
    handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    handler.drip(reply.body, every_s)


def _drip_headers(handler: Answering, every_s: float = 0.05) -> None:
    handler.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 60_000, every_s)


def _silence(handler: Answering) -> None:
    """No answer until the portal closes."""
    handler.closing.wait()
    handler.close_connection = True


def _bomb(handler: Answering, megabytes: int = 200) -> None:
    """Zeros, compressed to a thousandth."""
    with suppress(OSError):
        handler.send(Reply(200, "text/html", zeros(megabytes)), {"Content-Encoding": "gzip"})


@cache
def zeros(megabytes: int) -> bytes:
    """So many million zeros as gzip."""
    packing = zlib.compressobj(wbits=31)
    return b"".join([packing.compress(bytes(1_000_000)) for _ in range(megabytes)]) + packing.flush()


def _coding(handler: Answering, pack: Callable[[bytes], bytes] = gzip.compress, coding: str = "gzip") -> None:
    """The right answer, compressed."""
    reply = handler.right()
    handler.send(Reply(200, reply.kind, pack(reply.body)), {"Content-Encoding": coding})


def _endless(handler: Answering) -> None:
    """A body without length or end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Connection", "close")
    handler.end_headers()
    with suppress(OSError):
        while not handler.closing.is_set():
            handler.wfile.write(b"x" * 65_536)
    handler.close_connection = True


def _redirect(handler: Answering, to: str | Callable[[str], str], status: int = 302, body: bytes = b"") -> None:
    """To an address, or to what a function makes of the path wanted."""
    location = to(handler.path) if callable(to) else to
    with suppress(OSError):
        handler.send(Reply(status, "text/html", body), {"Location": location})


def _loop(handler: Answering) -> None:
    """To the very same address."""
    handler.send(Reply(302, "text/html", b""), {"Location": handler.path})


def _reset(handler: Answering) -> None:
    """A connection that breaks."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def _raw(handler: Answering, data: bytes) -> None:
    """Bytes in place of HTTP, and the end."""
    with suppress(OSError):
        handler.wfile.write(data)
    handler.close_connection = True


TROUBLES: dict[str, Callable[..., None]] = {
    "status": _status,
    "html_for_json": _html_for_json,
    "object_for_list": _object_for_list,
    "graphql_errors": _graphql_errors,
    "shell": _shell,
    "ticket": _ticket,
    "not_allowed": _not_allowed,
    "truncated": _truncated,
    "understated": _understated,
    "cut_chunks": _cut_chunks,
    "drip": _drip,
    "drip_headers": _drip_headers,
    "silence": _silence,
    "bomb": _bomb,
    "coding": _coding,
    "endless": _endless,
    "redirect": _redirect,
    "loop": _loop,
    "reset": _reset,
    "raw": _raw,
}
"""All that can be done wrong, by name."""


def sign_certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate for a host that nobody vouches for, and its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    is_address = host.replace(".", "").isdecimal()
    subject = x509.IPAddress(ipaddress.ip_address(host)) if is_address else x509.DNSName(host)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "portal.crt", folder / "portal.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
