"""The deployments: what runs when, with which parameters; `prefect.yaml` has the same ones."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.callables import parameter_schema

TIMEZONE = "Asia/Almaty"
"""The zone of every schedule: Kazakhstan's."""

RUNS_AT_A_TIME = 1
"""How many runs a deployment may have at a time: each of them writes the warehouse, or a page of its own."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One flow on a schedule.

    `entrypoint` is `module:function`, `cron` is in `TIMEZONE`. `collision` says what becomes of a run that is due while
    another one runs: `CANCEL_NEW` where the next one does the same work anyhow, `ENQUEUE` where it must not be lost.
    """

    name: str
    entrypoint: str
    cron: str
    description: str
    collision: Literal["CANCEL_NEW", "ENQUEUE"]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    def flow(self) -> Flow[..., Any]:
        """The flow that it runs."""
        module, _, function = self.entrypoint.partition(":")
        found = getattr(import_module(module), function)
        assert isinstance(found, Flow)
        return found

    def version(self) -> str:
        """A short hash of all that is defined here and of the flow's parameters: another one is another definition."""
        defined = {
            "entrypoint": self.entrypoint,
            "cron": [self.cron, TIMEZONE],
            "description": self.description,
            "collision": self.collision,
            "parameters": dict(self.parameters),
            "tags": self.tags,
            "schema": parameter_schema(self.flow()).model_dump(mode="json"),
        }
        return hashlib.sha256(json.dumps(defined, sort_keys=True).encode()).hexdigest()[:12]

    def served(self) -> "ServedDeployment":
        """The deployment as Prefect's runner takes it, to be run by processes of this machine."""
        made = ServedDeployment.from_flow(
            self.flow(),
            self.name,
            schedule=Cron(self.cron, timezone=TIMEZONE, slug=self.name),
            concurrency_limit=ConcurrencyLimitConfig(
                limit=RUNS_AT_A_TIME, collision_strategy=ConcurrencyLimitStrategy(self.collision)
            ),
            parameters=dict(self.parameters),
            description=self.description,
            tags=list(self.tags),
            version=self.version(),
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        assert isinstance(made, ServedDeployment)
        # Told explicitly, so that a deployment that once had a work pool leaves it.
        made.work_pool_name = None
        return made


class ServedDeployment(RunnerDeployment):
    """A deployment that is written to the server only where its definition is new.

    What people change in the UI (parameters, schedules, pauses) stays until the definition changes.
    """

    async def aapply(self, *args: Any, **kwargs: Any) -> UUID:
        """Create or update the deployment, unless the server has it in this version; returns its id."""
        async with get_client() as client:
            try:
                known = await client.read_deployment_by_name(self.full_name)
            except ObjectNotFound:
                known = None
        if known is not None and known.version == self.version and known.work_pool_name is None:
            return known.id
        return await super().aapply(*args, **kwargs)


DEPLOYMENTS = (
    Deployment(
        "ingest-inbox",
        "flows.inbox:ingest_inbox",
        "*/15 * * * *",
        "New digests of the inbox, every 15 minutes. They are moved out of it once they are in the warehouse.",
        "CANCEL_NEW",
        {"refetch": False},
        ("writes-warehouse",),
    ),
    Deployment(
        "refetch-due",
        "flows.refetch:refetch",
        "7 * * * *",
        "Pages of gov.kz that are due, hourly: so many that at one request a second they are done within the hour.",
        "CANCEL_NEW",
        {"only": "due", "limit": 1000},
        ("asks-gov.kz", "writes-warehouse"),
    ),
    Deployment(
        "discover",
        "flows.refetch:discover",
        "0 6 * * *",
        "Newest releases of all publishers on gov.kz, daily at six: those that no digest named are loaded.",
        "ENQUEUE",
        {"publishers": []},
        ("asks-gov.kz", "writes-warehouse"),
    ),
    Deployment(
        "brief",
        "flows.brief:brief",
        "0 8 * * *",
        "The brief of the day before, daily at eight.",
        "ENQUEUE",
        {},
        ("reads-warehouse",),
    ),
    Deployment(
        "maintain",
        "flows.maintain:maintain",
        "30 3 * * 0",
        "Upkeep, on Sundays: published copy and archive are verified, a backup is made and tried, old runs go.",
        "ENQUEUE",
        {},
        ("writes-warehouse",),
    ),
)
"""All of them, in the order in which they are told of."""
