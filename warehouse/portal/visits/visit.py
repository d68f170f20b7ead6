"""Visit a page: ask for it along the routes, and archive every attempt before it is read.

A route that refuses is not asked again in the same run. What robots.txt forbids holds for an address: a route that has
another one for each page goes on being asked. A visit ends with the first route that brings the page, or that says the
portal is asked too often; a page that one route denies is asked for along the others too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from warehouse.errors import UsageError
from warehouse.keys import release_key
from warehouse.portal.archive.warc import Archive, Attempt
from warehouse.portal.exchange import Answer, Page, PortalRequest, Reading, Target
from warehouse.portal.read import names as asked
from warehouse.portal.read.routes import ROUTES, Route
from warehouse.portal.request.client import Client

FOUND = ("ok", "unchanged", "no_body")
"""Outcomes that show the page."""

ENDS = (*FOUND, "throttled")
"""Outcomes after which no other route is asked in a visit."""


class Validators(NamedTuple):
    """What an earlier answer of a route said about its version, for asking whether it changed."""

    etag: str | None
    last_modified: str | None


class Visit(NamedTuple):
    """How a visit ended: its outcome, a sentence about it, and the seconds of its slowest answer."""

    outcome: str
    detail: str
    slowest_s: float


def visit_outcome(outcomes: Sequence[str]) -> str:
    """What all attempts of a visit say together.

    The page was found where one attempt found it, and is denied where all say so. Anything else is what kept it from
    being known: the last outcome that is neither.
    """
    for outcome in outcomes:
        if outcome in FOUND:
            return outcome
    return next((outcome for outcome in reversed(outcomes) if outcome != "not_found"), "not_found")


def is_refusal(outcome: str, http_status: int | None, url: str, code: str | None) -> bool:
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


def read_list(route: Route, answer: Answer, slug: str, language: str) -> Reading:
    """What an answer lists, each release once; what has no title, or no code that can be asked for, is left out."""
    reading = route.read_list(answer, slug, language)
    pages: dict[int, Page] = {}
    for page in reading.pages:
        if page.title.strip() and _is_code(page.code):
            pages.setdefault(release_key(page.code)[0], page)
    if len(pages) == len(reading.pages):
        return reading
    left = f"{len(reading.pages) - len(pages)} of {len(reading.pages)} releases have no title, no code, or come twice."
    return Reading(reading.outcome, f"{reading.detail} {left}".strip(), tuple(pages.values()))


def _is_code(code: str) -> bool:
    try:
        return bool(asked.name(code))
    except UsageError:
        return False


@dataclass(slots=True)
class Visitor:
    """Visits pages and lists of the portal in one run.

    `refusing` says which routes refused, and how: they are not asked again. `forbidden` says of which routes
    robots.txt forbade an address.
    """

    client: Client
    archive: Archive
    run_id: str
    base_url: str
    routes: tuple[Route, ...] = ROUTES
    refusing: dict[str, str] = field(default_factory=dict)
    forbidden: dict[str, str] = field(default_factory=dict)

    def visit(self, target: Target, validators: Mapping[str, Validators] | None = None) -> Visit | None:
        """Visit a page; `validators` by route. None where nothing could be asked: all routes refuse, or pause.

        Raises UsageError, and nothing is asked, for a code, slug or language that cannot be asked for.
        """
        requests = {route.name: route.page_request(self.base_url, target) for route in self.routes}
        readings: list[Reading] = []
        slowest = 0.0
        for route in self.routes:
            if route.name in self.refusing or self.client.is_open:
                continue
            known = (validators or {}).get(route.name, Validators(None, None))
            request = requests[route.name]
            answer = self.client.ask(request, etag=known.etag, last_modified=known.last_modified)
            if answer.withheld == "breaker":
                break
            self.archive.append(Attempt.page(self.run_id, target, request, answer))
            reading = read_page(route, answer, target)
            if is_refusal(reading.outcome, answer.status, request.url, target.code):
                self.refusing[route.name] = reading.detail
            elif answer.withheld == "robots":
                self.forbidden[route.name] = reading.detail
            readings.append(reading)
            slowest = max(slowest, answer.duration_s)
            if reading.outcome in ENDS:
                break
        if not readings:
            return None
        return Visit(visit_outcome([reading.outcome for reading in readings]), readings[-1].detail, slowest)

    def newest(self, slug: str, language: str, page: int, size: int) -> Reading | None:
        """A page (from 1) of a publisher's releases, newest first, from the first route that brings it."""
        reading = None
        for route in self.routes:
            if route.name in self.refusing or self.client.is_open:
                continue
            request = route.list_request(self.base_url, slug, language, page, size)
            if request is None:
                continue
            answer = self.client.ask(request)
            if answer.withheld == "breaker":
                break
            self.archive.append(self._of_list(slug, language, request, answer))
            reading = read_list(route, answer, slug, language)
            if is_refusal(reading.outcome, answer.status, request.url, None):
                self.refusing[route.name] = reading.detail
            elif answer.withheld == "robots":
                self.forbidden[route.name] = reading.detail
            if reading.outcome in ENDS:
                break
        return reading

    def _of_list(self, slug: str, language: str, request: PortalRequest, answer: Answer) -> Attempt:
        return Attempt(self.run_id, "list", slug, language, request, answer)
