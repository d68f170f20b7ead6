"""What is known of a page before an attempt at it: visits, content, when that changed, and what was begun.

A visit is what one run asks of one page. It has ended when a route brought the page, or said that the portal is asked
too often, or when all routes were asked that did not refuse the run. One that was cut short, by the end of its process
or the circuit breaker, is none: the page stays as due as it was, and what the same run still asks of it belongs to it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

from warehouse.keys import joined
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.read.routes import ROUTES
from warehouse.portal.visits.schedule import Visit
from warehouse.portal.visits.visit import LAST_OUTCOMES, closes_route, combine_outcomes

PageKey = tuple[int, str]
"""A release's key and a language."""

SEEN = ("ok", "unchanged", "picture_body", "video_body")
"""Outcomes that end whatever was before: failures in a row, and stretches of pages that are gone or empty."""


@dataclass(slots=True)
class History:
    """What is known of a page: its visits in the order of the archive, its last content, and when that last changed.

    Of the visits before one that saw the page the first alone is kept, for no other has a part in when it is due: a
    replay holds the histories of all pages. `content_by_route` is what the last answer of each route showed, for which
    a 304 stands.
    """

    visits: list[Visit] = field(default_factory=list)
    content_key: int | None = None
    edited_at: datetime | None = None
    content_by_route: dict[str, int] = field(default_factory=dict)
    _run_id: str = ""
    _begun: list[tuple[str, str]] = field(default_factory=list)
    _is_answered: bool = False

    def note(self, run_id: str, route: str, at: datetime, outcome: str, content_key: int | None) -> None:
        """Note an attempt at the page; `route` is "list" for a list that showed it."""
        if run_id != self._run_id:
            self._run_id, self._begun = run_id, []
        self._begun.append((route, outcome))
        self._is_answered = outcome in LAST_OUTCOMES
        if content_key is not None:
            if self.content_key not in {None, content_key}:
                self.edited_at = at
            self.content_key = self.content_by_route[route] = content_key

    def find_outcome(self, refusing: Collection[str]) -> str | None:
        """What the visit found, where it has ended; `refusing` are the routes that refused its run."""
        routes, outcomes = zip(*self._begun, strict=True)
        if self._is_answered or {route.name for route in ROUTES} <= {*routes, *refusing}:
            return combine_outcomes(outcomes)
        return None

    def end(self, at: datetime, outcome: str) -> None:
        """Note the end of a visit."""
        if outcome in SEEN:
            del self.visits[1:]
        self.visits.append(Visit(at, outcome))
        self._begun = []


def recall(con: duckdb.DuckDBPyConnection, pages: Collection[PageKey]) -> dict[PageKey, History]:
    """What the warehouse knows of pages."""
    histories = {page: History() for page in pages}
    rows = con.execute(
        """
        select
            release_key, code, run_id, if(purpose = 'list', 'list', route),
            requested_at, first_outcome, content_key,
            -- As it was before its text was learnt to be the site's: a page that is shown ends its visit.
            if(outcome <> first_outcome and visit_outcome is not null, first_outcome, visit_outcome)
        from fact_fetch inner join dim_language using (language_key)
        where release_key in (select unnest(cast(string_split($releases, ',') as bigint[])))
        order by warc_file, warc_offset
        """,
        {"releases": joined({release for release, _ in pages})},
    )
    for release, language, run_id, route, at, outcome, content, visit_outcome in rows.fetchall():
        if history := histories.get((release, language)):
            history.note(run_id, route, at, outcome, content)
            if visit_outcome is not None:
                history.end(at, visit_outcome)
    return histories


@dataclass(slots=True)
class Refusals:
    """Which routes were closed to which run."""

    con: duckdb.DuckDBPyConnection
    _routes: dict[str, set[str]] = field(default_factory=dict)

    def recall(self, run_ids: Iterable[str]) -> None:
        """Fetch what the warehouse knows of runs that were not met before."""
        new = sorted(set(run_ids) - self._routes.keys())
        if not new:
            return
        self._routes |= {run_id: set() for run_id in new}
        refused = self.con.execute(
            """
            select distinct run_id, route, outcome, http_status, url, release_code from fact_fetch
            where outcome = 'refused' and run_id in (select unnest($runs))
            """,
            {"runs": new},
        )
        for run_id, route, outcome, http_status, url, code in refused.fetchall():
            if closes_route(outcome, http_status, url, code):
                self._routes[run_id].add(route)

    def note(self, attempt: Attempt, outcome: str) -> None:
        """Note an attempt and its outcome."""
        if closes_route(outcome, attempt.answer.status, attempt.request.url, attempt.code):
            self._routes[attempt.run_id].add(attempt.request.route)

    def of(self, run_id: str) -> set[str]:
        """The routes that refused a run so far."""
        return self._routes[run_id]
