"""The brief in a real Chromium: everybody can read it, and it loads nothing."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.desk.browser import accessibility_violations, browser
from tests.desk.digests import MEETING_EDITED, SEED, Item, digest
from tests.desk.warehouse import Desk
from tests.report.brief.test_brief import LOADED
from tests.report.brief.test_hostile import ACTING, MARKS
from warehouse.report.brief.edition import read, write

__all__ = ["browser"]

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1100, "height": 900}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pages of the seed, of a day with edits and texts in three languages that would act, and of an empty day."""
    desk = Desk.at(tmp_path_factory.mktemp("pages"))
    desk.load(SEED, as_of=LOADED)
    items = [
        Item("997838", MEETING_EDITED, listed="22.05.2025", slug="kostanay"),
        Item("2", f"Astana, May 16, 2025 – {ACTING} was said. {MARKS}", title=ACTING, listed="22.05.2025", slug="mfa"),
        Item("3", None, title=MARKS + " <script>document.title='acted'</script>", listed="22.05.2025", slug="mod"),
        Item("4", None, title="Министр провёл совещание о состоянии дорог", listed="22.05.2025", slug="transport"),
        Item("5", None, title="Министр жолдардың жағдайы туралы кеңес өткізді", listed="22.05.2025", slug="transport"),
        Item("6", None, title="W" * 300, listed="22.05.2025", slug="something-" + "x" * 80),
        *(Item(str(day), listed=f"{day}.05.2025", slug="mod") for day in range(19, 10, -1)),
    ]
    desk.load(desk.write("later.txt", digest(*items)), as_of="2025-05-22T12:00:00Z")
    days = {"seed": date(2025, 5, 21), "hostile": date(2025, 5, 22), "empty": date(2025, 6, 30)}
    return {name: write(desk.settings, read(desk.settings, day)) for name, day in days.items()}


@dataclass
class Seen:
    """A page that is open, and what the browser did and said meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def look(browser: Browser, pages: dict[str, Path]) -> Iterator[object]:
    """Open a page as somebody sees it."""
    contexts = []

    def opened(name: str, scheme: str = "light", viewport: dict[str, int] = DESKTOP, media: str = "screen") -> Seen:
        context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
        contexts.append(context)
        seen = Seen(context.new_page())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.emulate_media(media=media)  # type: ignore[arg-type]
        seen.page.goto(pages[name].as_uri())
        return seen

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["seed", "hostile", "empty"])
def test_axe_finds_nothing_that_keeps_anybody_from_reading(look, name: str, scheme: str) -> None:
    assert accessibility_violations(look(name, scheme).page) == []


def test_axe_finds_nothing_on_a_phone_and_in_print(look) -> None:
    assert accessibility_violations(look("hostile", "dark", PHONE).page) == []
    assert accessibility_violations(look("hostile", media="print").page) == []


@pytest.mark.parametrize("name", ["seed", "hostile"])
def test_the_browser_requests_nothing_but_the_page(look, pages: dict[str, Path], name: str) -> None:
    seen = look(name)
    seen.page.wait_for_load_state("networkidle")
    assert seen.requests == [pages[name].as_uri()]
    assert seen.complaints == [], "the policy allows the page's own style, and nothing is tried that it forbids"
    assert seen.page.evaluate("getComputedStyle(document.body).maxWidth") == "672px", "its style is in force"


def test_the_policy_forbids_what_a_page_could_be_made_to_load(look) -> None:
    seen = look("seed")
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.5)
        seen.page.evaluate(INJECTED, f"http://127.0.0.1:{elsewhere.getsockname()[1]}/x")
        with pytest.raises(TimeoutError):
            elsewhere.accept()
    for forbidden in ("Loading the image", "Loading the script", "Applying inline style"):
        assert [complaint for complaint in seen.complaints if complaint.startswith(forbidden)]


def test_a_hostile_title_does_nothing(look) -> None:
    seen = look("hostile")
    assert seen.page.title().startswith("Thursday, 22 May 2025")
    assert seen.page.locator("script, img, iframe, form").count() == 0
    assert seen.page.get_by_text("<script>alert(1)</script>").count() > 0


@pytest.mark.parametrize("name", ["seed", "hostile", "empty"])
def test_nothing_is_wider_than_a_phone(look, name: str) -> None:
    page = look(name, viewport=PHONE).page
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_titles_say_their_language(look) -> None:
    page = look("hostile").page
    assert page.locator("#releases ~ ul a[lang=ru]").all_inner_texts() == ["Министр провёл совещание о состоянии дорог"]
    assert page.locator("#releases ~ ul a[lang=kk]").all_inner_texts() == [
        "Министр жолдардың жағдайы туралы кеңес өткізді"
    ]


def test_every_link_within_the_page_leads_somewhere(look) -> None:
    page = look("hostile").page
    targets = page.eval_on_selector_all("a[href^='#']", "links => links.map(link => link.getAttribute('href'))")
    assert len(targets) > 8
    assert [target for target in targets if page.locator(target).count() != 1] == []


def test_whoever_uses_the_keyboard_can_skip_to_the_brief(look) -> None:
    page = look("seed").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the brief"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_dark_is_dark_and_print_is_not(look) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    assert look("seed", "light").page.evaluate(ground) == "rgb(253, 252, 249)"
    assert look("seed", "dark").page.evaluate(ground) == "rgb(21, 24, 26)"
    printed = look("seed", "dark", media="print").page
    assert printed.evaluate(ground) == "rgb(255, 255, 255)"
    assert not printed.locator("nav").is_visible()


def test_letters_on_the_map_and_in_charts_stand_out_from_their_ground(look) -> None:
    """WCAG's 4.5 to 1, for axe does not look into drawings."""
    for scheme in ("light", "dark"):
        for ratio in look("hostile", scheme).page.evaluate(CONTRASTS):
            assert ratio >= 4.5


INJECTED = """url => {
    for (const tag of ['img', 'script']) {
        const made = document.createElement(tag);
        made.src = url;
        document.body.append(made);
    }
    document.body.insertAdjacentHTML('beforeend', '<p style="background: url(' + url + ')">x</p>');
}"""

CONTRASTS = """() => {
    const light = color => {
        const parts = color.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const ratio = (one, other) => {
        const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const paper = getComputedStyle(document.body).backgroundColor;
    const style = element => getComputedStyle(element);
    return [
        ...[...document.querySelectorAll('.tiles g')].map(
            tile => ratio(style(tile.querySelector('rect')).fill, style(tile.querySelector('text')).fill)),
        ...[...document.querySelectorAll('.chart text')].map(text => ratio(style(text).fill, paper)),
    ];
}"""
