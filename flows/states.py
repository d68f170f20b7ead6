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
from warehouse.portal.visits.tally import Tally
from warehouse.report import headline
from warehouse.report.headline import Headline
from warehouse.report.output import visible
from warehouse.report.refetch_summary import summary as summary_of_pages
from warehouse.report.summary import summary
from warehouse.runs.load_run import Report
from warehouse.runs.watch import watch_idle
from warehouse.settings import Settings

FAILING, RECOVERED = "press.quality.failing", "press.quality.recovered"

RECOVERY_TOLD_FOR = timedelta(days=2)
"""How long after a check recovered its event is emitted again: it is told once, and no lost event hides it."""


def end_ingest(report: Report, settings: Settings, failure: PressError | None = None) -> State[Any]:
    """The state in which a run that ingested digests ends; `failure` is what stopped it."""
    told = _failed(failure) if failure else headline.of_ingest(report)
    _show(lambda: artifacts.of_ingest(report, settings, told))
    is_failed = failure is not None or bool(report.refused) or told.is_lost
    return _ended(report, told, is_failed=is_failed, data=None if failure else summary(report))


def end_pages(report: Report, fetched: Tally, settings: Settings, failure: PressError | None = None) -> State[Any]:
    """The state in which a run that asked gov.kz ends; one that was let see nothing ends with a warning."""
    told = _failed(failure) if failure else headline.of_pages(report, report.message)
    _show(lambda: artifacts.of_refetch(report, fetched, settings, told))
    is_failed = failure is not None or told.is_lost
    return _ended(report, told, is_failed=is_failed, data=None if failure else summary_of_pages(report, fetched))


def end_idle(said: str, settings: Settings, as_of: datetime | str | None = None) -> State[Any]:
    """The state of a run for which nothing had arrived, which may be what is wrong.

    Raises PressError for a warehouse that cannot be used: that is no matter of what arrives.
    """
    report = Report(str(uuid4()), utc(as_of), settings.warehouse, settings.published, str(runtime.flow_run.id))
    report.status, report.message = "unchanged", said
    told = Headline(said, is_lost=False, is_warning=False)
    refuse_lost(settings)
    try:
        watch_idle(settings, report)
    except WarehouseLocked as error:
        # Another writer is at work, and looks at the same things when it is done.
        get_run_logger().info("The checks were not looked at: %s", visible(str(error)))
    else:
        told = headline.of_idle(said, report)
        _show(lambda: artifacts.of_quality(report))
        if told.is_warning:
            # What last came long ago would stand there as just heard of.
            _show(lambda: artifacts.of_freshness(settings, report.as_of))
    return _ended(report, told, is_failed=False, data=None)


def end_nothing_yet(said: str, settings: Settings) -> State[Any]:
    """The state of a run that has nothing to do before something is loaded; raises PressError where that is lost."""
    refuse_lost(settings)
    tag("unchanged")
    return Completed(message=said)


def with_warning(state: State[Any], warning: str) -> State[Any]:
    """The state of a run that completed, with a warning before its message."""
    if state.is_completed() and warning:
        tag("warning")
        get_run_logger().warning("%s", visible(warning))
        state.message = visible(
            f"{headline.WARNING} {warning} {str(state.message).removeprefix(headline.WARNING).strip()}"
        )
    return state


def _failed(failure: PressError) -> Headline:
    reason = visible(str(failure))
    get_run_logger().error("The run failed: %s", reason)
    get_run_logger().debug("Where it failed:", exc_info=failure)
    return Headline(reason, is_lost=False, is_warning=False)


def _ended(report: Report, told: Headline, *, is_failed: bool, data: str | None) -> State[Any]:
    emit_quality(report)
    if told.is_warning:
        get_run_logger().warning("%s", visible(told.sentence))
    tag("failed" if is_failed else "warning" if told.is_warning else report.status)
    message = visible(told.sentence)
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


def emit_quality(report: Report) -> None:
    """Emit an event for each check that is failing, and for each that recovered a short while ago.

    Both come again with every run, for an event may be lost; automations tell each of them once, by its moment.
    """
    for state in report.states:
        is_fresh = report.as_of - state.since <= RECOVERY_TOLD_FOR
        if state.outcome == "failing":
            event, said = FAILING, f"{visible(state.sentence)} {visible(state.detail)}"
        elif state.was_failing and is_fresh:
            event, said = RECOVERED, f"It passes again: {visible(state.sentence)}"
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
            payload={"said": said, "rows": state.offending},
        )
