"""What faults need of their surroundings: a clock that can be set, a disk that can be filled, a PostgreSQL server."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.drills.stage import CLOCK


def set_clock(folder: Path, hours: int) -> None:
    """Say how far the clock of a stage's processes is ahead of the machine's."""
    with (folder / CLOCK).open("r+b") as file:
        file.write(struct.pack("=q", 3600 * hours))


def clock_environment(folder: Path) -> dict[str, str]:
    """What processes are started with so that their clock can be set. Raises FileNotFoundError without a C compiler."""
    library = folder / "clock.so"
    source = Path(__file__).with_name("clock.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(source)], check=True)
    (folder / CLOCK).write_bytes(bytes(8))
    return {"LD_PRELOAD": str(library), "DRILL_CLOCK": str(folder / CLOCK)}


@contextmanager
def small_disk(folder: Path, megabytes: int = 256) -> Iterator[Path]:
    """A disk of its own that a drill may fill, mounted at `folder`. Raises PermissionError where nobody is root."""
    folder.mkdir()
    if os.geteuid() != 0:
        raise PermissionError("only root may mount a small disk")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "drill", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Postgres:
    """A PostgreSQL server of its own, in a folder of its own; a context manager."""

    def __init__(self, folder: Path, port: int) -> None:
        controls = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
        control = str(controls[-1]) if controls else shutil.which("pg_ctl")
        if control is None:
            raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
        self.binaries, self.folder, self.port = Path(control).parent, folder, port
        self.url = f"postgresql://press@127.0.0.1:{port}/prefect"

    def __enter__(self) -> Self:
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "--auth=trust", "--username=press", "-D", str(self.folder / "db"))
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "press", "prefect")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop("immediate")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{self.folder}'"
        self._run("pg_ctl", "-w", "-D", str(self.folder / "db"), "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, how: str) -> None:
        """Stop it: `fast` ends connections in order, `immediate` as a power cut does."""
        self._run("pg_ctl", "-w", "-D", str(self.folder / "db"), "-m", how, "stop")

    def _run(self, name: str, *arguments: str) -> None:
        # PostgreSQL refuses to be root.
        person: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        command = [str(self.binaries / name), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **person)
