"""Texts out of HTML: golden pairs, laws for any document, and documents meant to do harm.

`golden/portal/<case>.html` is HTML as the portal has it, `<case>.txt` beside it what a person reads in it, by hand.
"""

import html
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.desk.digests import SEED
from warehouse.portal.read.charset import decode
from warehouse.portal.read.markup import MAX_DEPTH, MAX_TAGS, TooMuchMarkup, skeleton
from warehouse.portal.read.text import line_of, text_of
from warehouse.project import PROJECT

GOLDEN = PROJECT / "tests" / "golden" / "portal"
TEXTS = sorted(GOLDEN.glob("*.txt"))
SIGNS = "aBя ЖқӘһңҰІё0 5.,–—«»“”’№₸&<>;#|\xa0\t\n"
WORDS = st.text(SIGNS, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)
BLOCKS = st.one_of(
    st.tuples(st.sampled_from(["p", "h2", "div", "blockquote"]), WORDS),
    st.tuples(st.sampled_from(["ul", "ol"]), st.lists(WORDS, min_size=1, max_size=4)),
    st.tuples(st.just("table"), st.lists(st.lists(WORDS, min_size=2, max_size=3), min_size=1, max_size=3)),
)
NOTHING = [
    "",
    "<!-- x -->",
    "<span class='a b' id=x></span>",
    "<script>x('<p>')</script>",
    '<b style="color: red"></b>',
]
BETWEEN = [
    "",
    "\n",
    "  \r\n\t",
    "<!-- p -->",
    "<p></p>",
    "<p>&nbsp;</p>",
    "\n<div class='x'> </div>\n",
    "<style>p{}</style>",
]
ATTRIBUTES = ["", ' class="a > b"', " style='x' data-y=1", ' data-y=1 style="x"', " hidden-x", '\n  lang="kk"\n']


def lines(source: str) -> list[str]:
    return list(text_of(source).lines)


def write(words: str, draw) -> str:
    """The words as HTML, written in any of the ways there are."""
    pieces = []
    for word in words.split(" "):
        for sign in word:
            how = draw(st.sampled_from(["plain", "plain", "plain", "decimal", "hex"]))
            pieces.append({"plain": html.escape(sign), "decimal": f"&#{ord(sign)};", "hex": f"&#x{ord(sign):X};"}[how])
        pieces.append(draw(st.sampled_from([" ", "\n   ", "&nbsp;", " \t ", "&#32;"])))
    at = draw(st.integers(0, len(pieces) - 1))
    inside = draw(st.sampled_from(NOTHING))
    tag = draw(st.sampled_from(["", "span", "strong", "a", "font", "o:p"]))
    body = "".join(pieces[:at]) + inside + "".join(pieces[at:-1])
    return f"<{tag}{draw(st.sampled_from(ATTRIBUTES))}>{body}</{tag}>" if tag else body


@st.composite
def documents(draw):
    """A document written in some way, and the lines that it has in whatever way it is written."""
    source, expected = [], []
    for kind, content in draw(st.lists(BLOCKS, max_size=6)):
        attributes = draw(st.sampled_from(ATTRIBUTES))
        if kind == "table":
            expected += [" | ".join(row) for row in content]
            rows = ["".join(f"<td{attributes}>{write(cell, draw)}</td>" for cell in row) for row in content]
            inner = "".join(f"<tr>{draw(st.sampled_from(['', ' ', '<!-- -->']))}{row}</tr>\n" for row in rows)
        elif kind in {"ul", "ol"}:
            marks = ["• " if kind == "ul" else f"{number}. " for number in range(1, len(content) + 1)]
            expected += [mark + item for mark, item in zip(marks, content, strict=True)]
            inner = "".join(f"\n <LI{attributes}>{write(item, draw)}</LI>" for item in content)
        else:
            expected.append(content)
            inner = write(content, draw)
        source.append(f"<{kind}{attributes}>{inner}</{kind}>{draw(st.sampled_from(BETWEEN))}")
    body = "".join(source)
    wraps = ["{}", "<!DOCTYPE html>\n<html>\n<head>\n<title>x</title></head>\n<body>\n{}\n</body>\n</html>"]
    wraps += ["<div><div class='content'>{}</div></div>", "\ufeff{}"]
    return draw(st.sampled_from(wraps)).replace("{}", body), expected


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_html_reads_as_a_person_reads_it(path: Path) -> None:
    source = path.with_suffix(".html").read_text(encoding="utf-8")
    assert lines(source) == path.read_text(encoding="utf-8").splitlines()


@settings(max_examples=100, deadline=None)
@given(documents())
def test_the_text_is_the_same_however_the_html_is_written(document: tuple[str, list[str]]) -> None:
    source, expected = document
    assert lines(source) == expected


