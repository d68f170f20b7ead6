"""What the frames between the steps must look like, and what becomes of rows that do not.

A contract is declared once: columns with their types, and rules that name what a row may not be. A row that breaks a
rule is handed back with the rule's sentence, so that it becomes a rejected record instead of a crash or a silent drop.
A column that other columns determine is declared by its expression and needs no other code.

Plain Polars expressions, because importing dataframely alone takes longer than loading a digest of a thousand items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import polars as pl
from polars.datatypes import DataTypeClass

from warehouse.digest import records
from warehouse.errors import ContractBroken
from warehouse.normalise import dateline


@dataclass(frozen=True, slots=True)
class Contract:
    """Columns, each with its type or with the expression that computes it from others; and rules.

    A rule is a sentence about what is wrong → the expression that is true for a good row.
    """

    name: str
    columns: Mapping[str, pl.DataType | DataTypeClass | pl.Expr]
    rules: Mapping[str, pl.Expr]

    def split(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Split a frame into the rows that keep the contract and those that break it.

        The first has exactly the contract's columns in their order; the second has all of the frame's columns and
        `broken` (String): the sentence of the first rule broken. Raises polars' SchemaError or ColumnNotFoundError when
        a column is missing or of another type, for that is a fault of the code and not of a row.
        """
        typed = frame.select(
            kind.alias(name) if isinstance(kind, pl.Expr) else pl.col(name).cast(kind)
            for name, kind in self.columns.items()
        )
        sentences = [pl.when(good.fill_null(False).not_()).then(pl.lit(words)) for words, good in self.rules.items()]
        broken = pl.coalesce(*sentences, pl.lit(None, pl.String))
        verdict = typed.select(broken=broken).to_series()
        if verdict.null_count() == len(verdict):
            return typed, frame.clear().with_columns(broken=pl.lit(None, pl.String))
        return typed.filter(verdict.is_null()), frame.with_columns(verdict).filter(verdict.is_not_null())

    def enforce(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The contract's columns of a frame whose rows must all keep it; raises ContractBroken where one does not."""
        good, broken = self.split(frame)
        if broken.height:
            row = broken.select(pl.all().cast(pl.String, strict=False).str.slice(0, 60)).row(0, named=True)
            raise ContractBroken(f"A {self.name} breaks its contract: {row.pop('broken')} ({row})")
        return good

    def frame(self, rows: Sequence[Mapping[str, Any]] = ()) -> pl.DataFrame:
        """The frame of rows that must all keep the contract; without rows an empty one. Raises what `enforce` does."""
        types = {name: kind for name, kind in self.columns.items() if not isinstance(kind, pl.Expr)}
        return self.enforce(pl.DataFrame(rows, schema=types, orient="row"))


READ = pl.Schema(zip(records.LISTING, get_args(records.Listing), strict=True))
"""A listing as the reader gives it."""

HEADER = Contract(
    "header", {"source_file_key": pl.Int64, "part": pl.Int32, **pl.Schema(records.Header.__annotations__)}, {}
)
"""One row per header line; `line_no` counts from 1 within the part."""

REJECT = Contract(
    "reject", {"source_file_key": pl.Int64, "part": pl.Int32, **pl.Schema(records.Reject.__annotations__)}, {}
)
"""One row per rejected stretch; `line_no` counts from 1 within the part."""

LISTING = Contract(
    "listing",
    {
        "source_file_key": pl.Int64,
        "part": pl.Int32,
        "number": pl.Int64,
        **{name: kind for name, kind in READ.items() if name not in ("body", "content_sha256")},
        "url_language": pl.String,
        "slug": pl.String,
        "release_code": pl.String,
        "portal_id": pl.Int64,
        "release_key": pl.Int64,
        "content_key": pl.Int64,
        "listed_date_key": pl.col("listed_date").dt.strftime("%Y%m%d").cast(pl.Int32),
    },
    {
        "The title is empty.": pl.col("title").str.len_bytes() > 0,
        "The span of bytes is empty.": pl.col("byte_end") > pl.col("byte_start"),
        "The listed date is not between 2000 and 2099.": (pl.col("listed_date") >= date(2000, 1, 1))
        & (pl.col("listed_date") < date(2100, 1, 1)),
        "The publisher's slug is missing or longer than 200 bytes.": pl.col("slug").str.len_bytes().is_between(1, 200),
        "The release's code is missing.": pl.col("release_code").str.len_bytes() > 0,
        "The release has no key.": pl.col("release_key") >= 0,
        "The content has no key.": pl.col("content_key") >= 0,
    },
)
"""One row per listing: `part` and `number` (from 0) are its place in the file, `section` is NULL where none is."""

RECEIVED_TEXT = Contract(
    "received text",
    {
        "content_key": pl.Int64,
        "release_key": pl.Int64,
        "release_code": pl.String,
        "title": pl.String,
        "body": pl.String,
        "links": pl.List(pl.String),
        "pictures": pl.List(pl.String),
        "videos": pl.List(pl.String),
        "origin": pl.String,
        "page_language": pl.String,
        "is_repaired": pl.Boolean,
    },
    {
        "The title is empty.": pl.col("title").str.len_bytes() > 0,
    },
)
"""One row per content (title and body of a release as received) that the warehouse lacks; `body` may be NULL.

`origin` is digest or portal; `page_language` is that of the portal's page, and `links`, `pictures` and `videos` are the
addresses in its body, all NULL for digests.
"""

TEXT = Contract(
    "text",
    {
        **RECEIVED_TEXT.columns,
        "title_language": pl.String,
        "body_language": pl.String,
        "language": pl.String,
        "paragraph_breaks": pl.List(pl.UInt32),
        "lookalike_words": pl.List(pl.String),
        **dateline.SCHEMA,
        "word_count": pl.UInt32,
    },
    {
        **RECEIVED_TEXT.rules,
        "The language is unknown to the warehouse.": pl.col("language").is_in(
            ["kk", "ru", "en", "other", "mixed", "und"]
        ),
    },
)
"""One row per content with what normalising found; offsets count characters of `body`, languages are codes."""

FETCH = Contract(
    "attempt to fetch",
    {
        "fetch_key": pl.Int64,
        "run_id": pl.String,
        "purpose": pl.String,
        "release_key": pl.Int64,
        "release_code": pl.String,
        "portal_id": pl.Int64,
        "language": pl.String,
        "slug": pl.String,
        "route": pl.String,
        "url": pl.String,
        "requested_at": pl.Datetime("us"),
        "duration_s": pl.Float64,
        "retries": pl.Int32,
        "http_status": pl.Int32,
        "outcome": pl.String,
        "first_outcome": pl.String,
        "detail": pl.String,
        "bytes": pl.Int64,
        "body_sha256": pl.String,
        "content_key": pl.Int64,
        "shown_key": pl.Int64,
        "published_at": pl.Datetime("us"),
        "published_day_only": pl.Boolean,
        "etag": pl.String,
        "last_modified": pl.String,
        "visit_outcome": pl.String,
        "next_due_at": pl.Datetime("us"),
        "warc_file": pl.String,
        "warc_offset": pl.Int64,
    },
    {
        "The language is none of the portal's.": pl.col("language").is_in(["kk", "ru", "en"]),
        "The outcome is missing.": pl.col("outcome").str.len_bytes() > 0,
        "The content belongs to no release.": pl.col("content_key").is_null() | pl.col("release_key").is_not_null(),
    },
)
"""One row per attempt and release that its answer speaks of: the columns of `fact_fetch`, languages as codes."""

TOPIC = Contract(
    "topic of a page",
    {
        "release_key": pl.Int64,
        "portal_topic_id": pl.String,
        "topic_key": pl.Int64,
        "language": pl.String,
        "name": pl.String,
        "seen_at": pl.Datetime("us"),
    },
    {"The topic has no name.": pl.col("name").str.len_bytes() > 0},
)
"""One row per topic that an answer names for a release."""
