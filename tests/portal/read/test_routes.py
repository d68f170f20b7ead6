"""The routes to gov.kz: what each asks, and what each reads from the answers the portal is known to give.

`golden/portal/<route>-<case>.json` or `.html` is an answer about the release 997859 of the foreign ministry, and
`<route>-<case>.reading.json` what is to be read from it, by hand.
"""

import json
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.desk.portal_answers import BASE, answer, news
from tests.desk.portal_releases import invent, item_json, page_html
from tests.desk.portal_run import TARGET
from warehouse.errors import UsageError
from warehouse.portal.exchange import LANGUAGES, OUTCOMES, Reading, Target
from warehouse.portal.read import graphql, html, rest
from warehouse.portal.read.markers import current_markers, load_markers, read_by
from warehouse.portal.read.published import from_iso, from_line
from warehouse.portal.read.routes import LIST_ROUTES, ROUTES
from warehouse.project import PROJECT

GOLDEN = PROJECT / "tests" / "golden" / "portal"
SEEDS = PROJECT / "seeds"
READINGS = sorted(GOLDEN.glob("*.reading.json"))
BY_NAME = {route.name: route for route in ROUTES}
OLD_LINK = Target(1, "ministr-prinyal-posla", "mfa", "kk")
ITEM = {"id": "997859", "title": "Заголовок", "slug": "zagolovok", "body": "<p>Текст</p>", "created_date": None}
SHELL = (GOLDEN / "html-shell.html").read_bytes()
RENDERED = (GOLDEN / "html-ru.html").read_text(encoding="utf-8")


def body_of(reading: Reading) -> str | None:
    assert reading.outcome == "ok", reading
    return reading.pages[0].body


def source_of(path: Path) -> Path:
    stem = path.name.removesuffix(".reading.json")
    return next(other for other in (path.with_name(f"{stem}.html"), path.with_name(f"{stem}.json")) if other.exists())


# Golden answers


@pytest.mark.parametrize("path", READINGS, ids=lambda path: path.name.split(".")[0])
def test_an_answer_is_read_as_a_person_reads_it(path: Path) -> None:
    route = BY_NAME[path.name.split("-")[0]]
    reading = route.read_page(answer(source_of(path).read_bytes()), TARGET)
    expected = json.loads(path.read_text(encoding="utf-8"))
    pages = json.loads(json.dumps([asdict(page) for page in reading.pages], default=lambda moment: moment.isoformat()))
    for page in pages:
        assert page.pop("language") == "ru"
    assert {"outcome": reading.outcome, "pages": pages} == expected


def test_every_golden_file_belongs_to_a_pair() -> None:
    named = {source_of(path) for path in READINGS} | set(READINGS)
    named |= {other for path in GOLDEN.glob("*.txt") for other in (path, path.with_suffix(".html"))}
    assert {path for path in GOLDEN.iterdir() if path.is_file()} == named


# Requests


def test_routes_are_tried_in_this_order() -> None:
    assert [route.name for route in ROUTES] == ["graphql", "html", "rest"]


def test_graphql_asks_by_id_or_by_text_slug() -> None:
    request = graphql.page_request(BASE + "/", TARGET)
    assert (request.route, request.method, request.url) == ("graphql", "POST", f"{BASE}/graphql")
    assert request.headers == {"Content-Type": "application/json", "Accept": "application/json"}
    query = json.loads(request.body or b"")["query"]
    assert 'news(id: "eq:997859", _lang: "ru")' in query
    old = json.loads(graphql.page_request(BASE, OLD_LINK).body or b"")["query"]
    assert 'news(slug: "eq:ministr-prinyal-posla", _lang: "kk")' in old


def test_graphql_lists_a_publishers_newest() -> None:
    request = graphql.list_request(BASE, "mfa", "en", 2, 50)
    query = json.loads(request.body or b"")["query"]
    assert 'news(projects: "eq:mfa", _lang: "en", _page: 2, _size: 50, _sort: "created_date:DESC")' in query


