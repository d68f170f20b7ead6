"""How a run ends: its state with a sentence, its artifacts, its tags, and the events that automations wait for."""

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
from warehouse.clock import utc
from warehouse.errors import PressError, WarehouseLocked
from warehouse.intake.archive import refuse_lost
from warehouse.report.summary import WARNING, Headline, headline, idle_headline, summary
from warehouse.report.text import visible
from warehouse.runs.load_run import LoadRun
from warehouse.runs.watch import watch_idle
from warehouse.settings import Settings

FAILING, RECOVERED = "press.quality.failing", "press.quality.recovered"

RECOVERY_TOLD_FOR = timedelta(days=2)
"""How long after a check recovered its event is emitted again: it is told once, and no lost event hides it."""


def end(load_run: LoadRun, settings: Settings, failure: PressError | None = None) -> State[Any]:
    """The state in which a run ends; `failure` is what stopped it.

    A run at gov.kz that was let see nothing completes with a warning.
    """
    line = _failed(failure) if failure else headline(load_run)
    _show(lambda: artifacts.of_run(load_run, settings, line))
    is_failed = failure is not None or bool(load_run.refused) or line.is_lost
    return _end(load_run, line, is_failed=is_failed, data=None if failure else summary(load_run))


def end_idle(sentence: str, settings: Settings, as_of: datetime | str | None = None) -> State[Any]:
    """The state of a run for which nothing had arrived, which may be what is wrong.

    Raises PressError for a warehouse that cannot be used: that is no matter of what arrives.
    """
    run_id, flow_run_id = str(uuid4()), str(runtime.flow_run.id)
    load_run = LoadRun(run_id, utc(as_of), settings.warehouse, settings.published, flow_run_id)
    load_run.status, load_run.message = "unchanged", sentence
    line = Headline(sentence)
    refuse_lost(settings)
    try:
        watch_idle(settings, load_run)
    except WarehouseLocked as error:
        # Another writer is at work, and looks at the same things when it is done.
        get_run_logger().info("The checks were not looked at: %s", visible(str(error)))
    else:
        line = idle_headline(sentence, load_run)
        _show(lambda: artifacts.of_quality(load_run))
        if line.is_warning:
            # What last came long ago would stand there as just heard of.
            _show(lambda: artifacts.of_freshness(settings, load_run.as_of))
    return _end(load_run, line, is_failed=False, data=None)


def end_nothing_yet(sentence: str, settings: Settings) -> State[Any]:
    """The state of a run that has nothing to do before something is loaded; raises PressError where that is lost."""
    refuse_lost(settings)
    tag("unchanged")
    return Completed(message=sentence)


def fail(action: str, failure: PressError, before: str = "") -> State[Any]:
    """The state of a run that could not go on: its log says what failed, its message why, `before` it what was done."""
    reason = visible(str(failure))
    get_run_logger().error("%s: %s", action, reason)
    tag("failed")
    return Failed(message=f"{before} {reason}".strip())


def warn(state: State[Any], warning: str) -> State[Any]:
    """The state of a run that completed, with a warning before its message; unchanged without one."""
    if state.is_completed() and warning:
        tag("warning")
        get_run_logger().warning("%s", visible(warning))
        state.message = visible(f"{WARNING} {warning} {str(state.message).removeprefix(WARNING).strip()}")
    return state


def _failed(failure: PressError) -> Headline:
    reason = visible(str(failure))
    get_run_logger().error("The run failed: %s", reason)
    get_run_logger().debug("Where it failed:", exc_info=failure)
    return Headline(reason)


def _end(load_run: LoadRun, line: Headline, *, is_failed: bool, data: str | None) -> State[Any]:
    emit_quality(load_run)
    message = visible(line.sentence)
    if line.is_warning:
        get_run_logger().warning("%s", message)
    tag("failed" if is_failed else "warning" if line.is_warning else load_run.status)
    return Failed(message=message, data=data) if is_failed else Completed(message=message, data=data)


def _show(show: Callable[[], None]) -> None:
    """Show something in the UI; that the server does not answer is no reason for a run to fail."""
    try:
        show()
    except (httpx.TransportError, PrefectHTTPStatusError) as error:
        get_run_logger().warning("The Prefect server did not take what was to be shown: %s", type(error).__name__)


def tag(outcome: str) -> None:
    """Tag the run with its outcome, which lists of runs show and the UI finds all runs by; no message stands there."""
    _show(lambda: _tag(outcome))


def _tag(outcome: str) -> None:
    with get_client(sync_client=True) as client:
        client.update_flow_run(runtime.flow_run.id, tags={*runtime.flow_run.tags, outcome})


def emit_quality(load_run: LoadRun) -> None:
    """Emit an event for each check that is failing, and for each that recovered a short while ago.

    Both come again with every run, for an event may be lost; automations tell each of them once, by its moment.
    """
    for state in load_run.states:
        is_fresh = load_run.as_of - state.since <= RECOVERY_TOLD_FOR
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
            payload={"said": sentence, "rows": state.offending},
        )
