"""A process that reads and normalises for another one.

Requests are lines of JSON on standard input, answers lines on standard output: `{"read": …}` with the counts of parts
that are read, at the end `{"done": n}` with the texts normalised, or `{"failed": "…"}` or `{"broken": "…"}` (a
contract). `{"staged": "…"}` asks which contents of a staged file of listings the warehouse has; their keys come back as
a line. `{"warned": "…"}` is for the log. It ends when its input does.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.errors import ContractBroken, PressError
from warehouse.portal.archive.warc import Stretch
from warehouse.project import PROJECT
from warehouse.reference.rows import Reference, load_reference
from warehouse.stage.batch import Known, Reader
from warehouse.stage.parts import Part, PartCounts
from warehouse.stage.texts import GROUP_BYTES, normalise_files, normalise_texts

log = logging.getLogger(__name__)


class Worker:
    """The other process, seen from the one that asks."""

    def __init__(self, seeds: Path, reference_sha256: str) -> None:
        """`seeds` is where the reference rows lie that it reads itself, and uses if they are those of this hash."""
        self._reference = {"seeds": str(seeds), "reference_sha256": reference_sha256}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "warehouse.stage.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "POLARS_MAX_THREADS": "1"},
        )

    def stage(
        self, parts: Sequence[Part], folder: Path, known: Known, take: Callable[[list[PartCounts]], object]
    ) -> int:
        """Read parts into `folder` and normalise their new texts, where there are enough; returns how many.

        `take` gets the counts of the parts as soon as they are read.
        """
        request = {"parts": [asdict(part) for part in parts], "folder": str(folder)}
        texts: int = self._ask(request, known, lambda counts: take([PartCounts(**row) for row in counts]))
        return texts

    def finish(self, folder: Path) -> int:
        """Normalise the texts that still wait for more; returns how many."""
        texts: int = self._ask({"folder": str(folder)})
        return texts

    def normalise(self, paths: Sequence[Path]) -> None:
        """`texts.normalise_files` in the other process."""
        self._ask({"paths": [str(path) for path in paths]})

    def read_attempts(self, folder: Path, stretch: Stretch, path: Path) -> None:
        """`answers.save_attempts` in the other process."""
        self._ask({"answers": str(folder), "stretch": stretch, "path": str(path)})

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.communicate()

    def _ask(
        self,
        request: dict[str, Any],
        known: Known = lambda _: (),
        take: Callable[[list[dict[str, Any]]], object] = lambda _: None,
    ) -> Any:
        process = self._process
        assert process.stdout is not None
        self._send(request | self._reference)
        for line in process.stdout:
            answer = json.loads(line)
            if "staged" in answer:
                self._send([*known(Path(answer["staged"]))])
            elif "read" in answer:
                take(answer["read"])
            elif "warned" in answer:
                log.warning("%s", answer["warned"])
            elif "failed" in answer:
                raise PressError(answer["failed"])
            elif "broken" in answer:
                raise ContractBroken(answer["broken"])
            else:
                return answer["done"]
        raise PressError(f"A process that read digests ended early, with {process.wait()}; load again.")

    def _send(self, message: object) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # It ended, and the answer that is waited for says so.


class _Stager:
    """Reads parts into staged files in `folder` and normalises their new texts, enough of them together."""

    def __init__(self, reference: Reference, folder: Path) -> None:
        self._reference, self._folder = reference, folder
        self._waiting: list[tuple[str, pl.DataFrame]] = []
        self._reader = Reader(reference.header_names, folder, _known, self._take)
        self._texts = 0

    def stage(self, parts: Sequence[Part]) -> int:
        """Read parts and say what is in them, then normalise; returns how many texts."""
        before = self._texts
        _write({"read": [asdict(counts) for counts in self._reader.read(parts)]})
        if sum(received.estimated_size() for _, received in self._waiting) >= GROUP_BYTES:
            self.normalise()
        return self._texts - before

    def normalise(self) -> int:
        """Normalise the texts that wait; returns how many."""
        if not self._waiting:
            return 0
        name, waiting = self._waiting[0][0], [received for _, received in self._waiting]
        self._waiting.clear()
        texts = normalise_texts(name, pl.concat(waiting), self._reference, self._folder)
        self._texts += texts
        return texts

    def _take(self, name: str, received: pl.DataFrame) -> None:
        # A part of many batches is an odd one: its texts cannot wait until it is read.
        if sum(waiting.estimated_size() for _, waiting in self._waiting) >= GROUP_BYTES:
            self.normalise()
        self._waiting.append((name, received))


def _answer(request: dict[str, Any], stagers: dict[str, _Stager]) -> int:
    reference = _reference(Path(request["seeds"]), request["reference_sha256"])
    if "paths" in request:
        normalise_files([Path(path) for path in request["paths"]], reference, lambda _: None)
        return 0
    if "stretch" in request:
        from warehouse.stage.answers import save_attempts  # digests need nothing of the portal

        stretch = Stretch(*request["stretch"])
        return save_attempts(Path(request["answers"]), stretch, Path(request["seeds"]), Path(request["path"]))
    folder = request["folder"]
    stager = stagers.get(folder) or stagers.setdefault(folder, _Stager(reference, Path(folder)))
    if "parts" in request:
        return stager.stage([Part(**part) for part in request["parts"]])
    return stager.normalise()


@lru_cache(maxsize=1)
def _reference(seeds: Path, sha256: str) -> Reference:
    reference = load_reference(seeds)
    if reference.sha256 != sha256:
        raise PressError(f"The reference files in {seeds} changed while they were used; load again.")
    return reference


def _write(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def _known(staged: Path) -> list[int]:
    """What the asking process knows of the contents of staged listings."""
    _write({"staged": str(staged)})
    known: list[int] = json.loads(sys.stdin.readline())
    return known


class _Log(logging.Handler):
    """Hands warnings on to the asking process, whose log they belong to."""

    def emit(self, record: logging.LogRecord) -> None:
        _write({"warned": record.getMessage()})


def main() -> None:
    """Answer requests until there are no more."""
    logging.getLogger("warehouse").addHandler(_Log(logging.WARNING))
    stagers: dict[str, _Stager] = {}
    while line := sys.stdin.readline():
        try:
            _write({"done": _answer(json.loads(line), stagers)})
        except ContractBroken as error:
            _write({"broken": str(error)})
        except (PressError, OSError) as error:
            _write({"failed": str(error)})


if __name__ == "__main__":
    main()
