"""The brief in short, as Markdown for Prefect's UI; the page has the whole of it."""

from pathlib import Path

from markupsafe import Markup

from warehouse.report.brief.gather import Brief, Row
from warehouse.report.brief.page import environment
from warehouse.report.brief.quote import Quotation
from warehouse.report.text import LONGEST_MESSAGE, markdown_link, markdown_text, one_line, release_url


def markdown(brief: Brief, path: Path | None = None) -> str:
    """The brief as Markdown; `path` is where its page was written."""
    template = (
        environment().overlay(finalize=_finalize).get_template("brief.md", globals={"link": _link, "quote": _quote})
    )
    return template.render(**brief.answers, brief=brief, path=path)


def _finalize(value: object) -> Markup:
    """Make a value harmless on its way into the Markdown; Markup is our own."""
    return value if isinstance(value, Markup) else Markup(markdown_text(one_line(value), LONGEST_MESSAGE))  # noqa: S704


def _link(row: Row, text: object) -> Markup:
    return Markup(markdown_link(one_line(text), release_url(row["url"]), LONGEST_MESSAGE))  # noqa: S704


def _quote(row: Row) -> Markup:
    quote: Quotation | None = row["quote"]
    if quote is None:
        return Markup()
    before, marked, after = (_finalize(part) for part in (quote.before, quote.marked, quote.after))
    if marked:
        blank_before, blank_after = quote.before.endswith(" "), quote.after.startswith(" ")
        marked = Markup(f"{' ' * blank_before}**{marked}**{' ' * blank_after}")  # noqa: S704
    return Markup(f"“{before}{marked}{after}”")  # noqa: S704
