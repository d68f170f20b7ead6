"""Observations: what is wrong though every check passes, and since when; learnt from the warehouse's own past."""

import csv
import shutil
import statistics
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.digests import SEED, Item, digest
from tests.desk.portal_releases import seed_releases
from tests.desk.portal_server import Portal
from tests.desk.seeds import edit_seeds
from tests.desk.warehouse import Desk
from warehouse.check.observations import limits_of, usual_values
from warehouse.check.thresholds import THRESHOLDS, Threshold, load_thresholds
from warehouse.clock import clock_time, utc
from warehouse.database.sql import SQL
from warehouse.errors import CheckFailed, UsageError
from warehouse.project import PROJECT
from warehouse.report.summary import headline, idle_headline
from warehouse.runs.load_run import LoadRun
from warehouse.runs.rebuild import rebuild
from warehouse.runs.refetch import refetch
from warehouse.runs.watch import watch_idle
from warehouse.settings import PortalSettings

BEGUN = utc("2025-06-02T01:00Z")
DAYS = 12
SHIPPED = {one.name: one for one in load_thresholds(PROJECT / "seeds" / THRESHOLDS)}


def day(number: float) -> str:
    """A moment so many days after the warehouse began."""
    return f"{(BEGUN + timedelta(days=number)).isoformat()}Z"


