"""The deployments of `prefect.yaml`: what runs when, on this machine and in work pools."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.utilities.callables import parameter_schema
from prefect.utilities.importtools import import_object

from flows.serving.deployments import DEFINITIONS, Deployment, deployments
from warehouse.errors import UsageError
from warehouse.project import PROJECT

DEPLOYMENTS = deployments()
NAMED = {deployment.name: deployment for deployment in DEPLOYMENTS}
TIMEZONE = "Asia/Almaty"


@pytest.fixture(scope="module")
def prefect_yaml() -> dict[str, Any]:
    return dict(yaml.safe_load(DEFINITIONS.read_text(encoding="utf-8")))


def test_there_are_five() -> None:
    assert {deployment.name: deployment.schedules for deployment in DEPLOYMENTS} == {
        name: [{"cron": cron, "timezone": TIMEZONE, "slug": name}]
        for name, cron in (
            ("ingest-inbox", "*/15 * * * *"),
            ("refetch-due", "7 * * * *"),
            ("discover", "0 6 * * *"),
            ("brief", "0 8 * * *"),
            ("maintain", "30 3 * * 0"),
        )
    }


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment.name)
def test_its_parameters_are_the_flows_and_each_says_what_it_is(deployment: Deployment) -> None:
    schema = parameter_schema(deployment.flow())
    assert set(deployment.parameters) <= set(schema.properties)
    assert [name for name, schema in schema.properties.items() if not schema.get("description")] == []
    deployment.flow().validate_parameters(dict(deployment.parameters))


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment.name)
def test_one_run_at_a_time_and_what_becomes_of_others_is_settled(deployment: Deployment) -> None:
    runner = deployment.to_serve()
    assert runner.concurrency_limit == deployment.concurrency_limit["limit"] == 1
    assert runner.concurrency_options is not None
    assert runner.concurrency_options.collision_strategy == deployment.concurrency_limit["collision_strategy"]
    (schedule,) = runner.schedules or []
    assert (schedule.slug, schedule.active) == (deployment.name, True)
    assert isinstance(schedule.schedule, CronSchedule)
    assert (schedule.schedule.cron, schedule.schedule.timezone) == (deployment.schedules[0]["cron"], TIMEZONE)
    assert (runner.description, runner.tags) == (deployment.description, deployment.tags)
    assert runner.parameters == deployment.parameters
    assert import_object(runner.entrypoint) is not None
    assert runner.version == deployment.version()


def test_a_run_that_does_the_work_of_all_is_not_enqueued_and_a_daily_one_is_not_lost() -> None:
    assert {name: deployment.concurrency_limit["collision_strategy"] for name, deployment in NAMED.items()} == {
        "ingest-inbox": "CANCEL_NEW",
        "refetch-due": "CANCEL_NEW",
        "discover": "ENQUEUE",
        "brief": "ENQUEUE",
        "maintain": "ENQUEUE",
    }


def test_another_definition_is_another_version() -> None:
    one = NAMED["refetch-due"]
    assert one.version() == replace(one).version()
    later = [{**one.schedules[0], "cron": "8 * * * *"}]
    changed = (replace(one, schedules=later), replace(one, parameters={"limit": 5}), replace(one, tags=()))
    assert len({one.version(), *(other.version() for other in changed)}) == 4


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    entrypoint: flows/inbox.py:ingest_inbox\n", "", "deployment “ingest-inbox”: entrypoint: Field required."),
        ("    tags: [writes", "    tag: [writes", "deployment “ingest-inbox”: tags: Field required."),
        ("    schedules:", "    retries: 2\n    schedules:", "deployment “ingest-inbox”: retries: Unexpected keyword"),
        ("tags: [writes-warehouse]", "tags: 5", "deployment “ingest-inbox”: tags: Input should be"),
        ("  - name: ingest-inbox\n    entry", "  - entry", "deployment 1: name: Field required."),
        ("inbox.py:ingest_inbox", "inbox.py:nope", "entrypoint is “flows/inbox.py:nope”, which is no flow"),
        ("inbox.py:ingest_inbox", "nope.py:nope", "entrypoint is “flows/nope.py:nope”, which is no flow"),
        ("inbox.py:ingest_inbox", "inbox.py:logging", "entrypoint is “flows/inbox.py:logging”, which is no flow"),
        ('cron: "*/15 * * * *"', 'cron: "often"', 'deployment “ingest-inbox”: Invalid cron string: "often".'),
        ("        slug: ingest-inbox", "        slag: x", "got an unexpected keyword argument 'slag'"),
        ("timezone: Asia/Almaty", "timezone: Asia/Nowhere", "deployment “ingest-inbox”: "),
        ("      limit: 1", "      limit: none", "deployment “ingest-inbox”: limit: Input should be a valid integer"),
        ("deployments:\n", "deployed:\n", "has no list of deployments."),
        ("deployments:\n", "deployments: {\n", "cannot be read: "),
    ],
)
def test_a_definition_that_is_wrong_is_named_in_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = DEFINITIONS.read_text(encoding="utf-8")
    at = text.index(old, text.index("\ndeployments:"))
    file = tmp_path / "prefect.yaml"
    file.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        deployments(file)[0].to_serve()
    assert "prefect.yaml" in str(refused.value)
    assert message in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_pages_are_fetched_within_the_pace_that_the_portal_is_asked_at() -> None:
    from warehouse.portal.read.routes import ROUTES
    from warehouse.settings import PortalSettings

    # Each page by each route, at the pace of the settings, takes no longer than the hour until the next run.
    assert NAMED["refetch-due"].parameters["limit"] * len(ROUTES) * PortalSettings().interval_s <= 3600


def test_a_work_pool_finds_each_flow_where_the_machine_that_serves_does() -> None:
    for deployment in DEPLOYMENTS:
        path, _, function = deployment.entrypoint.partition(":")
        assert import_object(f"{PROJECT / path}:{function}").name == deployment.flow().name


def test_there_is_a_work_pool_of_each_kind_and_all_use_one(prefect_yaml: dict[str, Any]) -> None:
    pools = prefect_yaml["definitions"]["work_pools"]
    assert set(pools) == {"process", "docker", "kubernetes"}
    assert {str(entry["work_pool"]) for entry in prefect_yaml["deployments"]} == {str(pools["process"])}
    for kind, pool in pools.items():
        assert pool["name"] == f"press-{kind}"
        heartbeat = pool["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]
        assert heartbeat == "30", "it shows which runs have lost their process"
    images = {pools[kind]["job_variables"]["image"] for kind in ("docker", "kubernetes")}
    assert images == {"press-warehouse:latest"}


def test_the_brief_comes_after_the_discovery_of_its_day() -> None:
    async def first(name: str) -> datetime:
        from prefect.server.schemas.schedules import CronSchedule as Cron

        (schedule,) = NAMED[name].schedules
        dates = await Cron(cron=schedule["cron"], timezone=TIMEZONE).get_dates(1, datetime(2025, 6, 1, tzinfo=UTC))
        return dates[0]

    discovered, briefed = asyncio.run(first("discover")), asyncio.run(first("brief"))
    assert re.fullmatch(r"2025-06-01 01:00:00\+00:00", str(discovered.astimezone(UTC)))
    assert discovered < briefed
