"""Which tests go to which worker of xdist, when, and which are slow: conftest.py takes these hooks from here."""

from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, Scheduling

TESTS = Path(__file__).resolve().parent.parent

OF_ONE_SERVER = (
    *("flows/test_ingest", "flows/test_brief", "flows/serving/test_settle", "flows/serving/test_automations"),
    "house/test_operations_doc",
)
"""Files whose flows run at one server, so that one worker gets them all; the automations act once all others ran."""

LONGEST = (
    *OF_ONE_SERVER,
    *"""
    flows/serving/test_serve flows/serving/test_ui runs/test_crash house/test_docs
    load/test_vanished report/brief/test_brief runs/test_portal_crash check/test_observations publish/test_upkeep
    runs/test_portal_runs digest/test_laws house/test_laws runs/test_replay runs/test_refetch cli/test_main
    runs/test_rebuild portal/archive/test_losses load/test_relations portal/archive/test_warc load/test_portal_edits
    runs/test_discover runs/test_ingest portal/request/test_outcomes portal/request/test_hostile report/test_questions
    drills/test_drills load/test_history house/test_install house/test_tools_doc
    """.split(),
)
"""Files that take long. They begin before all others, so that no worker is left alone with one of them at the end."""


SLOW_FIXTURES = {"prefect_server", "browser"}


class Sharing(LoadFileScheduling):
    """A worker gets whole files, and all of those that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "of one server" if file.removeprefix("tests/").removesuffix(".py") in OF_ONE_SERVER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    return Sharing(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests are left out do not even import them: Prefect alone takes each worker two seconds."""
    return True if config.option.markexpr == "not slow" and _is_slow(collection_path) else None


# First of all hooks, so that `-m` sees the marks.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and put the longest files first."""
    order = {name: place for place, name in enumerate(LONGEST)}
    for item in items:
        if _is_slow(item.path) or SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")
    items.sort(key=lambda item: order.get(_name(item.path), len(order)))


def _is_slow(path: Path) -> bool:
    """Whether a file is among the longest, or about Prefect's flows."""
    return path.suffix == ".py" and (_name(path) in LONGEST or path.is_relative_to(TESTS / "flows"))


def _name(path: Path) -> str:
    return path.relative_to(TESTS).with_suffix("").as_posix()
