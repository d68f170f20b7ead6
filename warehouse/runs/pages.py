"""Load archived answers of gov.kz: parse, load; and replay all of them."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from warehouse.errors import PressError
from warehouse.load.star import LoadCounts, forget_portal
from warehouse.portal.archive.verify import find_lost_attempts, loaded_bytes, save_attempts
from warehouse.portal.archive.warc import archive_files, stretches
from warehouse.portal.read.markers import read_by
from warehouse.portal.visits.schedule import load_schedule
from warehouse.reference.rows import reference_file
from warehouse.runs.ingest import announce_load, has_new_reference
from warehouse.runs.load_run import LoadRun, Progress
from warehouse.runs.run import Run
from warehouse.settings import Settings
from warehouse.stage.alongside import stage_by_two
from warehouse.stage.answers import read_attempts
from warehouse.stage.attempts import AttemptCounts, AttemptStager
from warehouse.stage.digests import normalise_texts

log = logging.getLogger(__name__)

SCHEDULE = "refetch_schedule"

WAIT_FOR_WRITER_S = 600.0
"""How long a run that has fetched answers waits for another writer."""

SMALL = (
    "enable_external_file_cache = false",
    "allocator_flush_threshold = '1MB'",
    "allocator_bulk_deallocation_flush_threshold = '1MB'",
)
"""DuckDB's settings for a load of some thousand pages: memory is given back at once, and one thread is enough."""

MEMORY_LIMIT_MB = 96
"""What DuckDB may use while answers are loaded."""

WORKER_FROM = 1 << 20
"""From how many bytes of answers another process reads and normalises beside this one."""

NAMED_FILES = 5
"""How many files an error names."""


def small_run(settings: Settings, as_of: datetime | str | None, kind: str, **options: object) -> Run:
    """A run that loads answers and uses little memory, because it may fetch for a long time."""
    limits = {"memory_limit_mb": min(settings.memory_limit_mb, MEMORY_LIMIT_MB), "threads": 1}
    small = settings.model_copy(update=limits)
    return Run(small, as_of, kind=kind, **options)  # type: ignore[arg-type]


def parse(run: Run, answers: Path | None = None, until: Mapping[str, int] | None = None) -> AttemptCounts:
    """Open the warehouse and stage the attempts and texts of answers that are not loaded yet.

    `answers` is the archive, where it is not that of the warehouse; `until` ends it, by bytes of each file.
    """
    with run.step("parse"):
        tally = run.load_run.tally
        if tally is not None and tally.visits:
            patience_s = max(run.settings.lock_timeout_s, WAIT_FOR_WRITER_S)
            run.settings = run.settings.model_copy(update={"lock_timeout_s": patience_s})
        run.open(f"{run.load_run.kind}, run {run.load_run.run_id}")
        for setting in SMALL:
            run.con.execute(f"set {setting}")
        attempts = _stage(run, answers or run.settings.answers, loaded_bytes(run.con), until)
        normalise_texts(run.staging, run.reference)
        if tally is not None:
            tally.correct(attempts.visits)
    return attempts


def parse_again(
    run: Run, answers: Path, until: Mapping[str, int] | None = None, *, accept_losses: bool = False
) -> AttemptCounts:
    """Open the warehouse, delete what came from the portal, and read the archive `answers` from its beginning.

    `until` ends it, by bytes of each file.

    Raises PressError where the archive lacks an attempt that was loaded from it, in whichever file, unless
    `accept_losses`.
    """
    with run.step("parse"):
        run.open(f"{run.load_run.kind}, run {run.load_run.run_id}")
        if loaded_bytes(run.con) and not archive_files(answers):
            raise PressError(f"{answers} has no answers, so there is nothing to replay: texts are kept.")
        run.con.begin()
        save_attempts(run.con)
        forget_portal(run.con)
        run.staging.replays = True
        attempts = _stage(run, answers, {}, until)
        lost = find_lost_attempts(run.con, run.staging.files("fetch"))
        _refuse_losses(answers, lost, accept_losses=accept_losses)
        normalise_texts(run.staging, run.reference)
    return attempts


