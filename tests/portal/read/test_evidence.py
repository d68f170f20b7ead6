"""What counts as the release asked for: its own address, its kind of page, a title of its own; and what does not."""

import pytest

from tests.desk.portal_answers import AT, answer, news
from tests.desk.portal_releases import LANGUAGES, WORDS, invent, page_html
from tests.desk.portal_run import TARGET
from warehouse.portal.exchange import Target
from warehouse.portal.read import graphql, html, rest
from warehouse.portal.read.evidence import is_absence
from warehouse.portal.read.markers import current_markers

PORTAL = "https://www.gov.kz"
DETAILS = f"{PORTAL}/memleket/entities/mfa/press/news/details/997859"
RELEASE = page_html(invent("997859", "mfa", AT), "ru")
DATE = "<div>13 июля 2026 17:29</div>"
VIEWS = "<div>Количество просмотров: 61</div>"
LIST = f"<html><body><h1>Пресс-центр</h1>{DATE}{VIEWS}<p>О встрече</p><p>О дорогах</p></body></html>"
GONE = {
    "ru": ("Страница не найдена", "Вернуться на главную"),
    "kk": ("Бет табылмады", "Басты бетке оралу"),
    "en": ("Page not found", "Back to home"),
}
SECTIONS = {"ru": "Пресс-центр", "kk": "Баспасөз орталығы", "en": "Press center"}


def outcome_of(source: str, url: str = DETAILS, code: str = "997859", language: str = "ru") -> str:
    reading = html.read_page(answer(source, url=url), Target(1, code, "mfa", language))
    assert bool(reading.pages) == (reading.outcome in {"ok", "no_body"})
    assert len(reading.detail) < 400
    return reading.outcome


@pytest.mark.parametrize(
    ("url", "outcome"),
    [
        (f"{DETAILS}?lang=ru", "ok"),
        (f"{DETAILS}/", "ok"),
        (DETAILS.replace("/mfa/", "/mfa-of-another-name/"), "ok"),
        (DETAILS.replace("997859", "997860"), "not_the_release"),
        (DETAILS.replace("997859", "9978590"), "not_the_release"),
        (f"{PORTAL}/memleket/entities/mfa/press/news?lang=ru", "not_the_release"),
        (f"{PORTAL}/memleket/entities/mfa/press/news/1?lang=ru", "not_the_release"),
        (f"{PORTAL}/memleket/entities/mfa?lang=ru", "not_the_release"),
        (f"{PORTAL}/memleket/entities/transport/about/structure?lang=ru", "not_the_release"),
        (f"{PORTAL}/memleket/entities/mfa/documents/details/997859?lang=ru", "not_the_release"),
        (f"{PORTAL}/?lang=ru", "not_the_release"),
        (f"{PORTAL}/404", "not_the_release"),
        (f"{PORTAL}/?from=/news/details/997859", "not_the_release"),
        (f"{PORTAL}/login?next=/news/details/997859", "refused"),
        ("https://idp.gov.kz/auth/realms/portal", "refused"),
    ],
)
def test_a_page_comes_from_the_address_of_its_release_under_any_publisher(url: str, outcome: str) -> None:
    assert outcome_of(RELEASE, url) == outcome


def test_an_old_link_is_answered_under_its_id_too() -> None:
    old = DETAILS.replace("997859", "ministr-prinyal-posla")
    assert outcome_of(RELEASE, old, "997859") == "ok"
    assert outcome_of(RELEASE, DETAILS, "ministr-prinyal-posla") == "ok"
    assert outcome_of(RELEASE, f"{old}-2", "ministr-prinyal-posla") == "not_the_release"


@pytest.mark.parametrize(
    ("declared", "outcome"),
    [
        (f'<link rel="canonical" href="{DETAILS}">', "ok"),
        (f"<meta property='og:url' content='{PORTAL}/'>", "ok"),
        (f"<meta property='og:url' content='{DETAILS.replace('59', '60')}'>", "not_the_release"),
        (f'<link rel="canonical" href="{PORTAL}/memleket/entities/mfa/press/news">', "not_the_release"),
    ],
)
def test_a_page_may_declare_an_address_of_its_own(declared: str, outcome: str) -> None:
    assert outcome_of(RELEASE.replace("</head>", f"{declared}</head>")) == outcome


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("parts", [DATE, DATE + VIEWS, ""], ids=["dated", "with views", "bare"])
def test_a_page_that_only_says_there_is_none_is_no_release(language: str, parts: str) -> None:
    heading, link = GONE[language]
    views, directions, related = WORDS[language]
    for title in (heading, f"404. {heading}", f"{heading} | GOV.KZ", heading.upper()):
        page = f"<html lang={language}><body><h1>{title}</h1>{parts.replace(WORDS['ru'][0], views)}<a>{link}</a>"
        for below in ("", f"<h3>{directions}</h3><h3>{related}</h3><p>…</p>"):
            assert outcome_of(f"{page}{below}</body></html>", language=language) == "not_the_release"


