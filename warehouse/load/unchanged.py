"""Whether digests that are read again say just what is stored of them."""

import duckdb

from warehouse.load.staged_tables import create_staged_tables
from warehouse.stage.digests import Staging

SAID = """
source_file_key, byte_start, byte_end, release_key, content_key, title, url, listed_date_key,
dated_lines_in_body::bigint
"""
"""What a listing says that may be read otherwise another time."""


def is_unchanged(con: duckdb.DuckDBPyConnection, staging: Staging) -> bool:
    """Whether digests read again gave just what is stored of them."""
    is_any_new = any(part.new_contents for part in staging.parts)
    if is_any_new or any(digest.first_seen_at is None for digest in staging.digests):
        return False
    create_staged_tables(con, staging, None)
    listed = f"select count(*), sum(hash({SAID})) from"
    again = f"{listed} staged_listing" if staging.files("listing") else "select 0, null::hugeint"
    same = con.execute(
        f"""
        select
            not exists (
                {again}
                except
                {listed} fact_listing where source_file_key in (select source_file_key from staged_file)
            )
            and not exists (
                select source_file_key, listings, headers, rejects, blank_bytes from staged_file
                except
                select source_file_key, listings, headers, rejects, blank_bytes from source_file
            )
        """
    ).fetchone()
    return same == (True,)
