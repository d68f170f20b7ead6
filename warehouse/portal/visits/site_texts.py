"""Texts of the site itself: what rendered pages of many releases show word for word belongs to none of them.

A text that JSON names as a release's, by its id, is that release's, however many others have the same: reprints are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb

from warehouse.keys import joined, key
from warehouse.portal.exchange import Page

MANY = 4
"""From how many releases on a text is the site's."""

_RENDERED = "html"
"""The route whose answers may be pages of the site: those of the others name their release."""


def shown_key(page: Page) -> int:
    """The key of what a page shows, whatever its release and language: equal for equal titles and bodies."""
    return key("shown", page.title, page.body or "")


@dataclass(slots=True)
class SiteTexts:
    """Which releases' pages showed which text, in the archive's order; true where JSON named it as the release's."""

    con: duckdb.DuckDBPyConnection
    _shown: dict[int, dict[int, bool]] = field(default_factory=dict)

    def recall(self, shown: Iterable[int]) -> None:
        """Fetch what the warehouse knows of texts that were not met before."""
        new = set(shown) - self._shown.keys()
        if not new:
            return
        self._shown |= {text: {} for text in new}
        rows = self.con.execute(
            """
            select shown_key, release_key, bool_or(route <> $rendered)
            from fact_fetch
            where shown_key in (select unnest(cast(string_split($texts, ',') as bigint[])))
            group by shown_key, release_key
            """,
            {"rendered": _RENDERED, "texts": joined(new)},
        )
        for text, release, is_named in rows.fetchall():
            self._shown[text][release] = is_named

    def note(self, shown: int, release: int, route: str) -> None:
        """Note that a release's page showed a text."""
        releases = self._shown[shown]
        releases[release] = releases.get(release, False) or route != _RENDERED

    def is_of_site(self, shown: int, release: int) -> bool:
        """Whether the text, as this release's page shows it, is the site's."""
        releases = self._shown[shown]
        return not releases[release] and sum(not is_named for is_named in releases.values()) >= MANY
