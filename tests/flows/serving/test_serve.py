"""Serving, on real servers: what starts, what stops, and what is picked up again."""

import os
import re
import signal
import socket
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from flows.serving import server
from flows.serving.serve import only_one
from flows.serving.settle import end_orphans
from tests.desk.digests import SEED
from tests.desk.ports import free_port
from tests.desk.serving import Serving, until
from tests.desk.warehouse import Desk
from warehouse.errors import UsageError
from warehouse.settings import ServerSettings, Settings, load_settings

SECRET = "press:hunter2-hunter2"
UNDER_WAY = ["PENDING", "RUNNING", "CANCELLING"]
PAUSED = {"discover", "brief"}
"""Deployments that are paused between the two starts, so that no run of theirs is missed."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.at(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def first(desk: Desk) -> Iterator[Serving]:
    """The first start, with a password, where a run that finds a new file takes a minute."""
    serving = Serving(desk, free_port(), SECRET, {"PRESS_INBOX_SETTLE_S": "60"}).start()
    yield serving
    serving.kill()


@pytest.fixture(scope="module")
def second(desk: Desk, first: Serving) -> Iterator[Serving]:
    """The start after it, weeks later as it seems, without a password."""
    assert first.process.returncode == 0
    miss_days(first.home)
    serving = Serving(desk, first.port).start()
    yield serving
    serving.kill()


def miss_days(home: Path) -> None:
    """Let all runs that are scheduled be long due, as if the machine had been away."""
    with sqlite3.connect(home / "prefect.db") as con:
        rows = con.execute(
            "select id, state_id, next_scheduled_start_time from flow_run where state_type = 'SCHEDULED'"
        )
        for run, state, due in rows.fetchall():
            moved = str(datetime.fromisoformat(due) - timedelta(days=40))
            con.execute(
                "update flow_run set next_scheduled_start_time = ?, expected_start_time = ? where id = ?",
                (moved, moved, run),
            )
            con.execute(
                "update flow_run_state set state_details = json_set(state_details, '$.scheduled_time', ?) where id = ?",
                (f"{moved.replace(' ', 'T')}Z", state),
            )
        # A run of long ago, for `maintain` to remove.
        con.execute("update flow_run set end_time = '2025-01-01 00:00:00' where state_type = 'CRASHED'")
    con.close()


def arriving(serving: Serving, desk: Desk) -> str:
    """A run that waits for a new digest in the inbox to be whole, for it has just been written."""
    (desk.settings.inbox / "law.txt").write_bytes(SEED.read_bytes())
    run = serving.run("ingest-inbox")
    until(lambda: serving.state(run)[0] == "Running", lambda: (serving.state(run), serving.log()))
    return run


def test_it_says_where_the_ui_is_and_what_is_scheduled(first: Serving) -> None:
    output = first.output
    assert f"  UI        http://127.0.0.1:{first.port}\n" in output
    assert f"SQLite, {first.home / 'prefect.db'}" in output
    for name in ("ingest-inbox", "refetch-due", "discover", "brief", "maintain"):
        assert f"  {name} " in output
    assert "paused" not in output


def test_nobody_gets_in_without_the_password_and_it_is_written_nowhere(first: Serving) -> None:
    assert [first.status(auth) for auth in (SECRET, "", "press:wrong")] == [200, 401, 401]
    assert first.api("/health", auth="") is True
    output = first.output + first.log() + " ".join(first.processes().values())
    assert "hunter2" not in output
    assert "hunter2" not in repr(load_settings({"PRESS_SERVER_AUTH": SECRET}))


def test_pages_of_other_sites_may_not_speak_to_it(first: Serving) -> None:
    import urllib.request

    asked = urllib.request.Request(f"http://127.0.0.1:{first.port}/api/health", headers={"Origin": "http://evil.test"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.headers.get("Access-Control-Allow-Origin") is None


def test_deployments_have_schedules_limits_and_parameters_with_descriptions(first: Serving) -> None:
    deployments = first.deployments()
    assert set(deployments) == {"ingest-inbox", "refetch-due", "discover", "brief", "maintain"}
    for deployment in deployments.values():
        assert deployment["paused"] is False
        assert [schedule["active"] for schedule in deployment["schedules"]] == [True]
        assert deployment["global_concurrency_limit"]["limit"] == 1
        assert all(schema["description"] for schema in deployment["parameter_openapi_schema"]["properties"].values())
    assert deployments["ingest-inbox"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    assert deployments["refetch-due"]["parameters"]["limit"] == 1000


def test_automations_are_set_up(first: Serving) -> None:
    assert "press: a run whose process is gone" in {
        automation["name"] for automation in first.api("/automations/filter", {})
    }


def test_nothing_is_sent_to_others(first: Serving) -> None:
    environ = psutil.Process(first.process_of("prefect server start")).environ()
    assert environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environ["DO_NOT_TRACK"] == "1"


def test_a_second_one_says_that_it_is_served_already_and_where(first: Serving) -> None:
    message = first.refusal()
    assert message == f"press: Process {first.process.pid} serves it already, at http://127.0.0.1:{first.port}.\n"


def test_a_port_that_is_taken_is_refused_with_who_has_it(first: Serving, tmp_path: Path) -> None:
    other = Serving(Desk.at(tmp_path), first.port)
    message = other.refusal()
    assert message.startswith(f"press: Port {first.port} is taken by another Prefect server: process ")
    assert "prefect server start" in message
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        other.port = taken.getsockname()[1]
        assert f"Port {other.port} is taken by another program: process {os.getpid()} (" in other.refusal()
    assert not (other.home / "serve.json").exists()


def test_a_runner_that_dies_is_restarted_and_its_run_is_crashed(desk: Desk, first: Serving) -> None:
    run = arriving(first, desk)
    engine = first.process_of("prefect.engine")
    os.kill(first.process_of("leash flows.serving.runner"), signal.SIGKILL)
    # By the run itself, when it notices in time that nobody runs it any more, or by the next runner.
    until(lambda: first.state(run)[0] == "Crashed", lambda: (first.state(run), first.output))
    assert engine not in first.processes()
    until(lambda: first.output.count("Next runs") == 2, lambda: first.output)


def test_ctrl_c_stops_everything_within_seconds_and_no_run_is_left_running(desk: Desk, first: Serving) -> None:
    run = arriving(first, desk)
    for name in PAUSED:
        first.api(f"/deployments/{first.deployments()[name]['id']}/pause_deployment", {})
    changed = first.deployments()["refetch-due"]["id"]
    first.api(f"/deployments/{changed}", {"parameters": {"only": "due", "limit": 7}}, "PATCH")
    assert first.stop() < 20
    assert first.processes() == {}
    assert (first.home / "serve.json").exists() is False
    with sqlite3.connect(first.home / "prefect.db") as con:
        assert con.execute(f"select count(*) from flow_run where state_type in {tuple(UNDER_WAY)}").fetchone() == (0,)
        (name, message) = con.execute(
            "select r.state_name, s.message from flow_run r join flow_run_state s on s.id = r.state_id where r.id = ?",
            (run,),
        ).fetchone()
    con.close()
    assert (name, message.startswith("Stopped with the server")) == ("Cancelled", True)
    assert (desk.settings.inbox / "law.txt").exists()


def test_the_next_start_picks_everything_up_with_nothing_doubled(second: Serving) -> None:
    deployments = second.deployments()
    assert {name: len(deployment["schedules"]) for name, deployment in deployments.items()} == dict.fromkeys(
        deployments, 1
    )
    assert {name for name, deployment in deployments.items() if deployment["paused"]} == PAUSED
    assert deployments["refetch-due"]["parameters"]["limit"] == 7, "what was changed in the UI stays"
    scheduled = [(run["deployment_id"], run["next_scheduled_start_time"]) for run in second.runs(type=["SCHEDULED"])]
    assert len(scheduled) == len(set(scheduled))
    assert "  discover       paused; resume it in the UI\n" in second.output


def test_one_run_does_the_work_of_those_that_were_missed(second: Serving) -> None:
    inbox = second.deployments()["ingest-inbox"]["id"]
    missed = [run for run in second.runs(name=["Missed"]) if run["deployment_id"] == inbox]
    assert len(missed) >= 3
    assert f"ingest-inbox: {len(missed)} runs were missed; one that is due does their work.\n" in second.output
    assert "does its work" in missed[0]["state"]["message"]
    completed = until(
        lambda: [run for run in second.runs(name=["Completed"]) if run["deployment_id"] == inbox], second.log
    )
    assert len(completed) == 1
    assert completed[0]["expected_start_time"] > max(run["expected_start_time"] for run in missed)


def test_what_was_stopped_is_taken_up_by_the_next_run(desk: Desk, second: Serving) -> None:
    until((desk.settings.inbox / "done" / "law.txt").exists, second.log)
    assert desk.ask("select count(*) from fact_release") == [(20,)]


def test_upkeep_finds_all_well_makes_a_backup_and_removes_old_runs(desk: Desk, second: Serving) -> None:
    until((desk.settings.inbox / "done" / "law.txt").exists, second.log)
    run = second.run("maintain")
    until(lambda: second.state(run)[0] in ("Completed", "Failed"), second.log)
    state, message = second.state(run)
    assert (state, message.startswith("All is well.")) == ("Completed", True), message
    assert re.search(r"Backup: \d{8}T\d{6}Z: 20 releases, \d+ files of the archive; restored for a test", message)
    assert second.runs(type=["CRASHED"]) == []
    (artifact,) = second.api("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
    assert artifact["description"] == "5 of 5 steps passed"


def test_a_server_that_dies_is_restarted(second: Serving) -> None:
    os.kill(second.process_of("prefect server start"), signal.SIGKILL)
    until(lambda: "The server ended with -9; restarting it.\n" in second.output, lambda: second.output)
    assert second.api("/health") is True


def test_when_it_is_killed_nothing_of_it_is_left(desk: Desk, second: Serving) -> None:
    arriving(second, desk)
    second.kill()
    assert (second.home / "serve.json").exists()
    with only_one(second.home, "http://127.0.0.1:1"):
        pass  # the note it left is no hindrance


# Without a server


def test_a_note_that_a_killed_process_left_is_tidied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for note in ('{"pid": 4711, "url": "http://127.0.0.1:4200"}', "{", "[]"):
        (tmp_path / "serve.json").write_text(note)
        with only_one(tmp_path, "http://127.0.0.1:4200"):
            assert f'"pid": {os.getpid()}' in (tmp_path / "serve.json").read_text()
        assert not (tmp_path / "serve.json").exists()
    output = capsys.readouterr().out
    assert output.startswith("Tidied up after process 4711, which ended without a word.\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "press.example", "127.0.0.1.example"])
def test_an_address_that_others_reach_needs_a_password(host: str) -> None:
    with pytest.raises(UsageError, match="set PRESS_SERVER_AUTH"):
        server.refuse_open_door(ServerSettings(host=host))
    server.refuse_open_door(ServerSettings(host=host, auth=SECRET))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_loopback_needs_none(host: str) -> None:
    server.refuse_open_door(ServerSettings(host=host))


@pytest.mark.parametrize("auth", ["hunter2-hunter2", ":hunter2-hunter2", "hunter2-hunter2:", "h:2", "press:пароль"])
def test_a_password_that_is_none_is_refused_without_repeating_it(auth: str) -> None:
    with pytest.raises(UsageError) as refused:
        server.refuse_open_door(ServerSettings(auth=auth))
    assert auth not in str(refused.value)


def test_every_child_gets_the_password_by_its_environment_alone(tmp_path: Path) -> None:
    settings = Settings(warehouse=tmp_path / "w.duckdb", server=ServerSettings(auth=SECRET))
    assert server.server_environment(settings)["PREFECT_SERVER_API_AUTH_STRING"] == SECRET
    assert server.runner_environment(settings)["PREFECT_API_AUTH_STRING"] == SECRET
    assert "PREFECT_API_AUTH_STRING" not in server.client_environment(Settings())


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:4200"),
        ("0.0.0.0", "http://127.0.0.1:4200"),
        ("::", "http://[::1]:4200"),
        ("press.example", "http://press.example:4200"),
    ],
)
def test_programs_of_this_machine_get_an_address_that_they_reach(host: str, url: str) -> None:
    assert server.url(ServerSettings(host=host)) == url


def test_postgresql_is_one_setting_whose_password_is_not_shown(tmp_path: Path) -> None:
    url = "postgresql://press:s3cret@db.example:5432/prefect"
    settings = load_settings({"PRESS_SERVER_DATABASE_URL": url, "PRESS_WAREHOUSE": str(tmp_path / "w.duckdb")})
    driven = server.server_environment(settings)["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    assert driven == url.replace("postgresql://", "postgresql+asyncpg://")
    assert server.database_place(settings) == "PostgreSQL, db.example:5432/prefect"
    assert "s3cret" not in repr(settings)
    with pytest.raises(UsageError) as refused:
        server.server_environment(load_settings({"PRESS_SERVER_DATABASE_URL": "mysql://u:s3cret@h/d"}))
    assert "s3cret" not in str(refused.value)


def test_orphans_of_a_run_are_ended_and_others_are_not() -> None:
    import subprocess
    import sys

    sleep = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
    one, other = (
        subprocess.Popen(sleep, env={**os.environ, "PREFECT__FLOW_RUN_ID": run}, stdout=subprocess.PIPE)
        for run in ("1111", "2222")
    )
    for process in (one, other):
        assert process.stdout is not None
        process.stdout.readline()
    assert end_orphans(["1111", "3333"]) == [one.pid]
    assert one.wait() == -signal.SIGKILL
    assert other.poll() is None
    other.kill()
    other.communicate()
    one.communicate()
    assert end_orphans([]) == []
