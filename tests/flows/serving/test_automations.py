"""Automations, at a real Prefect server: who gets which alert by webhook and mail, how often, and at its end."""

import asyncio
import copy
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from prefect.blocks.abstract import NotificationError
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Completed, Crashed, Failed, Running
from prefect.types._datetime import now
from pydantic import SecretStr

from flows.serving import automations, blocks
from flows.serving.blocks import AlertByWebhook
from flows.serving.deployments import deployments
from flows.serving.settle import LOST, crash_dead_runs
from tests.desk.ports import free_port
from tests.desk.serving import until
from warehouse.errors import PressError, UsageError
from warehouse.project import PROJECT
from warehouse.settings import AlertSettings, load_settings

COMES_WITHIN_S = 120
SHORT_S = 10
"""As short as the server lets a trigger wait for what does not come."""

TOKEN, PASSWORD = "T0KEN-that-nobody-should-see", "passw0rd-that-nobody-should-see"


class Inbox:
    """What came by webhook and by mail, in the order in which it came."""

    def __init__(self) -> None:
        self.hooks: list[dict[str, str]] = []
        self.paths: set[str] = set()
        self.tries: list[str] = []
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"

    def subjects(self, about: str) -> list[str]:
        """Subjects that came by webhook and speak of something, in their order."""
        return [hook["subject"] for hook in self.hooks if about in hook["subject"]]

    def await_subjects(self, about: str, count: int) -> list[str]:
        """The same, as soon as there are so many of them, by webhook and by mail."""
        deadline = time.monotonic() + COMES_WITHIN_S
        while time.monotonic() < deadline:
            mailed = sum(about in str(mail["subject"]) for mail in self.mails)
            if len(self.subjects(about)) >= count and mailed >= count:
                break
            time.sleep(0.1)
        return self.subjects(about)


@pytest.fixture(scope="module")
def inbox() -> Iterator[tuple[Inbox, AlertSettings]]:
    """An HTTP and a mail server on the loopback, and the settings that lead there."""
    received = Inbox()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            hook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.tries.append(hook["subject"])
            if "elsewhere" in self.path:
                self.send_response(404)
            elif "away" in hook["subject"] and received.tries.count(hook["subject"]) == 1:
                self.send_response(503)
            else:
                received.paths.add(self.path)
                received.hooks.append(hook)
                self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    hooks = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hooks.serve_forever, daemon=True).start()
    mail = Controller(received, hostname="127.0.0.1", port=free_port())
    mail.start()
    yield (
        received,
        AlertSettings(
            webhook=f"http://127.0.0.1:{hooks.server_port}/hooks/{TOKEN}",
            email=("editor@example.kz", "desk@example.kz"),
            smtp_port=mail.port,
            smtp_security="none",
            smtp_password=PASSWORD,
            sender="press@example.kz",
        ),
    )
    mail.stop()
    hooks.shutdown()
    hooks.server_close()


