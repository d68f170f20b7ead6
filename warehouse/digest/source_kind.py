"""What a source line names: a release of gov.kz, a page of another site of the government, or neither."""

import re
from collections.abc import Container

from warehouse.digest.lines import readable
from warehouse.digest.source_line import OTHER_URL, RELEASE_URL, Source
from warehouse.reference.sites import read_site_url

_URL_BEGINS = [scheme + b"://www.gov.kz/memleket/entities/" for scheme in (b"https", b"http")]
_HOST_OF_URL = re.compile(rb"(?i:https?://(?:www\.)?)([\w.-]+)(?:[/?#].*)?")


def known_source(source: Source, hosts: Container[str]) -> Source:
    """A source line elsewhere, of the kind that it has by the hosts of the government's other sites."""
    url = source.url.rstrip(b".,;:)]>\"'!")
    if source.kind != "foreign" or not _is_on(url, hosts):
        return source
    is_page = source.ends_line and read_site_url(url.decode(), hosts) is not None
    return source._replace(url=url, kind="site" if is_page else "front")


def _is_on(url: bytes, hosts: Container[str]) -> bool:
    """Whether a URL is on one of these hosts, by all that stands before its path."""
    host = _HOST_OF_URL.fullmatch(url)
    return host is not None and host[1].decode().lower() in hosts


def may_be_cut_off(source: Source, text_before: bytes) -> bool:
    """Whether a URL that the digest ends with, without a line end, lacks its end.

    `text_before` holds the URL before, if there is one, from its `://`.
    """
    if source.kind == "site":
        above = OTHER_URL.match(b"https" + text_before)
        return above is not None and _is_begin_of(source.url.partition(b"://")[2], above[0].partition(b"://")[2])
    if source.kind != "release":
        return any(begin.startswith(source.url) or source.url.startswith(begin) for begin in _URL_BEGINS)
    before = RELEASE_URL.match(b"https" + text_before)
    if before is None:
        return False
    path, _, query = source.url.partition(b"?")
    path_before, _, query_before = before[1].partition(b"?")
    if query_before:
        return query != query_before and query_before.startswith(query)
    code, code_before = path.rsplit(b"/", 1)[1], path_before.rsplit(b"/", 1)[1]
    return not query and code.isdigit() and code_before.isdigit() and len(code) < len(code_before)


def _is_begin_of(url: bytes, other: bytes) -> bool:
    """Whether a URL is another's begin, or the same with fewer digits at its end."""
    path, _, last = url.rpartition(b"/")
    other_path, _, other_last = other.rpartition(b"/")
    is_shorter = path == other_path and last.isdigit() and other_last.isdigit() and len(last) < len(other_last)
    return is_shorter or (url != other and other.startswith(url))


def why_no_release(source: Source) -> tuple[str, str] | None:
    """Why a source line names no release, as reason and detail; None if it does."""
    url = readable(source.url[:200])
    if source.kind == "foreign":
        return "foreign_source", f"{url} is on no site of the government."
    if source.kind in {"portal", "front"}:
        return "not_a_release", f"{url} is no address of a press release."
    return None
