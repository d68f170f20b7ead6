"""The brief in short, as Markdown for Prefect's UI; the page has the whole of it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse.clock import day_and_month, weekday_and_day
from warehouse.report.brief import words
from warehouse.report.brief.gather import Brief
from warehouse.report.brief.quote import Quotation
from warehouse.report.text import markdown_link, markdown_table, markdown_text, one_line, release_url

MOST_ROWS, MOST_RELEASES = 20, 50
"""How many rows of an answer the Markdown has."""


def markdown(brief: Brief, page: Path | None = None) -> str:
    """The brief as Markdown; `page` is where its page was written."""
    parts = (_publishers_and_releases, _regions, _statements, _events, _changes, _gaps, _new_publishers, _quality)
    return "\n".join([*_head(brief, page), *(line for part in parts for line in part(brief))]) + "\n"


def _text(text: object) -> str:
    return markdown_text(one_line(text))


def _link(row: Mapping[str, Any], text: object) -> str:
    return markdown_link(one_line(text), release_url(row["url"]))


def _quote(quote: Quotation | None) -> str:
    if quote is None:
        return ""
    marked = f"**{_text(quote.marked)}**" if quote.marked.strip() else ""
    before, after = (" " if quote.before.endswith(" ") else ""), (" " if quote.after.startswith(" ") else "")
    return f"“{_text(quote.before)}{before if marked else ''}{marked}{after if marked else ''}{_text(quote.after)}”"


def _rest(rows: Sequence[object], in_all: int | None = None, most: int = MOST_ROWS) -> Iterator[str]:
    left = (len(rows) if in_all is None else in_all) - min(len(rows), most)
    if left > 0:
        yield ""
        yield f"{left:,} more are on the page."


def _head(brief: Brief, page: Path | None) -> Iterator[str]:
    yield f"# Brief of {weekday_and_day(brief.day)}"
    yield ""
    yield _text(words.headline(brief))
    yield _text(words.choice_of_day(brief))
    if page:
        yield ""
        yield f"Page: {_text(page)}"


def _publishers_and_releases(brief: Brief) -> Iterator[str]:
    publishers = brief.answers["publishers"]
    if not publishers:
        return
    yield from ("", "## Published", "")
    yield from markdown_table(
        ("publisher", "releases", "with a body"),
        [(_text(row["publisher"]), f"{row['releases']:,}", f"{row['with_body']:,}") for row in publishers[:MOST_ROWS]],
    )
    yield from _rest(publishers)
    yield ""
    releases = brief.answers["releases"]
    yield from (f"- {_text(row['publisher'])}: {_link(row, row['title'])}" for row in releases[:MOST_RELEASES])
    yield from _rest(releases[:MOST_RELEASES], brief.totals["releases"], MOST_RELEASES)


def _regions(brief: Brief) -> Iterator[str]:
    regions = [row for row in brief.answers["regions"] if row["releases"] and row["iso_code"]]
    if regions:
        yield from ("", "## By region", "")
        yield from markdown_table(
            ("region", "releases"), [(_text(row["region"]), f"{row['releases']:,}") for row in regions[:MOST_ROWS]]
        )


def _statements(brief: Brief) -> Iterator[str]:
    """Rows of tables of facts, where the warehouse has them."""
    if figures := brief.answers.get("figures"):
        yield from ("", "## The largest figures", "")
        for row in figures[:MOST_ROWS]:
            figure = f"{words.figure(row['value'])} {row['unit']}"
            yield f"- {_link(row, figure)}: {_quote(row['quote'])}"
        yield from _rest(figures, words.in_all(figures))
    if people := brief.answers.get("people"):
        yield from ("", "## People named", "")
        for row in people[:MOST_ROWS]:
            yield f"- {_link(row, row['person'])}: {_quote(row['quote'])}"
        yield from _rest(people, words.in_all(people))


def _events(brief: Brief) -> Iterator[str]:
    events = brief.answers["events"]
    if not events:
        return
    yield from ("", "## When and where", "")
    for row in events[:MOST_ROWS]:
        when = weekday_and_day(row["event_date"]) if row["event_date"] else ""
        place = _text(row["event_place"]) if row["event_place"] else ""
        yield f"- {', '.join(filter(None, [when, place]))}: {_link(row, row['title'])}. {_quote(row['quote'])}"
    yield from _rest(events, words.in_all(events))


def _changes(brief: Brief) -> Iterator[str]:
    edits, vanished = brief.answers["edits"], brief.answers["vanished"]
    yield from ("", "## Edited and gone", "")
    if not edits and not vanished:
        yield "Nothing that the warehouse knows of."
    for row in edits[:MOST_ROWS]:
        changes = row["changes"][:1] if row["kind"] not in ("cosmetic", "body_removed") else []
        quotes = "".join(f" {_quote(change['quote'])}" for change in changes)
        yield f"- {_link(row, row['title'])}: {words.KINDS_OF_EDITS[row['kind']]}.{quotes}"
    yield from _rest(edits, words.in_all(edits))
    for row in vanished[:MOST_ROWS]:
        yield f"- {_link(row, row['title'])} in {_text(row['language'])}: {words.GONE[row['status']]}"
    yield from _rest(vanished, words.in_all(vanished))


def _gaps(brief: Brief) -> Iterator[str]:
    bodies, silent = brief.answers["missing_bodies"], brief.answers["silent_publishers"]
    yield from ("", "## Missing", "")
    if not bodies and not silent:
        yield "Nothing that the warehouse knows of."
    if bodies:
        codes = ", ".join(_link(row, row["release_code"]) for row in bodies[:MOST_ROWS])
        in_all = bodies[0]["in_all"]
        more = f", and {in_all - min(len(bodies), MOST_ROWS):,} more" if in_all > min(len(bodies), MOST_ROWS) else ""
        yield f"- without a body: {codes}{more}"
    for row in silent[:MOST_ROWS]:
        usual = f"published on {row['days_published']} of {row['such_days']} such days"
        yield f"- {_text(row['publisher'])}, which {usual}, last {_link(row, day_and_month(row['last_date']))}"


def _new_publishers(brief: Brief) -> Iterator[str]:
    new = brief.answers["new_publishers"]
    if new and brief.near.first != brief.day:
        yield from ("", "## New publishers", "")
        yield from (f"- {_text(row['publisher'])}: {_link(row, row['release_code'])}" for row in new[:MOST_ROWS])


def _quality(brief: Brief) -> Iterator[str]:
    if brief.answers["digests"] or brief.answers["publishers"]:
        yield from ("", "## Checks", "")
        yield from markdown_table(
            ("looks for", "outcome", "rows"),
            [(_text(check.sentence), check.outcome, f"{check.offending:,}") for check in brief.checks],
        )
    if brief.absent:
        yield ""
        yield f"Not in this warehouse, and so not in this brief: {words.enumerate_words(brief.absent)}."
