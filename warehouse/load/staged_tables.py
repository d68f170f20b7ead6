"""The temporary tables and views that the SQL of a load reads: `staged_listing`, `staged_publisher` and so on."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from warehouse.clock import day_of
from warehouse.database.sql import literal_files
from warehouse.keys import key
from warehouse.normalise import publisher
from warehouse.reference.holidays import load_holidays
from warehouse.reference.rows import Reference
from warehouse.stage.contracts import FETCH, HEADER, LISTING, REJECT, TEXT, TOPIC
from warehouse.stage.digests import Staging
from warehouse.stage.parts import INHERITED, PartCounts

CONTRACTS = {"listing": LISTING, "text": TEXT, "reject": REJECT, "header": HEADER, "fetch": FETCH, "topic": TOPIC}
"""What the files of each kind hold."""

FIRST_YEAR = 2019
"""The calendar begins no later than this."""


def create_staged_tables(con: duckdb.DuckDBPyConnection, staging: Staging, as_of: datetime | None) -> None:
    """Create views of the staged files and tables of the digests, their parts, and the releases touched."""
    for kind, contract in CONTRACTS.items():
        files = staging.files(kind)
        if not files:
            files = [staging.folder / f"{kind}-none.parquet"]
            contract.frame().write_parquet(files[0])
        # Which of two files brings a text is decided by their names.
        with_name = ", filename = true" if kind == "text" else ""
        con.execute(
            f"create or replace temp view staged_{kind} as "
            f"select * from read_parquet({literal_files(files)}{with_name})"
        )
    parts = pl.DataFrame(staging.parts, schema=pl.Schema(PartCounts.__annotations__))
    _table(con, staging, "staged_file", _files(staging, parts, as_of))
    _table(con, staging, "staged_part", _parts(parts))
    read_to = pl.DataFrame([*staging.read_to.items()], schema={"warc_file": str, "bytes_loaded": int}, orient="row")
    _table(con, staging, "staged_archive", read_to)
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


def _files(staging: Staging, parts: pl.DataFrame, as_of: datetime | None) -> pl.DataFrame:
    """The digests: the columns of `source_file`."""
    digests = pl.DataFrame(
        [
            (
                *(digest.source_file_key, digest.sha256, digest.path, _archive_path(digest.archived)),
                *(digest.bytes, digest.first_seen_at or as_of),
            )
            for digest in staging.digests
        ],
        schema={
            "source_file_key": int,
            "sha256": str,
            "path": str,
            "archive_path": str,
            "bytes": int,
            "first_seen_at": datetime,
        },
        orient="row",
    )
    counts = parts.group_by("source_file_key").agg(pl.col("listings", "headers", "rejects", "blank_bytes").sum())
    return digests.join(counts, on="source_file_key")


def _archive_path(archived: Path) -> str:
    """The path of an archived digest, seen from the warehouse's folder: a rebuild reads it from elsewhere."""
    return "/".join(archived.parts[-archived.parts[::-1].index("archive") - 1 :])


def _parts(parts: pl.DataFrame) -> pl.DataFrame:
    """Where each part begins: `listings_before` and `lines_before` it, and `section_before`, the one in force there."""
    # An empty text stands for no section, since NULL stands for that of the part before.
    section = pl.col("last_section").fill_null("")
    before = {
        "listings_before": pl.col("listings").cum_sum() - pl.col("listings"),
        "lines_before": pl.col("line_ends").cum_sum() - pl.col("line_ends"),
        "section_before": pl.when(section != INHERITED).then(section).forward_fill().shift(1).replace("", None),
    }
    return parts.select(
        "source_file_key", "part", *(column.over("source_file_key").alias(name) for name, column in before.items())
    )


def create_reference_tables(
    con: duckdb.DuckDBPyConnection, staging: Staging, reference: Reference, as_of: datetime
) -> None:
    """Create tables for the small dimensions: reference rows, and what is inferred for slugs listed by `as_of`."""
    regions = reference.regions.select(
        _keys("region", reference.regions["iso_code"]).alias("region_key"),
        "iso_code",
        "kato",
        "name_en",
        "name_ru",
        "name_kk",
        "kind",
    )
    _table(con, staging, "staged_region", regions)
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

    def infer(slugs: pl.Series) -> pl.DataFrame:
        inferred = publisher.infer(slugs, reference.slug_families, reference.regions)
        return inferred.with_columns(is_known=pl.lit(value=False))

    unknown = slugs.filter(~slugs.is_in(reference.publishers["slug"].implode()))
    _table(con, staging, "staged_publisher", publishers(reference_rows, infer(unknown)))
    con.execute("create or replace temp table staged_slug as select slug, publisher_key from staged_publisher")
    # Inferred even where a reference row knows them: that row came with a load, and stands from then on.
    fetched = _strings(con, "select distinct slug from staged_fetch where content_key is not null")
    _table(con, staging, "staged_portal_publisher", publishers(infer(fetched)))
    names = _strings(
        con,
        "select section from staged_listing union select section_before from staged_part "
        "union select name from dim_section union select '(none)'",
    )
    names = names.filter(names != INHERITED)
    sections = reference.sections.filter(pl.col("kind") == "section")["name"]
    is_known = names.is_in(sections.implode())
    rows = pl.DataFrame({"section_key": _keys("section", names), "name": names, "is_known": is_known})
    _table(con, staging, "staged_section", rows)
    dates = reference.portal_id_dates.select(
        pl.col("portal_id").cast(pl.Int64), pl.col("published_on").str.to_date("%Y-%m-%d")
    )
    _table(con, staging, "staged_portal_id_date", dates)


def _strings(con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None) -> pl.Series:
    values = con.execute(query, parameters and dict(parameters)).fetchall()
    return pl.Series([value for (value,) in values if value is not None], dtype=pl.String).sort()


def _keys(kind: str, names: pl.Series) -> pl.Series:
    return pl.Series("key", [key(kind, name) for name in names.to_list()], dtype=pl.Int64)


def create_holiday_table(con: duckdb.DuckDBPyConnection, staging: Staging, as_of: datetime) -> tuple[date, date]:
    """Create the table of public holidays of the years that the calendar lacks; returns the days it must cover."""
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
    last_fetch = con.execute("select max(requested_at) from staged_fetch").fetchone()
    as_of = max([as_of, *(moment for moment in last_fetch or () if moment)])
    covered = con.execute("select min(year), max(year) from dim_date").fetchone()
    assert in_use is not None
    assert covered is not None
    first, last = in_use[0] or day_of(as_of), in_use[1] or day_of(as_of)
    first_year, last_year = min(FIRST_YEAR, first.year), max(as_of.year + 2, last.year)
    if covered == (first_year, last_year):
        con.execute("create or replace temp table staged_holiday (date date, name varchar)")
    else:
        _table(con, staging, "staged_holiday", load_holidays(first_year, last_year))
    return date(first_year, 1, 1), date(last_year, 12, 31)


def _table(con: duckdb.DuckDBPyConnection, staging: Staging, name: str, frame: pl.DataFrame) -> None:
    """A temporary table with the rows of a frame, by way of a staged file: that spares importing pyarrow."""
    path = staging.folder / f"{name}.parquet"
    frame.write_parquet(path)
    con.execute(f"create or replace temp table {name} as select * from read_parquet({literal_files([path])})")
