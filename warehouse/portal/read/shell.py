"""Pages without content, which a browser would fill by its scripts."""

import re

from warehouse.portal.exchange import Answer
from warehouse.portal.read.markers import load_markers
from warehouse.portal.read.markup import TooMuchMarkup, decoded
from warehouse.portal.read.text import text_of

MAX_BYTES = 65_536
"""Bytes of the largest page that is looked at as a shell; those seen had 0.8 to 2.8 KB."""
MAX_SHOWN = 200
"""Characters that a page without content may show all the same, such as a request to switch scripts on."""

_ROOT = re.compile(r"<div[^>]{0,200}\sid\s*=\s*[\"']?root[\"'\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>\s*([^<]{0,200})", re.IGNORECASE)


def is_shell(answer: Answer) -> bool:
    """Whether an answer is a page for scripts to fill: next to no text, and a root to fill or the portal's title."""
    if len(answer.body) > MAX_BYTES:
        return False
    page = decoded(answer.body, answer.headers.get("content-type", ""))
    title = _TITLE.search(page)
    is_portals = title is not None and title[1].lower().startswith(load_markers().shell)
    if not (is_portals or _ROOT.search(page)):
        return False
    try:
        return sum(map(len, text_of(page).lines)) <= MAX_SHOWN
    except TooMuchMarkup:
        return False
