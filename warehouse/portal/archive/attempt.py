"""One attempt to fetch: the request and its purpose, and the answer."""

from dataclasses import dataclass

from warehouse.keys import release_key
from warehouse.portal.exchange import Answer, PortalRequest, Target

ASIDES = {
    "robots": "robots.txt, asked before anything else of a host.",
    "redirect": "An answer that sent the client to another address.",
    "retry": "An answer, or a failure, after which the same was asked again.",
    "untaken": "An answer of a type that no page has.",
}
"""Purposes of what came on the way to an attempt: archived beside it, and no row of the warehouse."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to fetch a page of a release or a page of a publisher's list. How it is read is not part of it.

    `purpose` is "page" or "list", or one of `ASIDES`; `code` is that of the page's release.
    `request` has the headers of the route, `answer.request_headers` all that were sent, but for those that an operator
    adds of their own: they do not belong here. `answer.url` is where the answer came from.
    """

    run_id: str
    purpose: str
    slug: str
    language: str
    request: PortalRequest
    answer: Answer
    code: str | None = None

    @classmethod
    def page(cls, run_id: str, target: Target, request: PortalRequest, answer: Answer) -> "Attempt":
        """The attempt to fetch the page of a release."""
        return cls(run_id, "page", target.slug, target.language, request, answer, target.code)

    @property
    def release_key(self) -> int | None:
        """The key of the page's release, by its code: an archive outlives the way in which keys are made."""
        return None if self.code is None else release_key(self.code)[0]

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
