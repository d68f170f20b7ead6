"""The flow, run against a real Prefect server with a temporary database: what a person finds in its UI."""

import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State

import flows.tasks
from flows.artifacts import MOST_ROWS
from flows.inbox import ingest_inbox
from flows.ingest import ingest
from flows.refetch import NOTHING_YET, refetch
from flows.states import end_idle
from tests.desk.digests import SEED, Item, digest
from tests.desk.portal_releases import seed_releases
from tests.desk.portal_server import Portal
from tests.desk.warehouse import Desk
from warehouse.check import checks
from warehouse.database.sql import SQL
from warehouse.project import PROJECT
from warehouse.runs.load_run import STEPS

EVENTS_WITHIN_S = 5
RECORDED_WITHIN_S = 30
"""Task runs are recorded from events, a moment after they ended."""


@pytest.fixture(autouse=True)
def _settings(prefect_server: None, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - runs need it
    monkeypatch.setenv("PRESS_WAREHOUSE", str(desk.settings.warehouse))


@dataclass
class Ran:
    """A run as the server knows it: the run, and its artifacts by key."""

    run: FlowRun
    artifacts: dict[str, Any]

    @property
    def state(self) -> State[Any]:
        assert self.run.state is not None
        return self.run.state

    def task_runs(self) -> list[tuple[str, str]]:
        """Names and states of its task runs in the order they started."""
        chosen = FlowRunFilter(id=FlowRunFilterId(any_=[self.run.id]))
        deadline = time.monotonic() + RECORDED_WITHIN_S
        with get_client(sync_client=True) as client:
            while True:
                tasks = client.read_task_runs(flow_run_filter=chosen)
                states = [(task.name, task.state) for task in sorted(tasks, key=lambda task: task.expected_start_time)]
                outcomes = [(name, state.name if state else "none") for name, state in states]
                if (states and all(state and state.is_final() for _, state in states)) or time.monotonic() > deadline:
                    return outcomes
                time.sleep(0.1)

    def events(self, name: str) -> list[dict[str, Any]]:
        """Events of that name that it emitted, as soon as the server has them, or none after a while."""
        about = {"any_resource": {"id": [f"prefect.flow-run.{self.run.id}"]}}
        with get_client(sync_client=True) as client:
            ended = time.monotonic() + EVENTS_WITHIN_S
            while True:
                chosen = {"filter": {"event": {"name": [name]}, **about}}
                events: list[dict[str, Any]] = client.request("POST", "/events/filter", json=chosen).json()["events"]
                if events or time.monotonic() > ended:
                    return events
                time.sleep(0.1)

    def table(self, key: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.artifacts[key].data)
        return rows


def run(**parameters: Any) -> Ran:
    """Run the flow and read what the server kept of it."""
    ended = ingest(**parameters, return_state=True)
    flow_run_id = ended.state_details.flow_run_id
    assert flow_run_id is not None
    with get_client(sync_client=True) as client:
        chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]))
        artifacts = {artifact.key: artifact for artifact in client.read_artifacts(artifact_filter=chosen)}
        return Ran(client.read_flow_run(flow_run_id), artifacts)


