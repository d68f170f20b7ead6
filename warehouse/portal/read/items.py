"""Releases as the portal's JSON tells them, whichever route it came by: items with `id`, `title`, `body` and so on."""

import json
from typing import Any, NamedTuple

from warehouse.portal.exchange import Answer, Page, Reading, Target
from warehouse.portal.read import published
from warehouse.portal.read.attachments import Attachments
from warehouse.portal.read.charset import decode_exactly
from warehouse.portal.read.evidence import read_words
from warehouse.portal.read.markup import TooMuchMarkup
from warehouse.portal.read.status import (
    MAX_MESSAGE,
    SHOWN,
    is_html,
    is_refusal,
    is_shell,
    messages,
    take_release,
    unreadable,
)
from warehouse.portal.read.text import line_of, text_of

MAX_VALUES = 200_000
"""Objects and arrays of one answer up to which it is read: a list of 50 releases has some hundreds."""
MAX_TOPICS = 100
"""Topics of one release that are kept."""


class Items(NamedTuple):
    """The items of an answer; `partial` says that errors came with them."""

    items: list[Any]
    partial: bool = False


def parse_json(answer: Answer) -> Reading | dict[str, Any] | list[Any]:
    """The JSON of an answer, an object or a list; a Reading where it has neither."""
    if is_html(answer):
        if is_shell(answer):
            return Reading("shell", "A page without content where JSON was asked for.")
        return unreadable("HTML instead of JSON", answer)
    if answer.body.count(b"{") + answer.body.count(b"[") > MAX_VALUES:
        return unreadable(f"JSON of more than {MAX_VALUES} objects and lists", answer)
    try:
        value = json.loads(decode_exactly(answer.body, answer.headers.get("content-type", "")), strict=False)
    except UnicodeError:
        return unreadable("JSON in another character set than it says", answer)
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict | list) else unreadable("No JSON of a known shape", answer)


def read_without_items(value: dict[str, Any], answer: Answer) -> Reading:
    """What an object without releases means: a refusal that says so, else it is unreadable."""
    problem = " ".join(messages(value))
    if is_refusal(problem):
        return Reading("refused", f"The portal says: {line_of(problem[:MAX_MESSAGE])[0]}")
    return unreadable("Errors instead of releases" if problem else "No releases", answer)


def find_release(content: Reading | Items, target: Target, answer: Answer) -> Reading:
    """The release asked for, among the items of an answer; a Reading that stands in their place is all there is.

    An item without the id, or text slug, that was asked for is never taken.
    """
    if isinstance(content, Reading):
        return content
    items, partial = content
    if not items:
        return unreadable("No items, but errors", answer) if partial else Reading("not_found", "An empty list.")
    field = "id" if target.code.isdecimal() else "slug"
    item = next((item for item in items if isinstance(item, dict) and _identity(item.get(field)) == target.code), None)
    if item is None:
        return _other_release(items, field, target, answer, partial=partial)
    if fault := _fault(item, partial=partial):
        return unreadable(fault, answer)
    page = _page(item, target.language)
    if page is None:
        return unreadable("More markup than any release has", answer)
    return read_words(page) or take_release(page)


def _other_release(items: list[Any], field: str, target: Target, answer: Answer, *, partial: bool) -> Reading:
    """What items mean that are not of the release: those of others, where they say so."""
    others = [name for item in items if isinstance(item, dict) and (name := _identity(item.get(field)))]
    if partial or not others:
        return unreadable(f"An answer that does not name the release {target.code}", answer)
    named = f"{line_of(others[0])[0][:SHOWN]}, than {target.code}"
    return Reading("not_the_release", f"An answer about another release, {named}.")


def _fault(item: dict[str, Any], *, partial: bool) -> str | None:
    """Why the item cannot say what the body is; an empty one it must say itself."""
    if "body" not in item:
        return "No field body"
    body = item["body"]
    if body is None:
        return "No body, but errors" if partial else None
    return None if isinstance(body, str) else f"A body that is no text but {type(body).__name__}"


def list_releases(content: Reading | Items, slug: str, language: str, answer: Answer) -> Reading:
    """The releases of a publisher's list, in its order; the detail counts those that cannot be read.

    So are those that do not say what their body is: short items, and those that came with errors. A portal that does
    not know the publisher may list the releases of all: those that name another are left out.
    An empty list is `ok` with no pages: there are no more.
    """
    if isinstance(content, Reading):
        return content
    items, partial = content
    if partial and not items:
        return unreadable("No items, but errors", answer)
    own = [item for item in items if not _is_of_other(item, slug)]
    whole = (item for item in own if isinstance(item, dict) and not _fault(item, partial=partial))
    known = tuple(page for item in whole if (page := _page(item, language)) and page.code and not read_words(page))
    if items and not known:
        what = "A list of no releases" if own else f"A list of other publishers' releases than {slug}'s"
        return unreadable(what, answer)
    unread, foreign = len(own) - len(known), len(items) - len(own)
    problems = [f"{unread} of {len(items)} items cannot be read."] if unread else []
    problems += [f"{foreign} of {len(items)} items are of other publishers."] if foreign else []
    return Reading("ok", " ".join(problems), known)


def _is_of_other(item: object, slug: str) -> bool:
    """Whether an item names its publishers, and not this one; those that are given as numbers are not known."""
    projects = item.get("projects") if isinstance(item, dict) else None
    texts = projects if isinstance(projects, list) else [projects]
    slugs = {name.strip().lower() for text in texts if isinstance(text, str) for name in text.split(",")}
    slugs = {name for name in slugs if name and not name.isdecimal()}
    return bool(slugs) and slug.lower() not in slugs


def _identity(value: object) -> str:
    """An id or slug as text: ids come as text and as numbers."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**18:
        return str(value)
    if isinstance(value, str) and len(value) <= 300:
        return value.strip()
    return ""


def _page(item: dict[str, Any], language: str) -> Page | None:
    """A page of an item; None for one with more markup than can be read."""
    title, body = item.get("title"), item.get("body")
    try:
        heading, heading_repaired = line_of(title) if isinstance(title, str) else ("", False)
        text = text_of(body) if isinstance(body, str) and body else None
        topics = _topics(item.get("directions"))
    except TooMuchMarkup:
        return None
    published_at, day_only = published.from_iso(item.get("created_date"))
    slug = line_of(_identity(item.get("slug")))[0]
    return Page(
        code=line_of(_identity(item.get("id")))[0],
        language=language,
        title=heading,
        body="\n".join(text.lines) or None if text else None,
        slug=slug or None,
        published_at=published_at,
        published_day_only=day_only,
        topics=topics,
        is_repaired=heading_repaired or (text is not None and text.is_repaired),
        **Attachments.of(text.attachments() if text else ())._asdict(),
    )


def _topics(directions: object) -> tuple[tuple[str, str], ...]:
    items = directions if isinstance(directions, list) else [directions]
    topics = []
    for item in items[:MAX_TOPICS]:
        if isinstance(item, dict) and isinstance(title := item.get("title"), str):
            topic = line_of(_identity(item.get("id")))[0], line_of(title)[0]
            if all(topic) and topic not in topics:
                topics.append(topic)
    return tuple(topics)
