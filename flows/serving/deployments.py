"""The deployments of `prefect.yaml`, as processes of this machine run them: what runs when, with which parameters."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.callables import parameter_schema
from pydantic import ConfigDict, TypeAdapter, ValidationError

from warehouse.errors import UsageError
from warehouse.project import SHIPPED

DEFINITIONS = SHIPPED / "prefect.yaml"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One entry of `deployments` in `prefect.yaml`, in Prefect's own terms; `entrypoint` is `path/to/file.py:function`.

    Of `concurrency_limit`, `collision_strategy` says what becomes of a run that is due while another one runs:
    `CANCEL_NEW` where the next one does the same work anyhow, `ENQUEUE` where it must not be lost.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: str
    entrypoint: str
    description: str
    tags: Sequence[str]
    parameters: Mapping[str, Any]
    schedules: Sequence[Mapping[str, Any]]
    concurrency_limit: Mapping[str, Any]

    def flow(self) -> Flow[..., Any]:
        """The flow that it runs. Raises UsageError where the entry point names none."""
        path, _, function = self.entrypoint.partition(":")
        try:
            flow = getattr(import_module(path.removesuffix(".py").replace("/", ".")), function)
        except (ImportError, AttributeError, ValueError):
            flow = None
        if not isinstance(flow, Flow):
            raise self._wrong(f"entrypoint is “{self.entrypoint}”, which is no flow; write path/to/file.py:function.")
        return flow

    def _wrong(self, words: str) -> UsageError:
        return UsageError(f"{DEFINITIONS.name}, deployment “{self.name}”: {words}")

    def version(self) -> str:
        """A short hash of the definition and of the flow's parameters: another version is another definition."""
        definition = asdict(self) | {"schema": parameter_schema(self.flow()).model_dump(mode="json")}
        return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()[:12]

    def to_serve(self) -> "ServedDeployment":
        """The deployment as Prefect's runner takes it. Raises UsageError where Prefect cannot."""
        flow, version = self.flow(), self.version()
        try:
            deployment = ServedDeployment.from_flow(
                flow,
                self.name,
                schedules=[Schedule(**schedule) for schedule in self.schedules],
                concurrency_limit=ConcurrencyLimitConfig.model_validate(self.concurrency_limit),
                parameters=dict(self.parameters),
                description=self.description,
                tags=list(self.tags),
                version=version,
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
        except ValidationError as error:
            raise self._wrong(_first(error)) from error
        except (TypeError, ValueError) as error:
            raise self._wrong(f"{error}.") from error
        assert isinstance(deployment, ServedDeployment)
        # Explicit, so that a deployment that once had a work pool leaves it.
        deployment.work_pool_name = None
        return deployment


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


def deployments(definitions: Path = DEFINITIONS) -> list[Deployment]:
    """All of them, in the order of the file; only work pools need its other parts.

    Raises UsageError with the file, the deployment and what is wrong with it.
    """
    try:
        content = yaml.safe_load(definitions.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{definitions} cannot be read: {' '.join(str(error).split())}.") from error
    entries = content.get("deployments") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise UsageError(f"{definitions} has no list of deployments.")
    return [_deployment(entry, definitions, number) for number, entry in enumerate(entries, start=1)]


def _deployment(entry: object, definitions: Path, number: int) -> Deployment:
    name = entry.get("name") if isinstance(entry, dict) else None
    own = {key: value for key, value in entry.items() if key != "work_pool"} if isinstance(entry, dict) else entry
    try:
        return TypeAdapter(Deployment).validate_python(own)
    except ValidationError as error:
        where = f"deployment “{name}”" if name else f"deployment {number}"
        raise UsageError(f"{definitions.name}, {where}: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, with the field where there is one."""
    wrong = error.errors()[0]
    field = ".".join(map(str, wrong["loc"]))
    return f"{field}: {wrong['msg']}." if field else f"{wrong['msg']}."