def daily(number: int, items: int = 8, *, bodies: int = 6) -> str:
    """The digest of a day, with texts of its own; the first `bodies` items have one."""
    return digest(
        *(
            Item(
                str(990_000 + 100 * number + place),
                body=f"The ministry held meeting {number}-{place} on the state of the roads."
                if place < bodies
                else None,
                title=f"Roads of district {number}-{place} were discussed",
            )
            for place in range(items)
        )
    )


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A warehouse that a digest a day went into."""
    desk = Desk.at(tmp_path_factory.mktemp("past"))
    for number in range(DAYS):
        desk.load(desk.write(f"day-{number}.txt", daily(number)), as_of=day(number))
    return desk


@pytest.fixture
def desk(past: Desk, tmp_path: Path) -> Desk:
    """A copy of it that a test may go on with."""
    shutil.copytree(past.folder, tmp_path, dirs_exist_ok=True)
    return Desk.at(tmp_path)


def failing(report: LoadRun) -> dict[str, str]:
    return {state.name: state.detail for state in report.states if state.outcome == "failing"}


def test_a_day_like_others_has_nothing_to_warn_of(desk: Desk) -> None:
    report = desk.load(desk.write("next.txt", daily(50)), as_of=day(DAYS))
    assert failing(report) == {}
    assert {state.name for state in report.states} == {
        path.stem for folder in ("checks", "observations") for path in (SQL / folder).glob("*.sql")
    }
    assert headline(report).sentence == "Loaded 8 releases: 8 new, 0 edited, 0 rejected."


def test_a_first_load_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    assert failing(Desk.at(tmp_path).load(SEED)) == {}


def test_a_source_that_delivers_nothing_for_two_days_warns_until_it_delivers(desk: Desk) -> None:
    known = desk.folder / "day-0.txt"
    assert failing(desk.load(known, as_of=day(DAYS + 0.9))) == {}
    report = desk.load(known, as_of=day(DAYS + 1.5))
    assert failing(report) == {
        "silent_source": "(all digests): 2.5 days, expected at most 2.0 days, as learnt from 11; "
        "Law: 2.5 days, expected at most 2.0 days, as learnt from 11"
    }
    line = headline(report)
    assert line.is_warning
    assert not line.is_lost
    assert line.sentence.startswith("Warning: A source has delivered nothing for longer than it ever takes: (all")
    assert line.sentence.endswith("No change since 13 June 2025, 06:00 Almaty time.")
    again = desk.load(known, as_of=day(DAYS + 5))
    (state,) = (state for state in again.states if state.outcome == "failing")
    assert state.since == BEGUN + timedelta(days=DAYS + 1.5)
    ended = desk.load(desk.write("next.txt", daily(50)), as_of=day(DAYS + 6))
    (state,) = (state for state in ended.states if state.name == "silent_source")
    assert (state.outcome, state.was_failing) == ("passed", True)
    assert state.since == BEGUN + timedelta(days=DAYS + 6)


def test_a_run_into_which_nothing_came_notices_the_silence_too(desk: Desk) -> None:
    settings = desk.settings
    report = LoadRun("idle", BEGUN + timedelta(days=DAYS + 2), settings.warehouse, settings.published)
    watch_idle(settings, report)
    assert "silent_source" in failing(report)
    assert idle_headline("No new file.", report).sentence.startswith("Warning: A source has delivered nothing")
    failing_names = "select check_name from mart_check_state where outcome = 'failing'"
    with duckdb.connect(settings.published, read_only=True) as published:
        assert ("silent_source",) in published.execute(failing_names).fetchall(), (
            "who reads the published copy knows too"
        )
    before = settings.published.stat().st_mtime_ns
    watch_idle(settings, report)
    assert settings.published.stat().st_mtime_ns == before
    # While it lasts, they know each day how it stands.
    watch_idle(settings, LoadRun("idle", BEGUN + timedelta(days=DAYS + 4), settings.warehouse, settings.published))
    now = "select detail, since, looked_at from mart_check_state where check_name = 'silent_source'"
    with duckdb.connect(settings.published, read_only=True) as published:
        (detail, since, looked_at) = published.execute(now).fetchall()[0]
    assert detail.startswith("(all digests): 5.0 days, expected")
    assert (since, looked_at) == (report.as_of, BEGUN + timedelta(days=DAYS + 4))


def test_a_source_that_comes_weekly_is_not_late_after_two_days(tmp_path: Path) -> None:
    weekly = Desk.at(tmp_path)
    for number in range(DAYS):
        weekly.load(weekly.write(f"week-{number}.txt", daily(number, 1, bodies=1)), as_of=day(7 * number))
    last = 7 * (DAYS - 1)
    assert failing(weekly.load(weekly.folder / "week-0.txt", as_of=day(last + 6))) == {}
    late = failing(weekly.load(weekly.folder / "week-0.txt", as_of=day(last + 11)))
    assert "expected at most 10.5 days, as learnt from 11" in late["silent_source"]


def test_a_share_of_missing_bodies_that_jumps_is_a_warning(desk: Desk) -> None:
    report = desk.load(desk.write("bare.txt", daily(50, bodies=1)), as_of=day(DAYS))
    assert failing(report)["missing_bodies_jump"] == (
        "releases without a body: 88 %, expected at most 45 %, as learnt from 12"
    )
    line = headline(report)
    assert line.sentence.startswith("Warning: The share of listed releases without a body")
    assert not line.is_lost


@pytest.mark.parametrize(("items", "side"), [(1, "least"), (120, "most")])
def test_a_file_that_is_unusually_small_or_large_is_a_warning(desk: Desk, items: int, side: str) -> None:
    report = desk.load(desk.write("odd.txt", daily(500, items, bodies=items)), as_of=day(DAYS))
    assert set(failing(report)) == {"odd_file_size"}
    assert f"expected at {side}" in failing(report)["odd_file_size"]
    assert "odd.txt: " in failing(report)["odd_file_size"]


def test_a_digest_of_which_most_is_rejected_is_not_to_be_trusted(desk: Desk) -> None:
    strange = "\n".join(f"Roads of district {n} 21.05.2025\nSource : https://example.com/{n}\n" for n in range(9))
    report = desk.load(desk.write("strange.txt", daily(50, 1) + "\n" + strange), as_of=day(DAYS))
    assert "rejected records: 90 %" in failing(report)["rejected_share"]
    line = headline(report)
    assert line.is_lost
    assert line.sentence.startswith("Not to be trusted: More of what was delivered was rejected than usual")
    # The run that comes after it is not to blame, but warns as long as that load is the last one.
    after = headline(desk.load(desk.folder / "day-0.txt", as_of=day(DAYS + 0.1)))
    assert (after.is_lost, after.is_warning) == (False, True)


def test_pages_that_are_all_refused_warn_and_are_no_matter_of_digests(desk: Desk) -> None:
    desk.load(SEED, as_of=day(DAYS))
    with Portal(seed_releases()) as portal:
        portal.misbehave("ticket")
        settings = desk.settings.model_copy(update={"portal": PortalSettings(url=portal.url, interval_s=0.001)})
        run = refetch(settings, as_of=day(DAYS + 0.1))
    assert "pages that could not be seen: 100 %, expected at most" in failing(run)["refused_pages"]
    line = headline(run)
    assert (line.is_warning, line.is_lost) == (True, False)
    report = desk.load(desk.write("next.txt", daily(50)), as_of=day(DAYS + 0.2))
    assert "refused_pages" in failing(report)
    assert not headline(report).is_warning


def test_a_check_that_undid_a_load_fails_until_a_run_finds_the_warehouse_sound(desk: Desk) -> None:
    desk.corrupt("update fact_release set listing_count = 7 where release_code = '990000'")
    with pytest.raises(CheckFailed):
        desk.load(desk.write("next.txt", daily(50)), as_of=day(DAYS))
    assert desk.ask("select outcome from mart_check_state where check_name = 'counts_agree'") == [("failing",)]
    assert "counts_agree" in failing(desk.load(desk.folder / "day-0.txt", as_of=day(DAYS + 0.1)))
    desk.corrupt("update fact_release set listing_count = 1 where release_code = '990000'")
    assert failing(desk.load(desk.folder / "day-0.txt", as_of=day(DAYS + 0.2))) == {}


def test_only_what_changes_is_written_down(desk: Desk) -> None:
    before = desk.ask("select count(*) from check_outcome")
    for hours in range(3):
        desk.load(desk.folder / "day-0.txt", as_of=day(DAYS - 0.9 + hours / 24))
    assert desk.ask("select count(*) from check_outcome") == before


def test_a_check_says_what_is_so_now_and_since_when(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    desk.load(desk.write("bare.txt", daily(0, 7, bodies=0)), as_of=day(0))
    report = desk.load(desk.write("better.txt", daily(1, 6, bodies=5)), as_of=day(2))
    (state,) = (state for state in report.states if state.name == "missing_bodies")
    assert (state.outcome, state.offending, state.since) == ("warned", 1, BEGUN)
    assert state.detail == "Ministry of Transport: 8 of 13 releases"
    published = "select outcome, detail, since, looked_at from mart_check_state where check_name = 'missing_bodies'"
    assert desk.ask(published) == [("warned", state.detail, BEGUN, BEGUN + timedelta(days=2))]


def test_a_clock_that_goes_back_hides_no_change(desk: Desk) -> None:
    known = desk.folder / "day-0.txt"
    assert "silent_source" in failing(desk.load(known, as_of=day(400)))
    assert failing(desk.load(known, as_of=day(DAYS))) == {}
    assert failing(desk.load(desk.write("next.txt", daily(50)), as_of=day(DAYS + 0.5))) == {}
    state = "select outcome, outcome_before from mart_check_state where check_name = 'silent_source'"
    assert desk.ask(state) == [("passed", "failing")]


def test_the_history_of_checks_survives_a_rebuild(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    for number in range(2):
        desk.load(desk.write(f"day-{number}.txt", daily(number)), as_of=day(number))
    assert "silent_source" in failing(desk.load(desk.folder / "day-0.txt", as_of=day(5)))
    history = "select * from check_outcome order by all"
    before = desk.ask(history)
    assert rebuild(desk.settings, lambda step, done, total: None) == 2
    assert desk.ask(history) == before
    desk.corrupt("drop table check_outcome cascade")
    assert rebuild(desk.settings, lambda step, done, total: None) == 2
    assert (desk.ask(history), len(desk.runs())) == ([], 3)


def test_thresholds_are_data(desk: Desk) -> None:
    seeds = edit_seeds(desk.folder / "seeds", (THRESHOLDS, "silent_source,digests,hours,10,,48,,,gaps,10,1.5,48", ""))
    other = replace(desk, settings=desk.settings.model_copy(update={"seeds": seeds}))
    with pytest.raises(UsageError, match=r"quality_thresholds\.csv"):
        other.load(desk.folder / "day-0.txt", as_of=day(DAYS + 3))
    text = (PROJECT / "seeds" / THRESHOLDS).read_text(encoding="utf-8")
    (seeds / THRESHOLDS).write_text("".join(text.splitlines(keepends=True)[:1]), encoding="utf-8")
    assert failing(other.load(desk.folder / "day-0.txt", as_of=day(DAYS + 3))) == {}


def test_every_threshold_says_why() -> None:
    with (PROJECT / "seeds" / THRESHOLDS).open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file) if len(row["note"]) < 20] == []
    assert set(SHIPPED) == {path.stem for path in (SQL / "observations").glob("*.sql")}


@pytest.mark.parametrize("threshold", SHIPPED.values(), ids=SHIPPED)
def test_before_there_is_a_past_the_threshold_s_own_limits_hold(threshold: Threshold) -> None:
    limits = limits_of(threshold, [1.0] * (int(threshold.history) - 1))
    assert (limits.low, limits.high, limits.sample) == (threshold.low, threshold.high, 0)


@given(st.lists(st.floats(0, 1), min_size=10, max_size=60))
def test_what_is_usual_is_never_odd_unless_trust_was_lost(past: list[float]) -> None:
    bodies, rejected = SHIPPED["missing_bodies_jump"], SHIPPED["rejected_share"]
    middle = statistics.median(past[-30:])
    assert limits_of(bodies, past).hold(middle)
    assert limits_of(rejected, past).hold(middle) == (middle < (rejected.fail_from or 0))


@given(st.lists(st.floats(1, 1e9), min_size=10, max_size=60), st.floats(1, 1e6))
def test_sizes_are_judged_by_their_proportions(past: list[float], factor: float) -> None:
    sizes = SHIPPED["odd_file_size"]
    plain, scaled = limits_of(sizes, past), limits_of(sizes, [value * factor for value in past])
    assert plain.low is not None
    assert plain.high is not None
    assert scaled.low == pytest.approx(plain.low * factor)
    assert scaled.high == pytest.approx(plain.high * factor)


def test_moments_are_worded_as_clocks_in_kazakhstan_show_them() -> None:
    assert clock_time(utc("2025-06-01T01:00Z"), utc("2025-06-01T18:00Z")) == "06:00 Almaty time"
    assert clock_time(utc("2025-06-01T01:00Z"), utc("2025-06-01T20:00Z")) == "1 June 2025, 06:00 Almaty time"


def test_what_was_odd_is_not_learnt_from_until_that_is_how_things_are() -> None:
    bodies, gaps = SHIPPED["missing_bodies_jump"], SHIPPED["silent_source"]
    normal, bare = [0.45, 0.5, 0.4] * 4, [0.9] * 29
    assert not limits_of(bodies, usual_values(bodies, [*normal, *bare])).hold(0.9)
    assert limits_of(bodies, usual_values(bodies, [*normal, *bare, 0.9])).hold(0.9)
    daily, outage = [24.0] * 10, 120.0
    assert limits_of(gaps, usual_values(gaps, [*daily, outage, *daily[:3]])).high == 48
    assert usual_values(gaps, [outage]) == [outage], "until there is a history all is learnt from"


def test_a_clock_that_was_ahead_blinds_nothing_afterwards(desk: Desk) -> None:
    desk.load(desk.write("ahead.txt", daily(50)), as_of=day(365))
    strange = "\n".join(f"Roads of district {n} 21.05.2025\nSource : https://example.com/{n}\n" for n in range(9))
    report = desk.load(desk.write("strange.txt", daily(51, 1) + "\n" + strange), as_of=day(DAYS))
    assert "rejected records: 90 %" in failing(report)["rejected_share"]


def test_a_warning_that_a_load_did_not_look_at_stays(desk: Desk) -> None:
    bare = [Item(str(997000 + n), body=None, slug="mod") for n in range(6)]
    warned = desk.load(desk.write("bare.txt", digest(*bare)), as_of=day(DAYS))
    assert {state.name: state.outcome for state in warned.states}["missing_bodies"] == "warned"
    other = desk.load(desk.write("other.txt", digest(Item("998999"))), as_of=day(DAYS + 0.1))
    assert {state.name: state.outcome for state in other.states}["missing_bodies"] == "warned"