def test_html_asks_for_the_page_that_people_read() -> None:
    request = html.page_request(BASE, OLD_LINK)
    url = f"{BASE}/memleket/entities/mfa/press/news/details/ministr-prinyal-posla?lang=kk"
    assert (request.route, request.method, request.url) == ("html", "GET", url)
    assert (graphql, rest) == LIST_ROUTES


def test_rest_asks_for_one_item_or_a_list() -> None:
    one = rest.page_request(BASE, TARGET)
    assert (one.route, one.method) == ("rest", "GET")
    assert one.url == f"{BASE}/api/v1/public/content-manager/news/997859?lang=ru"
    assert one.headers["Accept-Language"] == "ru"
    many = rest.list_request(BASE, "mfa", "kk", 1, 10)
    assert parse_qs(urlsplit(many.url).query) == {
        "sort-by": ["created_date:DESC"],
        "projects": ["eq:mfa"],
        "page": ["1"],
        "size": ["10"],
        "lang": ["kk"],
    }
    assert "projects=eq:mfa" in many.url


def test_rest_looks_an_old_link_up_among_its_publishers() -> None:
    query = parse_qs(urlsplit(rest.page_request(BASE, OLD_LINK).url).query)
    assert query == {"slug": ["eq:ministr-prinyal-posla"], "projects": ["eq:mfa"], "lang": ["kk"]}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize(
    "bad",
    ['1", _lang: "en") { id } x: news(id: "eq:2', "", "a b", "../x", "a?b", "a#b", "a\nb", "eq:1", "a" * 301, "жы"],
)
def test_nothing_but_a_name_gets_into_a_request(route, bad: str) -> None:
    with pytest.raises(UsageError):
        route.page_request(BASE, Target(1, bad, "mfa", "ru"))
    with pytest.raises(UsageError):
        route.page_request(BASE, Target(1, "1", "mfa", bad))
    if route in LIST_ROUTES:
        with pytest.raises(UsageError):
            route.list_request(BASE, bad, "ru", 1, 10)
        with pytest.raises(UsageError):
            route.list_request(BASE, "mfa", "ru", 0, 10)


# What the status says


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (304, "unchanged"),
        (400, "refused"),
        (401, "refused"),
        (403, "refused"),
        (404, "not_found"),
        (410, "not_found"),
        (408, "transport_error"),
        (429, "throttled"),
        (500, "transport_error"),
        (502, "transport_error"),
        (503, "transport_error"),
        (504, "transport_error"),
        (204, "unreadable"),
        (206, "unreadable"),
        (301, "unreadable"),
        (418, "unreadable"),
    ],
)
def test_a_status_has_its_outcome_whatever_stands_below_it(route, status: int, outcome: str) -> None:
    for body in (b"", b"Gateway", SHELL, json.dumps(news(ITEM)).encode()):
        assert route.read_page(answer(body, status), TARGET).outcome == outcome
        if route in LIST_ROUTES:
            assert route.read_list(answer(body, status), "mfa", "ru").outcome == outcome
        assert not route.read_page(answer(body, status), TARGET).pages


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_an_answer_that_did_not_come_whole_is_a_transport_error(route) -> None:
    broken = answer(news(ITEM), error="The connection broke after 12 of 40 bytes.")
    assert route.read_page(broken, TARGET) == Reading("transport_error", "The connection broke after 12 of 40 bytes.")
    assert route.read_page(answer(status=None), TARGET).outcome == "transport_error"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"message": "notAllowed"}),
        (400, "notAllowed"),
        (200, {"error": "browserTicketMissing"}),
        (404, {"error": "browserTicketMissing"}),
        (200, {"errors": [{"message": "browserTicketMissing"}], "data": None}),
        (200, {"errors": [{"message": "x", "extensions": {"code": "FORBIDDEN"}}]}),
    ],
)
def test_a_ticket_asked_for_is_a_refusal(status: int, body: object) -> None:
    for route in (graphql, rest):
        reading = route.read_page(answer(body, status), TARGET)
        assert reading.outcome == "refused"
        assert reading.detail
        assert route.read_list(answer(body, status), "mfa", "ru").outcome == "refused"


