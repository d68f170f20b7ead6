"""Digests flow through processes: a share of them is read and normalised by each while the next ones still come in."""

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from warehouse.intake.receive import ArchivedDigest
from warehouse.stage.batch import BATCH_BYTES, Known
from warehouse.stage.parts import Part, PartCounts, cut
from warehouse.stage.worker import Worker


class Pipeline:
    """Workers that stage digests into `folder`, and what comes of each share of them, in the order they came.

    A share is as much as one worker reads and normalises at once: parts of a large digest, or many small ones.
    """

    def __init__(self, workers: list[Worker], folder: Path, known: Known) -> None:
        """`known` is asked by one worker at a time, from another thread."""
        self._workers, self._folder, self._known = [*workers], folder, known
        self._asking = Lock()
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in workers:
            self._idle.put(worker)
        self._pool = ThreadPoolExecutor(len(workers))
        self._share: list[Part] = []
        self._share_bytes = 0
        self._read: list[Future[list[PartCounts]]] = []
        self._normalised: list[Future[int]] = []
        self._is_ended = False

    def add(self, received: ArchivedDigest) -> None:
        """Take a digest on: its parts are staged as soon as a share is full and a worker is free."""
        for part in cut(received):
            if self._share_bytes + part.bytes > BATCH_BYTES:
                self._submit()
            self._share.append(part)
            self._share_bytes += part.bytes

    def counts(self) -> Iterator[list[PartCounts]]:
        """The counts of the parts of every share, as soon as it is read; no more digests come. Raises what failed."""
        self._submit()
        for read in self._read:
            yield read.result()

    def texts(self) -> Iterator[int]:
        """How many texts of each share were normalised, as soon as they are. Raises what failed."""
        for normalised in self._normalised:
            yield normalised.result()
        yield from self._pool.map(lambda worker: worker.finish(self._folder), self._workers)

    def end(self) -> None:
        """Start no more shares; those at work end with their workers."""
        self._is_ended = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self) -> None:
        if self._share and not self._is_ended:
            read: Future[list[PartCounts]] = Future()
            self._read.append(read)
            self._normalised.append(self._pool.submit(self._stage, self._share, read))
            self._share, self._share_bytes = [], 0

    def _stage(self, share: list[Part], read: Future[list[PartCounts]]) -> int:
        worker = self._idle.get()
        try:
            return worker.stage(share, self._folder, self._ask, read.set_result)
        except BaseException as error:
            # The worker may wait for an answer still, and would take the next share for it.
            self.end()
            if not read.done():
                read.set_exception(error)
            raise
        finally:
            self._idle.put(worker)

    def _ask(self, staged: Path) -> Collection[int]:
        with self._asking:
            return self._known(staged)
