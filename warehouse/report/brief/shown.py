"""Text and links of releases, so that neither can act where they are shown: on a page, in Markdown, in a chart."""

import re
from urllib.parse import quote, urlsplit

from warehouse.report.text import visible

PORTAL_HOSTS = ("www.gov.kz", "gov.kz")
"""Where a link of the brief may lead: whatever else a text or an answer names gets no link."""

UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200d\u2060\ufeff]|[\ufe00-\ufe0f]")
"""Soft hyphens, joiners and the like: nothing is lost without them, and nothing hides between them."""

BLANKS = re.compile(r"\s+")

PILES = re.compile(
    "(?<=[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{2})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
"""What is stacked on a letter beyond two marks, which would cover the lines above and below."""


def shown(text: object) -> str:
    """The text on one line, in which what controls a screen or the direction of writing is a visible �.

    Blanks at its ends stay, for it may be part of a sentence.
    """
    return PILES.sub("", visible(BLANKS.sub(" ", UNSEEN.sub("", str(text)))))


def release_url(url: object) -> str | None:
    """The URL of a release, every sign in it that could end a link percent-encoded; None where it is not gov.kz's."""
    try:
        parts = urlsplit(str(url))
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or host not in PORTAL_HOSTS or not parts.path.startswith("/"):
        return None
    query = f"?{quote(parts.query, safe='=&%')}" if parts.query else ""
    return f"https://{host}{quote(parts.path, safe='/%')}{query}"
