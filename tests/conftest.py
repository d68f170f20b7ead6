"""Fixtures that many tests need, and how the suite runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings

from tests.desk.digests import SEED
from tests.desk.order import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 - hooks
from tests.desk.warehouse import Desk

# How long an example takes is the machine's affair.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Prefect server for flows that are run in this process. Files that want it share it: see order.py."""
    # They are not there yet where only other tests run: importing them takes two seconds.
    import prefect.testing.utilities
    from prefect.testing.utilities import prefect_test_harness

    from tests.desk.prefect_database import put_database

    # The harness makes a folder and a new database in it; so it finds one that has its tables already.
    folder = put_database(tmp_path_factory.mktemp("prefect"), "prefect-test.db")
    with (
        patch.object(prefect.testing.utilities, "mkdtemp", lambda: str(folder)),
        prefect_test_harness(server_startup_timeout=120),
    ):
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


@pytest.fixture
def seeded(desk: Desk, seed_loaded: Path) -> Desk:
    """The desk with the seed loaded."""
    shutil.copytree(seed_loaded, desk.folder, dirs_exist_ok=True)
    return desk


@pytest.fixture(scope="session")
def seed_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with the seed loaded, to be copied."""
    folder = tmp_path_factory.mktemp("seed_loaded")
    Desk.at(folder).load(SEED)
    return folder
