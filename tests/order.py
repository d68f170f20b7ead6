"""Which tests go to which worker of xdist, and when: conftest.py takes these hooks from here."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, Scheduling

LONGEST = """
    test_serve test_ui
    test_flow test_brief_flow test_settle
    test_automations test_operations_doc test_crash test_docs test_portal_crash
    test_brief test_vanished test_quality test_maintain test_portal_runs test_digest_laws test_laws test_replay
    test_refetch test_cli test_rebuild test_portal_archive_losses test_portal_relations test_portal_archive
""".split()
"""Files that begin before all others, so that no worker is left alone with one of them at the end."""

OF_ONE_SERVER = {f"tests/{name}.py" for name in ("test_flow", "test_brief_flow", "test_settle")}
"""Files whose flows run at one server, so that one worker gets them all."""


class Sharing(LoadFileScheduling):
    """A worker gets whole files, and all of those that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "of one server" if file in OF_ONE_SERVER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    return Sharing(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))