@settings(max_examples=30, deadline=None)
@given(documents())
def test_the_text_is_the_same_where_markup_is_plenty(document: tuple[str, list[str]]) -> None:
    source, expected = document
    assert lines("<p></p>" * 600 + source) == expected


@settings(max_examples=150, deadline=None)
@given(st.text() | st.lists(st.sampled_from("<>/!-'\"= pxabult&;#10\x00\x1f\u200b\ud800я")).map("".join))
def test_any_text_at_all_is_read_as_lines_that_can_be_stored(source: str) -> None:
    for line in [*lines(source), line_of(source)[0]]:
        assert line == unicodedata.normalize("NFC", " ".join(line.split()))
        assert line.encode().decode() == line
        assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in line)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=8))
def test_reading_a_text_again_changes_nothing(paragraphs: list[str]) -> None:
    once = lines("".join(f"<p>{html.escape(text)}</p>" for text in paragraphs))
    assert lines("".join(f"<p>{html.escape(text)}</p>" for text in once)) == once


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("   \n&nbsp;", []),
        ("<p>&nbsp;</p><p><br></p><ul><li></li></ul>", []),
        ("только текст", ["только текст"]),
        ("1 < 2 & 3 > 2 <5", ["1 < 2 & 3 > 2 <5"]),
        ("a<<b>p>b", ["a<p>b"]),
        ("и\u0306", ["й"]),
        ("о\u200bд\ufeffи\u00adн\u202e", ["один"]),
        ("a\x07b\x0cc", ["ab c"]),
        ("<p title='a>b'>x", ["x"]),
        ("<p title=a'b>x<p title=\">y", ["x"]),
        ("<script>a</script >b<script>c", ["b"]),
        ("<!-- a --!>b<!--> c <!---> d <!-- e", ["b c d"]),
        ("<?xml version='1.0'?>a</ b>c<![CDATA[d]]>e", ["ace"]),
        ("<svg/><b>a</b><object>x<object>y</object>z</object>b", ["ab"]),
        ("<ol start=0><li>a</ol><ol start=-3><li>b</ol><ol data-start=7><li>c</ol>", ["0. a", "1. b", "1. c"]),
        ("<li>alone</li><td>no row</td>", ["• alone", "no row"]),
        ("<table>before<tr><td>a</table>", ["before", "a"]),
        ("<table><tr><td>a<td>b<table><tr><td>c<td>d</table>e", ["a | b c | d e"]),
        ("<ul><li><ul><li>inner</ul></ul>", ["• inner"]),
        ("AT&amp;amp;T", ["AT&amp;T"]),
    ],
)
def test_odd_html_reads_as_a_browser_would_show_it(source: str, expected: list[str]) -> None:
    assert lines(source) == expected


DEEP = 10_000


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("<div>" * DEEP + "в глубине" + "</div>" * DEEP + "после", ["в глубине", "после"], id="nested"),
        pytest.param("<div>" * DEEP + "в глубине", ["в глубине"], id="nested and never closed"),
        pytest.param("<ul><li>" * DEEP + "x", ["• x"], id="nested lists"),
        pytest.param("<table><tr><td>" * DEEP + "x", ["x"], id="nested tables"),
        pytest.param("<div><marquee><table></div>" * DEEP + "x", ["x"], id="ends that close nothing"),
        pytest.param("<b>" * DEEP + "<p>x" * DEEP, ["x"] * DEEP, id="formatting opened again in each paragraph"),
        pytest.param("".join(f"<i a={n}>" for n in range(DEEP)) + "x", ["x"], id="formatting of many kinds"),
        pytest.param('<p class="' + "x" * 5_000_000 + '">a', ["a"], id="a tag of 5 MB"),
        pytest.param("<p" + " a" * 1_000_000 + ">a", ["a"], id="a million times an attribute"),
        pytest.param("<p " + " ".join(f"a{n}" for n in range(300_000)) + ">a", ["a"], id="many attributes"),
        pytest.param("<" + "p" * 5_000_000 + ">a", ["a"], id="a name of 5 MB"),
        pytest.param("a<p '" * 1_000_000, ["a"], id="tags never closed"),
        pytest.param("a<!--" * 1_000_000, ["a"], id="comments never closed"),
        pytest.param("a<script>" * 500_000, ["a"], id="scripts never closed"),
        pytest.param("<script src=x></script>" * 100_000 + "a", ["a"], id="scripts"),
        pytest.param("<" * 1_000_000, ["<" * 1_000_000], id="signs less-than"),
        pytest.param("&nbsp;" * 1_600_000, [], id="spaces"),
        pytest.param("&amp;" * 1_000_000, ["&" * 1_000_000], id="entities"),
        pytest.param("\x01\x1b[31m\x00" * 1_000_000 + "a", ["[31m" * 1_000_000 + "a"], id="control characters"),
        pytest.param("абв " * 2_500_000, [" ".join(["абв"] * 2_500_000)], id="10 million letters"),
        pytest.param("Ð" * 3_000_000, ["Ð" * 3_000_000], id="what looks like mojibake"),
    ],
)
def test_hostile_html_is_read_in_time_and_memory_that_its_size_bounds(source: str, expected: list[str]) -> None:
    assert lines(source) == expected


