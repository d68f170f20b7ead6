"""What an answer means before its body is read: by its status, its error, and the portal's refusals.

Only what says so itself is `not_found` or `no_body`; what could be a fault of the portal never is.
"""

import re
from contextlib import suppress

from warehouse.portal.markup import TooMuchMarkup, decoded
from warehouse.portal.records import Answer, Reading
from warehouse.portal.text import cleaned, encodable, text_of

SHOWN = 80
"""Characters of an answer that a detail shows."""
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


def settled(answer: Answer) -> Reading | None:
    """What the status alone says; None for a status with a body to be read (200)."""
    status = answer.status
    if answer.error is not None or status is None:
        failed = "refused" if answer.withheld == "robots" else "transport_error"
        return Reading(failed, answer.error or "Nothing came back.")
    if status == 200:
        return None
    shown = f"HTTP {status}: {opening(answer)}"
    if status >= 500:
        return Reading("transport_error", shown)
    if outcome := _OF_STATUS.get(status):
        return Reading(outcome, shown)
    if 400 <= status < 500 and is_refusal(head(answer)):
        return Reading("refused", shown)
    return Reading("not_found" if status in _GONE else "unreadable", shown)


def unreadable(why: str, answer: Answer) -> Reading:
    """An answer of no known shape: why, and how it begins."""
    return Reading("unreadable", f"{why}: {opening(answer)}")


def is_refusal(text: str) -> bool:
    """Whether a message says that the route is closed to us."""
    return _REFUSAL.search(text) is not None


def head(answer: Answer) -> str:
    """The beginning of the body as text."""
    return decoded(answer.body[:_LOOKED_AT], answer.headers.get("content-type", ""))


def opening(answer: Answer) -> str:
    """The first visible characters of the body in quotation marks: of HTML its text, else as it is written."""
    start = head(answer)
    shown = cleaned(encodable(start))
    if is_html(answer):
        with suppress(TooMuchMarkup):
            shown = " ".join(text_of(start).lines) or shown
    return f"“{shown[:SHOWN]}”" if shown else "an empty body"


def is_html(answer: Answer) -> bool:
    """Whether the body is HTML, or XML, and no JSON."""
    return answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
