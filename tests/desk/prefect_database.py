"""Prefect's database with all its tables and no row: a server that finds it begins in half the time.

A server makes them by some ninety migrations. They are made once, and kept beside pytest's cache, for each version of
Prefect. That a server begins on a new machine is for `make run` to show, in test_docs.py.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from warehouse.project import PROJECT

TEMPLATE = PROJECT / ".pytest_cache" / f"prefect-{version('prefect')}.db"

CREATE = """
import asyncio
from prefect.server.database import provide_database_interface
asyncio.run(provide_database_interface().create_db())
"""


def put_database(folder: Path) -> Path:
    """Put a copy into a folder, which is made, where no database is yet; returns the folder."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    with FileLock(TEMPLATE.with_suffix(".lock")):
        if not TEMPLATE.exists():
            _create()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "prefect.db").exists():
        shutil.copyfile(TEMPLATE, folder / "prefect.db")
    return folder


def _create() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with TemporaryDirectory(dir=TEMPLATE.parent) as home:
        environ["PREFECT_HOME"] = home
        subprocess.run([sys.executable, "-c", CREATE], env=environ, check=True, capture_output=True)
        os.replace(Path(home) / "prefect.db", TEMPLATE)
