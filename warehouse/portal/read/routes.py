"""The ways to a release on the portal, in the order to try them."""

from typing import Protocol

from warehouse.portal.exchange import Answer, PortalRequest, Reading, Target
from warehouse.portal.read import graphql, html, rest


class Route(Protocol):
    """A way to ask the portal and to read what it answers; no network, no clock."""

    name: str

    def page_request(self, base_url: str, target: Target) -> PortalRequest:
        """Ask for one release in one language. Raises UsageError for what is no code or language."""

    def read_page(self, answer: Answer, target: Target) -> Reading:
        """What an answer says of the release asked for; whatever the answer is, it never raises."""


class ListRoute(Route, Protocol):
    """A route that has lists, too."""

    def list_request(self, base_url: str, slug: str, language: str, page: int, size: int) -> PortalRequest:
        """Ask for a page (from 1) of a publisher's releases, newest first. Raises UsageError as `page_request` does."""

    def read_list(self, answer: Answer, slug: str, language: str) -> Reading:
        """The releases listed, in the portal's order; whatever the answer is, it never raises."""


ROUTES: tuple[Route, ...] = (graphql, html, rest)
"""All routes. One that refused is not asked again in a run."""

LIST_ROUTES: tuple[ListRoute, ...] = (graphql, rest)
"""Those with lists: scripts fill the lists of the portal's pages."""