# GraphQL and REST


@pytest.mark.parametrize("item_id", ["997859", 997859])
def test_an_id_is_a_number_or_text(item_id: object) -> None:
    item = {**ITEM, "id": item_id}
    for reading in (
        graphql.read_page(answer(news(item)), TARGET),
        graphql.read_page(answer({"data": {"news": item}}), TARGET),
        graphql.read_page(answer({"data": {"news": {"content": [item]}}}), TARGET),
        rest.read_page(answer(item), TARGET),
        rest.read_page(answer([item]), TARGET),
        rest.read_page(answer({"content": [item]}), TARGET),
        rest.read_page(answer(b"\xef\xbb\xbf " + json.dumps(item).encode()), TARGET),
    ):
        assert body_of(reading) == "Текст"
        assert reading.pages[0].code == "997859"


def test_the_one_asked_for_is_found_among_others() -> None:
    others = [{**ITEM, "id": str(number), "body": "чужой"} for number in (1, 99785, 9978590)]
    assert body_of(graphql.read_page(answer(news(*others, ITEM)), TARGET)) == "Текст"
    assert body_of(rest.read_page(answer([*others, ITEM]), TARGET)) == "Текст"


@pytest.mark.parametrize(
    ("item_id", "outcome"),
    [
        *((other, "not_the_release") for other in ("997860", 1, "0997859", "zagolovok")),
        *((nothing, "unreadable") for nothing in (None, True, 997859.0, {"id": "997859"})),
    ],
)
def test_another_release_is_never_taken_for_the_one_asked_for(item_id: object, outcome: str) -> None:
    item = {**ITEM, "id": item_id}
    for reading in (graphql.read_page(answer(news(item)), TARGET), rest.read_page(answer([item]), TARGET)):
        assert reading.outcome == outcome
        assert "997859" in reading.detail
        assert reading.pages == ()


def test_an_old_link_is_found_by_its_text_slug_alone() -> None:
    item = {**ITEM, "slug": OLD_LINK.code}
    reading = graphql.read_page(answer(news(item)), OLD_LINK)
    assert body_of(reading) == "Текст"
    assert (reading.pages[0].code, reading.pages[0].slug) == ("997859", OLD_LINK.code)
    for slug, outcome in (
        ("another", "not_the_release"),
        (None, "unreadable"),
        ("ministr-prinyal-posl", "not_the_release"),
    ):
        assert graphql.read_page(answer(news({**ITEM, "slug": slug})), OLD_LINK).outcome == outcome


@pytest.mark.parametrize("body", [None, "", " ", "<p>&nbsp;</p>\n<p><img></p>", "<!-- x -->"])
def test_a_page_without_a_body_says_so_itself(body: str | None) -> None:
    for reading in (
        graphql.read_page(answer(news({**ITEM, "body": body})), TARGET),
        rest.read_page(answer({**ITEM, "body": body}), TARGET),
    ):
        assert reading.outcome == "no_body"
        assert (reading.pages[0].title, reading.pages[0].body) == ("Заголовок", None)


ATTACHED = {
    "<p><img src='/uploads/1.png?v=3'></p>": ("picture_body", (), ("/uploads/1.png",), ()),
    "<p><img srcset='/2.webp 1x, /3.webp 2x'></p>": ("picture_body", (), ("/2.webp",), ()),
    "<p><a href='/x'><img src=data:image/gif;base64,R0 data-src='//cdn.kz/1.png'></a>&nbsp;</p>": (
        "picture_body", ("/x",), ("https://cdn.kz/1.png",), ()),
    "<video controls><source src='http://www.gov.kz/uploads/1.mp4'>No video</video>": (
        "video_body", (), (), ("/uploads/1.mp4",)),
    "<iframe width=1 src='https://www.youtube.com/embed/1?a=1&amp;b=2'></iframe><p><img src=/1.png></p>": (
        "video_body", (), ("/1.png",), ("https://www.youtube.com/embed/1?a=1&b=2",)),
    "<noscript><img src=/1.png></noscript><p><a href='#top'></a><a href='javascript:x()'></a></p>": (
        "no_body", (), (), ()),
    "<table><tr><td><img src=/1.png></td><td>Word <a href=HTTPS://Akorda.KZ>x</a></td></tr></table>": (
        "ok", ("https://akorda.kz/",), ("/1.png",), ()),
}  # fmt: skip


