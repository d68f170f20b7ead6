"""Compare a version of a text with the one before it, where a load made that necessary.

Each pair is compared once. What is stored depends on the pair alone, so the order of loads leaves no trace.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.database.sql import literal, literal_files
from warehouse.keys import key
from warehouse.reference.rows import Reference

BATCH = 1000
"""How many pairs are read from the warehouse at a time: bodies may be long."""


def record_edits(con: duckdb.DuckDBPyConnection, folder: Path, reference: Reference) -> int:
    """Bring `fact_edit` up to date for the releases in `touched_release`; returns how many edits are new."""
    con.execute(
        """
        create or replace temp table edit_now as
        with followed as (
            select
                text_key,
                release_key,
                version_no,
                content_key,
                lag(content_key) over (partition by release_key, text_key order by version_no) as content_key_before,
                valid_from as edited_at
            from text_version
            where release_key in (select release_key from release_seen where has_several_contents)
        )

        select * from followed where version_no > 1
        """
    )
    con.execute(
        """
        delete from fact_edit
        where
            release_key in (select release_key from touched_release)
            and not exists (
                select 1 from edit_now
                where
                    edit_now.release_key = fact_edit.release_key
                    and edit_now.text_key = fact_edit.text_key
                    and edit_now.version_no = fact_edit.version_no
                    and edit_now.content_key_before = fact_edit.content_key_before
                    and edit_now.content_key = fact_edit.content_key
                    and edit_now.edited_at = fact_edit.edited_at
            )
        """
    )
    con.execute(
        """
        create or replace temp table edit_new as
        select * from edit_now
        where
            (release_key, text_key, version_no)
            not in (select (release_key, text_key, version_no) from fact_edit)
        """
    )
    # The few texts by themselves: a join could take it into its head to gather all bodies there are.
    con.execute(
        """
        create or replace temp table edit_content as
        select release_key, content_key from edit_new
        union
        select release_key, content_key_before from edit_new;

        -- By their rows: a join reads every body there is.
        create or replace temp table edit_text as
        select release_key, content_key, title, body, links, pictures, videos from text_content
        where
            rowid in (
                select text_content.rowid
                from edit_content
                inner join text_content using (release_key, content_key)
            )
        """
    )
    pairs = con.execute(
        """
        select
            edit_new.*,
            before.title, before.body, before.links, before.pictures, before.videos,
            after.title, after.body, after.links, after.pictures, after.videos
        from edit_new
        inner join edit_text as before
            on edit_new.content_key_before = before.content_key and edit_new.release_key = before.release_key
        inner join edit_text as after
            on edit_new.content_key = after.content_key and edit_new.release_key = after.release_key
        order by edit_new.text_key, edit_new.version_no
        """
    )
    return insert(con, "fact_edit", _edits(pairs, reference), folder)


def _edits(pairs: duckdb.DuckDBPyConnection, reference: Reference) -> Iterator[dict[str, Any]]:
    vocabulary = None
    while batch := pairs.fetchmany(BATCH):
        # Imported here because it takes a tenth of a second, and most loads edit nothing.
        from warehouse.compare.edits import Text, compare
        from warehouse.compare.vocabulary import Vocabulary

        vocabulary = vocabulary or Vocabulary.of(reference)
        for text, release, version_no, content, before, edited_at, *texts in batch:
            edit = compare(Text.of(*texts[:5]), Text.of(*texts[5:]), vocabulary)
            yield {
                "edit_key": key("edit", str(text), str(version_no), str(before), str(content)),
                "text_key": text,
                "release_key": release,
                "version_no": version_no,
                "content_key_before": before,
                "content_key": content,
                "edited_at": edited_at,
                **asdict(edit),
                "numbers": [{"before": old, "after": new} for old, new in edit.numbers],
            }


def insert(con: duckdb.DuckDBPyConnection, table: str, compared: Iterable[Mapping[str, Any]], folder: Path) -> int:
    """Insert rows by way of a file: the connection has one result at a time, and it is being read."""
    rows = list(compared)
    if rows:
        path = folder / f"{table}.parquet"
        # An empty file of the table tells Polars the types of its columns.
        con.execute(f"copy (from {table} limit 0) to {literal(path)} (format parquet)")
        pl.DataFrame(rows, schema=pl.read_parquet(path, glob=False).schema).write_parquet(path)
        con.execute(f"insert into {table} by name select * from read_parquet({literal_files([path])})")
    return len(rows)
