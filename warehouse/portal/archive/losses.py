"""What the archive of answers had and has no more, by what the warehouse loaded from it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb

from warehouse.database.sql import literal_files


class Loss(NamedTuple):
    """A file of the archive that is not what it was: its bytes now, None where it is missing, and those loaded."""

    file: str
    bytes: int | None
    bytes_loaded: int

    @property
    def sentence(self) -> str:
        """What is lost."""
        if self.bytes is None:
            return f"The file is missing, and {self.bytes_loaded:,} bytes of it were loaded."
        return f"The file ends here, and {self.bytes_loaded:,} bytes of it were loaded: the rest was cut off since."


def losses(folder: Path, loaded: Mapping[str, int]) -> list[Loss]:
    """The files that are missing, or shorter than what was loaded of them (bytes by name)."""
    found = []
    for file, bytes_loaded in sorted(loaded.items()):
        path = folder / file
        size = path.stat().st_size if path.is_file() else None
        if bytes_loaded > (size or 0):
            found.append(Loss(file, size, bytes_loaded))
    return found


def note_attempts(con: duckdb.DuckDBPyConnection) -> None:
    """Keep in the temporary table `attempt_before` where the attempts of the warehouse are archived."""
    con.execute("create or replace temp table attempt_before as select distinct warc_file, warc_offset from fact_fetch")


def lost_attempts(con: duckdb.DuckDBPyConnection, staged: list[Path]) -> dict[str, int]:
    """How many attempts of `attempt_before` the staged files of fetches lack, by file of the archive."""
    again = f"select warc_file, warc_offset from read_parquet({literal_files(staged)})" if staged else ""
    but = f"where (warc_file, warc_offset) not in ({again})" if again else ""
    found = con.execute(f"select warc_file, count(*) from attempt_before {but} group by all order by all")
    return dict(found.fetchall())
