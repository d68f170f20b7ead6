"""Load what is staged into the star, inside the caller's transaction.

The order of loading is written once, in `STEPS`; each step is the file of its name in `sql/load/`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from warehouse import publisher
from warehouse.batch import INHERITED, KNOWN
from warehouse.contracts import HEADER, LISTING, REJECT, TEXT
from warehouse.database import SQL, literal_files, run_sql
from warehouse.keys import key
from warehouse.reference import Reference
from warehouse.stage import Staged

STEPS = (
    "source_file",
    "source_header",
    "rejected_record",
    "portal_id_date",
    "region_version",
    "publisher_version",
    "dim_section",
    "dim_date",
    "text_content",
    "fact_listing",
    "fact_release",
)
"""The tables in the order they are loaded."""

FIRST_YEAR = 2019
"""The calendar begins no later than this."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in rows."""

    releases_new: int
    releases_changed: int
    releases_unchanged: int
    without_body: int


def load_staged(
    con: duckdb.DuckDBPyConnection,
    staged: Staged,
    reference: Reference,
    as_of: datetime,
    progress: Callable[[str], None] = lambda _: None,
) -> Loaded:
    """Load staged frames and reference rows; `as_of` is UTC without zone. Run it inside a transaction.

    Leaves the temporary tables `scope_file` and `scope_release` with what it touched.
    """
    _stage_views(con, staged, as_of)
    _stage_reference(con, staged, reference, as_of)
    first_day, last_day = _calendar(con, staged, as_of)
    parameters = {"as_of": as_of, "first_day": first_day, "last_day": last_day}
    for step in STEPS:
        progress(step)
        run_sql(con, SQL / "load" / f"{step}.sql", parameters)
    con.execute("create or replace temp table scope_file as select source_file_key from staged_file")
    con.execute("create or replace temp table scope_release as select release_key from touched_release")
    counted = con.execute(
        """
        select
            count(*) filter (release_before.release_key is null),
            count(*) filter (release_before.version_count <> fact_release.version_count),
            count(*) filter (release_before.version_count = fact_release.version_count),
            count(*) filter (not fact_release.has_body)
        from touched_release
        inner join fact_release using (release_key)
        left join release_before using (release_key)
        """
    ).fetchone()
    assert counted is not None
    return Loaded(*counted)


def stage_known_contents(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the keys of all contents that the warehouse has to the staged file `batch.KNOWN`."""
    path = {"path": str(folder / KNOWN)}
    con.execute("copy (select content_key from text_content order by content_key) to $path (format parquet)", path)


def is_known_already(con: duckdb.DuckDBPyConnection, staged: Staged) -> bool:
    """Whether digests read again gave just what is stored of them."""
    if any(part.new_contents for part in staged.parts):
        return False
    _stage_views(con, staged, datetime.min)
    same = con.execute(
        """
        with again as (
            select count(*) as listings, bit_xor(hash(
                source_file_key, byte_start, byte_end, release_key, content_key, title, url,
                strftime(listed_date, '%Y%m%d')::integer, dated_lines_in_body
            )) as content
            from staged_listing
        ),
        stored as (
            select count(*) as listings, bit_xor(hash(
                source_file_key, byte_start, byte_end, release_key, content_key, title, url,
                listed_date_key, dated_lines_in_body
            )) as content
            from fact_listing
            where source_file_key in (select source_file_key from staged_file)
        )
        select
            again.listings = stored.listings
            and again.content is not distinct from stored.content
            and not exists (
                select source_file_key, listings, headers, rejects, blank_bytes from staged_file
                except
                select source_file_key, listings, headers, rejects, blank_bytes from source_file
            )
        from again, stored
        """
    ).fetchone()
    return same == (True,)


def _stage_views(con: duckdb.DuckDBPyConnection, staged: Staged, as_of: datetime) -> None:
    for kind, contract in {"listing": LISTING, "text": TEXT, "reject": REJECT, "header": HEADER}.items():
        files = staged.files(kind)
        if not files:
            files = [staged.folder / f"{kind}-none.parquet"]
            contract.empty().write_parquet(files[0])
        con.execute(
            f"create or replace temp view staged_{kind} as "  # noqa: S608 - names of our own files, quoted
            f"select * from read_parquet({literal_files(files)}, filename = true)"
        )
    _table(con, staged, "staged_file", _files(staged, as_of))
    _table(con, staged, "staged_part", _parts(staged))
    con.execute(
        """
        create or replace temp table touched_release as
        select release_key, any_value(release_code) as release_code, any_value(portal_id) as portal_id
        from staged_listing group by release_key
        """
    )


def _files(staged: Staged, as_of: datetime) -> pl.DataFrame:
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


def _stage_reference(con: duckdb.DuckDBPyConnection, staged: Staged, reference: Reference, as_of: datetime) -> None:
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
    unknown = slugs.filter(~slugs.is_in(reference.publishers["slug"].implode())).sort()
    inferred = publisher.infer(unknown, reference.slug_families, reference.regions)
    publishers = pl.concat(
        [
            reference.publishers.with_columns(is_known=pl.lit(True)),
            inferred.select("slug", "kind", "region_iso").with_columns(is_known=pl.lit(False)),
        ],
        how="diagonal",
    )
    publishers = publishers.with_columns(_keys("publisher", publishers["slug"]).alias("publisher_key")).join(
        regions.select("region_key", region_iso="iso_code"), on="region_iso", how="left"
    )
    columns = ["publisher_key", "slug", "name_en", "name_ru", "name_kk", "kind", "region_key", "is_known", "note"]
    _table(con, staged, "staged_publisher", publishers.select(columns))
    con.execute("create or replace temp table staged_slug as select slug, publisher_key from staged_publisher")
    names = _strings(
        con,
        "select section from staged_listing union select section_before from staged_part "
        "union select name from dim_section union select '(none)'",
    )
    names = names.filter(names != INHERITED)
    sections = reference.sections.filter(pl.col("kind") == "section")["name"]
    _table(
        con,
        staged,
        "staged_section",
        pl.DataFrame({"section_key": _keys("section", names), "name": names, "is_known": names.is_in(sections.implode())}),
    )
    dates = reference.portal_id_dates.select(
        pl.col("portal_id").cast(pl.Int64), pl.col("published_on").str.to_date("%Y-%m-%d")
    )
    _table(con, staged, "staged_portal_id_date", dates)


def _strings(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> pl.Series:
    found = con.execute(query, parameters and dict(parameters)).fetchall()
    return pl.Series([value for (value,) in found if value is not None], dtype=pl.String).sort()


def _keys(kind: str, names: pl.Series) -> pl.Series:
    return pl.Series("key", [key(kind, name) for name in names.to_list()], dtype=pl.Int64)


def _calendar(con: duckdb.DuckDBPyConnection, staged: Staged, as_of: datetime) -> tuple[date, date]:
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
    covered = con.execute("select min(year), max(year) from dim_date").fetchone()
    assert in_use is not None and covered is not None
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
    con.execute(f"create or replace temp table {name} as select * from read_parquet({literal_files([path])})")  # noqa: S608 - our own names
