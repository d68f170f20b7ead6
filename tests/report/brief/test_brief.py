"""The brief of a day: what it tells, by which rules, and that texts cannot act in it."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.desk.digests import MEETING, MEETING_EDITED, SEED, Item, digest
from tests.desk.portal_desk import CODE, one_release
from tests.desk.seeds import edit_seeds
from tests.desk.warehouse import Desk
from warehouse.clock import day_of, midnight, parse_day
from warehouse.database.connection import writing
from warehouse.database.sql import SQL
from warehouse.errors import PressError, UsageError
from warehouse.project import PROJECT
from warehouse.report.brief.edition import NoRelease, read, write
from warehouse.report.brief.gather import QUESTIONS, Brief
from warehouse.report.brief.markdown import markdown
from warehouse.report.brief.page import page
from warehouse.report.brief.quote import abbreviations
from warehouse.report.brief.words import headline
from warehouse.settings import Settings

GOLDEN = PROJECT / "tests" / "golden" / "brief"
SEEDS = PROJECT / "seeds"
LOADED = "2025-05-21T12:00:00Z"
DAY = date(2025, 5, 21)
KNOWN = abbreviations(SEEDS)


def brief_of(desk: Desk, day: date | None = None, *, before: date | None = None) -> Brief:
    return read(desk.settings, day, before=before)


def html_of(desk: Desk, day: date | None = None) -> str:
    return page(brief_of(desk, day), desk.settings.seeds)


def without_charts(html: str) -> str:
    """The page with the label of each chart in its place: how wide a letter is drawn depends on the machine's fonts."""
    return re.sub(r'<svg class="chart".*?aria-label="([^"]*)".*?</svg>', r"[chart: \1]", html, flags=re.DOTALL)


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The seed's digest, loaded."""
    desk = Desk.at(tmp_path_factory.mktemp("seed"))
    desk.load(SEED, as_of=LOADED)
    return desk


@pytest.fixture(scope="module")
def seed_brief(seed: Desk) -> Brief:
    """The brief of its latest day."""
    return brief_of(seed)


@pytest.fixture(scope="module")
def seed_html(seed: Desk, seed_brief: Brief) -> str:
    """The page of that."""
    return page(seed_brief, seed.settings.seeds)


def test_the_page_of_the_seed_is_as_it_was_read_and_approved(seed_html: str) -> None:
    expected = (GOLDEN / "2025-05-21.html").read_text(encoding="utf-8")
    assert without_charts(seed_html) == expected


def test_the_markdown_of_the_seed_is_as_it_was_read_and_approved(seed_brief: Brief) -> None:
    assert markdown(seed_brief) == (GOLDEN / "2025-05-21.md").read_text(encoding="utf-8")


def test_the_same_warehouse_gives_the_same_page(seed: Desk, seed_html: str) -> None:
    assert html_of(seed) == seed_html


def test_without_a_day_it_is_the_latest_with_releases_and_says_so(seed_brief: Brief, seed_html: str) -> None:
    assert (seed_brief.day, seed_brief.is_latest) == (DAY, True)
    assert "This is the latest day with releases. The day with releases before it, 20 May, had 9." in seed_html


def test_a_day_that_is_not_over_is_not_the_latest(seed: Desk) -> None:
    assert brief_of(seed, before=date(2025, 5, 21)).day == date(2025, 5, 20)
    assert brief_of(seed, before=date(2025, 5, 22)).day == DAY
    assert brief_of(seed, before=date(2025, 5, 1)).day == DAY, "better than none"


