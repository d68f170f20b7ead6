"""What holds for every digest, however odd: nothing is lost or counted twice, and cutting it in two changes nothing."""

import json
import re
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.digest.test_read import CASES, GOLDEN, NAMES, SEED, read
from warehouse.digest.items import SegmentReader
from warehouse.digest.lines import BOM, WHITE_SPACE, could_head_section, line_feeds_only, readable
from warehouse.digest.read import Contents, Extent, Listing, last_url, trailer_end
from warehouse.digest.records import REASONS, WHOLE
from warehouse.digest.source_line import BEFORE_URL, URLS, Source

MB = 1 << 20

RECEIVED = [
    item.encode()
    for item in re.split(r"(?<=\?lang=kk)\n+", SEED.read_text(encoding="utf-8").removeprefix("Law\n"))
    if item
]


def golden_items() -> Iterator[bytes]:
    """The items of the golden digests that begin with their title line and load."""
    for case in CASES:
        digest = (GOLDEN / f"{case}.txt").read_bytes()
        for listing in json.loads((GOLDEN / f"{case}.json").read_text(encoding="utf-8"))["listings"]:
            if digest[: listing["byte_start"]].removesuffix(BOM)[-1:] in (b"", b"\n", b"\r"):
                yield digest[listing["byte_start"] : listing["byte_end"]]


ITEMS = sorted({*RECEIVED, *golden_items()})
DIGESTS = [SEED.read_bytes(), *((GOLDEN / f"{case}.txt").read_bytes() for case in CASES)]
SHORT_DIGESTS = [digest for digest in DIGESTS if len(digest) < 4000]

LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r", b"\n\n", b"\r\n\r\n"])
BROKEN = [
    b"Source : ",
    b"Source : https://www.gov.kz/",
    b"Source : https://www.gov.kz/memleket/entities/mod/press/news/details/7",
    b"Source:https://vlast.kz/7\n",
    "Дереккөз:".encode(),
    b"21.05.2025",
    b" 21.05.2025\n",
    b"Title 31.02.2025\n",
    b"://",
    b"\xc2",
    b"\xe2\x80\x8b",
    b"\xc2\xa0",
    BOM,
    b"\0",
    b"\r",
    b"\n",
    b" \n\t\n",
    b"Law\n",
    b"Economy\n",
]


def pieces(*sources: list[bytes]) -> st.SearchStrategy[bytes]:
    return st.sampled_from([piece for source in sources for piece in source])


@st.composite
def mutilated(draw: st.DrawFn, source: list[bytes]) -> bytes:
    """A text with stretches taken out, doubled or put in, bytes changed, or line ends replaced."""
    text = draw(pieces(source))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 400)))
        match draw(st.sampled_from(["cut", "double", "insert", "change", "line ends", "join"])):
            case "cut":
                text = text[:start] + text[end:]
            case "double":
                text = text[:end] + text[start:]
            case "insert":
                text = text[:start] + draw(st.sampled_from(BROKEN)) + text[start:]
            case "change":
                text = text[:start] + draw(st.binary(min_size=1, max_size=3)) + text[start + 1 :]
            case "line ends":
                text = text[:start] + text[start:end].replace(b"\n", draw(LINE_ENDS)) + text[end:]
            case _:
                text = text[:start] + text[start:].replace(b"\n", b"", 1)
    return text


def anything() -> st.SearchStrategy[bytes]:
    """Digests, items, broken bits of them and bytes of no meaning, in any order."""
    piece = st.one_of(
        pieces(ITEMS, SHORT_DIGESTS), mutilated(ITEMS), mutilated(SHORT_DIGESTS), pieces(BROKEN), LINE_ENDS,
        st.binary(max_size=20),
    )  # fmt: skip
    return st.lists(piece, max_size=8).map(b"".join)


def in_blocks(digest: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(digest) + 1) for cut in cuts), len(digest)]
    return [digest[start:end] for start, end in pairwise(edges)]


def spans(contents: Contents) -> list[tuple[int, int]]:
    found = [(listing[0], listing[1]) for listing in contents.listings]
    found += [(header.byte_start, header.byte_end) for header in contents.headers]
    found += [(reject.byte_start, reject.byte_end) for reject in contents.rejects]
    return sorted(found)


