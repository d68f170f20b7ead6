"""What passes between the parts of the portal room: requests, answers, and what was read from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

LANGUAGES = ("kk", "ru", "en")
"""The languages gov.kz publishes in."""

OUTCOMES = {
    "ok": "A page with a body.",
    "unchanged": "The same as before: answered 304, or with the content that is known.",
    "picture_body": "A page whose body is a picture, without a word.",
    "video_body": "A page whose body is a video, sound or an embedded page, without a word.",
    "no_body": "A page whose body is empty on the portal itself.",
    "not_found": "The portal has no such page (404, 410, an empty answer).",
    "not_the_release": "Another page in its place: a list, another release, or one that only says there is none.",
    "refused": "The portal refused this route (400, 401, 403, a browser's ticket asked for).",
    "shell": "A page without content, to be filled by a browser.",
    "throttled": "Asked too often (429).",
    "transport_error": "No whole answer: DNS, TLS, timeout, broken connection, 5xx after retries, too large.",
    "unreadable": "An answer of no known shape.",
}
"""Every outcome of an attempt to fetch, with its sentence."""

PAGE_OUTCOMES = ("ok", "unchanged", "picture_body", "video_body", "no_body")
"""Outcomes that show the page."""
DENIALS = ("not_found", "not_the_release")
"""Outcomes that deny the page: nothing else may ever become a page that is gone."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page to fetch: a release in one language. `code` is its gov.kz id or text slug, `slug` its publisher's."""

    release_key: int
    code: str
    slug: str
    language: str


@dataclass(frozen=True, slots=True)
class PortalRequest:
    """One request: which route asks, and what is sent. `url` is absolute; `body` is sent by POST, else it is a GET."""

    route: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @property
    def method(self) -> str:
        """GET or POST."""
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `status` None where nothing did, and then `error` says why in a sentence.

    `headers` have lower-case names; `body` is decoded from its content coding (gzip and so on), but not from its
    character set; `url` is where the answer came from after redirects. `requested_at` is UTC without zone.
    An answer with an `error` is not whole, or not one to take: it has neither headers nor body, and its status, where
    it has one, means nothing.

    `request_headers` were sent with the last request, without those that an operator adds. `barrier` says that there
    is no page to read, and why: "robots" where robots.txt forbids to request it, "breaker" where it is left for the
    next run, "type" where what came is of a type that no page has; `error` has the sentence.
    """

    url: str
    requested_at: datetime
    duration_s: float
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str | None = None
    retries: int = 0
    request_headers: Mapping[str, str] = field(default_factory=dict)
    barrier: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A release as the portal shows it in one language.

    `body` is plain text, paragraphs parted by line feeds, None where the portal has none. `links`, `pictures` and
    `videos` are the addresses in it, see `warehouse.portal.read.attachments`. `published_at` is UTC without zone, and
    `published_day_only` true where the portal knows the day and no time. `topics` are (portal's id, title) pairs.
    `is_repaired` says that the text was mojibake and was put right.
    """

    code: str
    language: str
    title: str
    body: str | None
    slug: str | None = None
    published_at: datetime | None = None
    published_day_only: bool = False
    topics: tuple[tuple[str, str], ...] = ()
    is_repaired: bool = False
    links: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """What an attempt yields that shows this page: of `OUTCOMES` what its body is."""
        shown = (self.body, "ok"), (self.videos, "video_body"), (self.pictures, "picture_body")
        return next((outcome for part, outcome in shown if part), "no_body")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer means: an outcome of `OUTCOMES`, a sentence about this very case, and the pages it holds."""

    outcome: str
    detail: str = ""
    pages: tuple[Page, ...] = ()