def test_a_load_is_a_run_that_a_person_recognises(desk: Desk) -> None:
    ran = run(paths=[SEED], as_of="2025-05-21T18:00:00+05:00")
    assert ran.run.name == "2025-05-21 18:00 Almaty · 1 digest"
    assert (ran.state.name, ran.state.message) == (
        "Completed",
        "Loaded 20 releases: 20 new, 0 edited, 0 rejected.",
    )
    assert ran.task_runs() == [(step, "Completed") for step in STEPS if step != "fetch"]
    assert set(ran.artifacts) == {"ingest-summary", "rejected-records", "quality-checks", "freshness", "coverage"}
    assert {artifact.flow_run_id for artifact in ran.artifacts.values()} == {ran.run.id}
    assert "| releases | 20 (20 new, 0 changed, 0 unchanged) |" in ran.artifacts["ingest-summary"].data
    assert f"| loaded | {SEED} |" in ran.artifacts["ingest-summary"].data
    assert ran.table("rejected-records") == [{"reason": "none", "detail": "Nothing was rejected."}]
    link = (
        "[Kazakh military delegation visits defense department in Baku](https://www.gov.kz/memleket/entities/mod/press/"
    )
    assert link in ran.artifacts["ingest-summary"].data
    results = {row["check"]: (row["result"], row["since (Almaty)"]) for row in ran.table("quality-checks")}
    assert (results["bytes_tile"], results["missing_bodies"]) == (
        ("passed", "21 May 2025 18:00"),
        ("warned", "21 May 2025 18:00"),
    )
    assert ran.table("freshness") == [
        {
            "source": "digests",
            "name": "Law",
            "last heard of": "21 May 2025, 18:00 Almaty time",
            "age": "0 hours",
            "times": 1,
            "usually every": "not known yet",
            "result": "not known yet",
        }
    ]
    assert ran.artifacts["coverage"].type == "image"
    assert ran.artifacts["coverage"].data.startswith("data:image/png;base64,iVBORw0KGgo")
    assert ran.artifacts["coverage"].description.startswith("20 releases from 24 April to 21 May 2025, of about")
    assert ran.run.tags == ["loaded"]
    (written,) = desk.runs()
    assert (written["flow_run_id"], written["status"]) == (str(ran.run.id), "loaded")
    assert desk.settings.published.exists()


def test_what_is_known_already_is_a_completed_run_without_a_change(desk: Desk) -> None:
    desk.load(SEED, as_of="2025-06-01T01:00:00Z")
    ran = run(paths=[SEED.parent], as_of="2025-06-01T09:00:00Z")
    assert (ran.state.name, ran.state.message) == ("Completed", "No change since 06:00 Almaty time.")
    assert set(ran.artifacts) == {"ingest-summary", "quality-checks"}
    assert {row["result"] for row in ran.table("quality-checks")} == {"passed", "warned"}
    assert ran.run.tags == ["unchanged"]


def test_what_is_odd_is_a_completed_run_that_warns_and_an_event_that_automations_wait_for(desk: Desk) -> None:
    desk.load(SEED, as_of="2025-06-01T01:00:00Z")
    ran = run(paths=[SEED], as_of="2025-06-04T01:00:00Z")
    assert ran.state.name == "Completed"
    assert (ran.state.message or "").startswith("Warning: A source has delivered nothing for longer than it ever takes")
    assert ran.run.tags == ["warning"]
    first = ran.table("quality-checks")[0]
    assert (first["check"], first["result"], first["since (Almaty)"]) == (
        "silent_source",
        "FAILING",
        "4 Jun 2025 06:00",
    )
    (event,) = ran.events("press.quality.failing")
    assert event["resource"]["prefect.resource.id"] == "press.check.silent_source"
    assert event["resource"]["press.since"] == "2025-06-04 01:00:00.000000 UTC"
    ended = run(paths=[desk.write("new.txt", digest(Item("1")))], as_of="2025-06-04T02:00:00Z")
    (event,) = ended.events("press.quality.recovered")
    assert event["resource"]["press.since"] == "2025-06-04 02:00:00.000000 UTC"


def test_a_load_that_is_not_to_be_trusted_is_a_failed_run(desk: Desk) -> None:
    strange = "\n".join(f"Roads {n} were built 21.05.2025\nSource : https://example.com/{n}\n" for n in range(9))
    ran = run(paths=[desk.write("strange.txt", digest(Item("1")) + "\n" + strange)])
    assert ran.state.name == "Failed"
    assert (ran.state.message or "").startswith("Not to be trusted: More of what was delivered was rejected than usual")
    assert (ran.state.message or "").endswith("Loaded 1 release: 1 new, 0 edited, 9 rejected.")
    assert desk.ask("select count(*) from fact_release") == [(1,)]


def test_a_run_for_which_nothing_had_arrived_notices_that_too(desk: Desk) -> None:
    @flow
    def idle(as_of: str) -> State[Any]:
        return end_idle("No new file.", desk.settings, as_of)

    assert idle("2025-06-01T01:00:00Z", return_state=True).message == "No new file."
    desk.load(SEED, as_of="2025-06-01T01:00:00Z")
    well = idle("2025-06-01T05:00:00Z", return_state=True)
    assert (well.name, well.message) == ("Completed", "No change since 06:00 Almaty time. No new file.")
    silent = idle("2025-06-04T05:00:00Z", return_state=True)
    assert (silent.name, (silent.message or "")[:32]) == ("Completed", "Warning: A source has delivered ")


