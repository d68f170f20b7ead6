"""Who is measured: this project as it is and as it was before, and what a user would assemble instead.

Each is a process of its own, run alike; the others also differ in how command and tables are called.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checkout import PROJECT, environment

HERE = Path(__file__).parent
BEFORE = "ab555075db1777d480cb045a98b984de7c042dd3"
"""The commit that this project is held against: the last one before the work on its speed."""
FIRST_AS_OF, CHANGED_AS_OF = "2025-06-01T00:00:00Z", "2025-06-02T00:00:00Z"
CHANGED_SHARE = 0.01  # of all releases have an edited body in the second set

# Columns: release_code, slug, title, body, first_listed_date_key; one row a release, its newest text.
OUR_RELEASES = """
    select release_code, slug, title, body, first_listed_date_key
    from fact_release
    join dim_publisher using (publisher_key)
    left join dim_text on dim_text.release_key = fact_release.release_key and is_current and origin = 'digest'
"""
OUR_REJECTS = "select reason, count(*) from rejected_record group by reason"
PEER_RELEASES = """
    select release_code, slug, title, body, first_listed_date_key
    from fact_release
    join dim_publisher using (publisher_key)
    left join (
        from dim_text qualify row_number() over (partition by release_key order by valid_from desc) = 1
    ) as newest using (release_key)
"""
QUIET = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to build the warehouse: `head`, then `--warehouse`, `--as-of`, options and digests, build or update it.

    `tree` is the one of this project's that runs; None for others.
    """

    name: str
    label: str
    head: tuple[str, ...]
    releases_sql: str
    rejects_sql: str | None = None
    tree: Path | None = None
    environment: dict[str, str] = field(default_factory=lambda: QUIET)

    def load(self, warehouse: Path, as_of: str, digests: Sequence[Path], *options: str) -> list[str]:
        """The command that loads digests."""
        timestamp = as_of if self.tree else as_of.replace("T", " ").removesuffix("Z")
        fixed = ["--warehouse", str(warehouse), "--as-of", timestamp]
        return [*self.head, *fixed, *options, *(str(path) for path in digests)]


def press(name: str, label: str, executable: Path, tree: Path) -> Contestant:
    """This project through its command line, by the code of `tree`."""
    variables = {**QUIET, **environment(tree)}
    return Contestant(name, label, (str(executable), "ingest"), OUR_RELEASES, OUR_REJECTS, tree, variables)


def peers(python: Path) -> list[Contestant]:
    """All peers, run by the Python of their own environment; none where it has not been made."""
    if not python.exists():
        return []
    return [
        Contestant(name, label, (str(python), str(HERE / "peers" / script), *options), PEER_RELEASES)
        for name, label, script, *options in (
            ("dlt_dbt", "dlt (Arrow) + dbt-duckdb", "dlt_dbt.py"),
            ("dlt_dicts", "dlt (dicts)", "dlt_dicts.py"),
            ("pandas", "pandas script", "pandas_script.py"),
            ("pandas_plain", "pandas script, texts unread", "pandas_script.py", "--plain"),
        )
    ]


def script(tree: Path | None, name: str) -> str:
    """The path of a script of benchmarks/ in a tree: each measures the code beside it."""
    return str((tree or PROJECT) / "benchmarks" / name)


def read_answers(tree: Path | None, warehouse: Path) -> list[str]:
    """The command that reads the archive of answers beside a warehouse, and loads it."""
    return [sys.executable, script(tree, "read_answers.py"), str(warehouse)]


def parse_only(tree: Path | None, digests: Sequence[Path]) -> list[str]:
    """The command that parses and nothing else, on one core."""
    return [sys.executable, script(tree, "parse_only.py"), *(str(path) for path in digests)]


def parse_two(tree: Path | None, digests: Sequence[Path]) -> list[str]:
    """The command that parses and nothing else, on two cores."""
    return [sys.executable, str(HERE / "parse_two.py"), *parse_only(tree, digests)[1:]]
