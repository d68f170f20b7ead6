"""The portal's REST interface for its content: one release by id, or a publisher's newest.

Guarded since 2024: without a browser's ticket it refuses, which is recorded and respected.
"""

from urllib.parse import urlencode

from warehouse.portal.exchange import Answer, PortalRequest, Reading, Target
from warehouse.portal.read import names
from warehouse.portal.read.items import Items, find_release, list_releases, parse_json, read_without_items
from warehouse.portal.read.status import read_status

name = "rest"

PATH = "/api/v1/public/content-manager/news"


def page_request(base_url: str, target: Target) -> PortalRequest:
    """Ask for one release in one language. Raises UsageError for what is no code or language."""
    code, language = names.check_name(target.code), names.check_language(target.language)
    if code.isdecimal():
        return _request(base_url, f"/{code}", {}, language)
    return _request(base_url, "", {"slug": f"eq:{code}", "projects": f"eq:{names.check_name(target.slug)}"}, language)


def list_request(base_url: str, slug: str, language: str, page: int, size: int) -> PortalRequest:
    """Ask for a page (from 1) of a publisher's releases, newest first. Raises UsageError as `page_request` does."""
    wanted = {
        "sort-by": "created_date:DESC",
        "projects": f"eq:{names.check_name(slug)}",
        "page": str(names.check_count(page)),
        "size": str(names.check_count(size)),
    }
    return _request(base_url, "", wanted, names.check_language(language))


def read_page(answer: Answer, target: Target) -> Reading:
    """What the answer says of the release asked for."""
    return find_release(read_status(answer, target.language) or _items(answer), target, answer)


def read_list(answer: Answer, slug: str, language: str) -> Reading:
    """The releases of the list, in the portal's order."""
    return list_releases(read_status(answer, language) or _items(answer), slug, language, answer)


def _request(base_url: str, below: str, wanted: dict[str, str], language: str) -> PortalRequest:
    query = urlencode({**wanted, "lang": language}, safe=":")
    headers = {"Accept": "application/json", "Accept-Language": language}
    return PortalRequest(name, f"{base_url.rstrip('/')}{PATH}{below}?{query}", headers)


def _items(answer: Answer) -> Reading | Items:
    """The items of an answer: a bare list, a page of one under `content`, or one item alone."""
    value = parse_json(answer)
    if isinstance(value, Reading):
        return value
    if isinstance(value, list):
        return Items(value)
    if isinstance(content := value.get("content"), list):
        return Items(content)
    return Items([value]) if "id" in value else read_without_items(value, answer)
