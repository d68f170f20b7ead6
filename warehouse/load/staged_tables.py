"""The temporary tables and views that the SQL of a load reads: `staged_listing`, `staged_publisher` and so on."""

from collections.abc import Mapping
from datetime import date, datetime

import duckdb
import polars as pl

from warehouse.database.sql import literal_files
from warehouse.keys import key
from warehouse.normalise import publisher
from warehouse.reference.rows import Reference
from warehouse.stage.contracts import FETCH, HEADER, LISTING, REJECT, TEXT, TOPIC
from warehouse.stage.digests import Staged
from warehouse.stage.parts import INHERITED

CONTRACTS = {"listing": LISTING, "text": TEXT, "reject": REJECT, "header": HEADER, "fetch": FETCH, "topic": TOPIC}
"""What the files of each kind hold."""

FIRST_YEAR = 2019
"""The calendar begins no later than this."""


def stage_tables(con: duckdb.DuckDBPyConnection, staged: Staged, as_of: datetime | None) -> None:
    """Stage what was read: listings, texts, rejects, headers, the digests, their parts, and the releases touched."""
    for kind, contract in CONTRACTS.items():
        files = staged.files(kind)
        if not files:
            files = [staged.folder / f"{kind}-none.parquet"]
            contract.empty().write_parquet(files[0])
        con.execute(
            f"create or replace temp view staged_{kind} as "
            f"select * from read_parquet({literal_files(files)}, filename = true)"
        )
    _table(con, staged, "staged_file", _files(staged, as_of))
    _table(con, staged, "staged_part", _parts(staged))
    _table(con, staged, "staged_archive", _archive(staged))
    con.execute(
        """
        create temp table if not exists forgotten_release (release_key bigint, release_code varchar, portal_id bigint);
        create or replace temp table touched_release as
        with named as (
            select release_key, release_code, portal_id from staged_listing
            union all
            select release_key, release_code, portal_id from staged_fetch where content_key is not null
            union all
            from forgotten_release
        )

        select release_key, any_value(release_code) as release_code, any_value(portal_id) as portal_id
        from named group by release_key
        """
    )


def _archive(staged: Staged) -> pl.DataFrame:
    """How far each file of the archive of answers was read."""
    read_to = {"warc_file": list(staged.read_to), "bytes_loaded": list(staged.read_to.values())}
    return pl.DataFrame(read_to, schema={"warc_file": pl.String, "bytes_loaded": pl.Int64})


def _files(staged: Staged, as_of: datetime | None) -> pl.DataFrame:
    totals = {
        received.source_file_key: [part for part in staged.parts if part.source_file_key == received.source_file_key]
        for received in staged.digests
    }
    return pl.DataFrame(
        [
            {
                "source_file_key": received.source_file_key,
                "sha256": received.sha256,
                "path": received.path,
                "bytes": received.bytes,
                "first_seen_at": received.first_seen_at or as_of,
                "listings": sum(part.listings for part in parts),
                "headers": sum(part.headers for part in parts),
                "rejects": sum(part.rejects for part in parts),
                "blank_bytes": sum(part.blank_bytes for part in parts),
            }
            for received, parts in zip(staged.digests, totals.values(), strict=True)
        ],
        schema={
            "source_file_key": pl.Int64,
            "sha256": pl.String,
            "path": pl.String,
            "bytes": pl.Int64,
            "first_seen_at": pl.Datetime("us"),
            "listings": pl.Int64,
            "headers": pl.Int64,
            "rejects": pl.Int64,
            "blank_bytes": pl.Int64,
        },
    )


def _parts(staged: Staged) -> pl.DataFrame:
    """Where each part begins: listings and lines before it, and the section in force there."""
    begun: list[dict[str, object]] = []
    listings, lines, section = 0, 0, None
    for part in staged.parts:
        if part.part == 0:
            listings, lines, section = 0, 0, None
        begun.append(
            {
                "source_file_key": part.source_file_key,
                "part": part.part,
                "listings_before": listings,
                "lines_before": lines,
                "section_before": section,
            }
        )
        listings += part.listings
        lines += part.line_ends
        section = section if part.last_section == INHERITED else part.last_section
    return pl.DataFrame(
        begun,
        schema={
            "source_file_key": pl.Int64,
            "part": pl.Int32,
            "listings_before": pl.Int64,
            "lines_before": pl.Int64,
            "section_before": pl.String,
        },
    )


