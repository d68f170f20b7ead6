"""What artifacts make of hostile text: read by a Markdown reader as the UI's, none of it acts."""

from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from flows.artifacts import new_releases
from tests.desk.digests import Item, digest
from tests.desk.warehouse import Desk
from warehouse.database.connection import reading
from warehouse.report.summary import markdown
from warehouse.report.text import LONGEST_URL, markdown_link, markdown_text, release_url

HOSTILE = [
    "<script>alert(1)</script> and <img src=x onerror=alert(1)> &lt;b&gt;",
    "[a link](javascript:alert(1)) ![a picture](http://example.com/x.png) [ref]: http://example.com",
    "a | cell | of a table |\\| and \\\\| another",
    "# a heading, **bold**, _italic_, ~~gone~~, `code` and ``` a fence",
    "https://evil.example/login and www.evil.example and somebody@evil.example",
    "turned \u202eeulb\u202c, hidden \u200b\u2066\u2069, escape \x1b[31m red \x07 bell",
    "</td></tr></table><h1>out of the table</h1>",
    "1. a list - * + > a quote --- === a rule",
    "$$x$$ {{ flow_run.name }} {% raw %} ${HOME} %s {0}",
    "](https://evil.example) [x",
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Markdown of a load of hostile titles, from a file with a hostile name."""
    desk = Desk.at(tmp_path_factory.mktemp("hostile"))
    items = [Item(str(990_000 + n), title=title, slug="transport") for n, title in enumerate(HOSTILE)]
    path = desk.write("<b>a|b [x](javascript:y) `c`.txt", digest(*items))
    report = desk.load(path, desk.folder / "<i>no such [file](javascript:z).txt")
    with reading(desk.settings.published) as con:
        return markdown(report) + new_releases(con, report.as_of)


def tokens(text: str) -> Iterator[Token]:
    """Everything that a Markdown reader with tables, HTML and strikethrough finds."""
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or []


def test_every_title_is_shown_as_it_is_in_one_cell_of_the_table(page: str) -> None:
    cells = [token.content for token in tokens(page) if token.type == "text"]
    text = "".join(cells)
    assert "<script>alert(1)</script> and <img src=x onerror=alert(1)> &lt;b&gt;" in text
    assert "# a heading, **bold**, _italic_, ~~gone~~, `code` and ``` a fence" in text
    assert "https://evil.example/login and www.evil.example and somebody@evil.example" in text
    assert "{{ flow_run.name }} {% raw %}" in text
    releases = list(tokens(page[page.index("## New releases") :]))
    assert sum(token.type == "tr_open" for token in releases) == 1 + len(HOSTILE)
    assert sum(token.type == "td_open" for token in releases) == 3 * len(HOSTILE)


def test_no_markup_of_a_title_or_a_name_of_a_file_acts(page: str) -> None:
    kinds = {token.type for token in tokens(page)}
    assert kinds.isdisjoint({"html_inline", "html_block", "image", "strong_open", "em_open", "s_open", "code_inline"})
    assert kinds.isdisjoint({"fence", "code_block", "blockquote_open", "ordered_list_open", "bullet_list_open", "hr"})
    assert [token.tag for token in tokens(page) if token.type == "heading_open"] == ["h2", "h2"]


def test_all_links_lead_to_pages_of_releases(page: str) -> None:
    links = [str(token.attrs["href"]) for token in tokens(page) if token.type == "link_open"]
    address = "https://www.gov.kz/memleket/entities/transport/press/news/details/"
    assert sorted(links) == [f"{address}{990_000 + n}?lang=kk" for n in range(len(HOSTILE))]


def test_no_address_becomes_a_link_of_its_own(page: str) -> None:
    # Readers of GitHub's Markdown link what begins so; an escaped sign in it keeps them from that.
    releases = page.replace("](https://www.gov.kz/", "")
    assert "://" not in releases.replace("\\://", "")
    assert "www." not in releases.replace("www\\.", "")
    assert "@" not in releases.replace("\\@", "")


def test_signs_that_nobody_sees_are_shown(page: str) -> None:
    assert all(line.isprintable() for line in page.splitlines())
    assert "turned \ufffdeulb\ufffd, hidden" in page


@pytest.mark.parametrize("path", ["a)b(c", "a b<x>", "../../evil", "1#frag", 'x" onclick="y', "?lang=kk&x=)"])
def test_a_link_ends_where_it_should(path: str) -> None:
    link = markdown_link("A title", release_url(f"https://www.gov.kz/memleket/entities/mod/press/news/details/{path}"))
    (opened,) = (token for token in tokens(f"{link}, and more") if token.type == "link_open")
    href = str(opened.attrs["href"])
    assert href.startswith("https://www.gov.kz/memleket/entities/mod/press/news/details/")
    assert not set(' ()<>#"') & set(href)


@pytest.mark.parametrize("url", ["https://evil.example/1", "javascript:x", "https://www.gov.kz/" + "a" * LONGEST_URL])
def test_what_is_no_address_on_the_portal_is_no_link(url: str) -> None:
    assert markdown_link("A title", release_url(url)) == "A title"


def test_a_line_is_one_line() -> None:
    assert "\n" not in markdown_text("a\nb\r\nc\u2028d")
