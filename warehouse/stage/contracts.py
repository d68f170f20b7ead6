"""What the frames between the steps must look like, and what becomes of rows that do not.

A contract is declared once: columns with their types, and rules that name what a row may not be. A row that breaks a
rule is handed back with the rule's sentence, so that it becomes a rejected record instead of a crash or a silent drop.

Plain Polars expressions, because importing dataframely alone takes longer than loading a digest of a thousand items.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from polars.datatypes import DataTypeClass

from warehouse.errors import PressError


@dataclass(frozen=True, slots=True)
class Contract:
    """Columns with types, and rules: a sentence about what is wrong → the expression that is true for a good row."""

    name: str
    columns: Mapping[str, pl.DataType | DataTypeClass]
    rules: Mapping[str, pl.Expr]

    def hold(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Split a frame into the rows that keep the contract and those that break it.

        The first has exactly the contract's columns in their order; the second has all of the frame's columns and
        `broken` (String): the sentence of the first rule broken. Raises polars' SchemaError or ColumnNotFoundError when
        a column is missing or of another type, for that is a fault of the code and not of a row.
        """
        typed = frame.select(pl.col(name).cast(dtype) for name, dtype in self.columns.items())
        broken = pl.coalesce(
            [pl.when(good.fill_null(False).not_()).then(pl.lit(sentence)) for sentence, good in self.rules.items()]
        )
        verdict = typed.select(broken=broken).to_series()
        if verdict.null_count() == len(verdict):
            return typed, frame.clear().with_columns(broken=pl.lit(None, pl.String))
        return typed.filter(verdict.is_null()), frame.with_columns(verdict).filter(verdict.is_not_null())

    def held(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The contract's columns of a frame all of whose rows must keep it; raises PressError for one that does not."""
        good, broken = self.hold(frame)
        if broken.height:
            row = broken.select(pl.all().cast(pl.String, strict=False).str.slice(0, 60)).row(0, named=True)
            raise PressError(f"A {self.name} breaks its contract: {row.pop('broken')} ({row})")
        return good

    def empty(self) -> pl.DataFrame:
        """A frame of no rows with the contract's columns."""
        return pl.DataFrame(schema=dict(self.columns))


LISTING_READ = Contract(
    "listing as read",
    {
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "title": pl.String,
        "listed_date": pl.Date,
        "body": pl.String,
        "url": pl.String,
        "section": pl.String,
        "dated_lines_in_body": pl.Int32,
        "content_sha256": pl.Binary,
    },
    {},
)
"""The fields of `digest.LISTING`, in its order."""

HEADER = Contract(
    "header",
    {
        "source_file_key": pl.Int64,
        "part": pl.Int32,
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "line_no": pl.Int64,
        "text": pl.String,
    },
    {},
)
"""One row per header line; `line_no` counts from 1 within the part."""

REJECT = Contract(
    "reject",
    {
        **{name: dtype for name, dtype in HEADER.columns.items() if name != "text"},
        "reason": pl.String,
        "detail": pl.String,
        "raw": pl.String,
    },
    {},
)
"""One row per rejected stretch; `line_no` counts from 1 within the part."""

LISTING = Contract(
    "listing",
    {
        "source_file_key": pl.Int64,
        "part": pl.Int32,
        "number": pl.Int64,
        "byte_start": pl.Int64,
        "byte_end": pl.Int64,
        "title": pl.String,
        "listed_date": pl.Date,
        "url": pl.String,
        "url_language": pl.String,
        "slug": pl.String,
        "release_code": pl.String,
        "portal_id": pl.Int64,
        "release_key": pl.Int64,
        "section": pl.String,
        "dated_lines_in_body": pl.Int32,
        "content_key": pl.Int64,
    },
    {
        "The title is empty.": pl.col("title").str.len_bytes() > 0,
        "The span of bytes is empty.": pl.col("byte_end") > pl.col("byte_start"),
        "The listed date is not between 2000 and 2099.": (pl.col("listed_date") >= date(2000, 1, 1))
        & (pl.col("listed_date") < date(2100, 1, 1)),
        "The publisher's slug is missing or longer than 200 bytes.": pl.col("slug").str.len_bytes().is_between(1, 200),
        "The release's code is missing or longer than 300 bytes.": pl.col("release_code")
        .str.len_bytes()
        .is_between(1, 300),
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
        "origin": pl.String,
        "page_language": pl.String,
        "is_repaired": pl.Boolean,
    },
    {
        "The title is empty.": pl.col("title").str.len_bytes() > 0,
    },
)
"""One row per content (title and body of a release as received) that the warehouse lacks; `body` may be NULL.

`origin` is digest or portal; `page_language` is that of the portal's page, NULL for digests.
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
        "event_place": pl.String,
        "event_date": pl.Date,
        "place_start": pl.UInt32,
        "place_end": pl.UInt32,
        "date_start": pl.UInt32,
        "date_end": pl.UInt32,
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
        "detail": pl.String,
        "bytes": pl.Int64,
        "body_sha256": pl.String,
        "content_key": pl.Int64,
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
