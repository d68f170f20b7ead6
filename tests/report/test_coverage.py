"""The chart of what the warehouse holds, and what it says in words."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest

from tests.desk.digests import SEED, Item, digest
from tests.desk.warehouse import Desk
from warehouse.clock import utc
from warehouse.database.connection import reading
from warehouse.report.coverage import DAYS, INK, PAPER, PUBLISHERS, Coverage, compress, coverage, png


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The seed, and a digest with many publishers, one of them with an odd slug."""
    desk = Desk.at(tmp_path_factory.mktemp("coverage"))
    many = [Item(str(998_000 + n), title=f"Title {n}", slug=f"body-{n:02}", listed="20.05.2025") for n in range(20)]
    many += [Item("998900", title="Another", slug="body-03", listed="19.05.2025")]
    desk.load(SEED, desk.write("many.txt", digest(*many)))
    with reading(desk.settings.published) as opened:
        yield opened


@pytest.fixture(scope="module")
def data(con: duckdb.DuckDBPyConnection) -> Coverage:
    return coverage(con, utc("2025-05-22T20:00Z"))


def test_every_release_of_the_four_weeks_is_counted_once(data: Coverage) -> None:
    assert sum(cell["releases"] for cell in data.cells) == sum(day["held"] for day in data.days) == 41
    assert (data.days[0]["day"], data.days[-1]["day"], len(data.days)) == (
        date(2025, 4, 26),
        date(2025, 5, 23),
        DAYS,
    )


def test_every_day_has_the_ids_that_the_portal_gave_out(data: Coverage) -> None:
    ids = {day["day"]: day["ids"] for day in data.days}
    # From 978660 on 17 April to 997859 on 16 May, then to 1033578 on 12 July.
    assert (ids[date(2025, 5, 1)], ids[date(2025, 5, 20)]) == (662, 627)


def test_a_day_without_a_release_is_a_gap_unless_nobody_works(data: Coverage) -> None:
    kinds = {cell["day"]: cell["kind"] for cell in data.cells if cell["publisher"] == "Ministry of Defence"}
    assert kinds[date(2025, 5, 21)] == "held"
    assert kinds[date(2025, 5, 22)] == "nothing"
    assert kinds[date(2025, 5, 17)] == "day off"  # a Saturday
    assert kinds[date(2025, 5, 9)] == "day off"  # Victory Day, a Friday


def test_the_busiest_publishers_have_rows_and_the_rest_share_one(data: Coverage) -> None:
    rows = list(dict.fromkeys(cell["publisher"] for cell in data.cells))
    assert len(rows) == PUBLISHERS + 1
    assert rows[0] == "Ministry of Defence"
    assert rows[-1].endswith(" other publishers")


def test_the_words_say_what_the_chart_shows(data: Coverage) -> None:
    assert data.words.startswith(
        "41 releases from 26 April to 23 May 2025, of about 18,256 ids that gov.kz gave out in those days (0.2 %). "
        "Nothing on 14 working days: 28 April, 29 April, 30 April, 2 May, 5 May, 6 May, 8 May, 12 May, 13 May, 14 May "
        "and 4 more. Busiest: Ministry of Defence 7, "
    )


def test_where_the_last_weeks_have_nothing_the_last_release_ends_the_chart(con: duckdb.DuckDBPyConnection) -> None:
    assert coverage(con, utc("2026-01-01T00:00Z")).days[-1]["day"] == date(2025, 5, 21)


def test_an_empty_warehouse_has_an_empty_chart(seeded: Desk) -> None:
    seeded.corrupt("delete from fact_release")
    with reading(seeded.settings.warehouse) as con:
        empty = coverage(con, utc("2025-06-01T00:00Z"))
    assert empty.words.startswith("0 releases from 5 May to 1 June 2025")
    assert png(empty).startswith(b"\x89PNG")


def pixels(picture: bytes) -> tuple[int, int, Counter[bytes]]:
    """Width, height, and how many pixels have which colour (RGBA); vl-convert filters each line by the pixel before."""
    width, height = struct.unpack(">II", picture[16:24])
    at, compressed = 8, b""
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            compressed += picture[at + 8 : at + 8 + size]
        at += size + 12
    rows, counted = zlib.decompress(compressed), Counter[bytes]()
    for row in range(height):
        line = bytearray(rows[row * (4 * width + 1) + 1 : (row + 1) * (4 * width + 1)])
        assert rows[row * (4 * width + 1)] == 1
        for place in range(4, len(line)):
            line[place] = (line[place] + line[place - 4]) & 255
        counted.update(bytes(line[place : place + 4]) for place in range(0, len(line), 4))
    return width, height, counted


def test_the_picture_is_a_sheet_of_its_own_on_a_light_and_on_a_dark_page(data: Coverage) -> None:
    width, height, colours = pixels(png(data))
    assert width > height > 400
    assert {colour[3] for colour in colours} == {255}, "nothing shines through"
    assert colours.most_common(1)[0][0] == bytes.fromhex(PAPER[1:]) + b"\xff"
    assert contrast(INK, PAPER) > 7
    assert contrast("#1f6fb2", PAPER) > 4.5, "white numbers on what is held"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_compression_changes_no_pixel(data: Coverage) -> None:
    picture = png(data)
    assert pixels(compress(picture)) == pixels(picture)
    assert len(picture) < 100_000
    assert compress(picture) == picture
