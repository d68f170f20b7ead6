"""The deployments: what runs when, the same in `flows.serving.serve` and in `prefect.yaml`."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from prefect.utilities.callables import parameter_schema
from prefect.utilities.importtools import import_object

from flows.serving.deployments import DEPLOYMENTS, RUNS_AT_A_TIME, TIMEZONE, Deployment
from warehouse.settings import PROJECT

NAMED = {deployment.name: deployment for deployment in DEPLOYMENTS}


@pytest.fixture(scope="module")
def prefect_yaml() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8")))


def test_there_are_five() -> None:
    assert {deployment.name: deployment.cron for deployment in DEPLOYMENTS} == {
        "ingest-inbox": "*/15 * * * *",
        "refetch-due": "7 * * * *",
        "discover": "0 6 * * *",
        "brief": "0 8 * * *",
        "maintain": "30 3 * * 0",
    }
    assert TIMEZONE == "Asia/Almaty"


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment.name)
def test_its_parameters_are_the_flows_and_each_says_what_it_is(deployment: Deployment) -> None:
    schema = parameter_schema(deployment.flow())
    assert set(deployment.parameters) <= set(schema.properties)
    assert [name for name, told in schema.properties.items() if not told.get("description")] == []
    deployment.flow().validate_parameters(dict(deployment.parameters))


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment.name)
def test_one_run_at_a_time_and_what_becomes_of_others_is_settled(deployment: Deployment) -> None:
    served = deployment.served()
    assert served.concurrency_limit == RUNS_AT_A_TIME == 1
    assert served.concurrency_options is not None
    assert served.concurrency_options.collision_strategy == deployment.collision
    (schedule,) = served.schedules or []
    assert (schedule.slug, schedule.active) == (deployment.name, True)
    assert isinstance(schedule.schedule, CronSchedule)
    assert (schedule.schedule.cron, schedule.schedule.timezone) == (deployment.cron, TIMEZONE)
    assert import_object(served.entrypoint) is not None
    assert served.version == deployment.version()


def test_a_run_that_makes_up_for_all_is_not_enqueued_and_a_daily_one_is_not_lost() -> None:
    assert {name: deployment.collision for name, deployment in NAMED.items()} == {
        "ingest-inbox": "CANCEL_NEW",
        "refetch-due": "CANCEL_NEW",
        "discover": "ENQUEUE",
        "brief": "ENQUEUE",
        "maintain": "ENQUEUE",
    }


def test_another_definition_is_another_version() -> None:
    from dataclasses import replace

    one = NAMED["refetch-due"]
    assert one.version() == replace(one).version()
    changed = (replace(one, cron="8 * * * *"), replace(one, parameters={"limit": 5}), replace(one, tags=()))
    assert len({one.version(), *(other.version() for other in changed)}) == 4


def test_pages_are_fetched_within_the_pace_that_the_portal_is_asked_at() -> None:
    from warehouse.portal.read.routes import ROUTES
    from warehouse.settings import PortalSettings

    # Each page by each route, at the pace of the settings, takes no longer than the hour until the next run.
    assert NAMED["refetch-due"].parameters["limit"] * len(ROUTES) * PortalSettings().interval_s <= 3600


def test_prefect_yaml_has_the_same_deployments(prefect_yaml: dict[str, Any]) -> None:
    assert [told["name"] for told in prefect_yaml["deployments"]] == [deployment.name for deployment in DEPLOYMENTS]
    for told in prefect_yaml["deployments"]:
        deployment = NAMED[told["name"]]
        module, _, function = deployment.entrypoint.partition(":")
        assert told["entrypoint"] == f"{module.replace('.', '/')}.py:{function}"
        assert told["schedules"] == [{"cron": deployment.cron, "timezone": TIMEZONE, "slug": deployment.name}]
        assert told["concurrency_limit"] == {"limit": RUNS_AT_A_TIME, "collision_strategy": deployment.collision}
        assert told["parameters"] == dict(deployment.parameters)
        assert told["description"] == deployment.description
        assert told["tags"] == list(deployment.tags)


def test_prefect_yaml_has_a_work_pool_of_each_kind_and_uses_one(prefect_yaml: dict[str, Any]) -> None:
    pools = prefect_yaml["definitions"]["work_pools"]
    assert set(pools) == {"process", "docker", "kubernetes"}
    assert {str(told["work_pool"]) for told in prefect_yaml["deployments"]} == {str(pools["process"])}
    for kind, pool in pools.items():
        assert pool["name"] == f"press-{kind}"
        heartbeat = pool["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"]
        assert heartbeat == "30", "runs whose process is gone are told by it"
    images = {pools[kind]["job_variables"]["image"] for kind in ("docker", "kubernetes")}
    assert images == {"press-warehouse:latest"}


def test_the_brief_comes_after_the_discovery_of_its_day() -> None:
    async def first(name: str) -> datetime:
        from prefect.server.schemas.schedules import CronSchedule as Cron

        dates = await Cron(cron=NAMED[name].cron, timezone=TIMEZONE).get_dates(1, datetime(2025, 6, 1, tzinfo=UTC))
        return dates[0]

    discovered, briefed = asyncio.run(first("discover")), asyncio.run(first("brief"))
    assert re.fullmatch(r"2025-06-01 01:00:00\+00:00", str(discovered.astimezone(UTC)))
    assert discovered < briefed
