"""An attempt as the archive keeps it: WARC records, each a gzip member of its own, and back again.

An attempt is a `request` record, a `response` record where anything was answered, and a `metadata` record: JSON with
what the HTTP messages do not say. The metadata comes last, so an attempt that has it is whole. warcio writes the
records, so that other tools can read them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from http.client import responses
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.exchange import Answer, PortalRequest

GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""How each member begins: no name, no time, packed best, on a system unnamed. The same wherever it is written."""

PRIVATE_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie", "set-cookie2"})
"""Left out of requests and responses, whoever gives them: passwords and sessions."""

CODING_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""What is not true of a response's body any more once it is decoded; the metadata says what they were."""

PARTICULARS = ("run_id", "purpose", "code", "slug", "language")
"""Fields of an attempt besides its request and answer."""

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")
URL = re.compile(r"([a-z][a-z0-9+.-]*://)(?:[^/?#]*@)?([^/?#]*)([^#]*)(.*)", re.IGNORECASE | re.DOTALL)


class Damage(Exception):
    """Bytes that are no record, or records that are no attempt; the message says why."""


class Record(NamedTuple):
    """A WARC record: its kind, its headers, and its block of `Content-Length` bytes."""

    kind: str
    headers: dict[str, str]
    block: bytes

    @property
    def payload(self) -> bytes:
        """The block without the headers of its HTTP message, if it is one."""
        return self.block if self.kind == "metadata" else self.block[self.block.find(b"\r\n\r\n") + 4 :]


class _Content(NamedTuple):
    """What a record is to hold: an HTTP message, or bytes alone where there is no first line."""

    kind: str
    url: str
    body: bytes
    first_line: str = ""
    headers: Mapping[str, str] = {}
    is_truncated: bool = False


