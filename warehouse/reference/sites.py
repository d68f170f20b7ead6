"""The government's other sites: which page a URL names, and the code of the release that the page is.

gov.kz gives its releases ids; these sites do not, so a release's code is derived from the URL. It is the same however
the URL is written: http or https, with their ports or without, with www or without, in any case of the host, with
slashes doubled or at the end, with letters percent-encoded or not, with parameters in another order or joined as HTML
writes it, a language, a fragment or what tracks readers.
"""

import hashlib
import re
import unicodedata
from collections.abc import Container
from typing import NamedTuple
from urllib.parse import quote, quote_plus, unquote_plus, unquote_to_bytes

LONGEST_CODE = 300
"""Bytes up to which a code is the URL itself; a longer one's hash stands behind the host and a `#`."""

# Nothing but a name may stand between the slashes: no other port, no user, no letter that only looks like ours.
_URL = re.compile(
    r"https?://(?:www\.)?([a-z0-9.-]+)(?::(?:80|443))?(/[^?#\\]*)?(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE | re.ASCII
)
_TRACKS = re.compile(r"utm_.*|_(?:ga|gl|openstat)|[a-z]{1,2}clid|ysclid|fbclid|msclkid|igshid|mc_[ce]id", re.IGNORECASE)
_LANGUAGES = frozenset(("kk", "kz", "ru", "en", "kaz", "rus", "eng", "qaz"))
_START = re.compile(r"(?:index|default|home)(?:\.[a-z]{2,5})?", re.IGNORECASE)
_UNRESERVED = "-._~!$&'()*+,;=:@"


class SitePage(NamedTuple):
    """A page of a site: its host as `seeds/sites.csv` has it, and the code of its release."""

    host: str
    code: str


def read_site_url(url: str, hosts: Container[str]) -> SitePage | None:
    """The page that a URL names on one of these hosts; None for another host, and for the front page of a site."""
    match = _URL.fullmatch(url)
    host = match[1].lower() if match else ""
    if match is None or host not in hosts:
        return None
    path = _segments(match[2] or "")
    parameters = _parameters(match[3] or "")
    if not parameters and all(part.lower() in _LANGUAGES or _START.fullmatch(part) for part in path):
        return None
    code = "/".join([host, *path]) + ("?" + "&".join(parameters) if parameters else "")
    if len(code) > LONGEST_CODE:
        code = f"{host}#{hashlib.sha256(code.encode()).hexdigest()}"
    return SitePage(host, code)


def _segments(path: str) -> list[str]:
    """The parts of a path, each in one spelling; those that lead upwards are followed."""
    segments: list[str] = []
    for part in path.split("/"):
        segment = quote(_one_form(unquote_to_bytes(part)), safe=_UNRESERVED)
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    return segments


def _parameters(query: str) -> list[str]:
    """The parameters that say which page is meant, each in one spelling, in order."""
    pairs = (pair.partition("=") for pair in re.split("&amp;|[&;]", query) if pair)
    names = ((unquote_plus(name), unquote_plus(value)) for name, _, value in pairs)
    return sorted(
        f"{quote_plus(name)}={quote_plus(value)}"
        for name, value in names
        if name.lower() not in {"lang", "language"} and not _TRACKS.fullmatch(name)
    )


def _one_form(raw: bytes) -> bytes:
    """The bytes of a name, in NFC where they are UTF-8."""
    try:
        return unicodedata.normalize("NFC", raw.decode()).encode()
    except UnicodeDecodeError:
        return raw
