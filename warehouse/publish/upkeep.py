"""Upkeep of a warehouse: verify the file, its published copy and its archive, and remove leftovers of killed runs."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

import duckdb

from warehouse.database.connection import only_writer, open_to_write
from warehouse.errors import InputRefused, PressError, WarehouseUnusable, first_line
from warehouse.files import fingerprint
from warehouse.intake.archive import load_records, record_folders, refuse_lost
from warehouse.portal.archive.verify import loaded_bytes, verify
from warehouse.publish.backup import shelf, table_names
from warehouse.publish.copy import publish
from warehouse.publish.evidence import broken_evidence
from warehouse.reference.rows import fingerprint as reference_fingerprint
from warehouse.settings import Settings

LEFT_BEHIND_AFTER = timedelta(days=1)
"""A hidden file older than this belongs to no running process."""

NAMED = 5
"""How many damaged files a sentence names."""

DIGEST, REFERENCE, RECORD = "digest", "the set of reference rows", "the record of load"

NEEDED = """
select $digest, sha256 from source_file
union
select $reference, reference_sha256 from load_run where status = 'loaded' and reference_sha256 is not null
union
select $record, run_id from load_run where status = 'loaded' and kind = 'ingest'
"""
"""What the archive must have for a warehouse."""


class Finding(NamedTuple):
    """The result of a step of upkeep: its name, the outcome, and a sentence."""

    step: str
    outcome: Literal["passed", "warned", "failed"]
    sentence: str


def verify_published(settings: Settings) -> Finding:
    """Read every block of the warehouse and of its published copy, and compare them; publish again where they differ.

    Raises WarehouseUnusable where the warehouse itself is damaged or gone, and WarehouseLocked while it is written.
    """
    step = "published copy"
    refuse_lost(settings)
    if not settings.warehouse.exists():
        return Finding(step, "warned", f"{settings.warehouse} does not exist yet.")
    with only_writer(settings, "maintain"):
        with open_to_write(settings) as con:
            con.execute("checkpoint")
            try:
                rows = _contents(con)
            except duckdb.Error as error:
                raise WarehouseUnusable(
                    f"{settings.warehouse} is damaged: {first_line(error)} "
                    "`press restore` puts the newest backup in its place, "
                    "`press rebuild` makes it again from the archive."
                ) from error
        difference = _difference(settings.published, rows)
        if difference is None:
            sizes = f"{settings.warehouse.stat().st_size / 1e6:,.1f} MB"
            return Finding(step, "passed", f"It has the {len(rows)} tables of the warehouse, {sizes}, row by row.")
        publish(settings)
        difference_after = _difference(settings.published, rows)
    if difference_after is not None:
        return Finding(step, "failed", f"{difference} Published again, but {difference_after}")
    return Finding(step, "warned", f"{difference} It was published again.")


def _contents(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[object, ...]]:
    """The number of rows of each table and a hash of them in any order; this reads every block."""
    contents: dict[str, tuple[object, ...]] = {}
    for name in table_names(con):
        # A sum, because an exclusive or does not see two equal rows.
        query = f'select count(*), sum(hash(row)) from (select * from "{name}") as row'
        contents[name] = con.execute(query).fetchone() or ()
    return contents


def _difference(published: Path, rows: dict[str, tuple[object, ...]]) -> str | None:
    """How the published copy differs from the warehouse, as a sentence; None where it does not."""
    if not published.exists():
        return "There was none."
    try:
        with duckdb.connect(published, read_only=True) as con:
            rows_there = _contents(con)
    except duckdb.Error as error:
        return f"It could not be read: {first_line(error)}"
    odd = sorted(name for name in {*rows, *rows_there} if rows.get(name) != rows_there.get(name))
    return f"It differed from the warehouse in {', '.join(odd)}." if odd else None


def verify_archive(settings: Settings) -> Finding:
    """Read the whole archive: digests and reference rows against their names, records of loads, answers of gov.kz.

    What the warehouse was made from and the archive lacks is damage as well, and evidence of rows that does not open.
    """
    digests, references = _visible_files(settings.digests), _visible_files(settings.references)
    damaged = [
        *_wrong("digest", digests, lambda path: fingerprint(path)[0]),
        *_wrong("reference rows", references, reference_fingerprint),
    ]
    needed, loaded_answers, evidence = _needed(settings)
    try:
        records = load_records(settings)
    except PressError as error:
        damaged.append(str(error))
        records = []
    needed |= {(DIGEST, sha256) for record in records for _, sha256 in record.digests}
    needed |= {(REFERENCE, record.reference_sha256) for record in records}
    there = {(DIGEST, path.name) for path in digests} | {(REFERENCE, path.name) for path in references}
    there |= {(RECORD, record.run_id) for record in records}
    damaged += [f"{what} {name} is missing" for what, name in sorted(needed - there)]
    files = len(there)
    if settings.answers.is_dir() or loaded_answers:
        answers = verify(settings.answers, loaded_answers)
        files += answers.files
        damaged += [f"{problem.file}, byte {problem.offset}: {problem.sentence}" for problem in answers.problems]
    damaged += evidence
    if damaged:
        more = f" and {len(damaged) - NAMED} more" if len(damaged) > NAMED else ""
        examples = "; ".join(damaged[:NAMED])
        return Finding("archive", "failed", f"Damaged: {examples}{more}. `press restore` puts whole files back.")
    return Finding("archive", "passed", f"{files:,} files, every one as it was written.")


def _needed(settings: Settings) -> tuple[set[tuple[str, str]], dict[str, int], list[str]]:
    """What the published copy, which no process writes, was made from; nothing where it cannot be read.

    Gives what each file of the archive is, with its name, how many bytes of each WARC file are loaded, and sentences
    about evidence that does not open.
    """
    if not settings.published.exists():
        return set(), {}, []
    try:
        with duckdb.connect(settings.published, read_only=True) as con:
            needed = con.execute(NEEDED, {"digest": DIGEST, "reference": REFERENCE, "record": RECORD}).fetchall()
            return set(needed), loaded_bytes(con), list(broken_evidence(con, settings.home))
    except duckdb.Error:
        return set(), {}, []  # `verify_published` reports it


def _wrong(what: str, paths: Iterable[Path], sha256_of: Callable[[Path], str]) -> Iterator[str]:
    """The files, or folders, whose content is not that of their name."""
    for path in paths:
        try:
            if sha256_of(path) != path.name:
                yield f"{what} {path.name}"
        except (InputRefused, OSError) as error:
            yield f"{what} {path.name}: {error}"


def _visible_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("[!.]*"))


def tidy(settings: Settings, now: datetime) -> Finding:
    """Remove hidden files and folders that killed processes left in archive, published copies and backups.

    `now` has a zone, because it is compared with times of files.
    """
    since = (now - LEFT_BEHIND_AFTER).timestamp()
    removed = 0
    for folder in (*record_folders(settings), settings.published.parent, shelf(settings)):
        for path in sorted(folder.glob(".*")):
            try:
                if path.lstat().st_mtime >= since:
                    continue
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            except FileNotFoundError:
                continue
            except OSError as error:
                return Finding("leftovers", "warned", f"{path} cannot be removed: {error.strerror}.")
            removed += 1
    return Finding("leftovers", "passed", f"{removed} files and folders of killed runs removed.")
