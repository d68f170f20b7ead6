"""Normalise what was read: listings and texts to typed frames.

Pure Polars over whole batches. Nothing received is changed: what normalising finds stands beside it, as codes, keys and
character offsets into the received body.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from warehouse.keys import content_key, slug_key
from warehouse.normalise import dateline, language, paragraphs, script
from warehouse.normalise.dateline import DatelineWords
from warehouse.normalise.lexicon import BreakWords, SmallWords
from warehouse.reference.rows import Reference
from warehouse.reference.sites import read_site_url

RELEASE_URL = (
    r"^(?i:https?://(?:www\.)?gov\.kz)(?::\d+)?/memleket/entities/(?P<slug>[^/?#\s]+)"
    r"/press/news/details/(?P<code>[0-9A-Za-z_%-]+)"
)
PLAIN_URL = (
    r"^https://www\.gov\.kz/memleket/entities/(?P<slug>[a-z0-9-]+)"
    r"/press/news/details/(?P<code>[0-9]+)(?:\?lang=(?P<url_language>[a-z]{2}))?$"
)
URL_LANGUAGE = r"[?&]lang=([A-Za-z]{2})(?:[&#]|$)"
PORTAL_ID = r"^0*([0-9]{1,15})$"
WORD = r"[^\s\u200b]+"
EVENT_DAYS = (date(1920, 1, 1), date(2099, 12, 31))
UNPLAIN_SPACE = r"[\n\t\r\u00a0\u200b\u2009\u202f]"


def listings(read: pl.DataFrame, hosts: Mapping[str, str]) -> pl.DataFrame:
    """Identify listings: add what the URL says and the keys.

    Takes the fields of `digest.LISTING` and the publishers' slugs of the government's other `hosts`; adds slug,
    url_language, release_code (String, those of gov.kz in lower case), portal_id (Int64, NULL for text slugs and pages
    of other sites), release_key and content_key (Int64).

    A release's key is its gov.kz id, which is the natural key and a number already; a text slug's is derived from it.
    """
    url = _url_parts(read["url"], hosts)
    portal_id = url["code"].str.extract(PORTAL_ID).cast(pl.Int64)
    release_code = portal_id.cast(pl.String).fill_null(url["code"])
    is_slug = portal_id.is_null() & release_code.is_not_null()
    release_key = portal_id
    if is_slug.any():
        slugs = release_code.filter(is_slug).unique().to_list()
        by_slug = {slug: slug_key(slug) for slug in slugs}
        release_key = portal_id.fill_null(release_code.replace_strict(by_slug, default=None, return_dtype=pl.Int64))
    contents = zip(release_key.to_list(), read["content_sha256"].to_list(), strict=True)
    keys = [None if release is None else content_key(release, "digest", "", content) for release, content in contents]
    return read.with_columns(
        url["slug"],
        url["url_language"],
        release_code.alias("release_code"),
        portal_id.alias("portal_id"),
        release_key.alias("release_key"),
        pl.Series("content_key", keys, dtype=pl.Int64),
    )


def _url_parts(url: pl.Series, hosts: Mapping[str, str]) -> pl.DataFrame:
    """`slug`, `code` and `url_language`: in lower case, but for the codes of pages of other sites than gov.kz."""
    parts = url.str.extract_groups(PLAIN_URL).struct.unnest()
    at = parts["code"].is_null().arg_true()
    odd = url.gather(at)
    odd_parts = odd.str.extract_groups(RELEASE_URL).struct.unnest()
    odd_parts = odd_parts.with_columns(url_language=odd.str.extract(URL_LANGUAGE)).with_columns(
        pl.all().str.to_lowercase()
    )
    elsewhere = odd_parts["code"].is_null().arg_true()
    pages = [read_site_url(one, hosts) for one in odd.gather(elsewhere).to_list()]
    odd_parts = odd_parts.with_columns(
        slug=odd_parts["slug"].scatter(elsewhere, [page and hosts[page.host] for page in pages]),
        code=odd_parts["code"].scatter(elsewhere, [page and page.code for page in pages]),
    )
    return parts.with_columns(parts[name].scatter(at, odd_parts[name]) for name in parts.columns)


def texts(received: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """Read the languages, paragraph breaks, dateline and words of texts: `contracts.RECEIVED_TEXT` → `contracts.TEXT`.

    The text's language is its body's, or its title's where there is no body.
    """
    title, body = received["title"], received["body"]
    words = _words(reference)
    # At once: a call has its price, however few the texts.
    languages = language.detect(pl.concat([title, body]), words.small)
    title_language, body_language = languages.head(len(title)), languages.tail(len(body))
    event = _in_calendar(dateline.detect(body, words.dateline))
    # The portal's pages have their paragraphs; only digests lost them.
    has_paragraphs = (received["origin"] == "portal") & body.is_not_null()
    breaks = paragraphs.breaks(body.set(has_paragraphs, None), words.breaks)
    glued_words = breaks.list.len().fill_null(0)
    none = pl.lit([], dtype=pl.List(pl.UInt32))
    return received.with_columns(
        title_language.alias("title_language"),
        body_language.alias("body_language"),
        body_language.fill_null(title_language).alias("language"),
        pl.when(has_paragraphs).then(none).otherwise(breaks).alias("paragraph_breaks"),
        script.lookalikes(body).alias("lookalike_words"),
        *(event[name] for name in event.columns),
        (_count_words(body) + glued_words).alias("word_count"),
    )


class _Words(NamedTuple):
    """The words that texts are searched for."""

    small: SmallWords
    breaks: BreakWords
    dateline: DatelineWords


@lru_cache(maxsize=2)
def _words(reference: Reference) -> _Words:
    """Made once of the reference rows: patterns take longer to compile than a few texts to read."""
    return _Words(
        SmallWords.of(reference.small_words),
        BreakWords.of(reference.lexicon, reference.places),
        DatelineWords.of(reference.places, reference.months, reference.lexicon),
    )


def _in_calendar(event: pl.DataFrame) -> pl.DataFrame:
    """The events without dates beyond living memory or the foreseeable: the calendar has all days in between."""
    is_day = pl.col("event_date").is_between(*EVENT_DAYS)
    return event.with_columns(pl.when(is_day).then(pl.col("event_date", "date_start", "date_end")))


def _count_words(text: pl.Series) -> pl.Series:
    """How many words each text has: runs of anything but white space. Counting spaces is enough for plain texts."""
    string = pl.col("text").str
    doubled = pl.col("text").cast(pl.Binary).bin.contains(b"  ")
    is_unplain = doubled | string.starts_with(" ") | string.ends_with(" ") | string.contains(UNPLAIN_SPACE)
    at = text.to_frame("text").select(is_unplain).to_series().arg_true()
    count = text.str.count_matches(" ") + 1
    return count.scatter(at, text.gather(at).str.count_matches(WORD))
