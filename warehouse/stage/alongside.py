"""Stage archived answers in two processes: both read, this one stages, the other one normalises."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from warehouse.portal.archive.warc import Stretch, stretches
from warehouse.stage.answers import ReadAttempt, read_attempts, restore_attempts
from warehouse.stage.attempts import AttemptStager
from warehouse.stage.digests import Staging

STRETCH_BYTES = 512 << 10
"""About how much of the archive one process reads at once."""

AHEAD = 4
"""How many stretches are given out at most before the first of them is staged."""

Read = Callable[[Stretch, Path], Future[None]]
"""What lets the other process read a stretch into a file."""


def stage_by_two(
    stager: AttemptStager,
    answers: Path,
    since: Mapping[str, int],
    until: Mapping[str, int] | None,
    staging: Staging,
) -> Iterator[int]:
    """Stage what `stretches` names of the archive `answers` with the worker of `staging`, which ends then.

    Yields as `AttemptStager.stage` does. Raises what reading and normalising raise.
    """
    [worker] = staging.workers
    with ThreadPoolExecutor(1) as pool:

        def read(stretch: Stretch, path: Path) -> Future[None]:
            return pool.submit(worker.read_attempts, answers, stretch, path)

        # The worker takes a file away when it is done with it, and gets the next files then.
        normalised: Future[None] = pool.submit(worker.normalise, [])
        cut = stretches(answers, since, until, STRETCH_BYTES)
        for batch in stager.stage(_attempts(answers, cut, staging.folder, read)):
            if normalised.done():
                normalised.result()
                normalised = pool.submit(worker.normalise, staging.files("received"))
            yield batch
        normalised.result()
    worker.normalise(staging.files("received"))
    staging.dismiss()


def _attempts(answers: Path, cut: Iterator[Stretch], folder: Path, read: Read) -> Iterator[ReadAttempt]:
    """The attempts of stretches in their order: every other one is left to the worker, unless that is still busy."""

    def give_out(number: int, stretch: Stretch) -> tuple[Stretch, Path, Future[None] | None]:
        path = folder / f"attempts-{number}.json"
        is_small = stretch.end - stretch.begin <= 2 * STRETCH_BYTES
        return stretch, path, read(stretch, path) if number % 2 and is_small else None

    given = (give_out(number, stretch) for number, stretch in enumerate(cut))
    ahead = deque(islice(given, AHEAD))
    while ahead:
        stretch, path, elsewhere = ahead.popleft()
        if elsewhere is None or elsewhere.cancel():
            yield from read_attempts(answers, stretch)
        else:
            elsewhere.result()
            yield from restore_attempts(path)
        ahead.extend(islice(given, 1))
