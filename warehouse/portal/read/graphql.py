"""The portal's GraphQL: `news` by id, by text slug, or a publisher's newest.

Known from others' programs; no schema is published. Values are literals, for the types that variables would have to
declare are not known; only names of known form get into them. The operator stands inside the value (`eq:`).
"""

import json

from warehouse.portal.exchange import Answer, PortalRequest, Reading, Target
from warehouse.portal.read import names
from warehouse.portal.read.items import Items, find_release, list_releases, parse_json, read_without_items
from warehouse.portal.read.status import read_status, unreadable

name = "graphql"

HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
FIELDS = "id title slug body created_date projects directions { id title }"


def page_request(base_url: str, target: Target) -> PortalRequest:
    """Ask for one release in one language. Raises UsageError for what is no code or language."""
    field = "id" if target.code.isdecimal() else "slug"
    wanted = f'{field}: "eq:{names.check_name(target.code)}", _lang: "{names.check_language(target.language)}"'
    return _request(base_url, wanted)


def list_request(base_url: str, slug: str, language: str, page: int, size: int) -> PortalRequest:
    """Ask for a page (from 1) of a publisher's releases, newest first. Raises UsageError as `page_request` does."""
    return _request(
        base_url,
        f'projects: "eq:{names.check_name(slug)}", _lang: "{names.check_language(language)}", '
        f'_page: {names.check_count(page)}, _size: {names.check_count(size)}, _sort: "created_date:DESC"',
    )


def read_page(answer: Answer, target: Target) -> Reading:
    """What the answer says of the release asked for."""
    return find_release(read_status(answer, target.language) or _items(answer), target, answer)


def read_list(answer: Answer, slug: str, language: str) -> Reading:
    """The releases of the list, in the portal's order."""
    return list_releases(read_status(answer, language) or _items(answer), slug, language, answer)


def _request(base_url: str, wanted: str) -> PortalRequest:
    query = f"{{ news({wanted}) {{ {FIELDS} }} }}"
    body = json.dumps({"query": query, "variables": {}}).encode()
    return PortalRequest(name, f"{base_url.rstrip('/')}/graphql", HEADERS, body)


def _items(answer: Answer) -> Reading | Items:
    """The items of an answer: a list, a page of one under `content`, or one item alone."""
    value = parse_json(answer)
    if isinstance(value, Reading):
        return value
    if isinstance(value, list):
        return unreadable("A list instead of GraphQL's object", answer)
    partial = bool(value.get("errors"))
    data = value.get("data")
    news = data.get("news") if isinstance(data, dict) else None
    if isinstance(news, list):
        return Items(news, partial)
    if isinstance(news, dict):  # seen in place of a list of one, and of a page of a list
        content = news.get("content")
        return Items(content if isinstance(content, list) else [news], partial)
    return read_without_items(value, answer)
