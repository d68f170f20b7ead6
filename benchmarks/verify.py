"""Hold a warehouse against the truth file of its corpus."""

from __future__ import annotations

from pathlib import Path

import duckdb

from contestants import Contestant

# A restored paragraph break is no difference: the truth hashes bodies without line feeds.
COMPARISON = """
with found as (
    select
        release_code, slug, title, strptime(first_listed_date_key::varchar, '%Y%m%d')::date as first_listed,
        sha256(replace(body, chr(10), '')) as body_sha256
    from ({releases}) as releases
),
truth as (from read_parquet($truth))
select
    count(truth.release_code) as expected,
    count(found.release_code) as releases,
    count(*) filter (found.release_code is null) as missing,
    count(*) filter (truth.release_code is null) as surplus,
    count(found.body_sha256) as with_body,
    count(*) filter (found.body_sha256 is distinct from truth.body_sha256) as wrong_bodies,
    count(*) filter (found.title is distinct from truth.title) as wrong_titles,
    count(*) filter (found.first_listed is distinct from truth.first_listed) as wrong_dates,
    count(*) filter (found.slug is distinct from truth.slug) as wrong_publishers
from truth full join found using (release_code)
"""


def differences(warehouse: Path, truth: Path, contestant: Contestant) -> dict[str, int]:
    """Count what differs; `expected`, `releases` and `with_body` are totals, all others should be 0."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        result = con.execute(COMPARISON.format(releases=contestant.releases_sql), {"truth": str(truth)})
        names = [column[0] for column in result.description or []]
        row = result.fetchone() or ()
    return dict(zip(names, row, strict=True))


def rejects(warehouse: Path, contestant: Contestant) -> dict[str, int] | None:
    """Rejected records by reason, or None for a contestant that keeps none."""
    if contestant.rejects_sql is None:
        return None
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return dict(con.sql(contestant.rejects_sql).fetchall())


def is_correct(found: dict[str, int]) -> bool:
    """Whether nothing is missing, surplus or wrong."""
    return all(count == 0 for name, count in found.items() if name not in ("expected", "releases", "with_body"))
