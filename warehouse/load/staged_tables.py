"""The temporary tables and views that the SQL of a load reads: `staged_listing`, `staged_publisher` and so on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import duckdb
import polars as pl

from warehouse.clock import day_of
from warehouse.database.sql import create_table, literal_files
from warehouse.keys import key
from warehouse.normalise import publisher
from warehouse.reference.holidays import load_holidays
from warehouse.reference.rows import Reference
from warehouse.stage.digests import Staging
from warehouse.stage.parts import INHERITED

KINDS = ("listing", "text", "reject", "header", "fetch", "topic")
"""The kinds of staged files; a load has a view of each that it has files of."""

NO_SECTION = "(none)"
"""The section of listings above which no header stands."""

FIRST_YEAR = 2019
"""The calendar begins no later than this."""

FILE = {
    "source_file_key": "bigint",
    "sha256": "varchar",
    "path": "varchar",
    "archive_path": "varchar",
    "bytes": "bigint",
    "first_seen_at": "timestamp",
    "listings": "bigint",
    "headers": "bigint",
    "rejects": "bigint",
    "blank_bytes": "bigint",
}
"""The columns of `source_file`."""

PART = {
    "source_file_key": "bigint",
    "part": "integer",
    "listings_before": "bigint",
    "lines_before": "bigint",
    "section_before": "varchar",
}
"""Where a part of a digest begins: what stands before it, and the section in force there."""


def create_staged_tables(con: duckdb.DuckDBPyConnection, staging: Staging, as_of: datetime | None) -> None:
    """Create views of the staged files, tables of digests and their parts, and empty ones for the releases touched."""
    for kind in KINDS:
        if files := staging.files(kind):
            # Which of two files brings a text is decided by their names.
            with_name = ", filename = true" if kind == "text" else ""
            con.execute(
                f"create or replace temp view staged_{kind} as "
                f"select * from read_parquet({literal_files(files)}{with_name})"
            )
    create_table(con, "staged_file", FILE, _files(staging, as_of))
    create_table(con, "staged_part", PART, _parts(staging))
    if staging.read_to:
        columns = {"warc_file": "varchar", "bytes_loaded": "bigint"}
        create_table(con, "staged_archive", columns, staging.read_to.items())
    con.execute(
        """
        create or replace temp table touched_release (release_key bigint, release_code varchar, portal_id bigint);
        create or replace temp table release_again (release_key bigint, listings bigint);
        """
    )


def _files(staging: Staging, as_of: datetime | None) -> Iterator[tuple[object, ...]]:
    """The digests, as rows of `FILE`."""
    counts: dict[int, list[int]] = {}
    for part in staging.parts:
        before = counts.get(part.source_file_key, [0, 0, 0, 0])
        found = (part.listings, part.headers, part.rejects, part.blank_bytes)
        counts[part.source_file_key] = [sum(pair) for pair in zip(before, found, strict=True)]
    for digest in staging.digests:
        yield (
            *(digest.source_file_key, digest.sha256, digest.path, _archive_path(digest.archived), digest.bytes),
            *(digest.first_seen_at or as_of, *counts[digest.source_file_key]),
        )


def _archive_path(archived: Path) -> str:
    """The path of an archived digest, seen from the warehouse's folder: a rebuild reads it from elsewhere."""
    return "/".join(archived.parts[-archived.parts[::-1].index("archive") - 1 :])


def _parts(staging: Staging) -> Iterator[tuple[object, ...]]:
    """The parts of digests, as rows of `PART`; the parts of a digest follow each other."""
    digest, listings, lines, section = None, 0, 0, None
    for part in staging.parts:
        if part.source_file_key != digest:
            digest, listings, lines, section = part.source_file_key, 0, 0, None
        yield part.source_file_key, part.part, listings, lines, section
        listings += part.listings
        lines += part.line_ends
        section = section if part.last_section == INHERITED else part.last_section


@dataclass(frozen=True, slots=True)
class News:
    """What a load may have that the small dimensions lack.

    `slugs` are those listed that no publisher had then, `sections` the names that are none of `dim_section`; `days` the
    first and the last in use, None where nothing names one.
    """

    slugs: list[str]
    sections: list[str]
    days: tuple[date | None, date | None]
    calendar: tuple[int | None, int | None]
    """The first and the last year of `dim_date`."""
    has_answers: bool
    """Whether the warehouse has answers of gov.kz."""


