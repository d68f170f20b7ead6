"""The government's other sites: one code for a page however its URL is written, and none for a look-alike."""

import pytest

from warehouse.normalise.publisher import KINDS
from warehouse.reference.rows import SEEDS, load_reference
from warehouse.reference.sites import LONGEST_CODE, SitePage, read_site_url

HOSTS = load_reference(SEEDS).header_names.hosts
PAGE = SitePage("primeminister.kz", "primeminister.kz/en/news/29915")


@pytest.mark.parametrize(
    "url",
    [
        "https://primeminister.kz/en/news/29915",
        "http://www.PrimeMinister.KZ/en/news/29915/",
        "https://primeminister.kz//en/news/./29915#comments",
        "https://primeminister.kz/en/%6eews/29915?utm_source=tg&fbclid=1&lang=ru",
        "https://primeminister.kz/en/old/../news/29915?",
        "https://primeminister.kz:443/en/news/29915",
        "http://primeminister.kz:80/en/news/29915?lang=en",
    ],
)
def test_a_page_has_one_code_however_its_url_is_written(url: str) -> None:
    assert read_site_url(url, HOSTS) == PAGE


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://primeminister.kz/ru/news/29915", "primeminister.kz/ru/news/29915"),
        ("https://primeminister.kz/en/News/29915", "primeminister.kz/en/News/29915"),
        ("https://stat.gov.kz/news/?page=2&id=7&lang=kk", "stat.gov.kz/news?id=7&page=2"),
        ("https://stat.gov.kz/news/?id=7&amp;page=2", "stat.gov.kz/news?id=7&page=2"),
        ("https://akorda.kz/жаңалық/%D0%B9", "akorda.kz/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B/%D0%B9"),
        ("https://akorda.kz/жаңалық/и\u0306", "akorda.kz/%D0%B6%D0%B0%D2%A3%D0%B0%D0%BB%D1%8B%D2%9B/%D0%B9"),
        ("https://akorda.kz/a%2Fb/%E9", "akorda.kz/a%2Fb/%E9"),
    ],
)
def test_what_names_another_page_has_another_code(url: str, code: str) -> None:
    page = read_site_url(url, HOSTS)
    assert page is not None
    assert page.code == code


def test_the_code_of_a_long_url_is_hashed_and_collides_with_no_other() -> None:
    pages = [read_site_url("https://akorda.kz/" + "ж" * 200 + end, HOSTS) for end in ("", "1", "1/")]
    codes = [page.code for page in pages if page]
    assert codes[0] != codes[1] == codes[2]
    assert all(code.startswith("akorda.kz#") and len(code) <= LONGEST_CODE for code in codes)
    # A hash sign ends a path, so no URL has such a code unhashed.
    assert read_site_url(f"https://{codes[0]}", HOSTS) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://primeminister.kz.evil.com/en/news/1",
        "https://evil-primeminister.kz/en/news/1",
        "https://mod.primeminister.kz/en/news/1",
        "https://primeminister.kz@evil.com/en/news/1",
        "https://user@primeminister.kz/en/news/1",
        "https://primeminister.kz:8443/en/news/1",
        "https://primeminister.kz:4430/en/news/1",
        "https://primeminister.kz:443@evil.com/en/news/1",
        "https://primeminister.kz\\@evil.com/en/news/1",
        "https://рrimeminister.kz/en/news/1",  # a Cyrillic letter
        "https://\u212aorda.kz/en/news/1",
        "https://aKorda.kz/en/news/1".replace("K", "\u212a"),  # the sign of kelvin, a k in small letters
        "https://primeminister.kz./en/news/1",
        "ftp://primeminister.kz/en/news/1",
        "https://evil.com/?https://primeminister.kz/en/news/1",
        "https://primeminister.kz",
        "https://primeminister.kz/?utm_source=tg",
        "https://primeminister.kz/kz/index.php",
        "https://vlast.kz/novosti/64321.html",
    ],
)
def test_a_look_alike_and_a_front_page_name_no_page(url: str) -> None:
    assert read_site_url(url, HOSTS) is None


def test_every_site_has_a_publisher_that_the_reference_rows_know() -> None:
    publishers = load_reference(SEEDS).publishers
    assert set(HOSTS.values()) <= set(publishers["slug"])
    assert set(publishers["kind"]) <= KINDS.keys()
    assert all(host == host.lower() and not host.startswith("www.") for host in HOSTS)
