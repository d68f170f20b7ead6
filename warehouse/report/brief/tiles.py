"""The regions as a schematic map: one tile each, where `seeds/region_tiles.csv` puts it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.errors import UsageError
from warehouse.reference.rows import read_rows

SHADES = 4
"""How many shades there are for few to many releases, besides the one for none."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A region on the map: `row` and `column` from 1 at the north-west, `shade` from 0 (none) to `SHADES`."""

    iso_code: str
    lines: tuple[str, ...]
    releases: int
    shade: int
    row: int
    column: int


def tiles(seeds: Path, regions: Sequence[Mapping[str, Any]]) -> list[Tile]:
    """The tiles of regions (`iso_code`, `region`, `releases`) that have a place, north-west first.

    Raises UsageError when the file of places cannot be read.
    """
    path = seeds / "region_tiles.csv"
    placed_at = read_rows(path, ("iso_code", "row", "column")).select("iso_code", "row", "column")
    try:
        places = {iso_code: (int(row), int(column)) for iso_code, row, column in placed_at.rows()}
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path} cannot be read as a map of regions: {error}.") from error
    most = max((region["releases"] for region in regions if region["iso_code"]), default=0)
    placed_tiles = [
        Tile(
            region["iso_code"],
            _lines(region["region"]),
            region["releases"],
            _shade(region["releases"], most),
            *places[region["iso_code"]],
        )
        for region in regions
        if region["iso_code"] in places
    ]
    return sorted(placed_tiles, key=lambda tile: (tile.row, tile.column))


def _shade(releases: int, most: int) -> int:
    return 0 if releases == 0 else 1 + (SHADES - 1) * releases // max(most, SHADES)


def _lines(name: str) -> tuple[str, ...]:
    """A region's name on a tile: “Almaty” is the city, so “Almaty Region” keeps its second word."""
    words = name.split()
    return tuple(words) if len(words) == 2 and words[0] == "Almaty" else tuple(w for w in words if w != "Region")
