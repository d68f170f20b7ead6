"""Make the brief of a day: choose the day, gather, write the page."""

from datetime import date
from pathlib import Path

from warehouse.database.connection import reading_published
from warehouse.errors import PressError
from warehouse.files import AtomicFile
from warehouse.report.brief.gather import Brief, gather, latest
from warehouse.report.brief.page import page
from warehouse.report.brief.words import NOTHING_YET
from warehouse.settings import Settings


class NoRelease(PressError):
    """The warehouse has no release, so it has no latest day either."""


def read(settings: Settings, day: date | None = None, *, before: date | None = None) -> Brief:
    """Read the brief of a day from the published copy; None is the latest day with releases.

    With `before` it is the latest one before that, where there is one, so that a day which is not over gets no brief.
    Raises NoRelease where no day is given and the warehouse has none, WarehouseUnusable where it cannot be read.
    """
    if not (settings.published.exists() or settings.warehouse.exists()):
        raise NoRelease(NOTHING_YET)
    with reading_published(settings) as con:
        of_day = day or (latest(con, before) if before else None) or latest(con)
        if of_day is None:
            raise NoRelease(NOTHING_YET)
        return gather(con, settings, of_day, is_latest=day is None)


def write(settings: Settings, brief: Brief, output: Path | None = None) -> Path:
    """Write the page, to `data/briefs` beside the warehouse if `output` is None, whole or not at all.

    Returns its path. Raises PressError when it cannot be written.
    """
    path = output or settings.home / "briefs" / f"{brief.day}.html"
    html = page(brief, settings.seeds)
    with AtomicFile(path) as file:
        file.partial.write_text(html, encoding="utf-8")
    return path
