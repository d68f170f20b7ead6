"""What an answer of the portal says, where it is easily misread: counts of views, statuses, charsets, languages, lists.

Each case is one in which a page that had not changed could be told as changed, gone, or as that of another release.
"""

import gzip
import json
import socket
import threading
import zlib
from contextlib import closing
from datetime import datetime

import pytest

from tests.desk.portal_answers import AT, answer, news
from tests.desk.portal_releases import WORDS, invent, page_html
from tests.desk.portal_run import TARGET
from warehouse.errors import UsageError
from warehouse.portal.exchange import Page, Reading, Target
from warehouse.portal.read import graphql, html, names, rest
from warehouse.portal.read.markers import current_markers
from warehouse.portal.read.markup import skeleton
from warehouse.portal.read.published import from_line
from warehouse.portal.read.routes import LIST_ROUTES
from warehouse.portal.read.text import text_of
from warehouse.portal.request.body import MAX_MEMBERS, read_body
from warehouse.portal.request.failure import Failure
from warehouse.portal.request.limits import Limits
from warehouse.portal.request.wire import Wire

ITEM = {"id": "997859", "title": "Заголовок", "body": "<p>Текст</p>", "created_date": None}
DETAILS = "https://www.gov.kz/memleket/entities/mfa/press/news/details/997859?lang=ru"
UNSENT = {"User-Agent": "press"}
NOT_FOUND = b"<html><head><script>var browserTicketUrl='/x'</script></head><body><h1>404</h1><p>Forbidden</p></body>"


def rendered(above: str, body: str = "<p>Первый.</p><p>Второй.</p>", language: str = "ru") -> str:
    views, directions, related = WORDS[language]
    return (
        f"<html><body><header><h1>GOV.KZ</h1></header>{above.replace('VIEWS', views)}{body}"
        f"<h3>{directions}</h3><a>Тема</a><h3>{related}</h3><a>Другая</a></body></html>"
    )


TITLE = "<h1>Заголовок</h1>"
DATED = f"{TITLE}<div>13 июля 2026 17:29</div>"


def page_of(source: str | bytes, target: Target = TARGET, **rest: object) -> Page:
    reading = html.read_page(answer(source, **rest), target)  # type: ignore[arg-type]
    assert reading.outcome == "ok", reading
    return reading.pages[0]


# The count of views


COUNTS = "61|1 261|1,261|1.261|1’261|1'261|1&nbsp;261|1 26|12 345 678|1,2K|1,2 K|1.2k|2К|1,2 тыс.|3 тысячи|2,5 мың|1M"


@pytest.mark.parametrize("count", COUNTS.split("|"))
@pytest.mark.parametrize(
    "above",
    [
        "<div>VIEWS: {}</div>",
        "<div>VIEWS: <span>{}</span></div>",
        "<div>VIEWS:</div><div>{}</div>",
        "<div>VIEWS {}</div>",
        "<div><i class='eye'></i>{}</div>",
        "<div>{} просмотров</div>",
    ],
)
def test_no_part_of_a_count_of_views_is_taken_for_the_body(above: str, count: str) -> None:
    page = page_of(rendered(DATED + above.format(count)))
    assert (page.title, page.body) == ("Заголовок", "Первый.\nВторой.")


def test_a_body_may_begin_with_a_figure() -> None:
    for begin in ("1 200 домов построено.", "61", "2025 год"):
        assert page_of(rendered(f"{DATED}<div>VIEWS: 61</div>", f"<p>{begin}</p>")).body == begin
    assert page_of(rendered(f"{DATED}<div>VIEWS: 61 Итоги года.</div>", "")).body == "Итоги года."


def test_what_may_be_a_body_above_the_count_of_views_is_no_missing_body() -> None:
    body = "<p>Первый абзац, который стоит над счётчиком просмотров.</p>"
    assert html.read_page(answer(rendered(f"{DATED}{body}<div>VIEWS: 61</div>", "")), TARGET).outcome == "unreadable"
    assert html.read_page(answer(rendered(f"{DATED}<div>VIEWS: 61</div>", "")), TARGET).outcome == "no_body"


# The title and the date


@pytest.mark.parametrize(
    "above",
    [
        f"{DATED}<div>VIEWS: 61</div>",
        f"<h1>Министерство</h1><div>Пресс-центр</div>{DATED}<div>VIEWS: 61</div>",
        f"<div>13 июля 2026 17:29</div>{TITLE}<div>VIEWS: 61</div>",
        DATED,
    ],
)
def test_the_title_is_the_heading_nearest_above_the_body(above: str) -> None:
    page = page_of(rendered(above, "<h1>Подзаголовок</h1><p>Первый.</p>"))
    assert (page.title, page.body) == ("Заголовок", "Подзаголовок\nПервый.")
    assert str(page.published_at) == "2026-07-13 12:29:00"


