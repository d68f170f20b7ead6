"""Normalise what was read: listings and texts to typed frames.

Pure Polars over whole batches. Nothing received is changed: what normalising finds stands beside it, as codes, keys and
character offsets into the received body.
"""

from datetime import date
from functools import reduce
from operator import or_

import polars as pl

from warehouse import dateline, language, paragraphs, script
from warehouse.keys import key
from warehouse.reference import Reference

RELEASE_URL = (
    r"^(?i:https?://(?:www\.)?gov\.kz)(?::\d+)?/memleket/entities/(?P<slug>[^/?#\s]+)"
    r"/press/news/details/(?P<code>[0-9A-Za-z_%-]+)"
)
URL_LANGUAGE = r"[?&]lang=([A-Za-z]{2})(?:[&#]|$)"
PORTAL_ID = r"^0*([0-9]{1,15})$"
WORD = r"[^\s\u200b]+"
EVENT_DAYS = (date(1920, 1, 1), date(2099, 12, 31))
UNPLAIN_SPACES = ("  ", "\n", "\t", "\r", "\u00a0", "\u200b", "\u2009", "\u202f")


def listings(read: pl.DataFrame) -> pl.DataFrame:
    """Identify listings: add what the URL says and the keys.

    Takes the fields of `digest.LISTING`; adds slug, url_language, release_code (String, codes in lower case), portal_id
    (Int64, NULL for text slugs), release_key and content_key (Int64), and content_sha256 as hex (String).

    A release's key is its gov.kz id, which is the natural key and a number already; a text slug's is derived from it.
    A content's key is the release's, mixed with the first 63 bits of the content's hash.
    """
    parts = read["url"].str.extract_groups(RELEASE_URL).struct
    code = parts.field("code")
    digits = code.str.extract(PORTAL_ID)
    portal_id = digits.cast(pl.Int64)
    release_code = portal_id.cast(pl.String).fill_null(code.str.to_lowercase())
    is_slug = portal_id.is_null() & release_code.is_not_null()
    release_key = portal_id
    if is_slug.any():
        slugs = release_code.filter(is_slug).unique().to_list()
        by_slug = {slug: key("release", slug) for slug in slugs}
        release_key = portal_id.fill_null(release_code.replace_strict(by_slug, default=None, return_dtype=pl.Int64))
    digest = read["content_sha256"]
    content = digest.bin.slice(0, 8).bin.reinterpret(dtype=pl.UInt64, endianness="big") // 2
    return read.with_columns(
        parts.field("slug").str.to_lowercase().alias("slug"),
        read["url"].str.extract(URL_LANGUAGE).str.to_lowercase().alias("url_language"),
        release_code.alias("release_code"),
        portal_id.alias("portal_id"),
        release_key.alias("release_key"),
        (content.cast(pl.Int64) ^ release_key).alias("content_key"),
        digest.bin.encode("hex").alias("content_sha256"),
    )


def texts(received: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Read the languages, paragraph breaks, dateline and words of texts: `contracts.RECEIVED_TEXT` → `contracts.TEXT`.

    The text's language is its body's, or its title's where there is no body.
    """
    title, body = received["title"], received["body"]
    title_language, body_language = language.detect(title), language.detect(body)
    months = reference.months.with_columns(pl.col("month").cast(pl.Int64))
    event = _plausible(dateline.detect(body, reference.places, months, reference.lexicon))
    breaks = paragraphs.breaks(body, reference.lexicon)
    glued = breaks.list.len().fill_null(0)
    return received.with_columns(
        title_language.alias("title_language"),
        body_language.alias("body_language"),
        body_language.fill_null(title_language).alias("language"),
        breaks.alias("paragraph_breaks"),
        script.lookalikes(body).alias("lookalike_words"),
        *(event[name] for name in event.columns),
        (_words(body) + glued).alias("word_count"),
    )


def _plausible(event: pl.DataFrame) -> pl.DataFrame:
    """Without dates beyond living memory or the foreseeable: the calendar has a row for every day in between."""
    in_calendar = pl.col("event_date").is_between(*EVENT_DAYS)
    return event.with_columns(pl.when(in_calendar).then(pl.col("event_date", "date_start", "date_end")))


def _words(text: pl.Series) -> pl.Series:
    """How many words each text has: runs of anything but white space. Counting spaces is enough for plain texts."""
    plain = ~reduce(or_, (text.str.contains(mark, literal=True) for mark in UNPLAIN_SPACES))
    plain &= ~(text.str.starts_with(" ") | text.str.ends_with(" "))
    counted = text.filter(~plain).str.count_matches(WORD)
    words = text.str.count_matches(" ", literal=True) + 1
    return words if counted.is_empty() else words.scatter((~plain).arg_true(), counted)
