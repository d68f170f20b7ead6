"""An ordinary parser of digests: the whole file as text, `re` for trailers and titles, one dict a listing.

What a competent user would write in an afternoon. The peers share it and `normalise.py`, so that they differ only in
what they do with the rows.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from normalise import NOTHING, Normalised, normalise

TRAILER = re.compile(r"(?:Source|Источник|Дереккөз) ?: ?(https?://\S+)")
GOV_URL = re.compile(
    r"https?://(?:www\.)?gov\.kz/memleket/entities/([^/\s]+)/press/news/details/([^/?\s]+)(?:\?lang=(\w+))?"
)
TITLE_LINE = re.compile(r"\s*(\S.*?)\s+(\d\d)\.(\d\d)\.(\d{4})[ \t]*(?:\n|$)")


class Listing(Normalised):
    """One appearance of a release in a digest, flat: keys, and what its text says."""

    listing_key: str
    release_code: str
    text_key: str
    slug: str
    section: str
    language: str
    listed: datetime.date
    title: str
    body: str | None
    content_sha256: str
    word_count: int
    url: str
    url_language: str | None
    source_file: str
    position: int


def _split_header(text: str) -> tuple[str, int]:
    """The section's name and where the items start: header lines are those before the first title line."""
    start = 0
    section = "unknown"
    lines = text[:2000].split("\n", 3)
    for line, following in pairwise(lines):
        if TITLE_LINE.match(line) or re.fullmatch(r"\d\d\.\d\d\.\d{4}", following.strip()):
            break
        section = line.strip() or section
        start += len(line) + 1
    return section, start


def parse_file(path: Path, *, plain: bool = False) -> Iterator[Listing]:
    """Yield the listings of one digest file in its order; items that do not read as one are skipped.

    With `plain` nothing is looked for in the texts, and the language is what the URL says.
    """
    text = path.read_text(encoding="utf-8")
    file_name = path.name
    section, start = _split_header(text)
    position = 0
    for trailer in TRAILER.finditer(text):
        item, start = text[start : trailer.start()], trailer.end()
        address = GOV_URL.fullmatch(trailer[1])
        title_line = TITLE_LINE.match(item)
        if address is None or title_line is None:
            continue
        title, day, month, year = title_line.groups()
        try:
            listed = datetime.date(int(year), int(month), int(day))
        except ValueError:
            continue
        position += 1
        slug, code, url_language = address.groups()
        body = item[title_line.end() :].strip() or None
        found = NOTHING if plain else normalise(title, body)
        language = found["body_language"] or found["title_language"] or url_language or "und"
        content_sha256 = hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()
        yield Listing(
            listing_key=f"{file_name}/{listed}/{code}",
            release_code=code,
            text_key=hashlib.md5(f"{code}/{language}/{content_sha256}".encode()).hexdigest(),
            slug=slug,
            section=section,
            language=language,
            listed=listed,
            title=title,
            body=body,
            content_sha256=content_sha256,
            word_count=len(body.split()) if body else 0,
            url=trailer[1],
            url_language=url_language,
            source_file=file_name,
            position=position,
            **found,
        )