@pytest.mark.parametrize(
    ("line", "utc", "day_only"),
    [
        ("July 13, 2026, 5:29 PM", "2026-07-13T12:29:00", False),
        ("July 13, 2026 12:29 a.m.", "2026-07-12T19:29:00", False),
        ("13 July 2026 12:05 pm", "2026-07-13T07:05:00", False),
        ("13 июля 2026 17:29 PM", "2026-07-13T12:29:00", False),
        ("2026-07-13 17:29", "2026-07-13T12:29:00", False),
        ("2026-07-13T17:29:30", "2026-07-13T12:29:00", False),
        ("2026-07-13T12:29:00Z", "2026-07-13T12:29:00", False),
        ("Опубликовано 2026-07-13T18:29:00+06:00", "2026-07-13T12:29:00", False),
        ("2026-07-13", "2026-07-13T00:00:00", True),
        ("13 июл. 2026 17:29", "2026-07-13T12:29:00", False),
        ("13 сент. 2026, 17:29", "2026-09-13T12:29:00", False),
        ("2026 ж. 13 шіл. 17:29", "2026-07-13T12:29:00", False),
        ("Jul 13, 2026 17:29", "2026-07-13T12:29:00", False),
        ("13 ма 2026", None, False),
        ("2026-13-13 17:29", None, False),
    ],
)
def test_a_date_is_read_however_it_is_written(line: str, utc: str | None, *, day_only: bool) -> None:
    assert from_line(line, current_markers().months) == (utc and datetime.fromisoformat(utc), day_only)


# Statuses


@pytest.mark.parametrize("route", [graphql, html, rest], ids=lambda route: route.name)
def test_a_304_says_something_only_to_who_told_of_an_earlier_answer(route) -> None:
    asked_again = answer(status=304, request_headers=UNSENT)
    assert route.read_page(asked_again, TARGET).outcome == "unreadable"
    if route in LIST_ROUTES:
        assert route.read_list(asked_again, "mfa", "ru").outcome == "unreadable"
    for condition in ("If-None-Match", "if-modified-since"):
        conditional = answer(status=304, request_headers={**UNSENT, condition: "x"})
        assert route.read_page(conditional, TARGET).outcome == "unchanged"


@pytest.mark.parametrize("route", [graphql, html, rest], ids=lambda route: route.name)
def test_an_answer_of_a_type_that_no_page_has_is_unreadable(route) -> None:
    untaken = answer(error="The answer's type is “application/pdf”.", barrier="type")
    assert route.read_page(untaken, TARGET) == Reading("unreadable", "The answer's type is “application/pdf”.")


@pytest.mark.parametrize("route", [graphql, html, rest], ids=lambda route: route.name)
def test_a_page_that_is_gone_is_gone_whatever_its_scripts_say(route) -> None:
    for status in (404, 410):
        for body in (NOT_FOUND, b'{"path": "/news/ticket", "error": "notFound"}', b"not found " * 200 + b"ticket"):
            assert route.read_page(answer(body, status), TARGET).outcome == "not_found"
        for body in (b'{"error": "browserTicketMissing"}', b'{"errors": [{"message": "Forbidden"}]}', b"Access denied"):
            assert route.read_page(answer(body, status), TARGET).outcome == "refused"
    assert route.read_page(answer(b"<h1>Access denied</h1>", 418), TARGET).outcome == "refused"


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        (DETAILS, "not_found"),
        (DETAILS.replace("mfa", "MFA"), "not_found"),
        ("https://www.gov.kz/404", "not_found"),
        ("https://www.gov.kz/memleket/not-found", "not_found"),
        ("https://www.gov.kz/", "unreadable"),
        ("https://www.gov.kz/memleket/entities/mfa/press/news/details/1", "unreadable"),
    ],
)
def test_what_is_not_found_elsewhere_says_nothing_of_the_page(url: str, outcome: str) -> None:
    assert html.read_page(answer(NOT_FOUND, 404, url=url), TARGET).outcome == outcome


# Character sets


def test_json_is_read_in_the_charset_it_is_in_or_not_at_all() -> None:
    body = json.dumps(news(ITEM), ensure_ascii=False)
    for charset in ("windows-1251", "koi8-r", "utf-8", "utf-16"):
        declared = {"content-type": f"application/json; charset={charset}"}
        for bytes_ in (body.encode(charset), body.encode()):
            if charset == "utf-16" and bytes_ == body.encode():
                continue
            page = graphql.read_page(answer(bytes_, headers=declared), TARGET).pages[0]
            assert (page.title, page.body) == ("Заголовок", "Текст")
    for content_type in ("application/json", "application/json; charset=utf-8", "application/json; charset=klingon"):
        for route, read in ((graphql, body), (rest, json.dumps([ITEM], ensure_ascii=False))):
            lie = answer(read.encode("cp1251"), headers={"content-type": content_type})
            assert route.read_page(lie, TARGET).outcome == "unreadable"
            assert route.read_list(lie, "mfa", "ru").outcome == "unreadable"