@pytest.mark.parametrize("route", [route.name for route in ROUTES])
@pytest.mark.parametrize("body", ATTACHED)
def test_what_is_attached_to_a_body_and_what_a_body_without_words_is_is_the_same_by_each_route(
    body: str, route: str
) -> None:
    release = invent("997859", "mfa", datetime(2025, 5, 20, 6, tzinfo=UTC))
    release.texts["ru"].body = body
    item = item_json("997859", release, "ru")
    source = {"html": page_html(release, "ru"), "graphql": news(item), "rest": item}[route]
    reading = BY_NAME[route].read_page(answer(source), TARGET)
    (page,) = reading.pages
    assert (reading.outcome, page.links, page.pictures, page.videos) == ATTACHED[body]


def test_fields_can_be_null() -> None:
    item = dict.fromkeys(ITEM) | {"id": "997859", "body": "Текст", "directions": None}
    page = graphql.read_page(answer(news(item)), TARGET).pages[0]
    assert (page.title, page.body, page.slug, page.published_at, page.topics) == ("", "Текст", None, None, ())


def test_an_empty_list_says_that_there_is_no_such_release() -> None:
    assert graphql.read_page(answer(news()), TARGET).outcome == "not_found"
    assert rest.read_page(answer([]), TARGET).outcome == "not_found"
    assert rest.read_page(answer({"content": []}), TARGET).outcome == "not_found"


def test_errors_never_stand_for_an_absence() -> None:
    errors = {"errors": [{"message": "Timeout of the data source", "path": ["news"]}]}
    for body in (errors, {"data": None, **errors}, news(**errors), news({**ITEM, "body": None}, **errors)):
        reading = graphql.read_page(answer(body), TARGET)
        assert (reading.outcome, reading.pages) == ("unreadable", ())
        assert "errors" in reading.detail or "Errors" in reading.detail
    assert body_of(graphql.read_page(answer(news(ITEM, **errors)), TARGET)) == "Текст"


@pytest.mark.parametrize("route", [graphql, rest], ids=lambda route: route.name)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b'"text"',
        b"{}",
        b"[1]",
        b"[[]]",
        b"not json",
        b'{"data": {"news": [{"id": "997859", "title": "',
        b'{"data": {"news": null}}',
        b'{"data": {"news": "none"}}',
        b'{"data": []}',
        b'{"content": {}}',
        b'{"id": "997859", "title": "no body at all"}',
        b'{"data": {"news": [{"id": "997859", "title": "no body at all"}]}}',
        b'{"data": {"news": [{"id": "997859", "body": {"html": "x"}}]}}',
        b"<html><body><h1>504 Gateway Time-out</h1></body></html>",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"{}," * 300_000 + b"{}]",
        b"9" * 100_000,
    ],
    ids=lambda body: body[:40].decode(),
)
def test_anything_else_is_unreadable_and_shows_how_it_begins(route, body: bytes) -> None:
    reading = route.read_page(answer(body), TARGET)
    assert (reading.outcome, reading.pages) == ("unreadable", ())
    assert len(reading.detail) < 200
    assert reading.detail.isprintable()


def test_what_is_shown_of_an_answer_are_its_first_80_visible_characters() -> None:
    strange = "\x1b[31m\u202eдва\tслова\r\n" + "ы" * 200
    assert graphql.read_page(answer(strange), TARGET).detail.endswith("“" + ("[31mдва слова " + "ы" * 200)[:80] + "”")
    page = b"<!DOCTYPE html><html><head><style>p{}</style></head><body><h1>Bad gateway</h1>nginx</body></html>"
    assert graphql.read_page(answer(page), TARGET).detail == "HTML instead of JSON: “Bad gateway nginx”"


