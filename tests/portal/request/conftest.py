"""The portal with the seed's releases, and a run of the client against it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.portal_releases import seed_releases
from tests.desk.portal_run import Run
from tests.desk.portal_server import Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal(seed_releases()) as portal:
        yield portal


@pytest.fixture
def run(portal: Portal, tmp_path: Path) -> Run:
    return Run(portal, tmp_path / "portal.pace")