def assert_tiles(contents: Contents, digest: bytes) -> None:
    """Every byte belongs to one span, or is white space or a byte-order mark between two."""
    place, blank = 0, b""
    for start, end in spans(contents):
        assert place <= start < end <= len(digest)
        assert digest[start:end].decode(errors="replace")[0] not in WHITE_SPACE
        blank += digest[place:start]
        place = end
    blank += digest[place:]
    assert not blank.decode().strip(WHITE_SPACE)
    assert contents.blank_bytes == len(blank)
    assert contents.bytes == len(digest)


def assert_in_place(contents: Contents, digest: bytes) -> None:
    """Every record is in the file where it says."""
    for start, end, title, _, body, url, *_ in contents.listings:
        item = line_feeds(digest[start:end]).decode()
        assert title in item
        assert (body or "") in item.partition(title)[2]
        assert url in item[-len(url) - 40 :]
    for start, end, line_no, text in contents.headers:
        assert text in digest[start:end].decode()
        assert line_no == 1 + line_feeds(digest[:start]).count(b"\n")
    for start, end, line_no, reason, _, raw in contents.rejects:
        assert reason in REASONS
        assert raw == digest[start:end].decode(errors="backslashreplace").replace("\0", "\\x00")
        assert line_no == 1 + line_feeds(digest[:start]).count(b"\n")


