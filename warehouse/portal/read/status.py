"""What an answer means before its body is read: by its status, its error, its address, what it refuses, what it lacks.

Only what says so itself is `not_found` or `no_body`; what could be a fault of the portal never is.
"""

import json
import re
from contextlib import suppress
from typing import Any

from warehouse.portal.exchange import LANGUAGES, Answer, Page, Reading
from warehouse.portal.read.charset import decode
from warehouse.portal.read.markers import current_markers
from warehouse.portal.read.markup import TooMuchMarkup
from warehouse.portal.read.text import clean, drop_surrogates, text_of

SHOWN = 80
"""Characters of an answer that a detail shows."""
MAX_MESSAGE = 300
"""Characters of the portal's own messages that are looked at, and that a detail keeps."""
MAX_ERRORS = 20
"""Errors of one answer that are looked at."""
MAX_SHELL_BYTES = 65_536
"""Bytes of the largest page that is looked at as a shell; those seen had 0.8 to 2.8 KB."""
MAX_SHELL_TEXT = 200
"""Characters that a page without content may show all the same, such as a request to switch scripts on."""
SHORT = 1_000
"""Characters up to which an answer without markup may be a message as a whole."""
_LOOKED_AT = 20_000  # bytes of an answer in which its first words, or a refusal, are looked for

# What the portal, or a gateway before it, says for: not without a browser's ticket, not to you.
_REFUSAL = re.compile(
    r"ticket|not[ _-]?allowed|forbidden|unauthori[sz]ed|unauthenticated|access[ _-]denied", re.IGNORECASE
)
_OF_STATUS = {
    304: "unchanged",
    400: "refused",
    401: "refused",
    403: "refused",
    408: "transport_error",
    429: "throttled",
}
_GONE = (404, 410)
_LANGUAGE = re.compile(r"[?&]lang=([A-Za-z]{2})(?![^&#])")
_CONDITIONS = {"if-none-match", "if-modified-since"}
_ROOT = re.compile(r"<div[^>]{0,200}\sid\s*=\s*[\"']?root[\"'\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>\s*([^<]{0,200})", re.IGNORECASE)


def read_status(answer: Answer, language: str) -> Reading | None:
    """What the status and the address say; None for a status with a body to be read (200).

    An answer that came from an address of another language than it is to be in is unreadable.
    """
    reading = _read_status(answer)
    other = next((name.lower() for name in reversed(_LANGUAGE.findall(answer.url))), language)
    if other in {*LANGUAGES} - {language} and (reading is None or reading.outcome in {"unchanged", "not_found"}):
        return unreadable(f"An answer in another language, {other}, than {language}", answer)
    return reading


def _read_status(answer: Answer) -> Reading | None:
    status = answer.status
    if answer.error is not None or status is None:
        failed = {"robots": "refused", "type": "unreadable"}.get(answer.barrier or "", "transport_error")
        return Reading(failed, answer.error or "Nothing came back.")
    if status == 200:
        return None
    detail = f"HTTP {status}: {opening(answer)}"
    sent = {name.lower() for name in answer.request_headers}  # none where they are not known any more
    if status == 304 and sent and sent.isdisjoint(_CONDITIONS):
        return Reading("unreadable", "HTTP 304, though the request named no earlier answer.")
    return Reading(_outcome_of(status, answer), detail)


def _outcome_of(status: int, answer: Answer) -> str:
    if status >= 500:
        return "transport_error"
    if outcome := _OF_STATUS.get(status):
        return outcome
    if 400 <= status < 500 and is_refusal(_error_text(answer)):
        return "refused"
    return "not_found" if status in _GONE else "unreadable"


def unreadable(why: str, answer: Answer) -> Reading:
    """An answer of no known shape: why, and how it begins."""
    return Reading("unreadable", f"{why}: {opening(answer)}")


def take_release(page: Page) -> Reading:
    """The release asked for, with its body or without."""
    return Reading(page.outcome, "The body is empty." if page.outcome == "no_body" else "", (page,))


def is_refusal(text: str) -> bool:
    """Whether a message says that the route is closed to us."""
    return _REFUSAL.search(text) is not None


def _error_text(answer: Answer) -> str:
    """What an answer of an error tells: the messages of JSON, or a short text; of HTML what can be seen of it.

    A page that is gone tells nothing by HTML: what stands on it may be of the portal as a whole.
    """
    if is_html(answer):
        return "" if answer.status in _GONE else visible_text(answer)
    if len(answer.body) <= _LOOKED_AT:
        with suppress(ValueError, RecursionError):
            value = json.loads(answer.body)
            return " ".join(messages(value)) if isinstance(value, dict) else str(value)[:SHORT]
    text = head(answer)
    return text if len(text) <= SHORT else ""


def messages(value: dict[str, Any]) -> list[str]:
    """What an answer says went wrong: its `error`, `message` and `code`, and those of its `errors`."""
    errors = value.get("errors")
    texts = []
    for place in (value, *(errors[:MAX_ERRORS] if isinstance(errors, list) else [errors])):
        extensions = place.get("extensions") if isinstance(place, dict) else None
        for part in (place, extensions):
            values = map(part.get, ("error", "message", "code")) if isinstance(part, dict) else [part]
            texts += [text[:MAX_MESSAGE] for text in values if isinstance(text, str)]
    return texts


def head(answer: Answer) -> str:
    """The beginning of the body as text."""
    return decode(answer.body[:_LOOKED_AT], answer.headers.get("content-type", ""))


def visible_text(answer: Answer) -> str:
    """What can be seen of the beginning of a page, on one line; empty where there is too much markup."""
    with suppress(TooMuchMarkup):
        return " ".join(text_of(head(answer)).lines)
    return ""


def opening(answer: Answer) -> str:
    """The first visible characters of the body in quotation marks: of HTML its text, else as it is written."""
    detail = (visible_text(answer) if is_html(answer) else "") or clean(drop_surrogates(head(answer)))
    return f"“{detail[:SHOWN]}”" if detail else "an empty body"


def is_html(answer: Answer) -> bool:
    """Whether the body is HTML, or XML, and no JSON."""
    return answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def is_shell(answer: Answer) -> bool:
    """Whether an answer is a page for scripts to fill: next to no text, and a root to fill or the portal's title."""
    if len(answer.body) > MAX_SHELL_BYTES:
        return False
    page = decode(answer.body, answer.headers.get("content-type", ""))
    title = _TITLE.search(page)
    is_portals = title is not None and title[1].lower().startswith(current_markers().shell)
    if not (is_portals or _ROOT.search(page)):
        return False
    try:
        return sum(map(len, text_of(page).lines)) <= MAX_SHELL_TEXT
    except TooMuchMarkup:
        return False