def test_a_failed_check_fails_the_run_with_the_reason_and_changes_nothing(seeded: Desk) -> None:
    desk = seeded
    desk.corrupt("update fact_release set listing_count = 7 where release_code = '997859'")
    before = desk.tables()
    ran = run(paths=[desk.write("new.txt", digest(Item("1")))], as_of="2025-06-01T07:00:00Z")
    assert ran.state.name == "Failed"
    assert (ran.state.message or "").startswith("counts_agree: Counts of listings, rejects or versions disagree")
    assert ran.task_runs() == [
        ("read", "Completed"),
        ("parse", "Completed"),
        ("normalise", "Completed"),
        ("load", "Completed"),
        ("check", "Failed"),
    ]
    failed = [row for row in ran.table("quality-checks") if row["result"] == "FAILING"]
    assert [row["check"] for row in failed] == ["counts_agree"]
    assert "expected 27, found 21" in failed[0]["found"]
    assert desk.tables() == before
    assert desk.runs()[-1]["flow_run_id"] == str(ran.run.id)


def test_a_refused_file_fails_the_run_with_the_reason_and_the_good_ones_are_loaded(desk: Desk) -> None:
    good = desk.write("good.txt", digest(Item("1"), Item("2")))
    ran = run(paths=[good, desk.write("bad.txt", "Nothing of the kind.\n"), desk.folder / "missing.txt"])
    assert ran.run.name.endswith(" · 3 digests")
    assert ran.state.name == "Failed"
    # The Prefect UI shows how a message begins: that has the cause, and a name rather than a long path.
    assert (ran.state.message or "").startswith("Refused 2 files: missing.txt does not exist. bad.txt is no digest")
    assert (ran.state.message or "").endswith("Loaded 2 releases: 2 new, 0 edited, 0 rejected.")
    assert re.search(r"\| refused\. .*missing\.txt \|", ran.artifacts["ingest-summary"].data)
    assert desk.ask("select count(*) from fact_release") == [(2,)]


def test_whatever_comes_an_artifact_and_a_message_are_for_a_person_to_read(desk: Desk) -> None:
    long = "Roads " * 50_000
    titles = digest(Item("1", title=long), Item("2", title=long, slug="a" * 400), section=long)
    sections = "\n".join(digest(Item(str(number)), section=f"Section {number}") for number in range(10, 310))
    cut_off = "\n".join(
        f"{long[:9000]} {n} 21.05.2025\nSource : https://example.com/{long[:5000]}{n}\n" for n in range(300)
    )
    paths = [desk.write(f"{number}.txt", digest(Item(str(number)))) for number in range(400, 560)]
    ran = run(paths=[desk.write("long.txt", f"{titles}\n{sections}\n{cut_off}"), *paths, desk.folder / ("b" * 200)])
    sizes = {key: len(json.dumps(artifact.data)) for key, artifact in ran.artifacts.items() if key != "coverage"}
    assert max(sizes.values()) < 100_000, sizes
    assert max(len(artifact.description or "") for artifact in ran.artifacts.values()) < 2_000
    assert len(ran.state.message or "") < 2_000
    assert all(len(table) <= MOST_ROWS for table in map(ran.table, ("rejected-records", "freshness", "quality-checks")))
    assert ran.artifacts["rejected-records"].description == "303 records rejected, 1 file refused; 204 more not shown"
    assert "112 more digests not shown." in ran.artifacts["ingest-summary"].data
    assert re.search(r"\d+ more not shown\.", ran.artifacts["ingest-summary"].data)
    assert "more characters)" in ran.artifacts["ingest-summary"].data


HOSTILE = "\x1b[31m<script>alert(1)</script> [link](javascript:alert(1)) ![i](http://x) | **b** `c` \u202egnp"
ESCAPED = r"�\[31m\<script\>alert(1)\</script\> \[link\](javascript:alert(1)) !\[i\](http://x) \| \*\*b\*\* \`c\` �gnp"


