"""Peer: parse into a pandas frame, build the star's tables as frames, merge each into DuckDB on its key."""

from __future__ import annotations

import hashlib

import duckdb
import pandas as pd

from arguments import read_arguments
from normalise import Normalised
from parse import parse_file

LISTING_COLUMNS = [
    *("listing_key", "release_key", "text_key", "section_key", "listed_date_key"),
    *("source_file", "position", "title", "url", "url_language"),
]
TEXT_COLUMNS = [
    *("text_key", "release_key", "language_key", "title", "body", "content_sha256", "valid_from"),
    *Normalised.__annotations__,
]


def _keys(values: pd.Series) -> pd.Series:
    """The MD5 of each value, computed once per distinct value."""
    keys = {value: hashlib.md5(value.encode()).hexdigest() for value in values.unique()}
    return values.map(keys)


def build_star(listings: pd.DataFrame, as_of: str) -> dict[str, pd.DataFrame]:
    """Return the star's tables by name; the first column of each is its key."""
    listings = listings.assign(
        release_key=_keys(listings["release_code"]),
        publisher_key=_keys(listings["slug"]),
        section_key=_keys(listings["section"]),
        language_key=_keys(listings["language"]),
        listed_date_key=pd.to_datetime(listings["listed"]).dt.strftime("%Y%m%d").astype("int32"),
        valid_from=pd.Timestamp(as_of),
        has_body=listings["body"].notna(),
    )
    by_date = listings.sort_values("listed_date_key", kind="stable")
    texts = by_date.drop_duplicates("text_key")
    first = by_date.drop_duplicates("release_key").set_index("release_key")
    releases = by_date.groupby("release_key").agg(
        has_body=("has_body", "any"), word_count=("word_count", "max"), listing_count=("listing_key", "count")
    )
    releases = first[["release_code", "url", "publisher_key", "listed_date_key"]].join(releases).reset_index()
    dates = listings[["listed_date_key", "listed"]].drop_duplicates("listed_date_key")
    return {
        "dim_publisher": listings[["publisher_key", "slug"]].drop_duplicates(),
        "dim_language": listings[["language_key", "language"]].drop_duplicates(),
        "dim_section": listings[["section_key", "section"]].drop_duplicates(),
        "dim_date": dates.rename(columns={"listed_date_key": "date_key", "listed": "day"}),
        "dim_text": texts[TEXT_COLUMNS],
        "fact_release": releases.rename(columns={"listed_date_key": "first_listed_date_key"}),
        "fact_listing": listings[LISTING_COLUMNS].drop_duplicates("listing_key"),
    }


def merge_star(star: dict[str, pd.DataFrame], con: duckdb.DuckDBPyConnection) -> None:
    """Merge each frame into the table of its name: facts are updated, dimension rows and texts only added."""
    for table, frame in star.items():
        key = frame.columns[0]
        con.register("incoming", frame)
        con.execute(f"create table if not exists {table} as from incoming limit 0")
        update = "when matched then update" if table.startswith("fact_") else ""
        con.execute(f"merge into {table} using incoming using ({key}) {update} when not matched then insert")
        con.unregister("incoming")


def main() -> None:
    """Parse all digests into one frame and merge the star in one transaction."""
    arguments = read_arguments(__doc__ or "")
    listings = pd.DataFrame(
        [listing for path in arguments.digests for listing in parse_file(path, plain=arguments.plain)]
    )
    star = build_star(listings, arguments.as_of)
    with duckdb.connect(str(arguments.warehouse)) as con:
        con.begin()
        merge_star(star, con)
        con.commit()


if __name__ == "__main__":
    main()
