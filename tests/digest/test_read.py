"""Every case of a digest that the reader settles, as a golden pair: the bytes received and what is read from them.

The values in the JSON files were written down from looking at the digests. Spans are bytes, half open; lines count
from 1.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from tests.desk.digests import SEED
from warehouse.digest.read import Contents, Extent, parse
from warehouse.digest.records import RAW_BYTES, REASONS
from warehouse.project import PROJECT
from warehouse.reference.header_names import HeaderNames

GOLDEN = PROJECT / "tests" / "golden" / "digests"
HOSTS = {"primeminister.kz": "primeminister.kz", "stat.gov.kz": "stat"}
NAMES = HeaderNames(frozenset({"Enbekshi QazaQ", "Еңбекші қазақ"}), frozenset({"Law"}), HOSTS)
CASES = sorted(path.stem for path in GOLDEN.glob("*.txt"))


def read(blocks: Iterable[bytes], **options: Any) -> Contents:
    """All pages of a digest as one."""
    whole = Contents()
    for contents in parse(blocks, NAMES, **options):
        whole.add(contents)
    return whole


def as_golden(contents: Contents) -> dict[str, Any]:
    """What was read in the shape of the JSON files."""
    return {
        "headers": [
            {"line_no": line_no, "byte_start": start, "byte_end": end, "text": text}
            for start, end, line_no, text in contents.headers
        ],
        "listings": [
            {
                "position": position,
                "byte_start": start,
                "byte_end": end,
                "title": title,
                "listed_date": listed.isoformat(),
                "body": body,
                "url": url,
                "section": section,
                "dated_lines_in_body": dated_lines,
            }
            for position, (start, end, title, listed, body, url, section, dated_lines, _) in enumerate(
                contents.listings, 1
            )
        ],
        "rejects": [
            {"reason": reason, "line_no": line_no, "byte_start": start, "byte_end": end}
            for start, end, line_no, reason, _, _ in contents.rejects
        ],
        "blank_bytes": contents.blank_bytes,
    }


@pytest.mark.parametrize("case", CASES)
def test_a_digest_is_read_as_its_golden_pair_says(case: str) -> None:
    expected = json.loads((GOLDEN / f"{case}.json").read_text(encoding="utf-8"))
    assert expected.pop("what")
    assert as_golden(read([(GOLDEN / f"{case}.txt").read_bytes()])) == expected


def test_every_digest_has_its_pair() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == CASES
    assert len(CASES) >= 45


def test_git_leaves_the_line_ends_of_golden_digests_alone() -> None:
    assert "*.txt -text" in (GOLDEN.parent / ".gitattributes").read_text(encoding="utf-8").splitlines()


def test_every_reason_occurs_in_a_golden_pair() -> None:
    found = {
        reject["reason"]
        for case in CASES
        for reject in json.loads((GOLDEN / f"{case}.json").read_text(encoding="utf-8"))["rejects"]
    }
    # An item that is too long is megabytes long, and a broken contract is found only after reading.
    assert found == REASONS.keys() - {"item_too_long", "broken_contract"}


def test_the_seed_is_read_whole() -> None:
    contents = read([SEED.read_bytes()])
    assert [header.text for header in contents.headers] == ["Law"]
    assert contents.rejects == []
    assert len(contents.listings) == contents.trailers == 20
    assert {section for *_, section, _, _ in contents.listings} == {"Law"}
    assert [body is None for _, _, _, _, body, *_ in contents.listings].count(True) == 9
    listed = [listed for _, _, _, listed, *_ in contents.listings]
    assert (listed[0], listed[-1]) == (date(2025, 5, 21), date(2025, 5, 20))
    assert contents.blank_bytes == 37


def test_digests_that_lack_their_final_line_end_may_be_glued_together() -> None:
    seed = SEED.read_bytes()
    once, thrice = read([seed]), read([seed * 3])
    assert [listing[2:] for listing in thrice.listings] == [listing[2:] for listing in once.listings] * 3
    assert thrice.rejects == []


def test_a_digest_of_zero_bytes_has_no_page() -> None:
    assert list(parse([], NAMES)) == []
    assert list(parse([b"", b""], NAMES)) == []


def test_without_known_names_a_header_is_found_by_its_looks() -> None:
    pages = list(parse([(GOLDEN / "two-headers.txt").read_bytes()], HeaderNames()))
    assert [header.text for contents in pages for header in contents.headers] == ["Enbekshi QazaQ", "Law"]
    assert pages[-1].section == "Law"


def test_a_later_part_of_a_digest_continues_place_and_section() -> None:
    digest = (GOLDEN / "several-sections.txt").read_bytes()
    whole = read([digest])
    middle = whole.listings[1][1]
    first, second = read([digest[:middle]]), read([digest[middle:]], part=Extent(middle, "Economy"))
    assert [*first.listings, *second.listings] == whole.listings
    assert first.section == second.section == "Economy"


def test_a_reject_says_what_is_wrong_and_keeps_the_text() -> None:
    contents = read([(GOLDEN / "nul-in-body.txt").read_bytes()])
    (reject,) = contents.rejects
    assert REASONS[reject.reason] == "The text holds NUL bytes."
    assert reject.detail == "The item holds NUL bytes."
    assert "The support\\x00grows.\nSource : https://www.gov.kz/" in reject.raw


def test_bytes_that_are_no_utf8_are_shown_as_they_are() -> None:
    contents = read([(GOLDEN / "not-utf8.txt").read_bytes()])
    assert contents.rejects[0].raw.startswith("\\xcf\\xee\\xe4\\xe4")
    assert contents.rejects[1].detail == "The bytes ff fe 20 66 are not UTF-8."


def test_the_text_kept_of_a_long_reject_ends_between_two_letters() -> None:
    contents = read([("Ы" * RAW_BYTES).encode()])
    assert len(contents.rejects[0].raw.encode()) in (RAW_BYTES, RAW_BYTES - 1)
    assert set(contents.rejects[0].raw) == {"Ы"}


ITEM = b"Roads of the region are repaired 21.05.2025\nFour bridges.\nSource : https://www.gov.kz/memleket/entities/mod/press/news/details/1\n"
LIMIT = 1 << 20


def test_an_item_as_long_as_the_limit_loads() -> None:
    head, tail = ITEM.split(b"Four bridges.")
    body = b"b" * (LIMIT - len(ITEM) + len(b"Four bridges."))
    contents = read([head + body + tail + ITEM], max_item_bytes=LIMIT)
    assert [len(body or "") for _, _, _, _, body, *_ in contents.listings] == [len(body), 13]


@pytest.mark.parametrize(
    ("head", "tail"),
    [(b"", b""), (b"Too long 21.05.2025\n", b""), (b"Too long 21.05.2025\n", b" " + ITEM.splitlines()[-1])],
    ids=["bare", "with-title", "with-title-and-trailer"],
)
def test_a_line_beyond_the_limit_costs_neither_its_neighbours_nor_their_section(head: bytes, tail: bytes) -> None:
    line = head + b"x" * (3 * LIMIT) + tail
    contents = read([b"Law\n", ITEM, b"\n", line, b"\n\n", ITEM], max_item_bytes=LIMIT)
    assert [title for _, _, title, *_ in contents.listings] == ["Roads of the region are repaired"] * 2
    assert [section for *_, section, _, _ in contents.listings] == ["Law"] * 2
    (reject,) = contents.rejects
    assert reject.reason == "item_too_long"
    assert reject.byte_end - reject.byte_start == len(line)
    assert reject.line_no == 6


def test_a_header_above_a_line_beyond_the_limit_stays_a_header() -> None:
    contents = read([b"Law\n", b"x" * (2 * LIMIT), b"\n", ITEM], max_item_bytes=LIMIT)
    assert [header.text for header in contents.headers] == ["Law"]
    assert [section for *_, section, _, _ in contents.listings] == ["Law"]


def test_the_last_item_of_a_long_stretch_without_trailers_loads() -> None:
    stretch = b"Text of a page that is no digest.\n" * (LIMIT // 33)
    contents = read([stretch[: LIMIT - 60], b"\n\nLaw\n", ITEM], max_item_bytes=LIMIT)
    assert [reject.reason for reject in contents.rejects] == ["item_too_long"]
    assert [(title, section) for _, _, title, _, _, _, section, _, _ in contents.listings] == [
        ("Roads of the region are repaired", "Law")
    ]