def test_more_markup_than_any_release_has_is_refused() -> None:
    with pytest.raises(TooMuchMarkup):
        text_of("<p>" * (MAX_TAGS + 1))


@settings(max_examples=75, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<div> </div> <ul> </ul> <table> </table> <svg> </svg> <p> </p> <li> <td> <tr> <b> </b>".split()
        ),
        max_size=60,
    )
)
def test_however_tags_are_nested_the_skeleton_is_no_deeper_than_allowed(tags: list[str]) -> None:
    depth = deepest = 0
    for part in skeleton("<p></p>" * 600 + "".join(tags) * 200)[0].split("<"):
        if part.startswith(("div", "ul", "table", "drop")):
            depth += 1
            deepest = max(deepest, depth)
        elif part.startswith(("/div", "/ul", "/table", "/drop")):
            depth -= 1
    assert deepest <= MAX_DEPTH


GOOD = [
    "Қазақстан Республикасының Үкіметі – «Әділетті Қазақстан» тұжырымдамасы: ұлттық өнім, ғылым, һәм іс.",
    "Министр сказал: «Это “новый” этап» – рост на 5,4 %, № 12, 100 ₸… Ёлка, подъезд.",
    "The Minister’s “new stage” – 25 °C, £5, §3, naïve café, Ångström, Château, Señor Ñandú, “Ñ”, Ð and Ñ.",
    "Â", "Ãà â Ð -", "« Ñ »", "São Paulo, Łódź, ÂME, “ÂME”", "Türkiye – Özbekiston – Ðorðe",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_a_good_text_is_never_repaired(text: str) -> None:
    read = text_of(f"<p>{text}</p>")
    assert read.lines == (text,)
    assert not read.is_repaired


@settings(max_examples=150, deadline=None)
@given(st.text("абвгдеёжӘәІіҢңҒғҮүҰұҚқӨөҺһ abcXYZ0123.,:;!?«»“”„’‘–—…№₸§°%()éüñçÉ", min_size=1))
def test_no_text_in_the_letters_of_the_portal_is_ever_repaired(text: str) -> None:
    repaired = line_of(text)
    assert repaired == (unicodedata.normalize("NFC", " ".join(text.split())), False)


def test_the_bodies_of_the_seed_are_never_repaired() -> None:
    for line in SEED.read_text(encoding="utf-8").splitlines():
        assert not text_of(html.escape(line)).is_repaired


@pytest.mark.parametrize("charset", ["latin-1", "cp1252"])
@pytest.mark.parametrize("text", GOOD[:2])
def test_mojibake_is_put_right_and_noted(text: str, charset: str) -> None:
    garbled = "".join(
        bytes([byte]).decode(charset, "ignore") or chr(byte) for byte in text.encode()
    )  # the five bytes that Windows-1252 lacks stay as they are
    read = text_of(f"<p>{html.escape(garbled)}</p><p>{GOOD[1]}</p>")
    assert read.lines == (text, GOOD[1])
    assert read.is_repaired
    assert line_of(garbled) == (text, True)


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("Әкім".encode(), "text/html; charset=utf-8", "Әкім"),
        ("Әкім".encode(), "text/html", "Әкім"),
        ("Аким".encode("cp1251"), "text/html; charset=windows-1251", "Аким"),
        ("Аким".encode("koi8-r"), 'text/html; charset="KOI8-R"', "Аким"),
        (b'<meta charset="windows-1251">' + "Аким".encode("cp1251"), "", '<meta charset="windows-1251">Аким'),
        (b"<meta charset=utf-16>a", "", "<meta charset=utf-16>a"),
        ("\ufeffАким".encode(), "text/html; charset=windows-1251", "Аким"),
        ("\ufeffАким".encode("utf-16-le"), "", "Аким"),
        (b"\xd0\x90\xff", "", "А\ufffd"),
        (b"a", "text/html; charset=punycode", "a"),
        (b"a", "text/html; charset=rot13", "a"),
        (b"a", "text/html; charset=nonsense", "a"),
        ("“a”".encode("cp1252"), "text/html; charset=iso-8859-1", "“a”"),
    ],
)
def test_a_page_is_decoded_by_what_it_says_of_itself(body: bytes, content_type: str, expected: str) -> None:
    assert decode(body, content_type) == expected