def test_readers_see_no_folder_of_the_machine(seed: Desk, tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    shutil.copytree(seed.folder, tmp_path, dirs_exist_ok=True)
    desk.corrupt(
        "insert into load_run by name select * replace ("
        "'failed' as status, '/srv/press/data/law.txt cannot be read.' as message) from load_run"
    )
    desk.settings.published.unlink()
    brief = brief_of(desk)
    html = page(brief, desk.settings.seeds)
    assert "A load failed at 2025-05-21 17:00: law.txt cannot be read." in html
    text = markdown(brief, tmp_path / "briefs" / "2025-05-21.html")
    assert "The page is briefs/2025-05-21.html, beside the warehouse." in text


def test_the_headline_says_what_is_in_it(seed_brief: Brief) -> None:
    assert headline(seed_brief) == (
        "Brief of 2025-05-21: 11 releases by 6 publishers; 5 without a body, 1 check warned."
    )


def test_every_release_of_the_day_is_linked_and_those_of_other_days_are_not(seed: Desk, seed_html: str) -> None:
    links = set(re.findall(r'<a href="(https://[^"]*)"', seed_html))
    assert links == {
        url.replace("&", "&amp;")
        for (url,) in seed.ask("select url from fact_release where first_listed_date_key = 20250521")
    }


def test_charts_show_every_publisher_with_its_releases(seed_html: str) -> None:
    chart = re.findall(r'<svg class="chart".*?</svg>', seed_html, flags=re.DOTALL)
    assert len(chart) == 1, "two days are too few for a chart of days"
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", chart[0])
    assert [" ".join(text.split()) for text in texts if text[-1].isdigit()] == [
        "Ministry of Defence 5",
        "Akimat of Kostanay Region 2",
        "Akimat of Akmola Region 1",
        "Akimat of Karaganda Region 1",
        "Ministry of Foreign Affairs 1",
        "Ministry of National Economy 1",
    ]


def test_the_map_has_a_tile_for_every_region_and_no_two_in_one_place(seed_html: str) -> None:
    tiles = (SEEDS / "region_tiles.csv").read_text(encoding="utf-8").split()[1:]
    regions = {line.split(",")[0] for line in (SEEDS / "regions.csv").read_text(encoding="utf-8").splitlines()[1:]}
    assert {tile.split(",")[0] for tile in tiles} == regions
    assert len({tuple(tile.split(",")[1:]) for tile in tiles}) == len(tiles) == 20
    assert seed_html.count('<rect width="64"') == 20


def test_a_map_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path, seed_brief: Brief) -> None:
    seeds = edit_seeds(tmp_path / "seeds", ("region_tiles.csv", "KZ-59,1,4", "KZ-59,1,four"))
    with pytest.raises(UsageError, match=r"region_tiles\.csv cannot be read as a map of regions"):
        page(seed_brief, seeds)


def test_an_empty_warehouse_has_no_latest_day(desk: Desk) -> None:
    with writing(desk.settings, "a test"):
        pass
    with pytest.raises(NoRelease, match="holds no release yet: load a digest first"):
        brief_of(desk)


def test_an_empty_warehouse_has_a_page_for_a_day_that_is_asked_for(desk: Desk) -> None:
    with writing(desk.settings, "a test"):
        pass
    html = html_of(desk, DAY)
    assert "No release counts for this day; the warehouse holds no release of any day." in html
    assert "<svg" not in html
    assert headline(brief_of(desk, DAY)) == "Brief of 2025-05-21: no releases."
    assert "# Brief of Wednesday, 21 May 2025" in markdown(brief_of(desk, DAY))


def test_a_day_without_releases_names_the_days_around_it(desk: Desk) -> None:
    items = [Item("1", listed="20.05.2025"), Item("2", listed="23.05.2025")]
    desk.load(desk.write("a.txt", digest(items[1], items[0])))
    html = html_of(desk, DAY)
    assert (
        "No release counts for this day; the nearest earlier day with releases is Tuesday, 20 May 2025, "
        "and the nearest later one is Friday, 23 May 2025."
    ) in html
    assert "https://www.gov.kz" not in html


def test_a_day_of_kazakhstan_begins_five_hours_before_that_of_greenwich_and_six_until_march_2024() -> None:
    assert midnight(DAY).isoformat() == "2025-05-20T19:00:00"
    assert midnight(date(2023, 5, 21)).isoformat() == "2023-05-20T18:00:00"
    assert day_of(midnight(DAY)) == DAY == day_of(midnight(DAY + timedelta(days=1)) - timedelta(microseconds=1))


