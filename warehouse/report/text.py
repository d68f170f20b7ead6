"""Text of digests, pages and file names, written so that nothing in it can act where a person reads it.

A terminal gets `visible`, a page or a chart `one_line`, Markdown `markdown_text` and `markdown_link`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from warehouse.errors import cut

LONGEST_CELL = 200
"""Characters of a cell or a link that is shown; names, titles and paths can be of any length."""

LONGEST_URL = 2000
"""Characters of an address that a link leads to; browsers and mail take no longer ones."""

LONGEST_MESSAGE = 1000
"""Characters of a message."""

PORTAL_HOSTS = ("www.gov.kz", "gov.kz")
"""The only hosts that a link may lead to."""

UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200d\u2060\ufeff]|[\ufe00-\ufe0f]")
"""Soft hyphens, joiners and the like: nothing is lost without them, and nothing hides between them."""

BLANKS = re.compile(r"\s+")

PILES = re.compile(
    "(?<=[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
"""Marks on a letter beyond two, which would cover the lines above and below."""

MARKDOWN = re.compile(r"[\\`*\[\]<>&|~]|(?<!\w)_|_(?!\w)|^[#+=-]")
ORDINAL = re.compile(r"^(\d+)([.)])")


def visible(text: str) -> str:
    """The text with U+FFFD for every sign that a terminal would act on or not show.

    Line feeds stay; other kinds of space become plain ones.
    """
    if text.isprintable():
        return text
    odd = {sign for sign in text if not sign.isprintable() and sign != "\n"}
    return text.translate({ord(sign): _substitute(sign) for sign in odd})


def _substitute(sign: str) -> str:
    return " " if sign == "\t" or unicodedata.category(sign) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def one_line(text: object) -> str:
    """The text on one line, without invisible signs, and with U+FFFD for what controls a screen or turns the writing.

    Blanks at its ends stay, because it may be part of a sentence.
    """
    return PILES.sub("", visible(BLANKS.sub(" ", UNSEEN.sub("", str(text)))))


def message(text: object) -> str:
    """The text as a message: visible, and no longer than a person reads."""
    return visible(cut(text, LONGEST_MESSAGE))


def markdown_text(text: object, longest: int = LONGEST_CELL) -> str:
    """The text on one line, its first `longest` characters, escaped so that Markdown and HTML show it as it is.

    Only what Markdown would act on is escaped, because newer versions of Prefect's UI show tables as plain text.
    """
    line = cut(visible(" ".join(str(text).split("\n"))).strip(), longest)
    return ORDINAL.sub(r"\1\\\2", MARKDOWN.sub(r"\\\g<0>", line))


def markdown_link(text: object, url: str | None = None, longest: int = LONGEST_CELL) -> str:
    """A Markdown link in whose text no address becomes a link of its own; just the text where there is no URL.

    The URL is not escaped: it comes from `release_url`.
    """
    label = markdown_text(text, longest)
    label = label.replace("://", "\\://").replace("www.", "www\\.").replace("@", "\\@")
    return label if url is None else f"[{label}]({url})"


def markdown_table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """The lines of a Markdown table; its cells are Markdown already."""
    head, *lines = (f"| {' | '.join(cells)} |" for cells in (heads, *rows))
    return [head, f"|{'---|' * len(heads)}", *lines]


def release_url(url: object) -> str | None:
    """The URL of a release with every sign percent-encoded that could end a link.

    None where it is not on gov.kz, or longer than a link can be.
    """
    try:
        parts = urlsplit(str(url))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or host not in PORTAL_HOSTS or not parts.path.startswith("/"):
        return None
    query = f"?{quote(parts.query, safe='=&%')}" if parts.query else ""
    link = f"https://{host}{quote(parts.path, safe='/%')}{query}"
    return link if len(link) <= LONGEST_URL else None


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: “1 release”, “1,200 releases”, “2 bodies”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def short(path: Path) -> str:
    """A path relative to the current folder, where it lies in it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
