"""Text of releases that would act on a page, in Markdown or on a reader's eyes does nothing in a brief."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.digests import Item, digest
from tests.desk.warehouse import Desk
from tests.report.brief.test_brief import LOADED, brief_of, html_of
from warehouse.report.brief.markdown import markdown
from warehouse.report.text import LONGEST_URL, one_line, release_url

ACTING = (
    "<script>alert(1)</script><img src=http://x.example/i onerror=alert(1)> \x1b[31m\u202egnp.exe \u2066x {{ 7*7 }}"
)
MARKS = "Z\u0335\u0321\u0322\u0327\u0328\u0336 [link](javascript:alert(1)) | `c` **b** ![i](http://x.example/i)"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("hostile"))
    # The format refuses NUL; the rest is text to it.
    items = [
        Item("1", f"Astana, May 16, 2025 – {ACTING} was said. {MARKS}", title=ACTING, slug="mfa"),
        Item("2", None, title=MARKS, slug="mod"),
        Item("4", None, title="long " * 1000, slug="mod"),
        Item("3", "</blockquote></main><h1>x</h1>", title='" onmouseover="alert(1)', slug="onload"),
    ]
    desk.load(desk.write("<b>name.txt", digest(*items)), as_of=LOADED)
    desk.corrupt("update fact_release set url = 'javascript:alert(1)' where release_code = '2'")
    desk.corrupt("update publisher_version set name_en = repeat('s', 3000) where slug = 'mod'")
    desk.corrupt(f"update fact_release set url = url || repeat('s', {LONGEST_URL}) where release_code = '4'")
    desk.settings.published.unlink()
    return desk


def test_markup_in_a_title_or_body_is_text_on_the_page(hostile: Desk) -> None:
    html = html_of(hostile)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&lt;/blockquote&gt;&lt;/main&gt;" in html
    assert "{{ 7*7 }}" in html
    tags = {tag.lower() for tag in re.findall(r"<([a-zA-Z]+)", html)}
    assert tags.isdisjoint({"script", "img", "iframe", "object", "form", "b"})
    assert not re.search(r"<[^>]* on[a-z]+=", re.sub(r'"[^"]*"', '""', html))


def test_a_link_that_is_not_the_portal_s_is_no_link(hostile: Desk) -> None:
    html = html_of(hostile)
    assert not re.search(r'(href|src)="(?!https://www\.gov\.kz/|#|data:,")', html)
    links = re.findall(r"(?<!\\)\]\(([^)]*)\)", markdown(brief_of(hostile)))
    assert links
    assert [link for link in links if not link.startswith("https://www.gov.kz/")] == []


def test_signs_that_control_a_screen_or_the_direction_of_writing_are_visible(hostile: Desk) -> None:
    for text in (html_of(hostile), markdown(brief_of(hostile))):
        assert all(sign.isprintable() or sign == "\n" for sign in text)
        assert "�[31m�gnp.exe" in text.replace("\\", "")


def test_markdown_in_a_title_is_text_in_the_artifact(hostile: Desk) -> None:
    text = markdown(brief_of(hostile))
    assert r"\[link\](javascript:alert(1)) \| \`c\` \*\*b\*\* !\[i\](http\://x.example/i)" in text
    assert r"\<script\>alert(1)\</script\>" in text
    assert not re.search(r"(?<!\\)<", text)


def test_a_title_of_any_length_takes_no_more_than_a_few_lines(hostile: Desk) -> None:
    assert 50 < html_of(hostile).count("long ") < 100


def test_a_name_or_an_address_of_any_length_makes_no_long_page(hostile: Desk) -> None:
    assert "s" * 500 not in html_of(hostile) + markdown(brief_of(hostile))
    assert "s" * 400 + "… (2,600 more characters)" in html_of(hostile)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.gov.kz/memleket/entities/mod/press/news/details/1?lang=kk", True),
        ("https://gov.kz/memleket/entities/mod/press/news/details/1", True),
        ("javascript:alert(1)", False),
        ("https://www.gov.kz.example.com/memleket", False),
        ("https://www.gov.kz@example.com/memleket", False),
        ("//www.gov.kz/memleket", False),
        ("data:text/html,x", False),
        ("https://[www.gov.kz/memleket", False),
        ("", False),
        (None, False),
    ],
)
def test_only_pages_of_the_portal_are_linked(url: str | None, *, link: bool) -> None:
    assert (release_url(url) is not None) == link


def test_nothing_in_a_link_can_end_it() -> None:
    assert release_url('https://www.gov.kz/a)b"c <d>?lang=kk"|(x') == (
        "https://www.gov.kz/a%29b%22c%20%3Cd%3E?lang=kk%22%7C%28x"
    )


@given(st.text())
def test_one_line_is_a_line_of_visible_signs(text: str) -> None:
    assert one_line(text).isprintable()
