"""One attempt to fetch: the request and its purpose, the answer, and how the answer was read."""

from dataclasses import dataclass
from datetime import datetime

from warehouse.portal.exchange import Answer, PortalRequest, Reading, Target

ASIDES = {
    "robots": "robots.txt, asked before anything else of a host.",
    "redirect": "An answer that sent the client to another address.",
    "retry": "An answer, or a failure, after which the same was asked again.",
    "untaken": "An answer of a type that no page has.",
}
"""Purposes of what came on the way to an attempt: archived beside it, and no row of the warehouse."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to fetch a page of a release or a page of a publisher's list, and what came of it.

    `purpose` is "page" or "list", or one of `ASIDES`; `release_key` and `code` are those of the page's release.
    `request` has the headers of the route, `answer.request_headers` all that were sent, but for those that an operator
    adds of their own: they do not belong here. `answer.url` is where the answer came
    from. `outcome` and `detail` are a Reading's; None and empty where the answer was archived before it was read.
    """

    run_id: str
    purpose: str
    slug: str
    language: str
    request: PortalRequest
    answer: Answer
    outcome: str | None = None
    detail: str = ""
    release_key: int | None = None
    code: str | None = None

    @classmethod
    def page(
        cls, run_id: str, target: Target, request: PortalRequest, answer: Answer, reading: Reading | None = None
    ) -> "Attempt":
        """The attempt to fetch the page of a release."""
        outcome, detail = (reading.outcome, reading.detail) if reading else (None, "")
        key, code, slug, language = target.release_key, target.code, target.slug, target.language
        return cls(run_id, "page", slug, language, request, answer, outcome, detail, key, code)

    @property
    def target(self) -> Target | None:
        """The page of the request; None of a list."""
        if self.release_key is None or self.code is None:
            return None
        return Target(self.release_key, self.code, self.slug, self.language)

    @property
    def is_aside(self) -> bool:
        """Whether it only came on the way to another attempt."""
        return self.purpose in ASIDES

    @property
    def route(self) -> str:
        """The route of the request."""
        return self.request.route

    @property
    def url(self) -> str:
        """The address of the request."""
        return self.request.url

    @property
    def requested_at(self) -> datetime:
        """The time of the request: UTC without zone."""
        return self.answer.requested_at

    @property
    def etag(self) -> str | None:
        """The version of the content, as the portal names it."""
        return self.answer.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """When the content changed, as the portal says it."""
        return self.answer.headers.get("last-modified")