@pytest.fixture(scope="module")
def client(prefect_server: Path) -> Iterator[SyncPrefectClient]:
    assert prefect_server.exists()
    with get_client(sync_client=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def deployed(client: SyncPrefectClient) -> dict[str, tuple[UUID, UUID]]:
    """Flow and deployment, by name, of every deployment."""
    made = {}
    for deployment in deployments():
        flow_id = client.create_flow_from_name(deployment.name)
        made[deployment.name] = (flow_id, client.create_deployment(flow_id, deployment.name))
    return made


def shortened() -> dict[str, automations.Definition]:
    """The definitions, where those that wait for what does not come do not wait long."""
    defined = copy.deepcopy({key: dict(one) for key, one in automations.definitions().items()})
    for key in ("heartbeat", "stalled"):
        defined[key]["trigger"]["within"] = SHORT_S
    return defined


@pytest.fixture(scope="module")
def applied(deployed: dict[str, Any], inbox: tuple[Inbox, AlertSettings]) -> list[str]:
    assert deployed
    return automations.apply(inbox[1], shortened())


@pytest.fixture(scope="module")
def signs_of_life(
    applied: list[str], client: SyncPrefectClient, deployed: dict[str, tuple[UUID, UUID]]
) -> list[FlowRun]:
    """Two runs that gave a sign of life: one whose process is gone since, and one that completed."""
    assert applied
    desk = Desk(client, deployed["discover"])
    gone, well = desk.run(Running()), desk.run(Running())
    for run in (gone, well):
        emit(client, "prefect.flow-run.heartbeat", {"prefect.resource.id": f"prefect.flow-run.{run.id}"})
    client.set_flow_run_state(well.id, Completed(), force=True)
    return [gone, well]


@pytest.fixture
def alerts(signs_of_life: list[FlowRun], inbox: tuple[Inbox, AlertSettings]) -> Inbox:
    # What takes its time begins before all tests, so that they need not wait for it one after another.
    assert signs_of_life
    return inbox[0]


class Desk:
    """Runs of a deployment, ended as a test wishes."""

    def __init__(self, client: SyncPrefectClient, deployed: tuple[UUID, UUID]) -> None:
        self.client = client
        self.deployment_id = deployed[1]

    def run(self, *states: State[Any]) -> FlowRun:
        run = self.client.create_flow_run_from_deployment(self.deployment_id)
        for state in states:
            self.client.set_flow_run_state(run.id, state, force=True)
        return run


def emit(client: SyncPrefectClient, event: str, resource: dict[str, str], **payload: object) -> None:
    client.request(
        "POST",
        "/events",
        json=[
            {
                "id": str(uuid4()),
                "occurred": now("UTC").isoformat(),
                "event": event,
                "resource": resource,
                "payload": payload,
            }
        ],
    ).raise_for_status()


def check(name: str, since: str) -> dict[str, str]:
    return {"prefect.resource.id": f"press.check.{name}", "prefect.resource.name": name, "press.since": since}


def test_failures_in_a_row_alert_once_and_so_does_their_end(
    alerts: Inbox, client: SyncPrefectClient, deployed: dict[str, tuple[UUID, UUID]]
) -> None:
    desk = Desk(client, deployed["maintain"])
    desk.run(Running(), Failed(message="The disk is full."))
    assert alerts.await_subjects("maintain", 1) == ["press: maintain fails"]
    assert "ended Failed: The disk is full." in alerts.hooks[-1]["body"]
    assert "/runs/flow-run/" in alerts.hooks[-1]["body"]
    desk.run(Running(), Failed(message="The disk is full."))
    desk.run(Running(), Crashed(message="It was killed."))
    desk.run(Running(), Completed(message="All is well."))
    assert alerts.await_subjects("maintain", 2) == ["press: maintain fails", "press: maintain completes again"]
    desk.run(Running(), Completed(message="All is well."))
    desk.run(Running(), Failed(message="Again."))
    assert alerts.await_subjects("maintain", 3)[2:] == ["press: maintain fails"]


def test_deployments_alert_apart(
    alerts: Inbox, client: SyncPrefectClient, deployed: dict[str, tuple[UUID, UUID]]
) -> None:
    Desk(client, deployed["brief"]).run(Running(), Failed(message="No warehouse."))
    assert alerts.await_subjects("brief", 1) == ["press: brief fails"]


def test_a_check_alerts_once_for_each_time_it_begins_to_fail(alerts: Inbox, client: SyncPrefectClient) -> None:
    first, second = "2025-06-01 06:00:00.000000 UTC", "2025-06-09 06:00:00.000000 UTC"
    words = "1 June 2025, 11:00 Almaty time"
    for _ in range(3):
        emit(client, "press.quality.failing", check("silent_source", first), sentence="Nothing came.", since=words)
    assert alerts.await_subjects("silent_source", 1) == ["press: Check silent_source fails"]
    (hook,) = (hook for hook in alerts.hooks if "silent_source" in hook["subject"])
    assert "Nothing came.\nSince 1 June 2025, 11:00 Almaty time." in hook["body"]
    for _ in range(2):
        emit(
            client, "press.quality.recovered", check("silent_source", "2025-06-02"), sentence="It passes again.", rows=0
        )
    assert alerts.await_subjects("silent_source", 2)[1:] == ["press: Check silent_source passes again"]
    emit(client, "press.quality.failing", check("silent_source", first), sentence="Nothing came.", rows=1)
    emit(client, "press.quality.failing", check("silent_source", second), sentence="Nothing came.", rows=1)
    assert alerts.await_subjects("silent_source", 3)[2:] == ["press: Check silent_source fails"]


def test_a_run_whose_process_is_gone_becomes_crashed_and_alerts(
    alerts: Inbox, client: SyncPrefectClient, signs_of_life: list[FlowRun]
) -> None:
    # That it completed, and gave none since, is no crash; but it is the success after which this one alerts.
    assert alerts.await_subjects("discover", 1) == ["press: discover fails"]
    gone, well = (client.read_flow_run(run.id).state for run in signs_of_life)
    assert gone is not None
    assert well is not None
    assert (gone.name, well.name) == ("Crashed", "Completed")
    assert (gone.message or "").startswith("No sign of life for 90 seconds: its process was killed")


def test_a_dead_run_alerts_once_at_a_server_that_started_since(alerts: Inbox, client: SyncPrefectClient) -> None:
    flow_id = client.create_flow_from_name("mended")
    desk = Desk(client, (flow_id, client.create_deployment(flow_id, "mended")))
    desk.run(Running(), Completed())
    dead = desk.run(Running())

    async def settle() -> None:
        async with get_client() as asynchronous:
            assert [run.id for run in await crash_dead_runs(asynchronous, [desk.deployment_id])] == [dead.id]

    asyncio.run(settle())
    assert alerts.await_subjects("mended", 1) == ["press: mended fails"]
    # Prefect's own event of the crash is not seen by a server that did not see the ones before it.
    chosen = {"filter": {"event": {"name": [LOST]}, "resource": {"id": [f"prefect.flow-run.{dead.id}"]}}}
    until(lambda: client.request("POST", "/events/filter", json=chosen).json()["total"])
    assert LOST in automations.definitions()["failing"]["trigger"]["expect"]
    desk.run(Running(), Completed())
    assert alerts.await_subjects("mended", 2)[1:] == ["press: mended completes again"]


def test_what_the_other_side_does_not_take_at_once_is_sent_again(alerts: Inbox, client: SyncPrefectClient) -> None:
    emit(client, "press.quality.failing", check("away_for_a_moment", "2025-06-01"), sentence="Nothing came.", rows=1)
    assert alerts.await_subjects("away", 1) == ["press: Check away_for_a_moment fails"]
    assert alerts.tries.count("press: Check away_for_a_moment fails") == 2


def test_mail_says_the_same_as_plain_text(alerts: Inbox) -> None:
    # The one that no test brought about, by both ways.
    assert alerts.await_subjects("No successful ingest", 1)
    mails = {str(mail["subject"]): mail for mail in alerts.mails}
    hooks = {hook["subject"]: hook["body"] for hook in alerts.hooks}
    assert mails.keys() == hooks.keys()
    mail = mails["press: brief fails"]
    assert (mail["from"], mail["to"]) == ("press@example.kz", "editor@example.kz, desk@example.kz")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == hooks["press: brief fails"].splitlines()


HOSTILE = 'x\r\nBcc: all@example.kz\r\n\r\n<script>alert(1)</script> {{ target }} {{target}} \u202e "}'


def test_text_of_a_run_can_neither_act_in_a_message_nor_fetch_a_secret(
    alerts: Inbox, client: SyncPrefectClient, deployed: dict[str, tuple[UUID, UUID]]
) -> None:
    Desk(client, deployed["refetch-due"]).run(Running(), Failed(message=HOSTILE))
    assert alerts.await_subjects("refetch-due", 1) == ["press: refetch-due fails"]
    (hook,) = (hook for hook in alerts.hooks if "refetch-due" in hook["subject"])
    assert "<script>alert(1)</script> {{ target }} {{target}}" in hook["body"]
    (mail,) = (mail for mail in alerts.mails if "refetch-due" in str(mail["subject"]))
    assert mail["bcc"] is None
    assert mail.get_content_type() == "text/plain"
    assert TOKEN not in json.dumps(alerts.hooks)
    assert alerts.paths == {f"/hooks/{TOKEN}"}


def times_continued(client: SyncPrefectClient, deployment: str) -> int:
    """How often the server was told that watching a deployment continues."""
    resource = {"id": [f"press.watch.{deployment}"]}
    chosen = {"filter": {"event": {"name": [automations.CONTINUES]}, "resource": resource}}
    return int(client.request("POST", "/events/filter", json=chosen).json()["total"])


def test_applying_again_changes_nothing(
    applied: list[str], alerts: Inbox, client: SyncPrefectClient, inbox: tuple[Inbox, AlertSettings]
) -> None:
    assert [line.split()[0] for line in applied] == ["created"] * len(shortened())
    assert alerts.await_subjects("No successful ingest", 1)
    before = {automation.id: automation for automation in client.read_automations()}
    again = automations.apply(inbox[1], shortened())
    assert [line.split()[0] for line in again] == ["unchanged"] * len(shortened())
    assert {automation.id: automation for automation in client.read_automations()} == before
    # What the server forgot of its watch while it was away begins again with each start.
    until(lambda: times_continued(client, "maintain"))
    # But not where an alert stands: it would come again.
    assert times_continued(client, "ingest-inbox") == 0
    assert automations.CONTINUES in automations.definitions()["stalled"]["trigger"]["after"]
    assert [line.split("\n")[0].split("  ")[1] for line in automations.describe()] == [
        one["name"] for one in automations.definitions().values()
    ]


def test_the_command_lists_them_and_says_when_it_cannot(applied: list[str]) -> None:
    assert applied
    listed = press("list", PREFECT_API_URL=str(PREFECT_API_URL.value()))
    assert listed.returncode == 0, listed.stderr
    assert "active  press: a run whose process is gone\n" in listed.stdout
    silent = press("apply", PRESS_SERVER_PORT=str(free_port()))
    assert (silent.returncode, silent.stdout) == (1, "")
    assert silent.stderr.startswith("press: No Prefect server answers at http://127.0.0.1:")


def press(action: str, **environ: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PRESS_"))}
    command = [sys.executable, "-m", "warehouse.cli.main", "automations", action]
    return subprocess.run(command, env=plain | environ, capture_output=True, text=True, check=False)


def test_secrets_are_masked_wherever_the_server_shows_them(
    applied: list[str], prefect_server: Path, client: SyncPrefectClient
) -> None:
    assert applied
    answers = client.request("POST", "/block_documents/filter", json={}).text
    assert "press-webhook" in answers
    assert "press-mail" in answers
    answers += client.request("POST", "/automations/filter", json={}).text + prefect_server.read_text()
    answers += client.request("POST", "/events/filter", json={}).text
    assert TOKEN not in answers
    assert PASSWORD not in answers
    assert TOKEN not in repr(load_settings({"PRESS_ALERT_WEBHOOK": f"https://example.kz/{TOKEN}"}, PROJECT / "no.env"))


def test_that_no_ingest_succeeds_alerts_once_and_so_does_its_end(
    alerts: Inbox,
    client: SyncPrefectClient,
    deployed: dict[str, tuple[UUID, UUID]],
    inbox: tuple[Inbox, AlertSettings],
) -> None:
    # It fired when the tests before this one began, and they took longer than it takes to fire again and again.
    assert alerts.await_subjects("No successful ingest", 1) == ["press: No successful ingest for 26 hours"]
    Desk(client, deployed["ingest-inbox"]).run(Running(), Completed(message="Loaded 3 releases: 3 new."))
    assert alerts.await_subjects("Ingest completes again", 1) == ["press: Ingest completes again"]
    assert any("Loaded 3 releases" in hook["body"] for hook in alerts.hooks)
    automations.apply(inbox[1], shortened())
    until(lambda: times_continued(client, "ingest-inbox"))


@pytest.mark.parametrize("status", [404, None], ids=["answers with an error", "does not answer"])
def test_an_error_of_delivery_tells_where_it_was_and_no_secret(
    inbox: tuple[Inbox, AlertSettings], status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "TRIED_AFTER_S", (0.0,))
    address = inbox[1].webhook if status else f"http://127.0.0.1:{free_port()}/{TOKEN}"
    assert address is not None
    # Of the paths of the receiving server only one takes what is sent.
    alert = AlertByWebhook(url=SecretStr(address.replace("/hooks/", "/elsewhere/")))
    with pytest.raises(NotificationError) as raised:
        asyncio.run(alert.notify("A body.", "A subject"))
    assert raised.value.log.startswith("127.0.0.1 did not take the alert: ")
    assert str(status or "") in raised.value.log
    assert TOKEN not in raised.value.log + str(alert) + repr(alert)


def test_where_nobody_gets_alerts_the_server_still_looks_after_its_runs(
    applied: list[str], client: SyncPrefectClient
) -> None:
    assert applied
    lines = automations.apply(AlertSettings(), shortened())
    assert lines[-1] == "Nobody gets alerts: set PRESS_ALERT_WEBHOOK or PRESS_ALERT_EMAIL."
    kinds = {one.name: [action.type for action in one.actions] for one in client.read_automations()}
    assert kinds["press: a run whose process is gone"] == ["change-flow-run-state"]
    assert kinds["press: a deployment fails"] == ["do-nothing"]
    said = {one.name: one.description for one in client.read_automations()}
    assert said["press: a deployment fails"].endswith(automations.TELLS_NOBODY)
    assert automations.TELLS_NOBODY not in said["press: a run whose process is gone"]
    assert automations.describe()[-1] == automations.NOBODY
    assert client.request("POST", "/block_documents/filter", json={}).json() == []


def test_what_is_waited_for_is_what_was_promised() -> None:
    within = {key: timedelta(seconds=one["trigger"].get("within", 0)) for key, one in automations.definitions().items()}
    assert within["heartbeat"] == timedelta(seconds=90)
    assert within["stalled"] == timedelta(hours=26)


def test_what_waits_for_something_waits_for_each_deployment_or_run_apart() -> None:
    # For a proactive trigger without `for_each` the server opens a window again and again, whatever it has as `after`.
    triggers = [one["trigger"] for one in automations.definitions().values()]
    assert [one["for_each"] for one in triggers if one.get("posture") == "Proactive"] == [
        ["prefect.resource.id"],
        ["related:deployment:prefect.resource.id"],
    ]


def test_a_server_that_does_not_answer_is_named_plainly() -> None:
    address = f"http://127.0.0.1:{free_port()}/api"
    with temporary_settings(updates={PREFECT_API_URL: address}), pytest.raises(PressError, match="make serve"):
        automations.apply(AlertSettings())


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("PRESS_ALERT_WEBHOOK", "file:///etc/passwd", "PRESS_ALERT_WEBHOOK is no URL"),
        ("PRESS_ALERT_WEBHOOK", "http://[x", "PRESS_ALERT_WEBHOOK is no URL"),
        ("PRESS_ALERT_WEBHOOK", "http://host:port/hook", "PRESS_ALERT_WEBHOOK is no URL"),
        ("PRESS_SMTP_SECURITY", "perhaps", "it can be starttls, tls, none"),
        ("PRESS_SMTP_PORT", "smtp", "PRESS_SMTP_PORT is “smtp”, which is no number"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(setting: str, value: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        load_settings({setting: value}, PROJECT / "no.env")
