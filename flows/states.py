"""How a run ends: its state with a sentence, its artifacts, its tags, and the events of automations."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from prefect import get_run_logger, runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.events import emit_event
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Completed, Failed

from flows import artifacts
from warehouse.clock import day_and_time, utc
from warehouse.errors import PressError, WarehouseLocked
from warehouse.intake.archive import refuse_lost
from warehouse.report.summary import WARNING, Headline, headline, idle_headline, summary
from warehouse.report.text import message, visible
from warehouse.runs.load_run import LoadRun
from warehouse.runs.watch import watch_idle
from warehouse.settings import Settings

FAILING, RECOVERED = "press.quality.failing", "press.quality.recovered"

RECOVERY_EMITTED_FOR = timedelta(days=2)
"""How long runs emit the event of a recovery, in case one is lost; automations send it once."""


def end(load_run: LoadRun, settings: Settings, failure: PressError | None = None) -> State[Any]:
    """The state in which a run ends; `failure` is what stopped it.

    A run at gov.kz to which the portal showed no page completes with a warning.
    """
    line = Headline(_log_failure("The run failed", failure)) if failure else headline(load_run)
    _try(lambda: artifacts.of_run(load_run, settings, line))
    is_failed = failure is not None or bool(load_run.refusals) or line.is_lost
    return _end(load_run, line, is_failed=is_failed, data=None if failure else summary(load_run))


def end_idle(sentence: str, settings: Settings, as_of: datetime | str | None = None) -> State[Any]:
    """The state of a run without new files, which may be a problem itself.

    Raises PressError for a warehouse that cannot be used.
    """
    run_id, flow_run_id = str(uuid4()), str(runtime.flow_run.id)
    load_run = LoadRun(run_id, utc(as_of), settings.warehouse, settings.published, flow_run_id)
    load_run.status, load_run.message = "unchanged", sentence
    line = Headline(sentence)
    refuse_lost(settings)
    try:
        watch_idle(settings, load_run)
    except WarehouseLocked as error:
        # The other writer runs the same checks at its end.
        get_run_logger().info("The checks were not looked at: %s", message(error))
    else:
        line = idle_headline(sentence, load_run)
        _try(lambda: artifacts.of_quality(load_run))
        if line.is_warning:
            # The artifact of the last load shows the late source as just heard of.
            _try(lambda: artifacts.of_freshness(settings, load_run.as_of))
    return _end(load_run, line, is_failed=False, data=None)


def end_nothing_yet(sentence: str, settings: Settings) -> State[Any]:
    """The state of a run with nothing to do until a digest is loaded; raises PressError where the warehouse is lost."""
    refuse_lost(settings)
    tag("unchanged")
    return Completed(message=sentence)


def fail(action: str, failure: PressError, before: str = "") -> State[Any]:
    """The state of a run that could not go on; its message is the reason, after what `before` says was done."""
    reason = _log_failure(action, failure)
    tag("failed")
    return Failed(message=message(f"{reason} {before}".strip()))


def warn(state: State[Any], warning: str) -> State[Any]:
    """The state of a run that completed, with a warning before its message; unchanged without one."""
    if state.is_completed() and warning:
        tag("warning")
        get_run_logger().warning("%s", message(warning))
        state.message = message(f"{WARNING} {warning} {str(state.message).removeprefix(WARNING).strip()}")
    return state


def _log_failure(action: str, failure: PressError) -> str:
    """Log what failed and why; returns the reason as text for a state."""
    reason = message(failure)
    get_run_logger().error("%s: %s", action, reason)
    get_run_logger().debug("Where it failed:", exc_info=failure)
    return reason


def _end(load_run: LoadRun, line: Headline, *, is_failed: bool, data: str | None) -> State[Any]:
    emit_quality(load_run)
    sentence = message(line.sentence)
    if line.is_warning:
        get_run_logger().warning("%s", sentence)
    tag("failed" if is_failed else "warning" if line.is_warning else load_run.status)
    return Failed(message=sentence, data=data) if is_failed else Completed(message=sentence, data=data)


def _try(write: Callable[[], None]) -> None:
    """Write something for the UI; a run does not fail because the server does not answer."""
    try:
        write()
    except (httpx.TransportError, PrefectHTTPStatusError) as error:
        get_run_logger().warning("The Prefect server did not take an artifact or a tag: %s", type(error).__name__)


def tag(outcome: str) -> None:
    """Tag the run with its outcome, because lists of runs in the UI show and filter tags, not messages."""
    _try(lambda: _tag(outcome))


def _tag(outcome: str) -> None:
    with get_client(sync_client=True) as client:
        client.update_flow_run(runtime.flow_run.id, tags={*runtime.flow_run.tags, outcome})


def emit_quality(load_run: LoadRun) -> None:
    """Emit an event for each failing check, and for each that recovered a short while ago.

    Every run emits them again, because an event may be lost; automations send each once, by its moment.
    """
    for state in load_run.states:
        is_fresh = load_run.as_of - state.since <= RECOVERY_EMITTED_FOR
        if state.outcome == "failing":
            event, sentence = FAILING, f"{visible(state.sentence)} {visible(state.detail)}"
        elif state.was_failing and is_fresh:
            event, sentence = RECOVERED, f"It passes again: {visible(state.sentence)}"
        else:
            continue
        emit_event(
            event=event,
            resource={
                "prefect.resource.id": f"press.check.{state.name}",
                "prefect.resource.name": state.name,
                "press.since": f"{state.since:%Y-%m-%d %H:%M:%S.%f} UTC",
            },
            related=[
                {"prefect.resource.id": f"prefect.flow-run.{runtime.flow_run.id}", "prefect.resource.role": "flow-run"}
            ],
            payload={"sentence": sentence, "rows": state.offending, "since": day_and_time(state.since)},
        )