def load(run: Run, attempts: AttemptCounts) -> LoadCounts:
    """Load what is staged into the star, in a transaction that `Run.check` commits."""
    load_run = run.load_run
    is_replay = load_run.kind == "replay"
    with run.step("load"):
        load_run.outcomes = attempts.outcomes
        load_run.is_idle = not attempts.attempts and not is_replay
        if load_run.is_idle:
            load_run.status = "unchanged"
            return load_run.counts
        if not is_replay:
            run.con.begin()
        run.staging.with_reference = has_new_reference(run)
        announce_load(run, answers=loaded_bytes(run.con) | run.staging.read_to)
        # Without new reference rows the rows depend on the answers alone, whenever they are loaded.
        return run.load(load_run.as_of if run.staging.with_reference else attempts.last_at or load_run.as_of)


def load_unloaded(settings: Settings, as_of: datetime) -> None:
    """Load the answers in the archive that the warehouse lacks."""
    if not archive_files(settings.answers):
        return
    with small_run(settings, as_of, "refetch") as run:
        attempts = parse(run)
        if not attempts.attempts:
            run.con.close()
            return
        finish(run, attempts)


def replay(
    settings: Settings,
    as_of: datetime | str | None = None,
    progress: Progress = lambda step, done, total: None,
    *,
    accept_losses: bool = False,
) -> LoadRun:
    """Delete everything that came from the portal and load it from the archive again, all or nothing.

    Raises PressError where there is no warehouse, and where the archive lacks what was loaded from it, unless
    `accept_losses`: then it is lost.
    """
    if not settings.warehouse.exists():
        raise PressError(f"{settings.warehouse} does not exist, so there is nothing to replay answers into.")
    with Run(settings, as_of, kind="replay", progress=progress) as run:
        attempts = parse_again(run, settings.answers, accept_losses=accept_losses)
        return finish(run, attempts)


def finish(run: Run, attempts: AttemptCounts) -> LoadRun:
    """Load what is staged, check and publish it."""
    load(run, attempts)
    run.check()
    run.publish()
    return run.load_run


def _stage(run: Run, answers: Path, since: Mapping[str, int], until: Mapping[str, int] | None) -> AttemptCounts:
    """Stage the answers after the first `since` bytes of each file of the archive, and before `until`."""
    seeds = run.settings.seeds
    folder = run.settings.answers.relative_to(run.settings.home).as_posix()
    schedule = load_schedule(reference_file(seeds, SCHEDULE))
    stager = AttemptStager(run.con, schedule, run.staging, folder, run.load_run.run_id)
    unread = sum(max(0, path.stat().st_size - since.get(path.name, 0)) for path in archive_files(answers))
    if unread >= WORKER_FROM:
        run.staging.hire(seeds, run.reference.sha256)
        batches = stage_by_two(stager, answers, since, until, run.staging)
    else:
        whole = stretches(answers, since, until)
        batches = stager.stage(one for stretch in whole for one in read_attempts(answers, stretch))
    count = run.counter("parse")
    with read_by(seeds):
        for attempts in batches:
            count(attempts)
    for file, number in (+stager.repeats.counts).items():
        log.warning("%s has %d attempts that the archive has elsewhere too: each is loaded once.", file, number)
    return stager.counts


def _refuse_losses(answers: Path, files: Sequence[str], *, accept_losses: bool) -> None:
    """Raise PressError where a replay would lose what these files of the archive lack."""
    if not files:
        return
    names = ", ".join(files[:NAMED_FILES])
    names += f" and {len(files) - NAMED_FILES} more" if len(files) > NAMED_FILES else ""
    message = f"{answers} lacks answers that were loaded from it; missing, cut off or damaged: {names}."
    if not accept_losses:
        raise PressError(
            f"{message} Texts are kept as they are. Bring the files back, or replay with --accept-losses to go on "
            "without what is lost."
        )
    log.warning("%s What they lack is lost.", message)
