"""Make the brief of a day: choose the day, gather, write the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse import connect
from warehouse.errors import PressError, WarehouseUnusable
from warehouse.files import AtomicFile
from warehouse.report.brief.calendar import latest
from warehouse.report.brief.gather import Brief, gather
from warehouse.report.brief.page import file_name, page
from warehouse.report.brief.words import NOTHING_YET
from warehouse.settings import Settings


class NothingToTell(PressError):
    """The warehouse has no release, so there is no latest day to tell of."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A brief and the file its page is in."""

    brief: Brief
    path: Path


def read(settings: Settings, day: date | None = None, *, before: date | None = None) -> Brief:
    """Read the brief of a day from the published copy; None is the latest day with releases.

    That is the latest one before `before`, where there is one: a day that is not over yet is not told of.
    Raises NothingToTell where no day is given and the warehouse has none, WarehouseUnusable where it cannot be read.
    """
    with _reading(settings) as con:
        chosen = day or (latest(con, before) if before else None) or latest(con)
        if chosen is None:
            raise NothingToTell(NOTHING_YET)
        return gather(con, settings, chosen, is_latest=day is None)


def write(settings: Settings, brief: Brief, output: Path | None = None) -> Edition:
    """Write the page, to `data/briefs` beside the warehouse if `output` is None; a page is there whole or not at all.

    Raises PressError when it cannot be written.
    """
    path = output or settings.home / "briefs" / file_name(brief.day)
    written = page(brief, settings.seeds)
    with AtomicFile(path) as file:
        file.partial.write_text(written, encoding="utf-8")
    return Edition(brief, path)


@contextmanager
def _reading(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    if not (settings.published.exists() or settings.warehouse.exists()):
        raise NothingToTell(NOTHING_YET)
    with connect(settings) as con:
        try:
            yield con
        except duckdb.Error as error:
            told = str(error).splitlines()[0]
            raise WarehouseUnusable(f"{settings.published} cannot be read: {told}") from error
