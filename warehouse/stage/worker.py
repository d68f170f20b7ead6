"""A process that reads and normalises for another one.

Requests are lines of JSON on standard input, answers lines on standard output: `{"progress": n}` with how much more is
done, at the end `{"done": …}`, or `{"failed": "…"}` or `{"broken": "…"}` (a contract). It ends when its input does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from warehouse.errors import ContractBroken, PressError
from warehouse.project import PROJECT
from warehouse.reference.header_names import HeaderNames
from warehouse.reference.rows import Reference, load_reference
from warehouse.stage.parts import Advance, Part, PartCounts, normalise_files, read_parts


class Worker:
    """The other process, seen from the one that asks."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "warehouse.stage.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "POLARS_MAX_THREADS": "1"},
        )

    def read(self, parts: Sequence[Part], names: HeaderNames, folder: Path, advance: Advance) -> list[PartCounts]:
        """`parts.read_parts` in the other process."""
        request = {"do": "read", "parts": [asdict(part) for part in parts], "folder": str(folder)}
        counts = self._ask(
            {**request, "sites": sorted(names.sites), "sections": sorted(names.sections), "hosts": dict(names.hosts)},
            advance,
        )
        return [PartCounts(**row) for row in counts]

    def normalise(self, paths: Sequence[Path], seeds: Path, reference_sha256: str, advance: Advance) -> list[None]:
        """`parts.normalise_files` in the other process, which reads the reference rows itself."""
        request = {"do": "normalise", "paths": [str(path) for path in paths], "seeds": str(seeds)}
        self._ask({**request, "reference_sha256": reference_sha256}, advance)
        return []

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.communicate()

    def _ask(self, request: dict[str, Any], advance: Advance) -> Any:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            pass
        for line in process.stdout:
            answer = json.loads(line)
            if "progress" in answer:
                advance(answer["progress"])
            elif "failed" in answer:
                raise PressError(answer["failed"])
            elif "broken" in answer:
                raise ContractBroken(answer["broken"])
            else:
                return answer["done"]
        raise PressError(f"A process that read digests ended early, with {process.wait()}; load again.")


def _answer(request: dict[str, Any]) -> Any:
    def advance(more: int) -> None:
        _write({"progress": more})

    if request["do"] == "read":
        names = HeaderNames(frozenset(request["sites"]), frozenset(request["sections"]), request["hosts"])
        parts = [Part(**part) for part in request["parts"]]
        return [asdict(counts) for counts in read_parts(parts, names, Path(request["folder"]), advance)]
    reference = _reference(Path(request["seeds"]), request["reference_sha256"])
    normalise_files([Path(path) for path in request["paths"]], reference, advance)
    return None


@lru_cache(maxsize=1)
def _reference(seeds: Path, sha256: str) -> Reference:
    reference = load_reference(seeds)
    if reference.sha256 != sha256:
        raise PressError(f"The reference files in {seeds} changed while they were used; load again.")
    return reference


def _write(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    """Answer requests until there are no more."""
    for line in sys.stdin:
        try:
            _write({"done": _answer(json.loads(line))})
        except ContractBroken as error:
            _write({"broken": str(error)})
        except (PressError, OSError) as error:
            _write({"failed": str(error)})


if __name__ == "__main__":
    main()