def test_a_shell_is_a_shell_whoever_asked() -> None:
    for route in ROUTES:
        reading = route.read_page(answer(SHELL), TARGET)
        assert (reading.outcome, reading.pages) == ("shell", ())


# Lists


def test_a_list_keeps_the_portals_order_and_counts_what_it_cannot_read() -> None:
    items = [{**ITEM, "id": code} for code in ("12", 11, "10")]
    for route, body in ((graphql, news(*items)), (rest, items), (rest, {"content": items})):
        reading = route.read_list(answer(body), "mfa", "kk")
        assert (reading.outcome, [page.code for page in reading.pages]) == ("ok", ["12", "11", "10"])
        assert {page.language for page in reading.pages} == {"kk"}
    odd = rest.read_list(answer([ITEM, None, {"title": "no id"}]), "mfa", "ru")
    assert (len(odd.pages), odd.detail) == (1, "2 of 3 items cannot be read.")


def test_a_list_that_ends_is_read_and_a_list_of_no_releases_is_not() -> None:
    assert graphql.read_list(answer(news()), "mfa", "ru") == Reading("ok")
    assert rest.read_list(answer([]), "mfa", "ru") == Reading("ok")
    assert rest.read_list(answer([{"x": 1}]), "mfa", "ru").outcome == "unreadable"
    assert graphql.read_list(answer(news(errors=[{"message": "x"}])), "mfa", "ru").outcome == "unreadable"
    for route in LIST_ROUTES:
        assert route.read_list(answer(RENDERED), "mfa", "ru").outcome == "unreadable"


# The page that people read


def test_the_page_of_another_release_is_never_taken() -> None:
    details = "https://www.gov.kz/memleket/entities/mfa/press/news/details/"
    for code, outcome in (("997859", "ok"), ("997860", "not_the_release"), ("zagolovok", "ok")):
        reading = html.read_page(answer(RENDERED, url=f"{details}{code}?lang=ru"), TARGET)
        assert reading.outcome == outcome
    other = RENDERED.replace("details/997859", "details/1")
    assert html.read_page(answer(other, url=f"{details}997859"), TARGET).outcome == "not_the_release"
    old = RENDERED.replace('rel="canonical"', 'rel="other"').replace(' lang="ru"', "")
    assert html.read_page(answer(old, url=f"{details}5"), OLD_LINK).outcome == "ok"
    assert html.read_page(answer(old, url=f"{details}another-slug"), OLD_LINK).outcome == "not_the_release"


@pytest.mark.parametrize(
    ("date", "views", "topics", "related"),
    [
        ("13 июля 2026 17:29", "Количество просмотров: 61", "Направления деятельности", "Читайте также"),
        ("2026 жылғы 13 шілде, 17:29", "Қаралғаны: 61", "Қызмет бағыттары", "Сондай-ақ оқыңыз"),
        ("13 шілде 2026 17:29", "Қаралым саны: 1 061", "Қызмет бағыттары:", "САҚ ОҚЫҢЫЗ"),
        ("July 13, 2026 17:29", "Views: 61", "Areas of activity", "Read also"),
        ("13 July 2026, 17:29", "View count: 61", "DIRECTIONS", "See also"),
        ("13.07.2026 17:29", "Количество просмотров:", "Направления деятельности", ""),
    ],
)
@pytest.mark.parametrize("parted", ["</div><div>", "<br>", " "], ids=["divs", "br", "one line"])
def test_the_body_stands_between_the_views_and_what_follows(date, views, topics, related, parted) -> None:
    page = (
        f"<html><body><h1>Заголовок</h1><div>{date}{parted}{views}</div><p>Первый, 1 мая 2025 10:00.</p><p>Второй.</p>"
        f"<h3>{topics}</h3><p>Тема</p><h3>{related}</h3><p>Другое</p></body></html>"
    )
    reading = html.read_page(answer(page), TARGET)
    assert body_of(reading) == "Первый, 1 мая 2025 10:00.\nВторой."
    assert reading.pages[0].title == "Заголовок"
    assert str(reading.pages[0].published_at) == "2026-07-13 12:29:00"


