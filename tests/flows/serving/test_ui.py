"""Prefect's UI after a few served days, in a real browser: what a person finds there without a terminal."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from flows.serving.automations import definitions
from tests.desk.browser import browser
from tests.desk.documents import consoles, is_shown, text_of
from tests.desk.story import Story, person, serve_story, tab

__all__ = ["browser"]

ALMATY = ZoneInfo("Asia/Almaty")
SLOW_MS = 20_000
"""How long a page may take on a busy machine before the test gives up."""

FAILING = "A source has delivered nothing for longer than it ever takes: (all digests): 3.0 days, expected at most 2.0"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with serve_story(tmp_path_factory.mktemp("story")) as served:
        yield served


@pytest.fixture(scope="module")
def somebody(browser: Browser) -> Iterator[BrowserContext]:
    expect.set_options(timeout=SLOW_MS)
    with person(browser) as context:
        context.set_default_timeout(SLOW_MS)
        yield context


@pytest.fixture
def page(somebody: BrowserContext, story: Story) -> Iterator[Page]:
    """A page that asks nobody but the server, and on which nothing breaks."""
    elsewhere: list[str] = []
    broken: list[str] = []

    def ask(request: Request) -> None:
        if not request.url.startswith((story.page("/"), "data:", f"blob:{story.page('/')}")):
            elsewhere.append(request.url)

    def note(message: ConsoleMessage) -> None:
        # The UI asks for icons that its server has not.
        if message.type == "error" and not message.location["url"].endswith((".ico", ".svg")):
            broken.append(f"{message.text} {message.location['url']}")

    opened = somebody.new_page()
    opened.on("request", ask)
    opened.on("pageerror", lambda error: broken.append(str(error)))
    opened.on("console", note)
    yield opened
    opened.close()
    assert elsewhere == []
    assert broken == []


def history(page: Page, story: Story, key: str) -> list[str]:
    """Addresses of the artifacts of a key, the newest first, as its page links them."""
    page.goto(story.page(f"/artifacts/key/{key}"))
    links = page.locator("a[href*='/artifacts/artifact/']")
    expect(links.first).to_be_visible()
    return [story.page(str(link.get_attribute("href"))) for link in links.all()]


def row(page: Page, first: str) -> list[str]:
    """The cells of the row of a table that begins so."""
    match = page.get_by_role("row").filter(has=page.locator("td", has_text=re.compile(f"^{re.escape(first)}$")))
    expect(match).to_have_count(1)
    return [cell.strip() for cell in match.get_by_role("cell").all_inner_texts()]


def test_make_serve_says_what_the_documents_show(story: Story) -> None:
    output = story.serving.output
    for document in ("README.md", "docs/operations.md"):
        expected = dict(consoles(text_of(document)))["make serve"].replace("4200", str(story.serving.port))
        assert is_shown(expected, output), output


def test_the_address_of_the_ui_opens_it_and_asks_nobody_else(page: Page, story: Story) -> None:
    page.goto(story.page("/"))
    expect(page.get_by_text("Flow Runs").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_deployments_are_there_with_their_next_runs(page: Page, story: Story) -> None:
    page.goto(story.page("/deployments"))
    deployments = story.serving.deployments()
    assert set(deployments) == {"ingest-inbox", "refetch-due", "discover", "brief", "maintain"}
    for name in deployments:
        expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    scheduled = story.serving.runs(type=["SCHEDULED"])
    for deployment in deployments.values():
        due = [run["next_scheduled_start_time"] for run in scheduled if run["deployment_id"] == deployment["id"]]
        times = [f"{datetime.fromisoformat(moment).astimezone(ALMATY):%Y/%m/%d %I:%M:%S %p}" for moment in due]
        page.goto(story.page(f"/deployments/deployment/{deployment['id']}"))
        next_run = page.get_by_text(re.compile(r"Scheduled for \d")).first
        expect(next_run).to_be_visible()
        assert next_run.inner_text().removeprefix("Scheduled for ") in times


def test_lists_of_runs_tell_by_tags_what_is_wrong_with_which(page: Page, story: Story) -> None:
    page.goto(story.page("/runs"))
    for run, state, tag in (
        ("loaded", "Completed", "loaded"),
        ("warning", "Completed", "warning"),
        ("failed", "Failed", "failed"),
    ):
        item = page.locator(".state-list-item", has=page.locator(f"a[href$='/runs/flow-run/{story.runs[run]}']"))
        expect(item).to_contain_text("ingest-inbox")
        expect(item).to_contain_text(" · inbox")
        expect(item.get_by_text(state, exact=True)).to_be_visible()
        expect(item.get_by_text(tag, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("warning", f"Warning: {FAILING} days."),
        ("failed", "holiday.jpg.txt is no digest: no line in it says “Source : https://www.gov.kz/…”"),
    ],
    ids=["warning", "failed"],
)
def test_a_run_says_in_its_state_message_what_is_wrong(page: Page, story: Story, run: str, message: str) -> None:
    page.goto(story.run_page(run))
    tab(page, "Details")
    expect(page.get_by_text("State Message")).to_be_visible()
    page.get_by_text("See More").click()
    expect(page.get_by_text(message).last).to_be_visible()


def test_a_load_says_what_came_in_and_has_its_artifacts_on_its_page(page: Page, story: Story) -> None:
    page.goto(story.run_page("loaded"))
    tab(page, "Details")
    expect(page.get_by_text("Loaded 20 releases: 20 new, 0 edited, 1 rejected.").last).to_be_visible()
    tab(page, "Artifacts")
    for key in ("ingest-summary", "rejected-records", "quality-checks", "freshness", "coverage"):
        expect(page.get_by_text(key, exact=True).first).to_be_visible()
    expect(page.get_by_text("1 record rejected", exact=True)).to_be_visible()


def test_the_summary_of_a_load_is_a_table_with_links_to_the_new_releases(page: Page, story: Story) -> None:
    refused, loaded = history(page, story, "ingest-summary")[-2:]
    page.goto(loaded)
    assert row(page, "releases") == ["releases", "20 (20 new, 0 changed, 0 unchanged)"]
    assert row(page, "without body") == ["without body", "9"]
    link = page.get_by_role("link", name="Kazakh military delegation visits defense department in Baku")
    expect(link).to_have_attribute("href", "https://www.gov.kz/memleket/entities/mod/press/news/details/997786?lang=kk")
    page.goto(refused)
    expect(page.get_by_role("cell", name=re.compile(r"refused\. .*holiday\.jpg\.txt is no digest"))).to_be_visible()


def test_rejected_records_have_a_history_and_name_the_place(page: Page, story: Story) -> None:
    refused, cut_off = history(page, story, "rejected-records")[-2:]
    page.goto(refused)
    assert row(page, "refused")[2] == "holiday.jpg.txt"
    page.goto(cut_off)
    match = row(page, "cut_off")
    assert "The digest ends before the source line of “Serik Zhumangarin opened the exhibition" in match[1]
    assert match[2] == "law-2025-05-21-broken-off.txt"


def test_quality_checks_have_the_failing_one_on_top_and_since_when(page: Page, story: Story) -> None:
    page.goto(history(page, story, "quality-checks")[0])
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("FAILING")
    (result, match, since, check, *_) = rows.nth(1).get_by_role("cell").all_inner_texts()
    assert (check.strip(), result.strip()) == ("silent_source", "FAILING")
    assert since.strip() == f"{story.failing_since.astimezone(ALMATY):%-d %b %Y %H:%M}"
    assert "days, expected at most 2.0 days" in match
    expect(page.get_by_text("1 (silent_source) failing, 1 (missing_bodies) with a warning, 15 passed")).to_be_visible()
    assert row(page, "warned")[3] == "missing_bodies"


def test_coverage_is_a_picture_that_is_there_and_is_described_in_words(page: Page, story: Story) -> None:
    page.goto(history(page, story, "coverage")[-1])
    picture = page.locator("img[src^='data:image/png']")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    # The UI gives its pictures no alternative text; the description beside it is one.
    expect(page.get_by_text("20 releases from 24 April to 21 May 2025, of about 18,326 ids")).to_be_visible()


def test_freshness_does_not_stand_still_while_nothing_comes(page: Page, story: Story) -> None:
    page.goto(history(page, story, "freshness")[0])
    cells = page.get_by_role("row").filter(has=page.get_by_text("Law", exact=True)).get_by_role("cell")
    assert cells.nth(4).inner_text().strip() != "0 hours"


def test_automations_are_there_and_on(page: Page, story: Story) -> None:
    page.goto(story.page("/automations"))
    defined = definitions().values()
    for automation in defined:
        expect(page.get_by_role("link", name=automation["name"], exact=True)).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True).or_(page.get_by_role("switch", checked=True))).to_have_count(
        len(defined)
    )


def test_ctrl_c_stops_it(story: Story) -> None:
    output = story.serving.output
    story.serving.terminal.stop()
    assert story.serving.output.removeprefix(output).startswith("Stopping …\nStopped.\n")
