"""Fixtures that many tests need, and how the suite runs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.desk.digests import SEED
from tests.desk.order import (  # noqa: F401 - hooks
    pytest_collection_modifyitems,
    pytest_ignore_collect,
    pytest_xdist_make_scheduler,
)
from tests.desk.prefect_server import run_server
from tests.desk.warehouse import Desk

# How long an example takes is the machine's affair.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Prefect server for flows and clients of this process, which files share (see order.py); gives its log."""
    with run_server(tmp_path_factory.mktemp("prefect")) as log:
        yield log


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
