"""The archive: every digest as received, the reference rows, and what each load took in.

Each load leaves one JSON file, written as `.pending` before the load commits and renamed afterwards. It has everything
the load depended on, by which `press rebuild` does it again.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warehouse.errors import PressError, WarehouseUnusable
from warehouse.files import AtomicFile
from warehouse.reference.rows import reference_files
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """One load: its run, its `as_of` (ISO 8601, UTC), (path, sha256) of its digests and the reference rows' hash.

    `kind` is that of `load_run`. `answers` is how many bytes of each file of the portal's answers the warehouse has
    loaded behind it; None of a load of digests. `number` orders loads as they were made; `announce` sets it.
    """

    run_id: str
    as_of: str
    digests: tuple[tuple[str, str], ...]
    reference_sha256: str
    number: int = 0
    kind: str = "ingest"
    answers: Mapping[str, int] | None = None


def record_folders(settings: Settings) -> tuple[Path, Path, Path]:
    """The folders of digests, reference rows and records of loads."""
    return settings.digests, settings.references, settings.loads


def keep_reference(seeds: Path, sha256: str, settings: Settings) -> None:
    """Copy the reference rows that a load uses into a folder named by their common hash."""
    folder = settings.references / sha256
    if folder.is_dir():
        return
    partial = folder.with_name(f".{sha256}.{uuid.uuid4().hex}")
    try:
        partial.mkdir(parents=True)
        for path in reference_files(seeds).values():
            shutil.copyfile(path, partial / path.name)
        partial.rename(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if not folder.is_dir():
            raise PressError(f"The archive {settings.references} cannot be written: {error.strerror}.") from error


def announce(record: LoadRecord, settings: Settings) -> None:
    """Write down a load that is about to commit."""
    with AtomicFile(settings.loads / f"{record.run_id}.json.pending") as file:
        content = {
            "run_id": record.run_id,
            "number": sum(1 for _ in settings.loads.glob("*.json")) + 1,
            "kind": record.kind,
            "as_of": record.as_of,
            "reference_sha256": record.reference_sha256,
            "digests": [{"path": path, "sha256": sha256} for path, sha256 in record.digests],
            "answers": record.answers,
        }
        file.partial.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def settle(settings: Settings, committed: Callable[[str], bool]) -> None:
    """Keep the records of announced loads that committed, and remove the others."""
    for partial in settings.loads.glob(".*"):
        partial.unlink()
    for pending in settings.loads.glob("*.json.pending"):
        run_id = pending.name.removesuffix(".json.pending")
        if committed(run_id):
            os.replace(pending, pending.with_suffix(""))
        else:
            pending.unlink()


def refuse_lost(settings: Settings) -> None:
    """Raise WarehouseUnusable where the warehouse is gone although it had loads: a new one would hide that."""
    if settings.warehouse.exists():
        return
    if loads := sum(1 for _ in settings.loads.glob("[!.]*.json")):
        raise WarehouseUnusable(
            f"{settings.warehouse} is gone, and {loads} load{'s' if loads > 1 else ''} went into it: `press rebuild` "
            f"makes it again from the archive. To start an empty one, move {settings.loads} away."
        )


def record_files(settings: Settings) -> list[Path]:
    """The records of loads, those of announced ones too."""
    return [path for ending in ("json", "json.pending") for path in settings.loads.glob(f"[!.]*.{ending}")]


def load_records(settings: Settings) -> list[LoadRecord]:
    """The loads that went into the warehouse, announced ones too, in the order in which they were made.

    Raises PressError on a damaged record.
    """
    # One that a restore puts back may be there as announced too.
    records = {}
    for path in record_files(settings):
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            digests = tuple((digest["path"], digest["sha256"]) for digest in raw["digests"])
            # Earlier versions wrote down neither the kind nor the answers.
            later = {"kind": raw.get("kind", "ingest"), "answers": raw.get("answers")}
            record = LoadRecord(raw["run_id"], raw["as_of"], digests, raw["reference_sha256"], raw["number"], **later)
            records[record.run_id] = (record.number, datetime.fromisoformat(record.as_of), record)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PressError(f"The record of a load {path} cannot be read: {error}.") from error
    return [record for *_, record in sorted(records.values(), key=lambda ordered: ordered[:2])]
