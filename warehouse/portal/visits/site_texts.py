"""Texts of the site itself: what rendered pages of many releases show word for word belongs to none of them.

A text that JSON names as a release's, by its id, is that release's, however many others have the same: reprints are.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field

import duckdb

from warehouse.keys import joined, key
from warehouse.portal.exchange import Page, Reading
from warehouse.portal.read.status import SHOWN

MANY = 4
"""From how many releases on a text is the site's."""

RENDERED = "html"
"""The route whose answers may be pages of the site: those of the others name their release."""


def shown_key(page: Page) -> int:
    """The key of what a page shows, whatever its release and language: equal for equal titles and bodies."""
    return key("shown", page.title, page.body or "")


def recall_shown(con: duckdb.DuckDBPyConnection, texts: Collection[int]) -> list[tuple[int, int, bool]]:
    """Which releases' pages a warehouse knows to show these texts; true where JSON named it as the release's."""
    return con.execute(
        """
        select shown_key, release_key, bool_or(route <> $rendered)
        from fact_fetch
        where shown_key in (select unnest(cast(string_split($texts, ',') as bigint[])))
        group by shown_key, release_key
        """,
        {"rendered": RENDERED, "texts": joined(texts)},
    ).fetchall()


@dataclass(slots=True)
class SiteTexts:
    """Which releases' pages showed which text, in the order of the archive; `before` tells those of the past."""

    before: Callable[[Collection[int]], Iterable[tuple[int, int, bool]]]
    _shown: dict[int, dict[int, bool]] = field(default_factory=dict)

    def recall(self, pages: Iterable[Page]) -> None:
        """Fetch what was known of the texts of pages, where they were not met yet."""
        new = {shown_key(page) for page in pages} - self._shown.keys()
        if not new:
            return
        self._shown |= {text: {} for text in new}
        for text, release, is_named in self.before(new):
            self._shown[text][release] = is_named

    def meet(self, page: Page, release: int, route: str) -> Reading | None:
        """Note what a release's page shows, which was recalled; what that means if it is the site's, else None."""
        releases = self._shown[shown_key(page)]
        releases[release] = releases.get(release, False) or route != RENDERED
        if releases[release] or sum(not is_named for is_named in releases.values()) < MANY:
            return None
        detail = f"“{page.title[:SHOWN]}” and what stands below it are shown for other releases too."
        return Reading("not_the_release", detail)