def test_a_page_in_another_charset_than_its_header_says_is_read_or_unreadable() -> None:
    source = rendered("<h1>Заголовок</h1><div>13.07.2026 17:29</div>")
    header = {"content-type": "text/html; charset=utf-8"}
    assert html.read_page(answer(source.encode("cp1251"), headers=header), TARGET).outcome == "unreadable"
    declared = source.replace("<body>", '<meta charset="windows-1251"><body>')
    assert page_of(declared.encode("cp1251"), headers=header).body == "Первый.\nВторой."
    lie = {"content-type": "text/html; charset=windows-1251"}
    assert page_of(source.encode(), headers=lie).body == "Первый.\nВторой."


# Languages


def in_language(language: str, lang: str = "") -> str:
    source = page_html(invent("997859", "mfa", AT), language).replace(f'lang="{language}"', lang)
    assert lang in source
    return source


def test_a_page_of_another_language_never_takes_the_place_of_a_text() -> None:
    moved = DETAILS.replace("lang=ru", "lang=kk")
    for source in (in_language("kk"), in_language("ru")):
        assert html.read_page(answer(source, url=moved), TARGET).outcome == "unreadable"
    assert html.read_page(answer(in_language("kk", 'lang="kk"')), TARGET).outcome == "unreadable"
    assert html.read_page(answer(in_language("en", "lang=en-GB")), TARGET).outcome == "unreadable"
    assert rest.read_page(answer([ITEM], url="https://www.gov.kz/api?lang=en"), TARGET).outcome == "unreadable"
    assert html.read_page(answer(b"", 503, url=moved), TARGET).outcome == "transport_error"


def test_a_template_that_names_one_language_for_all_pages_does_not_hide_them() -> None:
    for lang in ("", 'lang="en"', "lang=kk", 'lang="ru-RU"', 'lang="xx"'):
        assert page_of(in_language("ru", lang)).language == "ru"


# Lists


@pytest.mark.parametrize(("route", "wrapped"), [(graphql, news), (rest, lambda *items, **_: list(items))])
def test_an_item_that_says_nothing_of_its_body_shows_no_page(route, wrapped) -> None:
    short = {name: value for name, value in ITEM.items() if name != "body"}
    assert route.read_list(answer(wrapped(short)), "mfa", "ru").outcome == "unreadable"
    mixed = route.read_list(answer(wrapped(short, {**ITEM, "id": "2", "body": None}, {**ITEM, "id": "3"})), "mfa", "ru")
    assert [(page.code, page.body) for page in mixed.pages] == [("2", None), ("3", "Текст")]
    assert mixed.detail == "1 of 3 items cannot be read."


def test_a_body_missing_beside_errors_is_not_known_to_be_missing() -> None:
    errors = {"errors": [{"message": "timeout", "path": ["news", 0, "body"]}]}
    listed = graphql.read_list(answer(news({**ITEM, "body": None}, {**ITEM, "id": "2"}, **errors)), "mfa", "ru")
    assert [page.code for page in listed.pages] == ["2"]
    assert graphql.read_list(answer(news({**ITEM, "body": None}, **errors)), "mfa", "ru").outcome == "unreadable"


@pytest.mark.parametrize(("route", "wrapped"), [(graphql, news), (rest, lambda *items: list(items))])
def test_a_list_has_the_releases_of_its_publisher_alone(route, wrapped) -> None:
    own = ["mfa", "MFA", ["mfa", "transport"], "mfa,transport", None, 12, "12", {"id": 1}]
    others = ["transport", ["transport"], "mfa-2"]
    items = [{**ITEM, "id": str(number), "projects": named} for number, named in enumerate((*own, *others), start=1)]
    listed = route.read_list(answer(wrapped(*items)), "mfa", "ru")
    assert [page.code for page in listed.pages] == [str(number) for number in range(1, len(own) + 1)]
    assert listed.detail == "3 of 11 items are of other publishers."
    assert route.read_list(answer(wrapped(*items[len(own) :])), "mfa", "ru").outcome == "unreadable"


def test_graphql_asks_whose_releases_they_are() -> None:
    request = graphql.list_request("https://www.gov.kz", "mfa", "ru", 1, 50)
    assert " projects " in json.loads(request.body or b"")["query"].partition("{ id")[2]


