"""Ask gov.kz for publishers' newest releases: list them, then load them as `runs.pages` does."""

import logging
from collections.abc import Sequence
from datetime import datetime

from warehouse.clock import midnight, parse_day
from warehouse.database.connection import reading
from warehouse.errors import UsageError
from warehouse.portal.exchange import LANGUAGES, PAGE_OUTCOMES
from warehouse.portal.read.names import is_name
from warehouse.portal.visits.tally import Tally
from warehouse.portal.visits.visit import Visitor
from warehouse.reference.rows import load_reference
from warehouse.runs.load_run import LoadRun, Progress
from warehouse.runs.pages import finish, load_unloaded, parse, small_run
from warehouse.runs.run import Run
from warehouse.runs.visits import visiting
from warehouse.settings import Settings

log = logging.getLogger(__name__)

LIST_SIZE = 50
"""How many releases a request for a list asks for."""

MOST_PAGES = 200
"""How many pages of a publisher's list a run requests at most."""


def list_newest(run: Run, publishers: Sequence[str] = (), since: str | None = None, limit: int | None = None) -> Tally:
    """Ask for the newest releases of publishers in each language, back to the day `since` or `limit` of each.

    Without publishers, of all that are known; without a day and a limit, one page of each list. Raises UsageError for
    text that is no day.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit is {limit}; it must be at least 1.")
    back_to = midnight(parse_day(since)) if since else None
    load_unloaded(run.settings, run.load_run.as_of)
    slugs = publishers or _known_publishers(run.settings)
    tally = run.load_run.tally = Tally("lists")
    with run.step("fetch"), visiting(run, tally) as visitor:
        count = run.counter("fetch", len(slugs) * len(LANGUAGES))
        for slug in slugs:
            for language in LANGUAGES:
                _list(visitor, tally, (slug, language), back_to, limit)
                count(1)
    return tally


def discover(
    settings: Settings,
    publishers: Sequence[str] = (),
    *,
    since: str | None = None,
    limit: int | None = None,
    as_of: datetime | str | None = None,
    progress: Progress = lambda step, done, total: None,
) -> LoadRun:
    """List the newest releases of publishers, load those that no digest named and publish them."""
    with small_run(settings, as_of, "discover", progress=progress) as run:
        list_newest(run, publishers, since, limit)
        return finish(run, parse(run))


def _list(visitor: Visitor, tally: Tally, which: tuple[str, str], back_to: datetime | None, limit: int | None) -> None:
    """Ask for the list of a publisher and language, page by page."""
    # All pages have one size: the list must continue at page 2 where page 1 ends.
    size = LIST_SIZE if limit is None else -(-limit // -(-limit // LIST_SIZE))
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        try:
            answer = visitor.newest(*which, page, size)
        except UsageError as error:
            log.warning("%s", error)
            return
        if answer is None:
            tally.left += 1
            return
        tally.note(answer.outcome, f"{' '.join(which)}, page {page}", 0.0)
        if page > 1 and answer.outcome not in PAGE_OUTCOMES:
            tally.left += 1  # the portal does not say how much of the list is left
            return
        new = {each.code for each in answer.pages} - seen
        seen |= new
        dates = [each.published_at for each in answer.pages if each.published_at is not None]
        is_enough = len(seen) >= limit if limit is not None else back_to is None
        is_old = back_to is not None and (not dates or min(dates) < back_to)
        # A page may be shorter than requested; the list ends at one with nothing new.
        if not new or is_enough or is_old:
            return


def _known_publishers(settings: Settings) -> list[str]:
    """The slugs of the publishers in the warehouse, the busiest first; without one, those of the reference rows."""
    if not settings.published.exists():
        slugs = load_reference(settings.seeds).publishers["slug"].to_list()
        return [slug for slug in slugs if is_name(slug)]
    with reading(settings.published) as con:
        rows = con.execute(
            """
            select slug from dim_publisher left join fact_release using (publisher_key)
            group by slug order by count(fact_release.release_key) desc, slug
            """
        ).fetchall()
    # Those of other sites than gov.kz have a host for a slug, and no list there.
    return [slug for (slug,) in rows if is_name(slug)]