def test_a_release_that_is_said_to_be_gone_below_its_title_is_none() -> None:
    for below in ("<p>Страница не найдена</p>", "<p>Материал удалён.</p><a>На главную</a>"):
        page = f"<html><body><h1>О встрече</h1>{DATE}{VIEWS}{below}<h3>Читайте также</h3></body></html>"
        assert outcome_of(page) == "not_the_release"
    page = f"<html><body><h1>МИД</h1><h2>Страница не найдена</h2>{DATE}{VIEWS}<p>…</p></body></html>"
    assert outcome_of(page) == "not_the_release"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_the_sites_own_is_no_release_though_it_looks_like_one(language: str) -> None:
    source = page_html(invent("997859", "mfa", AT), language)
    assert outcome_of(source, language=language) == "ok"
    heading = SECTIONS[language]
    before, after = source.index('<h1 class="title">'), source.index("</h1>")
    assert outcome_of(f"{source[:before]}<h1>{heading}{source[after:]}", language=language) == "not_the_release"
    assert outcome_of(LIST) == "not_the_release"


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("Министерство юстиции Республики Казахстан", "not_the_release"),
        ("Қазақстан Республикасының Әділет министрлігі", "not_the_release"),
        ("MINISTRY OF JUSTICE of the Republic of Kazakhstan", "not_the_release"),
        ("Пресс-центр | Министерство юстиции", "not_the_release"),
        ("GOV.KZ", "not_the_release"),
        ("Вход", "refused"),
        ("Министерство юстиции: итоги года", "ok"),
        ("Новости Министерства юстиции", "ok"),
    ],
)
def test_a_title_of_its_own_is_no_name_of_a_publisher_or_of_a_page_of_the_site(title: str, outcome: str) -> None:
    page = f"<html><body><h1>{title}</h1>{DATE}{VIEWS}<p>Текст.</p><h3>Читайте также</h3></body></html>"
    assert outcome_of(page) == outcome


def test_links_to_the_site_beside_the_word_that_there_is_none_are_no_body() -> None:
    links = "<p>Вернуться на главную</p><p>Карта сайта</p><p>Поиск</p>"
    assert outcome_of(f"<html><body><h1>О нас</h1>{DATE}{VIEWS}<p>Страница была удалена</p>{links}</body></html>") == (
        "not_the_release"
    )


def test_a_list_is_no_release_whatever_it_is_called() -> None:
    rows = "".join(f"<p>О встрече {day}</p><span>{day} июля 2026</span>" for day in (11, 12, 13))
    assert outcome_of(f"<html><body><h1>Встречи</h1>{DATE}{VIEWS}{rows}</body></html>") == "not_the_release"


def test_a_chronicle_is_a_release() -> None:
    for item in ("• {} июля 2026 года", "{} июля 2026 года состоялась встреча в министерстве"):
        rows = "".join(f"<p>{item.format(day)}</p>" for day in (11, 12, 13))
        assert outcome_of(f"<html><body><h1>Встречи</h1>{DATE}{VIEWS}{rows}</body></html>") == "ok"


def test_a_title_and_a_date_alone_are_no_evidence_nor_is_a_link_to_the_release() -> None:
    page = f"<html><body><h1>МИД</h1>{DATE}<p>Текст.</p><a href='{DETAILS}'>О встрече</a></body></html>"
    assert outcome_of(page) == "not_the_release"
    assert outcome_of(page.replace(DATE, DATE + VIEWS)) == "ok"


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        ("<h1>Вход в систему</h1><form><input></form>", "refused"),
        (f"<h1>Вход</h1>{DATE}<p>Логин</p>", "refused"),
        ("<title>Just a moment...</title><p>x</p>", "refused"),
        ("<h1>Подтвердите, что вы не робот</h1>", "refused"),
        ("<h1>Технические работы</h1><p>Скоро вернёмся</p>", "transport_error"),
        (f"<h1>Сайт временно недоступен</h1>{DATE}<p>Приносим извинения</p>", "transport_error"),
        ("<h1>Сайтта техникалық жұмыстар жүргізілуде</h1>", "transport_error"),
    ],
)
def test_what_keeps_readers_out_says_nothing_of_the_release(page: str, outcome: str) -> None:
    assert outcome_of(f"<html><body>{page}</body></html>") == outcome


def test_releases_about_pages_and_works_are_releases() -> None:
    for title in ("Технические работы", "Страница удалена по решению суда", "Новости министерства", "404 новые школы"):
        assert outcome_of(f"<html><body><h1>{title}</h1>{DATE}{VIEWS}<p>Текст.</p></body></html>") == "ok", title


@pytest.mark.parametrize(
    "line",
    [
        "К сожалению, запрашиваемая вами страница не найдена.",
        "Страница, которую вы ищете, не найдена",
        "Страница не найдена. Возможно, она была удалена",
        "Материал удалён",
        "Сіз іздеген бет табылмады",
        "404 Not Found",
        "Новость не существует",
        "Мұндай парақша жоқ",
        "Oops! We can’t find the page you’re looking for.",
        "Sorry, the page you are looking for does not exist.",
    ],
)
def test_absence_has_many_words(line: str) -> None:
    assert is_absence(line, current_markers())


def test_json_names_the_release_that_it_is_about() -> None:
    item = {"id": "997859", "title": "Новости", "body": "<p>Текст</p>", "created_date": None}
    for route, wrap in ((graphql, news), (rest, dict)):
        assert route.read_page(answer(wrap(item)), TARGET).outcome == "ok"
        for wrong in ({"id": "1"}, {"title": "Страница не найдена"}, {"body": "<p>Материал удалён</p>"}):
            reading = route.read_page(answer(wrap(item | wrong)), TARGET)
            assert (reading.outcome, reading.pages) == ("not_the_release", ())
    listed = graphql.read_list(answer(news(item, {**item, "id": "2", "title": "Page not found"})), "mfa", "en")
    assert [page.code for page in listed.pages] == ["997859"]
