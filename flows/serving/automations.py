"""Automations of the Prefect server: who gets which alert, and what becomes of runs whose process is gone.

`automations.toml` defines them, and two blocks that the settings `PRESS_ALERT_*` and `PRESS_SMTP_*` fill deliver them.
`press automations apply`, which runs this module, brings the server to both; `press automations list` says what it has.
What a person changes in the UI stays until the definition or the way of delivery changes.
"""

import hashlib
import json
import sys
import time
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from prefect.blocks.core import Block
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events.schemas.automations import Automation, AutomationCore
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from prefect.types._datetime import now
from prefect.variables import Variable
from pydantic import SecretStr

from flows.command import command, server
from flows.serving.blocks import AlertByMail, AlertByWebhook
from flows.serving.deployments import deployments
from flows.serving.server import url
from warehouse.settings import AlertSettings, load_settings

WEBHOOK, MAIL = "press-webhook", "press-mail"
"""The names of the blocks that deliver."""

APPLIED = "press_automations"
"""The Prefect variable of what the server has: by key the automation's id and version, and deployments watched."""

STALLED, AWAITED = "stalled", "ingest-inbox"
"""The key of the automation that waits again when watching continues, and the deployment that it waits for."""

BEGUN, CONTINUES = "press.watch.begun", "press.watch.continues"
IS_KNOWN_AFTER_S = 1.0
"""How long the server may take until a new automation sees events."""

NOBODY = "Nobody gets alerts: set PRESS_ALERT_WEBHOOK or PRESS_ALERT_EMAIL."
TELLS_NOBODY = "It tells nobody: set PRESS_ALERT_WEBHOOK or PRESS_ALERT_EMAIL, and run `press automations apply`."

PORTS = {"starttls": 587, "tls": 465, "none": 25}

RUN = """{% if flow_run %}{{ flow_run.name }} ended {{ flow_run.state.name }}: {{ flow_run.state.message }}

{{ flow_run|ui_url }}{% endif %}"""

Definition = Mapping[str, Any]


def definitions() -> dict[str, Definition]:
    """The definitions by key, in their order: a later one may name the id of an earlier one, as `{stalled}`."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def apply(alerts: AlertSettings | None = None, defined: Mapping[str, Definition] | None = None) -> list[str]:
    """Create or update the automations and the blocks that deliver them; returns a line for each.

    To be called after the deployments are registered, with `PREFECT_API_URL` naming the server, and not from within an
    event loop. Idempotent. Raises PressError where no server answers, or where it asks for another password.
    """
    alerts = load_settings().alerts if alerts is None else alerts
    defined = definitions() if defined is None else defined
    with server() as client:
        blocks = _apply_blocks(alerts, client)
        lines = _apply_automations(defined, blocks, client)
    if not blocks:
        lines.append(NOBODY)
    return lines


def _apply_blocks(alerts: AlertSettings, client: SyncPrefectClient) -> list[UUID]:
    """Save the blocks that the settings ask for, and take away those they no longer do; returns the ids."""
    wanted: dict[str, Block] = {}
    if alerts.webhook:
        wanted[WEBHOOK] = AlertByWebhook(url=SecretStr(alerts.webhook))
    if alerts.email:
        wanted[MAIL] = AlertByMail(
            host=alerts.smtp_host,
            port=alerts.smtp_port or PORTS[alerts.smtp_security],
            security=alerts.smtp_security,
            user=alerts.smtp_user,
            password=SecretStr(alerts.smtp_password) if alerts.smtp_password else None,
            sender=alerts.sender,
            recipients=list(alerts.email),
        )
    for name, kind in ((WEBHOOK, AlertByWebhook), (MAIL, AlertByMail)):
        if name not in wanted:
            try:
                document = client.read_block_document_by_name(name, kind.get_block_type_slug())
            except ObjectNotFound:
                continue
            client.delete_block_document(document.id)
    ids = [block.save(name, overwrite=True) for name, block in wanted.items()]
    return [block_id for block_id in ids if isinstance(block_id, UUID)]


def _apply_automations(defined: Mapping[str, Definition], blocks: list[UUID], client: SyncPrefectClient) -> list[str]:
    before: dict[str, Any] = Variable.get(APPLIED, default={})
    applied: dict[str, Any] = {"automations": {}, "watched": before.get("watched", {})}
    known = {str(automation.id): automation for automation in client.read_automations()}
    lines = []
    for key, definition in defined.items():
        ids = {other: one["id"] for other, one in applied["automations"].items()}
        content = _content(definition, blocks, ids)
        version = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
        automation = AutomationCore.model_validate(content)
        old = before.get("automations", {}).get(key, {})
        automation_id = old.get("id")
        if automation_id not in known:
            automation_id = str(client.create_automation(automation))
            lines.append(f"created   {automation.name}")
        elif old["version"] != version:
            client.update_automation(UUID(automation_id), automation)
            lines.append(f"updated   {automation.name}")
        else:
            lines.append(f"unchanged {automation.name}")
        applied["automations"][key] = {"id": automation_id, "version": version}
    for key, old in before.get("automations", {}).items():
        if key not in defined and old["id"] in known:
            client.delete_automation(UUID(old["id"]))
            lines.append(f"deleted   {known[old['id']].name}")
    _watch(applied, client)
    Variable.set(APPLIED, applied, overwrite=True)
    return lines


def _content(definition: Definition, blocks: list[UUID], ids: Mapping[str, str]) -> dict[str, Any]:
    """An automation as the server's API takes it."""
    actions: list[dict[str, Any]] = []
    if "crash" in definition:
        actions.append(
            {"type": "change-flow-run-state", "state": "CRASHED", "name": "Crashed", "message": definition["crash"]}
        )
    if "subject" in definition:
        body = definition["body"].strip().replace("{run}", RUN)
        actions += [
            {
                "type": "send-notification",
                "block_document_id": str(block),
                "subject": f"press: {definition['subject']}",
                "body": body,
            }
            for block in blocks
        ]
    trigger = json.dumps(definition["trigger"])
    for key, automation_id in ids.items():
        trigger = trigger.replace(f"{{{key}}}", automation_id)
    return {
        "name": definition["name"],
        "description": f"{definition['description']} {TELLS_NOBODY}"
        if "subject" in definition and not blocks
        else definition["description"],
        "trigger": json.loads(trigger),
        "actions": actions or [{"type": "do-nothing"}],
    }