def test_a_page_that_breaks_off_is_not_taken_for_a_shorter_one() -> None:
    for end in range(RENDERED.index("Первый"), RENDERED.index("<h3>Направления")):
        reading = html.read_page(answer(RENDERED[:end]), TARGET)
        assert reading.outcome == "unreadable" or body_of(reading) == "Первый абзац.", end


def test_a_page_without_a_release_is_unreadable() -> None:
    for page in ("<html><body><h1>Ошибка</h1></body></html>", "", "Просто текст", "{}"):
        assert html.read_page(answer(page), TARGET).outcome == "unreadable"


def test_a_page_is_decoded_by_what_it_says() -> None:
    page = RENDERED.replace("utf-8", "windows-1251").replace("\xa0", " ")
    reading = html.read_page(answer(page.encode("cp1251")), TARGET)
    assert reading.pages[0].title == "О встрече в МИД"


def test_more_markup_than_any_release_has_is_unreadable() -> None:
    much = "<p>" * 200_001
    for route, body in (
        (graphql, news({**ITEM, "body": much})),
        (rest, {**ITEM, "body": much}),
        (html, RENDERED + much),
    ):
        assert route.read_page(answer(body), TARGET).outcome == "unreadable"


def test_words_that_stand_around_a_body_are_data(tmp_path: Path) -> None:
    for name in ("months.csv", "publishers.csv"):
        shutil.copy(SEEDS / name, tmp_path)
    path = tmp_path / "portal_markers.csv"
    path.write_text("kind,language,text,reason\nviews,en,Seen by,\n", encoding="utf-8")
    assert load_markers(tmp_path).views.search("seen by: 12")
    path.write_text("kind,language,text,reason\nviwes,en,Seen by,\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2: kind “viwes”"):
        load_markers(tmp_path)
    path.write_text("kind,language\nviews,en\n", encoding="utf-8")
    with pytest.raises(UsageError, match="lacks the column text"):
        load_markers(tmp_path)
    path.unlink()
    assert load_markers(tmp_path).shell == current_markers().shell, "archived rows of an earlier version lack the file"
    path.write_text("kind,language,text,reason\nviews,en,Read by,\n", encoding="utf-8")
    with read_by(tmp_path):
        path.unlink()
        assert current_markers().views.search("read by: 12")
    assert not current_markers().views.search("read by: 12")


# Time


@pytest.mark.parametrize(
    ("text", "utc", "day_only"),
    [
        ("2026-06-09T11:48:00Z", "2026-06-09T11:48:00", False),
        ("2026-06-09T11:48:00.123Z", "2026-06-09T11:48:00.123000", False),
        ("2026-06-09T16:48:00+05:00", "2026-06-09T11:48:00", False),
        ("2026-06-09T16:48:00+0500", "2026-06-09T11:48:00", False),
        ("2024-02-29T12:00:00", "2024-02-29T06:00:00", False),
        ("2024-03-01T12:00:00", "2024-03-01T07:00:00", False),
        ("2026-06-09 16:48", "2026-06-09T11:48:00", False),
        ("2020-03-05T00:00:00Z", "2020-03-05T00:00:00", True),
        ("2020-03-05T00:00:00", "2020-03-05T00:00:00", True),
        ("2020-03-05T00:00:00.000+06:00", "2020-03-05T00:00:00", True),
        ("2020-03-04T18:00:00Z", "2020-03-05T00:00:00", True),
        ("2026-03-04T18:00:00Z", "2026-03-04T18:00:00", False),
        ("2026-03-04T19:00:00Z", "2026-03-05T00:00:00", True),
        ("2020-03-05", "2020-03-05T00:00:00", True),
        ("2020-06-15T00:00:00", "2020-06-15T00:00:00", True),
        ("2003-07-01T00:00:00", "2003-07-01T00:00:00", True),
        ("2003-07-01T12:00:00", "2003-07-01T05:00:00", False),
    ],
)
def test_a_date_of_the_portal_is_read_in_utc(text: str, utc: str, *, day_only: bool) -> None:
    assert from_iso(text) == (datetime.fromisoformat(utc), day_only)


