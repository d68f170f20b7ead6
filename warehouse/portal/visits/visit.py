"""Visit a page: ask for it along the routes, and archive every attempt before it is read.

A route that refuses is not asked again in the same run. What robots.txt forbids holds for an address: a route that has
another one for each page goes on being asked. A visit ends with the first route that brings the page, or that says the
portal is asked too often; a page that one route denies is asked for along the others too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from warehouse.keys import release_key
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc import Archive
from warehouse.portal.exchange import DENIALS, PAGE_OUTCOMES, Answer, Page, PortalRequest, Reading, Target
from warehouse.portal.read.names import is_name
from warehouse.portal.read.routes import LIST_ROUTES, ROUTES, ListRoute, Route
from warehouse.portal.visits.site_texts import RENDERED, SiteTexts

if TYPE_CHECKING:
    from warehouse.portal.request.client import Client

LAST_OUTCOMES = (*PAGE_OUTCOMES, "throttled")
"""Outcomes after which no other route is asked in a visit."""


REASONS = 100
"""Reasons for failures that a run counts: what a portal writes may be another each time."""


class Validators(NamedTuple):
    """What an earlier answer of a route said about its version, for asking whether it changed."""

    etag: str | None = None
    last_modified: str | None = None


class VisitResult(NamedTuple):
    """How a visit ended: its outcome, and the seconds of its slowest answer."""

    outcome: str
    slowest_s: float


def combine_outcomes(outcomes: Sequence[str]) -> str:
    """The outcome of a visit, out of those of its attempts.

    The page was found where one attempt found it, and is denied where all say so: it is `not_the_release` where one
    showed something else in its place. Anything else kept it from being known: the last outcome that is neither.
    """
    for outcome in outcomes:
        if outcome in PAGE_OUTCOMES:
            return outcome
    denial = "not_the_release" if "not_the_release" in outcomes else "not_found"
    return next((outcome for outcome in reversed(outcomes) if outcome not in DENIALS), denial)


def closes_route(outcome: str, http_status: int | None, url: str, code: str | None) -> bool:
    """Whether an outcome closes its route for the run.

    The portal's own refusal does; what robots.txt forbids (no status) only where the address is the same for all pages:
    that of a page has its release's code.
    """
    return outcome == "refused" and (http_status is not None or (code is not None and code.lower() not in url.lower()))


def read_page(route: Route, answer: Answer, target: Target) -> Reading:
    """What an answer says of a release. A text has a title: what shows none is no page of it."""
    reading = route.read_page(answer, target)
    if all(page.title.strip() for page in reading.pages):
        return reading
    return Reading("unreadable", f"A page without a title, for {target.code}.")


def read_list(route: ListRoute, answer: Answer, slug: str, language: str) -> Reading:
    """What an answer lists, each release once; what has no title, or no code that can be asked for, is left out."""
    reading = route.read_list(answer, slug, language)
    pages: dict[int, Page] = {}
    for page in reading.pages:
        if page.title.strip() and is_name(page.code):
            pages.setdefault(release_key(page.code)[0], page)
    if len(pages) == len(reading.pages):
        return reading
    left = f"{len(reading.pages) - len(pages)} of {len(reading.pages)} releases have no title, no code, or come twice."
    return Reading(reading.outcome, f"{reading.detail} {left}".strip(), tuple(pages.values()))


@dataclass(slots=True)
class Visitor:
    """Visits pages and lists of the portal in one run.

    `refusing` says which routes refused, and how: they are not asked again. `forbidden` says of which routes
    robots.txt forbade an address, `failing` why no whole answer came: the first `REASONS` of the reasons, counted.
    """

    client: "Client"
    archive: Archive
    run_id: str
    base_url: str
    site_texts: SiteTexts
    refusing: dict[str, str] = field(default_factory=dict)
    forbidden: dict[str, str] = field(default_factory=dict)
    failing: Counter[str] = field(default_factory=Counter)

    def visit(self, target: Target, validators: Mapping[str, Validators]) -> VisitResult | None:
        """Visit a page; `validators` by route. None where nothing could be asked: all routes refuse, or pause.

        Raises UsageError, and nothing is asked, for a code, slug or language that cannot be asked for.
        """
        requests = [(route, route.page_request(self.base_url, target)) for route in ROUTES]
        outcomes: list[str] = []
        slowest_s = 0.0
        for route, request in requests:
            answer = self._ask(route, request, validators.get(route.name, Validators()))
            if answer is None:
                continue
            self.archive.append(Attempt.page(self.run_id, target, request, answer))
            reading = self._judge(read_page(route, answer, target), route, target)
            self._note_trouble(request, answer, reading, target.code)
            outcomes.append(reading.outcome)
            slowest_s = max(slowest_s, answer.duration_s)
            if reading.outcome in LAST_OUTCOMES:
                break
        return VisitResult(combine_outcomes(outcomes), slowest_s) if outcomes else None

    def newest(self, slug: str, language: str, page: int, size: int) -> Reading | None:
        """A page (from 1) of a publisher's releases, newest first, from the first route that brings it."""
        reading = None
        for route in LIST_ROUTES:
            request = route.list_request(self.base_url, slug, language, page, size)
            answer = self._ask(route, request, Validators())
            if answer is None:
                continue
            self.archive.append(Attempt(self.run_id, "list", slug, language, request, answer))
            reading = read_list(route, answer, slug, language)
            self._note_trouble(request, answer, reading, None)
            if reading.outcome in LAST_OUTCOMES:
                break
        return reading

    def _judge(self, reading: Reading, route: Route, target: Target) -> Reading:
        """The reading, but for a text of the site itself: then the page is not the release, and others are asked."""
        if route.name != RENDERED:
            return reading
        self.site_texts.recall(reading.pages)
        met = [self.site_texts.meet(page, target.release_key, route.name) for page in reading.pages]
        return next(filter(None, met), reading)

    def _ask(self, route: Route, request: PortalRequest, validators: Validators) -> Answer | None:
        """The answer of a route; None of one that refused, and while the circuit breaker is open."""
        if route.name in self.refusing or self.client.is_open:
            return None
        answer = self.client.ask(request, etag=validators.etag, last_modified=validators.last_modified)
        return None if answer.barrier == "breaker" else answer

    def _note_trouble(self, request: PortalRequest, answer: Answer, reading: Reading, code: str | None) -> None:
        if closes_route(reading.outcome, answer.status, request.url, code):
            self.refusing[request.route] = reading.detail
        elif answer.barrier == "robots":
            self.forbidden[request.route] = reading.detail
        elif reading.outcome == "transport_error" and (reading.detail in self.failing or len(self.failing) < REASONS):
            self.failing[reading.detail] += 1