def line_feeds(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def content(listing: Listing) -> tuple[object, ...]:
    """What a listing says, without its place and section."""
    return (*listing[2:6], *listing[7:])


def alone(item: bytes) -> tuple[object, ...]:
    (listing,) = read([item + b"\n"]).listings
    return content(listing)


CONTENT = {item: alone(item) for item in ITEMS}


@settings(max_examples=75, deadline=None)
@given(digest=anything(), cuts=st.lists(st.integers(0, 1 << 20), max_size=12))
def test_every_byte_is_accounted_for_and_every_record_is_in_its_place(digest: bytes, cuts: list[int]) -> None:
    contents = read(in_blocks(digest, cuts))
    assert_tiles(contents, digest)
    assert_in_place(contents, digest)


@settings(max_examples=75, deadline=None)
@given(
    digest=st.lists(st.sampled_from([*BROKEN, b"word ", b"Title"]), max_size=30).map(b"".join),
    size=st.integers(1, 30),
)
def test_bits_of_items_tile_in_blocks_of_any_size(digest: bytes, size: int) -> None:
    contents = read([digest[start : start + size] for start in range(0, len(digest), size)])
    assert_tiles(contents, digest)
    assert_in_place(contents, digest)
    assert contents == read([digest])


@example(digest=SEED.read_bytes(), cuts=[*range(0, 26_000, 1000)], limit=3000)
@settings(max_examples=75, deadline=None)
@given(
    digest=anything(),
    cuts=st.lists(st.integers(0, 1 << 20), max_size=40),
    limit=st.sampled_from([8 * MB, 3000, 300]),
)
def test_what_is_read_does_not_depend_on_the_blocks(digest: bytes, cuts: list[int], limit: int) -> None:
    whole = read([digest], max_item_bytes=limit)
    assert read(in_blocks(digest, cuts), max_item_bytes=limit) == whole
    assert_tiles(whole, digest)


@pytest.mark.parametrize("case", CASES)
def test_a_golden_digest_is_read_alike_byte_by_byte(case: str) -> None:
    digest = (GOLDEN / f"{case}.txt").read_bytes()
    assert read([digest[at : at + 1] for at in range(len(digest))]) == read([digest])


@settings(max_examples=75, deadline=None)
@given(items=st.lists(pieces(ITEMS), min_size=1, max_size=12), data=st.data())
def test_items_load_alike_in_any_order_and_number(items: list[bytes], data: st.DataObject) -> None:
    gaps = [data.draw(LINE_ENDS) for _ in items]
    digest = b"Law\n" + b"".join(item + gap for item, gap in zip(items, gaps, strict=True))
    contents = read([digest])
    assert [content(listing) for listing in contents.listings] == [CONTENT[item] for item in items]
    assert {listing[6] for listing in contents.listings} == {"Law"}
    assert contents.rejects == []


@settings(max_examples=75, deadline=None)
@given(items=st.lists(pieces(RECEIVED), min_size=1, max_size=8), line_end=st.sampled_from([b"\r\n", b"\r"]))
def test_items_load_alike_with_other_line_ends(items: list[bytes], line_end: bytes) -> None:
    digest = b"\n\n".join([b"Law", *items]).replace(b"\n", line_end)
    contents = read([digest])
    assert [content(listing) for listing in contents.listings] == [CONTENT[item] for item in items]


@settings(max_examples=100, deadline=None)
@given(broken=mutilated(RECEIVED), below=st.lists(pieces(RECEIVED), min_size=1, max_size=3))
def test_a_broken_item_costs_neither_its_neighbours_nor_their_section(broken: bytes, below: list[bytes]) -> None:
    # By rule what looks like a section's name is one, and a date of another day above a title makes it look like text.
    assume(not any(could_head_section(readable(line)) for line in re.split(rb"[\r\n]+", broken)))
    assume({*re.findall(rb"\d\d\.\d\d\.\d{4}", broken)} <= {b"20.05.2025", b"21.05.2025"})
    above = [RECEIVED[0], RECEIVED[-1]]
    digest = b"Law\n" + b"\n\n".join([*above, broken, *below]) + b"\n"
    contents = read([digest])
    assert_tiles(contents, digest)
    found = {listing[0]: listing for listing in contents.listings}
    place = 4
    for number, item in enumerate([*above, broken, *below]):
        if number != 2:
            assert place in found
            assert content(found[place]) == CONTENT[item]
            assert found[place][6] == "Law"
        place += len(item) + 2


def read_with_care(digest: bytes) -> Contents:
    """A digest that the careful reader reads from trailer to trailer, the plain items too."""
    contents, text = Contents(), line_feeds_only(digest)
    reader = SegmentReader(NAMES, WHOLE)
    reader.begin_chunk(text, digest, contents, at_end=True)
    place = len(BOM) if text.startswith(BOM) else 0
    for url in URLS.finditer(text):
        if url[1] is not None:
            start = url.start() - BEFORE_URL[url[1]]
            reader.read(place, Source(start, url.end(), b"https" + url[0], "release", ends_line=True))
            place = url.end()
    reader.read(place)
    reader.end_chunk()
    return contents


@st.composite
def nearly_plain(draw: st.DrawFn) -> bytes:
    """An item that is plain but for a few things, each of which may change how it is to be read."""
    title = draw(pieces([b"Roads of the region", "«Жолдар»".encode(), b"Law", b"until", b"T", b"See https://a.kz/b"]))
    before_date = draw(pieces([b" ", b"\n", b"  ", b"", b"\xc2\xa0", b" 20.05.2025\n", b" 20.05.2025 "]))
    date = draw(pieces([b"21.05.2025", b"20.05.2025", b"31.02.2025", b"01.01.1999"]))
    body = [draw(pieces([b"Four bridges. ", "Төрт көпір — ".encode(), b"\n", b" ", b"21.05.2025", b"as of 05.2025",
                         b"https://a.kz/b ", b"see: https://a.kz/b", b"\xe2\x80\x8b", b"\xff", b"\0", b"\nLaw\n"]))
            for _ in range(draw(st.integers(0, 4)))]  # fmt: skip
    word = draw(pieces([b"Source : ", b"Source:", "Источник: ".encode(), "Дереккөз :".encode(), b"SOURCE: "]))
    url = b"https://www.gov.kz/memleket/entities/mod/press/news/details/" + draw(pieces([b"7?lang=kk", b"7", b"77"]))
    end = draw(pieces([b"\n\n", b"\n", b"\n\n\n", b" \n", b"\r\n\r\n", b"\nLaw\n", b"\n\nText\n\n", b" text\n"]))
    return title + before_date + date + draw(pieces([b"\n", b" \n", b""])) + b"".join(body) + word + url + end


TRAILER_LINE = b"Source : https://www.gov.kz/memleket/entities/mod/press/news/details/7\n"


@example(b"Law\n21.05.2025\nFour bridges.\n" + TRAILER_LINE)
@example(TRAILER_LINE + b"21.05.2025\nFour bridges.\n" + TRAILER_LINE)
@example(b"\xe2\x80\x8bRoads 21.05.2025\nFour bridges.\n" + TRAILER_LINE)
@example(b"Roads 21.05.2025\n\xe2\x80\x8b" + TRAILER_LINE)
@example(b"Roads 21.05.2025\nas of 20.05.2025\xe2\x80\x8b" + TRAILER_LINE)
@example(
    b"Roads of spring 01.02.2025\nFour.\n" + TRAILER_LINE + b"Roads of May 21.05.2025\nFour.\n\n"
    b"More roads of spring 01.02.2025\nFive.\n" + TRAILER_LINE
)
@settings(max_examples=150, deadline=None)
@given(items=st.lists(st.one_of(pieces(ITEMS), nearly_plain()), min_size=1, max_size=6).map(b"".join))
def test_plain_items_are_read_as_the_careful_reader_reads_them(items: bytes) -> None:
    for digest in (items, items.replace(b"\n", b"\r\n")):
        assert read([RECEIVED[3] + b"\n\n" + digest]) == read_with_care(RECEIVED[3] + b"\n\n" + digest)


@settings(max_examples=75, deadline=None)
@given(digest=anything())
def test_anything_is_read_as_the_careful_reader_reads_it(digest: bytes) -> None:
    assert read([digest]) == read_with_care(digest)


def read_in_parts(digest: bytes, sizes: list[int], limit: int) -> Contents:
    """A digest cut at trailers into parts of these sizes at least, each read as if another process read it."""
    whole, start, section, lines = Contents(), 0, None, 0
    for size in (*sizes, len(digest)):
        end = trailer_end(digest[start + size :])
        middle = len(digest) if end is None else start + size + end
        extent = Extent(start, section, last_url(digest[:start]), at_end=end is None)
        part = read([digest[start:middle]], part=extent, max_item_bytes=limit)
        part.headers = [header._replace(line_no=header.line_no + lines) for header in part.headers]
        part.rejects = [reject._replace(line_no=reject.line_no + lines) for reject in part.rejects]
        whole.add(part)
        start, section, lines = middle, part.section, whole.line_ends
        if end is None:
            break
    return whole


ROADS = b"Roads of %s 21.05.2025\nFour bridges are built.\n\n%s 22.05.2025\nFive.\n" + TRAILER_LINE


@example(digest=ROADS % (b"the region", b"Bridges of Astana") * 3, sizes=[1] * 9, limit=8 * MB)
@example(digest=SEED.read_bytes()[:-60], sizes=[1] * 30, limit=8 * MB)
@settings(max_examples=100, deadline=None)
@given(
    digest=st.one_of(anything(), st.lists(st.one_of(pieces(ITEMS), nearly_plain()), max_size=8).map(b"\n".join)),
    sizes=st.lists(st.integers(0, 400), max_size=12),
    limit=st.sampled_from([8 * MB, 3000, 300]),
)
def test_parts_read_apart_equal_the_whole_read_at_once(digest: bytes, sizes: list[int], limit: int) -> None:
    assert read_in_parts(digest, sizes, limit) == read([digest], max_item_bytes=limit)


DATE = rb"\d\d\.\d\d\.\d{4}(?=\n)"
TRAILER = re.compile(rb"\s*Source : \S+\Z")


@pytest.mark.parametrize("gap", [b"\n", b"\n\n", b"\r\n", b"\n\n\n"])
def test_an_item_that_lost_its_trailer_never_takes_the_url_of_the_next(gap: bytes) -> None:
    for number, item in enumerate(RECEIVED):
        for received in RECEIVED:
            below = received
            # Without a blank line nothing but the same date tells a title from a body's line.
            if len(gap) < 2 or gap == b"\r\n":
                below = re.sub(DATE, re.search(DATE, item)[0], below, count=1)  # type: ignore[index]
            contents = read([b"\n".join([b"Law", RECEIVED[0], RECEIVED[-1], TRAILER.sub(b"", item)]) + gap + below])
            assert content(contents.listings[-1]) == alone(below), number
            assert [reject.reason for reject in contents.rejects] == ["title_without_trailer"]


@settings(max_examples=75, deadline=None)
@given(data=st.data(), digest=pieces(DIGESTS))
def test_a_digest_cut_off_anywhere_loses_only_its_last_item(data: st.DataObject, digest: bytes) -> None:
    whole = read([digest])
    end = data.draw(st.integers(0, len(digest)))
    contents = read([digest[:end]])
    assert_tiles(contents, digest[:end])
    kept = [listing for listing in whole.listings if listing[1] + 40 < end]
    assert contents.listings[: len(kept)] == kept or any(reject.byte_end + 400 > end for reject in whole.rejects)


HOSTILE = {
    "source words": b"Source : ",
    "glued source words": b"Source:",
    "source lines": b"Source : https://www.gov.kz/\n",
    "glued source lines": b"Source:https://www.gov.kz/",
    "glued releases": b"Source:https://www.gov.kz/memleket/entities/mod/press/news/details/7",
    "releases on one line": b"Source : https://www.gov.kz/memleket/entities/mod/press/news/details/7 x ",
    "releases": b"Source : https://www.gov.kz/memleket/entities/mod/press/news/details/7\n",
    "two words": "Дереккөз:https://www.gov.kz/Source:".encode(),
    "glued sources elsewhere": b"Source:http://",
    "sources elsewhere on one line": b"21.05.2025 Source : http://a ",
    "line feeds": b"\n",
    "carriage returns": b"\r",
    "line ends": b"\r\n",
    "spaces": b" ",
    "blank lines": b" \n",
    "no-break spaces": b"\xc2\xa0",
    "lines of no-break spaces": b"\xc2\xa0\n",
    "zero-width lines": b"\xe2\x80\x8b\n",
    "byte-order marks": BOM,
    "dates": b"21.05.2025\n",
    "dates on one line": b"21.05.2025 ",
    "dated lines": b"A title of three words 21.05.2025\n",
    "dated paragraphs": b"A title of three words 21.05.2025\n\n",
    "dated text": b"It goes on until 21.05.2025\n",
    "short lines": b"a\n",
    "headers": b"Law\n",
    "headers and dates": b"Law\n21.05.2025\n",
    "letters": b"a",
    "digits": b"1",
    "NUL": b"\0",
    "no UTF-8": b"\xff",
    "colons": b":",
    "slashes": b"https://",
}


def hostile(name: str, size: int) -> bytes:
    """A digest of three good items, the last two below `size` bytes of the same thing twice over."""
    bit, item = HOSTILE[name], RECEIVED[3]
    text = bit * (size // len(bit))
    return b"\n".join([b"Law", item, b"", text, b"Title 21.05.2025 ", text, item, b"", item])


@pytest.mark.parametrize("name", HOSTILE)
def test_half_a_megabyte_of_anything_is_accounted_for_and_costs_no_neighbour(name: str) -> None:
    digest = hostile(name, MB // 4)
    contents = read([digest])
    assert_tiles(contents, digest)
    assert [content(contents.listings[at]) for at in (0, -1)] == [CONTENT[RECEIVED[3]]] * 2


@pytest.mark.parametrize("name", ["dates", "dated lines", "releases", "line feeds", "short lines", "headers and dates"])
def test_a_text_of_short_lines_is_read_in_bounded_memory(name: str) -> None:
    digest = hostile(name, MB // 8)
    tracemalloc.start()
    read([digest])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * MB


@pytest.mark.parametrize("head", [b"", b"Title 21.05.2025\n"])
@pytest.mark.parametrize("tail", [b"\n", b" Source : https://www.gov.kz/memleket/entities/mod/press/news/details/7\n"])
def test_a_line_of_fifty_megabytes_is_read_in_bounded_memory(head: bytes, tail: bytes) -> None:
    def blocks() -> Iterator[bytes]:
        yield b"Law\n" + RECEIVED[3] + b"\n\n" + head
        for _ in range(50):
            yield b"x" * MB
        yield tail + RECEIVED[3]

    tracemalloc.start()
    contents = read(blocks())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [content(listing) for listing in contents.listings] == [CONTENT[RECEIVED[3]]] * 2
    assert [reject.reason for reject in contents.rejects] == ["item_too_long"]
    assert peak < 64 * MB


@example(b"Source\xc2\xa0: https://www.gov.kz/memleket/entities/mod/press/news/details/7")
@example(b"Source : https://www.gov.kz/memleket/entities/mod/press/news/details/7?lang=kk")
@settings(max_examples=75, deadline=None)
@given(st.sampled_from(BROKEN))
def test_a_source_line_never_gives_its_url_to_the_item_above_another_title(line: bytes) -> None:
    below = RECEIVED[3]
    digest = b"The first of two titles 21.05.2025\n" + line.strip() + b"\n\n" + below
    assume(b"Law" not in line and b"Economy" not in line)
    contents = read([digest])
    urls = {title: url for _, _, title, _, _, url, *_ in contents.listings}
    assert "/997786" not in urls.get("The first of two titles", "")
    assert content(contents.listings[-1]) == CONTENT[below]
