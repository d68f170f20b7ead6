"""Confinement: what SQL that somebody types may reach, which is the open database and nothing else."""

from pathlib import Path

import duckdb

from warehouse.database.sql import literal


def confine(con: duckdb.DuckDBPyConnection, folder: Path | None = None) -> None:
    """Let a read-only connection read and write no file but its database's and those of `folder`, for good.

    What does not fit into memory goes to `folder` too, for the reader of a copy may not write beside it.

    No file, address, extension or variable of Python can be named in its SQL then, and no setting can be changed. Its
    errors are JSON, which has their place. Timestamps with a zone are in UTC.
    """
    settings = {"temp_directory": literal(folder.absolute() / "spill")} if folder else {}
    settings |= {
        "timezone": "'UTC'",
        "errors_as_json": "true",
        "python_enable_replacements": "false",
        "allowed_directories": f"[{literal(folder.absolute())}]" if folder else "[]",
        "enable_external_access": "false",
        "lock_configuration": "true",
    }
    for name, value in settings.items():
        con.execute(f"set {name} = {value}")
