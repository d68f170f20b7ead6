"""Which pages to visit in a run, and in which order: missing bodies first, then what has been due for longest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.errors import UsageError
from warehouse.keys import joined
from warehouse.portal.archive.verify import loaded_bytes
from warehouse.portal.archive.warc import archive_files
from warehouse.portal.exchange import LANGUAGES, Target
from warehouse.portal.visits.schedule import EARLY_SHARE, NEVER_EARLY
from warehouse.portal.visits.visit import Validators

ONLY = ("missing", "due", "all")
"""What can be asked for: releases without a body, pages that are due, or all pages."""


class PlannedVisit(NamedTuple):
    """A page to visit, and what the routes' last answers said about its version."""

    target: Target
    validators: dict[str, Validators]


@dataclass(frozen=True, slots=True)
class Wishes:
    """Which pages are asked for: of these publishers (all if none), languages and releases (all if None)."""

    only: str = "due"
    publishers: Sequence[str] = ()
    languages: Sequence[str] = LANGUAGES
    releases: Sequence[int] | None = None
    limit: int | None = None


DUE = Wishes()
"""All pages that are due."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The visits of a run in their order, chosen by `wishes`; `left` more pages are asked for, but beyond the limit.

    `loaded` is how many bytes of each file of the archive the warehouse had loaded when the pages were chosen.
    """

    visits: list[PlannedVisit]
    left: int
    wishes: Wishes
    loaded: Mapping[str, int]

    def is_outdated(self, answers: Path) -> bool:
        """Whether the archive in this folder has answers that came after the pages were chosen."""
        return any(path.stat().st_size > self.loaded.get(path.name, 0) for path in archive_files(answers))


def plan_visits(
    con: duckdb.DuckDBPyConnection, as_of: datetime, wishes: Wishes, early: timedelta = timedelta()
) -> Plan:
    """Choose pages, which are releases in a language.

    A page is due that was never visited, or whose last visit said so; `early` is by how much it may be asked before,
    see `warehouse.portal.visits.schedule`. Releases without a body must be due as well.
    Raises UsageError for wishes that no plan can follow.
    """
    _check_wishes(con, wishes)
    loaded = loaded_bytes(con)
    if wishes.releases is not None and not wishes.releases:
        return Plan([], 0, wishes, loaded)
    rows = con.execute(
        """
        with version as (
            select
                release_key,
                language_key,
                route,
                arg_max({'etag': etag, 'last_modified': last_modified}, row(requested_at, fetch_key)) as validators
            from fact_fetch
            where
                purpose = 'page'
                and content_key is not null
                and outcome <> 'not_the_release'
                -- A 304 may leave them out, and they stand as they were.
                and (http_status <> 304 or etag is not null or last_modified is not null)
            group by release_key, language_key, route
        ),

        validator as (
            select
                release_key,
                language_key,
                list([route, validators.etag, validators.last_modified] order by route) as routes
            from version
            where validators.etag is not null or validators.last_modified is not null
            group by release_key, language_key
        )

        select
            fact_release.release_key,
            fact_release.release_code,
            dim_publisher.slug,
            dim_language.code,
            validator.routes,
            count(*) over () as pages
        from fact_release
        inner join dim_publisher using (publisher_key)
        inner join dim_language on list_contains($languages, dim_language.code)
        left join mart_fetch_state as state
            on fact_release.release_key = state.release_key and dim_language.code = state.language
        left join validator
            on fact_release.release_key = validator.release_key and dim_language.language_key = validator.language_key
        where
            is_on_portal(fact_release.release_code)
            and (len($publishers) = 0 or list_contains($publishers, dim_publisher.slug))
            and (
                $releases is null
                or fact_release.release_key in (select unnest(cast(string_split($releases, ',') as bigint[])))
            )
            and ($only <> 'missing' or not fact_release.has_body)
            and (
                $only = 'all'
                or state.release_key is null
                or state.next_due_at <= $as_of + if(
                    list_contains($never_early, state.last_outcome),
                    interval 0 seconds,
                    least($early, to_microseconds(
                        (epoch_us(state.next_due_at) - epoch_us(state.last_visit_at)) // $early_share
                    ))
                )
            )
        order by
            fact_release.has_body,
            coalesce(state.next_due_at, fact_release.first_seen_at),
            fact_release.release_key desc,
            dim_language.code
        limit $limit
        """,
        {
            "only": wishes.only,
            "early": early,
            "early_share": EARLY_SHARE,
            "never_early": list(NEVER_EARLY),
            "as_of": as_of,
            "publishers": [slug.lower() for slug in wishes.publishers],
            "languages": list(wishes.languages),
            "releases": joined(wishes.releases) if wishes.releases else None,
            "limit": wishes.limit,
        },
    ).fetchall()
    visits = [
        PlannedVisit(
            Target(key, code, slug, language),
            {route: Validators(etag, last_modified) for route, etag, last_modified in routes or []},
        )
        for key, code, slug, language, routes, _ in rows
    ]
    return Plan(visits, rows[0][-1] - len(rows) if rows else 0, wishes, loaded)


def _check_wishes(con: duckdb.DuckDBPyConnection, wishes: Wishes) -> None:
    if wishes.only not in ONLY:
        raise UsageError(f"--only is “{wishes.only}”; it can be {', '.join(ONLY)}.")
    if unknown := [language for language in wishes.languages if language not in LANGUAGES]:
        raise UsageError(f"“{unknown[0]}” is no language of the portal; it publishes in {', '.join(LANGUAGES)}.")
    if wishes.limit is not None and wishes.limit < 1:
        raise UsageError(f"--limit is {wishes.limit}; it must be at least 1.")
    known = {slug for (slug,) in con.sql("select slug from dim_publisher").fetchall()}
    if unknown := [slug for slug in wishes.publishers if slug.lower() not in known]:
        near = get_close_matches(unknown[0], known, n=1)
        suggestion = f"; did you mean {near[0]}?" if near else "."
        raise UsageError(f"No publisher of the warehouse is called “{unknown[0]}”{suggestion}")