@pytest.mark.parametrize("code", ["%2e%2e", "%2E", "a%2fb", "%252e", "%", "a%0ab", "%20", "a%3fb", "%00"])
def test_a_code_stands_for_nothing_but_a_name(code: str) -> None:
    with pytest.raises(UsageError):
        names.check_name(code)


def test_a_code_may_have_letters_that_are_encoded() -> None:
    assert names.check_name("%D0%B0%D0%BA%D0%B8%D0%BC-1") == "%D0%B0%D0%BA%D0%B8%D0%BC-1"


# Markup


@pytest.mark.parametrize("drop", "select button object noscript canvas video audio svg template datalist map".split())
@pytest.mark.parametrize("inner", ["<p>x", "<option>1<option>2", "<div><ul><li>x", "<table><tr><td>x", "<p>x</p>x<br>"])
def test_what_is_not_read_ends_where_it_is_closed(drop: str, inner: str) -> None:
    assert text_of(f"<p>a</p><{drop} class='c'>{inner}</{drop}><p>b</p><ul><li>c</ul>").lines == ("a", "b", "• c")
    assert "x" not in text_of(f"<div><{drop}>{inner}</{drop}>b</div>").lines


@pytest.mark.parametrize("drop", "button object canvas video audio svg map".split())
def test_what_is_not_read_and_never_closed_ends_with_what_is_around_it(drop: str) -> None:
    assert text_of(f"<p>a<{drop} src=x></p><p>b</p>").lines == ("a", "b")
    assert text_of(f"<ul><li>a<{drop}><p>x</p></li><li>b</li></ul>").lines == ("• a", "• b")


@pytest.mark.parametrize("piece", ["<svg>", "<svg></p>", "<svg><p>", "<svg><video></svg>", "<sup>", "<sup>1</sup>"])
def test_hostile_markup_that_is_not_read_costs_what_its_size_does(piece: str) -> None:
    assert len(skeleton(piece * 60_000)[0]) <= 60_000 * 40


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>10<sup>6</sup> м<sup>2</sup></p>", "10⁶ м²"),
        ("10<SUP class='a'> <span>&#54;</span>&nbsp;</SUP>", "10⁶"),
        ("10<sup>-3</sup>, 10<sup>&minus;12</sup>", "10⁻³, 10⁻¹²"),
        ("5<sup>th</sup> m<sup>*</sup> x<sup></sup>y", "5th m* xy"),
        ("a<sup>1<p>2</p></sup>3", "a1\n2\n3"),
        ("a<sup>1", "a1"),
        ("H<sub>2</sub>O", "H2O"),
        ("<ol><li value=5>a<li>b<li value='2'>c</ol><ul><li value=7>d</ul>", "5. a\n6. b\n2. c\n• d"),
    ],
)
def test_raised_numbers_and_numbered_items_are_read_as_shown(source: str, expected: str) -> None:
    assert "\n".join(text_of(source).lines) == expected


# Bodies and hints on the way


def pieces(body: bytes, step: int) -> list[bytes]:
    """A body as it comes, so many bytes at a time."""
    return [body[at : at + step] for at in range(0, len(body), step)]


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_gzip_may_have_members_and_be_padded(step: int) -> None:
    text = b"0123456789" * 50
    members = b"".join(gzip.compress(text[at : at + 100]) for at in range(0, len(text), 100))
    for sent in (members, members + bytes(10), gzip.compress(text) + bytes(600)):
        assert read_body(pieces(sent, step), "gzip", 1_000) == text
    with pytest.raises(Failure, match="larger"):
        read_body(pieces(members * 3, step), "gzip", 1_000)
    with pytest.raises(Failure, match="ends too early") as broken:
        read_body(pieces(members[:-4], step), "gzip", 1_000)
    assert broken.value.is_broken
    for sent in (members + b"more", zlib.compress(text) + gzip.compress(text)):
        with pytest.raises(Failure, match="goes on"):
            read_body(pieces(sent, step), "gzip" if sent.startswith(b"\x1f") else "deflate", 10_000)


def test_the_members_of_a_gzip_are_bounded() -> None:
    with pytest.raises(Failure, match="goes on"):
        read_body(pieces(gzip.compress(b"") * (MAX_MEMBERS + 1), 65_536), "gzip", 1_000_000)


def test_hints_that_come_before_an_answer_are_passed_over() -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + b"HTTP/1.1 100 Continue\r\n\r\n"
    sent = hints * 2 + b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with closing(connection):
                connection.recv(65_536)
                connection.sendall(sent)

        thread = threading.Thread(target=serve)
        thread.start()
        wire = Wire(10.0, None, Limits())
        with closing(wire):
            request = wire.prepare("GET", f"http://127.0.0.1:{server.getsockname()[1]}/", {})
            reply = wire.receive(wire.send(request))
        thread.join()
    assert (reply.status, reply.body) == (200, b"hi")
