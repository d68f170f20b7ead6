"""What a body shows or leads to besides its words: links, pictures and videos, each by its address in one form.

Of an address on gov.kz the path is left, of another http counts as https, and a picture's parameters, which only size
it or pass a cache by, do not count.
"""

import hashlib
import re
from collections.abc import Iterable
from html import unescape
from typing import NamedTuple

MOST = 1_000
"""Attachments of one text that are taken."""
LONGEST = 1_000
"""Characters of an address; of a longer one, and of data in place of one, a hash stands for what is left out."""

_ATTRIBUTE = re.compile(
    r"""\s(href|src|data-src|srcset|data-srcset|data)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""",
    re.IGNORECASE,
)
_OF_TAG = {
    "a": ("link", ("href",)),
    "img": ("picture", ("src", "data-src", "srcset", "data-srcset")),
    "video": ("video", ("src",)),
    "audio": ("video", ("src",)),
    "iframe": ("video", ("src", "data-src")),
    "embed": ("video", ("src",)),
    "object": ("video", ("data",)),
}
_WITH_SOURCES = ("video", "audio")
_SOURCE = re.compile(r"<source\s[^<>]{0,2000}>", re.IGNORECASE)
_SOURCES_WITHIN = 4_000  # characters behind a video's tag in which its source stands
_ADDRESS = re.compile(r"(?:https?:)?//([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_NOWHERE = re.compile(r"(?:#|javascript:|about:)|\Z", re.IGNORECASE)
_OWN = re.compile(r"(?:www\.)?gov\.kz")


class Attachment(NamedTuple):
    """A link, picture or video (its `kind`; sound and embedded pages count as videos)."""

    kind: str
    address: str


class Attachments(NamedTuple):
    """Addresses by kind, in the order of the text."""

    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()

    @classmethod
    def of(cls, attached: Iterable[Attachment]) -> "Attachments":
        """Sort attachments by their kinds."""
        every = list(attached)
        return cls(*(tuple(address for kind, address in every if kind == wanted) for wanted in KINDS))


KINDS = ("link", "picture", "video")
"""The kinds of attachments, in the order of the fields of `Attachments`."""


def read_tag(name: str, tag: str, behind: str) -> Attachment | None:
    """What a tag attaches: its name in small letters, the tag, and the markup behind it, for a video's source."""
    kind, names = _OF_TAG[name]
    values = _attributes(tag)
    if name in _WITH_SOURCES and "src" not in values and (source := _SOURCE.search(behind)):
        values = _attributes(source[0])
    addresses = (_one_form(_first(values.get(attribute, ""), attribute), kind) for attribute in names)
    every = sorted(filter(None, addresses), key=lambda address: address.startswith("data:"))
    return Attachment(kind, every[0]) if every else None


def may_attach(name: str) -> bool:
    """Whether a tag of this name, in small letters, may attach something."""
    return name in _OF_TAG


def behind(html: str, end: int) -> str:
    """The markup behind a tag in which its source is looked for."""
    stop = html.find("</", end, end + _SOURCES_WITHIN)
    return html[end : stop if stop >= 0 else end + _SOURCES_WITHIN]


def _attributes(tag: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, *quoted in _ATTRIBUTE.findall(tag):
        values.setdefault(name.lower(), "".join(quoted))
    return values


def _first(written: str, attribute: str) -> str:
    """The first address that an attribute has: those of a set stand before their sizes, between commas."""
    return (written.split() or [""])[0].rstrip(",") if attribute.endswith("srcset") else written


def _one_form(written: str, kind: str) -> str:
    """An address in the form that its spellings share; empty for one that leads nowhere."""
    address = "".join(unescape(written).encode("utf-8", "replace").decode().split())
    if _NOWHERE.match(address):
        return ""
    if address[:5].lower() == "data:":
        return f"data:{_hash(address)}"
    if match := _ADDRESS.fullmatch(address):
        host, path = match[1].lower(), match[2] or "/"
        address = path if _OWN.fullmatch(host) and path.startswith("/") else f"https://{host}{path}"
    if kind == "picture":
        address = re.split("[?#]", address, maxsplit=1)[0]
    return address if len(address) <= LONGEST else f"{address[:LONGEST]}…{_hash(address)}"


def _hash(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
