"""Evidence that a page is the release asked for: its address, its kind, and a title of its own.

Sites send readers of pages that are gone elsewhere on the site, or answer 200 with a page that only says so. A page
that has nothing to show for being the release is `not_the_release`. One that asks who reads it has refused the route,
and one shown while the portal is out of order is no answer: neither says anything about the release.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from warehouse.portal.exchange import Page, Reading
from warehouse.portal.read.markers import Markers, current_markers, heading_of

_DETAILS = re.compile(r"/news/details/([^/?#]{1,900})")
_DECLARATION = re.compile(r"<(?:link|meta)\s[^<>]{0,1000}(?:canonical|og:url)[^<>]{0,1000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:href|content)\s*=\s*[\"']?([^\"'\s<>]{1,1000})", re.IGNORECASE)
_SECTION = re.compile(r"/entities/[^/]+/.|/news(?:/|$)")
_GATE = re.compile(r"/(?:log-?in|sign-?in|auth\w*|sso|oauth2?|captcha|challenge)(?:[/.]|$)", re.IGNORECASE)
_NOWHERE = re.compile(r"404|not[-_]?found|notfound", re.IGNORECASE)
_PORTALS_NAME = re.compile(r"\s+[-–—|]\s+gov\.kz.*", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–—|/·•]\s+")
_STATE = re.compile(r"^қазақстан республикасы(?:ның)?\s|\s(?:республики казахстан|рк|of the republic of kazakhstan)$")
_HEAD = 100_000  # characters of a page in which it declares its own address
_WORDS = 80  # characters: a longer line is no heading
_LOOKED_THROUGH = 200  # lines of a page without a release in which it may say that there is none
_DATES = 3  # lines of a body that are dates and nothing else, from which on it is a list


def read_address(url: str, code: str) -> Reading | None:
    """What the address says that a whole answer came from; None for the release's own, and for none.

    The publisher's slug in it says nothing: a release has one id, whatever publisher it is shown under.
    """
    path = _path(url)
    if not path or _names(path, code):
        return None
    if _GATE.search(path):
        return Reading("refused", f"Sent to {url[:200]}, where readers are asked who they are.")
    if other := _other_code(path, code):
        return _not_it(f"The page of another release, {other}, than {code}.")
    return None if _DETAILS.search(path) else _not_it(f"Sent to {url[:200]}, which is no page of {code}.")


def is_elsewhere(url: str, code: str) -> bool:
    """Whether an answer came from another address than the release's, and not from one for what is not found."""
    path = _path(url)
    return bool(path) and unquote(code, errors="replace").lower() not in path.lower() and not _NOWHERE.search(path)


def read_declarations(page: str, code: str) -> Reading | None:
    """Another page that a page declares to be; None where it declares to be the release's, or nothing.

    An address that all pages of a template share, such as that of the portal, says nothing.
    """
    declared = _declared(page)
    for path in declared:
        if other := _other_code(path, code):
            return _not_it(f"The page of another release, {other}, than {code}.")
    others = (path for path in declared if _SECTION.search(path) and not _DETAILS.search(path))
    if declares(page, code) or not (other := next(others, None)):
        return None
    return _not_it(f"The page declares to be {other[:200]}, which is no page of {code}.")


def declares(page: str, code: str) -> bool:
    """Whether a page declares the release's address to be its own."""
    return any(_names(path, code) for path in _declared(page))


def read_headings(headings: Iterable[str]) -> Reading | None:
    """What headings of a page say in place of a release: there is none, the route is closed, or out of order."""
    markers = current_markers()
    for heading in headings:
        if is_absence(heading, markers):
            return _absent(heading)
        if (words := bare(heading)) in markers.gate:
            return Reading("refused", f"The page asks who reads it: “{heading[:_WORDS]}”.")
        if words in markers.pause:
            return Reading("transport_error", f"The portal is out of order, it says: “{heading[:_WORDS]}”.")
    return None


def read_absence(lines: Iterable[str]) -> Reading | None:
    """Whether one of a page's first lines says that there is no such page."""
    markers = current_markers()
    said = (line for number, line in enumerate(lines) if number < _LOOKED_THROUGH and is_absence(line, markers))
    return next((_absent(line) for line in said), None)


def read_words(page: Page) -> Reading | None:
    """What a page's words say in place of a release: its title, or all of its body, tells that there is none."""
    markers = current_markers()
    if is_absence(page.title, markers):
        return _absent(page.title)
    lines = (page.body or "").split("\n", _LOOKED_THROUGH)
    # The first line decides in nearly all pages, so it is asked for what costs least first.
    if page.body and all(
        is_absence(line, markers) or heading_of(line) in markers.links or is_of_site(line) for line in lines
    ):
        return _absent(page.body.replace("\n", " "))
    return None


def read_kind(page: Page, dates: int) -> Reading | None:
    """What shows that a page is one of the site's own: its title, or a body that is a list with so many dates."""
    if bare(page.title) in current_markers().gate:
        return read_headings((page.title,))
    if is_of_site(page.title):
        return _not_it(f"A page of the site's own, “{page.title[:_WORDS]}”.")
    return _not_it(f"A list, “{page.title[:_WORDS]}”, with {dates} dates.") if dates >= _DATES else None


def lack_evidence(title: str) -> Reading:
    """A page with a title and a date, and nothing that stands around a release."""
    return read_headings((title,)) or _not_it(
        f"Nothing shows that “{title[:_WORDS]}” is a release: no count of views, no topics, no address of its own."
    )


def is_absence(line: str, markers: Markers) -> bool:
    """Whether a line says that there is no such page, and nothing else."""
    return (
        len(line) <= _WORDS and markers.absent.fullmatch(line.strip().replace("ё", "е").replace("’", "'")) is not None
    )


def is_of_site(heading: str) -> bool:
    """Whether a heading has nothing but names of the site's own pages, and of its publishers."""
    markers = current_markers()
    return all(_STATE.sub("", part) in markers.section for part in _PARTS.split(bare(heading)))


def bare(heading: str) -> str:
    """A heading as it is compared: without the portal's name behind it."""
    return heading_of(_PORTALS_NAME.sub("", heading)).rstrip("!?")


def _absent(line: str) -> Reading:
    return _not_it(f"A page that says there is none: “{line[:_WORDS]}”.")


def _not_it(detail: str) -> Reading:
    return Reading("not_the_release", detail)


def _declared(page: str) -> list[str]:
    """The paths of the addresses that a page declares to be its own."""
    return [_path(url) for tag in _DECLARATION.findall(page[:_HEAD]) for url in _ADDRESS.findall(tag)]


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path, errors="replace")
    except ValueError:
        return ""


def _names(path: str, code: str) -> bool:
    """Whether a path is that of the release."""
    return any(_is_same(other, code) for other in _DETAILS.findall(path))


def _other_code(path: str, code: str) -> str | None:
    """The release that a path names in place of this one.

    An old link's text slug and the id of the same release cannot be compared.
    """
    codes = _DETAILS.findall(path)
    return next((other for other in codes if not _is_same(other, code) and other.isdecimal() == code.isdecimal()), None)


def _is_same(code: str, other: str) -> bool:
    return code.lower() == unquote(other, errors="replace").lower()
