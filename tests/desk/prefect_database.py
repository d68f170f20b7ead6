"""Prefect's database with all its tables and no row: a server that finds it begins in half the time.

A server makes them by some ninety migrations. They are made once, and kept beside pytest's cache, for each version of
Prefect. What begins with a server on a new machine is for `make run` and `make serve` to show, in test_docs.py and
test_operations_doc.py.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from warehouse.settings import PROJECT

MADE = PROJECT / ".pytest_cache" / f"prefect-{version('prefect')}.db"

MAKE = """
import asyncio
from prefect.server.database import provide_database_interface
asyncio.run(provide_database_interface().create_db())
"""


def put_database(folder: Path, name: str = "prefect.db") -> Path:
    """Put a copy into a folder, which is made, where no file has that name yet; returns the folder."""
    MADE.parent.mkdir(exist_ok=True)
    with FileLock(MADE.with_suffix(".lock")):
        if not MADE.exists():
            _make()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).exists():
        shutil.copyfile(MADE, folder / name)
    return folder


def _make() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with TemporaryDirectory(dir=MADE.parent) as home:
        subprocess.run([sys.executable, "-c", MAKE], env=kept | {"PREFECT_HOME": home}, check=True, capture_output=True)
        os.replace(Path(home) / "prefect.db", MADE)
