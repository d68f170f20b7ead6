"""Runs at the portal that are killed, and a long one: nothing is asked twice or lost, and memory is bounded."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.desk.digests import Item, digest
from tests.desk.forks import fork_press
from tests.desk.portal_desk import PortalDesk, one_release
from tests.desk.portal_releases import invent_releases
from tests.desk.portal_server import Portal
from warehouse.portal.archive.warc import read
from warehouse.runs.pages import replay
from warehouse.settings import PROJECT

ITEMS = [Item(str(990_000 + number), slug="mfa") for number in range(6)]
PAGES = 3 * len(ITEMS)
SEED = random.randrange(10_000)

MEGABYTES = 200
RELEASES = 2_000


def killed(desk: PortalDesk, requests: int, more_s: float, at: str) -> None:
    """A run in a process of its own, killed so long after so many requests arrived in all; it may have ended before."""
    run = fork_press(desk.environ, "refetch", "--as-of", at)
    while len(desk.portal.log) < requests and run.is_alive():
        time.sleep(0.001)
    time.sleep(more_s)
    run.kill()
    run.join()


def pages_held(desk: PortalDesk) -> set[tuple[str, str | None, str]]:
    """The pages whose answers are in the archive."""
    answered = (attempt for _, _, attempt in read(desk.desk.settings.answers) if attempt.answer.status == 200)
    return {(one.request.route, one.code, one.language) for one in answered}


@pytest.mark.parametrize("trouble", [None, "ticket"])
def test_a_killed_run_asks_for_nothing_twice_that_it_has(tmp_path: Path, trouble: str | None) -> None:
    print(f"random.seed({SEED})")
    chance = random.Random(SEED)
    with one_release(tmp_path, *ITEMS, interval_s=0.01) as desk:
        if trouble:
            desk.portal.misbehave(trouble, route="graphql")
        for number in range(2):
            held = pages_held(desk)
            before = len(desk.portal.log)
            killed(desk, before + chance.randrange(1, 6), chance.uniform(0, 0.03), f"2025-06-01T0{number}:00:00Z")
            again = {(asked.route, asked.code, asked.language) for asked in desk.portal.log[before:]}
            assert not again & held
            assert pages_held(desk) >= held
        held = pages_held(desk)
        before = len(desk.portal.log)
        desk.press_here("refetch", "--as-of", "2025-06-01T05:00:00Z")
        assert not {(asked.route, asked.code, asked.language) for asked in desk.portal.log[before:]} & held
        assert desk.ask("select count(*), max(version_no) from dim_text where origin = 'portal'") == [(PAGES, 1)]
        assert desk.ask("select count(*), count(distinct fetch_key) from fact_fetch where content_key is not null") == [
            (PAGES, PAGES)
        ]
        assert "no problems" in desk.press_here("archive", "verify")
        rows = desk.desk.tables()
        replay(desk.desk.settings)
        assert desk.desk.tables() == rows


def test_a_run_that_is_killed_while_it_loads_is_loaded_by_the_next_without_asking(tmp_path: Path) -> None:
    print(f"random.seed({SEED})")
    chance = random.Random(SEED)
    with one_release(tmp_path, *ITEMS) as desk:
        for number in range(3):
            killed(desk, PAGES + 1, chance.uniform(0, 0.35), f"2025-06-01T0{number}:00:00Z")
        desk.press_here("refetch", "--as-of", "2025-06-01T05:00:00Z")
        assert set(Counter(desk.page_requests()).values()) == {1}
        assert desk.ask("select count(*), max(version_no) from dim_text where origin = 'portal'") == [(PAGES, 1)]
        assert desk.ask("select count(*) from fact_fetch") == [(PAGES,)]
        assert desk.press_here("check").count("failed") == 0
        assert "no problems" in desk.press_here("archive", "verify")


def test_a_visit_that_was_cut_short_is_none_and_goes_on_in_the_next_run(tmp_path: Path) -> None:
    with one_release(tmp_path, ITEMS[0]) as desk:
        desk.portal.vanish(ITEMS[0].code)
        desk.visit("2025-06-01T06:00:00Z", languages=["ru"], kill=True)
        [archive] = desk.desk.settings.answers.glob("*.warc.gz")
        places = [place.offset for place, _, attempt in read(archive.parent) if not attempt.is_aside]
        with archive.open("r+b") as file:
            file.truncate(places[1] + 100)  # as if killed within the second of three answers
        desk.portal.bring_back(ITEMS[0].code)
        desk.visit("2025-06-01T06:00:10Z", languages=["ru"])
        assert desk.ask("select route, outcome, visit_outcome from fact_fetch order by requested_at") == [
            ("graphql", "not_found", None),
            ("graphql", "ok", "ok"),
        ]
        assert desk.ask("select visits, last_outcome from mart_fetch_state") == [(1, "ok")]
        assert len(list(archive.parent.glob("*.torn-1"))) == 1


PEAK = """
from pathlib import Path
from warehouse.cli.main import main
try:
    main()
finally:
    # Not what getrusage says, which begins with the peak of the process that started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(int(status["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_a_run_of_2000_releases_holds_memory_under_200_mb(tmp_path: Path) -> None:
    releases = invent_releases(RELEASES)
    with Portal(releases) as portal:
        desk = PortalDesk.at(tmp_path, portal, interval_s=0.0)
        items = [Item(code, body=None, title=f"Meeting {code}", slug="mfa") for code in releases]
        desk.desk.load(desk.desk.write("many.txt", digest(*items)), as_of="2025-07-20T06:00:00Z")
        done = subprocess.run(
            [sys.executable, "-c", PEAK, "refetch", "--language", "ru", "--as-of", "2025-07-21T06:00:00Z"],
            env=desk.environ,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert f"{RELEASES:,} ok" in done.stdout, done
        assert desk.ask("select count(*) from dim_text where origin = 'portal'") == [(RELEASES,)]
        assert int(done.stdout.split()[-1]) < MEGABYTES