@pytest.mark.parametrize(
    "text",
    [
        None,
        1,
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-12:00",
        {},
    ],
)
def test_what_is_no_date_is_none(text: object) -> None:
    assert from_iso(text) == (None, False)


@pytest.mark.parametrize(
    ("line", "utc", "day_only"),
    [
        ("13 июля 2026 17:29", "2026-07-13T12:29:00", False),
        ("13 июля 2023, 17:29", "2023-07-13T11:29:00", False),
        ("13 Июля 2026 г., 17:29", "2026-07-13T12:29:00", False),
        ("29 ақпан 2024 23:30", "2024-02-29T17:30:00", False),
        ("1 наурыз 2024 00:30", "2024-02-29T19:30:00", False),
        ("2026 ж. 9 маусым 08:05", "2026-06-09T03:05:00", False),
        ("June 9, 2026 08:05", "2026-06-09T03:05:00", False),
        ("9 June 2026", "2026-06-09T00:00:00", True),
        ("09.06.2026", "2026-06-09T00:00:00", True),
        ("31 июня 2026 17:29", None, False),
        ("13 яблок 2026 17:29", None, False),
        ("13 июля", None, False),
    ],
)
def test_a_date_on_a_page_is_wall_time_of_almaty(line: str, utc: str | None, *, day_only: bool) -> None:
    assert from_line(line, current_markers().months) == (utc and datetime.fromisoformat(utc), day_only)


# Whatever comes

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["997859", 997859, 10**400, "9" * 400, "²", "٣", "\ud800", "\0", f"2025-05-20T06:00:00+{'9' * 99}"]
    )
    | st.sampled_from([f'<ol start="{"9" * 5000}"><li value="-{"9" * 5000}">a</ol>&#{"9" * 5000};']),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*ITEM, "data", "news", "content", "errors", "message", "directions"]), inner)
    ),
    max_leaves=12,
)
GOOD_ANSWERS = [json.dumps(news(ITEM)).encode(), json.dumps([ITEM]).encode(), RENDERED.encode(), SHELL]


def is_sound(reading: Reading) -> bool:
    content = json.dumps(asdict(reading), default=str).encode() and reading.detail.encode()
    texts = [text or "" for page in reading.pages for text in (page.title, page.body, page.code, page.slug)]
    assert all(page.code for page in reading.pages)
    assert all(text.replace("\n", "").isprintable() or text.encode() for text in texts)
    assert bool(reading.pages) <= (reading.outcome in {"ok", "no_body"})
    return reading.outcome in OUTCOMES and len(content) < 1000


def is_read_by_all(body: bytes, content_type: str = "") -> bool:
    one_answer = answer(body, headers={"content-type": content_type})
    return all(
        is_sound(route.read_page(one_answer, target)) for route in ROUTES for target in (TARGET, OLD_LINK)
    ) and all(is_sound(route.read_list(one_answer, "mfa", "ru")) for route in LIST_ROUTES)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=40))
def test_any_bytes_have_an_outcome(body: bytes, content_type: str) -> None:
    assert is_read_by_all(body, content_type)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_has_an_outcome(value: object) -> None:
    assert is_read_by_all(json.dumps(value).encode())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GOOD_ANSWERS), st.data())
def test_any_damage_to_a_good_answer_has_an_outcome(good: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 60)))
    assert is_read_by_all(good[:start] + data.draw(st.binary(max_size=20)) + good[end:])


@pytest.mark.parametrize(
    "body", ["<div>" * 10_000, "<p " + "x" * 2_000_000, "\x00\x1f" * 500_000, "&amp;" * 500_000, "т" * 2_000_000]
)
def test_hostile_pages_have_an_outcome(body: str) -> None:
    for source in (body, RENDERED.replace("Первый", body), json.dumps(news({**ITEM, "title": body, "body": body}))):
        assert is_read_by_all(source.encode())


def test_all_languages_of_the_portal_can_be_asked_for() -> None:
    for language in LANGUAGES:
        for route in ROUTES:
            assert language in str(route.page_request(BASE, Target(1, "1", "mfa", language)))