def record_id(file: str, offset: int, kind: str) -> str:
    """The id of a record of the attempt that begins at this place: known to nobody before it is written there."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{file}:{offset}:{kind}')}>"


def digest(content: bytes) -> str:
    """A digest as WARC headers write it: the algorithm, and the hash in hexadecimal digits."""
    return f"sha256:{sha256(content).hexdigest()}"


def to_members(attempt: Attempt, file: str, offset: int) -> bytes:
    """The attempt as gzip members, to stand in `file` from `offset` on."""
    request, answer = attempt.request, attempt.answer
    requested_url, host, path = _strip_password(request.url)
    answering_url, *_ = _strip_password(answer.url)

    request_headers = _without_private(request.headers)
    all_headers = _without_private(answer.request_headers) or request_headers
    sent = {"host": host} if "host" not in map(str.lower, all_headers) else {}
    sent |= {name: value for name, value in _writable(all_headers).items() if name.lower() != "content-length"}
    if request.body is not None:
        sent["content-length"] = str(len(request.body))
    line = f"{request.method} {_ascii(path) or '/'} HTTP/1.1"
    contents = [_Content("request", requested_url, request.body or b"", line, sent)]

    response_headers = _without_private(answer.headers)
    received: dict[str, str] = {}
    if answer.status is not None:
        received = _writable(response_headers)
        received = {name: value for name, value in received.items() if name.lower() not in CODING_HEADERS}
        received["content-length"] = str(len(answer.body))
        line = f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"
        contents.append(_Content("response", answering_url, answer.body, line, received, answer.error is not None))

    metadata = {
        **{name: getattr(attempt, name) for name in PARTICULARS},
        "route": request.route,
        "url": requested_url,
        "answered_by": answering_url,
        "duration_s": answer.duration_s,
        "retries": answer.retries,
        "error": answer.error,
        "withheld": answer.barrier,
        "was_answered": answer.status is not None,
        "request_headers_were": _differences(request_headers, sent),
        "sent_headers_were": _differences(all_headers, sent) if answer.request_headers else None,
        "response_headers_were": _differences(response_headers, received),
    }
    contents.append(_Content("metadata", requested_url, json.dumps(metadata, separators=(",", ":")).encode()))

    date = f"{answer.requested_at.isoformat(timespec='microseconds')}Z"
    ids = [record_id(file, offset, content.kind) for content in contents]
    return b"".join(_member(content, date, ids[number], ids[:number]) for number, content in enumerate(contents))


def _member(content: _Content, date: str, own_id: str, earlier_ids: Sequence[str]) -> bytes:
    """One record. warcio is imported here, for that takes its time, and reading does without."""
    from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
    from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

    message, block, content_type = None, content.body, "application/json"
    if content.first_line:
        protocol, _, rest = content.first_line.partition(" ")
        message = StatusAndHeaders(rest, list(content.headers.items()), protocol=protocol)
        block = message.to_ascii_bytes() + content.body
        content_type = f"application/http; msgtype={content.kind}"
    named = {"WARC-Record-ID": own_id, "WARC-Date": date}
    if content.is_truncated:
        named["WARC-Truncated"] = "unspecified"
    named |= {"WARC-Payload-Digest": digest(content.body), "WARC-Block-Digest": digest(block)}
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        _ascii(content.url),
        content.kind,
        payload=BytesIO(content.body),
        length=len(content.body),
        warc_content_type=content_type,
        warc_headers_dict=named,
        http_headers=message,
    )
    for earlier in earlier_ids:
        record.rec_headers.add_header("WARC-Concurrent-To", earlier)
    writer.write_record(record)
    return GZIP_HEADER + out.getvalue()[len(GZIP_HEADER) :]


def to_record(member: bytes) -> Record:
    """The record in an unpacked member. Raises Damage where it is none."""
    end = member.find(b"\r\n\r\n")
    try:
        version, headers = _message_head(member[:end])
        begin = end + 4
        block = member[begin : begin + int(headers["Content-Length"])]
        kind = headers["WARC-Type"]
    except (ValueError, KeyError) as error:
        raise Damage("it does not begin with the headers of a WARC record") from error
    if end < 0 or version != "WARC/1.1" or member[begin + len(block) :] != b"\r\n\r\n":
        raise Damage("its length is not what its headers say")
    return Record(kind, headers, block)


def to_attempt(records: Sequence[Record]) -> Attempt:
    """The attempt in a request, a response if there was one, and their metadata. Raises Damage where they are none."""
    try:
        metadata: dict[str, Any] = json.loads(records[-1].block)
        line, headers = _message_head(records[0].block.partition(b"\r\n\r\n")[0])
        # Attempts archived earlier do not know what was sent but for the route's headers.
        sent_were = metadata.get("sent_headers_were")
        all_headers = _restore(headers, sent_were) if sent_were is not None else {}
        headers = _restore(headers, metadata["request_headers_were"])
        body = records[0].payload if line.startswith("POST ") else None
        request = PortalRequest(metadata["route"], metadata["url"], headers, body)
        status, headers, body = None, {}, b""
        if metadata["was_answered"] != (len(records) == 3):
            raise Damage("its response is missing")
        if metadata["was_answered"]:
            line, headers = _message_head(records[1].block.partition(b"\r\n\r\n")[0])
            headers = _restore(headers, metadata["response_headers_were"])
            status, body = int(line.split(" ", 2)[1]), records[1].payload
        answer = Answer(
            url=metadata["answered_by"],
            requested_at=datetime.fromisoformat(records[-1].headers["WARC-Date"].removesuffix("Z")),
            duration_s=metadata["duration_s"],
            status=status,
            headers=headers,
            body=body,
            error=metadata["error"],
            retries=metadata["retries"],
            request_headers=all_headers,
            barrier=metadata["withheld"],
        )
        return Attempt(request=request, answer=answer, **{name: metadata[name] for name in PARTICULARS})
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Damage(f"its records do not describe an attempt ({type(error).__name__}: {error})") from error


def _message_head(head: bytes) -> tuple[str, dict[str, str]]:
    """The first line and the headers of a message of our own, which has one line for each and no name twice."""
    first, *lines = head.decode("ascii").split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines)


def _writable(headers: Mapping[str, str]) -> dict[str, str]:
    """Those headers that an HTTP message can hold as they are."""
    return {name: value for name, value in headers.items() if NAME.fullmatch(name) and VALUE.fullmatch(value)}


def _without_private(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in PRIVATE_HEADERS}


def _differences(true: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str | None]:
    """What the headers were that the HTTP message has otherwise; None where there was no such header."""
    return {name: true.get(name) for name in {**true, **written} if true.get(name) != written.get(name)}


def _restore(written: Mapping[str, str], differences: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in {**written, **differences}.items() if value is not None}


def _strip_password(url: str) -> tuple[str, str, str]:
    """The URL without a user's name and password, its host, and its path with the query."""
    if not (parts := URL.fullmatch(url)):
        return url, "", url
    scheme, host, path, fragment = parts.groups()
    return scheme + host + path + fragment, host, path


def _ascii(url: str) -> str:
    """The URL in the letters that headers may have."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]", errors="replace")
