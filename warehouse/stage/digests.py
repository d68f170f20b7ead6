"""Stage digests: read and normalise them into files, ready to be loaded.

Small amounts are read here. Larger ones are read by two other processes, whose memory is given back when they end; a
large digest is cut for them at a trailer near its middle, which depends on its bytes alone, so that what is read does
not depend on who reads it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from warehouse.digest import read as digest
from warehouse.intake.receive import ArchivedDigest
from warehouse.reference.rows import Reference
from warehouse.stage.parts import Advance, Part, PartCounts, normalise_files, read_parts
from warehouse.stage.worker import Worker

T = TypeVar("T")
R = TypeVar("R")

TWO_PARTS_FROM = 48 << 20
"""Digests of this size are read in two parts."""

WORKERS = 2
"""How many processes read and normalise what is large."""

WORKERS_FROM = 32 << 20
"""Digests of this size together are worth these processes."""


@dataclass(slots=True)
class Staging:
    """The staged files of a run, in `folder`: digests and the counts of their parts, in order, and attempts to fetch.

    To stage rows is to write them here under a contract; `staged_…` in SQL are tables and views of them.
    """

    folder: Path
    digests: list[ArchivedDigest] = field(default_factory=list)
    parts: list[PartCounts] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)
    read_to: dict[str, int] = field(default_factory=dict)
    """How far each file of the archive of answers was read, in bytes."""
    with_reference: bool = True
    """Whether what the reference rows say is to be loaded, too."""

    def files(self, kind: str) -> list[Path]:
        """The staged files of a kind: listing, reject, header, fetch, topic, received or text."""
        return sorted(self.folder.glob(f"{kind}-*"))

    def hire(self, workers: int = WORKERS) -> None:
        """Start the processes that help, if there are none: before they are needed, for starting takes them a while."""
        while len(self.workers) < workers:
            self.workers.append(Worker())

    def dismiss(self) -> None:
        """End the processes that helped, whatever they are doing."""
        while self.workers:
            self.workers.pop().end()


def stage_digests(
    received: Sequence[ArchivedDigest], reference: Reference, staging: Staging, advance: Advance = lambda _: None
) -> list[ArchivedDigest]:
    """Read digests into staged listings, rejects, headers and texts that the warehouse lacks.

    The staged file `parts.KNOWN` says which contents it has; `advance` gets the bytes read. Returns the files that are
    no digest at all, because no line in them says that a release is the source; their rejects are staged, but none of
    the parts of `staging` is theirs, so that no load takes them.
    """
    parts = [part for one in received for part in _parts(one)]
    if sum(part.bytes for part in parts) < WORKERS_FROM or len(parts) < 2:
        counts = read_parts(parts, reference.header_names, staging.folder, advance)
    else:
        staging.hire()
        counts = _share_out(
            staging.workers,
            lambda worker, share: worker.read(share, reference.header_names, staging.folder, advance),
            parts,
            lambda part: part.bytes,
        )
    by_digest: dict[int, list[PartCounts]] = {}
    for part in counts:
        by_digest.setdefault(part.source_file_key, []).append(part)
    no_digests = []
    for one in received:
        its_parts = by_digest[one.source_file_key]
        if any(part.trailers for part in its_parts):
            staging.digests.append(one)
            staging.parts += sorted(its_parts, key=lambda part: part.part)
        else:
            no_digests.append(one)
    return no_digests


def normalise_texts(staging: Staging, reference: Reference, seeds: Path, advance: Advance = lambda _: None) -> None:
    """Normalise the received texts that are staged; `advance` gets the texts done, `seeds` is where `reference` lies.

    Raises PressError when normalising broke a text's contract, which is a fault of the normaliser.
    """
    files = staging.files("received")
    if sum(path.stat().st_size for path in files) >= WORKERS_FROM // 2 and staging.workers:
        _share_out(
            staging.workers,
            lambda worker, share: worker.normalise(share, seeds, reference.sha256, advance),
            files,
            lambda path: path.stat().st_size,
        )
        staging.dismiss()
    else:
        normalise_files(files, reference, advance)


def normalise_alongside(batches: Iterable[T], staging: Staging, reference: Reference, seeds: Path) -> Iterator[T]:
    """Pass on what `batches` yields, and let another process normalise the received texts that it stages meanwhile.

    Raises what `normalise_texts` raises.
    """
    staging.hire(1)
    worker = staging.workers[0]

    def normalise(files: list[Path]) -> None:
        worker.normalise(files, seeds, reference.sha256, lambda _: None)

    with ThreadPoolExecutor(1) as pool:
        # The worker takes a file away when it is done with it, and gets the next files then.
        work: Future[None] = pool.submit(normalise, [])
        for batch in batches:
            if work.done():
                work.result()
                work = pool.submit(normalise, staging.files("received"))
            yield batch
        work.result()
    normalise(staging.files("received"))
    staging.dismiss()


def _parts(received: ArchivedDigest) -> Iterator[Part]:
    key, path, size = received.source_file_key, str(received.archived), received.bytes
    middle = None
    if size >= TWO_PARTS_FROM:
        with received.archived.open("rb") as file:
            file.seek(size // 2)
            end = digest.trailer_end(file.read(digest.MAX_ITEM_BYTES))
            middle = None if end is None else size // 2 + end
    if middle is None:
        yield Part(key, path, 0, 0, size, is_last=True)
        return
    yield Part(key, path, 0, 0, middle, is_last=False)
    yield Part(key, path, 1, middle, size, is_last=True)


def _share_out(
    workers: Sequence[Worker],
    work: Callable[[Worker, list[T]], list[R]],
    things: Iterable[T],
    size: Callable[[T], int],
) -> list[R]:
    """Let workers do shares of about the same size, at the same time; an error of one is raised when all have ended."""
    shares: list[list[T]] = [[] for _ in workers]
    sizes = [0] * len(workers)
    for thing in sorted(things, key=size, reverse=True):
        smallest = sizes.index(min(sizes))
        shares[smallest].append(thing)
        sizes[smallest] += size(thing)
    with ThreadPoolExecutor(len(workers)) as pool:
        return [result for results in pool.map(work, workers, shares) for result in results]
