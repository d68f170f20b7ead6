"""Compare a digest's text with the portal's page of the release, and with other pages where the two differ.

What is stored depends on the texts that are current, and not on the order in which they came: a page that arrives is
compared with what was printed under the titles of releases near it, too.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.load.edits import BATCH, insert

if TYPE_CHECKING:
    from warehouse.compare.edits import Text

NEAR = 10_000
"""How far apart the gov.kz ids of two releases may be for one's body to be looked for under the other's title: some two
weeks, for the portal gives out 600 ids a day. By ids and not by days, for ids never change."""

MOST_OTHERS = 20
"""How many pages with the very body that was printed are looked at."""


def record_relations(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Bring `text_relation` up to date for the touched releases and those near them.

    Compared are the current texts of a release, by language. Near are releases of the same publisher that may have been
    printed with the body of a touched one.
    """
    if con.execute("select count(*) from release_fetched").fetchone() == (0,):
        return
    con.execute(
        """
        create or replace temp table relation_release as
        with doubtful as (
            select distinct release_key from text_relation where kind in ('different', 'other_release')
        )

        select release_key from release_fetched
        union
        select beside.release_key
        from release_fetched
        inner join fact_release as touched on release_fetched.release_key = touched.release_key
        inner join fact_release as beside
            on
                touched.publisher_key = beside.publisher_key
                and abs(beside.portal_id::bigint - touched.portal_id::bigint) <= $near
        where beside.release_key in (select release_key from doubtful)
        """,
        {"near": NEAR},
    )
    con.execute("delete from text_relation where release_key in (select release_key from relation_release)")
    con.execute(
        """
        create or replace temp table relation_now as
        with latest as (
            select release_key, arg_max(content_key, version_no) as content_key
            from text_version
            where release_key in (select release_key from relation_release)
            group by release_key, text_key
        ),

        current_text as (
            select text_content.release_key, text_content.language_key, text_content.origin, text_content.content_key
            from latest
            inner join text_content
                on latest.content_key = text_content.content_key and latest.release_key = text_content.release_key
        )

        select
            printed.release_key,
            printed.content_key as digest_content_key,
            page.content_key as portal_content_key
        from current_text as printed
        inner join current_text as page
            on printed.release_key = page.release_key and printed.language_key = page.language_key
        where printed.origin = 'digest' and page.origin = 'portal'
        """
    )
    insert(con, "text_relation", _relate(con, "relation_now", {}), folder)
    con.execute(
        """
        create or replace temp table relation_doubtful as
        select release_key, digest_content_key, portal_content_key
        from text_relation inner join relation_now using (release_key, digest_content_key, portal_content_key)
        where kind = 'different'
        """
    )
    if others := _others(con):
        again = list(_relate(con, "relation_doubtful", others))
        con.execute(
            """
            delete from text_relation
            where
                (release_key, digest_content_key, portal_content_key)
                in (select (release_key, digest_content_key, portal_content_key) from relation_doubtful)
            """
        )
        insert(con, "text_relation", again, folder)


def _relate(con: duckdb.DuckDBPyConnection, pairs: str, others: dict[int, list["Text"]]) -> Iterator[dict[str, Any]]:
    """How the pairs in a table relate, as rows of `text_relation`."""
    # The few texts by themselves: a join could take it into its head to gather all bodies there are.
    con.execute(
        f"""
        create or replace temp table relation_text as
        select release_key, content_key, title, body from text_content
        where content_key in (select unnest([digest_content_key, portal_content_key]) from {pairs})
        """
    )
    texts_of_pairs = con.execute(
        f"""
        select
            pair.release_key, printed.content_key, page.content_key, printed.title, printed.body, page.title, page.body
        from {pairs} as pair
        inner join relation_text as printed
            on pair.digest_content_key = printed.content_key and pair.release_key = printed.release_key
        inner join relation_text as page
            on pair.portal_content_key = page.content_key and pair.release_key = page.release_key
        order by printed.content_key, page.content_key
        """
    )
    while batch := texts_of_pairs.fetchmany(BATCH):
        # Imported here because it takes a tenth of a second, and most loads relate nothing.
        from warehouse.compare.edits import Text
        from warehouse.compare.relation import relate

        for release, printed, page, *texts in batch:
            relation = relate(Text(*texts[:2]), Text(*texts[2:]), others=others.get(printed, ()))
            keys = {"release_key": release, "digest_content_key": printed, "portal_content_key": page}
            yield keys | asdict(relation)


def _others(con: duckdb.DuckDBPyConnection) -> dict[int, list["Text"]]:
    """Current pages of other releases that have the very body a digest printed, by the key of what it printed.

    Looked for are those of the pairs in `relation_doubtful`, among pages near and of the same publisher. Bodies are
    found by their letters and digits alone.
    """
    from warehouse.compare.edits import Text

    bodies = con.execute(
        r"""
        with doubtful as (
            select
                relation_doubtful.digest_content_key,
                text_content.release_key,
                text_content.language_key,
                fact_release.publisher_key,
                fact_release.portal_id::bigint as portal_id,
                md5(lower(regexp_replace(text_content.body, '[^\pL\pN]+', '', 'g'))) as letters
            from relation_doubtful
            inner join text_content
                on
                    relation_doubtful.digest_content_key = text_content.content_key
                    and relation_doubtful.release_key = text_content.release_key
            inner join fact_release on text_content.release_key = fact_release.release_key
        ),

        near as (
            select distinct beside.release_key, beside.publisher_key, beside.portal_id::bigint as portal_id
            from doubtful
            inner join fact_release as beside
                on
                    doubtful.publisher_key = beside.publisher_key
                    and abs(beside.portal_id::bigint - doubtful.portal_id) <= $near
        ),

        latest as (
            select release_key, arg_max(content_key, version_no) as content_key
            from text_version
            where release_key in (select release_key from near)
            group by release_key, text_key
        ),

        other as (
            select
                near.release_key,
                near.publisher_key,
                near.portal_id,
                text_content.language_key,
                text_content.content_key,
                md5(lower(regexp_replace(text_content.body, '[^\pL\pN]+', '', 'g'))) as letters
            from latest
            inner join text_content
                on latest.content_key = text_content.content_key and latest.release_key = text_content.release_key
            inner join near on text_content.release_key = near.release_key
            where text_content.origin = 'portal' and text_content.body is not null
        ),

        same as (
            select doubtful.digest_content_key, other.release_key, other.content_key
            from doubtful
            inner join other
                on
                    doubtful.letters = other.letters
                    and doubtful.language_key = other.language_key
                    and doubtful.publisher_key = other.publisher_key
                    and doubtful.release_key <> other.release_key
                    and abs(doubtful.portal_id - other.portal_id) <= $near
            qualify row_number() over (partition by doubtful.digest_content_key order by other.content_key) <= $most
        )

        select same.digest_content_key, text_content.title, text_content.body
        from same
        inner join text_content
            on same.content_key = text_content.content_key and same.release_key = text_content.release_key
        order by same.digest_content_key, same.content_key
        """,
        {"near": NEAR, "most": MOST_OTHERS},
    )
    others: dict[int, list[Text]] = {}
    for printed, title, body in bodies.fetchall():
        others.setdefault(printed, []).append(Text(title, body))
    return others
