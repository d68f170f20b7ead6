"""What `warehouse.normalise.frames` promises of its quicker ways for plain input: they say what the careful ones do."""

import hashlib

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.normalise.frames import _count_words, listings

PORTAL = "gov.kz/memleket/entities"


def read(*urls: str) -> pl.DataFrame:
    digest = hashlib.sha256(b"").digest()
    return listings(pl.DataFrame({"url": urls, "content_sha256": [digest] * len(urls)}), {})


@pytest.mark.parametrize(
    ("code", "release_code", "portal_id"),
    [("1003412", "1003412", 1003412), ("0017", "17", 17), ("9" * 15, "9" * 15, 10**15 - 1), ("9" * 16, "9" * 16, None)],
)
@pytest.mark.parametrize("language", ["kk", None])
def test_a_plain_url_is_read_like_its_odd_spellings(
    code: str, release_code: str, portal_id: int | None, language: str | None
) -> None:
    query = f"?lang={language}" if language else ""
    rest = f"{PORTAL}/mfa/press/news/details/{code}"
    told = read(f"https://www.{rest}{query}", f"http://{rest}/{query}", f"HTTPS://WWW.{rest}{query}#top")
    said = told.select("slug", "release_code", "portal_id", "url_language").rows()
    assert said == [("mfa", release_code, portal_id, language)] * 3
    assert told["release_key"].n_unique() == told["content_key"].n_unique() == 1


def test_a_url_in_capitals_or_with_a_text_slug_is_read_in_small_letters() -> None:
    told = read(f"https://www.{PORTAL}/MFA/press/news/details/Some-News_1?lang=RU", "https://example.org/?lang=en")
    assert told.select("slug", "release_code", "portal_id", "url_language").rows() == [
        ("mfa", "some-news_1", None, "ru"),
        (None, None, None, "en"),
    ]


@given(st.lists(st.text(st.characters(categories=("L", "N", "P")), min_size=1), min_size=1))
def test_words_are_counted_alike_whatever_stands_between_them(words: list[str]) -> None:
    texts = [space.join(words) for space in (" ", "  ", "\n", "\u00a0", "\t ")] + [
        " " + " ".join(words),
        "\n".join(words) + " ",
    ]
    assert _count_words(pl.Series(texts)).to_list() == [len(words)] * len(texts)


def test_words_of_no_body_are_none() -> None:
    assert _count_words(pl.Series(["one", None, "two  words", "two\nwords"])).to_list() == [1, None, 2, 2]
