"""What a digest may name that is known beforehand: sites and sections in header lines, hosts in source lines."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class HeaderNames(NamedTuple):
    """Header lines known beforehand: names of sites, and names of sections.

    `hosts` are those of the government's other sites, each with the slug of its publisher.
    """

    sites: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    hosts: Mapping[str, str] = MappingProxyType({})