def look_for_news(con: duckdb.DuckDBPyConnection, staging: Staging, as_of: datetime) -> News:
    """What is staged that the small dimensions may lack, as they stood at `as_of`."""
    listed = "select slug, section, min(listed_date) as first_day, max(listed_date) as last_day from staged_listing"
    if not staging.files("listing"):
        listed = "select null as slug, null as section, null::date as first_day, null::date as last_day"
    events = "select unnest([min(event_date), max(event_date)]) from staged_text" if staging.files("text") else ""
    found = con.execute(
        f"""
        with listed as ({listed} group by all)

        select
            list(distinct slug order by slug)
            filter (
                slug is not null and slug not in (select slug from publisher_version where valid_from <= $as_of)
            ),
            list(distinct section),
            (select list(name) from dim_section),
            (
                select row(min(day), max(day))
                from (
                    select unnest([first_day, last_day]) as day from listed
                    union all select unnest([min(date), max(date)]) from dim_date
                    {events and "union all " + events}
                )
            ),
            (select row(min(year), max(year)) from dim_date),
            exists (select 1 from fact_fetch)
        from listed
        """,
        {"as_of": as_of},
    ).fetchone()
    assert found is not None
    slugs, sections, known, days, calendar, has_answers = found
    names = {*(sections or ()), *(part.last_section for part in staging.parts), NO_SECTION} - {INHERITED, None}
    new = sorted(names - {*(known or ())})
    return News(slugs or [], new, (*days,), (*calendar,), has_answers)


REGION = dict.fromkeys(("iso_code", "kato", "name_en", "name_ru", "name_kk", "kind"), "varchar")
"""The columns of `dim_region` but for its key, as reference rows have them."""

NAMES = dict.fromkeys(("slug", "name_en", "name_ru", "name_kk", "kind"), "varchar")
PUBLISHER = {"publisher_key": "bigint", **NAMES, "region_key": "bigint", "is_known": "boolean", "note": "varchar"}
"""The columns of `publisher_version` but for since when it is known."""


def create_reference_tables(
    con: duckdb.DuckDBPyConnection, reference: Reference, slugs: Iterable[str], as_of: datetime
) -> None:
    """Create tables of what reference rows say, and of what is inferred for `slugs` and those known by `as_of`.

    They are `staged_region`, `staged_publisher` and `staged_portal_id_date`.
    """
    regions = reference.regions.select(*REGION).rows()
    columns = {"region_key": "bigint", **REGION}
    create_table(con, "staged_region", columns, ((key("region", region[0]), *region) for region in regions))
    known = con.execute("select distinct slug from publisher_version where valid_from <= $as_of", {"as_of": as_of})
    rows = reference.publishers.select(*NAMES, "region_iso", "note").rows()
    unknown = {*slugs, *(slug for (slug,) in known.fetchall())} - {slug for slug, *_ in rows}
    stated = (
        (key("publisher", slug), slug, *words, _region_key(region), True, note) for slug, *words, region, note in rows
    )
    create_table(con, "staged_publisher", PUBLISHER, chain(stated, _infer(unknown, reference)))
    dates = reference.portal_id_dates.select("portal_id", "published_on").rows()
    create_table(con, "staged_portal_id_date", {"portal_id": "bigint", "published_on": "date"}, dates)


def create_portal_publisher_table(con: duckdb.DuckDBPyConnection, staging: Staging, reference: Reference) -> None:
    """Create `staged_portal_publisher`: what is inferred for the slugs that staged answers speak of.

    Inferred even where a reference row knows them: that row came with a load, and stands from then on.
    """
    fetched = "select distinct slug from staged_fetch where content_key is not null"
    slugs = con.execute(fetched).fetchall() if staging.files("fetch") else ()
    create_table(con, "staged_portal_publisher", PUBLISHER, _infer({slug for (slug,) in slugs}, reference))


def _infer(slugs: Iterable[str], reference: Reference) -> Iterator[tuple[object, ...]]:
    """What is inferred for slugs, as rows of `PUBLISHER`."""
    inferred = publisher.infer(pl.Series(sorted(slugs), dtype=pl.String), reference.slug_families, reference.regions)
    for slug, kind, region in inferred.iter_rows():
        yield key("publisher", slug), slug, None, None, None, kind, _region_key(region), False, None


def _region_key(iso_code: str | None) -> int | None:
    return None if iso_code is None else key("region", iso_code)


def create_section_table(con: duckdb.DuckDBPyConnection, reference: Reference, names: Iterable[str]) -> None:
    """Create `staged_section`: sections of these names and those known, and whether the reference rows have them."""
    known = con.execute("select name from dim_section").fetchall()
    stated = {name for name, kind in reference.sections.select("name", "kind").iter_rows() if kind == "section"}
    columns = {"section_key": "bigint", "name": "varchar", "is_known": "boolean"}
    every = sorted({*names, *(name for (name,) in known)})
    create_table(con, "staged_section", columns, ((key("section", name), name, name in stated) for name in every))


def create_holiday_table(con: duckdb.DuckDBPyConnection, news: News, as_of: datetime) -> tuple[date, date] | None:
    """Create `staged_holiday` for the calendar's years; returns the days to be covered, None where they are already.

    `as_of` is the latest moment of the load, answers included.
    """
    first, last = news.days[0] or day_of(as_of), news.days[1] or day_of(as_of)
    years = min(FIRST_YEAR, first.year), max(as_of.year + 2, last.year)
    if news.calendar == years:
        return None
    create_table(con, "staged_holiday", {"date": "date", "name": "varchar"}, load_holidays(*years).rows())
    return date(years[0], 1, 1), date(years[1], 12, 31)
