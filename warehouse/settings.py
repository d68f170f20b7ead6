"""Settings: `PRESS_*` environment variables, or the same names in a `.env` file at the project's root.

Read with python-dotenv into a frozen dataclass: importing pydantic-settings takes as long as a small load.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dotenv import dotenv_values

from warehouse.errors import UsageError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much of the machine a load may use."""

    warehouse: Path = PROJECT / "data" / "warehouse.duckdb"
    """`PRESS_WAREHOUSE`: the DuckDB file. The archive, the published copy and staging lie in its folder."""
    seeds: Path = PROJECT / "seeds"
    """`PRESS_SEEDS`: the folder with the reference rows."""
    memory_limit_mb: int = 512
    """`PRESS_MEMORY_LIMIT_MB`: what DuckDB may use; the process itself takes about 150 MB more."""
    threads: int = 0
    """`PRESS_THREADS`: threads DuckDB may use; 0 means one for each core."""
    lock_timeout_s: float = 0.0
    """`PRESS_LOCK_TIMEOUT_S`: how long to wait for another writer before giving up."""

    @property
    def home(self) -> Path:
        """The folder that everything lies in."""
        return self.warehouse.parent

    @property
    def digests(self) -> Path:
        """Every digest loaded, as received, named by its SHA-256."""
        return self.home / "archive" / "digests"

    @property
    def references(self) -> Path:
        """Every state of the reference rows that a load used, named by its SHA-256."""
        return self.home / "archive" / "reference"

    @property
    def loads(self) -> Path:
        """One JSON file for each load that went into this warehouse: what `press rebuild` replays."""
        return self.home / "archive" / "loads" / self.warehouse.name

    @property
    def published(self) -> Path:
        """The read-only copy for analysts."""
        return self.home / "published" / self.warehouse.name

    @property
    def staging(self) -> Path:
        """Where a load keeps its files while it runs."""
        return self.home / "staging" / self.warehouse.name

    @property
    def lock(self) -> Path:
        """The file whose lock the one writer holds."""
        return self.warehouse.with_name(self.warehouse.name + ".lock")

    def at(self, warehouse: Path | None) -> "Settings":
        """The same settings for another warehouse file; None changes nothing."""
        return self if warehouse is None else replace(self, warehouse=warehouse.expanduser().absolute())


def load_settings(environ: Mapping[str, str] = os.environ, env_file: Path = PROJECT / ".env") -> Settings:
    """Settings from the environment, then from `env_file`, then the defaults.

    Raises UsageError for a value that cannot be read, with its name.
    """
    values = {**{k: v for k, v in dotenv_values(env_file).items() if v is not None}, **environ}
    default = Settings()

    def number(name: str, fallback: float) -> float:
        try:
            value = float(values.get(name) or fallback)
        except ValueError:
            raise UsageError(f"{name} is “{values[name]}”, which is no number.") from None
        if value < 0:
            raise UsageError(f"{name} is {values[name]}; it cannot be negative.")
        return value

    def path(name: str, fallback: Path) -> Path:
        return Path(values.get(name) or fallback).expanduser().absolute()

    return Settings(
        warehouse=path("PRESS_WAREHOUSE", default.warehouse),
        seeds=path("PRESS_SEEDS", default.seeds),
        memory_limit_mb=int(number("PRESS_MEMORY_LIMIT_MB", default.memory_limit_mb)),
        threads=int(number("PRESS_THREADS", default.threads)),
        lock_timeout_s=number("PRESS_LOCK_TIMEOUT_S", default.lock_timeout_s),
    )
