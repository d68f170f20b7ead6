"""Who runs: the command line of each contestant, and how its warehouse is read for checking.

This is the one place that knows what the pipeline's command and tables are called.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
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


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to build the warehouse; `command` takes (warehouse, as_of, digests, options)."""

    name: str
    label: str
    command: Callable[[Path, str, Sequence[Path], Sequence[str]], list[str]]
    releases_sql: str
    rejects_sql: str | None = None
    environment: dict[str, str] = field(default_factory=dict)


def press(executable: Path) -> Contestant:
    """Our own pipeline through its command line."""

    def command(warehouse: Path, as_of: str, digests: Sequence[Path], options: Sequence[str]) -> list[str]:
        files = [str(path) for path in digests]
        return [str(executable), "ingest", *files, "--warehouse", str(warehouse), "--as-of", as_of, *options]

    return Contestant("press", "press (this project)", command, OUR_RELEASES, OUR_REJECTS)


def peer(name: str, label: str, python: Path, script: str, *fixed: str) -> Contestant:
    """A peer's script, with its fixed options, run by the Python of the peers' own environment."""

    def command(warehouse: Path, as_of: str, digests: Sequence[Path], options: Sequence[str]) -> list[str]:
        timestamp = as_of.replace("T", " ").removesuffix("Z")
        head = [
            str(python),
            str(HERE / "peers" / script),
            "--warehouse",
            str(warehouse),
            "--as-of",
            timestamp,
        ]
        return [*head, *fixed, *options, *(str(path) for path in digests)]

    quiet = {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    return Contestant(name, label, command, PEER_RELEASES, environment=quiet)


def peers(python: Path) -> list[Contestant]:
    """All peers, or none where their environment has not been made."""
    if not python.exists():
        return []
    return [
        peer("dlt_dbt", "dlt (Arrow) + dbt-duckdb", python, "dlt_dbt.py"),
        peer("dlt_dicts", "dlt (dicts)", python, "dlt_dicts.py"),
        peer("pandas", "pandas script", python, "pandas_script.py"),
        peer("pandas_plain", "pandas script, texts unread", python, "pandas_script.py", "--plain"),
    ]


def read_answers(warehouse: Path) -> list[str]:
    """The command that reads the archive of answers beside a warehouse, and loads it."""
    return [sys.executable, str(HERE / "read_answers.py"), str(warehouse)]


def parse_only(digests: Sequence[Path]) -> list[str]:
    """The command that parses and nothing else."""
    return [sys.executable, str(HERE / "parse_only.py"), *(str(path) for path in digests)]
