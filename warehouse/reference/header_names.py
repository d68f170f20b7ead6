"""Header lines known beforehand, by which a digest is cut into sections."""

from typing import NamedTuple


class HeaderNames(NamedTuple):
    """Header lines known beforehand: names of sites, and names of sections."""

    sites: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
