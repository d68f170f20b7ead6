"""The flow of the brief, run against a real Prefect server: what a person finds in its UI."""

from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

from flows.brief import brief
from tests.desk.warehouse import Desk
from warehouse.database.connection import writing


@pytest.fixture(autouse=True)
def _settings(prefect_server: None, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - runs need it
    monkeypatch.setenv("PRESS_WAREHOUSE", str(desk.settings.warehouse))


def run(**parameters: Any) -> tuple[str, str, str, dict[str, str]]:
    """Name of the run, name and message of its state, and its artifacts by key."""
    ended = brief(**parameters, return_state=True)
    flow_run_id = ended.state_details.flow_run_id
    assert flow_run_id is not None
    with get_client(sync_client=True) as client:
        chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id]))
        artifacts = {str(one.key): str(one.data) for one in client.read_artifacts(artifact_filter=chosen)}
        flow_run = client.read_flow_run(flow_run_id)
    assert flow_run.state is not None
    return flow_run.name, flow_run.state.name, flow_run.state.message or "", artifacts


def test_the_morning_after_it_tells_of_the_day_before(seeded: Desk) -> None:
    name, state, message, artifacts = run(as_of="2025-05-22T03:00:00Z")
    assert name == "2025-05-22 08:00 Almaty · brief of the latest day"
    assert (state, message) == (
        "Completed",
        "Brief of 2025-05-21: 11 releases by 6 publishers; 5 without a body, 1 check warned.",
    )
    assert set(artifacts) == {"brief"}
    assert artifacts["brief"].startswith("# Brief of Wednesday, 21 May 2025")
    page = seeded.settings.home / "briefs" / "2025-05-21.html"
    assert "The page is briefs/2025-05-21.html, beside the warehouse." in artifacts["brief"]
    assert page.exists()


@pytest.mark.usefixtures("seeded")
def test_a_day_that_is_not_over_is_left_for_tomorrow() -> None:
    assert run(as_of="2025-05-21T03:00:00Z")[2].startswith("Brief of 2025-05-20: 9 releases")


@pytest.mark.usefixtures("seeded")
def test_a_day_without_releases_is_the_first_thing_that_the_state_says() -> None:
    _, state, message, _ = run(as_of="2025-05-24T03:00:00Z")
    assert state == "Completed"
    assert message.startswith("Nothing of Friday, 23 May 2025, so the latest day before it. Brief of 2025-05-21: 11")


@pytest.mark.usefixtures("seeded")
def test_it_tells_of_a_day_that_is_named() -> None:
    name, _, message, _ = run(day="2025-05-20", as_of="2025-05-24T03:00:00Z")
    assert name == "2025-05-24 08:00 Almaty · brief of 2025-05-20"
    assert message.startswith("Brief of 2025-05-20: 9 releases")


@pytest.mark.parametrize("is_there", [True, False], ids=["an empty one", "none at all"])
def test_a_warehouse_without_releases_is_a_completed_run_that_says_so(desk: Desk, *, is_there: bool) -> None:
    if is_there:
        with writing(desk.settings, "a test"):
            pass
    _, state, message, artifacts = run()
    assert (state, message[:37]) == ("Completed", "The warehouse holds no release yet: l")
    assert "holds no release yet" in artifacts["brief"]


def test_a_warehouse_that_is_none_is_a_failed_run_that_says_so(desk: Desk) -> None:
    desk.settings.home.mkdir()
    desk.settings.warehouse.write_text("this is no warehouse " * 1000)
    _, state, message, artifacts = run()
    assert state == "Failed"
    assert f"{desk.settings.warehouse} cannot be opened" in message
    assert artifacts == {}