def test_rejects_are_a_table_in_which_text_from_files_and_names_of_files_cannot_act(desk: Desk) -> None:
    name = HOSTILE.replace("/", "")
    ran = run(
        paths=[
            desk.write(name, digest(Item("1")) + f"\n{HOSTILE} 21.05.2025\nAnd the rest"),
            desk.folder / f"no {name}",
        ]
    )
    assert ran.artifacts["rejected-records"].description == "1 record rejected, 1 file refused"
    refused, row = ran.table("rejected-records")
    assert (refused["reason"], refused["digest"]) == ("refused", f"no {ESCAPED.replace('/', '')}")
    assert (row["reason"], row["line"], row["digest"]) == ("cut_off", 6, ESCAPED.replace("/", ""))
    assert ESCAPED in row["detail"]
    assert row["path"].endswith(ESCAPED.replace("/", ""))
    summary = ran.artifacts["ingest-summary"].data
    assert summary.count(ESCAPED.replace("/", "")) >= 2  # the digest that was loaded, and the one that is missing
    assert all(line.isprintable() for line in summary.splitlines())
    assert "\x1b" not in (ran.state.message or "")


@pytest.fixture
def other_writer(desk: Desk) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the writer's lock until its standard input is closed."""
    code = """
import sys
from pathlib import Path
from warehouse import Settings
from warehouse.database.connection import only_writer
with only_writer(Settings(warehouse=Path(sys.argv[1])), "the nightly load"):
    print("held", flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(desk.settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_a_run_that_finds_another_writer_says_who_it_is(
    desk: Desk, other_writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.tasks, "read", flows.tasks.read.with_options(retries=1, retry_delay_seconds=0))
    ran = run(paths=[SEED])
    assert ran.state.name == "Failed"
    assert f"is being written by process {other_writer.pid} on " in (ran.state.message or "")
    assert "(the nightly load)" in (ran.state.message or "")
    assert ran.task_runs() == [("read", "Failed")]
    assert not desk.settings.warehouse.exists()


def test_a_run_waits_for_another_writer_to_end(
    other_writer: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.tasks, "read", flows.tasks.read.with_options(retry_delay_seconds=1))
    assert other_writer.stdin is not None
    leaves = threading.Timer(0.5, other_writer.stdin.close)
    leaves.start()
    assert run(paths=[SEED]).state.name == "Completed"
    leaves.join()


def test_only_waiting_is_retried() -> None:
    tasks = (flows.tasks.read, flows.tasks.parse, flows.tasks.normalise)
    tasks += (flows.tasks.load, flows.tasks.check, flows.tasks.publish)
    assert {task.name: task.retries for task in tasks} == {
        "read": 5,  # while another process writes
        "parse": 0,
        "normalise": 0,
        "load": 0,
        "check": 0,
        "publish": 2,  # while the disk is full or the copy is held
    }


def test_an_inbox_that_never_delivers_is_noticed(desk: Desk) -> None:
    first = ingest_inbox(as_of="2025-06-01T06:00:00Z", return_state=True)
    assert (first.name, first.message) == ("Completed", "No new file; none has come yet.")
    assert [run["status"] for run in desk.runs()] == ["unchanged"]
    later = ingest_inbox(as_of="2025-06-03T12:00:00Z", return_state=True)
    assert (later.message or "").startswith("Warning: A source has delivered nothing for longer than it ever takes")
    assert len(desk.runs()) == 1


def test_refused_files_are_a_warning_of_later_runs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESS_INBOX_SETTLE_S", "0.1")
    desk.settings.inbox.mkdir(parents=True)
    (desk.settings.inbox / "picture.txt").write_bytes(b"\xff\xd8 no digest")
    assert ingest_inbox(return_state=True).name == "Failed"
    later = ingest_inbox(return_state=True)
    assert later.name == "Completed"
    assert (later.message or "").startswith("Warning: 1 refused file waits in ")


def test_a_digest_at_fault_leaves_the_inbox_with_its_reason_and_the_others_are_loaded(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SQL / "checks", tmp_path / "sql" / "checks")
    monkeypatch.setattr(checks, "SQL", tmp_path / "sql")
    poison = "-- fail: A title is poison.\nselect title from fact_listing where title like 'Poison%'\n"
    (tmp_path / "sql" / "checks" / "poison.sql").write_text(poison)
    monkeypatch.setenv("PRESS_INBOX_SETTLE_S", "0")
    inbox = desk.settings.inbox
    inbox.mkdir(parents=True)
    for name, title in {"a.txt": "Roads", "b.txt": "Poison", "c.txt": "Bridges"}.items():
        (inbox / name).write_text(digest(Item(str(ord(name[0])), title=title)))
    ended = ingest_inbox(return_state=True)
    assert ended.name == "Failed"
    assert (ended.message or "").startswith(
        "Refused 1 file: b.txt cannot be loaded: poison: A title is poison. (1 row,"
    )
    assert (ended.message or "").endswith("Loaded 2 releases: 2 new, 0 edited, 0 rejected.")
    moved = {str(path.relative_to(inbox)) for path in inbox.rglob("*.*")}
    assert moved == {"done/a.txt", "done/c.txt", "refused/b.txt", "refused/b.txt.reason"}
    assert desk.ask("select release_code from fact_release order by all") == [("97",), ("99",)]
    assert [run["status"] for run in desk.runs()] == ["loaded"]


def test_the_inbox_tells_of_what_is_still_arriving_and_of_what_cannot_be_moved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESS_INBOX_SETTLE_S", "0.1")
    inbox = desk.settings.inbox
    inbox.mkdir(parents=True)
    (inbox / "law.txt").write_bytes(SEED.read_bytes())
    (inbox / "done").symlink_to(inbox / "nowhere")
    ended = ingest_inbox(return_state=True)
    assert ended.name == "Failed"
    assert "20 new" in (ended.message or ""), "the message has the load, too"
    assert "is in the warehouse, but cannot be moved" in (ended.message or "")
    (inbox / "done").unlink()
    with (inbox / "next.txt").open("w"):
        ended = ingest_inbox(return_state=True)
    assert (ended.name, str(ended.message)[-26:]) == ("Completed", " 1 file is still arriving.")
    assert (inbox / "done" / "law.txt").exists()


def test_refetch_fetches_the_pages_of_what_was_loaded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with Portal(seed_releases()) as portal:
        monkeypatch.setenv("PRESS_PORTAL_URL", portal.url)
        monkeypatch.setenv("PRESS_PORTAL_INTERVAL_S", "0.001")
        ran = run(paths=[SEED], refetch=True)
    assert ran.state.name == "Completed"
    assert desk.ask("select count(*), count(*) filter (has_body), count(published_at) from fact_release") == [(20,) * 3]
    origins = "select origin, count(*), count(distinct language_key) from dim_text group by all order by all"
    assert desk.ask(origins) == [("digest", 20, 1), ("portal", 60, 3)]


def test_refetch_warns_where_the_portal_lets_no_page_be_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with Portal(seed_releases()) as portal:
        portal.misbehave("ticket")
        monkeypatch.setenv("PRESS_PORTAL_URL", portal.url)
        monkeypatch.setenv("PRESS_PORTAL_INTERVAL_S", "0.001")
        ran = run(paths=[SEED], refetch=True)
    assert ran.state.name == "Completed"
    assert "20 new" in (ran.state.message or "")
    assert "refused" in (ran.state.message or "")
    assert desk.ask("select count(*), count(*) filter (has_body) from fact_release") == [(20, 11)]


def test_refetch_before_anything_is_loaded_has_nothing_to_ask_for(desk: Desk) -> None:
    ended = refetch(return_state=True)
    assert (ended.name, ended.message) == ("Completed", NOTHING_YET)
    assert not desk.settings.warehouse.exists()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"paths": []}, "at least 1 item"),
        ({"paths": [str(SEED)], "as_of": "yesterday"}, "valid datetime"),
    ],
)
def test_parameters_that_make_no_sense_fail_the_run(desk: Desk, parameters: dict[str, Any], reason: str) -> None:
    ran = run(**parameters)
    assert ran.state.name == "Failed"
    assert reason in (ran.state.message or "")
    assert not desk.settings.warehouse.exists()