def stage_reference(con: duckdb.DuckDBPyConnection, staged: Staged, reference: Reference, as_of: datetime) -> None:
    """Stage the rows of the small dimensions: reference rows, and what is inferred for slugs listed by `as_of`."""
    regions = reference.regions.select(
        _keys("region", reference.regions["iso_code"]).alias("region_key"),
        "iso_code",
        "kato",
        "name_en",
        "name_ru",
        "name_kk",
        "kind",
    )
    _table(con, staged, "staged_region", regions)
    slugs = _strings(
        con,
        "select slug from staged_listing union select slug from publisher_version where valid_from <= $as_of",
        {"as_of": as_of},
    )
    reference_rows = reference.publishers.with_columns(is_known=pl.lit(value=True))

    def publishers(*parts: pl.DataFrame) -> pl.DataFrame:
        rows = pl.concat([reference_rows.clear(), *parts], how="diagonal")
        keyed = rows.with_columns(_keys("publisher", rows["slug"]).alias("publisher_key"))
        return keyed.join(regions.select("region_key", region_iso="iso_code"), on="region_iso", how="left").select(
            "publisher_key", "slug", "name_en", "name_ru", "name_kk", "kind", "region_key", "is_known", "note"
        )

    def inferred(slugs: pl.Series) -> pl.DataFrame:
        told = publisher.infer(slugs.sort(), reference.slug_families, reference.regions)
        return told.select("slug", "kind", "region_iso").with_columns(is_known=pl.lit(value=False))

    unknown = slugs.filter(~slugs.is_in(reference.publishers["slug"].implode()))
    _table(con, staged, "staged_publisher", publishers(reference_rows, inferred(unknown)))
    con.execute("create or replace temp table staged_slug as select slug, publisher_key from staged_publisher")
    # Inferred even where a reference row knows them: that row came with a load, and stands from then on.
    asked = _strings(con, "select distinct slug from staged_fetch where content_key is not null")
    _table(con, staged, "staged_portal_publisher", publishers(inferred(asked)))
    names = _strings(
        con,
        "select section from staged_listing union select section_before from staged_part "
        "union select name from dim_section union select '(none)'",
    )
    names = names.filter(names != INHERITED)
    sections = reference.sections.filter(pl.col("kind") == "section")["name"]
    is_known = names.is_in(sections.implode())
    named = pl.DataFrame({"section_key": _keys("section", names), "name": names, "is_known": is_known})
    _table(con, staged, "staged_section", named)
    dates = reference.portal_id_dates.select(
        pl.col("portal_id").cast(pl.Int64), pl.col("published_on").str.to_date("%Y-%m-%d")
    )
    _table(con, staged, "staged_portal_id_date", dates)


def _strings(con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None) -> pl.Series:
    found = con.execute(query, parameters and dict(parameters)).fetchall()
    return pl.Series([value for (value,) in found if value is not None], dtype=pl.String).sort()


def _keys(kind: str, names: pl.Series) -> pl.Series:
    return pl.Series("key", [key(kind, name) for name in names.to_list()], dtype=pl.Int64)


def stage_calendar(con: duckdb.DuckDBPyConnection, staged: Staged, as_of: datetime) -> tuple[date, date]:
    """The days the calendar must cover; stages the public holidays of the years it lacks."""
    in_use = con.execute(
        """
        select min(day), max(day)
        from (
            select unnest([min(listed_date), max(listed_date)]) as day from staged_listing
            union all select unnest([min(event_date), max(event_date)]) from staged_text
            union all select unnest([min(date), max(date)]) from dim_date
        )
        """
    ).fetchone()
    last_asked = con.execute("select max(requested_at) from staged_fetch").fetchone()
    as_of = max([as_of, *(moment for moment in last_asked or () if moment)])
    covered = con.execute("select min(year), max(year) from dim_date").fetchone()
    assert in_use is not None
    assert covered is not None
    first, last = in_use[0] or as_of.date(), in_use[1] or as_of.date()
    first_year, last_year = min(FIRST_YEAR, first.year), max(as_of.year + 2, last.year)
    holidays: dict[date, str] = {}
    if covered != (first_year, last_year):
        # Imported here because it takes longer than a small load, and is needed once.
        from holidays import country_holidays

        holidays = dict(country_holidays("KZ", years=range(first_year, last_year + 1)))
    frame = pl.DataFrame(
        {"date": list(holidays), "name": list(holidays.values())}, schema={"date": pl.Date, "name": pl.String}
    )
    _table(con, staged, "staged_holiday", frame)
    return date(first_year, 1, 1), date(last_year, 12, 31)


def _table(con: duckdb.DuckDBPyConnection, staged: Staged, name: str, frame: pl.DataFrame) -> None:
    """A temporary table with the rows of a frame, by way of a staged file: that spares importing pyarrow."""
    path = staged.folder / f"{name}.parquet"
    frame.write_parquet(path)
    con.execute(f"create or replace temp table {name} as select * from read_parquet({literal_files([path])})")
