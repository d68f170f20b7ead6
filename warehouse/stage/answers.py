"""Archived answers, read: what each attempt says, without the bytes that it was read from.

Any process may read a stretch of the archive; what another one read comes as a file of JSON.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc import Place, Stretch, read_stretch
from warehouse.portal.exchange import Answer, Page, PortalRequest, Reading
from warehouse.portal.read.markers import read_by
from warehouse.portal.read.routes import LIST_ROUTES, ROUTES
from warehouse.portal.visits.visit import read_list, read_page

_ROUTES = {route.name: route for route in ROUTES}
_LIST_ROUTES = {route.name: route for route in LIST_ROUTES}
_VALUES: dict[type, Callable[[object], object]] = {
    kind: attrgetter(*(field.name for field in fields(kind)))
    for kind in (Attempt, PortalRequest, Answer, Reading, Page)
}


class ReadAttempt(NamedTuple):
    """An attempt and what its answer says: where it is archived, the offset behind it, and itself, without its bodies.

    `bytes` and `body_sha256` are those of the answer's body, the latter None for an empty one. `reading` says nothing
    of what only came on the way to an attempt.
    """

    place: Place
    end: int
    attempt: Attempt
    bytes: int
    body_sha256: str | None
    reading: Reading


def read_attempts(folder: Path, stretch: Stretch) -> Iterator[ReadAttempt]:
    """Read a stretch of the archive in `folder`. Raises what `read_stretch` raises."""
    for place, end, attempt in read_stretch(folder, stretch):
        body = attempt.answer.body
        yield ReadAttempt(
            place,
            end,
            replace(attempt, request=replace(attempt.request, body=None), answer=replace(attempt.answer, body=b"")),
            len(body),
            sha256(body).hexdigest() if body else None,
            Reading("") if attempt.is_aside else _read(attempt),
        )


def save_attempts(folder: Path, stretch: Stretch, seeds: Path, path: Path) -> int:
    """Read a stretch by the reference rows in `seeds` into a file for `restore_attempts`; returns how many attempts."""
    with read_by(seeds):
        attempts = list(read_attempts(folder, stretch))
    # Some headers have halves of surrogate pairs.
    path.write_bytes(json.dumps(attempts, ensure_ascii=False, default=_values).encode("utf-8", "surrogatepass"))
    return len(attempts)


def restore_attempts(path: Path) -> Iterator[ReadAttempt]:
    """The attempts that `save_attempts` wrote, whose file this removes."""
    rows = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
    path.unlink()
    for place, end, attempt, size, body_sha256, reading in rows:
        yield ReadAttempt(Place(*place), end, _attempt(attempt), size, body_sha256, _reading(reading))


def _read(attempt: Attempt) -> Reading:
    """What an archived answer says, read again."""
    target, name = attempt.target, attempt.request.route
    if target and (route := _ROUTES.get(name)):
        return read_page(route, attempt.answer, target)
    if not target and (list_route := _LIST_ROUTES.get(name)):
        return read_list(list_route, attempt.answer, attempt.slug, attempt.language)
    return Reading("unreadable", f"No route is called {name} any more.")


def _values(value: object) -> object:
    """What JSON has no form for: times as text, no body as none, anything else as its fields in their order."""
    if isinstance(value, datetime):
        return value.isoformat()
    return _VALUES[type(value)](value) if value != b"" else None


def _attempt(row: list[Any]) -> Attempt:
    run_id, purpose, slug, language, request, (url, requested_at, duration_s, status, headers, _, *others), code = row
    answer = Answer(url, datetime.fromisoformat(requested_at), duration_s, status, headers, b"", *others)
    return Attempt(run_id, purpose, slug, language, PortalRequest(*request), answer, code)


def _reading(row: list[Any]) -> Reading:
    outcome, detail, pages = row
    return Reading(outcome, detail, tuple(map(_page, pages)))


def _page(row: list[Any]) -> Page:
    code, language, title, body, slug, published_at, day_only, topics, is_repaired, *attached = row
    at = published_at and datetime.fromisoformat(published_at)
    named = tuple((portal_id, name) for portal_id, name in topics)
    return Page(code, language, title, body, slug, at, day_only, named, is_repaired, *map(tuple, attached))