def test_a_page_that_no_digest_lists_counts_for_the_day_it_was_published_in_kazakhstan(desk: Desk) -> None:
    desk.load(desk.write("a.txt", digest(Item("1"), Item("2"), Item("3"))), as_of="2025-05-20T19:30:00Z")
    desk.corrupt("update fact_release set first_listed_date_key = null, last_listed_date_key = null")
    desk.corrupt("update fact_release set published_at = '2025-05-21 19:30:00' where release_code = '1'")
    desk.corrupt("update fact_release set published_at = '2025-05-21 18:30:00' where release_code = '2'")
    desk.settings.published.unlink()
    assert brief_of(desk).day == date(2025, 5, 22)
    assert [row["release_code"] for row in brief_of(desk).answers["releases"]] == ["1"]
    of_day = brief_of(desk, DAY)
    assert [row["release_code"] for row in of_day.answers["releases"]] == ["3", "2"]
    assert (
        "1 release stood in no digest and counted by publication on gov.kz and "
        "1 release by the time the warehouse learnt of them."
    ) in page(of_day, SEEDS)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Releases of the 21st, of which two are listed again on the 22nd, one with a sentence more."""
    desk = Desk.at(tmp_path_factory.mktemp("edited"))
    desk.load(desk.write("a.txt", digest(Item("1"), Item("2"))), as_of=LOADED)
    later = [Item("1", MEETING_EDITED, listed="22.05.2025"), Item("2", listed="22.05.2025")]
    desk.load(desk.write("b.txt", digest(*later, Item("3", listed="22.05.2025"))), as_of="2025-05-22T12:00:00Z")
    return desk


def test_an_edit_is_told_on_its_day_with_the_words_and_their_sentence(edited: Desk) -> None:
    brief = brief_of(edited, date(2025, 5, 22))
    (edit,) = brief.answers["edits"]
    assert (edit["release_code"], edit["kind"], edit["version_no"]) == ("1", "wording", 2)
    (change,) = edit["changes"]
    assert change["after"].startswith("A second meeting is planned")
    assert change["quote"].marked.startswith("A second meeting is planned")
    html = page(brief, SEEDS)
    assert '<ins><span class="unseen">put in: </span>A second meeting is planned' in html
    assert "1 edited" in headline(brief)
    assert "the wording changed" in markdown(brief)


def test_an_edit_is_not_told_on_other_days_nor_what_is_listed_again_unchanged(edited: Desk) -> None:
    assert brief_of(edited, DAY).answers["edits"] == []
    assert "No text of the warehouse was edited on this day." in html_of(edited, DAY)
    assert [row["release_code"] for row in brief_of(edited, date(2025, 5, 22)).answers["releases"]] == ["3"]


def test_what_is_more_than_a_brief_shows_is_counted_all_the_same(desk: Desk) -> None:
    codes = [str(number) for number in range(997000, 997120)]
    desk.load(desk.write("a.txt", digest(*(Item(code) for code in codes))), as_of=LOADED)
    edited = [Item(code, MEETING_EDITED, listed="22.05.2025") for code in codes]
    desk.load(desk.write("b.txt", digest(*edited)), as_of="2025-05-22T12:00:00Z")
    brief = brief_of(desk, date(2025, 5, 22))
    assert "120 edited" in headline(brief)
    assert "20 more are not shown here: <code>press edits</code>" in page(brief, SEEDS)
    assert "100 more are on the page." in markdown(brief)


def test_a_page_is_told_gone_on_the_visit_that_proves_it_and_back_on_the_visit_that_finds_it(tmp_path: Path) -> None:
    with one_release(tmp_path) as portal:
        portal.visit("2025-06-01T06:00:00Z", "all")
        portal.portal.vanish(CODE)
        for day in ("05", "18", "20"):
            portal.visit(f"2025-06-{day}T06:00:00Z", "all")
        portal.desk.settings.published.unlink(missing_ok=True)

        def pages_gone(day: int) -> set[tuple[str, str]]:
            vanished = brief_of(portal.desk, date(2025, 6, day)).answers["vanished"]
            return {(row["language"], row["status"]) for row in vanished}

        assert pages_gone(5) == pages_gone(18) == set()
        assert pages_gone(20) == {("Kazakh", "vanished"), ("Russian", "vanished"), ("English", "vanished")}
        assert "3 vanished" in headline(brief_of(portal.desk, date(2025, 6, 20)))
        assert "gone from gov.kz, first missing 2025-06-05 11:00" in html_of(portal.desk, date(2025, 6, 20))


def diary(days: int, *, silent_on_last: bool) -> Iterator[Item]:
    """A publisher of every day, `mod`, and one of every day or of every day but the last, `mfa`; newest first."""
    for number in range(days):
        day = date(2025, 5, 28) - timedelta(days=number)
        yield Item(str(1000 - number * 2), slug="mod", listed=f"{day:%d.%m.%Y}")
        if number or not silent_on_last:
            yield Item(str(999 - number * 2), slug="mfa", listed=f"{day:%d.%m.%Y}")


@pytest.mark.parametrize(
    ("days", "silent_on_last", "expected"),
    [
        (14, True, [("Ministry of Foreign Affairs", 9, 9)]),
        (14, False, []),
        (7, True, []),
    ],
    ids=["usual", "not silent", "too few days to know"],
)
def test_who_usually_publishes_on_such_a_day_and_did_not_is_missed(
    desk: Desk, days: int, *, silent_on_last: bool, expected: list[tuple[str, int, int]]
) -> None:
    desk.load(desk.write("a.txt", digest(*diary(days, silent_on_last=silent_on_last))))
    missed = brief_of(desk).answers["silent_publishers"]
    assert [(row["publisher"], row["days_published"], row["such_days"]) for row in missed] == expected
    html = html_of(desk)
    assert ("that usually publish on such a day and did not</caption>" in html) == bool(expected)
    assert ('<svg class="chart"' in html.split("Releases by publisher")[0]) == (days > 3), "the chart of days"


def test_releases_without_a_body_are_listed_by_publisher(seed_html: str) -> None:
    assert "5 releases have no body" in seed_html
    assert re.search(r"<strong>Ministry of Defence</strong> <a [^>]*>997786</a>, <a [^>]*>997624</a>", seed_html)


def test_publishers_of_whom_there_is_no_earlier_release_are_new_but_on_the_first_day_all_are(
    seed: Desk, seed_brief: Brief
) -> None:
    assert [row["slug"] for row in seed_brief.answers["new_publishers"]] == ["aqmola", "karaganda", "economy"]
    assert "begins on this day, so every publisher is new to it" in html_of(seed, date(2025, 5, 20))


def test_a_publisher_that_no_reference_row_knows_has_its_slug_for_a_name(desk: Desk) -> None:
    desk.load(desk.write("a.txt", digest(Item("1", slug="mod", listed="20.05.2025"))))
    desk.load(desk.write("b.txt", digest(Item("2", slug="something-new"))))
    assert "something-new" in html_of(desk)
    assert "not among the reference rows" in html_of(desk)


def test_rejected_records_and_checks_are_in_the_brief(desk: Desk) -> None:
    bad = "A title of an impossible day 31.02.2025\nSource : https://www.gov.kz/memleket/entities/mod/press/news/details/9\n"
    desk.load(desk.write("a.txt", digest(Item("997859"), Item("997860", slug="something-new")) + "\n" + bad))
    html = html_of(desk)
    assert "impossible date" in html
    assert "a.txt, line" in html
    assert "A publisher or section is listed that no reference row knows." in html
    assert "10 of 11 checks over what came of these digests and releases passed." in html


def test_more_releases_than_are_shown_leave_every_publisher_its_turn(desk: Desk) -> None:
    busy = [Item(str(number), slug="mod") for number in range(1000, 1300)]
    desk.load(desk.write("a.txt", digest(*busy, Item("1", slug="mfa"))))
    html = html_of(desk)
    assert "199 of 300" in html
    assert "/mfa/press/news/details/1?" in html
    assert "101 more are not shown here" in html


def test_what_the_warehouse_does_not_have_is_named_and_not_shown(seed_brief: Brief) -> None:
    assert seed_brief.absent == ["the largest figures announced", "the people named"]
    html = page(seed_brief, SEEDS)
    assert (
        "Not in this warehouse, and so not in this brief: the largest figures announced and the people named." in html
    )
    assert 'id="figures"' not in html


def test_figures_and_people_are_told_with_their_sentence_once_the_warehouse_has_them(desk: Desk) -> None:
    desk.load(
        desk.write("a.txt", digest(Item("1", "Roads were mended. Akim A. Bekov named 1.7 trillion tenge for it.")))
    )
    place = "position({word} in body)::integer - 1 as char_start, char_start + length({word}) as char_end"
    desk.corrupt(
        f"""
        create table dim_unit as select 1::bigint as unit_key, 'tenge' as name_en;
        create table fact_figure as select release_key, content_key, 1::bigint as unit_key, 1.7e12 as value,
            {place.format(word="'1.7 trillion'")} from text_content;
        create table dim_person as select 2::bigint as person_key, 'A. Bekov' as name;
        create table fact_mention as select release_key, content_key, 2::bigint as person_key,
            {place.format(word="'A. Bekov'")} from text_content;
        """
    )
    desk.settings.published.unlink()
    brief = brief_of(desk)
    assert brief.absent == []
    html = page(brief, SEEDS)
    assert ">1,700,000,000,000 tenge</a>" in html
    assert "<p>Akim A. Bekov named <mark>1.7 trillion</mark> tenge for it.</p>" in html
    assert "<p>Akim <mark>A. Bekov</mark> named 1.7 trillion tenge for it.</p>" in html
    assert "“Akim **A. Bekov** named 1.7 trillion tenge for it.”" in markdown(brief)


def test_every_question_is_a_file_and_every_file_a_question() -> None:
    assert {path.stem for path in (SQL / "report" / "brief").glob("*.sql")} == {
        *QUESTIONS,
        "nearest_days",
        "brief_release",
    }


def test_the_command_writes_the_page_beside_the_warehouse_and_says_what_is_in_it(
    seed: Desk, seed_brief: Brief, seed_html: str
) -> None:
    done = seed.press_here("brief")
    path = seed.settings.home / "briefs" / "2025-05-21.html"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{headline(seed_brief)}\nWrote {path}\n"
    assert path.read_text(encoding="utf-8") == seed_html
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_command_takes_a_day_and_a_file(seed: Desk, tmp_path: Path) -> None:
    done = seed.press_here("brief", "--date", "2025-05-20", "--output", tmp_path / "a" / "b.html")
    assert done.returncode == 0
    assert "Tuesday, 20 May 2025" in (tmp_path / "a" / "b.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("yesterday", "write it like 2025-05-21"), ("0001-01-01", "not between 2000 and 2099")],
)
def test_a_date_that_makes_no_sense_is_wrong_usage(day: str, expected: str) -> None:
    with pytest.raises(UsageError, match=expected):
        parse_day(day)


def test_the_command_says_plainly_that_there_is_nothing_to_tell(desk: Desk) -> None:
    assert "holds no release yet" in desk.press_here("brief").stderr
    with writing(desk.settings, "a test"):
        pass
    done = desk.press_here("brief")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("press: The warehouse holds no release yet")


def test_a_page_that_cannot_be_written_is_an_error_and_leaves_nothing(
    seed: Desk, tmp_path: Path, seed_brief: Brief
) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(PressError, match=r"b\.html cannot be written: "):
        write(seed.settings, seed_brief, tmp_path / "a file" / "b.html")
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]


def test_a_brief_changes_nothing_in_the_warehouse(seed: Desk) -> None:
    before = seed.settings.warehouse.read_bytes()
    write(seed.settings, brief_of(seed))
    assert seed.settings.warehouse.read_bytes() == before


def test_a_brief_with_a_body_in_megabytes_reads_no_more_than_it_quotes(desk: Desk) -> None:
    desk.load(desk.write("a.txt", digest(Item("1", MEETING + " слово.слово" * 100_000))))
    brief = brief_of(desk)
    assert len(brief.answers["releases"][0]["excerpt"]) == 900
    assert len(page(brief, Settings().seeds)) < 40_000