def _watch(applied: dict[str, Any], client: SyncPrefectClient) -> None:
    """Emit for each deployment that watching begins, or continues where automations of these versions watch it.

    It does not continue where an alert stands: the server would wait again, and alert twice.
    """
    ours = {deployment.name for deployment in deployments()}
    watched = {str(known.id): known.name for known in client.read_deployments() if known.name in ours}
    versions = sorted(one["version"] + one["id"] for one in applied["automations"].values())
    stamp = hashlib.sha256(json.dumps(versions).encode()).hexdigest()[:12]
    before, applied["watched"] = applied["watched"], dict.fromkeys(watched, stamp)
    if before != applied["watched"]:
        time.sleep(IS_KNOWN_AFTER_S)
    alerted = {
        one
        for one, name in watched.items()
        if name == AWAITED and before.get(one) == stamp and _stands(applied["automations"][STALLED]["id"], one, client)
    }
    events = [
        {
            "id": str(uuid4()),
            "occurred": now("UTC").isoformat(),
            "event": CONTINUES if before.get(one) == stamp else BEGUN,
            "resource": {"prefect.resource.id": f"press.watch.{name}", "prefect.resource.name": name},
            "related": [
                {
                    "prefect.resource.id": f"prefect.deployment.{one}",
                    "prefect.resource.role": "deployment",
                    "prefect.resource.name": name,
                }
            ],
        }
        for one, name in watched.items()
        if one not in alerted
    ]
    client.request("POST", "/events", json=events).raise_for_status()


def _stands(automation_id: str, deployment_id: str, client: SyncPrefectClient) -> bool:
    """Whether the automation alerted about a deployment, and no run of it has completed since."""
    chosen = {
        "filter": {
            "event": {"name": ["prefect.automation.triggered"]},
            "resource": {"id": [f"prefect.automation.{automation_id}"]},
            "order": "DESC",
        },
        "limit": 1,
    }
    triggered = client.request("POST", "/events/filter", json=chosen).json()["events"]
    completed = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[UUID(deployment_id)])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED]))
        ),
        sort=FlowRunSort.END_TIME_DESC,
        limit=1,
    )
    ended = completed[0].end_time if completed else None
    return bool(triggered) and (ended is None or ended < datetime.fromisoformat(triggered[0]["occurred"]))


def describe() -> list[str]:
    """The automations that `apply` made and the server has, a line each: whether they are active, name, description."""
    with server() as client:
        applied: dict[str, Any] = Variable.get(APPLIED, default={})
        known = {str(automation.id): automation for automation in client.read_automations()}
    ours = [known[one["id"]] for one in applied.get("automations", {}).values() if one["id"] in known]
    lines = [f"{'active' if one.enabled else 'paused'}  {one.name}\n        {one.description}" for one in ours]
    return lines + [NOBODY] * (bool(lines) and not any(_tells(one) for one in ours))


def _tells(automation: Automation) -> bool:
    return any(action.type == "send-notification" for action in automation.actions)


def main() -> None:
    """`apply` or `list`, at the server of `PREFECT_API_URL` or else the one that `make serve` starts."""
    action = sys.argv[1:]
    if action not in (["apply"], ["list"]):
        print("press: write `press automations apply` or `press automations list`.", file=sys.stderr)
        sys.exit(2)
    with command():
        settings = load_settings().server
        address = {} if PREFECT_API_URL.value() else {PREFECT_API_URL: f"{url(settings)}/api"}
        password = {PREFECT_API_AUTH_STRING: settings.auth} if settings.auth else {}
        with temporary_settings(updates={**address, **password}):
            print("\n".join(apply() if action == ["apply"] else describe()) or "None: run `press automations apply`.")


if __name__ == "__main__":
    main()
